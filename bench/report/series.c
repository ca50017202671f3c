// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/format.h"
#include "report/series.h"

static void series_free(struct series *s)
{
	free(s->e);
	free(s->contended);
}

void grid_close(struct grid *g)
{
	for (size_t i = 0; i < g->nr; i++)
		series_free(&g->series[i]);
	free(g->series);
	free(g->column);
	memset(g, 0, sizeof(*g));
}

static int series_open(struct series *s, enum pf_generation gen,
		       enum pf_lowering lowering, size_t nr_columns)
{
	s->gen = gen;
	s->lowering = lowering;
	format_generation(gen, lowering, s->name, sizeof(s->name));
	s->e = calloc(nr_columns + 1, sizeof(*s->e));
	s->contended = calloc(nr_columns + 1, sizeof(*s->contended));
	return s->e && s->contended ? 0 : -ENOMEM;
}

/* Fill in the figures of @s; false if the file has none. */
static bool series_fill(struct series *s, const struct grid *g,
			const struct result *r, double scale)
{
	bool any = false;

	for (size_t i = 0; i < g->nr_columns; i++) {
		struct point p = g->column[i];
		const struct result_point *found;

		p.generation = s->gen;
		p.lowering = s->lowering;
		found = result_find(r, &p);
		s->e[i].mid = NAN;
		if (!found)
			continue;
		any = true;
		s->e[i] = found->cost;
		s->e[i].mid *= scale;
		s->e[i].lo *= scale;
		s->e[i].hi *= scale;
		s->contended[i] = found->contended;
	}
	return any;
}

/* Do both cost the same wherever @a was measured? */
static bool series_coincide(const struct series *a, const struct series *b,
			    size_t nr_columns)
{
	for (size_t i = 0; i < nr_columns; i++) {
		const struct estimate *p = &a->e[i], *q = &b->e[i];

		if (isnan(p->mid) || a->contended[i] || b->contended[i])
			continue;
		if (isnan(q->mid))
			return false;
		if (fabs(p->mid - q->mid) > SERIES_ALIKE * fabs(q->mid) &&
		    (p->lo > q->hi || q->lo > p->hi))
			return false;
	}
	return true;
}

/* Drop the compiler's choice, which is @from, if it coincides with a later. */
static void drop_auto(struct grid *g, size_t from)
{
	struct series *automatic = &g->series[from];

	if (from >= g->nr || automatic->lowering != PF_AUTO)
		return;
	for (size_t i = from + 1; i < g->nr; i++) {
		if (!series_coincide(automatic, &g->series[i], g->nr_columns))
			continue;
		strcat(g->series[i].name, " =auto");
		series_free(automatic);
		g->nr--;
		memmove(automatic, automatic + 1,
			(g->nr - from) * sizeof(*automatic));
		return;
	}
}

static void find_range(struct grid *g)
{
	g->least = INFINITY;
	g->most = -INFINITY;
	for (size_t i = 0; i < g->nr; i++) {
		for (size_t k = 0; k < g->nr_columns; k++) {
			double mid = g->series[i].e[k].mid;

			if (isnan(mid))
				continue;
			g->least = fmin(g->least, mid);
			g->most = fmax(g->most, mid);
			g->contended |= g->series[i].contended[k];
			g->open |= format_is_open(&g->series[i].e[k]);
		}
	}
}

/* Would both be one line? */
static bool looks_alike(const struct series *a, const struct series *b,
			size_t nr_columns)
{
	for (size_t i = 0; i < nr_columns; i++) {
		double p = a->e[i].mid, q = b->e[i].mid;

		if (isnan(p) != isnan(q) ||
		    a->contended[i] != b->contended[i] ||
		    fabs(p - q) > SERIES_ONE_LINE * fabs(q))
			return false;
	}
	return true;
}

static void join_lines(struct grid *g)
{
	for (size_t i = 0; i < g->nr; i++) {
		struct series *s = &g->series[i];

		s->line = i;
		for (size_t k = 0; k < i && s->line == i; k++)
			if (g->series[k].line == k &&
			    looks_alike(&g->series[k], s, g->nr_columns))
				s->line = k;
	}
}

/* A series for every generation and lowering that has any of the columns. */
static int find_series(struct grid *g, const struct result *r, double scale)
{
	g->series = calloc(PF_NR_GENERATIONS * PF_NR_LOWERINGS,
			   sizeof(*g->series));
	if (!g->series)
		return -ENOMEM;
	for (int gen = 0; gen < PF_NR_GENERATIONS; gen++) {
		size_t first = g->nr;

		for (int lowering = 0; lowering < PF_NR_LOWERINGS; lowering++) {
			struct series *s = &g->series[g->nr++];

			if (series_open(s, gen, lowering, g->nr_columns))
				return -ENOMEM;
			if (!series_fill(s, g, r, scale)) {
				series_free(s);
				g->nr--;
			}
		}
		drop_auto(g, first);
	}
	find_range(g);
	join_lines(g);
	return 0;
}

int grid_open(struct grid *g, const struct result *r,
	      enum pf_accessor accessor, double scale,
	      bool (*want)(const struct point *p, const void *arg),
	      const void *arg)
{
	long nr;

	*g = (struct grid){ 0 };
	nr = result_columns(r, accessor, want, arg, &g->column);
	if (nr < 0)
		return nr;
	g->nr_columns = nr;
	return find_series(g, r, scale);
}
