// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/compare_internal.h"
#include "report/format.h"

/* Fewer rounds than this have no 95 % interval. */
#define MIN_ROUNDS 6

/* A point in one run. */
struct compare_run {
	const struct result_point *point;
	double scale;		/* our unit per unit of its file */
	double ns;		/* ns per unit of its file */
};

static double *samples_in_unit(const struct result_point *p, double scale)
{
	double *v = malloc((p->nr_samples + 1) * sizeof(*v));

	for (size_t i = 0; v && i < p->nr_samples; i++)
		v[i] = p->sample[i] * scale;
	return v;
}

static size_t quiet_rounds(const struct result_point *p)
{
	size_t n = 0;

	for (size_t i = 0; i < p->nr_samples; i++)
		n += !isnan(p->sample[i]);
	return n;
}

/* Does the file hold counts, which have no samples? See data/counts_file.h. */
static bool result_is_counted(const struct result *r)
{
	for (size_t i = 0; i < r->nr_points; i++)
		if (r->point[i].nr_samples)
			return false;
	return json_is_true(json_object_get(r->pfbench, "icount"));
}

/* A run's median, or its logarithm, with the interval of its rounds. */
static struct estimate run_estimate(const struct compare_run *r, bool log_scale)
{
	struct estimate e = r->point->cost;

	e.mid *= r->scale;
	e.lo *= r->scale;
	e.hi *= r->scale;
	if (!log_scale)
		return e;
	return (struct estimate){ log(e.mid), e.lo > 0 ? log(e.lo) : -INFINITY,
				  log(e.hi), e.n };
}

/* The interval of the rounds of one run on each side. */
static int estimate_rounds(const struct compare_run *ra,
			   const struct compare_run *rb,
			   struct compare_pair *p)
{
	double *a = samples_in_unit(ra->point, ra->scale);
	double *b = samples_in_unit(rb->point, rb->scale);
	struct estimate ea = run_estimate(ra, false);
	struct estimate eb = run_estimate(rb, false);
	int err = a && b ? 0 : -ENOMEM;

	if (err)
		goto out;
	if (p->difference)
		p->value = stats_unpaired_difference(&ea, &eb);
	else
		p->value = stats_ratio(a, ra->point->nr_samples, b,
				       rb->point->nr_samples,
				       STATS_CONFIDENCE);
	if (!p->difference && isnan(p->value.mid))
		p->value.mid = p->b_cost / p->a_cost;
	if (!*p->reason)
		p->p = stats_mann_whitney(a, ra->point->nr_samples, b,
					  rb->point->nr_samples);
out:
	free(a);
	free(b);
	return err;
}

/*
 * The interval of several runs: Student's, of the logarithms of their medians,
 * for a change of placement or frequency multiplies a cost.
 */
static void estimate_runs(const struct compare_run *a, size_t na,
			  const struct compare_run *b, size_t nb,
			  struct compare_pair *p)
{
	struct estimate ea[COMPARE_MAX_RUNS], eb[COMPARE_MAX_RUNS];
	double pvalue;

	for (size_t i = 0; i < na; i++)
		ea[i] = run_estimate(&a[i], !p->difference);
	for (size_t i = 0; i < nb; i++)
		eb[i] = run_estimate(&b[i], !p->difference);
	p->value = stats_runs_difference(ea, na, eb, nb, STATS_CONFIDENCE,
					 &pvalue);
	if (!p->difference) {
		p->value.mid = exp(p->value.mid);
		p->value.lo = exp(p->value.lo);
		p->value.hi = exp(p->value.hi);
	}
	if (!*p->reason)
		p->p = pvalue;
}

/* Why a run's figure of a point cannot be used; "": it can. */
static const char *run_fault(const struct result_point *p)
{
	return p->contended ? "contended" :
		quiet_rounds(p) < MIN_ROUNDS ? "too few" : "";
}

/*
 * The runs of a side that have the point: the usable ones, or all if none is.
 * Returns the fault of the last one in that case, else "".
 */
static const char *collect_runs(const struct compare_side *s, enum unit unit,
				const struct point *point,
				struct compare_run *run, size_t *nr)
{
	struct compare_run bad[COMPARE_MAX_RUNS];
	const char *fault = "";
	size_t nr_bad = 0;

	*nr = 0;
	for (size_t i = 0; i < s->nr; i++) {
		struct compare_run r = { result_find(&s->run[i], point),
					 unit_scale(&s->run[i], unit),
					 unit_scale(&s->run[i], UNIT_NS) };

		if (!r.point)
			continue;
		if (!*run_fault(r.point)) {
			run[(*nr)++] = r;
		} else {
			fault = run_fault(r.point);
			bad[nr_bad++] = r;
		}
	}
	if (*nr)
		return "";
	memcpy(run, bad, nr_bad * sizeof(*bad));
	*nr = nr_bad;
	return fault;
}

/* The mean of the medians, of their logarithms if all are above @least. */
static double mean_of_runs(const struct compare_run *r, size_t nr, double least,
			   bool in_ns)
{
	double sum = 0, logs = 0, v;
	bool above = true;

	for (size_t i = 0; i < nr; i++) {
		v = r[i].point->cost.mid * (in_ns ? r[i].ns : r[i].scale);
		sum += v / nr;
		above &= v > least;
		logs += above ? log(v) / nr : 0;
	}
	return nr > 1 && above ? exp(logs) : sum;
}

static bool any_below(const struct compare_run *r, size_t nr, double least)
{
	for (size_t i = 0; i < nr; i++) {
		double v = r[i].point->cost.mid * r[i].scale;

		/* runs have logarithms */
		if (nr > 1 ? v <= least : fabs(v) <= least)
			return true;
	}
	return false;
}

/* All of a pair but the verdict, which depends on all pairs. */
static int estimate_pair(const struct comparison *c, struct compare_pair *p)
{
	struct compare_run a[COMPARE_MAX_RUNS], b[COMPARE_MAX_RUNS];
	const char *a_fault = collect_runs(&c->a, c->unit, &p->a->point, a,
					   &p->a_runs);
	const char *b_fault = collect_runs(&c->b, c->unit, &p->a->point, b,
					   &p->b_runs);

	p->a_cost = mean_of_runs(a, p->a_runs, c->floor, false);
	p->b_cost = mean_of_runs(b, p->b_runs, c->floor, false);
	p->a_ns = c->unit == UNIT_CYCLES ?
		mean_of_runs(a, p->a_runs, 0, true) : p->a_cost;
	p->b_ns = c->unit == UNIT_CYCLES ?
		mean_of_runs(b, p->b_runs, 0, true) : p->b_cost;
	p->reason = "";
	p->p = NAN;
	if (c->counted) {
		p->difference = true;
		p->value.mid = p->b_cost - p->a_cost;
		p->value.lo = p->value.hi = p->value.mid;
		return 0;
	}
	p->difference = any_below(a, p->a_runs, c->floor) ||
			any_below(b, p->b_runs, c->floor);
	p->reason = *a_fault ? a_fault : b_fault;
	if (!strcmp(b_fault, "contended"))
		p->reason = b_fault;
	if (p->a_runs == 1 && p->b_runs == 1)
		return estimate_rounds(&a[0], &b[0], p);
	/* the logarithm of a negative median would be none */
	if (!p->difference && (p->a_cost <= 0 || p->b_cost <= 0))
		p->difference = true;
	estimate_runs(a, p->a_runs, b, p->b_runs, p);
	return 0;
}

/* The resolution below which nothing is known of any run. */
static void set_floor(struct comparison *c, const struct compare_side *s)
{
	for (size_t i = 0; i < s->nr; i++)
		c->floor = fmax(c->floor, c->counted ?
				   fmax(s->run[i].quantum_ticks, 0) :
				   unit_floor(&s->run[i], c->unit));
}

int compare_estimate(struct comparison *c)
{
	const struct result_point *a, *b;
	size_t run = 0, i = 0, room = 0;
	int err;

	set_floor(c, &c->a);
	set_floor(c, &c->b);
	/* both counts are rounded to three decimals */
	if (c->counted)
		c->floor += 0.0011;
	for (i = 0; i < c->a.nr; i++)
		room += c->a.run[i].nr_points;
	c->pair = calloc(room + 1, sizeof(*c->pair));
	if (!c->pair)
		return -ENOMEM;
	for (i = 0; (a = compare_next(&c->a, &run, &i));) {
		b = compare_find(&c->b, &a->point);
		if (!b) {
			c->only_a++;
			continue;
		}
		c->pair[c->nr].a = a;
		c->pair[c->nr].b = b;
		err = estimate_pair(c, &c->pair[c->nr++]);
		if (err)
			return err;
	}
	for (run = i = 0; compare_next(&c->b, &run, &i);)
		c->only_b++;
	c->only_b -= c->nr;
	return 0;
}

static bool counts_instructions(const struct result *r)
{
	return json_is_true(json_object_get(r->pfbench, "icount"));
}

/* Cycles, estimates of cycles, adds and times do not mix. */
static int set_unit(struct comparison *c, enum unit asked, struct errmsg *msg)
{
	const struct result *first = &c->a.run[0], *r;
	const char *name;

	c->unit = unit_resolve(first, asked);
	c->unit_name = unit_name(first, c->unit);
	for (size_t i = 0; i < c->a.nr + c->b.nr; i++) {
		r = i < c->a.nr ? &c->a.run[i] : &c->b.run[i - c->a.nr];
		name = unit_name(r, unit_resolve(r, asked));
		if (strcmp(name, c->unit_name))
			return errmsg_set(msg, -EINVAL,
					  "different units: %.150s has %s, %.150s has %s: compare times, with --unit=ns",
					  first->path, c->unit_name, r->path,
					  name);
		if (isnan(unit_scale(r, c->unit)))
			return errmsg_set(msg, -EINVAL,
					  "%.150s: does not record the length of a cycle: use --unit=ns",
					  r->path);
	}
	return 0;
}

/* All runs must have one unit; counts are the same in every run. */
int compare_check_sides(struct comparison *c, enum unit asked,
			struct errmsg *msg)
{
	const struct result *first = &c->a.run[0], *r;
	int err;

	c->counted = true;
	for (size_t i = 0; i < c->a.nr + c->b.nr; i++) {
		r = i < c->a.nr ? &c->a.run[i] : &c->b.run[i - c->a.nr];
		c->counted &= result_is_counted(r);
		if (counts_instructions(r) != counts_instructions(first))
			return errmsg_set(msg, -EINVAL,
					  "different units: %.150s has %s, %.150s has %s",
					  first->path,
					  counts_instructions(first) ?
					  "instructions" : "times", r->path,
					  counts_instructions(r) ?
					  "instructions" : "times");
	}
	err = counts_instructions(first) ? 0 : set_unit(c, asked, msg);
	if (err)
		return err;
	return c->counted && c->a.nr + c->b.nr > 2 ?
		errmsg_set(msg, -EINVAL,
			   "counts are exact: one file on each side is enough") :
		0;
}

int comparison_open(struct comparison *c, const char *a, const char *b,
		    double threshold, enum unit unit, struct errmsg *msg)
{
	int err;

	*c = (struct comparison){ .threshold = threshold,
		.unit = UNIT_INSTRUCTIONS, .unit_name = "instructions" };
	err = compare_load(&c->a, a, msg);
	if (!err)
		err = compare_load(&c->b, b, msg);
	if (!err)
		err = compare_check_sides(c, unit, msg);
	if (!err) {
		err = compare_estimate(c);
		if (!err)
			err = compare_judge(c, 1);
		if (err)
			errmsg_set(msg, err, "out of memory");
	}
	if (err)
		comparison_close(c);
	return err;
}

void comparison_close(struct comparison *c)
{
	free(c->pair);
	compare_unload(&c->a);
	compare_unload(&c->b);
}

enum verdict comparison_verdict(const struct comparison *c)
{
	if (c->count[CHANGED] || (c->counted && c->only_a + c->only_b))
		return CHANGED;
	return c->count[CANNOT_TELL] || !c->nr ? CANNOT_TELL : SAME;
}
