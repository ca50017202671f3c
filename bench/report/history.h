/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Several kernels in one plot: the cost of an accessor from generation to
 * generation, and each kernel's own function beside the replica that it should
 * equal. Reads result files of the kmod backend, one per kernel.
 */
#ifndef PFBENCH_REPORT_HISTORY_H
#define PFBENCH_REPORT_HISTORY_H

#include <stdio.h>

#include "data/result.h"
#include "lib/errmsg.h"
#include "report/format.h"

/* Generations that followed each other in released kernels. */
#define HISTORY_STEPS 7

enum history_mode { HISTORY_THROUGHPUT, HISTORY_LATENCY, HISTORY_MODES };

/* In the unit of the history; e.mid is NaN if there is no figure. */
struct history_figure {
	struct estimate e;
	bool contended;
};

/* One mode: small pages, heads and tails. */
struct history_row {
	struct history_figure at[PF_MIXED];
};

/**
 * struct history_kernel - one result file
 * @scale: unit of the history per unit of the file
 * @step: the generation that the kernel's own function should equal
 * @x: where the kernel stands on the x axis of the plot
 */
struct history_kernel {
	struct result result;
	unsigned int major, minor;
	double scale;
	size_t step;
	double x;
	struct history_row own[HISTORY_MODES];
	struct history_row replica[HISTORY_STEPS][HISTORY_MODES];
};

/**
 * struct history - all result files, sorted by release
 * @shown: does the plot have the generation?
 * @replica: median over the kernels; the interval spans all their intervals
 * @contended: is any figure contended?
 * @open: has any figure no interval?
 */
struct history {
	enum pf_accessor accessor;
	enum unit unit;
	const char *unit_name;
	struct history_kernel *kernel;
	size_t nr;
	bool shown[HISTORY_STEPS];
	struct history_row replica[HISTORY_STEPS][HISTORY_MODES];
	bool contended, open;
};

/**
 * history_load() - read the files and join their figures
 *
 * history_free() must be called even after an error.
 *
 * Return: 0, or a negative errno with a line in @msg that names the file: the
 * errors of result_load(); -EINVAL for a file that is not of the kmod backend,
 * not of the architecture or unit of the first file, or has no points of the
 * kernel's own function.
 */
int history_load(struct history *h, enum pf_accessor accessor, enum unit unit,
		 size_t nr, char **paths, struct errmsg *msg);
void history_free(struct history *h);

/** history_write() - write the data of plots/history.gp */
void history_write(FILE *f, const struct history *h);
/** history_print() - print the same as text for a mail */
void history_print(FILE *f, const struct history *h);

#endif
