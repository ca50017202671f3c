// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>
#include <sys/param.h>

#include "lib/table.h"
#include "lib/text.h"
#include "report/matrix_internal.h"

#define LABEL_WIDTH 18		/* the longest name of a generation */

/*
 * The table of one accessor. Each cell has all populations, or the table has a
 * section per population, which is printed as a table of its own: all have the
 * same widths.
 */
struct matrix_table {
	enum pf_accessor accessor;
	enum matrix_metric unit;	/* see matrix_table_of() */
	size_t nr_pops;			/* populations per cell */
	size_t section;			/* rows per section */
	struct table cells;
	bool contended;			/* any cell of any table so far */
};

static const char *table_unit_name(const struct matrix *m,
				   enum matrix_metric unit)
{
	return unit == MATRIX_INSTRUCTIONS && !matrix_requests(m, unit) ?
		"on the path" : matrix_metric_name(unit);
}

static void add_heads(const struct matrix *m, struct matrix_table *t)
{
	char text[48];

	for (int k = 0; k < MATRIX_HEADS; k++) {
		table_row(&t->cells);
		if (k == MATRIX_HEADS - 1)
			table_cell(&t->cells, 0, "%s",
				   table_unit_name(m, t->unit));
		for (size_t i = 0; i < m->nr; i++) {
			matrix_head(m, i, k, text, sizeof(text));
			table_cell_aligned(&t->cells, i + 1, TABLE_LEFT, "%s",
					   text);
		}
	}
}

/* "6s/7b": in line are the slashes, or else the ends of the numbers. */
static void add_cell(const struct matrix *m, struct matrix_table *t, size_t i,
		     const struct matrix_row *row, size_t pop)
{
	char text[PF_MIXED * MATRIX_PART_MAX], part[MATRIX_PART_MAX];
	size_t n = 0, anchor;

	for (size_t p = pop; p < pop + t->nr_pops; p++) {
		matrix_part(m, t->unit, &m->column[i], row,
			    m->request.population[p], part);
		n += snprintf(text + n, sizeof(text) - n, "%s%s", n ? "/" : "",
			      part);
	}
	t->contended |= strchr(text, '!') != NULL;
	anchor = t->nr_pops > 1 ? strcspn(text, "/") :
		*text == '.' ? 0 : strspn(text, "-.0123456789");
	table_cell_anchored(&t->cells, i + 1, anchor, "%s", text);
}

static void add_section(const struct matrix *m, struct matrix_table *t,
			size_t pop)
{
	add_heads(m, t);
	matrix_for_each_row(m, row, t->accessor) {
		const char *generation = pf_generations[row.generation].name;

		if (!matrix_has_row(m, &row, t->unit, 0, m->nr))
			continue;
		/* a lowering is indented below its generation */
		if (row.lowering && !matrix_row_named(m, &row)) {
			table_row(&t->cells);
			table_cell(&t->cells, 0, "%s", generation);
		}
		table_row(&t->cells);
		table_cell(&t->cells, 0, "%s%s", row.lowering ? "  " : "",
			   row.lowering ? lowering_name(row.lowering) :
			   generation);
		for (size_t i = 0; i < m->nr; i++)
			add_cell(m, t, i, &row, pop);
	}
}

/* Fill in all cells; returns how many times as wide as a mail the table is. */
static size_t fill_matrix_table(const struct matrix *m, struct matrix_table *t,
				size_t nr_pops)
{
	size_t blocks = 0;

	t->nr_pops = nr_pops;
	table_open(&t->cells, m->nr + 1);
	table_column(&t->cells, 0, TABLE_LEFT, 0, LABEL_WIDTH, true);
	for (size_t i = 0; i < m->nr; i++)
		table_column(&t->cells, i + 1, TABLE_ANCHOR, 2, 0, false);
	for (size_t p = 0; p < m->request.nr_populations; p += nr_pops)
		add_section(m, t, p);
	t->section = t->cells.nr_rows * nr_pops / m->request.nr_populations;
	for (size_t from = 0; from < m->nr; blocks++)
		from = table_fit(&t->cells, from + 1) - 1;
	return blocks;
}

static bool block_is_empty(const struct matrix *m, const struct matrix_table *t,
			   size_t from, size_t to)
{
	matrix_for_each_row(m, row, t->accessor)
		if (matrix_has_row(m, &row, t->unit, from, to))
			return false;
	return true;
}

/* Columns @from to @to, population by population if each has a section. */
static int print_matrix_block(FILE *f, const struct matrix *m,
			      struct matrix_table *t, size_t from, size_t to)
{
	const char *name = pf_accessors[t->accessor].name;
	size_t row = 0, p;

	for (p = 0; p < m->request.nr_populations; p += t->nr_pops) {
		fprintf(f, "\n");
		if (t->nr_pops < m->request.nr_populations)
			text_line(f, "%s, %s pages", name, population_kind_name(
				  m->request.population[p]));
		else
			text_line(f, "%s", name);
		if (table_print_rows(&t->cells, f, row, row + t->section,
				     from + 1, to + 1))
			return -1;
		row += t->section;
	}
	return 0;
}

/*
 * All populations in one cell if all columns then fit side by side, else a
 * table per population. The blocks of a wide table have equally many columns.
 */
static int print_matrix_accessor(FILE *f, const struct matrix *m,
				 struct matrix_table *t)
{
	size_t blocks = fill_matrix_table(m, t, m->request.nr_populations);
	size_t from, to, most;
	int err = 0;

	if (blocks > 1 && t->nr_pops > 1) {
		table_close(&t->cells);
		blocks = fill_matrix_table(m, t, 1);
	}
	most = (m->nr + blocks - 1) / blocks;
	for (from = 0; from < m->nr && !err; from = to) {
		to = MIN(table_fit(&t->cells, from + 1) - 1, from + most);
		if (!block_is_empty(m, t, from, to))
			err = print_matrix_block(f, m, t, from, to);
	}
	table_close(&t->cells);
	return err;
}

static bool requests_table(const struct matrix *m, enum matrix_metric unit)
{
	for (size_t i = 0; i < m->request.nr_metrics; i++)
		if (matrix_table_of(m->request.metric[i]) == unit)
			return true;
	return false;
}

static int print_matrix_tables(FILE *f, const struct matrix *m,
			       struct matrix_table *t)
{
	static const enum matrix_metric units[] = {
		MATRIX_INSTRUCTIONS, MATRIX_NS, MATRIX_CYCLES,
	};
	int err = 0;

	for (size_t a = 0; a < m->request.nr_accessors; a++) {
		t->accessor = m->request.accessor[a];
		for (size_t u = 0; u < sizeof(units) / sizeof(*units); u++) {
			t->unit = units[u];
			if (!err && requests_table(m, t->unit))
				err = print_matrix_accessor(f, m, t);
		}
	}
	return err;
}

/* Rows that no file has, once for all accessors that lack the same. */
static void print_lacking_rows(FILE *f, const struct matrix *m)
{
	const struct matrix_request *request = &m->request;
	char text[MATRIX_LINE_MAX], other[MATRIX_LINE_MAX], *line;
	bool done[PF_NR_ACCESSORS] = { false };

	for (size_t a = 0; a < request->nr_accessors; a++) {
		char names[512] = "";
		size_t n = 0;

		matrix_lacking_rows(m, request->accessor[a], text,
				    sizeof(text));
		for (size_t k = a; k < request->nr_accessors; k++) {
			matrix_lacking_rows(m, request->accessor[k], other,
					    sizeof(other));
			if (done[k] || strcmp(text, other))
				continue;
			done[k] = true;
			n += snprintf(names + n, sizeof(names) - MIN(n,
				      sizeof(names)), "%s%s", n ? ", " : "",
				      pf_accessors[request->accessor[k]].name);
		}
		line = *text && *names ? text_format("left out of %s%s: no file has figures of %s",
			names, n < sizeof(names) ? "" : "...", text) : NULL;
		if (line)
			text_wrapped(f, line, 2);
		free(line);
	}
}

int matrix_print(FILE *f, const struct matrix *m)
{
	char text[MATRIX_LINE_MAX];
	struct matrix_table t = { .contended = false };
	int err;

	matrix_print_legend(f, m);
	err = print_matrix_tables(f, m, &t);
	fprintf(f, "\n");
	for (size_t i = 0; i < m->nr; i++)
		matrix_print_column(f, m, i);
	matrix_print_notation(f, m);
	text_line(f, "-   no such point, or n/a for the reason above");
	if (t.contended)
		text_line(f, "!   contended: no round was quiet, the core was shared");
	matrix_left_out(m, text, sizeof(text));
	if (*text)
		text_wrapped(f, text, 2);
	print_lacking_rows(f, m);
	return err;
}
