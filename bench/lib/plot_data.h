/* SPDX-License-Identifier: GPL-2.0 */
/* Data files of plots, for gnuplot and for people. */
#ifndef PFBENCH_LIB_PLOT_DATA_H
#define PFBENCH_LIB_PLOT_DATA_H

#include <stdbool.h>
#include <stdio.h>

#include "lib/stats.h"

/**
 * plot_data_text() - copy text that gnuplot does not interpret
 * @from: text of a file; '?' replaces characters that gnuplot may interpret
 */
void plot_data_text(char *to, size_t size, const char *from);

/**
 * plot_data_cell() - print the end of a row
 *
 * Prints the median, both bounds of the interval and 1 if contended, else 0.
 * "?" replaces figures that are not finite: gnuplot leaves them out.
 */
void plot_data_cell(FILE *f, const struct estimate *e, bool contended);

#endif
