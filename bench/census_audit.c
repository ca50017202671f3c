// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "census_audit.h"
#include "census_view.h"
#include "view.h"

/* A function that comes from a pfn and hides look-ups. */
struct walker {
	uint32_t function;
	bool walks;		/* has a page from a pfn */
	bool named;		/* by a function, not by its code alone */
	size_t hidden, guarded;
};

/* Is a reference taken at a lower address, above the first pfn? */
static bool is_guarded(const struct census *c, const struct census_site *s)
{
	uint64_t pfn = UINT64_MAX;
	size_t i;

	for (i = 0; i < c->nr_notes; i++)
		if (c->note[i].function == s->function &&
		    c->note[i].class & CENSUS_PFN && c->note[i].address < pfn)
			pfn = c->note[i].address;
	for (i = 0; i < c->nr_notes; i++)
		if (c->note[i].function == s->function &&
		    c->note[i].class & CENSUS_TRY_GET &&
		    c->note[i].address >= pfn &&
		    c->note[i].address < s->address)
			return true;
	return false;
}

static int by_hidden(const void *a, const void *b, void *arg)
{
	const struct walker *x = a, *y = b;
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

/* "NAME, NAME*2": of the notes, or of what hides a look-up. */
struct list {
	uint32_t text[64];
	size_t count[64], nr;
};

static void list_add(struct list *l, uint32_t text)
{
	size_t i;

	for (i = 0; i < l->nr && l->text[i] != text; i++)
		;
	if (i == 64)
		return;
	if (i == l->nr) {
		l->text[i] = text;
		l->count[i] = 0;
		l->nr++;
	}
	l->count[i]++;
}

static void list_print(FILE *f, const struct census *c, const char *what,
		       const struct list *l)
{
	char text[4096];
	size_t len = snprintf(text, sizeof(text), "  %s ", what);

	for (size_t i = 0; i < l->nr && len < sizeof(text); i++) {
		char times[24] = "";

		if (l->count[i] > 1)
			snprintf(times, sizeof(times), "*%zu", l->count[i]);
		len += snprintf(text + len, sizeof(text) - len, "%s%s%s",
				i ? ", " : "", census_text(c, l->text[i]),
				times);
	}
	view_wrapped(f, text, 6);
}

/* The accessor that holds a hidden look-up. */
static uint32_t hiding(const struct census *c, const struct census_site *s)
{
	do
		s = &c->site[s->outer];
	while (s->outer >= 0 && c->class[s->name] & CENSUS_LOOKUP);
	return s->name;
}

static void print_walker(FILE *f, const struct census *c,
			 const struct walker *w)
{
	const struct census_function *fn = &c->function[w->function];
	struct list pfn = { 0 }, get = { 0 }, hidden = { 0 };
	size_t i;

	for (i = 0; i < c->nr_notes; i++) {
		const struct census_note *n = &c->note[i];

		if (n->function == w->function)
			list_add(n->class & CENSUS_PFN ? &pfn : &get, n->name);
	}
	for (i = 0; i < c->nr_sites; i++)
		if (c->site[i].function == w->function && c->site[i].hidden)
			list_add(&hidden, hiding(c, &c->site[i]));
	fputc('\n', f);
	view_line(f, "%s  %s", census_text(c, fn->name),
		  census_text(c, fn->unit));
	list_print(f, c, "pfn by", &pfn);
	list_print(f, c, "hidden in", &hidden);
	if (get.nr)
		list_print(f, c, "reference by", &get);
	if (!w->guarded)
		view_line(f, "  no reference before any of %zu", w->hidden);
	else
		view_line(f, "  a reference between pfn and look-up before %zu of %zu",
			  w->guarded, w->hidden);
}

static size_t find_walkers(const struct census *c, struct walker *w)
{
	size_t nr = 0, i;

	for (i = 0; i < c->nr_functions; i++)
		w[i].function = i;
	for (i = 0; i < c->nr_sites; i++) {
		const struct census_site *s = &c->site[i];

		w[s->function].hidden += s->hidden;
		w[s->function].guarded += s->hidden && is_guarded(c, s);
	}
	for (i = 0; i < c->nr_notes; i++) {
		struct walker *of = &w[c->note[i].function];

		if (!(c->note[i].class & CENSUS_PFN))
			continue;
		of->walks = true;
		of->named |= strcmp(census_text(c, c->note[i].name),
				    "pfn_to_page") != 0;
	}
	for (i = 0; i < c->nr_functions; i++)
		if (w[i].hidden && w[i].walks)
			w[nr++] = w[i];
	qsort_r(w, nr, sizeof(*w), by_hidden, (void *)c);
	return nr;
}

/* Of which files is the macro not known? */
static int print_unread(FILE *f, const struct census *c)
{
	bool *has = calloc(c->nr_files + 1, sizeof(*has));
	size_t nr = 0, first = 0, i;
	char text[512];

	if (!has)
		return -ENOMEM;
	for (i = 0; i < c->nr_notes; i++)
		if (!strcmp(census_text(c, c->note[i].name), "pfn_to_page"))
			has[c->function[c->note[i].function].file] = true;
	for (i = c->nr_files; i-- > 0;)
		if (!has[i]) {
			first = i;
			nr++;
		}
	free(has);
	if (!nr)
		return 0;
	snprintf(text, sizeof(text), "pfn_to_page(), a macro, is looked for in linked x86-64 files that have vmemmap_base, and in no others: none is known of %s",
		 census_basename(c->file[first].path));
	if (nr > 1)
		snprintf(text + strlen(text), sizeof(text) - strlen(text),
			 " and %zu more", nr - 1);
	view_wrapped(f, text, 0);
	return 0;
}

int census_print_walkers(FILE *f, const struct census *c, size_t top)
{
	struct walker *w = calloc(c->nr_functions + 1, sizeof(*w));
	size_t nr, i;

	if (!w)
		return -ENOMEM;
	nr = find_walkers(c, w);
	view_line(f, "Functions that have a page from a pfn and hide a look-up, in");
	for (i = 0; i < c->nr_files; i++)
		census_print_file(f, c, &c->file[i]);
	fputc('\n', f);
	view_wrapped(f, "The starting list of an audit, and no more than that. Before and after are those of addresses, which need not be those of the program. What a called function does is not seen: kpageflags_read() of Linux 6.1 is not here, as stable_page_flags(), which it calls, has its look-ups. Nor is a lock, a flag or a type check seen that makes the look-up safe.",
		     0);
	if (print_unread(f, c)) {
		free(w);
		return -ENOMEM;
	}
	for (i = 0; i < nr && (!top || i < top); i++) {
		if (!i || w[i].named != w[i - 1].named) {
			fputc('\n', f);
			view_line(f, w[i].named ? "By pfn_to_online_page() or pfn_valid():" :
				  "By the code of pfn_to_page() (page tables' walkers are among them):");
		}
		print_walker(f, c, &w[i]);
	}
	if (i < nr)
		view_line(f, "...  %zu more (--top=0 shows all)", nr - i);
	fputc('\n', f);
	view_line(f, "%zu functions", nr);
	free(w);
	return ferror(f) ? -EIO : 0;
}
