/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A memmap: struct pages marked as in a generation, the order in which a loop
 * visits them, and a check of the marks. The caller provides the memory.
 */
#ifndef PAGEFLAGS_MEMMAP_H
#define PAGEFLAGS_MEMMAP_H

#include "pageflags/accessor.h"
#include "pageflags/mark.h"

enum pf_population {
	PF_SMALL,		/* order 0 */
	PF_HEADS,
	PF_TAILS,
	PF_MIXED,		/* a percentage of tails, the rest order 0 */
	PF_RUNS,		/* compound pages, page by page, head first */
	PF_NR_POPULATIONS
};

#define PF_DEFAULT_ORDER 2

/* Pages per iteration of a loop; the number of visits is a multiple. */
#define PF_UNROLL 8

/* xorshift64* (Vigna 2014): the same seed makes the same population */
static inline uint64_t pf_random(uint64_t *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return *state * 2685821657736338717ULL;
}

static inline unsigned long pf_random_below(uint64_t *state, unsigned long n)
{
	return (unsigned long)(pf_random(state) >> 16) % n;
}

/* True if page number @i is part of a compound page of @order. */
static inline bool pf_is_compound_block(unsigned long i,
					enum pf_population pop,
					unsigned int order)
{
	if (pop == PF_SMALL)
		return false;
	/* mixed: every other block */
	return pop != PF_MIXED || (i >> order & 1) == 0;
}

static inline bool pf_is_tail_index(unsigned long i, enum pf_population pop,
				    unsigned int order)
{
	return pf_is_compound_block(i, pop, order) &&
		(i & ((1UL << order) - 1)) != 0;
}

/* The number of the head of page number @i. */
static inline unsigned long pf_head_index(unsigned long i,
					  enum pf_population pop,
					  unsigned int order)
{
	return pf_is_tail_index(i, pop, order) ? i & ~((1UL << order) - 1) : i;
}

static inline void pf_mark_refs(struct pf_page *page, enum pf_generation gen)
{
	enum pf_ref_scheme s = pf_ref_scheme(gen);

	atomic_set(PF_REF_AT(page, PF_REF_OFFSET),
		   pf_ref_word(s, PF_REF_MANY));
	atomic_set(PF_REF_AT(page, PF_REF_FROZEN_OFFSET),
		   pf_ref_frozen_word(s));
	atomic_set(PF_REF_AT(page, PF_REF_LAST_OFFSET), pf_ref_word(s, 1));
}

/**
 * pf_memmap_fill() - clear and mark @nr pages
 * @map: aligned to (sizeof(struct pf_page) << PF_MAX_ORDER)
 * @nr: a multiple of 2 << order
 *
 * PG_uptodate is set on all pages, tails too: every generation then gets the
 * same answer and executes the barrier after it. All other flags are clear.
 * Each page has a folio of its own, or is part of one, where all pages have
 * one.
 *
 * Return: false if the caller is being killed: not all pages are marked.
 */
static inline bool pf_memmap_fill(struct pf_page *map, unsigned long nr,
				  enum pf_generation gen,
				  enum pf_population pop, unsigned int order)
{
	const struct pf_layout *l = &pf_layouts[pf_generations[gen].layout];
	unsigned long i, w;

	for (i = 0; i < nr; i++) {
		struct pf_page *page = &map[i];
		struct pf_page *head = &map[pf_head_index(i, pop, order)];
		bool compound = pf_is_compound_block(i, pop, order);

		if (pf_relax(i))
			return false;
		page->flags = 0;
		for (w = 0; w < sizeof(page->word) / sizeof(*page->word); w++)
			page->word[w] = 0;
		pf_folio(page, l)->flags = 1UL << l->uptodate;
		if (pf_generations[gen].era == PF_ERA_REF ||
		    pf_generations[gen].era == PF_ERA_POLICY)
			pf_mark_refs(page, gen);
		if (l->marking == PF_MARK_MEMDESC)
			pf_mark_folio(*l, page, page);
		if (!compound)
			continue;
		if (page == head)
			pf_mark_head(*l, page, order);
		/* an address would be read as the type of a page, by chance */
		else if (pf_generations[gen].era != PF_ERA_PLAIN ||
			 pf_generations[gen].lookup != PF_LOOKUP_NONE)
			pf_mark_tail(*l, pf_generations[gen].since, page, head,
				     order);
	}
	return true;
}

/**
 * pf_memmap_check() - check that every page leads to its head
 * Return: the number of the first page that does not, or @nr.
 */
static inline unsigned long pf_memmap_check(const struct pf_page *map,
					    unsigned long nr,
					    enum pf_generation gen,
					    enum pf_population pop,
					    unsigned int order)
{
	const struct pf_layout *l = &pf_layouts[pf_generations[gen].layout];
	unsigned long i;

	for (i = 0; i < nr; i++) {
		struct pf_page *page = (struct pf_page *)&map[i];
		struct pf_page *head = (struct pf_page *)
			&map[pf_head_index(i, pop, order)];
		bool tail = pf_is_tail_index(i, pop, order);

		if (!(pf_folio(page, l)->flags & 1UL << l->uptodate))
			return i;
		if (l->marking != PF_MARK_ORDER &&
		    l->marking != PF_MARK_MEMDESC &&
		    pf_generations[gen].lookup != PF_LOOKUP_NONE) {
			if (pf_page_tail(page, gen) != tail)
				return i;
			if (pf_page_head(page, gen) !=
			    (head == page &&
			     pf_is_compound_block(i, pop, order)))
				return i;
			if (pf_page_compound(page, gen) !=
			    pf_is_compound_block(i, pop, order))
				return i;
		}
		if (pf_generations[gen].lookup != PF_LOOKUP_NONE &&
		    pf_compound_head(page, gen, PF_AUTO) != pf_folio(head, l))
			return i;
	}
	return nr;
}

/**
 * pf_memmap_visits() - choose the pages to visit and their order
 * @map: NULL if the pages are not contiguous; @visit then gets page numbers,
 *	shifted left by PF_PAGE_SHIFT
 * @tails: percentage of tails, for PF_MIXED
 * @shuffled: random order; else the order of the memmap
 * @visit: room for @max pointers
 *
 * PF_MIXED always has random order, with exactly the share of tails; @max
 * should exceed the memory of a branch predictor.
 *
 * Return: the number of visits, a multiple of PF_UNROLL; 0 if @max is less than
 * PF_UNROLL, or if the caller is being killed.
 */
static inline unsigned long
pf_memmap_visits(struct pf_page *map, unsigned long nr, enum pf_population pop,
		 unsigned int order, unsigned int tails, bool shuffled,
		 uint64_t seed, struct pf_page **visit, unsigned long max)
{
	unsigned long n = 0, i, j;
	struct pf_page *tmp;

	if (max < PF_UNROLL)
		return 0;
	max -= max % PF_UNROLL;
	seed |= 1;
	if (pop == PF_MIXED) {
		unsigned long nr_tails = max * tails / 100;

		for (n = 0; n < max; n++) {
			if (pf_relax(n))
				return 0;
			do {
				i = pf_random_below(&seed, nr);
			} while (n < nr_tails ?
				 !pf_is_tail_index(i, pop, order) :
				 pf_is_compound_block(i, pop, order));
			visit[n] = map + i;
		}
		shuffled = true;
	} else {
		for (i = 0; i < nr && n < max; i++) {
			bool tail = pf_is_tail_index(i, pop, order);

			if (pf_relax(i))
				return 0;
			if (pop == PF_SMALL || pop == PF_RUNS ||
			    tail == (pop == PF_TAILS))
				visit[n++] = map + i;
		}
		/* fewer than an iteration needs: repeat them */
		for (i = 0; n && n < PF_UNROLL; i++)
			visit[n++] = visit[i];
		n -= n % PF_UNROLL;
	}
	if (!shuffled)
		return n;
	for (i = n; i > 1; i--) {
		if (pf_relax(i))
			return 0;
		j = pf_random_below(&seed, i);
		tmp = visit[i - 1];
		visit[i - 1] = visit[j];
		visit[j] = tmp;
	}
	return n;
}

/**
 * pf_memmap_repeat() - repeat a list of visits
 * @visit: @n pages, with room for @max
 *
 * A branch at the end of the list is mispredicted once per pass: lists of one
 * length make that cost the same for all populations of one size.
 *
 * Return: the number of visits, a multiple of PF_UNROLL; 0 if the caller is
 * being killed.
 */
static inline unsigned long pf_memmap_repeat(struct pf_page **visit,
					     unsigned long n, unsigned long max)
{
	unsigned long i;

	max -= max % PF_UNROLL;
	for (i = n; n && i < max; i++) {
		if (pf_relax(i))
			return 0;
		visit[i] = visit[i - n];
	}
	return n && n < max ? max : n;
}

#endif
