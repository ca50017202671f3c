// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "census/pfn_walkers.h"

/* Is a reference taken in @function at a lower address, above the first pfn? */
static bool is_guarded(const struct census *c, uint32_t function,
		       uint64_t address)
{
	uint64_t pfn = UINT64_MAX;
	size_t i;

	for (i = 0; i < c->nr_notes; i++)
		if (c->note[i].function == function &&
		    c->note[i].class & CENSUS_PFN && c->note[i].address < pfn)
			pfn = c->note[i].address;
	for (i = 0; i < c->nr_notes; i++)
		if (c->note[i].function == function &&
		    c->note[i].class & CENSUS_TRY_GET &&
		    c->note[i].address >= pfn &&
		    c->note[i].address < address)
			return true;
	return false;
}

/* How many look-ups are hidden in what @call calls, of the first call of it? */
static size_t hidden_below(const struct census *c,
			   const struct census_note *call)
{
	const struct census_function *f = &c->function[call->function];
	const struct census_note *before = call;
	size_t hidden = 0;

	if (!(call->class & CENSUS_CALLED))
		return 0;
	while (before > c->note && before[-1].function == call->function)
		if ((--before)->name == call->name)
			return 0;
	for (size_t i = 0; i < c->nr_sites; i++) {
		const struct census_site *s = &c->site[i];
		const struct census_function *g = &c->function[s->function];

		hidden += s->hidden && g != f && g->name == call->name &&
			g->unit == f->unit && g->file == f->file;
	}
	return hidden;
}

static int by_hidden(const void *a, const void *b, void *arg)
{
	const struct census_walker *x = a, *y = b;
	const struct census *c = arg;
	const struct census_function *f = &c->function[x->function];
	const struct census_function *g = &c->function[y->function];
	int cmp;

	if (x->named != y->named)
		return x->named ? -1 : 1;
	if (x->hidden - x->guarded != y->hidden - y->guarded)
		return x->hidden - x->guarded > y->hidden - y->guarded ? -1 : 1;
	if (x->hidden != y->hidden)
		return x->hidden > y->hidden ? -1 : 1;
	cmp = strcmp(census_text(c, f->unit), census_text(c, g->unit));
	return cmp ? cmp : strcmp(census_text(c, f->name),
				  census_text(c, g->name));
}

static int tally(struct census_tally *t, uint32_t name, size_t count)
{
	struct census_tallied *room;
	size_t i;

	for (i = 0; i < t->nr && t->t[i].name != name; i++)
		;
	if (i == t->nr) {
		room = array_grow(t->t, t->nr, sizeof(*room));
		if (!room)
			return -ENOMEM;
		t->t = room;
		t->t[t->nr++] = (struct census_tallied){ .name = name };
	}
	t->t[i].count += count;
	return 0;
}

char *census_tally_text(const struct census *c, const struct census_tally *t)
{
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	if (!f)
		return NULL;
	for (size_t i = 0; i < t->nr; i++) {
		fprintf(f, "%s%s", i ? ", " : "", census_text(c, t->t[i].name));
		if (t->t[i].count > 1)
			fprintf(f, "*%zu", t->t[i].count);
	}
	if (fclose(f)) {
		free(text);
		return NULL;
	}
	return text;
}

/* The accessor that holds a hidden look-up. */
static uint32_t hiding(const struct census *c, const struct census_site *s)
{
	do
		s = &c->site[s->outer];
	while (s->outer >= 0 && c->class[s->name] & CENSUS_LOOKUP);
	return s->name;
}

int census_evidence(struct census_evidence *e, const struct census *c,
		    const struct census_walker *w)
{
	int err = 0;
	size_t i, below;

	*e = (struct census_evidence){ 0 };
	for (i = 0; !err && i < c->nr_notes; i++) {
		const struct census_note *n = &c->note[i];

		if (n->function != w->function)
			continue;
		below = hidden_below(c, n);
		if (below)
			err = tally(&e->hidden, n->name, below);
		else if (n->class & CENSUS_NOTED)
			err = tally(n->class & CENSUS_PFN ? &e->pfn :
				    &e->reference, n->name, 1);
	}
	for (i = 0; !err && i < c->nr_sites; i++)
		if (c->site[i].function == w->function && c->site[i].hidden)
			err = tally(&e->hidden, hiding(c, &c->site[i]), 1);
	if (err)
		census_evidence_free(e);
	return err;
}

void census_evidence_free(struct census_evidence *e)
{
	free(e->pfn.t);
	free(e->hidden.t);
	free(e->reference.t);
}

static void add_hidden(struct census_walker *w, const struct census *c,
		       size_t nr, uint64_t address)
{
	w->hidden += nr;
	if (nr && is_guarded(c, w->function, address))
		w->guarded += nr;
}

static void find_walkers(struct census_walkers *all)
{
	const struct census *c = all->census;
	struct census_walker *w = all->w;
	size_t i;

	for (i = 0; i < c->nr_functions; i++)
		w[i].function = i;
	for (i = 0; i < c->nr_notes; i++) {
		struct census_walker *of = &w[c->note[i].function];

		if (!(c->note[i].class & CENSUS_PFN))
			continue;
		of->walks = true;
		of->named |= strcmp(census_text(c, c->note[i].name),
				    "pfn_to_page") != 0;
	}
	for (i = 0; i < c->nr_sites; i++) {
		const struct census_site *s = &c->site[i];

		if (s->hidden && w[s->function].walks)
			add_hidden(&w[s->function], c, 1, s->address);
	}
	for (i = 0; i < c->nr_notes; i++) {
		const struct census_note *n = &c->note[i];

		if (w[n->function].walks)
			add_hidden(&w[n->function], c, hidden_below(c, n),
				   n->address);
	}
	for (i = 0; i < c->nr_functions; i++)
		if (w[i].hidden)
			w[all->nr++] = w[i];
	qsort_r(w, all->nr, sizeof(*w), by_hidden, (void *)c);
}

static void find_unread(struct census_walkers *all)
{
	const struct census *c = all->census;
	size_t i;

	memset(all->unread, true, c->nr_files);
	for (i = 0; i < c->nr_notes; i++)
		if (!strcmp(census_text(c, c->note[i].name), "pfn_to_page"))
			all->unread[c->function[c->note[i].function].file] =
				false;
}

int census_walkers(struct census_walkers *all, const struct census *c)
{
	*all = (struct census_walkers){
		.census = c,
		.w = calloc(c->nr_functions + 1, sizeof(*all->w)),
		.unread = calloc(c->nr_files + 1, sizeof(*all->unread)),
	};
	if (!all->w || !all->unread) {
		census_walkers_free(all);
		return -ENOMEM;
	}
	find_walkers(all);
	find_unread(all);
	return 0;
}

void census_walkers_free(struct census_walkers *all)
{
	free(all->w);
	free(all->unread);
}
