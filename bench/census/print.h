/* SPDX-License-Identifier: GPL-2.0 */
/* A census as text for a mail, and as data for the plot. */
#ifndef PFBENCH_CENSUS_VIEW_H
#define PFBENCH_CENSUS_VIEW_H

#include <stdio.h>

#include "census/aggregate.h"
#include "lib/table.h"

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
/**
 * census_name_row() - begin a row of a table with a name in column 0
 * @width: a longer name gets a row of its own before the row
 */
void census_name_row(struct table *t, int width, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* Who compiled what, a file: two lines or three. */
void census_print_file(FILE *f, const struct census *c,
		       const struct census_file *file);

#endif
