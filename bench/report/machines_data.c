// SPDX-License-Identifier: GPL-2.0
/* The data of plots/machines.gp. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/plot_data.h"
#include "report/format.h"
#include "report/machines_internal.h"

/* With more machines, a row is the median of a microarchitecture. */
#define MOST_ROWS 40

/* A row of the plot: machines from @first on. */
static struct machines_group plot_row(const struct machines *m, size_t row)
{
	return m->nr > MOST_ROWS ? m->group[row] :
		(struct machines_group){ row, 1 };
}

static size_t nr_plot_rows(const struct machines *m)
{
	return m->nr > MOST_ROWS ? m->nr_groups : m->nr;
}

/* The median over the machines of a row; NaN without any quiet figure. */
static double row_figure(const struct machines *m, size_t row,
			 enum pf_accessor accessor,
			 enum pf_population population, size_t variant)
{
	struct machines_group g = plot_row(m, row);
	double *v = calloc(g.nr + 1, sizeof(*v)), median = NAN;
	size_t n = 0;

	for (size_t i = g.first; v && i < g.first + g.nr; i++) {
		const struct machine_figure *f = machines_figure(
			&m->machine[i], accessor, population,
			&m->variant[variant]);

		if (f && !f->contended)
			v[n++] = f->e.mid;
	}
	if (n)
		median = stats_median(v, n);
	free(v);
	return median;
}

/* The least of all look-ups, as the compiler lowers them. */
static double least_figure(const struct machines *m, size_t row,
			   enum pf_accessor accessor,
			   enum pf_population population)
{
	double least = NAN;

	for (size_t v = 0; v < m->nr_variants; v++)
		if (machines_has_lookup(m->variant[v].generation) &&
		    m->variant[v].lowering == PF_AUTO)
			least = fmin(least, row_figure(m, row, accessor,
						       population, v));
	return least;
}

/*
 * The variants of the plot: of an accessor, as the compiler lowers them. Forced
 * lowerings are in the tables; with them the cells would be too small to read.
 */
static size_t plot_variants(const struct machines *m, enum pf_accessor accessor,
			    size_t *variant)
{
	const struct machines_request *request = &m->request;
	size_t n = 0;

	for (size_t v = 0; v < m->nr_variants; v++) {
		bool any = false;

		for (size_t p = 0; p < request->nr_populations; p++)
			for (size_t i = 0; i < m->nr; i++)
				any |= machines_figure(&m->machine[i], accessor,
						       request->population[p],
						       &m->variant[v]) != NULL;
		if (any && m->variant[v].lowering == PF_AUTO)
			variant[n++] = v;
	}
	return n;
}

static bool units_differ(const struct machines *m)
{
	for (size_t i = 1; i < m->nr; i++)
		if (strcmp(m->machine[i].unit_name, m->machine[0].unit_name))
			return true;
	return false;
}

static void write_machine_cell(FILE *f, double v, double least)
{
	struct estimate e = { v, v, v, 1 };
	double more = 100 * (v / least - 1);
	char text[32];

	format_median(&e, false, text, sizeof(text));
	text[strcspn(text, "!")] = '\0';
	fprintf(f, " \"%s\"", isnan(v) ? "" : text + strspn(text, " "));
	if (isfinite(more) && least > 0)
		fprintf(f, " %.4g\n", more);
	else
		fprintf(f, " ?\n");
}

static void write_machine_rows(FILE *f, const struct machines *m)
{
	char text[128], quoted[128];

	for (size_t row = 0; row < nr_plot_rows(m); row++) {
		struct machines_group g = plot_row(m, row);
		const struct machine *n = &m->machine[g.first];
		const char *name = machines_name(n);

		if (m->nr > MOST_ROWS)
			snprintf(text, sizeof(text), "%.22s (%zu)", n->uarch,
				 g.nr);
		else
			snprintf(text, sizeof(text), "%.16s, %.14s", n->uarch,
				 name);
		plot_data_text(quoted, sizeof(quoted), text);
		fprintf(f, "%zu \"%s\" \"%s\"\n", row + 1, quoted,
			units_differ(m) ? n->unit_name : "");
	}
}

static void write_machine_cells(FILE *f, const struct machines *m,
				enum pf_accessor accessor,
				const size_t *variant, size_t nr)
{
	const struct machines_request *request = &m->request;

	for (size_t p = 0; p < request->nr_populations; p++) {
		for (size_t row = 0; row < nr_plot_rows(m); row++) {
			double least = least_figure(m, row, accessor,
						    request->population[p]);

			for (size_t v = 0; v < nr; v++) {
				fprintf(f, "%zu %zu %zu", p + 1, v + 1,
					row + 1);
				write_machine_cell(f, row_figure(m, row,
					accessor, request->population[p],
					variant[v]), least);
			}
		}
	}
}

void machines_write(FILE *f, const struct machines *m,
		    enum pf_accessor accessor)
{
	const struct machines_request *request = &m->request;
	size_t variant[PF_NR_GENERATIONS * PF_NR_LOWERINGS];
	size_t nr = plot_variants(m, accessor, variant);
	char name[64];

	fprintf(f, "# One accessor by generation and machine; read by machines.gp.\n"
		"# Block 0: texts and sizes of the plot. Block 1: the generations. Block 2: the\n"
		"# rows, machines or microarchitectures, with their units if these differ. Block\n"
		"# 3: populations.\n"
		"# Block 4: the cells: population, generation, row, cost, per cent more than the\n"
		"# least cost of a look-up in the row\n");
	fprintf(f, "title \"%s by machine: %s per operation, %s\"\n",
		pf_accessors[accessor].name, units_differ(m) ? "cost" :
		m->machine[0].unit_name, format_mode(request->form));
	fprintf(f, "subtitle \"%zu machine%s of %zu microarchitecture%s%s\"\n",
		m->nr, m->nr == 1 ? "" : "s", m->nr_groups,
		m->nr_groups == 1 ? "" : "s", m->nr > MOST_ROWS ?
		"; a row is the median of one" : "");
	fprintf(f, "columns %zu\nrows %zu\npopulations %zu\n", nr,
		nr_plot_rows(m), request->nr_populations);
	fprintf(f, "\n\n");
	for (size_t v = 0; v < nr; v++) {
		machines_variant_name(&m->variant[variant[v]], name,
				      sizeof(name));
		fprintf(f, "%zu \"%s\"\n", v + 1, name);
	}
	fprintf(f, "\n\n");
	write_machine_rows(f, m);
	fprintf(f, "\n\n");
	for (size_t p = 0; p < request->nr_populations; p++)
		fprintf(f, "%zu \"%s pages\"\n", p + 1,
			population_kind_name(request->population[p]));
	fprintf(f, "\n\n");
	write_machine_cells(f, m, accessor, variant, nr);
}
