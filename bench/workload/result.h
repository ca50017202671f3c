/* SPDX-License-Identifier: GPL-2.0 */
/* The result of counting a workload, as JSON; pfbench-workload(1) has it. */
#ifndef PFBENCH_WORKLOAD_RESULT_H
#define PFBENCH_WORKLOAD_RESULT_H

#include <jansson.h>

#include "workload/lookups.h"

/**
 * struct workload_run - how a workload was run
 * @kernel: name of the guest, or directory
 * @release: of the booted kernel, and @version as uname prints both
 * @unit: of @operations; NULL if the command printed none
 * @partial: why the counts are not those of the whole command, or NULL
 */
struct workload_run {
	const char *kernel, *release, *version, *emulator;
	char *const *command;
	int status;
	unsigned long operations;
	const char *unit, *partial;
};

/**
 * workload_result() - make the result of a workload
 *
 * Rows of a table that were never executed are left out; the others have the
 * most instructions first, and equal ones the order of their names.
 *
 * Return: NULL if there is no memory.
 */
json_t *workload_result(struct workload *w, const struct workload_run *run);

/** workload_is_sampled() - is a result an estimate of samples, not counted? */
bool workload_is_sampled(const json_t *result);

/**
 * workload_load() - read a result file
 * Return: 0 and @result, to json_decref(); a negative errno with @msg.
 */
int workload_load(const char *path, json_t **result, struct errmsg *msg);

#endif
