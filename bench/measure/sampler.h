/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Sampling a group of points: interleaved rounds, two run lengths, the empty
 * loop in each round, and a reading of the contention detector before and
 * after each sample.
 */
#ifndef PFBENCH_MEASURE_SAMPLER_H
#define PFBENCH_MEASURE_SAMPLER_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

#include "data/point.h"
#include "lib/stats.h"
#include "machine/counters.h"
#include "machine/cycle_counter.h"
#include "measure/backend.h"
#include "measure/contention.h"
#include "measure/twins.h"

#define SAMPLER_MAX_ROUNDS 16000
/* Fewer rounds have no interval: these are taken even if time is up. */
#define SAMPLER_FEWEST_ROUNDS 8

/* Half of an interval over the median: more is wide. */
#define SAMPLER_WIDE 0.05

/**
 * struct sampler - how to sample, and what was done so far over all groups
 * @counters: NULL: none
 * @cycles: NULL: cycles by the reference loops
 * @add_cycles: cycles per chained add: counted by @cycles, else of the CPU by
 *	add_cycles(); NaN: unknown
 * @cpu: to which this thread is bound
 * @quantum: step of the clock, in ticks
 * @target_ci: half an interval over the median
 * @max_seconds: per point, at most
 * @min_seconds: per group, at least
 * @patience: seconds left for groups that wait for a quiet core: what is given,
 *	and what other groups did not use of theirs
 * @sample_ns: duration of a long run
 * @fixed_rounds: 0: as many as @target_ci needs
 * @icount: the clock counts instructions
 * @interrupted: nonzero: stop soon
 * @twins: NULL: no group carries a twin
 * @move: bind this thread to another CPU and set @cpu; false: there is none.
 *	NULL: stay on this one
 * @unquiet: rounds dropped for contention
 * @steal, @migration, @context_switch: samples dropped, by reason
 * @sampled: points, each repetition counts
 * @contended, @unbounded, @wide: of these, in this order: without a quiet
 *	round, without an interval, with one wider than SAMPLER_WIDE
 * @floor: the largest step of the clock in a hot sample, ticks per operation
 */
struct sampler {
	struct backend *backend;
	struct contention *contention;
	struct counters *counters;
	struct cycle_counter *cycles;
	double add_cycles;
	int cpu;
	double ns_per_tick;
	double quantum;
	double target_ci;
	double max_seconds;
	double min_seconds;
	double patience;
	double sample_ns;
	size_t fixed_rounds;
	bool icount;
	const volatile sig_atomic_t *interrupted;
	struct twins *twins;
	bool (*move)(void *arg);
	void *move_arg;

	unsigned long rounds, rounds_quiet;
	unsigned long unquiet, steal, migration, context_switch;
	unsigned long sampled, contended, unbounded, wide;
	double floor;
};

/* Net events per operation of one counter. */
struct counted {
	struct estimate per_op;
	bool available;
};

/**
 * struct sampled - a sampled point; figures are in units per operation: cycles by
 * a counter, or chained adds
 * @err: why the point was not sampled, a negative errno with a line in @msg
 * @cost: net
 * @floor: the clock's step
 * @gross: median with the loop's own cost
 * @sample: net, by round; NaN: dropped
 * @contended: no round was quiet; all rounds were used
 * @counted: by counter, as many as counters_nr(); or NULL
 * @threaded: the threads; NULL: there is one thread, of the sampler
 */
struct sampled {
	struct point point;
	int err;
	struct errmsg msg;
	struct estimate cost;
	double floor;
	double gross;
	double *sample;
	size_t rounds, rounds_quiet;
	bool contended;
	struct counted *counted;
	struct threaded *threaded;
};

/**
 * sampler_group() - sample @n points of one group together
 * @sampled: @n of them, filled in; free with sampler_free()
 *
 * Stops when every interval is narrow enough, or after max_seconds * n; or
 * after fixed_rounds, all of which are kept. A point whose population does not
 * fit has its own err; the others are measured.
 *
 * Return: 0; -EINTR when interrupted, or another negative errno with a line in
 * @msg; @sampled needs no sampler_free() then.
 */
int sampler_group(struct sampler *s, const struct point *points, size_t n,
		  struct sampled *sampled, struct errmsg *msg);

/** sampler_unit() - length of the unit of all figures, in ticks */
double sampler_unit(const struct sampler *s);

/**
 * sampled_difference() - a minus b, by pairs of samples of the same round
 * @a, @b: from one call of sampler_group()
 */
struct estimate sampled_difference(const struct sampled *a,
				   const struct sampled *b);
void sampler_free(struct sampled *sampled, size_t n);

#endif
