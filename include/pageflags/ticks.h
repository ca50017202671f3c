/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The time-stamp counter, read in the same way in user space and in the kernel.
 * Other architectures have no PF_TICK_SOURCE.
 */
#ifndef PAGEFLAGS_TICKS_H
#define PAGEFLAGS_TICKS_H

#ifdef __KERNEL__
#include <linux/types.h>
#else
#include <stdint.h>
#endif

#if defined(__x86_64__)
#define PF_TICK_SOURCE "tsc"
/* Intel, How to Benchmark Code Execution Times (324264): fenced both ways */
static inline uint64_t pf_ticks_start(void)
{
	uint32_t lo, hi;

	asm volatile("lfence; rdtsc; lfence" : "=a" (lo), "=d" (hi) : :
		     "memory");
	return (uint64_t)hi << 32 | lo;
}

static inline uint64_t pf_ticks_stop(void)
{
	uint32_t lo, hi;

	asm volatile("rdtscp; lfence" : "=a" (lo), "=d" (hi) : :
		     "rcx", "memory");
	return (uint64_t)hi << 32 | lo;
}
#elif defined(__aarch64__)
#define PF_TICK_SOURCE "cntvct"
static inline uint64_t pf_ticks_start(void)
{
	uint64_t t;

	asm volatile("isb; mrs %0, cntvct_el0; isb" : "=r" (t) : : "memory");
	return t;
}
#define pf_ticks_stop pf_ticks_start
#elif defined(__riscv)
#define PF_TICK_SOURCE "time"
static inline uint64_t pf_ticks_start(void)
{
	uint64_t t;

	asm volatile("fence; rdtime %0; fence" : "=r" (t) : : "memory");
	return t;
}
#define pf_ticks_stop pf_ticks_start
#elif defined(__powerpc64__)
#define PF_TICK_SOURCE "timebase"
static inline uint64_t pf_ticks_start(void)
{
	uint64_t t;

	asm volatile("isync; mfspr %0, 268; isync" : "=r" (t) : : "memory");
	return t;
}
#define pf_ticks_stop pf_ticks_start
#elif defined(__s390x__)
#define PF_TICK_SOURCE "tod"
static inline uint64_t pf_ticks_start(void)
{
	uint64_t t;

	asm volatile("bcr 14,0; stckf %0" : "=Q" (t) : : "cc", "memory");
	return t;
}
#define pf_ticks_stop pf_ticks_start
#endif

#endif
