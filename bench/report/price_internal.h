/* SPDX-License-Identifier: GPL-2.0 */
/* Shared by price.c and price_kernels.c. */
#ifndef PFBENCH_REPORT_PRICE_INTERNAL_H
#define PFBENCH_REPORT_PRICE_INTERNAL_H

#include <jansson.h>
#include <stddef.h>

/* Keys of a result of pfbench workload, by enum price_pages. */
extern const char *const price_kind_names[3];

/** price_per_operation() - a count of a run by its operations, or of the run */
double price_per_operation(const json_t *workload, const char *key);

/** price_command() - the command that was counted, as it was typed */
void price_command(const json_t *workload, char *line, size_t size);

#endif
