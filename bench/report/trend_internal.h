/* SPDX-License-Identifier: GPL-2.0 */
/* Shared by the trend*.c files. */
#ifndef PFBENCH_REPORT_TREND_INTERNAL_H
#define PFBENCH_REPORT_TREND_INTERNAL_H

#include "report/trend.h"

/* trend_read.c */

/**
 * trend_read() - read the results, and sort them
 * Return: 0, or a negative errno with a line in @msg.
 */
int trend_read(struct trend *t, size_t nr, char *const *names,
	       struct errmsg *msg);

/* trend_order.c */

/** trend_order() - sort by date or kernel, and find the last release */
void trend_order(struct trend *t);

/** trend_short_kernel() - the release of a kernel: up to the first blank */
size_t trend_short_kernel(const char *kernel);

/* trend_changes.c */

/**
 * trend_find_changes() - fill in the changes of all series
 * Return: 0, or -ENOMEM.
 */
int trend_find_changes(struct trend *t);

/* trend_print.c */

/** trend_drawn() - is a series in the plot? The first ones with changes are. */
bool trend_drawn(const struct trend *t, size_t series);

#endif
