// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "measure/insn_count.h"

/*
 * What a run is made long enough for, in instructions an operation: the clock's
 * step is less, and so is the way round the list of pages.
 */
#define STEP 0.004
/* Runs that may be disturbed (a timer's interrupt) before some agree. */
#define MAX_TRIES 16

/* A loop and the two lengths that it is run for. */
struct loop {
	const struct point *point;
	struct population *population;
	unsigned long shorter, longer;	/* turns; whole rounds of the pages */
};

static double operations(const struct loop *l)
{
	return (double)(l->longer - l->shorter) * PF_UNROLL;
}

/* A figure is the difference of two, and an instruction in 256 the way round. */
double insn_count_resolution(void)
{
	return 3 * STEP;
}

static int set_lengths(struct exact *x, struct loop *l)
{
	unsigned long pass = x->backend->iterations(l->population);
	double steps = x->quantum_ns > 1 ? x->quantum_ns : 1;
	double want = 2 * steps / STEP / PF_UNROLL;

	if (!pass)
		return -ENXIO;
	l->shorter = pass;
	l->longer = pass + pass * (unsigned long)ceil(want / pass);
	return 0;
}

/* Instructions that one run takes, by the clock or by the counter. */
static double run_once(struct exact *x, const struct loop *l,
		       enum insn_count_source by, unsigned long iterations)
{
	uint64_t value = 0;
	int64_t ticks;

	if (by == EXACT_COUNTER && counters_start(x->counters, 0))
		return NAN;
	ticks = x->backend->run(x->backend, l->population, l->point, iterations);
	if (by == EXACT_COUNTER)
		return counters_stop(x->counters, 0, &value) || ticks < 0 ?
			NAN : (double)value;
	return ticks < 0 ? NAN : ticks * x->ns_per_tick;
}

static double gross_once(struct exact *x, const struct loop *l,
			 enum insn_count_source by)
{
	double shorter = run_once(x, l, by, l->shorter);

	return (run_once(x, l, by, l->longer) - shorter) / operations(l);
}

/* What most of @n runs agree on, if a quarter does; NaN if not. */
static double most_agree(const double *v, int n)
{
	double best = NAN;
	int i, j, agree, most = n / 4;

	for (i = 0; i < n; i++) {
		for (j = 0, agree = 0; j < n; j++)
			agree += fabs(v[i] - v[j]) <= STEP;
		if (agree > most) {
			most = agree;
			best = v[i];
		}
	}
	return best;
}

/*
 * What two runs in a row agree on, three of the counter's, which counts an
 * interrupt behind a run, too; else what most of them do: a timer's interrupt may
 * hit every other one.
 */
static double gross(struct exact *x, const struct loop *l,
		    enum insn_count_source by)
{
	int agreed = 1, enough = by == EXACT_COUNTER ? 3 : 2, i;
	double v[MAX_TRIES];

	v[0] = gross_once(x, l, by);
	for (i = 1; i < MAX_TRIES && !*x->interrupted; i++) {
		v[i] = gross_once(x, l, by);
		agreed = fabs(v[i] - v[i - 1]) <= STEP ? agreed + 1 : 1;
		if (agreed == enough)
			return (v[i] + v[i - 1]) / 2;
	}
	return most_agree(v, i);
}

/*
 * A turn takes a whole number of instructions where every page takes one path,
 * and a round of the pages does in any case: what is nearer to that than we can
 * tell is that.
 */
static double rounded(const struct loop *l, double net)
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

/* The empty loop's share, by either source. */
struct baseline {
	double by[2];
};

static int open_loop(struct exact *x, struct loop *l, struct errmsg *msg)
{
	int ret = x->backend->populate(x->backend, l->point, &l->population,
				       msg);
	int64_t ran;

	if (ret)
		return ret;
	ret = set_lengths(x, l);
	/* once as the pages are, once as the loop leaves them */
	for (int i = 0; i < 2 && !ret; i++) {
		ran = x->backend->run(x->backend, l->population, l->point,
				      i ? l->longer : l->shorter);
		if (ran < 0)
			ret = ran;
	}
	if (!ret)
		return 0;
	x->backend->release(x->backend, l->population);
	return errmsg_set(msg, ret, "%s: the loop could not be run: %s",
		       x->backend->name, strerror(-ret));
}

static bool has_counter(const struct exact *x)
{
	return !strcmp(x->perf, "ok");
}

static int baseline(struct exact *x, const struct point *p, struct baseline *b,
		    struct errmsg *msg)
{
	struct point empty = point_empty(p);
	struct loop l = { .point = &empty };
	int ret = open_loop(x, &l, msg);

	if (ret)
		return ret;
	b->by[EXACT_CLOCK] = x->source == EXACT_CLOCK ?
		gross(x, &l, EXACT_CLOCK) : NAN;
	b->by[EXACT_COUNTER] = has_counter(x) ?
		gross(x, &l, EXACT_COUNTER) : NAN;
	x->backend->release(x->backend, l.population);
	return 0;
}

static int count_point(struct exact *x, const struct baseline *b,
		       struct insn_count *out)
{
	struct loop l = { .point = &out->point };
	int ret = open_loop(x, &l, &out->msg);
	double by[2] = { NAN, NAN };

	if (ret)
		return ret;
	for (int i = EXACT_CLOCK; i <= EXACT_COUNTER; i++)
		if (!isnan(b->by[i]))
			by[i] = rounded(&l, gross(x, &l, i) - b->by[i]);
	x->backend->release(x->backend, l.population);
	out->instructions = by[x->source];
	out->perf = by[EXACT_COUNTER];
	if (isnan(out->instructions))
		return errmsg_set(&out->msg, -EAGAIN, "too few runs agree");
	return 0;
}

int insn_count_group(struct exact *x, const struct point *points, size_t n,
		struct insn_count *counted, struct errmsg *msg)
{
	struct population *kept;
	struct baseline b;
	int ret;

	ret = x->backend->populate(x->backend, &points[0], &kept, msg);
	if (ret)
		return ret;
	ret = baseline(x, &points[0], &b, msg);
	for (size_t i = 0; i < n && !ret; i++) {
		memset(&counted[i], 0, sizeof(counted[i]));
		counted[i].point = points[i];
		counted[i].err = count_point(x, &b, &counted[i]);
		if (*x->interrupted)
			ret = -EINTR;
	}
	x->backend->release(x->backend, kept);
	return ret;
}

/* Are one, two and four adds one and two apart, by the source? */
static int finds_adds(struct exact *x, bool *finds, struct errmsg *msg)
{
	static const enum pf_accessor adds[] = { PF_ACC_add1, PF_ACC_add2,
						 PF_ACC_add4 };
	struct point p[3];
	struct insn_count c[3];
	int ret;

	for (int i = 0; i < 3; i++)
		p[i] = (struct point){ .accessor = adds[i],
				       .generation = PF_GEN_primitive,
				       .form = PF_LATENCY };
	ret = insn_count_group(x, p, 3, c, msg);
	*finds = !ret && !c[0].err && !c[1].err && !c[2].err &&
		fabs(c[1].instructions - c[0].instructions - 1) < 0.01 &&
		fabs(c[2].instructions - c[1].instructions - 2) < 0.01;
	return ret;
}

int insn_count_open(struct exact *x, struct errmsg *msg)
{
	bool finds = false;
	int ret = 0;

	x->perf = x->counters && counters_get(x->counters, 0)->available ?
		"ok" : x->counters ? counters_get(x->counters, 0)->reason :
		"not asked for";
	if (has_counter(x)) {
		x->source = EXACT_COUNTER;
		ret = finds_adds(x, &finds, msg);
		if (!ret && !finds)
			x->perf = "does not find one add more: not exact here";
	}
	if (ret)
		return ret;
	x->source = EXACT_CLOCK;
	ret = finds_adds(x, &finds, msg);
	if (ret || finds)
		return ret;
	x->source = EXACT_COUNTER;
	if (has_counter(x))
		return 0;
	return errmsg_set(msg, -ENOTSUP,
		       "nothing counts instructions here: no counter (%s), and the clock does not (QEMU -icount shift=0 makes it)",
		       x->perf);
}
