/* SPDX-License-Identifier: GPL-2.0 */
/* The options of run that are about a recorded sequence. */
#ifndef PFBENCH_CMD_RUN_REPLAY_H
#define PFBENCH_CMD_RUN_REPLAY_H

#include <jansson.h>

#include "data/point_filter.h"

/**
 * struct run_replay - options
 * @file: of --population; NULL: none
 * @site: of --site; NULL: all
 * @nr: number of the sequence, once the points are selected
 */
struct run_replay {
	const char *file, *site;
	unsigned int nr;
};

/**
 * run_replay_select() - read the file, and select its points
 * Return: as point_filter_open(); the errors of sequence_read().
 */
int run_replay_select(struct point_filter *s, struct run_replay *r,
		      const char *filter, struct errmsg *msg);

/**
 * run_replay_record() - what was replayed
 * @options: gets the options, for --resume
 * @context: gets an object "replay"
 */
void run_replay_record(json_t *options, json_t *context,
		       const struct run_replay *r);

#endif
