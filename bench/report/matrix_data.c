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

static struct plot_range cell_range(const struct matrix *m,
				    enum pf_accessor acc)
{
	struct plot_range range = { .widest = 1 };

	matrix_for_each_row(m, row, acc)
		for (size_t i = 0; i < m->nr; i++)
			extend_cell_range(m, &row, &m->column[i], &range);
	return range;
}

#define NOTE_COLUMNS 135

/* A note, in lines; returns their number. Writes nothing if @f is NULL. */
static size_t write_note(FILE *f, const char *text)
{
	char quoted[MATRIX_LINE_MAX];
	size_t lines = 0, n;
	const char *p;

	plot_data_text(quoted, sizeof(quoted), text);
	for (p = quoted; *p; p += n + strspn(p + n, " "), lines++) {
		n = strlen(p);
		if (n > NOTE_COLUMNS) {
			for (n = NOTE_COLUMNS; n > 1 && p[n] != ' '; n--)
				;
			n = n > 1 ? n : NOTE_COLUMNS;
		}
		if (f)
			fprintf(f, "\"%s%.*s\"\n", lines ? "  " : "", (int)n, p);
	}
	return lines;
}

/* The columns, and what is not shown. */
static size_t write_notes(FILE *f, const struct matrix *m,
			  enum pf_accessor acc)
{
	char text[MATRIX_LINE_MAX], rows[MATRIX_LINE_MAX - 64];
	size_t lines = 0;

	for (size_t i = 0; i < m->nr; i++) {
		matrix_describe(m, i, text, sizeof(text));
		lines += write_note(f, text);
	}
	matrix_left_out(m, text, sizeof(text));
	lines += write_note(f, text);
	matrix_lacking_rows(m, acc, rows, sizeof(rows));
	snprintf(text, sizeof(text), "left out: no file has figures of %s",
		 rows);
	return lines + (*rows ? write_note(f, text) : 0);
}

static void write_matrix_settings(FILE *f, const struct matrix *m,
				  enum pf_accessor acc)
{
	const char *metric = matrix_metric_name(m->request.metric[0]);
	struct plot_range range = cell_range(m, acc), all = range;
	char pages[64], marks[160];
	size_t rows = 0;
	bool has_marks;

	matrix_for_each_row(m, row, acc)
		rows++;
	/* one scale for all accessors: pictures side by side compare */
	for (size_t a = 0; a < m->request.nr_accessors; a++) {
		struct plot_range r = cell_range(m, m->request.accessor[a]);

		all.least = fmin(all.least, r.least);
		all.most = fmax(all.most, r.most);
	}
	matrix_pages(m, pages, sizeof(pages));
	matrix_mark_key(m, marks, sizeof(marks));
	has_marks = *marks && m->request.metric[0] < MATRIX_NS;
	fprintf(f, "title \"%s by generation and architecture: %s per operation\"\n",
		pf_accessors[acc].name, metric);
	fprintf(f, "subtitle \"%s, side by side; %s\"\n", pages,
		matrix_form_name(m->request.form));
	fprintf(f, "marks \"%s%s\"\n", has_marks ? marks : "",
		has_marks ? ", ? not known" : "");
	fprintf(f, "colour \"%s%s\"\n", metric,
		pf_has(acc, PF_GEN_plain, PF_AUTO) ? " more than plain" :
		" (there is no plain)");
	fprintf(f, "columns %zu\npopulations %zu\nrows %zu\nnotes %zu\n",
		m->nr, m->request.nr_populations, rows,
		write_notes(NULL, m, acc));
	fprintf(f, "range %.6g %.6g\nwidest %zu\n", all.least, all.most,
		range.widest);
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
		fprintf(f, "\n");
	}
}

/* A generation is a little farther from the one above it. */
static void write_matrix_rows(FILE *f, const struct matrix *m,
			      enum pf_accessor acc)
{
	enum pf_generation above = PF_NR_GENERATIONS;
	double at = 0;
	size_t n = 0;

	matrix_for_each_row(m, row, acc) {
		bool named = row.lowering && matrix_row_named(m, &row);

		at += !n || row.generation == above ? 1 : 1.35;
		above = row.generation;
		fprintf(f, "%6zu %6.2f \"%s%s%s\" %d\n", ++n, at,
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

void matrix_write(FILE *f, const struct matrix *m, enum pf_accessor acc)
{
	const struct matrix_request *request = &m->request;

	fprintf(f, "# One accessor by generation and architecture; read by matrix.gp.\n"
		"# Block 0: texts and sizes of the plot. Block 1: the columns. Block 2: the\n"
		"# rows with their places, 1 for a forced lowering. Block 3: notes. Block 4:\n"
		"# the cells:\n"
		"# column, population, row, as shown, more than plain");
	for (size_t k = 0; k < request->nr_metrics; k++)
		fprintf(f, ", %s", matrix_metric_name(request->metric[k]));
	fprintf(f, "\n");
	write_matrix_settings(f, m, acc);
	fprintf(f, "\n\n");
	write_matrix_columns(f, m);
	fprintf(f, "\n\n");
	write_matrix_rows(f, m, acc);
	fprintf(f, "\n\n");
	write_notes(f, m, acc);
	fprintf(f, "\n\n");
	write_matrix_cells(f, m, acc);
}
