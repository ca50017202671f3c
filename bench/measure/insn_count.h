/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Exact instructions per operation, from an emulator's clock that counts
 * instructions or from a counter.
 */
#ifndef PFBENCH_MEASURE_INSN_COUNT_H
#define PFBENCH_MEASURE_INSN_COUNT_H

#include <signal.h>
#include <stdbool.h>

#include "data/counts_file.h"
#include "lib/errmsg.h"
#include "machine/counters.h"
#include "measure/backend.h"

enum insn_count_source {
	BY_CLOCK,		/* one nanosecond is one instruction */
	BY_COUNTER,		/* of the PMU, through libperf */
};

/**
 * struct insn_counter - what counts, and how
 * @counters: "instructions" alone; NULL: none
 * @quantum_ns: step of the clock
 * @source: set by insn_count_open()
 * @perf: "ok", or why the counter does not count; set by insn_count_open()
 * @interrupted: nonzero: stop soon
 */
struct insn_counter {
	struct backend *backend;
	struct counters *counters;
	double ns_per_tick;
	double quantum_ns;
	enum insn_count_source source;
	const char *perf;
	const volatile sig_atomic_t *interrupted;
};

/**
 * struct insn_count - a counted point
 * @count: net, by the counter's source
 * @err: why the point was not counted, a negative errno; -EAGAIN: too few runs
 *	agreed
 * @msg: the line for @err
 */
struct insn_count {
	struct point_count count;
	int err;
	struct errmsg msg;
};

/**
 * insn_count_open() - find out what counts on this machine
 *
 * A source is used only if it counts 1, 2 and 4 dependent adds correctly.
 *
 * Return: 0; -ENOTSUP with a line in @msg if there is no source; -EINTR.
 */
int insn_count_open(struct insn_counter *c, struct errmsg *msg);

/**
 * insn_count_check_clock() - does the clock count instructions?
 * Return: 0 if it counts 1, 2 and 4 dependent adds correctly; -EINVAL with a
 * line in @msg if not; -EINTR.
 */
int insn_count_check_clock(struct insn_counter *c, struct errmsg *msg);

/** insn_count_resolution() - error of a count, instructions per operation */
double insn_count_resolution(void);

/**
 * insn_count_group() - count @n points that share a population
 * @counted: @n elements, filled in
 * Return: 0; -EINTR; or another negative errno with a line in @msg.
 */
int insn_count_group(struct insn_counter *c, const struct point *points,
		     size_t n, struct insn_count *counted, struct errmsg *msg);

#endif
