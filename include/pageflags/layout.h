/* SPDX-License-Identifier: GPL-2.0 */
/* The layout of struct page and the flags' bit numbers, by generation. */
#ifndef PAGEFLAGS_LAYOUT_H
#define PAGEFLAGS_LAYOUT_H

#include "pageflags/env.h"

/* tests/verify/ sets 1: the prover then has one load, whatever the index. */
#ifndef PF_PAGE_WORDS
#define PF_PAGE_WORDS (64 / sizeof(unsigned long) - 1)
#endif

/*
 * In every layout 64 bytes, 64-byte aligned, flags first. The offset of the
 * word that leads from a tail to its head is in the layout.
 */
struct pf_page {
	unsigned long flags;
	unsigned long word[PF_PAGE_WORDS];
} __attribute__((aligned(64)));

#define PF_PAGE_SHIFT 6		/* log2 of sizeof(struct pf_page) */
#define PF_MAX_ORDER 9

/* How the pages of a compound page are marked. */
enum pf_marking {
	PF_MARK_TWOBIT,		/* both bits head and tail: a tail */
	PF_MARK_BIT,		/* bit tail; the word is first_page */
	PF_MARK_WORD,		/* bit 0 of the word, the rest is the head */
	PF_MARK_MASK,		/* bit 0 of the word, the rest is a mask */
	PF_MARK_ORDER,		/* four bits from bit tail on: the order */
	PF_MARK_MEMDESC,	/* every page's word: its folio, and a type */
};

/*
 * L(id, marking, offset of the word, offset of the folio, locked, referenced,
 *   uptodate, dirty, lru, active, writeback, head, tail, slab, anon_exclusive,
 *   offset of mapping, offset of compound_dtor)
 *
 * From include/linux/page-flags.h and mm_types.h of the release that names the
 * layout. `tail` is PG_reclaim in v2.6.22 and unused from v4.4 on. The bits of
 * the order in order_2015 are our choice, above all flags of 2015.
 *
 * A memdesc is 32 or 8 bytes of the 64; our folio is in the rest of its first
 * page, at the second offset. All other folios are their first page.
 *
 * slab: 0 where it is a page type. anon_exclusive: PG_mappedtodisk, later
 * PG_owner_2. compound_dtor is in page[1]; 0: the generation has no such byte.
 */
#define PF_LAYOUTS(L) \
	L(v2_6_22,      TWOBIT,  0x10,    0, 0, 2, 3, 4, 5, 6, 12, 14, 17, \
	  7, 16, 0x18,    0) \
	L(v2_6_26,      BIT,     0x10,    0, 0, 2, 3, 4, 5, 6, 12, 13, 14, \
	  7, 16, 0x18,    0) \
	L(v4_2,         BIT,     0x30,    0, 0, 2, 3, 4, 5, 6, 13, 14, 15, \
	  7, 17, 0x08,    0) \
	L(v4_4,         WORD,    0x20,    0, 0, 2, 3, 4, 5, 6, 13, 14,  0, \
	  7, 16, 0x08, 0x28) \
	L(v5_18,        WORD,    0x08,    0, 0, 1, 2, 3, 4, 5, 15, 16,  0, \
	  9, 17, 0x18, 0x10) \
	L(v7_1,         MASK,    0x08,    0, 0, 2, 3, 4, 5, 8,  1,  6,  0, \
	  0, 11, 0x18,    0) \
	L(v7_1_pointer, WORD,    0x08,    0, 0, 2, 3, 4, 5, 8,  1,  6,  0, \
	  0, 11, 0x18,    0) \
	L(memdesc_32,   MEMDESC, 0x08, 0x20, 0, 2, 3, 4, 5, 8,  1,  6,  0, \
	  0, 11, 0x18,    0) \
	L(memdesc_8,    MEMDESC, 0x00, 0x10, 0, 2, 3, 4, 5, 8,  1,  6,  0, \
	  0, 11, 0x18,    0) \
	L(order_2015,   ORDER,   0x20,    0, 0, 2, 3, 4, 5, 6, 13, 14, 24, \
	  7, 16, 0x08,    0) \
	L(primitive,    BIT,     0x30,    0, 4, 5, 6, 7, 8, 9, 10,  1,  0, \
	  0,  0, 0x08,    0)

#define PF_L(id, ...) PF_LAYOUT_##id,
enum pf_layout_id { PF_LAYOUTS(PF_L) PF_NR_LAYOUTS };
#undef PF_L

/*
 * The same in all layouts, of flags and fields that stay with the page. Bits of
 * v4.2 with CONFIG_MEMORY_FAILURE. The fields as on x86-64 with NODES_SHIFT=10
 * and five zones: the node in bits 54 to 63, the zone in bits 51 to 53. The
 * page type of slabs is the number in the high byte (v6.12), that of page
 * tables the bit that a page table has clear (v4.18 to v6.11, here of v6.1).
 */
#define PF_LAYOUT_OF_PAGES \
	.reserved = 10, .hwpoison = 23, .zonenum = 51, .nid = 54, \
	.type_slab = 0xf5, .type_table = 0x200

struct pf_layout {
	enum pf_marking marking;
	unsigned int word;	/* index into pf_page.word; -1: flags */
	unsigned int folio;	/* offset of the folio in its first page */
	unsigned int locked, referenced, uptodate, dirty, lru, active;
	unsigned int writeback, head, tail, slab, anon_exclusive;
	unsigned int reserved, hwpoison, zonenum, nid;
	unsigned int mapping;	/* offset */
	unsigned int dtor;	/* offset in page[1] */
	unsigned int type_slab, type_table;
};

static const struct pf_layout pf_layouts[PF_NR_LAYOUTS] __maybe_unused = {
#define PF_L(id, mark, offset, fo, lk, rf, up, di, lr, ac, wb, hd, tl, \
	     sl, ex, map, dt) \
	[PF_LAYOUT_##id] = { \
		.marking = PF_MARK_##mark, \
		.word = (unsigned int)((offset) / sizeof(unsigned long) - 1), \
		.folio = fo, \
		.locked = lk, .referenced = rf, .uptodate = up, .dirty = di, \
		.lru = lr, .active = ac, .writeback = wb, .head = hd, \
		.tail = tl, .slab = sl, .anon_exclusive = ex, \
		.mapping = map, .dtor = dt, \
		PF_LAYOUT_OF_PAGES, \
	},
	PF_LAYOUTS(PF_L)
#undef PF_L
};

/* The word that leads to the head. */
static inline unsigned long *pf_word(struct pf_page *page,
				     const struct pf_layout *l)
{
	return &page->flags + (int)l->word + 1;
}

/* The folio whose first page is @page, as the look-ups return it. */
static inline struct pf_page *pf_folio(struct pf_page *page,
				       const struct pf_layout *l)
{
	return (struct pf_page *)((unsigned long)page + l->folio);
}

#endif
