/* SPDX-License-Identifier: GPL-2.0 */
/* A plot of several results: a row per workload, a mark per kernel. */
#ifndef PFBENCH_WORKLOAD_PLOT_H
#define PFBENCH_WORKLOAD_PLOT_H

#include <jansson.h>

#include "lib/errmsg.h"

#define WORKLOAD_MAX_RESULTS 256

/**
 * workload_plot() - write workload.dat, .txt, .svg and .png
 * @result: @nr of them, at most WORKLOAD_MAX_RESULTS
 * @dir: made if it is missing
 * Return: 0; -ENOENT with a line in @msg if gnuplot is not installed, after the
 * other files were written; another negative errno with a line.
 */
int workload_plot(const char *dir, json_t *const *result, size_t nr,
		  struct errmsg *msg);

#endif
