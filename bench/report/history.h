/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The plot of several kernels: what an accessor cost from generation to
 * generation, and the function that each kernel itself has, beside the replica
 * that it should equal. Reads result files of the kmod backend, one a kernel.
 */
#ifndef PFBENCH_PLOT_HISTORY_H
#define PFBENCH_PLOT_HISTORY_H

#include <stdio.h>

#include "data/result.h"
#include "report/format.h"
#include "lib/errmsg.h"

/* Generations that kernels had one after the other, of which it is drawn. */
#define HISTORY_STEPS 6

enum history_mode { HISTORY_THROUGHPUT, HISTORY_LATENCY, HISTORY_MODES };

struct history_figure {
	struct estimate e;		/* in the unit; NaN: none */
	bool contended;
};

/* Of one mode: of small pages, heads and tails. */
struct history_row {
	struct history_figure at[PF_MIXED];
};

struct history_kernel {
	struct result result;
	unsigned int major, minor;	/* of its release */
	double scale;			/* a tick in the unit */
	size_t step;			/* what its own function should equal */
	double x;			/* where its marks stand */
	struct history_row own[HISTORY_MODES];
	struct history_row replica[HISTORY_STEPS][HISTORY_MODES];
};

struct history {
	enum pf_accessor accessor;
	enum unit unit;
	struct history_kernel *kernel;	/* by release */
	size_t nr;
	bool shown[HISTORY_STEPS];
	/* the median over the kernels, from the least to the most they say */
	struct history_row replica[HISTORY_STEPS][HISTORY_MODES];
	bool contended;
};

/*
 * history_load() - read the files and put side by side what is in them
 * Return: 0, or a negative errno with a line in @msg that names the file: what
 * result_load() refuses, and what is not of the kmod backend, not of the
 * architecture or unit of the first file, or without points of the kernel's own
 * function. history_free() is called for in any case.
 */
int history_load(struct history *h, enum pf_accessor accessor, enum unit unit,
		 size_t nr, char **paths, struct errmsg *msg);
void history_free(struct history *h);

/* What history.gp reads. */
void history_write(FILE *f, const struct history *h);
/* The same for people. */
void history_print(FILE *f, const struct history *h);

#endif
