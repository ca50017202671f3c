/* SPDX-License-Identifier: GPL-2.0 */
/* Shared by result.c, result_schema.c and result_join.c. */
#ifndef PFBENCH_DATA_RESULT_INTERNAL_H
#define PFBENCH_DATA_RESULT_INTERNAL_H

#include "data/result.h"

/* The place in a file that a message names. */
struct result_place {
	const char *path;
	struct errmsg *msg;
	char in[200];		/* "benchmarks[3]", "context.pfbench" */
	bool cycles;		/* figures are in cycles, not ticks */
};

/* An entry of benchmarks: a point in one repetition. */
struct result_entry {
	struct point point;
	size_t index;			/* in benchmarks */
	json_int_t repetition;
	struct estimate cost;
	bool contended;
	const json_t *samples;		/* NULL: none */
	const json_t *json;
};

/**
 * result_refuse() - name the file, the place and the fault
 * @key: below @at->in; "": @at->in itself
 * Return: -EINVAL.
 */
int result_refuse(const struct result_place *at, const char *key,
		  const char *fault);

/**
 * result_check_context() - check the context, and fill in @r from it
 * Return: 0, or -EINVAL with a line.
 */
int result_check_context(struct result_place *at, struct result *r);

/**
 * result_check_entry() - check an element of benchmarks
 * @index: of @v in benchmarks
 * @nr: elements of benchmarks
 *
 * Return: 1 if @e is filled in; 0 for an element to ignore, which Google
 * Benchmark computed from others or could not measure; -EINVAL with a line.
 */
int result_check_entry(struct result_place *at, json_t *v, size_t index,
		       size_t nr, struct result_entry *e);

/**
 * result_check_threads() - check the field "threaded" of an entry
 * Return: 0, or -EINVAL with a line.
 */
int result_check_threads(const struct result_place *at, const json_t *entry,
			 const struct point *p);

/**
 * result_join() - join the repetitions of each point into @r->point
 * @e: @n entries, which are sorted
 * @nr: above the highest repetition
 *
 * Return: 0; -EINVAL, -EFBIG or -ENOMEM with a line.
 */
int result_join(struct result_place *at, struct result_entry *e, size_t n,
		size_t nr, struct result *r);

#endif
