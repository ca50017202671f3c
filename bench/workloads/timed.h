/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Marks that also read the clock: pfbench price --run runs a workload without a
 * guest. The clock is read outside of what a guest counts.
 */
#ifndef PFBENCH_WORKLOADS_TIMED_H
#define PFBENCH_WORKLOADS_TIMED_H

#include <stdio.h>
#include <time.h>

#include "mark.h"

static long long timed_ns;	/* between start and stop, so far */

static inline long long timed_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

/* One of the marks, each of which is an instruction of its own. */
static inline __attribute__((always_inline)) void timed_mark(int kind)
{
	if (kind == MARK_START) {
		timed_ns -= timed_now();
		mark(MARK_START);
	} else if (kind == MARK_STOP) {
		mark(MARK_STOP);
		timed_ns += timed_now();
	} else {
		mark(MARK_ONLY);
	}
}

#undef mark
#define mark timed_mark

static inline void print_time(void)
{
	printf("time: %lld ns\n", timed_ns);
}

#endif
