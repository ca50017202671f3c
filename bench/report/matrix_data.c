// SPDX-License-Identifier: GPL-2.0
#include <math.h>
#include <string.h>
#include <sys/param.h>

#include "lib/plot_data.h"
#include "report/matrix_internal.h"

static void write_matrix_number(FILE *f, double v)
{
	if (isfinite(v))
		fprintf(f, " %8.6g", v);
	else
		fprintf(f, " %8s", "?");
}

static size_t count_rows(const struct matrix *m, enum pf_accessor acc)
{
	size_t n = 0;

	matrix_for_each_row(m, row, acc)
		n++;
	return n;
}

/* The extent of the figures and of the cells in the plot. */
struct plot_range {
	double least, most;	/* added cost */
	size_t widest;		/* characters in a cell */
};

static void extend_cell_range(const struct matrix *m,
			      const struct matrix_row *row,
			      const struct matrix_column *c,
			      struct plot_range *range)
{
	enum matrix_metric metric = m->request.metric[0];
	char text[MATRIX_PART_MAX];

	for (size_t p = 0; p < m->request.nr_populations; p++) {
		enum pf_population pop = m->request.population[p];
		double v = matrix_added(c, row, pop, metric);

		range->least = fmin(range->least, v);
		range->most = fmax(range->most, v);
		matrix_part(m, matrix_table_of(metric), c, row, pop, text);
		range->widest = MAX(range->widest, strlen(text));
	}
}

static void write_cell_range(FILE *f, const struct matrix *m)
{
	struct plot_range range = { .widest = 0 };
	size_t rows = 0;

	for (size_t a = 0; a < m->request.nr_accessors; a++) {
		rows = MAX(rows, count_rows(m, m->request.accessor[a]));
		matrix_for_each_row(m, row, m->request.accessor[a])
			for (size_t i = 0; i < m->nr; i++)
				extend_cell_range(m, &row, &m->column[i],
						  &range);
	}
	fprintf(f, "rows %zu\nleast %.6g\nmost %.6g\nwidest %zu\n", rows,
		range.least, range.most, range.widest);
}

static void write_matrix_settings(FILE *f, const struct matrix *m)
{
	const char *metric = matrix_metric_name(m->request.metric[0]);
	char pages[64], marks[160];
	bool has_marks;

	matrix_pages(m, pages, sizeof(pages));
	matrix_mark_key(m, marks, sizeof(marks));
	has_marks = *marks && m->request.metric[0] < MATRIX_NS;
	fprintf(f, "title \"Page-flag accessors by generation and architecture: %s per operation\"\n",
		metric);
	fprintf(f, "subtitle \"%s, side by side; %s\"\n", pages,
		matrix_form_name(m->request.form));
	fprintf(f, "marks \"%s%s\"\n", has_marks ? marks : "",
		has_marks ? ", ? not known" : "");
	fprintf(f, "colour \"%s more than plain\"\n", metric);
	fprintf(f, "columns %zu\npopulations %zu\npanels %zu\n", m->nr,
		m->request.nr_populations, m->request.nr_accessors);
	write_cell_range(f, m);
}

static void write_matrix_columns(FILE *f, const struct matrix *m)
{
	char quoted[512], text[512];

	for (size_t i = 0; i < m->nr; i++) {
		const struct matrix_column *c = &m->column[i];

		fprintf(f, "%6zu", i + 1);
		for (int k = 0; k < MATRIX_HEADS; k++) {
			matrix_head(m, i, k, text, sizeof(text));
			plot_data_text(quoted, sizeof(quoted), text);
			fprintf(f, " \"%s\"", quoted);
		}
		plot_data_text(quoted, sizeof(quoted), c->compiler);
		fprintf(f, " \"%s\"", c->measured ? quoted : "");
		matrix_describe(m, i, text, sizeof(text));
		plot_data_text(quoted, sizeof(quoted), text);
		fprintf(f, " \"%s\"\n", quoted);
	}
}

static void write_matrix_rows(FILE *f, const struct matrix *m,
			      enum pf_accessor acc)
{
	size_t n = 0;

	matrix_for_each_row(m, row, acc) {
		bool named = row.lowering && matrix_row_named(m, &row);

		fprintf(f, "%6zu \"%s%s%s\" %d\n", ++n,
			named ? "" : pf_generations[row.generation].name,
			named || !row.lowering ? "" : " ",
			row.lowering ? lowering_name(row.lowering) : "",
			row.lowering != PF_AUTO);
	}
}

static void write_matrix_cell(FILE *f, const struct matrix *m,
			      const struct matrix_column *c,
			      const struct matrix_row *row,
			      enum pf_population pop)
{
	enum matrix_metric shown = m->request.metric[0];
	char text[MATRIX_PART_MAX];

	matrix_part(m, matrix_table_of(shown), c, row, pop, text);
	fprintf(f, " %-12s", text);
	write_matrix_number(f, matrix_added(c, row, pop, shown));
	for (size_t k = 0; k < m->request.nr_metrics; k++)
		write_matrix_number(f, matrix_figure(c, row, pop,
					      m->request.metric[k]).e.mid);
	fprintf(f, "\n");
}

static void write_matrix_cells(FILE *f, const struct matrix *m,
			       enum pf_accessor acc)
{
	size_t n = 0;

	matrix_for_each_row(m, row, acc) {
		n++;
		for (size_t i = 0; i < m->nr; i++) {
			for (size_t p = 0; p < m->request.nr_populations; p++) {
				fprintf(f, "%4zu %4zu %4zu", i + 1, p + 1, n);
				write_matrix_cell(f, m, &m->column[i], &row,
					   m->request.population[p]);
			}
		}
	}
}

void matrix_write(FILE *f, const struct matrix *m)
{
	const struct matrix_request *request = &m->request;

	fprintf(f, "# Accessors by generation and architecture; read by matrix.gp.\n"
		"# Block 0: texts and sizes of the plot. Block 1: the columns. Block 2: the\n"
		"# panels, with their number of rows and whether they have a plain row.\n"
		"# Then two blocks per panel: its rows, 1 for a forced lowering; and its\n"
		"# cells:\n"
		"# column, population, row, as shown, more than plain");
	for (size_t k = 0; k < request->nr_metrics; k++)
		fprintf(f, ", %s", matrix_metric_name(request->metric[k]));
	fprintf(f, "\n");
	write_matrix_settings(f, m);
	fprintf(f, "\n\n");
	write_matrix_columns(f, m);
	fprintf(f, "\n\n");
	for (size_t a = 0; a < request->nr_accessors; a++)
		fprintf(f, "\"%s\" %zu %d\n",
			pf_accessors[request->accessor[a]].name,
			count_rows(m, request->accessor[a]),
			pf_has(request->accessor[a], PF_GEN_plain, PF_AUTO));
	for (size_t a = 0; a < request->nr_accessors; a++) {
		fprintf(f, "\n\n");
		write_matrix_rows(f, m, request->accessor[a]);
		fprintf(f, "\n\n");
		write_matrix_cells(f, m, request->accessor[a]);
	}
}
