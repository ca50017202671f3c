/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The time-stamp counter and its rate. A tick is not a CPU cycle: the counter
 * has a constant rate of its own.
 */
#ifndef PFBENCH_MACHINE_TSC_H
#define PFBENCH_MACHINE_TSC_H

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

/** clock_ns() - CLOCK_MONOTONIC_RAW in nanoseconds: for runs, not for loops */
uint64_t clock_ns(void);

/** struct clock_pair - one reading of both clocks */
struct clock_pair {
	uint64_t ticks, ns;
};

/** clock_pair() - read both clocks as close together as possible */
struct clock_pair clock_pair(void);

/**
 * clock_ns_per_tick() - nanoseconds per tick
 * @from, @to: readings at least 10 ms apart
 */
double clock_ns_per_tick(struct clock_pair from, struct clock_pair to);

/**
 * clock_quantum() - the step of the counter in ticks
 *
 * The greatest common divisor of differences between readings: 1 on most
 * machines, 26 on a virtual machine whose hypervisor scales the counter.
 */
uint64_t clock_quantum(void);

#endif
