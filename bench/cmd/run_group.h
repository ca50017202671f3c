/* SPDX-License-Identifier: GPL-2.0 */
/* The groups of a run: Google Benchmark asks for points, groups are sampled. */
#ifndef PFBENCH_CMD_RUN_GROUP_H
#define PFBENCH_CMD_RUN_GROUP_H

#include "data/point_filter.h"
#include "lib/progress.h"
#include "measure/result_writer.h"
#include "measure/session.h"
#include "measure/threads.h"

struct gbench_output;

/* A sampling of a whole group. */
struct repetition {
	struct sampled *sampled;	/* by index in the group */
	struct repetition *next;
};

/**
 * struct run_group - the points that are sampled together
 * @recorded: repetitions of entries that Google Benchmark has reported
 * @some: one of them is in the result
 */
struct run_group {
	const struct point *first;
	size_t nr, recorded;
	bool some;
	int number;
	struct repetition *reps, **last;
};

/* A point, as registered with Google Benchmark. */
struct run_entry {
	struct run *run;
	struct run_group *group;
	size_t index;			/* in the group */
	unsigned int called;		/* repetitions requested */
	struct sampled *now;
	bool measured;			/* in the result */
	size_t added;			/* repetitions in the result */
	char name[POINT_NAME_MAX];
};

/**
 * struct run - a run of many groups
 * @kept: populations of the last group
 * @ns_per_unit, @ns_per_cycle: of the sampler's unit, up to now; NaN if the
 *	length of a cycle is not known
 * @points_kept: in the result by --resume, not in @selection
 * @threads: how points of several threads are measured
 * @repetitions: of each point
 * @err: why the run stopped early, with a line in @msg; -EINTR without one
 */
struct run {
	struct session session;
	struct result_writer writer;
	struct point_filter selection;
	struct run_group *group;
	size_t nr_groups;
	struct run_entry *entry;
	size_t points_done, points_measured, points_kept;
	struct population **kept;
	size_t nr_kept;
	struct threads_options threads;
	double ns_per_unit, ns_per_cycle;
	struct progress progress;
	int repetitions;
	int err;
	struct errmsg msg;
};

/**
 * run_groups_open() - register the selection with Google Benchmark
 * Return: 0; -ENOMEM with a line in r->msg.
 */
int run_groups_open(struct run *r);

/**
 * run_groups_measure() - measure and write until all is done or r->err is set
 * @output: see gbench_run()
 */
void run_groups_measure(struct run *r, const struct gbench_output *output);
void run_groups_close(struct run *r);

/** run_entry_reason() - why an entry was not measured */
const char *run_entry_reason(const struct run_entry *e);

#endif
