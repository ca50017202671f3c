// SPDX-License-Identifier: GPL-2.0
/* Bars per generation and population, a panel per mode. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/palette.h"
#include "report/plot.h"

static bool want_bars(const struct point *p, const void *arg)
{
	struct point own = *p;

	own.source = SOURCE_OWN;
	return point_is_default(&own) && p->form != PF_THROUGHPUT_COND &&
		(p->population != PF_MIXED || p->tails == 50);
}

static bool want_replay_bars(const struct point *p, const void *arg)
{
	return point_is_default(p) && p->form != PF_THROUGHPUT_COND;
}

static int compare_pages(const void *pa, const void *pb)
{
	const struct point *a = pa, *b = pb;

	return (int)a->population - (int)b->population ?:
		(int)a->replay - (int)b->replay ?: (int)a->tails - (int)b->tails;
}

#define MAX_BAR_POPULATIONS 8

/* The populations of a grid, in whatever mode; a point stands for each. */
static size_t find_populations(const struct grid *g, struct point *pop)
{
	size_t nr = 0;

	for (size_t i = 0, k; i < g->nr_columns; i++) {
		for (k = 0; k < nr; k++)
			if (!compare_pages(&pop[k], &g->column[i]))
				break;
		if (k == nr && nr < MAX_BAR_POPULATIONS)
			pop[nr++] = g->column[i];
	}
	/* throughput may lack one that latency has */
	qsort(pop, nr, sizeof(*pop), compare_pages);
	return nr;
}

static size_t find_modes(const struct grid *g, enum pf_form *mode)
{
	size_t nr = 0;

	for (size_t i = 0; i < g->nr_columns; i++)
		if (!nr || mode[nr - 1] != g->column[i].form)
			mode[nr++] = g->column[i].form;
	return nr;
}

static size_t find_column(const struct grid *g, enum pf_form form,
			  const struct point *pop, enum page_source source)
{
	size_t i;

	for (i = 0; i < g->nr_columns; i++)
		if (g->column[i].form == form &&
		    !compare_pages(&g->column[i], pop) &&
		    g->column[i].source == source)
			break;
	return i;
}

/* A row of bars: a series, on pages of one source. */
struct bar_row {
	const struct series *series;
	enum page_source source;
	double at;
};

#define MAX_BAR_ROWS (PF_NR_GENERATIONS * PF_NR_LOWERINGS * NR_SOURCES)

static bool series_has_source(const struct grid *g, const struct series *s,
			      enum page_source source)
{
	for (size_t i = 0; i < g->nr_columns; i++)
		if (g->column[i].source == source && !isnan(s->e[i].mid))
			return true;
	return false;
}

/* Rows are a little farther from those of another generation. */
static size_t find_bar_rows(const struct grid *g, struct bar_row *row)
{
	size_t nr = 0;

	for (size_t i = 0; i < g->nr; i++) {
		const struct series *s = &g->series[i];

		for (int source = 0; source < NR_SOURCES; source++) {
			if (!series_has_source(g, s, source))
				continue;
			row[nr] = (struct bar_row){ s, source, 1 };
			if (nr)
				row[nr].at = row[nr - 1].at + (s->gen ==
					row[nr - 1].series->gen ? 1 : 1.3);
			nr++;
		}
	}
	return nr;
}

static const char *pages_colour(const struct point *p)
{
	return population_colour(p->replay ? PF_RUNS : p->population);
}

static void print_bars(FILE *f, const struct grid *g, enum pf_form form,
		       const struct point *pop, const struct bar_row *row,
		       size_t nr_rows)
{
	char name[POPULATION_NAME_MAX];

	population_name(pop, name);
	fprintf(f, "\n\npanel \"%s\" \"%s\" \"%s\"\n", format_mode(form), name,
		pages_colour(pop));
	for (size_t i = 0; i < nr_rows; i++) {
		size_t column = find_column(g, form, pop, row[i].source);

		fprintf(f, "%4.1f", row[i].at);
		if (column < g->nr_columns)
			plot_print_figure(f, row[i].series, column);
		else
			fprintf(f, " ? ? ? 0\n");
	}
}

static int write_generations_data(FILE *f, const void *arg)
{
	const struct plot_page *page = arg;
	const struct grid *g = &page->grid;
	enum pf_form mode[PF_NR_FORMS];
	struct point pop[MAX_BAR_POPULATIONS];
	struct bar_row row[MAX_BAR_ROWS];
	size_t nr_modes = find_modes(g, mode);
	size_t nr_pops = find_populations(g, pop);
	size_t nr_rows = find_bar_rows(g, row), i, k;

	fprintf(f, "# Cost per generation and population; read by generations.gp.\n"
		"# First the titles, then the rows, then a block per panel and\n"
		"# population.\n"
		"# row, median, 95 %% interval from, to, contended\n");
	plot_print_titles(f, page);
	fprintf(f, "rows %zu\npanels %zu\nseries %zu\ncontended %d\n\n\n",
		nr_rows, nr_modes, nr_pops, g->contended);
	for (i = 0; i < nr_rows; i++)
		fprintf(f, "%4.1f \"%s%s%s\"\n", row[i].at,
			row[i].series->name, row[i].source ? "/" : "",
			row[i].source ? source_name(row[i].source) : "");
	for (i = 0; i < nr_modes; i++)
		for (k = 0; k < nr_pops; k++)
			print_bars(f, g, mode[i], &pop[k], row, nr_rows);
	return 0;
}

static int bar_label_width(const struct grid *g)
{
	char name[POPULATION_NAME_MAX];
	int width = PLOT_BAR_LABEL;

	for (size_t i = 0; i < g->nr_columns; i++) {
		pages_name(&g->column[i], name);
		if ((int)strlen(name) >= width)
			width = strlen(name) + 1;
	}
	return width;
}

static double highest_of_mode(const struct grid *g, enum pf_form form)
{
	double most = 0;

	for (size_t i = 0; i < g->nr; i++)
		for (size_t k = 0; k < g->nr_columns; k++)
			if (g->column[k].form == form &&
			    !isnan(g->series[i].e[k].mid))
				most = fmax(most, g->series[i].e[k].mid);
	return most;
}

static void print_mode(FILE *f, const struct grid *g, enum pf_form form)
{
	double most = highest_of_mode(g, form);
	int width = bar_label_width(g);
	char pages[POPULATION_NAME_MAX];

	for (size_t i = 0; i < g->nr; i++) {
		const struct series *s = &g->series[i];

		text_line(f, "%s", s->name);
		for (size_t k = 0; k < g->nr_columns; k++) {
			if (g->column[k].form != form || isnan(s->e[k].mid))
				continue;
			pages_name(&g->column[k], pages);
			plot_print_bar(f, pages, width, &s->e[k],
				       s->contended[k], most);
		}
	}
}

static int write_generations_text(FILE *f, const void *arg)
{
	const struct plot_page *page = arg;
	enum pf_form mode[PF_NR_FORMS];
	size_t nr_modes = find_modes(&page->grid, mode);

	plot_print_heading(f, page);
	for (size_t i = 0; i < nr_modes; i++) {
		fprintf(f, "%s%s\n", i ? "\n" : "", format_mode(mode[i]));
		print_mode(f, &page->grid, mode[i]);
	}
	if (page->grid.contended)
		text_line(f, "! and o: contended, no round was quiet");
	if (page->grid.open)
		plot_print_open(f);
	return 0;
}

static int write_bars(struct plot_page *page, const char *name,
		      struct errmsg *msg)
{
	static const struct gnuplot_file files[] = {
		{ "dat", write_generations_data },
		{ "txt", write_generations_text }, { 0 }
	};

	return plot_write(page->plot, "generations", name, files, page, msg);
}

int plot_generations(const struct plot *p, struct errmsg *msg)
{
	static const char name[] = "generations";
	struct plot_page page = { .plot = p };
	int err;

	if (grid_open(&page.grid, p->r, p->accessor, p->scale, want_bars,
		      NULL)) {
		err = errmsg_set(msg, -ENOMEM, "out of memory");
	} else if (!page.grid.nr_columns) {
		err = plot_lacks(p, name, "hot points", "(small|head|tail)/hot/",
				 msg);
	} else {
		snprintf(page.title, sizeof(page.title), "%s, by generation",
			 pf_accessors[p->accessor].name);
		err = write_bars(&page, name, msg);
	}
	grid_close(&page.grid);
	return err;
}

static bool has_replay(const struct grid *g)
{
	for (size_t i = 0; i < g->nr_columns; i++)
		if (g->column[i].replay)
			return true;
	return false;
}

int plot_replay(const struct plot *p, struct errmsg *msg)
{
	struct plot_page page = { .plot = p };
	int err;

	if (grid_open(&page.grid, p->r, p->accessor, p->scale,
		      want_replay_bars, NULL)) {
		err = errmsg_set(msg, -ENOMEM, "out of memory");
	} else if (!has_replay(&page.grid)) {
		err = errmsg_set(msg, -ENODATA,
				 "replay left out: %s has no recorded sequence: pfbench run --population=FILE",
				 p->r->path);
	} else {
		snprintf(page.title, sizeof(page.title),
			 "%s, in recorded and in random order",
			 pf_accessors[p->accessor].name);
		err = write_bars(&page, "replay", msg);
	}
	grid_close(&page.grid);
	return err;
}
