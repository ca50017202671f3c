/* SPDX-License-Identifier: GPL-2.0 */
/* Results of pfbench workload as text for a mail. */
#ifndef PFBENCH_WORKLOAD_PRINT_H
#define PFBENCH_WORKLOAD_PRINT_H

#include <jansson.h>
#include <stdio.h>

/**
 * workload_print() - print the totals and the heaviest rows of a result
 * @top: rows per table; 0: all
 * Return: 0, -ENOMEM or -EIO.
 */
int workload_print(FILE *f, const json_t *result, size_t top);

/**
 * workload_print_summary() - print a row per result, and its functions
 * @result: @nr of them
 * @top: functions per result
 * Return: 0, -ENOMEM or -EIO.
 */
int workload_print_summary(FILE *f, json_t *const *result, size_t nr,
			   size_t top);

#endif
