/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A look-up for 'pfbench try FILE.h': from any page of a compound page to its
 * head. This one is that of v7.1 under another name: change it.
 *
 * The layout and the lowering are compile-time constants. The pieces of
 * include/pageflags/head.h and env.h are there: READ_ONCE(), pf_flags(),
 * pf_choose(), pf_select(), pf_keep_branch(), likely(), smp_rmb(), test_bit().
 */
#define PF_TRY_NAME "my-mask"

/*
 * v2_6_22, v2_6_26, v4_2, v4_4, v5_18, v7_1, v7_1_pointer, order_2015,
 * memdesc_32 or memdesc_8: how pages are marked (include/pageflags/layout.h), and
 * the writers of the race and of the proof. With memdescs the look-up is that of
 * page_folio(): the folio, or 0.
 */
#define PF_TRY_LAYOUT v7_1

/* CHOICE if the look-up does as the lowering says, else FIXED */
#define PF_TRY_LOWERINGS FIXED

static __always_inline unsigned long
pf_head_try(const struct pf_page *page, const struct pf_layout *l,
	    enum pf_lowering how)
{
	/* in a tail, a mask with bit 0 set; in other pages, bit 0 is clear */
	unsigned long info = READ_ONCE(page->word[l->word]);
	unsigned long mask;

	mask = (info & 1) - 1;	/* all ones unless the page is a tail */
	mask |= info;
	return (unsigned long)page & mask;
}
