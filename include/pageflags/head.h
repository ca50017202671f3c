/* SPDX-License-Identifier: GPL-2.0 */
/*
 * compound_head(): from any page of a compound page to its head, one small
 * function a generation. Each takes the page, its layout and the lowering, all
 * but the page constant at compile time.
 *
 * A choice that a formula makes is made by pf_choose(), which is where the
 * lowerings come from. The hint that the kernel gave is kept.
 */
#ifndef PAGEFLAGS_HEAD_H
#define PAGEFLAGS_HEAD_H

#include "pageflags/layout.h"

/*
 * Where a look-up can be held up: between two of its loads, or between it and
 * the flag that it was made for. pf_delay() is nothing here; a file that races
 * with the look-up defines it before it includes this one.
 */
enum pf_window {
	PF_WINDOW_NONE,
	PF_WINDOW_BEFORE,		/* in front of it all: every look-up has that */
	PF_WINDOW_FLAG_HEAD,	/* a tail was seen; its word not yet read */
	PF_WINDOW_HEAD_AGAIN,	/* its word was read; not yet tested again */
	PF_WINDOW_WORD_FLAG,	/* the word says no tail; PG_head not read */
	PF_WINDOW_FLAG_NEXT,	/* PG_head was seen; page[1] not yet read */
	PF_WINDOW_HEAD_FLAG,	/* the head is known; the flag not touched */
	PF_NR_WINDOWS
};

#ifndef pf_delay
#define pf_delay(window, page) do { } while (0)
#endif

enum pf_lowering {
	PF_AUTO,		/* as the compiler likes */
	PF_BRANCH,		/* a conditional branch */
	PF_SELECT,		/* cmov, csel, isel, locgr */
	PF_NR_LOWERINGS
};

/* @if_set when @word has any bit of @mask, else @if_clear. */
static __always_inline unsigned long
pf_choose(unsigned long word, unsigned int mask, unsigned long if_set,
	  unsigned long if_clear, enum pf_lowering how)
{
	if (how == PF_SELECT)
		return pf_select(word, mask, if_set, if_clear);
	if (unlikely(word & mask)) {
		if (how == PF_BRANCH)
			pf_keep_branch();
		return if_set;
	}
	return if_clear;
}

static __always_inline unsigned long pf_flags(const struct pf_page *page)
{
	return *(const volatile unsigned long *)&page->flags;
}

/* d85f33855c30 "Make page->private usable in compound pages", v2.6.22 */
static __always_inline unsigned long
pf_head_v2_6_22_twobit(const struct pf_page *page, const struct pf_layout *l,
		       enum pf_lowering how)
{
	const unsigned int both = 1U << l->head | 1U << l->tail;
	unsigned long flags = pf_flags(page);

	/* a page that lacks either bit is no tail */
	if (how == PF_SELECT)
		return pf_select(~flags, both, (unsigned long)page,
				 page->word[l->word]);
	if (unlikely((flags & both) == both)) {
		if (how == PF_BRANCH)
			pf_keep_branch();
		pf_delay(PF_WINDOW_FLAG_HEAD, page);
		return page->word[l->word];
	}
	return (unsigned long)page;
}

/* e20b8cca760e, v2.6.26: a bit of its own for tails */
static __always_inline unsigned long
pf_head_v2_6_26_bit(const struct pf_page *page, const struct pf_layout *l,
		    enum pf_lowering how)
{
	unsigned long flags = pf_flags(page);

	if (how == PF_SELECT)
		return pf_select(flags, 1U << l->tail, page->word[l->word],
				 (unsigned long)page);
	if (unlikely(flags & 1U << l->tail)) {
		if (how == PF_BRANCH)
			pf_keep_branch();
		pf_delay(PF_WINDOW_FLAG_HEAD, page);
		return page->word[l->word];
	}
	return (unsigned long)page;
}

/*
 * 668f9abbd433 "mm: close PageTail race", v3.14: the tail may be torn off
 * between the test and the load, so test again, after a barrier that pairs
 * with the writer's smp_wmb(). The forced select is that of the 2015 listing:
 * the first test guards the load, the second one selects.
 */
static __always_inline unsigned long
pf_head_v3_14_rmb(const struct pf_page *page, const struct pf_layout *l,
		  enum pf_lowering how)
{
	unsigned long head;

	if (unlikely(pf_flags(page) & 1U << l->tail)) {
		if (how != PF_AUTO)
			pf_keep_branch();
		pf_delay(PF_WINDOW_FLAG_HEAD, page);
		head = page->word[l->word];
		pf_delay(PF_WINDOW_HEAD_AGAIN, page);
		smp_rmb();
		if (how == PF_SELECT)
			return pf_select(pf_flags(page), 1U << l->tail, head,
					 (unsigned long)page);
		if (likely(pf_flags(page) & 1U << l->tail)) {
			if (how == PF_BRANCH)
				pf_keep_branch();
			return head;
		}
	}
	return (unsigned long)page;
}

/* 1d798ca3f164 "mm: make compound_head() robust", v4.4: one load decides */
static __always_inline unsigned long
pf_head_v4_4_word(const struct pf_page *page, const struct pf_layout *l,
		  enum pf_lowering how)
{
	unsigned long word = READ_ONCE(page->word[l->word]);

	return pf_choose(word, 1, word - 1, (unsigned long)page, how);
}

/*
 * page_fixed_fake_head(), v5.18: with the vmemmap of hugetlb pages optimised
 * (HVO), whole pages of tails are mapped to the first one, so that what looks
 * like a head at the start of one of them may be a fake.
 */
static __always_inline unsigned long
pf_fixed_fake_head(const struct pf_page *page, const struct pf_layout *l,
		   enum pf_lowering how, bool hvo)
{
	unsigned long word;

	if (!pf_static_key(hvo))
		return (unsigned long)page;
	pf_delay(PF_WINDOW_WORD_FLAG, page);
	/* only a head has a page[1] that may be read */
	if (((unsigned long)page & (PF_PAGE_SIZE - 1)) == 0 &&
	    test_bit(l->head, &page->flags)) {
		pf_delay(PF_WINDOW_FLAG_NEXT, page);
		word = READ_ONCE(page[1].word[l->word]);
		if (likely(word & 1)) {
			if (how == PF_BRANCH)
				pf_keep_branch();
			return word - 1;
		}
	}
	return (unsigned long)page;
}

static __always_inline unsigned long
pf_head_fakehead(const struct pf_page *page, const struct pf_layout *l,
		 enum pf_lowering how, bool hvo)
{
	unsigned long word = READ_ONCE(page->word[l->word]);

	/* a select has both its values ready: the key is looked at first */
	if (how == PF_SELECT)
		return pf_select(word, 1, word - 1,
				 pf_fixed_fake_head(page, l, how, hvo));
	if (unlikely(word & 1)) {
		if (how == PF_BRANCH)
			pf_keep_branch();
		return word - 1;
	}
	return pf_fixed_fake_head(page, l, how, hvo);
}

/* v5.18 to v7.0; hugetlb_optimize_vmemmap_key off */
static __always_inline unsigned long
pf_head_v5_18_fakehead(const struct pf_page *page, const struct pf_layout *l,
		       enum pf_lowering how)
{
	return pf_head_fakehead(page, l, how, false);
}

/* the same with the key on */
static __always_inline unsigned long
pf_head_v5_18_fakehead_hvo(const struct pf_page *page,
			   const struct pf_layout *l, enum pf_lowering how)
{
	return pf_head_fakehead(page, l, how, true);
}

/* 8c846c879e22 and "mm: Remove the branch from compound_head()", v7.1 */
static __always_inline unsigned long
pf_head_v7_1_mask(const struct pf_page *page, const struct pf_layout *l,
		  enum pf_lowering how)
{
	unsigned long info = READ_ONCE(page->word[l->word]);
	unsigned long mask;

	mask = (info & 1) - 1;	/* all ones for what is no tail */
	mask |= info;
	return (unsigned long)page & mask;
}

/* the first postings of the v7.1 series, December 2025: never merged */
static __always_inline unsigned long
pf_head_mask_branch(const struct pf_page *page, const struct pf_layout *l,
		    enum pf_lowering how)
{
	unsigned long info = READ_ONCE(page->word[l->word]);

	return pf_choose(info, 1, (unsigned long)page & info,
			 (unsigned long)page, how);
}

/*
 * Andrea Arcangeli's review of 1d798ca3f164, September 2015: never merged.
 * The memmap starts at a multiple of the largest order, so the low bits of the
 * pfn are those of the page's place in it.
 */
static __always_inline unsigned long
pf_head_order_in_flags(const struct pf_page *page, const struct pf_layout *l,
		       enum pf_lowering how)
{
	unsigned int order = pf_flags(page) >> l->tail & 15;
	unsigned long pfn = (unsigned long)page >> PF_PAGE_SHIFT;

	return (unsigned long)(page - (pfn & ((1UL << order) - 1)));
}

/* generations without a look-up of their own */
static __always_inline unsigned long
pf_head_plain(const struct pf_page *page, const struct pf_layout *l,
	      enum pf_lowering how)
{
	return (unsigned long)page;
}
#define pf_head_primitive pf_head_plain

/*
 * For the instrument's own test: v4.4-word under another name, and the same
 * with one dependent instruction more.
 */
#define pf_head_selftest_same pf_head_v4_4_word
static __always_inline unsigned long
pf_head_selftest_plus1(const struct pf_page *page, const struct pf_layout *l,
		       enum pf_lowering how)
{
	return pf_add_zero(pf_head_v4_4_word(page, l, how));
}

#endif
