/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The time-stamp counter, and what a tick of it is. Ticks are not cycles: the
 * counter runs at a rate of its own.
 */
#ifndef PFBENCH_CLOCK_H
#define PFBENCH_CLOCK_H

#include <stdint.h>
#include <time.h>

#include "pageflags/ticks.h"

#ifdef PF_TICK_SOURCE
#define CLOCK_TICK_SOURCE PF_TICK_SOURCE
#define clock_start pf_ticks_start
#define clock_stop pf_ticks_stop
#else
#define CLOCK_TICK_SOURCE "CLOCK_MONOTONIC_RAW"
static inline uint64_t clock_start(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC_RAW, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}
#define clock_stop clock_start
#endif

/* CLOCK_MONOTONIC_RAW in nanoseconds: for what a run takes, not for loops. */
uint64_t clock_ns(void);

/* One reading of both clocks, as close together as can be. */
struct clock_pair {
	uint64_t ticks, ns;
};
struct clock_pair clock_pair(void);

/* Nanoseconds a tick, between two readings at least 10 ms apart. */
double clock_ns_per_tick(struct clock_pair from, struct clock_pair to);

/*
 * clock_quantum() - the step of the counter, in ticks: the greatest common
 * divisor of what successive readings differ by. 1 on most machines; 26 seen
 * where a hypervisor scales the counter.
 */
uint64_t clock_quantum(void);

#endif
