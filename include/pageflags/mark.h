/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How a compound page is made and split: its marks, store by store, with the
 * barriers that the kernel of each time had between them. What looks heads up
 * meanwhile, and what comes in between, is the caller's.
 *
 * @l and @since are those of a generation; @l by value, so that cbmc, which
 * proves what looks up meanwhile, takes constants for constants.
 */
#ifndef PAGEFLAGS_MARK_H
#define PAGEFLAGS_MARK_H

#include "pageflags/catalog.h"

static inline void pf_mark_head(struct pf_layout l, struct pf_page *head,
				unsigned int order)
{
	unsigned long mark = 1UL << l.head;

	if (l.marking == PF_MARK_ORDER)
		mark |= (unsigned long)order << l.tail;
	WRITE_ONCE(head->flags, head->flags | mark);
}

static inline void pf_unmark_head(struct pf_layout l, struct pf_page *head)
{
	unsigned long mark = 1UL << l.head;

	if (l.marking == PF_MARK_ORDER)
		mark |= 15UL << l.tail;
	WRITE_ONCE(head->flags, head->flags & ~mark);
}

/*
 * First PG_tail, then first_page, until 668f9abbd433 (v3.14) turned that round,
 * with a barrier; one word since 1d798ca3f164 (v4.4).
 */
static inline void pf_mark_tail(struct pf_layout l, int since,
				struct pf_page *page, struct pf_page *head,
				unsigned int order)
{
	unsigned long mark = 1UL << l.tail;

	switch (l.marking) {
	case PF_MARK_TWOBIT:
		mark |= 1UL << l.head;
		fallthrough;
	case PF_MARK_BIT:
		if (since >= PF_KV(3, 14, 0)) {
			WRITE_ONCE(page->word[l.word], (unsigned long)head);
			smp_wmb();
			WRITE_ONCE(page->flags, page->flags | mark);
		} else {
			WRITE_ONCE(page->flags, page->flags | mark);
			WRITE_ONCE(page->word[l.word], (unsigned long)head);
		}
		break;
	case PF_MARK_WORD:
		WRITE_ONCE(page->word[l.word], (unsigned long)head | 1);
		break;
	case PF_MARK_MASK:
		WRITE_ONCE(page->word[l.word],
			   ~0UL << (order + PF_PAGE_SHIFT) | 1);
		break;
	case PF_MARK_ORDER:
		WRITE_ONCE(page->flags, page->flags |
			   (unsigned long)order << l.tail);
		break;
	}
}

/*
 * __split_huge_page_refcount() had a barrier between PG_tail and what goes into
 * first_page next, from v2.6.38 on; __ClearPageTail() before that had none.
 */
static inline void pf_unmark_tail(struct pf_layout l, struct pf_page *page)
{
	switch (l.marking) {
	case PF_MARK_TWOBIT:
		WRITE_ONCE(page->flags, page->flags &
			   ~(1UL << l.head | 1UL << l.tail));
		break;
	case PF_MARK_BIT:
		WRITE_ONCE(page->flags, page->flags & ~(1UL << l.tail));
		smp_wmb();
		break;
	case PF_MARK_WORD:
	case PF_MARK_MASK:
		WRITE_ONCE(page->word[l.word], 0);
		break;
	case PF_MARK_ORDER:
		WRITE_ONCE(page->flags, page->flags & ~(15UL << l.tail));
		break;
	}
}

/*
 * pf_split_nth() - which page of a compound page a split unmarks as @nth of all
 *
 * prep_compound_page() begins with the head in all generations. So did
 * destroy_compound_page(); a huge page is split with "PageTail before PageHead"
 * since v2.6.38, from its last tail on since v3.3 ("thp: improve order in lru
 * list for split huge page").
 *
 * Return: its number, 0 for the head.
 */
static inline unsigned int pf_split_nth(struct pf_layout l, unsigned int nth,
					unsigned int order)
{
	return l.marking == PF_MARK_TWOBIT ? nth : (1U << order) - 1 - nth;
}

#endif
