/* SPDX-License-Identifier: GPL-2.0 */
/* Cycles per operation of a program that times its own operations. */
#ifndef PFBENCH_MEASURE_PROGRAM_CYCLES_H
#define PFBENCH_MEASURE_PROGRAM_CYCLES_H

#include "measure/session.h"

/**
 * struct program_cycles - the runs of a program
 * @per_op: cycles per operation
 * @unit: of its operations, "munmap of 2 MiB"
 * @runs, @quiet: all runs, and those without a disturbance
 * @contended: fewer than SAMPLER_FEWEST_ROUNDS were quiet: all are used
 */
struct program_cycles {
	struct estimate per_op;
	char unit[64];
	size_t runs, quiet;
	bool contended;
};

/**
 * program_cycles() - run a program many times on the session's CPU
 * @argv: prints "operations: N UNIT" and "time: NS", as bench/workloads/ do
 * @seconds: for all runs, about
 *
 * The reference loops run before and after each run: they give the length of a
 * cycle, and tell whether others used the core. A run is as long as the program
 * makes it, so quiet ones may be few.
 *
 * Return: 0; a negative errno with a line in @msg.
 */
int program_cycles(struct session *s, const char *const argv[], double seconds,
		   struct program_cycles *out, struct errmsg *msg);

#endif
