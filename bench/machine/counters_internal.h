/* SPDX-License-Identifier: GPL-2.0 */
/* The parts of counters.c that tests drive without a PMU. */
#ifndef PFBENCH_COUNTERS_INTERNAL_H
#define PFBENCH_COUNTERS_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define COUNTERS_MAX 64		/* events at most */

/* does the machine count the @nr events whose indices are in @set at once? */
typedef bool (*counters_fits)(void *ctx, const size_t *set, size_t nr);

/*
 * counters_assign() - put @nr events into as few passes as first fit gives
 * @software: for each event, whether it needs no slot of a PMU. Those all go
 *	to pass 0 and @fits is only asked about each alone.
 * @pass: out, for each event: its pass, or -1 if it does not even fit alone.
 * Return: the number of passes.
 */
unsigned int counters_assign(size_t nr, const bool *software,
			     counters_fits fits, void *ctx, int *pass);

/*
 * counters_core_pmu() - the type of the PMU of @cpu, where cores differ
 * Return: 0 if all cores share one PMU or none says which CPUs are its own.
 */
uint32_t counters_core_pmu(const char *root, int cpu);

#endif
