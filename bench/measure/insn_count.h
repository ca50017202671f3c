/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Counting instead of sampling: instructions an operation where they can be
 * had exactly, from an emulator's clock that counts them or from a counter.
 */
#ifndef PFBENCH_EXACT_H
#define PFBENCH_EXACT_H

#include <signal.h>
#include <stdbool.h>

#include "measure/backend.h"
#include "machine/counters.h"
#include "data/point.h"
#include "lib/errmsg.h"

enum insn_count_source {
	EXACT_CLOCK,		/* one nanosecond is one instruction */
	EXACT_COUNTER,		/* the PMU's, through libperf */
};

struct exact {
	struct backend *backend;
	struct counters *counters;	/* of "instructions" alone */
	double ns_per_tick;
	double quantum_ns;		/* the clock's step */
	enum insn_count_source source;
	const char *perf;		/* "ok", or why the counter does not count */
	const volatile sig_atomic_t *interrupted;
};

/* A point, counted. */
struct insn_count {
	struct point point;
	int err;			/* not counted, and why */
	struct errmsg msg;
	double instructions;		/* net, an operation; by the source */
	double perf;			/* by the counter; NaN: none */
};

/*
 * insn_count_open() - find out what counts here
 *
 * One, two and four dependent adds are counted first: what does not find them
 * one and two apart is no source.
 * Return: 0; -ENOTSUP with a line in @msg if there is no source; -EINTR.
 */
int insn_count_open(struct exact *x, struct errmsg *msg);

/* No figure is finer, in instructions an operation. */
double insn_count_resolution(void);

/*
 * insn_count_group() - count @n points that share a population
 * @counted: @n of them, filled in; one that could not be counted (-EAGAIN: too
 *	few runs agreed) has its own err
 * Return: 0; -EINTR; or another negative errno with a line in @msg.
 */
int insn_count_group(struct exact *x, const struct point *points, size_t n,
		struct insn_count *counted, struct errmsg *msg);

#endif
