// SPDX-License-Identifier: GPL-2.0
/*
 * Check the answer for every page of every population against the head that
 * memmap.h laid out. The check runs in a child: a wrong look-up may crash.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/try.h"
#include "data/point.h"
#include "lib/text.h"
#include "pageflags/memmap.h"

#define MAX_SECONDS 20

struct checked {
	const struct try *t;
	struct try_found *found;
	struct pf_page *map;
	unsigned long nr;
	enum pf_population pop;
	unsigned int order;
	enum pf_lowering lowering;
	const struct pf_layout *l;
};

static const char *const kinds[TRY_NR_KINDS] = {
	"a small page", "a head", "a tail", "a fake head",
	"a page without a folio",
};

static bool is_wrong(const struct checked *c)
{
	return *c->found->wrong.text;
}

/* The answer for the folio of page @i: in most layouts the page itself. */
static unsigned long folio_of(const struct checked *c, unsigned long i)
{
	return (unsigned long)pf_folio(&c->map[i], c->l);
}

static void answer_text(const struct checked *c, unsigned long answer,
			char *text, size_t size)
{
	unsigned long offset = answer - folio_of(c, 0);
	const char *what = c->l->folio ? "the folio of page" : "page";

	if (offset / sizeof(*c->map) < c->nr && !(offset % sizeof(*c->map)))
		snprintf(text, size, "%s %zu", what,
			 offset / sizeof(*c->map));
	else
		snprintf(text, size, answer ? "%#lx, which is no %s" : "0",
			 answer, c->l->folio ? "folio" : "page");
}

static void check_page(const struct checked *c, pf_use_fn look,
		       unsigned long i, unsigned long head, enum try_kind kind)
{
	unsigned long answer = look(&c->map[i]);
	unsigned long right = kind == TRY_NO_FOLIO ? 0 : folio_of(c, head);
	char is[64], not[64];

	if (answer == right) {
		c->found->right[kind]++;
		return;
	}
	answer_text(c, answer, is, sizeof(is));
	answer_text(c, right, not, sizeof(not));
	errmsg_set(&c->found->wrong, -EINVAL,
		   "page %lu, %s, of order %u%s%s: %s() is %s, not %s",
		   i, kinds[kind], kind == TRY_SMALL ? 0 : c->order,
		   c->lowering == PF_AUTO ? "" : ", forced ",
		   c->lowering == PF_AUTO ? "" : lowering_name(c->lowering),
		   pf_accessors[c->t->subject->shown[0]].name, is, not);
}

static unsigned long mark_bits(const struct pf_layout *l)
{
	return 1UL << l->head |
		(l->marking == PF_MARK_ORDER ? 15UL << l->tail :
		 1UL << l->tail);
}

/*
 * All flags that mark nothing are set, and the word of pages that are no tails
 * is in use, with bit 0 clear as v4.4 demands: a look-up must ignore both.
 */
static void add_noise(const struct checked *c)
{
	for (unsigned long i = 0; i < c->nr; i++) {
		c->map[i].flags |= ~mark_bits(c->l);
		if (!pf_is_tail_index(i, c->pop, c->order))
			*pf_word(&c->map[i], c->l) =
				(unsigned long)&c->map[i ^ 1] + 8;
	}
}

/* Each page is something else than a part of a folio. */
static void check_no_folio(const struct checked *c, pf_use_fn look)
{
	for (unsigned long i = 0; i < c->nr && !is_wrong(c); i++) {
		unsigned long *word = pf_word(&c->map[i], c->l);
		unsigned long type = (i % 14 + 4) % 16;

		/* 2 and 3 are folios */
		*word = (*word & ~PF_MEMDESC_TYPE) | type;
		check_page(c, look, i, 0, TRY_NO_FOLIO);
	}
}

static void check_memmap(const struct checked *c)
{
	pf_use_fn look = c->t->uses[c->t->subject->shown[0]][c->lowering];
	bool memdesc = c->l->marking == PF_MARK_MEMDESC;

	/* each bit of a memdesc has a meaning */
	for (int noise = 0; noise < (memdesc ? 1 : 2); noise++) {
		pf_memmap_fill(c->map, c->nr, PF_GEN_try, c->pop, c->order);
		if (noise)
			add_noise(c);
		for (unsigned long i = 0; i < c->nr && !is_wrong(c); i++)
			check_page(c, look, i,
				   pf_head_index(i, c->pop, c->order),
				   pf_is_tail_index(i, c->pop, c->order) ?
				   TRY_TAIL : pf_is_compound_block(i, c->pop,
							c->order) ?
				   TRY_HEAD : TRY_SMALL);
	}
	if (memdesc && !is_wrong(c))
		check_no_folio(c, look);
}

/* The first struct page of each page of memory shows that of the head. */
static void check_fakes(struct checked *c)
{
	pf_use_fn look = c->t->uses[c->t->subject->shown[0]][c->lowering];
	unsigned long per = PF_PAGE_SIZE / sizeof(*c->map);

	c->pop = PF_RUNS;
	c->order = PF_MAX_ORDER;
	pf_memmap_fill(c->map, c->nr, PF_GEN_try, c->pop, c->order);
	for (unsigned long i = per; i < 1UL << c->order; i += per)
		c->map[i] = c->map[0];
	for (unsigned long i = per; i < 1UL << c->order && !is_wrong(c);
	     i += per)
		check_page(c, look, i, 0, TRY_FAKE);
}

/* Two accessors use the flag of the head, and no other. */
static void check_flags(struct checked *c)
{
	const enum pf_accessor *acc = c->t->subject->timed;
	pf_use_fn locked = c->t->uses[acc[0]][PF_AUTO];
	pf_use_fn dirty = c->t->uses[acc[1]][PF_AUTO];
	unsigned long head;

	c->pop = PF_MIXED;
	c->order = PF_DEFAULT_ORDER;
	pf_memmap_fill(c->map, c->nr, PF_GEN_try, c->pop, c->order);
	for (unsigned long i = 0; i < c->nr && !is_wrong(c); i++) {
		struct pf_page *page;

		head = pf_head_index(i, c->pop, c->order);
		page = pf_folio(&c->map[head], c->l);
		page->flags &= ~(1UL << c->l->dirty);
		dirty(&c->map[i]);
		page->flags |= 1UL << c->l->locked;
		if (!(page->flags >> c->l->dirty & 1) ||
		    !locked(&c->map[i]))
			errmsg_set(&c->found->wrong, -EINVAL,
				   "page %lu: %s() does not use the flag of its head, page %lu",
				   i, pf_accessors[acc[!(page->flags >>
							 c->l->dirty & 1)]].name,
				   head);
		page->flags &= ~(1UL << c->l->locked);
	}
}

static void check_all(const struct try *t, struct try_found *found)
{
	const struct pf_generation_info *g = &pf_generations[PF_GEN_try];
	struct checked c = {
		.t = t, .found = found, .l = &pf_layouts[g->layout],
		.map = aligned_alloc(sizeof(*c.map) << PF_MAX_ORDER,
				     sizeof(*c.map) * (4UL << PF_MAX_ORDER)),
	};

	if (!c.map)
		return;
	for (int low = 0; low < PF_NR_LOWERINGS && !is_wrong(&c); low++) {
		c.lowering = low;
		if (!t->uses[t->subject->shown[0]][low])
			continue;
		for (int pop = 0; pop < PF_NR_POPULATIONS; pop++) {
			c.pop = pop;
			for (c.order = pop == PF_SMALL ? 0 : 1;
			     c.order <= (pop == PF_SMALL ? 0 : PF_MAX_ORDER) &&
			     !is_wrong(&c); c.order++) {
				c.nr = 4UL << PF_MAX_ORDER;
				check_memmap(&c);
			}
		}
		if (g->fakes == PF_FAKES_ON && !is_wrong(&c))
			check_fakes(&c);
	}
	if (!is_wrong(&c))
		check_flags(&c);
	found->done = true;
	free(c.map);
}

void try_right(struct try *t)
{
	try_in_child(t, TRY_RIGHT, MAX_SECONDS, check_all);
}

void try_print_right(const struct try *t)
{
	const unsigned long *n = t->right;
	enum pf_layout_id layout = pf_generations[PF_GEN_try].layout;

	text_line(t->out, "pages     right answers: small %lu, heads %lu, tails %lu",
		  n[TRY_SMALL], n[TRY_HEAD], n[TRY_TAIL]);
	if (n[TRY_NO_FOLIO])
		text_line(t->out, "          pages without a folio %lu",
			  n[TRY_NO_FOLIO]);
	if (n[TRY_FAKE])
		text_line(t->out, "          fake heads %lu", n[TRY_FAKE]);
	else if (layout == PF_LAYOUT_v5_18)
		text_line(t->out, "          fake heads n/a: PF_TRY_FAKES is not ON");
}

void try_claim_right(const struct try *t, FILE *f)
{
	unsigned long n = 0;

	for (int kind = 0; kind < TRY_NR_KINDS; kind++)
		n += t->right[kind];
	text_line(f, "right on %lu pages: small, heads, tails%s", n,
		  t->right[TRY_FAKE] ? " and fake heads" :
		  t->right[TRY_NO_FOLIO] ? ", and without a folio" : "");
}
