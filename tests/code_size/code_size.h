/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Declarations for the units of this directory: the accessors by their names in
 * the kernel, for the generation PF_STAMP_GEN, and stubs for the parts of mm/
 * that the units call. scripts/code-size compiles the units and measures their
 * size; the code never runs.
 *
 * All generations compile the same source, modelled on mm/ as of 2015, in which
 * callers hold pages, not folios. Accessors that were removed since, such as
 * PageActive(), are built for the later generations too.
 */
#ifndef CODE_SIZE_H
#define CODE_SIZE_H

#include "pageflags/accessor.h"

/* The look-ups that a generation is compiled with */
#define CODE_SIZE_NONE 0	/* none: struct page and bit numbers only */
#define CODE_SIZE_EXPLICIT 1	/* where a caller calls compound_head() */
#define CODE_SIZE_ALL 2		/* and those hidden in accessors of its era */

#define CODE_SIZE_PASTE_(a, b) a##b
#define CODE_SIZE_PASTE(a, b) CODE_SIZE_PASTE_(a, b)
#define CODE_SIZE_GEN(prefix) CODE_SIZE_PASTE(prefix, PF_STAMP_GEN)

#define CODE_SIZE_LOOKS_UP(policy) \
	(CODE_SIZE_GEN(PF_LOOKUP_OF_) != (int)PF_LOOKUP_NONE && \
	 PF_LOOKS_UP(policy, CODE_SIZE_GEN(PF_ERA_OF_)) && \
	 CODE_SIZE_LOOKUPS >= ((policy) == PF_POLICY_LOOKUP ? \
			    CODE_SIZE_EXPLICIT : CODE_SIZE_ALL))

/*
 * The layout of v5.18 for all generations, except for the flags and the word
 * with the head: only flags and look-ups may differ.
 */
struct list_head {
	struct list_head *next, *prev;
};

struct page {
	unsigned long flags;
	struct list_head lru;
	struct address_space *mapping;
	unsigned long index;
	unsigned long private;
	int mapcount, refcount;
	void *memcg;
} __attribute__((aligned(64)));

/* Each use leaves one letter: H hidden look-up, E explicit look-up, N none. */
#define CODE_SIZE_ACCESSOR(acc, kind, flag, policy, since, until) \
enum { \
	code_size_mark_##acc = !CODE_SIZE_LOOKS_UP(PF_POLICY_##policy) ? 'N' : \
		PF_POLICY_##policy == PF_POLICY_LOOKUP ? 'E' : 'H', \
}; \
static __always_inline unsigned long code_size_##acc(struct page *page) \
{ \
	const struct pf_layout *l = \
		&pf_layouts[pf_generations[CODE_SIZE_GEN(PF_GEN_)].layout]; \
	\
	return pf_do((struct pf_page *)page, PF_##kind, \
		     CODE_SIZE_LOOKS_UP(PF_POLICY_##policy) ? \
		     PF_POLICY_##policy : PF_POLICY_ANY, l->flag, \
		     CODE_SIZE_GEN(PF_GEN_), PF_AUTO, false); \
}
PF_PAGE_ACCESSORS(CODE_SIZE_ACCESSOR)
PF_PAGE_ACCESSORS_V5_11(CODE_SIZE_ACCESSOR)
PF_PAGE_ACCESSORS_TO_V6_12(CODE_SIZE_ACCESSOR)
PF_PAGE_ACCESSORS_BUILT(CODE_SIZE_ACCESSOR)

/* The letters are not in .text; the compiler can neither copy nor drop them. */
#define USE(acc, p) ({ \
	static const char code_size_mark \
	__attribute__((__used__, __section__(".code_size"))) = \
		code_size_mark_##acc; \
	\
	code_size_##acc(p); \
})

#define PageLocked(p)		USE(PageLocked, p)
#define PageDirty(p)		USE(PageDirty, p)
#define PageUptodate(p)		USE(PageUptodate, p)
#define PageLRU(p)		USE(PageLRU, p)
#define PageWriteback(p)	USE(PageWriteback, p)
#define PageReferenced(p)	USE(PageReferenced, p)
#define PageActive(p)		USE(PageActive, p)
#define SetPageDirty(p)		USE(SetPageDirty, p)
#define SetPageUptodate(p)	USE(SetPageUptodate, p)
#define SetPageReferenced(p)	USE(SetPageReferenced, p)
#define SetPageActive(p)	USE(SetPageActive, p)
#define ClearPageDirty(p)	USE(ClearPageDirty, p)
#define ClearPageUptodate(p)	USE(ClearPageUptodate, p)
#define ClearPageReferenced(p)	USE(ClearPageReferenced, p)
#define ClearPageActive(p)	USE(ClearPageActive, p)
#define TestSetPageDirty(p)	USE(TestSetPageDirty, p)
#define TestClearPageDirty(p)	USE(TestClearPageDirty, p)
#define TestClearPageLRU(p)	USE(TestClearPageLRU, p)
#define TestSetPageLRU(p)	USE(TestSetPageLRU, p)
#define trylock_page(p)		USE(trylock_page, p)
#define compound_head(p)	((struct page *)USE(compound_head, p))

/* These functions are inline in mm/, so each call is a use. */
#define lock_page(p) do { \
	if (!trylock_page(p)) \
		__lock_page(p); \
} while (0)
#define wait_on_page_locked(p) do { \
	if (PageLocked(p)) \
		wait_on_page_bit(p); \
} while (0)
#define wait_on_page_writeback(p) do { \
	if (PageWriteback(p)) \
		wait_on_page_bit(p); \
} while (0)

/* As up to 2.6.37 and from v4.5; the releases between tested PageTail(). */
#define page_count(p)		READ_ONCE(compound_head(p)->refcount)
#define get_page(p)		ref_inc(compound_head(p))
#define get_page_unless_zero(p)	ref_inc_not_zero(compound_head(p))
#define put_page(p)		ref_put(compound_head(p))

void __lock_page(struct page *page);
void wait_on_page_bit(struct page *page);
void __put_page(struct page *page);
__attribute__((__cold__)) void bad_page(struct page *page, const char *why);

static __always_inline void ref_inc(struct page *head)
{
	__atomic_fetch_add(&head->refcount, 1, __ATOMIC_RELAXED);
}

static __always_inline bool ref_inc_not_zero(struct page *head)
{
	int old = READ_ONCE(head->refcount);

	do {
		if (!old)
			return false;
	} while (!__atomic_compare_exchange_n(&head->refcount, &old, old + 1,
					      false, __ATOMIC_SEQ_CST,
					      __ATOMIC_RELAXED));
	return true;
}

static __always_inline void ref_put(struct page *head)
{
	if (!__atomic_sub_fetch(&head->refcount, 1, __ATOMIC_SEQ_CST))
		__put_page(head);
}

/* stubs for the rest of mm/ */
typedef struct { int locked; } spinlock_t;

void spin_lock(spinlock_t *lock);
void spin_unlock(spinlock_t *lock);
void cond_resched(void);

struct address_space;
struct a_ops {
	int (*readpage)(struct page *page);
	int (*writepage)(struct page *page);
	int (*releasepage)(struct page *page);
	int (*set_page_dirty)(struct page *page);
	int (*migratepage)(struct address_space *mapping, struct page *newpage,
			   struct page *page);
};

struct address_space {
	spinlock_t tree_lock;
	unsigned long nr, nrpages, nrdirty;
	struct page **slots;	/* index to page; mm/ has a tree */
	const struct a_ops *a_ops;
};

#define PAGEVEC_SIZE 14

struct pagevec {
	unsigned int nr;
	struct page *pages[PAGEVEC_SIZE];
};

enum lru_list { LRU_INACTIVE, LRU_ACTIVE, NR_LRU_LISTS };

struct lruvec {
	spinlock_t lock;
	struct list_head lists[NR_LRU_LISTS];
	unsigned long nr[NR_LRU_LISTS];
};

struct lruvec *page_lruvec(struct page *page);

struct page *find_get_page(struct address_space *mapping, unsigned long index);
unsigned int find_get_pages(struct address_space *mapping, unsigned long *index,
			    unsigned int nr, struct page **pages);
void unlock_page(struct page *page);
void mark_page_accessed(struct page *page);
void release_pages(struct page **pages, int nr);
int set_page_dirty(struct page *page);
int clear_page_dirty_for_io(struct page *page);
int isolate_lru_page(struct page *page);
void putback_lru_page(struct page *page);
int page_referenced(struct page *page);
int try_to_unmap(struct page *page);

#define page_of(entry) \
	((struct page *)((char *)(entry) - offsetof(struct page, lru)))

static __always_inline bool list_empty(const struct list_head *list)
{
	return READ_ONCE(list->next) == list;
}

static __always_inline void list_add(struct list_head *entry,
				     struct list_head *list)
{
	entry->next = list->next;
	entry->prev = list;
	list->next->prev = entry;
	WRITE_ONCE(list->next, entry);
}

static __always_inline void list_del(struct list_head *entry)
{
	entry->next->prev = entry->prev;
	WRITE_ONCE(entry->prev->next, entry->next);
}

static __always_inline void list_move(struct list_head *entry,
				      struct list_head *list)
{
	list_del(entry);
	list_add(entry, list);
}

static __always_inline void add_page_to_lru(struct page *page,
					    struct lruvec *lruvec,
					    enum lru_list lru)
{
	lruvec->nr[lru]++;
	list_add(&page->lru, &lruvec->lists[lru]);
}

static __always_inline void del_page_from_lru(struct page *page,
					      struct lruvec *lruvec,
					      enum lru_list lru)
{
	lruvec->nr[lru]--;
	list_del(&page->lru);
}

#endif
