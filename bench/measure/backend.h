/* SPDX-License-Identifier: GPL-2.0 */
/* Backends run a loop in this process or in the kernel module. */
#ifndef PFBENCH_MEASURE_BACKEND_H
#define PFBENCH_MEASURE_BACKEND_H

#include <jansson.h>
#include <stdint.h>

#include "data/point.h"
#include "lib/errmsg.h"
#include "machine/cycle_counter.h"
#include "machine/topology.h"

struct population;		/* each backend has its own */

/**
 * struct backend - the operations of a backend
 * @cycles: the counter that run() reads where it times parts of a run, or NULL:
 *	ticks
 * @exact: an emulator that counts instructions runs the loops: nothing is
 *	predicted, and all places in memory are alike
 */
struct backend {
	const char *name;
	void *private;
	struct cycle_counter *cycles;
	bool exact;

	/* Does the backend have this loop? If not, @msg gets the reason. */
	bool (*has)(struct backend *b, const struct point *p,
		    struct errmsg *msg);

	/* Add the backend's metadata to the context of a result. */
	void (*describe)(struct backend *b, json_t *context);

	/*
	 * Lay out the pages of @p and choose the visits. Points of one group
	 * may share a population; run() then marks the pages for the point's
	 * generation, so the first run after another generation should be a
	 * warm-up. With a line in @msg: -ENOMEM if the working set does not
	 * fit, -ENOTSUP if the machine has no such cache.
	 */
	int (*populate)(struct backend *b, const struct point *p,
			struct population **population, struct errmsg *msg);
	void (*release)(struct backend *b, struct population *population);

	/*
	 * The same for a thread on CPU @at, to which the caller is bound: no
	 * other point shares the population, and it has one place. With
	 * @beside it uses the pages of that one, which is released later, and
	 * visits them at a pace of its own. Then run() may be called by
	 * several threads, each with its own population, if all have the same
	 * generation.
	 */
	int (*populate_own)(struct backend *b, const struct point *p,
			    const struct cpu_choice *at,
			    struct population *beside,
			    struct population **population,
			    struct errmsg *msg);

	/* Use another place in memory, modulo the number of places. */
	void (*move)(struct backend *b, struct population *population,
		     unsigned int nr);

	/* Iterations (of PF_UNROLL operations) that visit every page once. */
	unsigned long (*iterations)(const struct population *population);

	/*
	 * Run the loop of @p for @iterations, at least 1. Returns the ticks of
	 * the whole run, or a negative errno. Of a point with a cold page[1],
	 * the cycles or ticks of the loop alone: lines are flushed between.
	 */
	int64_t (*run)(struct backend *b, struct population *population,
		       const struct point *p, unsigned long iterations);

	/*
	 * The compare-and-swaps that failed in a run of @iterations of the
	 * loop of @p; NULL: the backend does not count them. A negative errno
	 * if the loop has none to count.
	 */
	int64_t (*retries)(struct backend *b, struct population *population,
			   const struct point *p, unsigned long iterations);

	void (*close)(struct backend *b);
};

/**
 * backend_user_open() - the loops in user space
 * @t, @cpu: must exist until b->close()
 * Return: 0; -ENOMEM with a line in @msg.
 */
int backend_user_open(struct backend *b, struct topology *t,
		      const struct cpu_choice *cpu, struct errmsg *msg);

/**
 * backend_kmod_open() - the loops in the kernel, through the module's device
 * Return: 0, or a negative errno with a line in @msg.
 */
int backend_kmod_open(struct backend *b, struct topology *t,
		      const struct cpu_choice *cpu, struct errmsg *msg);

#endif
