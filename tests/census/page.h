/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Accessors to be counted: own code in the shapes of several kernels. Each
 * reads memory that may change, so that no compiler leaves one out, merges two
 * or finds one that takes no instruction of its own.
 */
struct page {
	unsigned long flags;
	unsigned long head;	/* of a tail: its head, plus one */
	int references;
};

#define READ(x)	(*(const volatile __typeof__(x) *)&(x))
#define accessor static inline __attribute__((always_inline))

#define LOCKED 1
#define DIRTY 2
#define TAIL 4

/* v6.12: two look-ups, one in the other */
accessor struct page *_compound_head(const struct page *page)
{
	unsigned long head = READ(page->head);

	if (head & 1)
		return (struct page *)(head - 1);
	return (struct page *)page;
}
#define compound_head(page) _compound_head(page)

accessor struct page *page_folio(struct page *page)
{
	if (!READ(page->flags))
		return page;
	return _compound_head(page);
}

/* v4.2: a look-up whose rare half is another, with an accessor in each */
accessor int PageTail(const struct page *page)
{
	unsigned long flags = READ(page->flags);

	/* a test may become part of the jump outside; this does not */
	READ(page->references);
	return !!(flags & TAIL);
}

accessor struct page *compound_head_by_tail(const struct page *tail)
{
	struct page *head = (struct page *)READ(tail->head);

	if (PageTail(tail))
		return head;
	return (struct page *)tail;
}

accessor struct page *compound_head_fast(struct page *page)
{
	if (__builtin_expect(PageTail(page), 0))
		return compound_head_by_tail(page);
	return page;
}

/* what hides them */
accessor int PageLocked(const struct page *page)
{
	return !!(READ(compound_head(page)->flags) & LOCKED);
}

accessor void SetPageDirty(struct page *page)
{
	struct page *head = compound_head(page);

	*(volatile unsigned long *)&head->flags |= DIRTY;
}

accessor int folio_test_dirty(const struct page *folio)
{
	return !!(READ(folio->flags) & DIRTY);
}

accessor void put_page(struct page *page)
{
	struct page *folio = page_folio(page);

	*(volatile int *)&folio->references -= 1;
}

/* nothing, in this configuration */
accessor int PageTransCompound(const struct page *page)
{
	return 0;
}

/* no accessor, but two of them are in it */
accessor void release(struct page *page)
{
	if (!PageLocked(page))
		put_page(page);
}

void waited(struct page *page) __attribute__((cold));
extern int (*tester)(const struct page *page);
