// SPDX-License-Identifier: GPL-2.0
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "data/sequence.h"
#include "workload/sequence_file.h"

/* The writer: numbers of sites by look-up, and the run that goes on. */
struct writer {
	FILE *f;
	const struct workload_sequence *s;
	int *number;		/* by site of the census; -1: none yet */
	int nr_sites;
	int site;
	char kind[8];
	uint64_t run;
};

/* "zap_present_ptes _compound_head < page_folio", as much as fits. */
static void write_site(const struct writer *w, int lookup)
{
	const struct census *c = &w->s->workload->census;
	const struct census_site *s = &c->site[lookup];
	const char *chain = census_text(c, s->chain);
	char name[SEQUENCE_SITE_NAME_MAX + 1];

	snprintf(name, sizeof(name), "%s %s%s%s",
		 census_text(c, c->function[s->function].name),
		 census_text(c, s->name), *chain ? " < " : "", chain);
	fprintf(w->f, "site %d %s\n", w->number[lookup], name);
}

static void write_run(struct writer *w)
{
	if (w->run)
		fprintf(w->f, "%d %s %" PRIu64 "\n", w->site, w->kind, w->run);
	w->run = 0;
}

/* Runs of the parts of a look-up, and runs that were cut, become one. */
static bool merge_run(struct writer *w, size_t part, const char *kind,
		    uint64_t n)
{
	int lookup, site;

	if (part >= w->s->workload->census.nr_sites)
		return false;
	lookup = workload_lookup_of(w->s->workload, part);
	if (lookup < 0)
		return false;
	if (w->number[lookup] < 0) {
		if (w->nr_sites == SEQUENCE_SITES)
			return false;
		write_run(w);
		w->number[lookup] = w->nr_sites++;
		write_site(w, lookup);
	}
	site = w->number[lookup];
	if (site != w->site || strcmp(kind, w->kind)) {
		write_run(w);
		w->site = site;
		strcpy(w->kind, kind);
	}
	w->run += n;
	return true;
}

static bool copy_runs(struct writer *w, FILE *runs)
{
	char kind[8];
	size_t part;
	uint64_t n;
	int got;

	while ((got = fscanf(runs, "%zu %7s %" SCNu64 "\n", &part, kind,
			     &n)) == 3)
		if (!merge_run(w, part, kind, n))
			return false;
	write_run(w);
	/* the last line of a whole file is "end" */
	return got == 0 && fscanf(runs, "%7s", kind) == 1 &&
		!strcmp(kind, "end");
}

int workload_write_sequence(FILE *f, const void *arg)
{
	const struct workload_sequence *s = arg;
	size_t nr = s->workload->census.nr_sites;
	struct writer w = { .f = f, .s = s, .site = -1 };
	FILE *runs = fopen(s->runs, "re");
	bool whole = false;

	w.number = malloc((nr + 1) * sizeof(*w.number));
	if (runs && w.number) {
		for (size_t i = 0; i < nr; i++)
			w.number[i] = -1;
		fprintf(f, SEQUENCE_MAGIC "%d\n# name: %s\n# workload: %s\n"
			"# kernel: %s\n", SEQUENCE_FORMAT, s->name, s->command,
			s->kernel);
		if (s->partial)
			fprintf(f, "# partial: %s\n", s->partial);
		whole = copy_runs(&w, runs);
	}
	if (runs)
		fclose(runs);
	free(w.number);
	return !whole || ferror(f);
}
