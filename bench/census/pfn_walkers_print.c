// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "census/pfn_walkers.h"
#include "census/print.h"
#include "lib/text.h"

static int print_tally(FILE *f, const struct census *c, const char *what,
		       const struct census_tally *t)
{
	char *names, *text;

	if (!t->nr)
		return 0;
	names = census_tally_text(c, t);
	if (!names || asprintf(&text, "  %s %s", what, names) < 0) {
		free(names);
		return -ENOMEM;
	}
	text_wrapped(f, text, 6);
	free(text);
	free(names);
	return 0;
}

static int print_walker(FILE *f, const struct census_walkers *all,
			const struct census_walker *w)
{
	const struct census *c = all->census;
	const struct census_function *fn = &c->function[w->function];
	struct census_evidence e;
	int err;

	err = census_evidence(&e, all, w);
	if (err)
		return err;
	fputc('\n', f);
	text_line(f, "%s  %s", census_text(c, fn->name),
		  census_text(c, fn->unit));
	err = print_tally(f, c, "pfn by", &e.pfn);
	if (!err)
		err = print_tally(f, c, "hidden in", &e.hidden);
	if (!err)
		err = print_tally(f, c, "reference by", &e.reference);
	census_evidence_free(&e);
	if (!w->guarded)
		text_line(f, "  no reference before any of %zu", w->hidden);
	else
		text_line(f, "  a reference between pfn and look-up before %zu of %zu",
			  w->guarded, w->hidden);
	return err;
}

static void print_unread(FILE *f, const struct census_walkers *all)
{
	const struct census *c = all->census;
	size_t nr = 0, first = 0, i;
	char text[512];

	for (i = c->nr_files; i-- > 0;)
		if (all->unread[i]) {
			first = i;
			nr++;
		}
	if (!nr)
		return;
	snprintf(text, sizeof(text), "The macro pfn_to_page() is only found in linked x86-64 files that have vmemmap_base: it is unknown for %s",
		 census_basename(c->file[first].path));
	if (nr > 1)
		snprintf(text + strlen(text), sizeof(text) - strlen(text),
			 " and %zu more", nr - 1);
	text_wrapped(f, text, 0);
}

int census_print_walkers(FILE *f, const struct census_walkers *all, size_t top)
{
	const struct census *c = all->census;
	const struct census_walker *w = all->w;
	size_t i;

	text_line(f, "Functions that get a page from a pfn and hide a look-up, in");
	for (i = 0; i < c->nr_files; i++)
		census_print_file(f, c, &c->file[i]);
	fputc('\n', f);
	text_wrapped(f, "This list is a start for an audit, not its result. A reference counts as before a look-up if its address is lower, which need not be the order of execution. Look-ups that a callee hides are counted if the callee is in the same source file; its own callees are not followed. Locks, flags and type checks that make a look-up safe are not recognised.",
		     0);
	print_unread(f, all);
	for (i = 0; i < all->nr && (!top || i < top); i++) {
		if (!i || w[i].named != w[i - 1].named) {
			fputc('\n', f);
			text_line(f, w[i].named ? "By pfn_to_online_page() or pfn_valid():" :
				  "By the code of pfn_to_page() (includes page table walkers):");
		}
		if (print_walker(f, all, &w[i]))
			return -ENOMEM;
	}
	if (i < all->nr)
		text_line(f, "...  %zu more (--top=0 shows all)", all->nr - i);
	fputc('\n', f);
	text_line(f, "%zu functions", all->nr);
	return ferror(f) ? -EIO : 0;
}
