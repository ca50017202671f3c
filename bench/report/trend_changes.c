// SPDX-License-Identifier: GPL-2.0
/* The series of a trend and their changes. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/auto_free.h"
#include "lib/change_points.h"
#include "report/trend_internal.h"

#define SIGNIFICANT 0.05

static int compare_trend_points(const void *pa, const void *pb)
{
	const struct trend_point *a = pa, *b = pb;

	return point_compare(&a->point, &b->point);
}

/* All points of all results, each once, in the catalog's order. */
static int list_points(struct trend *t)
{
	auto_free struct trend_point *all = NULL;
	size_t n = 0;

	for (size_t i = 0; i < t->nr; i++)
		n += t->result[i].nr;
	all = malloc((n + 1) * sizeof(*all));
	t->series = calloc(n + 1, sizeof(*t->series));
	if (!all || !t->series)
		return -ENOMEM;
	n = 0;
	for (size_t i = 0; i < t->nr; i++) {
		memcpy(&all[n], t->result[i].point,
		       t->result[i].nr * sizeof(*all));
		n += t->result[i].nr;
	}
	qsort(all, n, sizeof(*all), compare_trend_points);
	for (size_t i = 0; i < n; i++)
		if (!i || !point_equal(&all[i - 1].point, &all[i].point))
			t->series[t->nr_series++].point = all[i].point;
	return 0;
}

static int fill_trend_series(const struct trend *t, struct trend_series *s)
{
	struct trend_point key = { .point = s->point }, *found;

	s->result = calloc(t->nr, sizeof(*s->result));
	s->cost = calloc(t->nr, sizeof(*s->cost));
	s->change = calloc(t->nr, sizeof(*s->change));
	if (!s->result || !s->cost || !s->change)
		return -ENOMEM;
	for (size_t i = 0; i < t->nr; i++) {
		const struct trend_result *r = &t->result[i];

		found = bsearch(&key, r->point, r->nr, sizeof(key),
				compare_trend_points);
		if (!found)
			continue;
		s->cost[s->nr] = found->cost;
		s->result[s->nr++] = i;
	}
	return 0;
}

static double coarsest_clock(const struct trend *t)
{
	double floor = 0;

	for (size_t i = 0; i < t->nr; i++)
		floor = fmax(floor, t->result[i].floor);
	return floor;
}

static bool above_floor(const struct trend_series *s, double floor)
{
	for (size_t i = 0; i < s->nr; i++)
		if (!(s->cost[i].mid > floor))
			return false;
	return true;
}

/* Keep a change beyond the threshold, or @floor where costs are subtracted. */
static void keep_change(const struct trend *t, struct trend_series *s,
			const struct trend_change *c, double floor)
{
	double middle = c->difference ? 0 : 1;
	double limit = c->difference ? floor : t->request.threshold;
	struct trend_change *kept = &s->change[s->nr_changes];

	if (c->value.lo - middle <= limit && c->value.hi - middle >= -limit)
		return;
	*kept = *c;
	kept->mark = c->value.mid < middle ? 'I' : 'R';
	kept->since = (ssize_t)s->result[c->at] > t->last_release;
	s->nr_changes++;
}

/* Counts are exact, to their resolution: each step is a change. */
static void find_steps(const struct trend *t, struct trend_series *s,
		       double floor)
{
	for (size_t i = 1; i < s->nr; i++) {
		const struct estimate *a = &s->cost[i - 1], *b = &s->cost[i];
		double d = b->mid - a->mid;
		bool exact = !isfinite(b->hi - b->lo + a->hi - a->lo);
		struct trend_change c = { .at = i, .from = i, .to = i,
			.difference = true,
			.value = { d, exact ? d : b->lo - a->hi,
				   exact ? d : b->hi - a->lo, 2 } };

		keep_change(t, s, &c, floor);
	}
}

/* The logarithm of an estimate, or the estimate itself. */
static struct estimate level_of(const struct estimate *e, bool difference)
{
	if (difference)
		return *e;
	return (struct estimate){ log(e->mid), e->lo > 0 ? log(e->lo) :
				  -INFINITY, log(e->hi), e->n };
}

/* The costs from @at to @to against those from @from to @at; each is a run. */
static struct estimate change_value(const struct estimate *level, size_t from,
				    size_t at, size_t to, bool difference)
{
	double p;
	struct estimate d = stats_runs_difference(level + from, at - from,
						  level + at, to - at,
						  STATS_CONFIDENCE, &p);

	if (difference)
		return d;
	return (struct estimate){ exp(d.mid), exp(d.lo), exp(d.hi), d.n };
}

static int find_level_changes(const struct trend *t, struct trend_series *s,
			      double floor)
{
	auto_free struct change_point *c = calloc(s->nr + 1, sizeof(*c));
	auto_free struct estimate *level = calloc(s->nr + 1, sizeof(*level));
	auto_free double *v = calloc(s->nr + 1, sizeof(*v));
	bool difference = !above_floor(s, floor);
	long nr;

	if (!c || !level || !v)
		return -ENOMEM;
	for (size_t i = 0; i < s->nr; i++) {
		level[i] = level_of(&s->cost[i], difference);
		v[i] = level[i].mid;
	}
	nr = change_points(v, s->nr, t->level, c);
	for (long i = 0; i < nr; i++) {
		struct trend_change change = {
			.at = c[i].at, .from = c[i].from, .to = c[i].to,
			.p = c[i].p, .difference = difference,
			.value = change_value(level, i ? c[i - 1].at : 0,
					      c[i].at, i + 1 < nr ?
					      c[i + 1].at : s->nr, difference),
		};

		keep_change(t, s, &change, floor);
	}
	return nr < 0 ? nr : 0;
}

/* Each point is tested, so each test has a share of the significance. */
static void set_level(struct trend *t)
{
	t->level = SIGNIFICANT / (t->nr_series ? t->nr_series : 1);
	t->least = 2;
	while (!t->counted && change_points_least_p(t->least) >= t->level)
		t->least++;
}

int trend_find_changes(struct trend *t)
{
	double floor = coarsest_clock(t);
	int err = list_points(t);

	set_level(t);
	for (size_t k = 0; k < t->nr_series && !err; k++) {
		struct trend_series *s = &t->series[k];

		err = fill_trend_series(t, s);
		s->few = s->nr < t->least;
		t->nr_few += s->few;
		if (!err && t->counted)
			find_steps(t, s, floor);
		else if (!err && !s->few)
			err = find_level_changes(t, s, floor);
		for (size_t i = 0; i < s->nr_changes; i++)
			*(s->change[i].since ? &t->since : &t->before) += 1;
	}
	return err;
}

int trend_open(struct trend *t, const struct trend_request *request, size_t nr,
	       char *const *names, struct errmsg *msg)
{
	int err;

	*t = (struct trend){ .request = *request };
	err = trend_read(t, nr, names, msg);
	if (err)
		return err;
	err = trend_find_changes(t);
	return err ? errmsg_set(msg, err, "out of memory") : 0;
}
