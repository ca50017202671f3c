/* SPDX-License-Identifier: GPL-2.0 */
/* A census, a difference and the walkers as CSV. */
#ifndef PFBENCH_CENSUS_CSV_H
#define PFBENCH_CENSUS_CSV_H

#include <stdio.h>

#include "census/diff.h"
#include "census/pfn_walkers.h"
#include "census/print.h"

/* Each returns 0, -ENOMEM or -EIO. */

/*
 * A line a site, below a line of names. What is not linked has no addresses of
 * its own: they are those that libdwfl lays its sections out at.
 */
int census_write_csv(FILE *f, const struct census_view *v);
/* A line a figure, of all rows of all tables. */
int census_write_diff_csv(FILE *f, const struct census_diff *d);
/* A line a function. */
int census_write_walkers_csv(FILE *f, const struct census_walkers *all);

#endif
