/* SPDX-License-Identifier: GPL-2.0 */
/* A census as text for a mail, and as data for the plot. */
#ifndef PFBENCH_CENSUS_PRINT_H
#define PFBENCH_CENSUS_PRINT_H

#include <stdio.h>

#include "census/aggregate.h"
#include "lib/table.h"

struct census_view {
	const struct census *census;
	size_t top;		/* rows per table; 0: all */
	bool by[CENSUS_NR_BY];
};

/**
 * census_print() - print the totals and the selected tables
 * Return: 0, -ENOMEM or -EIO.
 */
int census_print(FILE *f, const struct census_view *v);

/**
 * census_print_bars() - print bars of the functions with most look-up bytes
 * Return: 0, -ENOMEM or -EIO.
 */
int census_print_bars(FILE *f, const struct census_view *v);

/**
 * census_write_data() - write the data of plots/census.gp
 * Return: 0, -ENOMEM or -EIO.
 */
int census_write_data(FILE *f, const struct census_view *v);

/** census_basename() - the last component of a path */
const char *census_basename(const char *path);

/**
 * census_name_row() - begin a row of a table with a name in column 0
 * @width: a longer name gets a row of its own before the row
 */
void census_name_row(struct table *t, int width, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/** census_print_file() - print name, architecture and compiler of a file */
void census_print_file(FILE *f, const struct census *c,
		       const struct census_file *file);

#endif
