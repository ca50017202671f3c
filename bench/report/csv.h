/* SPDX-License-Identifier: GPL-2.0 */
/* Result files as one table of comma-separated values (RFC 4180). */
#ifndef PFBENCH_REPORT_CSV_H
#define PFBENCH_REPORT_CSV_H

#include <stdio.h>

#include "data/result.h"

/**
 * struct csv - what is written
 * @results: @nr result files
 */
struct csv {
	const struct result *results;
	size_t nr;
};

/**
 * csv_write() - write a row per point; for write_file_atomic()
 * @arg: a struct csv
 *
 * pfbench-export(1) documents the columns. The last columns are the counters
 * that any of the files has.
 *
 * Return: 0; -1 if writing failed or memory ran out.
 */
int csv_write(FILE *f, const void *arg);

#endif
