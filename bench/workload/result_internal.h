/* SPDX-License-Identifier: GPL-2.0 */
/* The tables of a result: shared by those who make and who read one. */
#ifndef PFBENCH_WORKLOAD_RESULT_INTERNAL_H
#define PFBENCH_WORKLOAD_RESULT_INTERNAL_H

#include <jansson.h>

#include "workload/lookups.h"

enum workload_table {
	BY_ACCESSOR, BY_FUNCTION, BY_CHAIN, BY_LOOKUP, WORKLOAD_TABLES
};

/* result_file.c: their names, and the keys that identify a row */
extern const char *const workload_table_names[WORKLOAD_TABLES];
extern const char *const workload_table_keys[WORKLOAD_TABLES][4];

/**
 * struct workload_row - sums of several sites
 * @accessors: instructions, or samples, in accessors, look-ups or not
 * @hidden: executions of look-ups in other accessors
 * @sites: executed look-ups
 */
struct workload_row {
	struct workload_count count;
	uint64_t accessors, hidden, sites;
};

/** workload_total() - the sums of all sites */
struct workload_row workload_total(struct workload *w);

/**
 * workload_add_tables() - add all tables to a result
 * @figures: makes an object of a row's figures
 *
 * Rows of nothing are left out; the others have the most instructions in
 * look-ups first, and equal ones the order of their names.
 *
 * Return: 0 or -ENOMEM.
 */
int workload_add_tables(json_t *root, struct workload *w,
			json_t *(*figures)(const struct workload_row *row,
					   const void *arg),
			const void *arg);

#endif
