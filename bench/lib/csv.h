/* SPDX-License-Identifier: GPL-2.0 */
/* Comma-separated values, RFC 4180. */
#ifndef PFBENCH_LIB_CSV_H
#define PFBENCH_LIB_CSV_H

#include <stdio.h>

/** csv_value() - write a value, in quotes where it needs them */
void csv_value(FILE *f, const char *text);

#endif
