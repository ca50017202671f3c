/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The time-stamp counter, and what a tick of it is. Ticks are not cycles: the
 * counter runs at a rate of its own.
 */
#ifndef PFBENCH_CLOCK_H
#define PFBENCH_CLOCK_H

#include <stdint.h>
#include <time.h>

#if defined(__x86_64__)
#define CLOCK_TICK_SOURCE "tsc"
/* Intel, How to Benchmark Code Execution Times (324264): fenced both ways */
static inline uint64_t clock_start(void)
{
	uint32_t lo, hi;

	asm volatile("lfence; rdtsc; lfence" : "=a" (lo), "=d" (hi) : :
		     "memory");
	return (uint64_t)hi << 32 | lo;
}

static inline uint64_t clock_stop(void)
{
	uint32_t lo, hi;

	asm volatile("rdtscp; lfence" : "=a" (lo), "=d" (hi) : :
		     "rcx", "memory");
	return (uint64_t)hi << 32 | lo;
}
#elif defined(__aarch64__)
#define CLOCK_TICK_SOURCE "cntvct"
static inline uint64_t clock_start(void)
{
	uint64_t t;

	asm volatile("isb; mrs %0, cntvct_el0; isb" : "=r" (t) : : "memory");
	return t;
}
#define clock_stop clock_start
#elif defined(__riscv)
#define CLOCK_TICK_SOURCE "time"
static inline uint64_t clock_start(void)
{
	uint64_t t;

	asm volatile("fence; rdtime %0; fence" : "=r" (t) : : "memory");
	return t;
}
#define clock_stop clock_start
#elif defined(__powerpc64__)
#define CLOCK_TICK_SOURCE "timebase"
static inline uint64_t clock_start(void)
{
	uint64_t t;

	asm volatile("isync; mfspr %0, 268; isync" : "=r" (t) : : "memory");
	return t;
}
#define clock_stop clock_start
#elif defined(__s390x__)
#define CLOCK_TICK_SOURCE "tod"
static inline uint64_t clock_start(void)
{
	uint64_t t;

	asm volatile("bcr 14,0; stckf %0" : "=Q" (t) : : "cc", "memory");
	return t;
}
#define clock_stop clock_start
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
