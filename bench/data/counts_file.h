/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The counts file: exact instructions as text, one point per line, so that a
 * review shows each change. pfbench-results(5) describes the format.
 */
#ifndef PFBENCH_DATA_COUNTS_FILE_H
#define PFBENCH_DATA_COUNTS_FILE_H

#include <jansson.h>
#include <stdio.h>

#include "data/point.h"
#include "lib/errmsg.h"
#include "lib/input.h"

#define COUNTS_FORMAT 1
/* The beginning of every counts file. */
#define COUNTS_MAGIC "# pfbench counts "

/**
 * struct point_count - the counts of a point, net, per operation
 * @instructions: NaN: not counted, the file has no line for the point
 * @perf: instructions by the PMU; NaN: not counted by the PMU
 */
struct point_count {
	struct point point;
	double instructions;
	double perf;
};

/**
 * struct counts - a counts file
 * @context: strings about the run, as in a result's context
 * @perf: "ok", or why the PMU does not count
 * @resolution: instructions per operation
 * @counted: in the catalog's order, see counts_sort()
 * @partial: the run was interrupted
 */
struct counts {
	const json_t *context;
	const char *perf;
	double resolution;
	const struct point_count *counted;
	size_t nr;
	bool partial;
};

/** counts_sort() - sort by point_compare(), the order of counts files */
void counts_sort(struct point_count *counted, size_t nr);

/**
 * counts_write() - write a counts file; for write_file_atomic()
 * @arg: a struct counts
 * Return: 0, or -1 if writing failed.
 */
int counts_write(FILE *f, const void *arg);

/**
 * counts_parse() - read a counts file, for result_load()
 * @root: set to a result in JSON, which result_take() checks
 * Return: 0; -EINVAL with a line in @msg that has the line's number; the
 * error of the file; -ENOMEM.
 */
int counts_parse(struct input *in, json_t **root, struct errmsg *msg);

#endif
