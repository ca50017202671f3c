/* SPDX-License-Identifier: GPL-2.0 */
/* Shared by the views of counts and of samples. */
#ifndef PFBENCH_WORKLOAD_PRINT_INTERNAL_H
#define PFBENCH_WORKLOAD_PRINT_INTERNAL_H

#include <jansson.h>
#include <stdio.h>

#include "lib/table.h"

/**
 * workload_name_rows() - write a name into the last cell of a row
 * @column: the last
 * @width: of it; a longer name goes on in rows of its own, between two inlines
 */
void workload_name_rows(struct table *t, size_t column, size_t width,
			const char *name);

/** sampled_print() - workload_print() of samples */
int sampled_print(FILE *f, const json_t *result, size_t top);

#endif
