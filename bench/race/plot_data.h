/* SPDX-License-Identifier: GPL-2.0 */
/* The data that plots/race.gp draws. */
#ifndef PFBENCH_RACE_PLOT_DATA_H
#define PFBENCH_RACE_PLOT_DATA_H

#include <stddef.h>
#include <stdio.h>

#include "race/race.h"

/** race_write_data() - write all runs, a panel per protocol; @nr at least 1 */
void race_write_data(FILE *f, const struct race_result *r, size_t nr);

#endif
