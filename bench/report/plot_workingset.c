// SPDX-License-Identifier: GPL-2.0
/* Cost against the working set, from L1 to memory. */
#include <errno.h>
#include <math.h>

#include "report/plot.h"

static bool want_any_working_set(const struct point *p, const void *arg)
{
	struct point like = *(const struct point *)arg;

	like.ws = p->ws;
	return point_same_column(p, &like);
}

/* The points over several working sets that the file has most of. */
static size_t find_largest_set(const struct plot *p, struct point *like)
{
	const struct result *r = p->r;
	size_t best = 0;

	for (size_t i = 0; i < r->nr_points; i++) {
		const struct point *q = &r->point[i].point;
		size_t nr = 0;

		if (q->accessor != p->accessor || q->ws == WS_HOT)
			continue;
		for (size_t k = 0; k < r->nr_points; k++)
			nr += r->point[k].point.accessor == p->accessor &&
				want_any_working_set(&r->point[k].point, q);
		if (nr > best) {
			best = nr;
			*like = *q;
		}
	}
	return best;
}

static double position_of(const struct grid *g, size_t column)
{
	return column + 1;
}

static int write_workingset_data(FILE *f, const void *arg)
{
	const struct plot_page *page = arg;
	const struct grid *g = &page->grid;

	fprintf(f, "# Cost against the working set; read by workingset.gp.\n"
		"# First the titles, then the working sets, then a block per\n"
		"# line (its name, colour, point and dash).\n"
		"# working set, median, 95 %% interval from, to, contended\n");
	plot_print_titles(f, page);
	fprintf(f, "sets %zu\nlines %zu\ncontended %d\nrange %.6g %.6g\n\n\n",
		g->nr_columns, g->nr, g->contended, g->least, g->most);
	for (size_t i = 0; i < g->nr_columns; i++)
		fprintf(f, "%6zu \"%s\"\n", i + 1,
			working_set_name(g->column[i].ws));
	plot_print_lines(f, g, position_of);
	return 0;
}

static int write_workingset_text(FILE *f, const void *arg)
{
	const struct plot_page *page = arg;
	const struct grid *g = &page->grid;
	size_t i;

	plot_print_heading(f, page);
	for (i = 0; i < g->nr; i++)
		text_line(f, "%c %s", series_letter(g, &g->series[i]),
			  g->series[i].name);
	for (size_t k = 0; k < g->nr_columns; k++) {
		double most = 0;

		for (i = 0; i < g->nr; i++)
			most = fmax(most, g->series[i].e[k].mid);
		fprintf(f, "\n");
		text_line(f, "%s (bars have a scale of their own)",
			  working_set_name(g->column[k].ws));
		for (i = 0; i < g->nr; i++) {
			const struct series *s = &g->series[i];
			char label[2] = { series_letter(g, s), '\0' };

			plot_print_bar(f, label, PLOT_BAR_LABEL, &s->e[k],
				       s->contended[k], most);
		}
	}
	if (g->contended)
		text_line(f, "! and o: contended, no round was quiet");
	if (g->open)
		plot_print_open(f);
	return 0;
}

int plot_workingset(const struct plot *p, struct errmsg *msg)
{
	static const struct gnuplot_file files[] = {
		{ "dat", write_workingset_data },
		{ "txt", write_workingset_text }, { 0 }
	};
	static const char name[] = "workingset";
	struct plot_page page = { .plot = p };
	char pages[POPULATION_NAME_MAX];
	struct point like;
	int err;

	if (find_largest_set(p, &like) &&
	    grid_open(&page.grid, p->r, p->accessor, p->scale,
		      want_any_working_set, &like)) {
		err = errmsg_set(msg, -ENOMEM, "out of memory");
	} else if (page.grid.nr_columns < 2) {
		err = plot_lacks(p, name, "two working sets",
				 "tail/[a-zA-Z0-9]+/latency/shuffled$", msg);
	} else {
		pages_name(&like, pages);
		snprintf(page.title, sizeof(page.title),
			 "%s, %s, %s%s, by working set",
			 pf_accessors[p->accessor].name, format_mode(like.form),
			 pages, like.shuffled ? ", shuffled" : "");
		err = plot_write(p, name, name, files, &page, msg);
	}
	grid_close(&page.grid);
	return err;
}
