/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The stores that make and split a compound page, with the barriers that the
 * kernels of a generation had between them. The caller provides the readers
 * and any delay.
 *
 * @l and @since belong to a generation. @l is passed by value: cbmc, which
 * proves the look-ups against these stores, then sees constants.
 */
#ifndef PAGEFLAGS_MARK_H
#define PAGEFLAGS_MARK_H

#include "pageflags/catalog.h"

/* The folio of @page becomes the one whose first page is @head. */
static inline void pf_mark_folio(struct pf_layout l, struct pf_page *page,
				 struct pf_page *head)
{
	WRITE_ONCE(*pf_word(page, &l),
		   (unsigned long)pf_folio(head, &l) | PF_MEMDESC_FILE);
}

static inline void pf_mark_head(struct pf_layout l, struct pf_page *head,
				unsigned int order)
{
	unsigned long mark = 1UL << l.head;

	/* "PG_head will no longer exist" */
	if (l.marking == PF_MARK_MEMDESC)
		return;
	if (l.marking == PF_MARK_ORDER)
		mark |= (unsigned long)order << l.tail;
	WRITE_ONCE(head->flags, head->flags | mark);
}

static inline void pf_unmark_head(struct pf_layout l, struct pf_page *head)
{
	unsigned long mark = 1UL << l.head;

	if (l.marking == PF_MARK_MEMDESC)
		return;
	if (l.marking == PF_MARK_ORDER)
		mark |= 15UL << l.tail;
	WRITE_ONCE(head->flags, head->flags & ~mark);
}

/*
 * PG_tail before first_page until v3.14; 668f9abbd433 reversed the order and
 * added a barrier; one word since 1d798ca3f164 (v4.4).
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
	case PF_MARK_MEMDESC:
		pf_mark_folio(l, page, head);
		break;
	}
}

/*
 * From v2.6.38 on, __split_huge_page_refcount() had a barrier between clearing
 * PG_tail and the next store to first_page. __ClearPageTail() had none.
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
	case PF_MARK_MEMDESC:
		pf_mark_folio(l, page, page);
		break;
	}
}

/**
 * pf_split_nth() - the page that a split unmarks as @nth
 *
 * prep_compound_page() began with the head in all generations, and
 * destroy_compound_page() too. A split of a huge page unmarks "PageTail before
 * PageHead" since v2.6.38, and starts at the last tail since v3.3 ("thp:
 * improve order in lru list for split huge page").
 *
 * Return: the page's number in the compound page; 0 is the head.
 */
static inline unsigned int pf_split_nth(struct pf_layout l, unsigned int nth,
					unsigned int order)
{
	return l.marking == PF_MARK_TWOBIT ? nth : (1U << order) - 1 - nth;
}

#endif
