/* SPDX-License-Identifier: GPL-2.0 */
/* The figures of a plot: a series per generation and lowering. */
#ifndef PFBENCH_REPORT_SERIES_H
#define PFBENCH_REPORT_SERIES_H

#include <stdbool.h>
#include <stddef.h>

#include "data/result.h"

/* Medians whose ratio is closer to 1 than this look the same in a plot. */
#define SERIES_ALIKE 0.05
/* Lines closer than this at every point are one: a mark is about as large. */
#define SERIES_ONE_LINE 0.10

/**
 * struct series - a line, or a row of bars
 * @line: index of the series that is drawn for this one, as they look the same
 *	in every column; its own index if there is none
 */
struct series {
	enum pf_generation gen;
	enum pf_lowering lowering;
	char name[64];
	struct estimate *e;		/* by column, in the unit; NaN: none */
	bool *contended;
	size_t line;
};

/**
 * struct grid - series over columns
 * @column: points that differ in what the plot shows; see point_same_column()
 * @least: the least of all medians
 * @most: the most of all medians
 * @open: a median has no interval
 */
struct grid {
	struct point *column;
	size_t nr_columns;
	struct series *series;
	size_t nr;
	double least, most;
	bool contended, open;
};

/**
 * grid_open() - collect the series of an accessor
 * @scale: unit of the plot per unit of the file
 * @want: is a point of the accessor a column?
 *
 * The compiler's own choice is left out where it costs the same as a forced
 * lowering, which is then called "branch =auto".
 *
 * Return: 0, or -ENOMEM. grid_close() is to be called in any case.
 */
int grid_open(struct grid *g, const struct result *r,
	      enum pf_accessor accessor, double scale,
	      bool (*want)(const struct point *p, const void *arg),
	      const void *arg);
void grid_close(struct grid *g);

#endif
