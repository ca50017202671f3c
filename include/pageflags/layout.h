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
 *   uptodate, dirty, lru, active, writeback, head, tail)
 *
 * From include/linux/page-flags.h and mm_types.h of the release that names the
 * layout. `tail` is PG_reclaim in v2.6.22 and unused from v4.4 on. The bits of
 * the order in order_2015 are our choice, above all flags of 2015.
 *
 * A memdesc is 32 or 8 bytes of the 64; our folio is in the rest of its first
 * page, at the second offset. All other folios are their first page.
 */
#define PF_LAYOUTS(L) \
	L(v2_6_22,      TWOBIT,  0x10,    0, 0, 2, 3, 4, 5, 6, 12, 14, 17) \
	L(v2_6_26,      BIT,     0x10,    0, 0, 2, 3, 4, 5, 6, 12, 13, 14) \
	L(v4_2,         BIT,     0x30,    0, 0, 2, 3, 4, 5, 6, 13, 14, 15) \
	L(v4_4,         WORD,    0x20,    0, 0, 2, 3, 4, 5, 6, 13, 14,  0) \
	L(v5_18,        WORD,    0x08,    0, 0, 1, 2, 3, 4, 5, 15, 16,  0) \
	L(v7_1,         MASK,    0x08,    0, 0, 2, 3, 4, 5, 8,  1,  6,  0) \
	L(v7_1_pointer, WORD,    0x08,    0, 0, 2, 3, 4, 5, 8,  1,  6,  0) \
	L(memdesc_32,   MEMDESC, 0x08, 0x20, 0, 2, 3, 4, 5, 8,  1,  6,  0) \
	L(memdesc_8,    MEMDESC, 0x00, 0x10, 0, 2, 3, 4, 5, 8,  1,  6,  0) \
	L(order_2015,   ORDER,   0x20,    0, 0, 2, 3, 4, 5, 6, 13, 14, 24) \
	L(primitive,    BIT,     0x30,    0, 4, 5, 6, 7, 8, 9, 10,  1,  0)

#define PF_L(id, ...) PF_LAYOUT_##id,
enum pf_layout_id { PF_LAYOUTS(PF_L) PF_NR_LAYOUTS };
#undef PF_L

struct pf_layout {
	enum pf_marking marking;
	unsigned int word;	/* index into pf_page.word; -1: flags */
	unsigned int folio;	/* offset of the folio in its first page */
	unsigned int locked, referenced, uptodate, dirty, lru, active;
	unsigned int writeback, head, tail;
};

static const struct pf_layout pf_layouts[PF_NR_LAYOUTS] __maybe_unused = {
#define PF_L(id, mark, offset, fo, lk, rf, up, di, lr, ac, wb, hd, tl) \
	[PF_LAYOUT_##id] = { \
		.marking = PF_MARK_##mark, \
		.word = (unsigned int)((offset) / sizeof(unsigned long) - 1), \
		.folio = fo, \
		.locked = lk, .referenced = rf, .uptodate = up, .dirty = di, \
		.lru = lr, .active = ac, .writeback = wb, .head = hd, \
		.tail = tl, \
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
