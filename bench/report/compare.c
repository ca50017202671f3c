// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/compare.h"

#define SIGNIFICANT 0.05
/* Fewer rounds than this have no 95 % interval. */
#define MIN_ROUNDS 6

const char *verdict_name(enum verdict verdict)
{
	static const char *const names[NR_VERDICTS] = {
		"same", "changed", "cannot tell",
	};

	return names[verdict];
}

static double *samples_in_ns(const struct result_point *p, double ns_per_tick)
{
	double *v = malloc((p->nr_samples + 1) * sizeof(*v));

	for (size_t i = 0; v && i < p->nr_samples; i++)
		v[i] = p->sample[i] * ns_per_tick;
	return v;
}

static size_t quiet_rounds(const struct result_point *p)
{
	size_t n = 0;

	for (size_t i = 0; i < p->nr_samples; i++)
		n += !isnan(p->sample[i]);
	return n;
}

static double clock_floor_ns(const struct result *r)
{
	double ticks = result_number(r, "floor_ticks");

	return isnan(ticks) ? 0 : ticks * r->ns_per_tick;
}

/* Does the file hold counts, which have no samples? See data/counts_file.h. */
static bool result_is_counted(const struct result *r)
{
	for (size_t i = 0; i < r->nr_points; i++)
		if (r->point[i].nr_samples)
			return false;
	return json_is_true(json_object_get(r->pfbench, "icount"));
}

/*
 * The difference of medians of unpaired samples; its bounds after Zou and
 * Donner 2008, who recover variances from the bounds of each.
 */
static struct estimate unpaired_difference(const struct estimate *a,
					   double a_scale,
					   const struct estimate *b,
					   double b_scale)
{
	struct estimate d;

	d.mid = b->mid * b_scale - a->mid * a_scale;
	d.lo = d.mid - hypot((b->mid - b->lo) * b_scale,
			     (a->hi - a->mid) * a_scale);
	d.hi = d.mid + hypot((b->hi - b->mid) * b_scale,
			     (a->mid - a->lo) * a_scale);
	d.n = a->n + b->n;
	return d;
}

static int estimate_samples(const struct comparison *c, struct compare_pair *p)
{
	double sa = c->a.ns_per_tick, sb = c->b.ns_per_tick;
	double *a = samples_in_ns(p->a, sa), *b = samples_in_ns(p->b, sb);
	int err = a && b ? 0 : -ENOMEM;

	if (err)
		goto out;
	if (p->difference)
		p->value = unpaired_difference(&p->a->ticks, sa, &p->b->ticks,
					       sb);
	else
		p->value = stats_ratio(a, p->a->nr_samples, b,
				       p->b->nr_samples, STATS_CONFIDENCE);
	if (!p->difference && isnan(p->value.mid))
		p->value.mid = p->b_ns / p->a_ns;
	if (!*p->reason)
		p->p = stats_mann_whitney(a, p->a->nr_samples, b,
					  p->b->nr_samples);
out:
	free(a);
	free(b);
	return err;
}

/* All of a pair but the verdict, which depends on all pairs. */
static int estimate_pair(const struct comparison *c, struct compare_pair *p)
{
	p->a_ns = p->a->ticks.mid * c->a.ns_per_tick;
	p->b_ns = p->b->ticks.mid * c->b.ns_per_tick;
	p->reason = "";
	p->p = NAN;
	if (c->counted) {
		p->difference = true;
		p->value.mid = p->b_ns - p->a_ns;
		p->value.lo = p->value.hi = p->value.mid;
		return 0;
	}
	p->difference = fabs(p->a_ns) <= c->floor_ns ||
			fabs(p->b_ns) <= c->floor_ns;
	if (p->a->contended || p->b->contended)
		p->reason = "contended";
	else if (quiet_rounds(p->a) < MIN_ROUNDS ||
		 quiet_rounds(p->b) < MIN_ROUNDS)
		p->reason = "too few";
	return estimate_samples(c, p);
}

static enum verdict judge_pair(const struct comparison *c,
			       struct compare_pair *p)
{
	double lo, hi, middle = p->difference ? 0 : 1, limit, room;
	double unit = p->difference ? 1 : fabs(p->a_ns);

	if (c->counted)
		return fabs(p->value.mid) <= c->floor_ns ? SAME : CHANGED;
	if (*p->reason)
		return CANNOT_TELL;
	limit = p->difference ? c->floor_ns : c->threshold;
	/* of a difference each bound of each file may be a step off */
	room = p->difference ? 4 * c->floor_ns : c->threshold;
	lo = p->value.lo - middle;
	hi = p->value.hi - middle;
	if (lo >= -limit && hi <= limit)
		return SAME;
	if (lo > limit || hi < -limit) {
		/* below the clock's resolution nothing has changed */
		if (fabs(p->b_ns - p->a_ns) <= c->floor_ns)
			return SAME;
		if (p->p_holm < SIGNIFICANT)
			return CHANGED;
		p->reason = "unsure";
		return CANNOT_TELL;
	}
	/* a narrow interval around the limit is at the limit, not beyond */
	if (hi - lo <= room || (hi - lo) * unit <= 2 * c->floor_ns)
		return SAME;
	p->reason = "too wide";
	return CANNOT_TELL;
}

static int judge_pairs(struct comparison *c)
{
	double *p = malloc((c->nr + 1) * sizeof(*p));
	size_t i;

	if (!p)
		return -ENOMEM;
	for (i = 0; i < c->nr; i++) {
		p[i] = c->pair[i].p;
		c->tested += !isnan(p[i]);
	}
	stats_holm(p, c->nr);
	for (i = 0; i < c->nr; i++) {
		c->pair[i].p_holm = p[i];
		c->pair[i].verdict = judge_pair(c, &c->pair[i]);
		c->count[c->pair[i].verdict]++;
	}
	free(p);
	return 0;
}

static int compare_results(struct comparison *c)
{
	int err;

	c->counted = result_is_counted(&c->a) && result_is_counted(&c->b);
	if (c->counted)
		/* both counts are rounded to three decimals */
		c->floor_ns = fmax(c->a.quantum_ticks, c->b.quantum_ticks) +
			0.0011;
	else
		c->floor_ns = fmax(clock_floor_ns(&c->a),
				   clock_floor_ns(&c->b));
	c->pair = calloc(c->a.nr_points + 1, sizeof(*c->pair));
	if (!c->pair)
		return -ENOMEM;
	for (size_t i = 0; i < c->a.nr_points; i++) {
		const struct result_point *a = &c->a.point[i];
		const struct result_point *b = result_find(&c->b, &a->point);

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
	c->only_b = c->b.nr_points - c->nr;
	return judge_pairs(c);
}

int comparison_open(struct comparison *c, const char *a, const char *b,
		    double threshold, struct errmsg *msg)
{
	int err;

	*c = (struct comparison){ .threshold = threshold };
	err = result_load(a, &c->a, msg);
	if (err)
		return err;
	err = result_load(b, &c->b, msg);
	if (err) {
		result_free(&c->a);
		return err;
	}
	err = compare_results(c);
	if (err) {
		comparison_close(c);
		return errmsg_set(msg, err, "out of memory");
	}
	return 0;
}

void comparison_close(struct comparison *c)
{
	free(c->pair);
	result_free(&c->a);
	result_free(&c->b);
}

enum verdict comparison_verdict(const struct comparison *c)
{
	if (c->count[CHANGED] || (c->counted && c->only_a + c->only_b))
		return CHANGED;
	return c->count[CANNOT_TELL] || !c->nr ? CANNOT_TELL : SAME;
}
