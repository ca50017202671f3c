/* SPDX-License-Identifier: GPL-2.0 */
/* A census as text for a mail, and as data for the plot. */
#ifndef PFBENCH_CENSUS_VIEW_H
#define PFBENCH_CENSUS_VIEW_H

#include <stdio.h>

#include "census/aggregate.h"

struct census_view {
	const struct census *census;
	size_t top;		/* rows a table; 0: all */
	bool by[CENSUS_NR_BY];
};

/* Each returns 0, -ENOMEM or -EIO. */
int census_print(FILE *f, const struct census_view *v);
/* Bars of '#', the functions that carry most. */
int census_print_bars(FILE *f, const struct census_view *v);
/* For plots/census.gp */
int census_write_data(FILE *f, const struct census_view *v);

/* The last component of a path. */
const char *census_basename(const char *path);
/* @name for a column; "" if it is too long, and has got a line of its own. */
const char *census_column(FILE *f, const char *name, int width);
/* Who compiled what, a file: two lines or three. */
void census_print_file(FILE *f, const struct census *c,
		       const struct census_file *file);

#endif
