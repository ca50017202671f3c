/* SPDX-License-Identifier: GPL-2.0 */
/* Writing a result file while a run goes on. */
#ifndef PFBENCH_MEASURE_RESULT_WRITER_H
#define PFBENCH_MEASURE_RESULT_WRITER_H

#include <jansson.h>

#include "data/result.h"
#include "lib/errmsg.h"
#include "machine/counters.h"
#include "machine/topology.h"
#include "measure/result_output.h"
#include "measure/session.h"

/**
 * struct result_writer - the result of a run
 * @context: owns @pfbench
 * @entry: @nr elements of benchmarks, as they are written
 * @points: expected entries, set by the caller: of many, fewer samples are kept
 * @first_group: the number of group 0: an earlier part has those below
 * @earlier: the context of an earlier part; NULL: none
 */
struct result_writer {
	struct result_output output;
	json_t *context, *pfbench;
	char **entry;
	size_t nr, points;
	json_int_t first_group;
	json_t *earlier;
};

/**
 * result_writer_open() - start a result
 * @path: see result_output_open(); NULL: results/HOST/TIME-BACKEND.json below
 *	the current directory
 * @executable: for Google Benchmark's part of the context
 * Return: 0, or a negative errno with a line in @msg.
 */
int result_writer_open(struct result_writer *r, const char *path,
		       const char *backend, const char *executable,
		       struct topology *t, const struct cpu_choice *cpu,
		       struct errmsg *msg);

/**
 * result_writer_resume() - begin with the entries of an interrupted run
 * @same_path: write to the file of @old
 *
 * The context must have the options of the run as "options" already.
 *
 * Return: 0; -EINVAL if figures of the two runs do not belong in one file, or
 * another negative errno, with a line in @msg.
 */
int result_writer_resume(struct result_writer *r, const struct result *old,
			 bool same_path, struct errmsg *msg);

/** result_writer_add_earlier() - for result_writer_progress() */
void result_writer_add_earlier(struct result_writer *r);

/** result_writer_progress() - update what the context says about the run */
void result_writer_progress(struct result_writer *r,
			    const struct session *session);

/**
 * struct result_writer_entry - one repetition of a point
 * @counters: NULL: none
 * @cpu_ns, @iterations, @repetition, @repetitions: by Google Benchmark
 * @group: number of the group in this run
 */
struct result_writer_entry {
	const struct sampled *sampled;
	const struct counters *counters;
	bool cycles;			/* figures are in cycles, not ticks */
	double ns_per_unit;
	double cpu_ns;
	int64_t iterations, repetition, repetitions;
	int group;
};

/**
 * result_writer_add() - add a repetition of a point
 * Return: 0; -ENOMEM.
 */
int result_writer_add(struct result_writer *r,
		      const struct result_writer_entry *e);

/** result_writer_drop() - remove the last @n repetitions that were added */
void result_writer_drop(struct result_writer *r, size_t n);

/**
 * result_writer_write() - write the whole file, see result_output_write()
 * @partial: points are missing
 * @last: the run is over
 * Return: 0, or a negative errno with a line in @msg.
 */
int result_writer_write(struct result_writer *r, bool partial, bool last,
			struct errmsg *msg);

/**
 * result_writer_result() - the result so far, for a view
 * Return: 0, or a negative errno with a line in @msg; see result_take().
 */
int result_writer_result(const struct result_writer *r, struct result *result,
			 struct errmsg *msg);
void result_writer_close(struct result_writer *r);

#endif
