/* SPDX-License-Identifier: GPL-2.0 */
/* The options of run that are about threads. */
#ifndef PFBENCH_CMD_RUN_THREADS_H
#define PFBENCH_CMD_RUN_THREADS_H

#include <jansson.h>

#include "cmd/run_group.h"

/**
 * struct run_threads - options
 * @list: of --threads; NULL: none
 */
struct run_threads {
	const char *list;
	bool oversubscribe;
};

/**
 * run_threads_select() - select the points of --threads
 * @all: see point_filter_open_threads()
 * Return: as point_filter_open(); -EINVAL with a line for a wrong list.
 */
int run_threads_select(struct point_filter *s, const struct run_threads *t,
		       const struct session_options *o, bool all,
		       const char *filter, struct errmsg *msg);

/**
 * run_threads_check() - set @r->threads; are there CPUs for all points?
 * Return: 0, or -EINVAL with a line in r->msg.
 */
int run_threads_check(struct run *r, const struct run_threads *t,
		      const struct session_options *o);

/** run_threads_record() - add the options to those that --resume uses again */
void run_threads_record(json_t *options, const struct run_threads *t,
			const struct session_options *o);

#endif
