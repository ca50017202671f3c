// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "measure/insn_count.h"

/*
 * A run is so long that the clock's step, and the loop over the list of pages,
 * are less than this many instructions per operation.
 */
#define STEP 0.004
/* Runs that a timer's interrupt may disturb before some agree. */
#define MAX_TRIES 32
/* Instructions between two interrupts of the timer, at 250 per second. */
#define TICK 4e6

/* A loop and the two lengths for which it is run. */
struct loop {
	const struct point *point;
	struct population *population;
	unsigned long shorter, longer;	/* iterations; whole passes */
};

static double operations(const struct loop *l)
{
	return (double)(l->longer - l->shorter) * PF_UNROLL;
}

/* A figure is a difference of two, plus a 256th of an instruction per pass. */
double insn_count_resolution(void)
{
	return 3 * STEP;
}

static int set_lengths(struct insn_counter *c, struct loop *l)
{
	unsigned long pass = c->backend->iterations(l->population);
	double steps = c->quantum_ns > 1 ? c->quantum_ns : 1;
	double want = 2 * steps / STEP / PF_UNROLL;

	if (!pass)
		return -ENXIO;
	l->shorter = pass;
	l->longer = pass + pass * (unsigned long)ceil(want / pass);
	return 0;
}

/* Instructions of one run; NaN: not counted. */
static double insn_count_run(struct insn_counter *c, const struct loop *l,
			enum insn_count_source by, unsigned long iterations)
{
	uint64_t value = 0;
	int64_t ticks;

	if (by == BY_COUNTER && counters_start(c->counters, 0))
		return NAN;
	ticks = c->backend->run(c->backend, l->population, l->point,
				iterations);
	if (by == BY_COUNTER)
		return counters_stop(c->counters, 0, &value) || ticks < 0 ?
			NAN : (double)value;
	return ticks < 0 ? NAN : ticks * c->ns_per_tick;
}

/*
 * The mean of the readings that equal the smallest, give or take @within; NaN:
 * fewer than @enough do. An interrupt only adds instructions.
 */
static double smallest_repeated(const double *v, int n, double within,
				int enough)
{
	double smallest = v[0], sum = 0;
	int i, agree = 0;

	for (i = 1; i < n; i++)
		smallest = fmin(smallest, v[i]);
	for (i = 0; i < n; i++) {
		if (v[i] - smallest <= within) {
			agree++;
			sum += v[i];
		}
	}
	return agree >= enough ? sum / agree : NAN;
}

/*
 * Instructions per operation, with the loop's own: the smallest readings, which
 * must come twice, by the counter three times, because the counter includes an
 * interrupt after a run. Of runs that take almost half a tick, two in succession
 * may be interrupted; of those that take three quarters, four.
 */
static double count_gross(struct insn_counter *c, const struct loop *l,
			  enum insn_count_source by)
{
	double shorter[MAX_TRIES], longer[MAX_TRIES], low, high;
	double within = STEP * operations(l);
	int enough = by == BY_COUNTER ? 3 : 2;

	for (int i = 0; i < MAX_TRIES && !*c->interrupted; i++) {
		shorter[i] = insn_count_run(c, l, by, l->shorter);
		longer[i] = insn_count_run(c, l, by, l->longer);
		if (isnan(shorter[i]) || isnan(longer[i]))
			break;
		if (longer[i] > 0.45 * TICK)
			enough = 5;
		low = smallest_repeated(shorter, i + 1, within, enough);
		high = smallest_repeated(longer, i + 1, within, enough);
		if (!isnan(low) && !isnan(high))
			return (high - low) / operations(l);
	}
	return NAN;
}

/*
 * An iteration takes a whole number of instructions if all pages take one
 * path, and a pass over the pages always does: a figure is rounded to the
 * nearest such number if that is within the resolution.
 */
static double round_to_whole(const struct loop *l, double net)
{
	const double parts[] = { PF_UNROLL, (double)PF_UNROLL * l->shorter };
	double error = insn_count_resolution(), nearest;

	for (int i = 0; i < 2; i++) {
		nearest = nearbyint(net * parts[i]) / parts[i];
		if (error * parts[i] < 0.5 && fabs(net - nearest) <= error)
			return nearest;
	}
	return net;
}

static int open_loop(struct insn_counter *c, struct loop *l,
		     struct errmsg *msg)
{
	struct backend *b = c->backend;
	int ret = b->populate(b, l->point, &l->population, msg);
	int64_t ran;

	if (ret)
		return ret;
	ret = set_lengths(c, l);
	/* a modifying loop finds other pages in its second run */
	for (int i = 0; i < 2 && !ret; i++) {
		ran = b->run(b, l->population, l->point,
			     i ? l->longer : l->shorter);
		if (ran < 0)
			ret = ran;
	}
	if (!ret)
		return 0;
	b->release(b, l->population);
	return errmsg_set(msg, ret, "%s: the loop could not be run: %s",
			  b->name, strerror(-ret));
}

static bool has_counter(const struct insn_counter *c)
{
	return !strcmp(c->perf, "ok");
}

/* The empty loop's instructions per operation, by source; NaN: none. */
struct baseline {
	double by[2];
};

static int count_baseline(struct insn_counter *c, const struct point *p,
			  struct baseline *b, struct errmsg *msg)
{
	struct point empty = point_empty(p);
	struct loop l = { .point = &empty };
	int ret = open_loop(c, &l, msg);

	if (ret)
		return ret;
	b->by[BY_CLOCK] = c->source == BY_CLOCK ?
		count_gross(c, &l, BY_CLOCK) : NAN;
	b->by[BY_COUNTER] = has_counter(c) ?
		count_gross(c, &l, BY_COUNTER) : NAN;
	c->backend->release(c->backend, l.population);
	return 0;
}

static int count_point(struct insn_counter *c, const struct baseline *b,
		       struct insn_count *out)
{
	struct loop l = { .point = &out->count.point };
	double by[2] = { NAN, NAN };
	int ret;

	out->count.instructions = NAN;
	out->count.perf = NAN;
	ret = open_loop(c, &l, &out->msg);
	if (ret)
		return ret;
	for (int i = BY_CLOCK; i <= BY_COUNTER; i++)
		if (!isnan(b->by[i]))
			by[i] = round_to_whole(&l, count_gross(c, &l, i) -
					       b->by[i]);
	c->backend->release(c->backend, l.population);
	out->count.instructions = by[c->source];
	out->count.perf = by[BY_COUNTER];
	if (isnan(out->count.instructions))
		return errmsg_set(&out->msg, -EAGAIN, "too few runs agree");
	return 0;
}

int insn_count_group(struct insn_counter *c, const struct point *points,
		     size_t n, struct insn_count *counted, struct errmsg *msg)
{
	struct population *kept;
	struct baseline b;
	int ret;

	/* all points use this population while it is kept */
	ret = c->backend->populate(c->backend, &points[0], &kept, msg);
	if (ret)
		return ret;
	ret = count_baseline(c, &points[0], &b, msg);
	for (size_t i = 0; i < n && !ret; i++) {
		memset(&counted[i], 0, sizeof(counted[i]));
		counted[i].count.point = points[i];
		counted[i].err = count_point(c, &b, &counted[i]);
		if (*c->interrupted)
			ret = -EINTR;
	}
	c->backend->release(c->backend, kept);
	return ret;
}

/* Does the source count 1, 2 and 4 adds correctly? */
static int counts_adds(struct insn_counter *c, bool *correct,
		       struct errmsg *msg)
{
	static const enum pf_accessor adds[] = { PF_ACC_add1, PF_ACC_add2,
						 PF_ACC_add4 };
	struct insn_count n[3];
	struct point p[3];
	int ret;

	for (int i = 0; i < 3; i++)
		p[i] = (struct point){ .accessor = adds[i],
				       .generation = PF_GEN_primitive,
				       .form = PF_LATENCY };
	ret = insn_count_group(c, p, 3, n, msg);
	*correct = !ret && !n[0].err && !n[1].err && !n[2].err &&
		fabs(n[1].count.instructions - n[0].count.instructions - 1) <
			0.01 &&
		fabs(n[2].count.instructions - n[1].count.instructions - 2) <
			0.01;
	return ret;
}

int insn_count_check_clock(struct insn_counter *c, struct errmsg *msg)
{
	bool correct = false;
	int ret;

	c->source = BY_CLOCK;
	c->perf = "not requested";
	ret = counts_adds(c, &correct, msg);
	if (ret || correct)
		return ret;
	return errmsg_set(msg, -EINVAL,
			  "--icount: the clock of this machine does not count instructions: measure without --icount, or under QEMU -icount shift=0");
}

int insn_count_open(struct insn_counter *c, struct errmsg *msg)
{
	const struct counter *instructions =
		c->counters ? counters_get(c->counters, 0) : NULL;
	bool correct = false;
	int ret = 0;

	c->perf = !instructions ? "not requested" :
		instructions->available ? "ok" : instructions->reason;
	if (has_counter(c)) {
		c->source = BY_COUNTER;
		ret = counts_adds(c, &correct, msg);
		if (!ret && !correct)
			c->perf = "does not find one add more: not exact here";
	}
	if (ret)
		return ret;
	c->source = BY_CLOCK;
	ret = counts_adds(c, &correct, msg);
	if (ret || correct)
		return ret;
	c->source = BY_COUNTER;
	if (has_counter(c))
		return 0;
	return errmsg_set(msg, -ENOTSUP,
			  "nothing counts instructions here: no counter (%s), and the clock does not count (QEMU -icount shift=0 makes it count)",
			  c->perf);
}
