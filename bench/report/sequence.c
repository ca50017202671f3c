// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/sequence.h"
#include "lib/table.h"
#include "lib/text.h"
#include "report/predictor.h"
#include "report/sequence.h"

/* Columns */
enum { SITE, LOOK_UPS, TAILS, ENTROPY, FIRST_MODEL,
       NR = FIRST_MODEL + PREDICTOR_NR };

#define NAME_WIDTH 22

/*
 * So many equal outcomes of a branch in a row fill the longest history and all
 * counters: from then on no predictor is wrong.
 */
#define SETTLED 1024

/* The look-ups of a site. */
struct site {
	unsigned int number;
	char name[SEQUENCE_SITE_NAME_MAX + 1];
	unsigned long looked_up, tails, wrong[PREDICTOR_NR];
};

struct walk {
	struct site site[SEQUENCE_SITES];
	struct predictor *predictor[PREDICTOR_NR];
};

static void name_site(void *arg, unsigned int site, const char *name)
{
	struct walk *w = arg;

	snprintf(w->site[site].name, sizeof(w->site[site].name), "%s", name);
}

static void add_run(void *arg, unsigned int site, enum sequence_kind kind,
		    unsigned long n)
{
	struct walk *w = arg;
	struct site *s = &w->site[site];
	bool tail = kind == SEQUENCE_TAIL;

	s->looked_up += n;
	s->tails += tail ? n : 0;
	for (n = n < SETTLED ? n : SETTLED; n; n--)
		for (int m = 0; m < PREDICTOR_NR; m++)
			s->wrong[m] += predictor_step(w->predictor[m], site,
						      tail);
}

static int compare_sites(const void *a, const void *b)
{
	const struct site *x = a, *y = b;

	if (x->looked_up != y->looked_up)
		return x->looked_up < y->looked_up ? 1 : -1;
	return x->number < y->number ? -1 : x->number > y->number;
}

/* Bits per look-up of "tail or not", if each were drawn apart. */
static double entropy(const struct site *s)
{
	double p = (double)s->tails / s->looked_up;

	return p > 0 && p < 1 ? -p * log2(p) - (1 - p) * log2(1 - p) : 0;
}

static void site_row(struct table *t, const struct site *s, const char *name)
{
	table_row(t);
	table_cell(t, SITE, "%.*s", NAME_WIDTH, name);
	table_cell(t, LOOK_UPS, "%lu", s->looked_up);
	table_cell(t, TAILS, "%.2f", 100.0 * s->tails / s->looked_up);
	table_cell(t, ENTROPY, "%.3f", entropy(s));
	for (int m = 0; m < PREDICTOR_NR; m++)
		table_cell(t, FIRST_MODEL + m, "%.2f",
			   100.0 * s->wrong[m] / s->looked_up);
}

static void add_up(struct site *sum, const struct site *s)
{
	sum->looked_up += s->looked_up;
	sum->tails += s->tails;
	for (int m = 0; m < PREDICTOR_NR; m++)
		sum->wrong[m] += s->wrong[m];
}

static void open_columns(struct table *t)
{
	static const char *const heads[FIRST_MODEL] = {
		"site", "look-ups", "tails %", "bits",
	};

	table_open(t, NR);
	table_row(t);
	for (int i = 0; i < NR; i++) {
		table_column(t, i, i ? TABLE_RIGHT : TABLE_LEFT, i ? 1 : 0,
			     i ? 7 : NAME_WIDTH, false);
		table_cell(t, i, "%s", i < FIRST_MODEL ? heads[i] :
			   predictor_name(i - FIRST_MODEL));
	}
}

static void print_sites(FILE *out, struct walk *w, unsigned int most)
{
	struct site all = { 0 }, others = { 0 };
	unsigned int nr = 0;
	char text[64];
	struct table t;

	qsort(w->site, SEQUENCE_SITES, sizeof(*w->site), compare_sites);
	open_columns(&t);
	while (nr < SEQUENCE_SITES && w->site[nr].looked_up) {
		struct site *s = &w->site[nr++];

		add_up(&all, s);
		if (nr > most)
			add_up(&others, s);
		else
			site_row(&t, s, s->name);
	}
	if (others.looked_up) {
		snprintf(text, sizeof(text), "(%u others)", nr - most);
		site_row(&t, &others, text);
	}
	site_row(&t, &all, "all");
	table_print(&t, out, 1, NR);
	table_close(&t);
}

static int open_walk(struct walk *w)
{
	for (int i = 0; i < SEQUENCE_SITES; i++) {
		w->site[i].number = i;
		snprintf(w->site[i].name, sizeof(w->site[i].name), "site %d",
			 i);
	}
	for (int m = 0; m < PREDICTOR_NR; m++) {
		w->predictor[m] = predictor_open(m);
		if (!w->predictor[m])
			return -ENOMEM;
	}
	return 0;
}

int sequence_report(FILE *out, const char *path, unsigned int most,
		    struct errmsg *msg)
{
	struct walk *w = calloc(1, sizeof(*w));
	const struct sequence_reader r = { .site = name_site, .run = add_run,
					   .arg = w };
	struct sequence head = { .name = "" };
	bool any = false;
	int ret;

	if (!w || open_walk(w))
		ret = errmsg_set(msg, -ENOMEM, "out of memory");
	else
		ret = sequence_walk(path, &r, &head, msg);
	for (int i = 0; !ret && i < SEQUENCE_SITES; i++)
		any |= w->site[i].looked_up;
	if (!ret && !any)
		ret = errmsg_set(msg, -EINVAL, "%s: no look-ups", path);
	if (!ret) {
		text_line(out, "%s: %s%s%s", head.name, head.workload,
			  *head.kernel ? ", " : "", head.kernel);
		text_line(out, "Wrong predictions in %%: models, which see these branches and no others");
		fprintf(out, "\n");
		print_sites(out, w, most);
	}
	for (int m = 0; w && m < PREDICTOR_NR; m++)
		predictor_close(w->predictor[m]);
	free(w);
	return ret;
}
