/* SPDX-License-Identifier: GPL-2.0 */
/* A census for other programs: JSON and CSV. */
#ifndef PFBENCH_CENSUS_EXPORT_H
#define PFBENCH_CENSUS_EXPORT_H

#include <stdio.h>

#include "census/pfn_walkers.h"
#include "census/diff.h"
#include "census/print.h"

/* Each returns 0, -ENOMEM or -EIO. */
int census_write_json(FILE *f, const struct census_view *v);
/*
 * A line a site, below a line of names. What is not linked has no addresses of
 * its own: they are those that libdwfl lays its sections out at.
 */
int census_write_csv(FILE *f, const struct census_view *v);

int census_write_diff_json(FILE *f, const struct census_diff *d);
/* A line a figure, of all rows of all tables. */
int census_write_diff_csv(FILE *f, const struct census_diff *d);

int census_write_walkers_json(FILE *f, const struct census_walkers *all);
/* A line a function. */
int census_write_walkers_csv(FILE *f, const struct census_walkers *all);

#endif
