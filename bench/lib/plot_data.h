/* SPDX-License-Identifier: GPL-2.0 */
/* What goes into the data of a plot, for gnuplot and for people. */
#ifndef PFBENCH_PLOTTING_H
#define PFBENCH_PLOTTING_H

#include <stdbool.h>
#include <stdio.h>

#include "pageflags/memmap.h"
#include "lib/stats.h"

/* What comes from a file and goes to gnuplot: words, and nothing it reads. */
void plot_data_tame(char *to, size_t size, const char *from);

/*
 * The end of a row: median, interval from and to, contended. What is not there
 * is a "?", which gnuplot is told to leave out.
 */
void plot_data_cell(FILE *f, const struct estimate *e, bool contended);

/* "#RRGGBB" */
const char *plot_data_colour(enum pf_population pop);

#endif
