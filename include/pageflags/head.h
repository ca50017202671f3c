/* SPDX-License-Identifier: GPL-2.0 */
/*
 * compound_head(), one function per generation: from any page of a compound
 * page to its head. The layout and the lowering are compile-time constants.
 *
 * pf_choose() compiles a choice as the lowering says. The likely() and
 * unlikely() hints are those of the kernel.
 */
#ifndef PAGEFLAGS_HEAD_H
#define PAGEFLAGS_HEAD_H

#include "pageflags/layout.h"

/*
 * The windows of a look-up, in which another CPU can change the page: between
 * two loads, or between the look-up and the flag. pf_delay() is empty by
 * default; a file that delays look-ups there defines it before including this
 * header.
 */
enum pf_window {
	PF_WINDOW_NONE,
	PF_WINDOW_BEFORE,	/* before the first load, in every look-up */
	PF_WINDOW_FLAG_HEAD,	/* from the tail test to the load of the word */
	PF_WINDOW_HEAD_AGAIN,	/* from the load to the second tail test */
	PF_WINDOW_WORD_FLAG,	/* from the word (no tail) to PG_head */
	PF_WINDOW_FLAG_NEXT,	/* from PG_head to the word of page[1] */
	PF_WINDOW_HEAD_FLAG,	/* from the look-up to the accessor's flag */
	PF_NR_WINDOWS
};

#ifndef pf_delay
#define pf_delay(window, page) do { } while (0)
#endif

enum pf_lowering {
	PF_AUTO,		/* the compiler's choice */
	PF_BRANCH,		/* a conditional branch */
	PF_SELECT,		/* cmov, csel, isel, locgr */
	PF_NR_LOWERINGS
};

/* Return: @if_set if @word has any bit of @mask, else @if_clear. */
static __always_inline unsigned long
pf_choose(unsigned long word, unsigned int mask, unsigned long if_set,
	  unsigned long if_clear, enum pf_lowering lowering)
{
	if (lowering == PF_SELECT)
		return pf_select(word, mask, if_set, if_clear);
	if (unlikely(word & mask)) {
		if (lowering == PF_BRANCH)
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
		       enum pf_lowering lowering)
{
	const unsigned int both = 1U << l->head | 1U << l->tail;
	unsigned long flags = pf_flags(page);

	/* ~flags has a bit of both unless the page is a tail */
	if (lowering == PF_SELECT)
		return pf_select(~flags, both, (unsigned long)page,
				 page->word[l->word]);
	if (unlikely((flags & both) == both)) {
		if (lowering == PF_BRANCH)
			pf_keep_branch();
		pf_delay(PF_WINDOW_FLAG_HEAD, page);
		return page->word[l->word];
	}
	return (unsigned long)page;
}

/* e20b8cca760e, v2.6.26: PG_tail, a bit for tails alone */
static __always_inline unsigned long
pf_head_v2_6_26_bit(const struct pf_page *page, const struct pf_layout *l,
		    enum pf_lowering lowering)
{
	unsigned long flags = pf_flags(page);

	if (lowering == PF_SELECT)
		return pf_select(flags, 1U << l->tail, page->word[l->word],
				 (unsigned long)page);
	if (unlikely(flags & 1U << l->tail)) {
		if (lowering == PF_BRANCH)
			pf_keep_branch();
		pf_delay(PF_WINDOW_FLAG_HEAD, page);
		return page->word[l->word];
	}
	return (unsigned long)page;
}

/*
 * 668f9abbd433 "mm: close PageTail race", v3.14: a split may come between the
 * test and the load, so test again, after a barrier that pairs with the
 * writer's smp_wmb(). The forced select is the one of the 2015 listing: the
 * first test guards the load, the second test selects.
 */
static __always_inline unsigned long
pf_head_v3_14_rmb(const struct pf_page *page, const struct pf_layout *l,
		  enum pf_lowering lowering)
{
	unsigned long head;

	if (unlikely(pf_flags(page) & 1U << l->tail)) {
		if (lowering != PF_AUTO)
			pf_keep_branch();
		pf_delay(PF_WINDOW_FLAG_HEAD, page);
		head = page->word[l->word];
		pf_delay(PF_WINDOW_HEAD_AGAIN, page);
		smp_rmb();
		if (lowering == PF_SELECT)
			return pf_select(pf_flags(page), 1U << l->tail, head,
					 (unsigned long)page);
		if (likely(pf_flags(page) & 1U << l->tail)) {
			if (lowering == PF_BRANCH)
				pf_keep_branch();
			return head;
		}
	}
	return (unsigned long)page;
}

/* 1d798ca3f164 "mm: make compound_head() robust", v4.4: one load decides */
static __always_inline unsigned long
pf_head_v4_4_word(const struct pf_page *page, const struct pf_layout *l,
		  enum pf_lowering lowering)
{
	unsigned long word = READ_ONCE(page->word[l->word]);

	return pf_choose(word, 1, word - 1, (unsigned long)page, lowering);
}

/*
 * page_fixed_fake_head(), e7d324850bfc, v5.18: HVO maps the memory pages that
 * hold a hugetlb page's tails to the memory page that holds its head, so the
 * first struct page of each looks like a head: a fake head. From 8c846c879e22
 * on the word of page[1] is a mask.
 */
static __always_inline unsigned long
pf_fixed_fake_head(const struct pf_page *page, const struct pf_layout *l,
		   enum pf_lowering lowering, bool hvo)
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
			if (lowering == PF_BRANCH)
				pf_keep_branch();
			return l->marking == PF_MARK_MASK ?
				(unsigned long)page & word : word - 1;
		}
	}
	return (unsigned long)page;
}

static __always_inline unsigned long
pf_head_fakehead(const struct pf_page *page, const struct pf_layout *l,
		 enum pf_lowering lowering, bool hvo)
{
	unsigned long word = READ_ONCE(page->word[l->word]);

	/* a select needs both values: the key is tested first */
	if (lowering == PF_SELECT)
		return pf_select(word, 1, word - 1,
				 pf_fixed_fake_head(page, l, lowering, hvo));
	if (unlikely(word & 1)) {
		if (lowering == PF_BRANCH)
			pf_keep_branch();
		return word - 1;
	}
	return pf_fixed_fake_head(page, l, lowering, hvo);
}

/* v5.18 to v7.0; hugetlb_optimize_vmemmap_key off */
static __always_inline unsigned long
pf_head_v5_18_fakehead(const struct pf_page *page, const struct pf_layout *l,
		       enum pf_lowering lowering)
{
	return pf_head_fakehead(page, l, lowering, false);
}

/* v5.18 to v7.0; hugetlb_optimize_vmemmap_key on */
static __always_inline unsigned long
pf_head_v5_18_fakehead_hvo(const struct pf_page *page,
			   const struct pf_layout *l, enum pf_lowering lowering)
{
	return pf_head_fakehead(page, l, lowering, true);
}

/* 66b2a3d9ae46 "mm: remove the branch from compound_head()", v7.1 with HVO */
static __always_inline unsigned long
pf_head_v7_1_mask(const struct pf_page *page, const struct pf_layout *l,
		  enum pf_lowering lowering)
{
	unsigned long info = READ_ONCE(page->word[l->word]);
	unsigned long mask;

	mask = (info & 1) - 1;	/* all ones unless the page is a tail */
	mask |= info;
	return (unsigned long)page & mask;
}

/*
 * 8c846c879e22 "mm: rework compound_head() for power-of-2 sizeof(struct page)"
 * removed the unlikely(). Without HVO the word is still a pointer, and v7.1 has
 * this look-up, before and after 66b2a3d9ae46.
 */
static __always_inline unsigned long
pf_head_v7_1_pointer(const struct pf_page *page, const struct pf_layout *l,
		     enum pf_lowering lowering)
{
	unsigned long info = READ_ONCE(page->word[l->word]);

	if (lowering == PF_SELECT)
		return pf_select(info, 1, info - 1, (unsigned long)page);
	if (info & 1) {
		if (lowering == PF_BRANCH)
			pf_keep_branch();
		return info - 1;
	}
	return (unsigned long)page;
}

/* 8c846c879e22 with HVO: the mask, and the test for fake heads */
static __always_inline unsigned long
pf_head_v7_1_mask_fakehead(const struct pf_page *page,
			   const struct pf_layout *l, enum pf_lowering lowering)
{
	unsigned long info = READ_ONCE(page->word[l->word]);

	if (lowering == PF_SELECT)
		return pf_select(info, 1, (unsigned long)page & info,
				 pf_fixed_fake_head(page, l, lowering, false));
	if (!(info & 1))
		return pf_fixed_fake_head(page, l, lowering, false);
	if (lowering == PF_BRANCH)
		pf_keep_branch();
	return (unsigned long)page & info;
}

/*
 * 32c440d67e6c "mm: drop fake head checks" with HVO, until 66b2a3d9ae46: in no
 * release
 */
static __always_inline unsigned long
pf_head_mask_branch(const struct pf_page *page, const struct pf_layout *l,
		    enum pf_lowering lowering)
{
	unsigned long info = READ_ONCE(page->word[l->word]);

	if (lowering == PF_SELECT)
		return pf_select(info, 1, (unsigned long)page & info,
				 (unsigned long)page);
	if (!(info & 1))
		return (unsigned long)page;
	if (lowering == PF_BRANCH)
		pf_keep_branch();
	return (unsigned long)page & info;
}

/*
 * Andrea Arcangeli's review of 1d798ca3f164, September 2015: not merged. The
 * memmap is aligned to the largest order, so the low bits of the pfn are the
 * page's position in its compound page.
 */
static __always_inline unsigned long
pf_head_order_in_flags(const struct pf_page *page, const struct pf_layout *l,
		       enum pf_lowering lowering)
{
	unsigned int order = pf_flags(page) >> l->tail & 15;
	unsigned long pfn = (unsigned long)page >> PF_PAGE_SHIFT;

	return (unsigned long)(page - (pfn & ((1UL << order) - 1)));
}

/*
 * Matthew Wilcox, 8 January 2025, "page_folio() is going to return NULL if the
 * page does not belong to a folio" (Z37pxbkHPbLYnDKn@casper.infradead.org), and
 * https://kernelnewbies.org/MatthewWilcox/Memdescs: a word per page, whose bits
 * 0 to 3 are a type: 2 and 3 are a folio of a file and of anonymous memory, to
 * which the other bits point. Each page of a folio has the same word. The hint
 * is ours: most pages that are looked up are part of a folio.
 */
#define PF_MEMDESC_TYPE 15UL
#define PF_MEMDESC_FILE 2UL
#define PF_MEMDESC_FOLIO 14	/* the bits of the type that must be FILE */

static __always_inline unsigned long
pf_head_memdesc(const struct pf_page *page, const struct pf_layout *l,
		enum pf_lowering lowering)
{
	unsigned long memdesc = READ_ONCE(*pf_word((struct pf_page *)page, l));

	return pf_choose(memdesc ^ PF_MEMDESC_FILE, PF_MEMDESC_FOLIO, 0,
			 memdesc & ~PF_MEMDESC_TYPE, lowering);
}
#define pf_head_memdesc_32 pf_head_memdesc
#define pf_head_memdesc_8 pf_head_memdesc

/* generations without a look-up */
static __always_inline unsigned long
pf_head_plain(const struct pf_page *page, const struct pf_layout *l,
	      enum pf_lowering lowering)
{
	return (unsigned long)page;
}
#define pf_head_primitive pf_head_plain
#define pf_head_native pf_head_plain
#define pf_head_ref_cas pf_head_plain
#define pf_head_ref_cas_rcu pf_head_plain
#define pf_head_ref_assume_one pf_head_plain
#define pf_head_ref_frozen_bit pf_head_plain
#define pf_head_ref_inverted_high pf_head_plain
#define pf_head_ref_inverted_low pf_head_plain

/*
 * For pfbench selftest: v4.4-word under another name, and v4.4-word with one
 * more dependent instruction.
 */
#define pf_head_selftest_same pf_head_v4_4_word
static __always_inline unsigned long
pf_head_selftest_plus1(const struct pf_page *page, const struct pf_layout *l,
		       enum pf_lowering lowering)
{
	return pf_and_self(pf_head_v4_4_word(page, l, lowering));
}

/* The look-up of a user's own file, for pfbench try. */
#if defined(PF_TRY_HEADER) && !defined(PF_TRY_REF)
#include "pageflags/try.h"
#endif

#endif
