// SPDX-License-Identifier: GPL-2.0
/* Points that several threads ran: a row per number of threads. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "data/result_threads.h"
#include "lib/table.h"
#include "report/report_table.h"

enum { COLUMN_LABEL, COLUMN_THREADS, COLUMN_TOTAL, COLUMN_COST, COLUMN_LEAST,
       COLUMN_MOST, COLUMN_FAIR, COLUMN_SECOND, NR_COLUMNS };

/* All but the number of threads, and what a table has rows for. */
static bool same_threads_table(const struct point *a, struct point b)
{
	b.threads = a->threads;
	b.pair = a->pair;
	return point_same_column(a, &b);
}

const struct result_point *report_one_thread(const struct result *r,
					     const struct point *p)
{
	struct point one = *p;

	one.threads = 1;
	one.pair = PAIR_NONE;
	return result_find(r, &one);
}

static void threads_rate_cell(struct table *t, size_t column, double rate)
{
	if (isnan(rate))
		table_cell(t, column, "-");
	else
		table_cell(t, column, "%.*f", rate < 1e8 ? 2 : 1, rate / 1e6);
}

static void threads_row(struct report *rep, const struct result_point *p,
			struct table *t, bool first)
{
	const struct result_point *one = report_one_thread(rep->r, &p->point);
	struct report_cell c = report_median_cell(rep, p);
	struct result_threads now;
	char text[64];

	result_threads(p, &now);
	c.contended |= now.oversubscribed;
	table_row(t);
	if (first) {
		format_generation(p->point.generation, p->point.lowering, text,
				  sizeof(text));
		table_cell(t, COLUMN_LABEL, "%s", text);
	}
	if (p->point.pair)
		table_cell(t, COLUMN_THREADS, "%s", pair_name(p->point.pair));
	else
		table_cell(t, COLUMN_THREADS, "%u%s", p->point.threads,
			   now.oversubscribed ? "!" : "");
	threads_rate_cell(t, COLUMN_TOTAL, now.total.mid);
	report_cell_text(rep, &c, false, text, sizeof(text));
	table_cell(t, COLUMN_COST, "%s", text);
	threads_rate_cell(t, COLUMN_LEAST, now.least.mid);
	threads_rate_cell(t, COLUMN_MOST, now.most.mid);
	if (!isnan(now.fairness.mid))
		table_cell(t, COLUMN_FAIR, "%.2f", now.fairness.mid);
	if (one && one != p && one->cost.mid > 0)
		table_cell(t, COLUMN_SECOND, "%.2f", p->cost.mid / one->cost.mid);
}

static void threads_head(const struct report *rep, struct table *t)
{
	static const char *const heads[NR_COLUMNS] = {
		[COLUMN_THREADS] = "on", [COLUMN_TOTAL] = "total",
		[COLUMN_LEAST] = "least", [COLUMN_MOST] = "most",
		[COLUMN_FAIR] = "fair", [COLUMN_SECOND] = "vs 1",
	};
	static const int widths[NR_COLUMNS] = { REPORT_LABEL, 6, 7,
						REPORT_WIDE, 7, 7, 5, 6 };

	table_open(t, NR_COLUMNS);
	for (size_t i = 0; i < NR_COLUMNS; i++)
		table_column(t, i, i ? TABLE_RIGHT : TABLE_LEFT, i ? 0 : 0,
			     widths[i], true);
	table_row(t);
	table_cell(t, COLUMN_LABEL, "%s", report_median_unit(rep));
	for (size_t i = 1; i < NR_COLUMNS; i++)
		if (heads[i])
			table_cell(t, i, "%s", heads[i]);
	table_cell(t, COLUMN_COST, "per op");
}

/* Rows of one generation and lowering, by number of threads. */
static void threads_rows(struct report *rep, const struct result_point *of,
			 struct table *t)
{
	const struct result *r = rep->r;
	bool first = true;

	for (size_t i = 0; i < r->nr_points; i++) {
		const struct result_point *p = &r->point[i];

		if (p->point.accessor != of->point.accessor ||
		    p->point.generation != of->point.generation ||
		    p->point.lowering != of->point.lowering ||
		    !same_threads_table(&p->point, of->point))
			continue;
		threads_row(rep, p, t, first);
		first = false;
	}
}

/* The point that begins a table, or the rows of a generation in it. */
static bool begins(const struct result *r, size_t i, bool row)
{
	const struct point *p = &r->point[i].point;

	for (size_t k = 0; k < i; k++) {
		const struct point *q = &r->point[k].point;

		if (q->accessor == p->accessor && same_threads_table(q, *p) &&
		    (!row || (q->generation == p->generation &&
			      q->lowering == p->lowering)))
			return false;
	}
	return true;
}

/* Fewer retries per operation than this print as 0. */
#define LEAST_RETRIES 0.0005

/* A line below the table, where the loops counted them. */
static void print_retries(struct report *rep, const struct point *of)
{
	const struct result *r = rep->r;
	char text[1024] = "failed compare-and-swaps per operation:", name[64];
	size_t n = strlen(text), begin = n, none = 0;
	struct result_threads now;

	for (size_t i = 0; i < r->nr_points && n < sizeof(text) - 96; i++) {
		const struct point *p = &r->point[i].point;

		if (p->accessor != of->accessor || !same_threads_table(p, *of) ||
		    !result_threads(&r->point[i], &now) ||
		    isnan(now.retries.mid))
			continue;
		if (now.retries.mid < LEAST_RETRIES) {
			none++;
			continue;
		}
		format_generation(p->generation, p->lowering, name, sizeof(name));
		n += snprintf(text + n, sizeof(text) - n, "%s %s on %s%.0u %.3f",
			      n > begin ? "," : "", name,
			      p->pair ? pair_name(p->pair) : "",
			      p->pair ? 0 : p->threads, now.retries.mid);
	}
	if (none)
		snprintf(text + n, sizeof(text) - n, "%s 0 in %zu",
			 n > begin ? ", and" : "", none);
	if (none || n > begin)
		text_wrapped(rep->f, text, 2);
}

static void print_threads(struct report *rep, size_t first)
{
	const struct result *r = rep->r;
	const struct point *p = &r->point[first].point;
	bool reader = p->threading == THREADS_READER ||
		p->threading == THREADS_READER_REF;
	char pages[POPULATION_NAME_MAX], title[256];
	struct table t;
	int err;

	pages_name(p, pages);
	snprintf(title, sizeof(title), "%s, threads, %s, %s%s%s",
		 pf_accessors[p->accessor].name,
		 threading_name(p->threading), pages,
		 p->one_page ? ", one page" : "", !reader ? "" :
		 p->threading == THREADS_READER ?
		 "\ntotal and per op: of the reader; the others write another flag" :
		 "\ntotal and per op: of the reader; the others write the count");
	threads_head(rep, &t);
	for (size_t i = first; i < r->nr_points; i++)
		if (r->point[i].point.accessor == p->accessor &&
		    same_threads_table(p, r->point[i].point) &&
		    begins(r, i, true))
			threads_rows(rep, &r->point[i], &t);
	err = report_text_table(rep, title, &t, 1, NR_COLUMNS);
	print_retries(rep, p);
	table_close(&t);
	rep->err = err ? err : rep->err;
}

void report_threads(struct report *rep, int only)
{
	const struct result *r = rep->r;
	bool any = false;

	for (size_t i = 0; i < r->nr_points; i++) {
		const struct point *p = &r->point[i].point;

		if (!p->threading || (only >= 0 && (int)p->accessor != only) ||
		    !begins(r, i, false))
			continue;
		print_threads(rep, i);
		any = true;
	}
	if (!any)
		return;
	fprintf(rep->f, "\n");
	text_wrapped(rep->f, "Threads: not net of the loop; total, least and most favoured thread in million operations per second; per op: by one thread; fair: Jain's index, 1 if all have the same; vs 1: per op against one thread.", 2);
}
