/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The result file: the only link between measuring and viewing. JSON in
 * Google Benchmark's schema, plus the fields that pfbench-results(5) documents.
 */
#ifndef PFBENCH_DATA_RESULT_H
#define PFBENCH_DATA_RESULT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "data/point.h"
#include "lib/errmsg.h"
#include "lib/input.h"
#include "lib/stats.h"

/* 1: figures in ticks; 2: in cycles */
#define RESULT_FORMAT 2

/**
 * struct result_point - a measured point
 * @name: without the repetition
 * @cost: net, per operation, in the unit of the file: median and 95 % interval
 * @contended: another thread of the core was busy all the time
 * @sample: the same by round; NaN where a round was dropped. Samples of one
 *	index of two points of one group are of one round: they can be paired.
 * @json: the entry, for counters and other fields; the result owns it
 */
struct result_point {
	struct point point;
	char name[POINT_NAME_MAX];
	struct estimate cost;
	bool contended;
	double *sample;
	size_t nr_samples;
	const json_t *json;
};

/**
 * struct result - a result file
 * @context: Google Benchmark's
 * @pfbench: this program's part of the context
 * @in_cycles: the unit of the file is the cycle, not the tick
 * @ticks_per_cycle: per unit of a file in cycles, else an estimate; NaN if
 *	unknown
 * @cycles_per_unit: of a file in cycles: 1, or of a dependent add where that is
 *	its unit; NaN if unknown
 * @quantum_ticks: step of the clock; NaN if unknown
 * @partial: the run was interrupted
 * @sorted: the points in the order of point_compare(), for result_find()
 */
struct result {
	char *path;
	json_t *root;
	const json_t *context;
	const json_t *pfbench;
	bool in_cycles;
	double ns_per_tick;
	double ticks_per_cycle;
	double cycles_per_unit;
	double quantum_ticks;
	bool partial;
	struct result_point *point;
	const struct result_point **sorted;
	size_t nr_points;
};

/**
 * result_load() - read and check a file, either JSON or counts (counts_file.h)
 *
 * The repetitions of a point are joined into one result_point, samples one
 * after the other.
 *
 * @path: "-": standard input
 *
 * Return: 0, or a negative errno with a line in @msg that names the file and
 * the place: -ENOENT and others of input_open(); -EINVAL for a file that is not
 * JSON (line and column), not a result file, of a later format, or that has a
 * value of a wrong type or range (path of the value).
 */
int result_load(const char *path, struct result *result, struct errmsg *msg);

/**
 * result_load_figures() - the same without samples, which views of many files
 *	do not need
 *
 * Most bytes of a file are samples. They are checked for being numbers or null
 * in the range that result_load() accepts, but not kept: @nr_samples is 0, and
 * @cost.n is rounds_quiet. All other figures are those of result_load(), and
 * so are the errors. A file with repetitions, whose figures come from its
 * samples, is loaded with them.
 */
int result_load_figures(const char *path, struct result *result,
			struct errmsg *msg);

/** result_read() - the same for a file that is open */
int result_read(struct input *in, struct result *result, struct errmsg *msg);

/**
 * result_take() - the same for a result that is in memory
 * @root: owned by @result afterwards, even if the check fails
 * @path: the name of the result
 */
int result_take(json_t *root, const char *path, struct result *result,
		struct errmsg *msg);
void result_free(struct result *result);

/**
 * result_drop_samples() - free the samples in @result->root
 *
 * They take most of the memory of a result, and @result->point has them too.
 * For commands that hold several results.
 */
void result_drop_samples(struct result *result);

/** result_find() - the result of a point, or NULL */
const struct result_point *result_find(const struct result *result,
				       const struct point *point);

/** result_context() - a string of the context, or "n/a (not recorded)" */
const char *result_context(const struct result *result, const char *key);

/**
 * result_columns() - the columns of a table of an accessor
 * @want: is a point of the accessor in the table?
 * @columns: to be freed; a point stands for all of point_same_column()
 * Return: how many, in the order of point_compare_columns(), or -ENOMEM.
 */
long result_columns(const struct result *result, enum pf_accessor accessor,
		    bool (*want)(const struct point *p, const void *arg),
		    const void *arg, struct point **columns);

/** result_number() - a number of our context, or NaN */
double result_number(const struct result *result, const char *key);

/**
 * struct result_text - a result file that is to be written
 * @entry: @nr elements of benchmarks, as result_entry_text() makes them
 */
struct result_text {
	const json_t *context;
	char **entry;
	size_t nr;
};

/**
 * result_entry_text() - an element of benchmarks as the file has it
 * Return: one line to free(), without a newline; NULL if there is no memory.
 */
char *result_entry_text(const json_t *entry);

/**
 * result_print() - print a result file; for write_file_atomic()
 * @text: a struct result_text
 * Return: 0; -1 if it could not be written, see errno.
 */
int result_print(FILE *f, const void *text);

#endif
