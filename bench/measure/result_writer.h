/* SPDX-License-Identifier: GPL-2.0 */
/* The writing side of a result file: what a run adds to it, and when. */
#ifndef PFBENCH_RECORD_H
#define PFBENCH_RECORD_H

#include <jansson.h>

#include "machine/counters.h"
#include "measure/sampler.h"
#include "machine/topology.h"
#include "lib/errmsg.h"

struct result_writer {
	char path[4096];
	json_t *root, *pfbench, *benchmarks;	/* borrowed from root */
	uint64_t written_ns;
};

/*
 * result_writer_open() - start a result
 * @path: where to; NULL: results/HOST/TIME-BACKEND.json below the current
 *	directory
 */
int result_writer_open(struct result_writer *r, const char *path, const char *backend,
		const char *executable, struct topology *t,
		const struct cpu_choice *cpu, struct errmsg *msg);

/* What the run as a whole knows by now, into the context. */
void result_writer_progress(struct result_writer *r, const struct sampler *s,
		     long long steal_ticks);

/* One point, as Google Benchmark reported it and as we sampled it. */
int result_writer_add(struct result_writer *r, const struct sampled *sampled,
		 const struct counters *counters, double ns_per_tick,
		 double cpu_ns, int64_t iterations, int64_t repetition,
		 int64_t repetitions, int group);

/*
 * result_writer_write() - write the file, whole
 * @partial: more is to come, or never will
 * @last: nothing is to come
 */
int result_writer_write(struct result_writer *r, bool partial, bool last, struct errmsg *msg);
void result_writer_close(struct result_writer *r);

#endif
