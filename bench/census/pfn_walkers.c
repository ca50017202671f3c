// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "census/pfn_walkers.h"

/* The hidden look-ups in the functions that have one name in one unit. */
struct callee {
	uint32_t key[3];	/* file, unit, name */
	size_t hidden;
};

static int compare_callees(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(((struct callee *)a)->key));
}

/*
 * group_by_function() - list the items of each function, in their order
 * @items: @nr structs of @size bytes
 * @member: offset of the number of the function, a uint32_t
 */
static int group_by_function(struct census_by_function *g, size_t functions,
			     const void *items, size_t nr, size_t size,
			     size_t member)
{
	/* no items have no array */
	const char *function = nr ? (const char *)items + member : NULL;
	uint32_t number;
	size_t i;

	g->first = calloc(functions + 2, sizeof(*g->first));
	g->item = calloc(nr + 1, sizeof(*g->item));
	if (!g->first || !g->item)
		return -ENOMEM;
	for (i = 0; i < nr; i++) {
		memcpy(&number, function + i * size, sizeof(number));
		g->first[number + 2]++;
	}
	for (i = 2; i < functions + 2; i++)
		g->first[i] += g->first[i - 1];
	/* first[number + 1] goes from the start to the end of the group */
	for (i = 0; i < nr; i++) {
		memcpy(&number, function + i * size, sizeof(number));
		g->item[g->first[number + 1]++] = i;
	}
	return 0;
}

/* One callee per name and unit, sorted. Return: how many. */
static size_t find_callees(const struct census *c, const size_t *hidden,
			   struct callee *callee)
{
	size_t nr = 0, kept = 0;

	for (size_t i = 0; i < c->nr_functions; i++)
		if (hidden[i])
			callee[nr++] = (struct callee){
				{ c->function[i].file, c->function[i].unit,
				  c->function[i].name }, hidden[i],
			};
	qsort(callee, nr, sizeof(*callee), compare_callees);
	for (size_t i = 0; i < nr; i++) {
		if (kept && !compare_callees(&callee[kept - 1], &callee[i]))
			callee[kept - 1].hidden += callee[i].hidden;
		else
			callee[kept++] = callee[i];
	}
	return kept;
}

/* Fill in hidden_below[]; only the first call of a callee counts. */
static void count_hidden_below(struct census_walkers *all, const size_t *hidden,
			       const struct callee *callee, size_t nr,
			       uint32_t *last_caller)
{
	const struct census *c = all->census;
	const struct census_by_function *g = &all->notes;

	for (size_t k = 0; k < c->nr_notes; k++) {
		uint32_t i = g->item[k];
		const struct census_note *n = &c->note[i];
		const struct census_function *f = &c->function[n->function];
		const struct callee key = {
			{ f->file, f->unit, n->name }, 0,
		};
		const struct callee *found;
		bool again = last_caller[n->name] == n->function + 1;

		last_caller[n->name] = n->function + 1;
		if (again || !(n->class & CENSUS_CALLED))
			continue;
		found = bsearch(&key, callee, nr, sizeof(key), compare_callees);
		if (found)
			all->hidden_below[i] = found->hidden -
				(f->name == n->name ? hidden[n->function] : 0);
	}
}

static int index_census(struct census_walkers *all)
{
	const struct census *c = all->census;
	size_t *hidden = calloc(c->nr_functions + 1, sizeof(*hidden));
	struct callee *callee = calloc(c->nr_functions + 1, sizeof(*callee));
	uint32_t *last_caller = calloc(c->strings.nr + 1, sizeof(*last_caller));
	int err = 0;

	all->hidden_below = calloc(c->nr_notes + 1, sizeof(*all->hidden_below));
	if (!hidden || !callee || !last_caller || !all->hidden_below)
		err = -ENOMEM;
	if (!err)
		err = group_by_function(&all->notes, c->nr_functions, c->note,
					c->nr_notes, sizeof(*c->note),
					offsetof(struct census_note, function));
	if (!err)
		err = group_by_function(&all->sites, c->nr_functions, c->site,
					c->nr_sites, sizeof(*c->site),
					offsetof(struct census_site, function));
	if (!err) {
		for (size_t i = 0; i < c->nr_sites; i++)
			hidden[c->site[i].function] += c->site[i].hidden;
		count_hidden_below(all, hidden, callee,
				   find_callees(c, hidden, callee),
				   last_caller);
	}
	free(hidden);
	free(callee);
	free(last_caller);
	return err;
}

static int compare_walkers(const void *a, const void *b, void *arg)
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

static int tally_name(struct census_tally *t, uint32_t name, size_t count)
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
		t->t[t->nr++].name = name;
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

/* The accessor around a hidden look-up. */
static uint32_t hiding_accessor(const struct census *c,
				const struct census_site *s)
{
	do
		s = &c->site[s->outer];
	while (s->outer >= 0 && c->class[s->name] & CENSUS_LOOKUP);
	return s->name;
}

int census_evidence(struct census_evidence *e, const struct census_walkers *all,
		    const struct census_walker *w)
{
	const struct census *c = all->census;
	const uint32_t *notes = &all->notes.first[w->function];
	const uint32_t *sites = &all->sites.first[w->function];
	int err = 0;
	size_t i;

	*e = (struct census_evidence){ 0 };
	for (i = notes[0]; !err && i < notes[1]; i++) {
		uint32_t number = all->notes.item[i];
		const struct census_note *n = &c->note[number];

		if (all->hidden_below[number])
			err = tally_name(&e->hidden, n->name,
				    all->hidden_below[number]);
		else if (n->class & CENSUS_NOTED)
			err = tally_name(n->class & CENSUS_PFN ? &e->pfn :
				    &e->reference, n->name, 1);
	}
	for (i = sites[0]; !err && i < sites[1]; i++) {
		const struct census_site *s = &c->site[all->sites.item[i]];

		if (s->hidden)
			err = tally_name(&e->hidden, hiding_accessor(c, s), 1);
	}
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

static bool is_pfn_to_page(const struct census *c, const struct census_note *n)
{
	return !strcmp(census_text(c, n->name), "pfn_to_page");
}

static void add_hidden(struct census_walker *w, size_t nr, uint64_t address)
{
	w->hidden += nr;
	if (w->reference < address)
		w->guarded += nr;
}

/* Find out where each function first has a page, and a reference after that. */
static void find_addresses(struct census_walkers *all)
{
	const struct census *c = all->census;
	size_t i;

	for (i = 0; i < c->nr_functions; i++)
		all->w[i] = (struct census_walker){
			.function = i, .pfn = UINT64_MAX,
			.reference = UINT64_MAX,
		};
	for (i = 0; i < c->nr_notes; i++) {
		const struct census_note *n = &c->note[i];
		struct census_walker *w = &all->w[n->function];

		if (!(n->class & CENSUS_PFN))
			continue;
		w->walks = true;
		w->named |= !is_pfn_to_page(c, n);
		w->pfn = n->address < w->pfn ? n->address : w->pfn;
	}
	for (i = 0; i < c->nr_notes; i++) {
		const struct census_note *n = &c->note[i];
		struct census_walker *w = &all->w[n->function];

		if (n->class & CENSUS_TRY_GET && n->address >= w->pfn &&
		    n->address < w->reference)
			w->reference = n->address;
	}
}

static void find_walkers(struct census_walkers *all)
{
	const struct census *c = all->census;
	struct census_walker *w = all->w;
	size_t i;

	find_addresses(all);
	for (i = 0; i < c->nr_sites; i++)
		if (c->site[i].hidden)
			add_hidden(&w[c->site[i].function], 1,
				   c->site[i].address);
	for (i = 0; i < c->nr_notes; i++)
		add_hidden(&w[c->note[i].function], all->hidden_below[i],
			   c->note[i].address);
	for (i = 0; i < c->nr_functions; i++)
		if (w[i].walks && w[i].hidden)
			w[all->nr++] = w[i];
	qsort_r(w, all->nr, sizeof(*w), compare_walkers, (void *)c);
}

static void find_unread(struct census_walkers *all)
{
	const struct census *c = all->census;
	size_t i;

	memset(all->unread, true, c->nr_files);
	for (i = 0; i < c->nr_notes; i++)
		if (is_pfn_to_page(c, &c->note[i]))
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
	if (!all->w || !all->unread || index_census(all)) {
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
	free(all->notes.first);
	free(all->notes.item);
	free(all->sites.first);
	free(all->sites.item);
	free(all->hidden_below);
}
