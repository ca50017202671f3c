/* SPDX-License-Identifier: GPL-2.0 */
/* Where a loop runs: in this process, or in the kernel module. */
#ifndef PFBENCH_BACKEND_H
#define PFBENCH_BACKEND_H

#include <jansson.h>
#include <stdint.h>

#include "data/point.h"
#include "machine/topology.h"
#include "lib/errmsg.h"

struct population;		/* the backend's own */

struct backend {
	const char *name;
	void *private;
	/* of an emulator that counts: nothing predicts, no place is better */
	bool exact;

	/* Is there such a loop? If not, @msg says msg. */
	bool (*has)(struct backend *b, const struct point *p, struct errmsg *msg);

	/* What a stranger should know of it, into the result's context. */
	void (*describe)(struct backend *b, json_t *context);

	/*
	 * Lay out the pages of @p and choose the visits. Points of one group
	 * may share one, run() then marks it for the generation that is next:
	 * the first run after another generation's should be a warm-up. -ENOMEM
	 * if the working set does not fit, -ENOTSUP if the machine has no such cache; both
	 * with a line in @msg.
	 */
	int (*populate)(struct backend *b, const struct point *p,
			struct population **population, struct errmsg *msg);
	void (*release)(struct backend *b, struct population *population);

	/*
	 * Go to another of the places in memory that the backend has for it,
	 * by any number; may be NULL.
	 */
	void (*move)(struct backend *b, struct population *population,
		     unsigned int nr);

	/* Turns (of PF_UNROLL operations) that visit every page once. */
	unsigned long (*iterations)(const struct population *population);

	/*
	 * Run the loop of @p for @iterations, at least 1; ticks that it took, all
	 * in. Negative errno if it could not be run.
	 */
	int64_t (*run)(struct backend *b, struct population *population,
		       const struct point *p, unsigned long iterations);

	void (*close)(struct backend *b);
};

/* The loops in user space; @t and @cpu must live as long as it does. */
int backend_user_open(struct backend *b, struct topology *t,
		      const struct cpu_choice *cpu, struct errmsg *msg);

/* The loops in the kernel, by way of the module's device. */
int backend_kmod_open(struct backend *b, struct topology *t,
		      const struct cpu_choice *cpu, struct errmsg *msg);

/* Its device, open; or a negative errno with a line in @msg. */
int backend_kmod_device(struct errmsg *msg);

#endif
