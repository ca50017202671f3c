/* SPDX-License-Identifier: GPL-2.0 */
/* pfbench workload --perf: cycles of the running kernel, by samples. */
#ifndef PFBENCH_CMD_WORKLOAD_PERF_H
#define PFBENCH_CMD_WORKLOAD_PERF_H

#include "cmd/workload.h"

/**
 * workload_sample() - sample a command, or take recorded samples
 * @command: ended by NULL; NULL: read the file @recorded
 * @result: set to what was sampled, if it was mapped; to json_decref()
 *
 * With o->record, the samples are written there, and not mapped.
 *
 * Return: 0; -ECANCELED if the command failed, with the reason in @msg; another
 * negative errno with a line in @msg.
 */
int workload_sample(const struct workload_options *o, char *const *command,
		    const char *recorded, json_t **result, struct errmsg *msg);

#endif
