/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Points that several threads run: pinned threads start together, run the same
 * loop for the same window, and count what each of them did.
 */
#ifndef PFBENCH_MEASURE_THREADS_H
#define PFBENCH_MEASURE_THREADS_H

#include <stdbool.h>
#include <stddef.h>

#include "measure/session.h"

/**
 * struct thread_figures - one thread of a point
 * @cpu: on which it ran
 * @rate: operations per second
 * @cost: cycles per operation, in the unit of struct sampled
 */
struct thread_figures {
	int cpu;
	struct estimate rate, cost;
};

/**
 * struct threaded - a point that threads ran, over all windows
 * @thread: @nr threads; of a reader's point the first one is the reader
 * @total: operations per second of all threads; of a reader's point, of the
 *	reader
 * @fairness: see window_fairness(); NaN for a reader's point
 * @retries: compare-and-swaps that failed, per operation of all threads, counted
 *	in windows of their own; NaN: the loop has none, or they are not counted
 * @oversubscribed: threads shared CPUs
 * @writer: the loop of the others; PF_NR_ACCESSORS: the same
 */
struct threaded {
	unsigned int nr;
	struct thread_figures *thread;
	struct estimate total, fairness, retries;
	bool oversubscribed;
	enum pf_accessor writer;
};

/**
 * struct threads_options - how threads run
 * @cpu_kind: NULL: any
 * @cpu: the only CPU; -1: all that the topology allows
 * @oversubscribe: threads may share CPUs
 * @seconds: per point, for all its windows
 * @windows: exactly so many; 0: as many as fit in @seconds, and at least
 *	SAMPLER_FEWEST_ROUNDS
 */
struct threads_options {
	const char *cpu_kind;
	int cpu;
	bool oversubscribe;
	double seconds;
	size_t windows;
};

/**
 * threads_check() - are there CPUs for the threads of @p?
 * Return: 0, or -EINVAL with a line in @msg.
 */
int threads_check(struct session *s, const struct threads_options *o,
		  const struct point *p, struct errmsg *msg);

/**
 * threads_group() - measure @n points of one group, window by window in turn
 * @sampled: @n of them, filled in, with @threaded; free with sampler_free()
 *
 * Figures are gross: the empty loop is not subtracted, as it overlaps with the
 * wait for a cache line. A window in which a thread lost its CPU is dropped.
 *
 * Return: as sampler_group().
 */
int threads_group(struct session *s, const struct threads_options *o,
		  const struct point *points, size_t n,
		  struct sampled *sampled, struct errmsg *msg);

/** threaded_free() - free it, or NULL */
void threaded_free(struct threaded *t);

#endif
