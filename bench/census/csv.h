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
 * One line per site, after a line of names. Addresses in a file that is not
 * linked are those that libdwfl assigns to its sections.
 */
int census_write_csv(FILE *f, const struct census_view *v);
/* One line per figure of every row of every table. */
int census_write_diff_csv(FILE *f, const struct census_diff *d);
/* One line per function. */
int census_write_walkers_csv(FILE *f, const struct census_walkers *all);

#endif
