// SPDX-License-Identifier: GPL-2.0
/* Total throughput and cost against the number of threads. */
#include <errno.h>
#include <math.h>
#include <string.h>

#include "data/palette.h"
#include "data/result_threads.h"
#include "lib/plot_data.h"
#include "report/plot.h"

static bool want_any_threads(const struct point *p, const void *arg)
{
	struct point like = *(const struct point *)arg;

	like.threads = p->threads;
	like.pair = p->pair;
	return p->threading && point_same_column(p, &like);
}

/*
 * The points over numbers of threads that the file has most of; of one page, if
 * it has as many of these.
 */
static size_t find_most_threads(const struct plot *p,
				enum point_threading threading,
				enum pf_accessor only, struct point *like)
{
	const struct result *r = p->r;
	size_t best = 0;

	for (size_t i = 0; i < r->nr_points; i++) {
		const struct point *q = &r->point[i].point;
		size_t nr = 0;

		if (q->threading != threading ||
		    (only != PF_NR_ACCESSORS && q->accessor != only))
			continue;
		for (size_t k = 0; k < r->nr_points; k++)
			nr += r->point[k].point.accessor == q->accessor &&
				want_any_threads(&r->point[k].point, q);
		if (nr > best ||
		    (nr == best && q->one_page && !like->one_page)) {
			best = nr;
			*like = *q;
		}
	}
	return best;
}

static void threads_label(const struct point *p, char *text, size_t size)
{
	if (p->pair)
		snprintf(text, size, "%s", pair_name(p->pair));
	else
		snprintf(text, size, "%u", p->threads);
}

/* Million operations per second of all threads, or of the reader. */
static struct estimate total_of(const struct plot_page *page,
				const struct series *s, size_t column)
{
	struct point p = page->grid.column[column];
	const struct result_point *found;
	struct result_threads t = { .total = { .mid = NAN } };

	p.generation = s->gen;
	p.lowering = s->lowering;
	found = result_find(page->plot->r, &p);
	if (found)
		result_threads(found, &t);
	t.total.mid /= 1e6;
	t.total.lo /= 1e6;
	t.total.hi /= 1e6;
	return t.total;
}

static double most_total(const struct plot_page *page)
{
	const struct grid *g = &page->grid;
	double most = 0;

	for (size_t i = 0; i < g->nr; i++)
		for (size_t k = 0; k < g->nr_columns; k++)
			most = fmax(most, total_of(page, &g->series[i], k).mid);
	return most;
}

/* A block per panel and line: totals first, then costs. */
static void print_threads_panel(FILE *f, const struct plot_page *page,
				bool totals)
{
	const struct grid *g = &page->grid;

	for (size_t i = 0; i < g->nr; i++) {
		const struct series *s = &g->series[i];
		const struct generation_look *look = generation_look(s->gen);

		fprintf(f, "\n\nline \"%s\" \"%s\" %d\n", s->name, look->colour,
			look->point);
		for (size_t k = 0; k < g->nr_columns; k++) {
			struct estimate e = total_of(page, s, k);

			if (isnan(s->e[k].mid))
				continue;
			fprintf(f, "%6zu", k + 1);
			plot_data_cell(f, totals ? &e : &s->e[k],
				       s->contended[k]);
		}
	}
}

static int write_threads_data(FILE *f, const void *arg)
{
	const struct plot_page *page = arg;
	const struct grid *g = &page->grid;
	char label[16];

	fprintf(f, "# Totals and costs against threads; read by threads.gp.\n"
		"# First the titles, then the numbers of threads, then a block\n"
		"# per line (its name, colour and point) of totals in million\n"
		"# operations per second, then one per line of costs.\n"
		"# threads, median, 95 %% interval from, to, contended\n");
	plot_print_titles(f, page);
	fprintf(f, "sets %zu\nlines %zu\ncontended %d\nmost %.6g %.6g\n\n\n",
		g->nr_columns, g->nr, g->contended, most_total(page), g->most);
	for (size_t i = 0; i < g->nr_columns; i++) {
		threads_label(&g->column[i], label, sizeof(label));
		fprintf(f, "%6zu \"%s\"\n", i + 1, label);
	}
	print_threads_panel(f, page, true);
	print_threads_panel(f, page, false);
	return 0;
}

static void print_threads_bars(FILE *f, const struct plot_page *page,
			       bool totals)
{
	const struct grid *g = &page->grid;
	double most = totals ? most_total(page) : g->most;
	char label[16];

	for (size_t i = 0; i < g->nr; i++) {
		const struct series *s = &g->series[i];

		text_line(f, "%s", s->name);
		for (size_t k = 0; k < g->nr_columns; k++) {
			struct estimate e = total_of(page, s, k);

			if (isnan(s->e[k].mid))
				continue;
			threads_label(&g->column[k], label, sizeof(label));
			plot_print_bar(f, label, PLOT_BAR_LABEL,
				       totals ? &e : &s->e[k],
				       s->contended[k], most);
		}
	}
}

static int write_threads_text(FILE *f, const void *arg)
{
	const struct plot_page *page = arg;
	const struct grid *g = &page->grid;

	plot_print_heading(f, page);
	text_line(f, "million operations per second, by threads, %s",
		  page->grid.column[0].threading >= THREADS_READER ?
		  "of the reader" : "of all threads");
	print_threads_bars(f, page, true);
	fprintf(f, "\n");
	text_line(f, "%s per operation of a thread, with the loop",
		  unit_name(page->plot->r, page->plot->unit));
	print_threads_bars(f, page, false);
	if (g->contended)
		text_line(f, "! and o: contended, no window was quiet");
	if (g->open)
		plot_print_open(f);
	return 0;
}

static void threads_title(const struct point *p, char *title, size_t size)
{
	static const char *const titles[NR_THREADINGS] = {
		[THREADS_SHARED] = "threads on the same pages",
		[THREADS_PRIVATE] = "threads on pages of their own",
		[THREADS_READER] = "reader beside writers of another flag",
		[THREADS_READER_REF] = "reader beside writers of the count",
	};
	char pages[POPULATION_NAME_MAX];

	pages_name(p, pages);
	snprintf(title, size, "%s, %s, %s%s", pf_accessors[p->accessor].name,
		 titles[p->threading], pages, p->one_page ? ", one page" : "");
}

int plot_threads(const struct plot *p, enum point_threading threading,
		 struct errmsg *msg)
{
	static const struct gnuplot_file files[] = {
		{ "dat", write_threads_data }, { "txt", write_threads_text },
		{ 0 }
	};
	struct plot_page page = { .plot = p };
	struct point like;
	char name[32];
	int err;

	snprintf(name, sizeof(name), "threads-%s", threading_name(threading));
	if (!find_most_threads(p, threading, p->accessor, &like) &&
	    !find_most_threads(p, threading, PF_NR_ACCESSORS, &like))
		return errmsg_set(msg, -ENODATA, "%s left out: %s has no points of threads",
				  name, p->r->path);
	if (grid_open(&page.grid, p->r, like.accessor, p->scale,
		      want_any_threads, &like)) {
		err = errmsg_set(msg, -ENOMEM, "out of memory");
	} else {
		threads_title(&like, page.title, sizeof(page.title));
		err = plot_write(p, "threads", name, files, &page, msg);
	}
	grid_close(&page.grid);
	return err;
}
