// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/param.h>

#include "report/compare_internal.h"
#include "report/compare_many.h"
#include "report/left_out_print.h"

#define LABEL_WIDTH 22		/* "  v5.18-fakehead-hvo  " */

/* A point of the base, and what each side has of it. */
struct many_row {
	const struct result_point *base;
	const struct compare_pair **pair;	/* by side; NULL: none */
	bool changed;
};

/*
 * The next row; @next has for each side the first pair that is not used. The
 * pairs of each side are in the order of the base.
 */
static bool next_row(const struct compare_many *m, size_t *run, size_t *i,
		     size_t *next, struct many_row *row)
{
	bool any = false;

	while (!any && (row->base = compare_next(&m->base, run, i))) {
		row->changed = false;
		for (size_t k = 0; k < m->nr; k++) {
			const struct comparison *c = &m->of[k];

			row->pair[k] = NULL;
			if (next[k] == c->nr || c->pair[next[k]].a != row->base)
				continue;
			row->pair[k] = &c->pair[next[k]++];
			row->changed |= row->pair[k]->verdict == CHANGED;
			any = true;
		}
		any &= row->changed || !m->only_changed;
	}
	return row->base;
}

static void base_cell(struct table *t, const struct many_row *row, size_t nr)
{
	for (size_t k = 0; k < nr; k++) {
		double v;

		if (!row->pair[k])
			continue;
		v = row->pair[k]->a_cost;
		table_cell(t, 1, "%.*f", fabs(v) < 9.9995 ? 3 :
			   fabs(v) < 99.995 ? 2 : 1, v);
		return;
	}
}

/* The unit behind a difference. */
static const char *suffix_of(const struct comparison *c)
{
	return c->unit == UNIT_CYCLES ? "cy" : c->unit == UNIT_NS ? "ns" : "";
}

/* "(R) +5.0", "? -0.1", "+0.013cy" */
static void side_cell(struct table *t, size_t column,
		      const struct comparison *c, const struct compare_pair *p)
{
	const char *mark = p->verdict == CANNOT_TELL ? "? " :
		p->verdict == SAME ? "" : *compare_mark(p) == 'I' ? "(I) " :
		"(R) ";

	if (isnan(p->value.mid))
		table_cell(t, column, "%s-", mark);
	else if (p->difference)
		table_cell(t, column, "%s%+.3f%s", mark, p->value.mid,
			   suffix_of(c));
	else
		table_cell(t, column, "%s%+.1f", mark,
			   100 * (p->value.mid - 1));
}

static void add_point_row(struct table *t, const struct compare_many *m,
			  const struct many_row *row, size_t from,
			  char *block, enum pf_generation *above)
{
	char name[POINT_NAME_MAX];

	compare_block_name(&row->base->point, name, sizeof(name));
	if (strcmp(name, block)) {
		*above = PF_NR_GENERATIONS;
		table_row(t);
		table_row(t);
		table_cell(t, 0, "%s", name);
		strcpy(block, name);
	}
	table_row(t);
	compare_label_cell(t, &row->base->point, above);
	base_cell(t, row, m->nr);
	for (size_t k = from; k < m->nr; k++)
		if (row->pair[k])
			side_cell(t, 2 + k - from, &m->of[k], row->pair[k]);
}

/* The base, and the sides from @from on. */
static int fill_many_table(struct table *t, const struct compare_many *m,
			   size_t from)
{
	const struct compare_pair **pair = calloc(m->nr + 1, sizeof(*pair));
	size_t *next = calloc(m->nr + 1, sizeof(*next)), run = 0, i = 0;
	enum pf_generation above = PF_NR_GENERATIONS;
	struct many_row row = { .pair = pair };
	char block[POINT_NAME_MAX] = "";
	int err = pair && next ? 0 : -ENOMEM;

	table_open(t, 2 + m->nr - from);
	table_column(t, 0, TABLE_LEFT, 0, LABEL_WIDTH, true);
	for (size_t k = 1; k < t->nr_columns; k++)
		table_column(t, k, TABLE_RIGHT, 2, 7, false);
	table_row(t);
	table_cell(t, 1, "base");
	for (size_t k = from; k < m->nr; k++)
		table_cell(t, 2 + k - from, "%zu", m->number[k]);
	while (!err && next_row(m, &run, &i, next, &row))
		add_point_row(t, m, &row, from, block, &above);
	free(next);
	free(pair);
	return err;
}

/* As many sides as fit beside the base, then another table. */
static int print_many_tables(FILE *f, const struct compare_many *m)
{
	struct table t;
	int err = 0;

	if (m->only_changed && compare_many_verdict(m) != CHANGED)
		return 0;
	for (size_t from = 0, to; from < m->nr && !err; from = to) {
		err = fill_many_table(&t, m, from);
		to = from + MAX(table_fit(&t, 1), 3) - 2;
		fprintf(f, "\n");
		if (!err)
			err = table_print(&t, f, 1, 2 + to - from);
		table_close(&t);
	}
	return err;
}

static void print_many_side(FILE *f, const char *name,
			    const struct compare_side *s)
{
	const struct result *r = s->run;
	char runs[32] = "";

	if (s->nr > 1)
		snprintf(runs, sizeof(runs), " and %zu more", s->nr - 1);
	/* counts have neither host nor date */
	if (json_object_get(r->context, "date"))
		text_line(f, "%s: %s%s, %s, %.16s", name, r->path, runs,
			  result_context(r, "host_name"),
			  result_context(r, "date"));
	else
		text_line(f, "%s: %s%s", name, r->path, runs);
}

static void print_sides(FILE *f, const struct compare_many *m)
{
	char name[24], where[40];

	print_many_side(f, "base", &m->base);
	for (size_t k = 0; k < m->nr; k++) {
		snprintf(name, sizeof(name), "%zu", m->number[k]);
		print_many_side(f, name, &m->of[k].b);
	}
	for (size_t k = 0; k < m->nr; k++) {
		snprintf(where, sizeof(where), "%zu differs", m->number[k]);
		compare_print_differs(f, where, m->base.run, m->of[k].b.run);
	}
}

static void print_method(FILE *f, const struct compare_many *m)
{
	const struct comparison *c = &m->of[0];
	size_t runs = m->base.nr;
	char line[256];

	for (size_t k = 0; k < m->nr; k++)
		runs += m->of[k].b.nr;
	if (c->counted) {
		text_line(f, "Instructions per operation, and how many more than the base");
		text_line(f, "(I)mproved, (R)egressed: any change of a count");
		return;
	}
	if (c->unit == UNIT_INSTRUCTIONS)
		text_line(f, "base: instructions; sides: per cent more");
	else
		text_line(f, "base: %s; sides: per cent more, or %s where marked so",
			  c->unit_name, suffix_of(c));
	snprintf(line, sizeof(line),
		 "(I)mproved, (R)egressed: all of the 95 %% interval is beyond %g %%, and p < 0.05 after Holm over %zu; ? undecided",
		 100 * c->threshold, c->tested);
	text_wrapped(f, line, 2);
	if (runs == m->nr + 1)
		text_line(f, "The interval is of the rounds of one run: two runs can differ by more");
}

static void print_count(FILE *f, const struct compare_many *m, size_t k)
{
	const struct comparison *c = &m->of[k];
	size_t improved = 0;
	char line[256];
	int n;

	for (size_t i = 0; i < c->nr; i++)
		improved += *compare_mark(&c->pair[i]) == 'I';
	n = snprintf(line, sizeof(line),
		     "%zu: %zu point%s: %zu improved, %zu regressed, %zu undecided, %zu the same",
		     m->number[k], c->nr, c->nr == 1 ? "" : "s", improved,
		     c->count[CHANGED] - improved, c->count[CANNOT_TELL],
		     c->count[SAME]);
	if (c->only_a || c->only_b)
		n += snprintf(line + n, sizeof(line) - n,
			      "; lacks %zu, has %zu that the base lacks",
			      c->only_a, c->only_b);
	snprintf(line + n, sizeof(line) - n, "%s",
		 compare_partial(&c->b) ? "; PARTIAL" : "");
	text_wrapped(f, line, 3);
}

int compare_many_print(FILE *f, const struct compare_many *m)
{
	int err;

	print_sides(f, m);
	print_method(f, m);
	err = print_many_tables(f, m);
	fprintf(f, "\n");
	for (size_t k = 0; k < m->nr; k++)
		print_count(f, m, k);
	left_out_print(f, &m->left_out);
	return err;
}
