/* SPDX-License-Identifier: GPL-2.0 */
/* pfbench workload: a run of a command in a guest. */
#ifndef PFBENCH_CMD_WORKLOAD_H
#define PFBENCH_CMD_WORKLOAD_H

#include <limits.h>

#include "workload/result.h"

#define WORKLOAD_MAX_FILES 32

struct workload_options {
	const char *kernel, *vmlinux, *out, *sequence, *plot;
	const char *seconds;	/* time limit, a number */
	const char *files[WORKLOAD_MAX_FILES];
	size_t nr_files, top;
	bool counts;		/* an option that only a new run can have */
};

/**
 * workload_count() - run a command in a guest and count its look-ups
 * @command: ended by NULL
 * @o: @sequence gets the order of the look-ups
 * @result: set to what was counted, if anything was; to json_decref()
 *
 * Return: 0; -ECANCELED if only a part of the command was counted, with the
 * reason in @msg; another negative errno with a line in @msg.
 */
int workload_count(const struct workload_options *o, char *const *command,
		   json_t **result, struct errmsg *msg);

#endif
