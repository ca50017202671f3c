/* SPDX-License-Identifier: GPL-2.0 */
/* The files that a view of many files left out, for people and programs. */
#ifndef PFBENCH_REPORT_LEFT_OUT_PRINT_H
#define PFBENCH_REPORT_LEFT_OUT_PRINT_H

#include "data/collection.h"

/** left_out_print() - print a line with their number, then a line per file */
void left_out_print(FILE *f, const struct left_out *l);

/** left_out_json() - the lines as an array of strings */
json_t *left_out_json(const struct left_out *l);

#endif
