/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The result file: the one seam between measuring and looking. JSON in
 * Google Benchmark's schema, plus the fields that results/README.md documents.
 */
#ifndef PFBENCH_RESULT_H
#define PFBENCH_RESULT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "data/point.h"
#include "lib/stats.h"
#include "lib/errmsg.h"

#define RESULT_FORMAT 1

/* One measured point, as a view sees it. Times are net and per operation. */
struct result_point {
	struct point point;
	char name[POINT_NAME_MAX];	/* without repetition */
	struct estimate ticks;		/* 95 % interval */
	bool contended;			/* never saw a quiet core */
	/*
	 * Round by round, ticks per operation; NaN where the round was
	 * dropped. Index i of two points of one group and one repetition is
	 * the same round: they can be paired.
	 */
	double *sample;
	size_t nr_samples;
	const json_t *json;		/* borrowed: counters, everything else */
};

struct result {
	char *path;
	json_t *root;
	const json_t *context;		/* Google Benchmark's */
	const json_t *pfbench;		/* ours, in the context */
	double ns_per_tick;
	double ticks_per_cycle;		/* estimate; NaN if unknown */
	double quantum_ticks;
	bool partial;
	struct result_point *point;
	size_t nr_points;
};

/*
 * result_load() - read and check a file, be it JSON or counts (counts.h)
 * Return: 0, or a negative errno with a line in @msg that names the file and
 * the place: -ENOENT and the like from opening, -EINVAL for what is no JSON
 * (line and column), no result file, of a later format, or has a value of a
 * wrong type or range (path of the value). Repetitions of one point are joined
 * into one result_point, samples one after the other.
 */
int result_load(const char *path, struct result *result, struct errmsg *msg);

/*
 * result_take() - the same of what is in memory already
 * @root: taken over in any case
 * @path: what the result is called
 */
int result_take(json_t *root, const char *path, struct result *result,
		struct errmsg *msg);
void result_free(struct result *result);

/* The point of that name, or NULL. */
const struct result_point *result_find(const struct result *result,
				       const struct point *point);

/* A string out of the context ("n/a (not recorded)" where it has none). */
const char *result_context(const struct result *result, const char *key);

/*
 * result_write() - write @root to @path by way of a temporary file in the same
 * directory and rename(): a reader sees the old file or the new one, whole.
 * Missing directories are made.
 */
int result_write(const json_t *root, const char *path, struct errmsg *msg);

#endif
