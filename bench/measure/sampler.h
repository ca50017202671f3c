/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Sampling a group of points: interleaved rounds, two run lengths, the empty
 * loop beside them, every sample between two readings of the reference loop.
 */
#ifndef PFBENCH_SAMPLER_H
#define PFBENCH_SAMPLER_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

#include "measure/backend.h"
#include "machine/counters.h"
#include "data/point.h"
#include "measure/contention.h"
#include "lib/stats.h"

#define SAMPLER_MAX_ROUNDS 4000

struct sampler {
	struct backend *backend;
	struct contention *quiet;
	struct counters *counters;	/* NULL: none asked for */
	int cpu;			/* where we are bound */
	double ns_per_tick;
	double quantum;			/* of the clock, in ticks */
	double target_ci;		/* half an interval over the median */
	double max_seconds;		/* a point, at most */
	double min_seconds;		/* a group, at least */
	double sample_ns;		/* a long run */
	size_t fixed_rounds;		/* 0: until it is tight enough */
	bool icount;			/* its clock counts instructions */
	const volatile sig_atomic_t *interrupted;

	/* what it did so far, over all groups */
	unsigned long rounds, rounds_quiet;
	unsigned long unquiet, steal, migration, context_switch;
	double floor;			/* coarsest floor of a hot sample so far */
};

/* One counter of one point: net events an operation. */
struct counted {
	struct estimate per_op;
	bool available;
};

/* One point, sampled. */
struct sampled {
	struct point point;
	int err;			/* not sampled, and why */
	struct errmsg msg;
	struct estimate ticks;		/* net, an operation */
	double floor;			/* the clock's step, an operation */
	double gross;			/* with the loop, median */
	double *sample;			/* net, round by round; NaN: dropped */
	size_t rounds, rounds_quiet;
	bool contended;
	struct counted *counted;	/* counters_nr() of them, or NULL */
};

/*
 * sampler_group() - sample @n points of one group together
 * @sampled: @n of them, filled in; free with sampler_free()
 *
 * Stops when every interval is tight enough, or after max_seconds * n; or after
 * fixed_rounds, of which then all count.
 * Return: 0; -EINTR when interrupted (nothing is to be freed then); or another
 * negative errno with a line in @msg. A point whose population does not fit
 * has its own err, the others are measured.
 */
int sampler_group(struct sampler *s, const struct point *points, size_t n,
		  struct sampled *sampled, struct errmsg *msg);

/* a minus b, within rounds; two points of one sampler_group() call. */
struct estimate sampled_difference(const struct sampled *a,
				   const struct sampled *b);
void sampler_free(struct sampled *sampled, size_t n);

#endif
