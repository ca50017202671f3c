/* SPDX-License-Identifier: GPL-2.0 */
/* pfbench workload: a run of a command in a guest. */
#ifndef PFBENCH_CMD_WORKLOAD_H
#define PFBENCH_CMD_WORKLOAD_H

#include <errno.h>
#include <limits.h>

#include "workload/result.h"

#define WORKLOAD_MAX_FILES 32

struct workload_options {
	const char *kernel, *vmlinux, *out, *sequence, *plot;
	const char *seconds;	/* time limit, a number */
	const char *files[WORKLOAD_MAX_FILES];
	size_t nr_files, top;
	unsigned long period;	/* cycles from sample to sample */
	const char *record;	/* where samples go */
	bool counts;		/* an option that only a new run can have */
	bool guest;		/* an option that only a guest can have */
	bool perf, perf_only;	/* sample; an option that only this can have */
};

#ifndef PFBENCH_WITHOUT_CENSUS
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
#else
static inline int workload_count(const struct workload_options *o,
				 char *const *command, json_t **result,
				 struct errmsg *msg)
{
	return errmsg_set(msg, -ENOSYS,
			  "this pfbench was built without the reader of debug information: only --perf --record=FILE works");
}
#endif

#endif
