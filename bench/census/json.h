/* SPDX-License-Identifier: GPL-2.0 */
/* A census, a difference and the walkers as JSON. */
#ifndef PFBENCH_CENSUS_JSON_H
#define PFBENCH_CENSUS_JSON_H

#include <jansson.h>
#include <stdio.h>

#include "census/diff.h"
#include "census/pfn_walkers.h"
#include "census/print.h"

/* Each returns 0, -ENOMEM or -EIO. */
int census_write_json(FILE *f, const struct census_view *v);
int census_write_diff_json(FILE *f, const struct census_diff *d);
int census_write_walkers_json(FILE *f, const struct census_walkers *all);

/* Rows of a difference; csv.c writes their figures, one per line. */
json_t *census_json_sums(const struct census_sum sum[2]);
json_t *census_json_symbol(const struct census_change *c);
json_t *census_json_text(const struct census_diff *d);

#endif
