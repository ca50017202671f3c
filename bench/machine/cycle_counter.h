/* SPDX-License-Identifier: GPL-2.0 */
/* The CPU's counter of core cycles, read without a system call. */
#ifndef PFBENCH_MACHINE_CYCLE_COUNTER_H
#define PFBENCH_MACHINE_CYCLE_COUNTER_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/errmsg.h"

struct cycle_counter;

/**
 * cycle_counter_open() - count the core cycles of the calling thread
 * @kernel: cycles in the kernel as well, which needs CAP_PERFMON or
 *	perf_event_paranoid 1
 * @msg: why there is none
 *
 * x86 and arm64: libperf reads the counter by RDPMC or PMCCNTR_EL0 where
 * perf_event_mmap_page has cap_user_rdpmc. arm64 needs sysctl
 * kernel.perf_user_access=1 as well (Linux 5.17).
 *
 * Return: a counter for cycle_counter_close(), or NULL.
 */
struct cycle_counter *cycle_counter_open(bool kernel, struct errmsg *msg);
void cycle_counter_close(struct cycle_counter *c);

/** cycle_counter_read() - cycles so far; 0 if the counter stopped */
uint64_t cycle_counter_read(const struct cycle_counter *c);

#endif
