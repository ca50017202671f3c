/* SPDX-License-Identifier: GPL-2.0 */
/* Sample where the kernel spends cycles while a command runs, by libperf. */
#ifndef PFBENCH_MACHINE_KERNEL_SAMPLER_H
#define PFBENCH_MACHINE_KERNEL_SAMPLER_H

#include <signal.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/errmsg.h"

/**
 * struct kernel_sampler - samples of a command, and how they were taken
 * @period: cycles in the kernel from sample to sample
 * @precise: precise_ip: 0 (an arbitrary skid) to 3 (none)
 * @exact: samples whose address the CPU says is exact
 * @lost: samples that found the buffer full
 * @throttled: how often the kernel stopped sampling for a while
 * @elsewhere: samples of user space or of a hypervisor, not in @ip
 * @status: of the command: its exit status, or 128 plus a signal
 * @ip: @nr addresses
 */
struct kernel_sampler {
	uint64_t period;
	unsigned int precise;
	size_t exact, lost, throttled, elsewhere;
	int status;
	uint64_t *ip;
	size_t nr;
};

/**
 * kernel_sampler_check() - can this process sample the cycles of the kernel?
 *
 * Sets s->precise to the most precise event there is.
 *
 * Return: 0; a negative errno with a line in @msg: no PMU, or no right to it.
 */
int kernel_sampler_check(struct kernel_sampler *s, struct errmsg *msg);

/**
 * kernel_sampler_run() - run a command and sample it and its children
 * @s: from kernel_sampler_check(), with @period; kernel_sampler_free() frees it
 * @interrupted: nonzero: end the command
 *
 * Each CPU has an event and a buffer, enabled when the command is executed. Its
 * output goes to standard error.
 *
 * Return: 0 if the command ran, whatever its status; a negative errno with a
 * line in @msg.
 */
int kernel_sampler_run(struct kernel_sampler *s, char *const *command,
		       const volatile sig_atomic_t *interrupted,
		       struct errmsg *msg);
void kernel_sampler_free(struct kernel_sampler *s);

#endif
