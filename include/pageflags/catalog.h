/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The table of what is under test: accessor x generation x lowering. Loops,
 * names, tests and listings are made from it.
 *
 * A new accessor is one line in one of the lists of PF_ACCESSORS. A new
 * generation is one line in PF_REPLICAS, a layout in layout.h and a look-up in
 * head.h.
 */
#ifndef PAGEFLAGS_CATALOG_H
#define PAGEFLAGS_CATALOG_H

#include "pageflags/head.h"
#include "pageflags/layout.h"
#include "pageflags/ref.h"

#define PF_JOIN_(a, b) a##b
#define PF_JOIN(a, b) PF_JOIN_(a, b)

#define PF_KV(a, b, c) ((a) * 10000 + (b) * 100 + (c))
#define PF_KV_EVER PF_KV(99, 0, 0)

/* Which page's flags the accessors of a generation use. */
enum pf_era {
	PF_ERA_PLAIN,		/* those of the page itself */
	PF_ERA_REWORK,		/* mmotm, August 2015: always the head's */
	PF_ERA_POLICY,		/* v4.5 on: by the policy of the flag */
	PF_ERA_SELFTEST,	/* PF_ERA_POLICY, only PF_POLICY_NO_TAIL */
	PF_ERA_MEMDESC,		/* page_folio(), which may return NULL */
	PF_ERA_REF,		/* a scheme of reference counts, no flags */
	PF_ERA_PRIMITIVE,	/* the generation has no accessors */
	PF_ERA_NATIVE,		/* the accessors of the running kernel */
};

/*
 * G(id, name, since, until, layout, era, lowerings, fakes,
 *   text, release, commit, configuration)
 *
 * The look-up in head.h is named pf_head_ID. The releases [since, until) had
 * it; a look-up that no release had counts as of the release that it was posted
 * or merged for. lowerings: CHOICE if the look-up has a choice, FIXED if not,
 * NONE without a look-up. fakes: the test for fake heads is not there (NONE),
 * or its static key is OFF or ON.
 *
 * The strings are for 'pfbench list --generations' and for pfbench-points(7);
 * the module does not carry them. release: the releases, or the state of
 * mainline or the series; commit: the first one with the look-up. "-": none.
 */
#define PF_REPLICAS(G) \
	G(plain, "plain", PF_KV(2, 6, 22), PF_KV(4, 5, 0), \
	  v4_2, PLAIN, NONE, NONE, \
	  "no look-up: a bit operation on the page as it is", \
	  "2.6.22 to 4.4", "-", "any configuration") \
	G(v2_6_22_twobit, "v2.6.22-twobit", PF_KV(2, 6, 22), PF_KV(4, 4, 0), \
	  v2_6_22, PLAIN, CHOICE, NONE, \
	  "two flag bits mark a tail; first_page is the head", \
	  "2.6.22 to 4.3", "d85f33855c30", "no PAGEFLAGS_EXTENDED") \
	G(v2_6_26_bit, "v2.6.26-bit", PF_KV(2, 6, 26), PF_KV(3, 14, 0), \
	  v2_6_26, PLAIN, CHOICE, NONE, \
	  "one flag bit marks a tail; first_page is the head", \
	  "2.6.26 to 3.13", "e20b8cca760e", "PAGEFLAGS_EXTENDED") \
	G(v3_14_rmb, "v3.14-rmb", PF_KV(3, 14, 0), PF_KV(4, 4, 0), \
	  v4_2, REWORK, CHOICE, NONE, \
	  "the flag bit is tested again after smp_rmb()", \
	  "3.14 to 4.3", "668f9abbd433", "PAGEFLAGS_EXTENDED") \
	G(v4_4_word, "v4.4-word", PF_KV(4, 4, 0), PF_KV(7, 1, 0), \
	  v4_4, POLICY, CHOICE, NONE, \
	  "bit 0 of a word marks a tail, the rest is the head", \
	  "4.4 to 7.0", "1d798ca3f164", "from 5.18 without HVO") \
	G(v5_18_fakehead, "v5.18-fakehead", PF_KV(5, 18, 0), PF_KV(7, 1, 0), \
	  v5_18, POLICY, CHOICE, OFF, \
	  "v4.4-word with HVO built in, its static key off", \
	  "5.18 to 7.0", "e7d324850bfc", "HVO, its key off") \
	G(v5_18_fakehead_hvo, "v5.18-fakehead-hvo", PF_KV(5, 18, 0), \
	  PF_KV(7, 1, 0), v5_18, POLICY, CHOICE, ON, \
	  "the same with the key on: page[1] shows a fake head", \
	  "5.18 to 7.0", "e7d324850bfc", "HVO, its key on") \
	G(v7_1_mask, "v7.1-mask", PF_KV(7, 1, 0), PF_KV_EVER, \
	  v7_1, POLICY, FIXED, NONE, \
	  "the word is a mask: a tail and the mask is the head", \
	  "7.1 and later", "66b2a3d9ae46", "HVO") \
	G(v7_1_pointer, "v7.1-pointer", PF_KV(7, 1, 0), PF_KV_EVER, \
	  v7_1_pointer, POLICY, CHOICE, NONE, \
	  "v4.4-word without unlikely(): the word is a pointer", \
	  "7.1 and later", "8c846c879e22", "without HVO") \
	G(v7_1_mask_fakehead, "v7.1-mask-fakehead", PF_KV(7, 1, 0), \
	  PF_KV_EVER, v7_1, POLICY, CHOICE, OFF, \
	  "the mask behind a branch; fake heads are tested for", \
	  "mainline before 7.1", "8c846c879e22", "HVO, key off") \
	G(mask_branch, "mask-branch", PF_KV(7, 1, 0), PF_KV_EVER, \
	  v7_1, POLICY, CHOICE, NONE, \
	  "the mask behind a branch; there are no fake heads", \
	  "mainline before 7.1", "32c440d67e6c", "HVO") \
	G(order_in_flags, "order-in-flags", PF_KV(4, 4, 0), PF_KV(4, 5, 0), \
	  order_2015, POLICY, FIXED, NONE, \
	  "the order of the compound page in flags, no word", \
	  "proposed September 2015", "-", "any configuration") \
	G(memdesc_32, "memdesc-32", PF_KV(7, 1, 0), PF_KV_EVER, \
	  memdesc_32, MEMDESC, CHOICE, NONE, \
	  "each page points to its folio, or there is none", \
	  "proposed January 2025", "-", "struct page of 32 bytes") \
	G(memdesc_8, "memdesc-8", PF_KV(7, 1, 0), PF_KV_EVER, \
	  memdesc_8, MEMDESC, CHOICE, NONE, \
	  "the same, and nothing else is in struct page", \
	  "proposed January 2025", "-", "struct page of 8 bytes") \
	G(ref_cas, "ref-cas", PF_KV(4, 6, 0), PF_KV_EVER, \
	  v7_1_pointer, REF, NONE, NONE, \
	  "today's: read, then compare and swap", \
	  "4.6 and later", "fe896d187868", "any configuration") \
	G(ref_cas_rcu, "ref-cas-rcu", PF_KV(4, 6, 0), PF_KV_EVER, \
	  v7_1_pointer, REF, NONE, NONE, \
	  "the same under RCU, after another read of the count", \
	  "6.12", "-", "HVO") \
	G(ref_assume_one, "ref-assume-one", PF_KV(7, 1, 0), PF_KV_EVER, \
	  v7_1_pointer, REF, NONE, NONE, \
	  "compare and swap that assumes 1 and reads nothing", \
	  "proposed March 2026", "-", "any configuration") \
	G(ref_frozen_bit, "ref-frozen-bit", PF_KV(7, 1, 0), PF_KV_EVER, \
	  v7_1_pointer, REF, NONE, NONE, \
	  "an addition; bit 31 says frozen", \
	  "proposed February 2026", "-", "any configuration") \
	G(ref_inverted_high, "ref-inverted-high", PF_KV(7, 1, 0), PF_KV_EVER, \
	  v7_1_pointer, REF, NONE, NONE, \
	  "an addition; bit 31 says in use", \
	  "proposed March 2026", "-", "any configuration") \
	G(ref_inverted_low, "ref-inverted-low", PF_KV(7, 1, 0), PF_KV_EVER, \
	  v7_1_pointer, REF, NONE, NONE, \
	  "an addition of 2; bit 0 says in use", \
	  "proposed March 2026", "-", "any configuration") \
	G(primitive, "primitive", PF_KV(0, 0, 0), PF_KV_EVER, \
	  primitive, PRIMITIVE, NONE, NONE, \
	  "single operations, to compare with", \
	  "no kernel", "-", "-") \
	G(selftest_same, "selftest-same", PF_KV(4, 4, 0), PF_KV(7, 1, 0), \
	  v4_4, SELFTEST, FIXED, NONE, \
	  "v4.4-word under another name, for selftest", \
	  "no kernel", "-", "-") \
	G(selftest_plus1, "selftest-plus1", PF_KV(4, 4, 0), PF_KV(7, 1, 0), \
	  v4_4, SELFTEST, FIXED, NONE, \
	  "v4.4-word and one more instruction, for selftest", \
	  "no kernel", "-", "-")

/*
 * The replicas, and `native`: the kernel's own functions, which only the
 * kernel module has.
 */
#define PF_GENERATIONS(G) \
	PF_REPLICAS(G) \
	G(native, "native", PF_KV(2, 6, 22), PF_KV_EVER, \
	  v5_18, NATIVE, FIXED, NONE, \
	  "the running kernel's own, by the module (kmod)", \
	  "the running kernel", "-", "-")

/*
 * A look-up of the user's, pf_head_try(), in the file PF_TRY_HEADER: see
 * pfbench-try(1). The file may define what follows; the accessors are those of
 * PF_ERA_POLICY, or of PF_ERA_MEMDESC if its layout has memdescs. With -DPF_TRY_REF the file has a scheme of reference counts:
 * the row is then like those of PF_REF_SCHEMES. Without such a file the slot
 * PF_GEN_try has no accessor.
 */
#ifdef PF_TRY_HEADER
#ifndef PF_TRY_NAME
#define PF_TRY_NAME "try"
#endif
#ifndef PF_TRY_LAYOUT
#define PF_TRY_LAYOUT v7_1
#endif
#ifndef PF_TRY_LOWERINGS
#define PF_TRY_LOWERINGS FIXED
#endif
#ifndef PF_TRY_FAKES
#define PF_TRY_FAKES NONE
#endif
#ifdef PF_TRY_REF
#undef PF_TRY_LAYOUT
#undef PF_TRY_LOWERINGS
#undef PF_TRY_FAKES
#define PF_TRY_LAYOUT v7_1_pointer
#define PF_TRY_LOWERINGS NONE
#define PF_TRY_FAKES NONE
#define PF_TRY_ERA REF
#else
#define PF_TRY_ERA TRY
#endif
#define PF_TRY(G) PF_TRY_(G, PF_TRY_NAME, PF_TRY_LAYOUT, PF_TRY_ERA, \
			  PF_TRY_LOWERINGS, PF_TRY_FAKES)
#define PF_TRY_(G, name, layout, era, lowerings, fakes) \
	G(try, name, PF_TRY_SINCE, PF_KV_EVER, layout, era, lowerings, \
	  fakes, "a look-up or scheme of the user's", "no kernel", "-", "-")
#else
#define PF_TRY(G)
#endif

/* The operation of an accessor on the page that holds the flag. */
enum pf_kind {
	PF_TEST,		/* test_bit() */
	PF_TEST_RMB,		/* test_bit(), then smp_rmb() if set */
	PF_SET,			/* set_bit() */
	PF_WMB_SET,		/* smp_wmb(), then set_bit() */
	PF_CLEAR,		/* clear_bit() */
	PF_TESTSET,		/* test_and_set_bit() */
	PF_TESTCLEAR,		/* test_and_clear_bit() */
	PF_SET_NONATOMIC,	/* __set_bit() */
	PF_TRYLOCK,		/* !test_and_set_bit_lock() */
	PF_UNLOCK,		/* clear_bit_unlock() */
	PF_LOCKUNLOCK,		/* trylock, then unlock if that succeeded */
	PF_HEAD,		/* nothing: the look-up only */
	PF_IS_HEAD, PF_IS_TAIL, PF_IS_COMPOUND,
	PF_ANON,		/* bit 0 of mapping */
	PF_TYPE,		/* the high byte of page_type */
	PF_TYPE_BIT,		/* a clear bit of page_type */
	PF_HUGE,		/* the destructor of a compound page */
	PF_EXCLUSIVE,		/* PG_anon_exclusive; the head's of hugetlb */
	PF_ZONE, PF_NODE,	/* the fields above the flags */
	PF_VIRT_HEAD,		/* the look-up, from an address */
	PF_TEST_X4,		/* test_bit() four times, each with look-up */
	/* primitives, on the flags word of the page itself */
	PF_EMPTY, PF_LOAD, PF_PREDICTED, PF_UNPREDICTABLE, PF_SELECTED,
	PF_MASKED, PF_RMB, PF_WMB, PF_ACQUIRE, PF_MB, PF_LOCKED_OR,
	PF_ADD1, PF_ADD2, PF_ADD4,
	/* on reference counts, by the scheme of the generation */
	PF_REF_COUNT, PF_REF_GET, PF_REF_PUT, PF_REF_TRY, PF_REF_TRY_FROZEN,
	PF_REF_TRY_PUT, PF_REF_GET_PUT, PF_REF_LAST_PUT,
};

/* From include/linux/page-flags.h, v4.5 on. */
enum pf_policy {
	PF_POLICY_ANY,		/* the page itself; NO_COMPOUND too */
	PF_POLICY_OWN,		/* the page itself, in all releases */
	PF_POLICY_HEAD,		/* compound_head() */
	PF_POLICY_NO_TAIL,	/* compound_head(); only tests accept a tail */
	PF_POLICY_FOLIO,	/* the caller has a folio, which is a head */
	PF_POLICY_MARK,		/* the marks of heads and tails, not a flag */
	PF_POLICY_LOOKUP,	/* compound_head() in any era */
	PF_POLICY_PAGE_FOLIO,	/* page_folio(), then as a folio */
	PF_POLICY_PRIMITIVE,
	PF_POLICY_REF,		/* the reference count of a folio */
	PF_POLICY_REF_PAGE,	/* compound_head(), then its count, by ref-cas */
};

/*
 * A(name, kind, flag, policy, since, until)
 *
 * An accessor has an entry in each generation whose releases overlap [since,
 * until). Accessors of policy OWN never look up a head, so that the generations
 * do not differ: their entries are in `plain` alone. No kernel of these
 * generations had __SetPageDirty and TestSetPageLRU (removed in 2.6.17): they
 * are built from their flag's policy, to compare with. From 6.12 on, accessors
 * with until = 6.12 exist for folios only. SetPageUptodate has never looked the
 * head up. trylock_page and unlock_page are measured without the wait queue.
 * page_folio_X is X(page_folio(page)), as written by callers that have a page;
 * where page_folio() may return NULL, they test that too.
 */
#define PF_ACCESSORS(A) \
	PF_PAGE_ACCESSORS(A) \
	PF_PAGE_ACCESSORS_V5_11(A) \
	PF_PAGE_ACCESSORS_TO_V6_12(A) \
	PF_PAGE_ACCESSORS_BUILT(A) \
	PF_OWN_ACCESSORS(A) \
	PF_OWN_ACCESSORS_HWPOISON(A) \
	PF_OWN_ACCESSORS_NUMA(A) \
	PF_OWN_ACCESSORS_V5_19(A) \
	PF_OWN_ACCESSORS_TO_V6_12(A) \
	PF_OWN_ACCESSORS_V7_1(A) \
	PF_STATE_ACCESSORS(A) \
	PF_STATE_ACCESSORS_TO_V6_6(A) \
	PF_STATE_ACCESSORS_TO_V6_10(A) \
	PF_STATE_ACCESSORS_V6_12(A) \
	PF_STATE_ACCESSORS_BUILT(A) \
	PF_FOLIO_ACCESSORS(A) \
	PF_FOLIO_ACCESSORS_BUILT(A) \
	PF_PAGE_REF_ACCESSORS(A) \
	PF_FOLIO_REF_ACCESSORS(A) \
	PF_REF_ACCESSORS_BUILT(A) \
	PF_PRIMITIVES(A)

#define PF_V2_6_22 PF_KV(2, 6, 22)
#define PF_V2_6_32 PF_KV(2, 6, 32)
#define PF_V4_5 PF_KV(4, 5, 0)
#define PF_V4_6 PF_KV(4, 6, 0)
#define PF_V4_18 PF_KV(4, 18, 0)
#define PF_V5_11 PF_KV(5, 11, 0)
#define PF_V5_16 PF_KV(5, 16, 0)
#define PF_V5_19 PF_KV(5, 19, 0)
#define PF_V6_6 PF_KV(6, 6, 0)
#define PF_V6_10 PF_KV(6, 10, 0)
#define PF_V6_12 PF_KV(6, 12, 0)
#define PF_V7_1 PF_KV(7, 1, 0)

#define PF_PAGE_ACCESSORS(A) \
	A(PageLocked, TEST, locked, NO_TAIL, PF_V2_6_22, PF_KV_EVER) \
	A(PageDirty, TEST, dirty, HEAD, PF_V2_6_22, PF_KV_EVER) \
	A(PageUptodate, TEST_RMB, uptodate, HEAD, PF_V2_6_22, PF_KV_EVER) \
	A(PageLRU, TEST, lru, HEAD, PF_V2_6_22, PF_KV_EVER) \
	A(PageWriteback, TEST, writeback, NO_TAIL, PF_V2_6_22, PF_KV_EVER) \
	A(PageHead, IS_HEAD, head, MARK, PF_V2_6_22, PF_KV_EVER) \
	A(PageTail, IS_TAIL, head, MARK, PF_V2_6_22, PF_KV_EVER) \
	A(PageCompound, IS_COMPOUND, head, MARK, PF_V2_6_22, PF_KV_EVER) \
	A(SetPageDirty, SET, dirty, HEAD, PF_V2_6_22, PF_KV_EVER) \
	A(ClearPageDirty, CLEAR, dirty, HEAD, PF_V2_6_22, PF_KV_EVER) \
	A(SetPageUptodate, WMB_SET, uptodate, ANY, PF_V2_6_22, PF_KV_EVER) \
	A(ClearPageUptodate, CLEAR, uptodate, NO_TAIL, PF_V2_6_22, PF_KV_EVER) \
	A(TestSetPageDirty, TESTSET, dirty, HEAD, PF_V2_6_22, PF_KV_EVER) \
	A(TestClearPageDirty, TESTCLEAR, dirty, HEAD, PF_V2_6_22, PF_KV_EVER) \
	A(trylock_page, TRYLOCK, locked, HEAD, PF_V2_6_22, PF_KV_EVER) \
	A(trylock_unlock_page, LOCKUNLOCK, locked, HEAD, PF_V2_6_22, \
	  PF_KV_EVER) \
	A(compound_head, HEAD, head, LOOKUP, PF_V2_6_22, PF_KV_EVER)

#define PF_PAGE_ACCESSORS_V5_11(A) \
	A(TestClearPageLRU, TESTCLEAR, lru, HEAD, PF_V5_11, PF_KV_EVER)

#define PF_PAGE_ACCESSORS_TO_V6_12(A) \
	A(PageReferenced, TEST, referenced, HEAD, PF_V2_6_22, PF_V6_12) \
	A(PageActive, TEST, active, HEAD, PF_V2_6_22, PF_V6_12) \
	A(SetPageReferenced, SET, referenced, HEAD, PF_V2_6_22, PF_V6_12) \
	A(ClearPageReferenced, CLEAR, referenced, HEAD, PF_V2_6_22, PF_V6_12) \
	A(SetPageActive, SET, active, HEAD, PF_V2_6_22, PF_V6_12) \
	A(ClearPageActive, CLEAR, active, HEAD, PF_V2_6_22, PF_V6_12)

/* in no kernel, or not callable alone on the pages measured: not native */
#define PF_PAGE_ACCESSORS_BUILT(A) \
	A(TestSetPageLRU, TESTSET, lru, HEAD, PF_V5_11, PF_KV_EVER) \
	A(__SetPageDirty, SET_NONATOMIC, dirty, HEAD, PF_V2_6_22, PF_KV_EVER) \
	A(unlock_page, UNLOCK, locked, HEAD, PF_V2_6_22, PF_KV_EVER)

/*
 * Flags and fields that stay with the page. PageReserved has policy
 * PF_NO_COMPOUND, PageHWPoison PF_ANY. PageAnonExclusive is that of v5.19
 * (78fbe906cc90) to v6.9; see PageAnonExclusive_huge. PageTable is that of
 * v4.18 (1d40a5ea01d5) to v6.11, when a type was a clear bit of page_type;
 * v6.12 compares the high byte as PageSlab_type does.
 */
#define PF_OWN_ACCESSORS(A) \
	A(PageReserved, TEST, reserved, OWN, PF_V2_6_22, PF_KV_EVER) \
	A(page_zonenum, ZONE, zonenum, OWN, PF_V2_6_22, PF_KV_EVER)

/* Constants in kernels without CONFIG_MEMORY_FAILURE, or without CONFIG_NUMA. */
#define PF_OWN_ACCESSORS_HWPOISON(A) \
	A(PageHWPoison, TEST, hwpoison, OWN, PF_V2_6_32, PF_KV_EVER)
#define PF_OWN_ACCESSORS_NUMA(A) \
	A(page_to_nid, NODE, nid, OWN, PF_V2_6_22, PF_KV_EVER)

#define PF_OWN_ACCESSORS_V5_19(A) \
	A(PageAnonExclusive, TEST, anon_exclusive, OWN, PF_V5_19, PF_V6_10)

#define PF_OWN_ACCESSORS_TO_V6_12(A) \
	A(PageTable, TYPE_BIT, type_table, OWN, PF_V4_18, PF_V6_12)

#define PF_OWN_ACCESSORS_V7_1(A) \
	A(PageSlab_type, TYPE, type_slab, OWN, PF_V7_1, PF_KV_EVER)

/*
 * The state of a page or of its head.
 *
 * PageAnon tests the page's own mapping up to v4.4, since v4.5 that of the head
 * ("page-flags: look at head page if the flag is encoded in page->mapping").
 *
 * PageSlab tests a flag up to v6.9, a page type of the head since v6.10
 * (46df8e73a4a3): PageSlab_head_type, as compiled in v6.12. Since "slab:
 * Reimplement page_slab()" of November 2025, which v7.3 has, the type is that
 * of the page itself: PageSlab_type.
 *
 * PageHuge compares the destructor, a byte of page[1], up to v6.5 (9c5ccf2db04b
 * removed it). v6.12 does as PageSlab_head_type does, with another number.
 *
 * PageAnonExclusive_huge is PageAnonExclusive since v6.10 (c0bff412e67b), as
 * compiled in v6.12: hugetlb has the flag in the head.
 *
 * virt_to_head_page starts from an address of the page. PageLocked_x4 is four
 * PageLocked() of one page in one expression: READ_ONCE() and test_bit() forbid
 * the compiler to share their loads.
 */
#define PF_STATE_ACCESSORS(A) \
	A(PageAnon, ANON, mapping, HEAD, PF_V2_6_22, PF_KV_EVER)

#define PF_STATE_ACCESSORS_TO_V6_6(A) \
	A(PageHuge, HUGE, dtor, LOOKUP, PF_V4_5, PF_V6_6)

#define PF_STATE_ACCESSORS_TO_V6_10(A) \
	A(PageSlab, TEST, slab, NO_TAIL, PF_V2_6_22, PF_V6_10)

#define PF_STATE_ACCESSORS_V6_12(A) \
	A(PageAnonExclusive_huge, EXCLUSIVE, anon_exclusive, LOOKUP, \
	  PF_V6_12, PF_KV_EVER)

/* not native: see the comment above, and kmod/native.c */
#define PF_STATE_ACCESSORS_BUILT(A) \
	A(PageSlab_head_type, TYPE, type_slab, HEAD, PF_V6_12, PF_KV_EVER) \
	A(virt_to_head_page, VIRT_HEAD, head, LOOKUP, PF_V2_6_22, PF_KV_EVER) \
	A(page_folio_nid, NODE, nid, PAGE_FOLIO, PF_V5_16, PF_KV_EVER) \
	A(PageLocked_x4, TEST_X4, locked, NO_TAIL, PF_V2_6_22, PF_KV_EVER)

#define PF_FOLIO_ACCESSORS(A) \
	A(page_folio, HEAD, head, PAGE_FOLIO, PF_V5_16, PF_KV_EVER) \
	A(page_folio_test_locked, TEST, locked, PAGE_FOLIO, PF_V5_16, \
	  PF_KV_EVER) \
	A(page_folio_set_dirty, SET, dirty, PAGE_FOLIO, PF_V5_16, PF_KV_EVER) \
	A(folio_test_locked, TEST, locked, FOLIO, PF_V5_16, PF_KV_EVER) \
	A(folio_test_dirty, TEST, dirty, FOLIO, PF_V5_16, PF_KV_EVER) \
	A(folio_test_uptodate, TEST_RMB, uptodate, FOLIO, PF_V5_16, \
	  PF_KV_EVER) \
	A(folio_test_referenced, TEST, referenced, FOLIO, PF_V5_16, \
	  PF_KV_EVER) \
	A(folio_test_lru, TEST, lru, FOLIO, PF_V5_16, PF_KV_EVER) \
	A(folio_test_active, TEST, active, FOLIO, PF_V5_16, PF_KV_EVER) \
	A(folio_test_writeback, TEST, writeback, FOLIO, PF_V5_16, \
	  PF_KV_EVER) \
	A(folio_set_dirty, SET, dirty, FOLIO, PF_V5_16, PF_KV_EVER) \
	A(folio_clear_dirty, CLEAR, dirty, FOLIO, PF_V5_16, PF_KV_EVER) \
	A(folio_set_referenced, SET, referenced, FOLIO, PF_V5_16, PF_KV_EVER) \
	A(folio_clear_referenced, CLEAR, referenced, FOLIO, PF_V5_16, \
	  PF_KV_EVER) \
	A(folio_mark_uptodate, WMB_SET, uptodate, FOLIO, PF_V5_16, \
	  PF_KV_EVER) \
	A(folio_clear_uptodate, CLEAR, uptodate, FOLIO, PF_V5_16, PF_KV_EVER) \
	A(folio_set_active, SET, active, FOLIO, PF_V5_16, PF_KV_EVER) \
	A(folio_clear_active, CLEAR, active, FOLIO, PF_V5_16, PF_KV_EVER) \
	A(folio_test_set_dirty, TESTSET, dirty, FOLIO, PF_V5_16, PF_KV_EVER) \
	A(folio_test_clear_dirty, TESTCLEAR, dirty, FOLIO, PF_V5_16, \
	  PF_KV_EVER) \
	A(folio_test_clear_lru, TESTCLEAR, lru, FOLIO, PF_V5_16, PF_KV_EVER) \
	A(folio_trylock, TRYLOCK, locked, FOLIO, PF_V5_16, PF_KV_EVER)

#define PF_FOLIO_ACCESSORS_BUILT(A) \
	A(folio_unlock, UNLOCK, locked, FOLIO, PF_V5_16, PF_KV_EVER)

/*
 * get_put_page is get_page(), then put_page(). folio_try_get_put goes from one
 * reference to two and back: in the kernel, from those of the module to one
 * more.
 */
#define PF_PAGE_REF_ACCESSORS(A) \
	A(page_count, REF_COUNT, head, REF_PAGE, PF_V4_6, PF_KV_EVER) \
	A(get_put_page, REF_GET_PUT, head, REF_PAGE, PF_V4_6, PF_KV_EVER)

#define PF_FOLIO_REF_ACCESSORS(A) \
	A(folio_ref_count, REF_COUNT, head, REF, PF_V5_16, PF_KV_EVER) \
	A(folio_try_get_put, REF_TRY_PUT, head, REF, PF_V5_16, PF_KV_EVER)

/*
 * Not native: alone they leave the count of a page of the kernel, or freeze it.
 * put_page and folio_put never drop the last reference. folio_try_get_frozen
 * fails each time. folio_last_put drops the last reference and allocates the
 * page again.
 */
#define PF_REF_ACCESSORS_BUILT(A) \
	A(get_page, REF_GET, head, REF_PAGE, PF_V4_6, PF_KV_EVER) \
	A(put_page, REF_PUT, head, REF_PAGE, PF_V4_6, PF_KV_EVER) \
	A(folio_get, REF_GET, head, REF, PF_V5_16, PF_KV_EVER) \
	A(folio_put, REF_PUT, head, REF, PF_V5_16, PF_KV_EVER) \
	A(folio_try_get, REF_TRY, head, REF, PF_V5_16, PF_KV_EVER) \
	A(folio_try_get_frozen, REF_TRY_FROZEN, head, REF, PF_V5_16, \
	  PF_KV_EVER) \
	A(folio_last_put, REF_LAST_PUT, head, REF, PF_V5_16, PF_KV_EVER)

#define PF_PRIMITIVES(A) \
	A(empty, EMPTY, head, PRIMITIVE, 0, PF_KV_EVER) \
	A(load, LOAD, head, PRIMITIVE, 0, PF_KV_EVER) \
	A(branch_predicted, PREDICTED, tail, PRIMITIVE, 0, PF_KV_EVER) \
	A(branch_unpredictable, UNPREDICTABLE, tail, PRIMITIVE, 0, PF_KV_EVER) \
	A(select, SELECTED, tail, PRIMITIVE, 0, PF_KV_EVER) \
	A(mask, MASKED, tail, PRIMITIVE, 0, PF_KV_EVER) \
	A(smp_rmb, RMB, head, PRIMITIVE, 0, PF_KV_EVER) \
	A(smp_wmb, WMB, head, PRIMITIVE, 0, PF_KV_EVER) \
	A(smp_load_acquire, ACQUIRE, head, PRIMITIVE, 0, PF_KV_EVER) \
	A(smp_mb, MB, head, PRIMITIVE, 0, PF_KV_EVER) \
	A(locked_or, LOCKED_OR, dirty, PRIMITIVE, 0, PF_KV_EVER) \
	A(add1, ADD1, head, PRIMITIVE, 0, PF_KV_EVER) \
	A(add2, ADD2, head, PRIMITIVE, 0, PF_KV_EVER) \
	A(add4, ADD4, head, PRIMITIVE, 0, PF_KV_EVER)

/* All that follows is made from the tables. */

#define PF_G(id, ...) PF_GEN_##id,
/* one more slot than generations, for pfbench try */
enum pf_generation {
	PF_GENERATIONS(PF_G)
	PF_NR_GENERATIONS,
	PF_GEN_try = PF_NR_GENERATIONS,
	PF_NR_SLOTS
};
#undef PF_G
#define PF_NR_REPLICAS PF_GEN_native	/* the last one */

#define PF_A(name, ...) PF_ACC_##name,
enum pf_accessor { PF_ACCESSORS(PF_A) PF_NR_ACCESSORS };
#undef PF_A

/* The test for fake heads, and its static key. */
enum pf_fakes { PF_FAKES_NONE, PF_FAKES_OFF, PF_FAKES_ON };

/* The number of lowerings of a look-up. */
enum { PF_LOOKUP_NONE, PF_LOOKUP_FIXED, PF_LOOKUP_CHOICE = PF_NR_LOWERINGS };

#ifdef PF_TRY_HEADER
/* The writers of a layout are those of its generation with a look-up. */
enum {
#define PF_G(id, name, since, until, layout, era, lookup, ...) \
	PF_LAYOUT_##layout == PF_JOIN(PF_LAYOUT_, PF_TRY_LAYOUT) && \
	(int)PF_LOOKUP_##lookup != PF_LOOKUP_NONE ? (since) :
	PF_TRY_SINCE = PF_REPLICAS(PF_G) 0,
#undef PF_G
#define PF_L(id, mark, ...) \
	(PF_LAYOUT_##id == PF_JOIN(PF_LAYOUT_, PF_TRY_LAYOUT) && \
	 (int)PF_MARK_##mark == PF_MARK_MEMDESC) ||
	PF_ERA_TRY = PF_LAYOUTS(PF_L) false ? (int)PF_ERA_MEMDESC :
					      (int)PF_ERA_POLICY,
#undef PF_L
};
#endif

struct pf_generation_info {
	const char *name;
	int since, until;
	enum pf_layout_id layout;
	enum pf_era era;
	int lookup;
	enum pf_fakes fakes;
};

#define PF_GENERATION_INFO(id, name, since, until, layout, era, lookup, fakes, \
			   ...) \
	[PF_GEN_##id] = { name, since, until, PF_LAYOUT_##layout, \
			  PF_ERA_##era, PF_LOOKUP_##lookup, \
			  PF_FAKES_##fakes },

/*
 * The driver has one table, whose last slot pfbench try fills in. In the code
 * under test the table is constant, and so are the generations.
 */
#ifdef PF_CATALOG_EXTERN
extern struct pf_generation_info pf_generations[PF_NR_SLOTS];
#else
static const struct pf_generation_info
pf_generations[PF_NR_SLOTS] __maybe_unused = {
	PF_GENERATIONS(PF_GENERATION_INFO)
	PF_TRY(PF_GENERATION_INFO)
};
#endif

/*
 * Accessors whose look-up, if it has a choice, is also built in both lowerings:
 * each kind of look-up, and each kind of operation after it. The others have
 * the choice of the compiler alone: all lowerings of all accessors take 60 %
 * more time to build. PF_IS_FORCED() is 1 or 0, for the preprocessor.
 */
#define PF_FORCED_compound_head 0, 1
#define PF_FORCED_page_folio 0, 1
#define PF_FORCED_page_folio_test_locked 0, 1
#define PF_FORCED_PageLocked 0, 1
#define PF_FORCED_PageUptodate 0, 1
#define PF_FORCED_SetPageDirty 0, 1
#define PF_FORCED_TestSetPageDirty 0, 1
#define PF_FORCED_get_put_page 0, 1
#define PF_PICK_2_(a, b, ...) b
#define PF_PICK_2(...) PF_PICK_2_(__VA_ARGS__, 0, 0)
#define PF_IS_FORCED(acc) PF_PICK_2(PF_FORCED_##acc)

struct pf_accessor_info {
	const char *name;
	enum pf_kind kind;
	enum pf_policy policy;
	int since, until;
	bool forced;
};

static const struct pf_accessor_info
pf_accessors[PF_NR_ACCESSORS] __maybe_unused = {
#define PF_A(name, kind, flag, policy, since, until) \
	[PF_ACC_##name] = { #name, PF_##kind, PF_POLICY_##policy, since, \
			    until, PF_IS_FORCED(name) },
	PF_ACCESSORS(PF_A)
#undef PF_A
};

/* True if an accessor with this policy looks the head up in this era. */
#define PF_LOOKS_UP(policy, era) \
	((int)(policy) == PF_POLICY_LOOKUP || \
	 (int)(policy) == PF_POLICY_PAGE_FOLIO || \
	 (int)(policy) == PF_POLICY_REF_PAGE || \
	 ((int)(era) >= PF_ERA_REWORK && \
	  ((int)(policy) == PF_POLICY_HEAD || \
	   (int)(policy) == PF_POLICY_NO_TAIL)))

/* True for the state of a page: not a flag. */
#define PF_IS_STATE(kind) ((int)(kind) >= PF_ANON && \
			   (int)(kind) <= PF_TEST_X4)

/* The tables' columns as constant expressions, for initialisers. */
enum {
#define PF_L(id, mark, ...) PF_MARKING_OF_LAYOUT_##id = PF_MARK_##mark,
	PF_LAYOUTS(PF_L)
#undef PF_L
#define PF_G(id, name, since, until, layout, era, lookup, ...) \
	PF_SINCE_##id = since, PF_UNTIL_##id = until, \
	PF_MARKING_OF_##id = PF_MARKING_OF_LAYOUT_##layout, \
	PF_ERA_OF_##id = PF_ERA_##era, PF_LOOKUP_OF_##id = PF_LOOKUP_##lookup,
	PF_GENERATIONS(PF_G)
	PF_TRY(PF_G)
#undef PF_G
};

/*
 * True if the catalog has an entry. Constant arguments make a constant
 * expression, so loops without an entry are not compiled.
 */
#define PF_HAS(forced, kind, policy, since, until, g_since, g_until, marking, \
	       era, lookup, lowering) \
	(((int)(policy) == PF_POLICY_OWN ? \
	  ((int)(era) == PF_ERA_PLAIN && (int)(lookup) == PF_LOOKUP_NONE) || \
	  (int)(era) == PF_ERA_NATIVE : \
	  (since) < (g_until) && (g_since) < (until)) && \
	 (((int)(policy) == PF_POLICY_PRIMITIVE) == \
	  ((int)(era) == PF_ERA_PRIMITIVE) || \
	  ((int)(kind) == PF_EMPTY && (int)(era) == PF_ERA_NATIVE)) && \
	 ((int)(era) == PF_ERA_NATIVE || \
	  (((int)(policy) == PF_POLICY_REF) == \
	   ((int)(era) == PF_ERA_REF) && \
	   ((int)(policy) != PF_POLICY_REF_PAGE || \
	    (int)(era) == PF_ERA_POLICY))) && \
	 ((int)(era) != PF_ERA_SELFTEST || \
	  (int)(policy) == PF_POLICY_NO_TAIL) && \
	 ((int)(era) != PF_ERA_MEMDESC || \
	  (int)(policy) == PF_POLICY_PAGE_FOLIO) && \
	 ((int)(policy) != PF_POLICY_LOOKUP || \
	  (int)(lookup) != PF_LOOKUP_NONE) && \
	 ((int)(policy) != PF_POLICY_MARK || \
	  ((int)(lookup) != PF_LOOKUP_NONE && \
	   (int)(marking) != PF_MARK_ORDER)) && \
	 ((int)(kind) != PF_SELECTED || PF_HAVE_SELECT) && \
	 ((int)(lowering) == PF_AUTO || \
	  (PF_LOOKS_UP(policy, era) && \
	   (forced) && \
	   (int)(lookup) == PF_LOOKUP_CHOICE && \
	   ((int)(lowering) != PF_SELECT || PF_HAVE_SELECT))))

static inline bool pf_has(enum pf_accessor acc, enum pf_generation gen,
			  enum pf_lowering lowering)
{
	const struct pf_accessor_info *a = &pf_accessors[acc];
	const struct pf_generation_info *g = &pf_generations[gen];

	return PF_HAS(a->forced, a->kind, a->policy, a->since, a->until,
		      g->since, g->until, pf_layouts[g->layout].marking, g->era,
		      g->lookup, lowering);
}

#endif
