// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "cmd/gbench_flags.h"
#include "cmd/session_options.h"
#include "data/counts_file.h"
#include "data/point_filter.h"
#include "lib/atomic_file.h"
#include "machine/environment.h"
#include "measure/insn_count.h"
#include "measure/session.h"

struct count_options {
	struct session_options session;
	const char *out;		/* NULL: standard output */
};

struct count_job {
	struct session session;
	struct point_filter selection;
	struct insn_counter counter;
	struct insn_count *counted;
	size_t nr, failed;
	struct point_count *count;	/* of all that were counted */
	size_t nr_counts;
	char perf[128];
	struct errmsg msg;
};

static bool can_count(void *arg, const struct point *p)
{
	struct count_job *job = arg;
	struct errmsg msg;

	return job->session.backend.has(&job->session.backend, p, &msg);
}

/* Replicas and the kernel's own pages are different populations. */
static bool share_population(const struct point *a, const struct point *b)
{
	return point_same_group(a, b) && (a->generation == PF_GEN_native) ==
		(b->generation == PF_GEN_native);
}

/* Count all points, group by group. */
static int count_all(struct count_job *job)
{
	const struct point_filter *s = &job->selection;
	bool progress = isatty(STDERR_FILENO);
	char name[POINT_NAME_MAX];
	size_t n;
	int ret = 0;

	for (size_t i = 0; i < s->nr && !ret; i += n) {
		for (n = 1; i + n < s->nr &&
		     share_population(&s->point[i], &s->point[i + n]); n++)
			;
		if (progress) {
			point_name(&s->point[i], name);
			fprintf(stderr, "\r\033[K[%zu/%zu] %.50s", i, s->nr,
				name);
		}
		ret = insn_count_group(&job->counter, &s->point[i], n,
				       &job->counted[i], &job->msg);
		if (!ret)
			job->nr += n;
	}
	if (progress)
		fputs("\r\033[K", stderr);
	return ret;
}

/* Keep the points that were counted, report the others. */
static int keep_counted(struct count_job *job)
{
	char name[POINT_NAME_MAX];

	job->count = calloc(job->nr + 1, sizeof(*job->count));
	if (!job->count)
		return errmsg_set(&job->msg, -ENOMEM, "out of memory");
	for (size_t i = 0; i < job->nr; i++) {
		const struct insn_count *c = &job->counted[i];

		if (!c->err) {
			job->count[job->nr_counts++] = c->count;
			continue;
		}
		/* not defined on tail pages: no failure */
		if (c->err == -EOPNOTSUPP)
			continue;
		point_name(&c->count.point, name);
		complain("count: %s: %s", name, c->msg.text);
		job->failed++;
	}
	counts_sort(job->count, job->nr_counts);
	return 0;
}

/*
 * Clock and counter must agree. If they differ at more than one point in a
 * hundred, the counter is not used (QEMU's POWER9 counts blocks).
 */
static void check_counter(struct count_job *job)
{
	size_t i, differ = 0;

	if (job->counter.source != BY_CLOCK)
		return;
	for (i = 0; i < job->nr_counts; i++)
		differ += fabs(job->count[i].perf -
			       job->count[i].instructions) >
			2 * insn_count_resolution();
	if (differ <= job->nr / 100)
		return;
	snprintf(job->perf, sizeof(job->perf),
		 "differs from the clock at %zu of %zu points: not exact here",
		 differ, job->nr);
	job->counter.perf = job->perf;
	for (i = 0; i < job->nr_counts; i++)
		job->count[i].perf = NAN;
}

static int write_counts(struct count_job *job, const char *backend,
			const char *out, bool partial)
{
	json_t *context = environment_context("", &job->session.cpu);
	struct counts c = {
		.context = context, .counted = job->count,
		.nr = job->nr_counts, .perf = job->counter.perf,
		.resolution = insn_count_resolution(), .partial = partial,
	};
	int ret = 0;

	if (!context)
		return errmsg_set(&job->msg, -ENOMEM, "out of memory");
	json_object_set_new(context, "backend", json_string(backend));
	job->session.backend.describe(&job->session.backend, context);
	json_object_set(context, "native_is",
			json_object_get(json_object_get(context, "kmod"),
					"native_is"));
	if (out)
		ret = write_file_atomic(out, counts_write, &c, &job->msg);
	else if (counts_write(stdout, &c) || fflush(stdout))
		ret = errmsg_set(&job->msg, -EIO,
				 "standard output could not be written");
	json_decref(context);
	return ret;
}

/* Count, and write what was counted even if interrupted. */
static int count_and_write(struct count_job *job,
			   const struct session_options *o, const char *out)
{
	const struct sampler *s = &job->session.sampler;
	struct point left_out;
	int ret, err = 0;

	point_filter_keep(&job->selection, can_count, job, &left_out);
	job->counted = calloc(job->selection.nr + 1, sizeof(*job->counted));
	if (!job->counted)
		return errmsg_set(&job->msg, -ENOMEM, "out of memory");
	job->counter = (struct insn_counter){
		.backend = &job->session.backend,
		.counters = job->session.counters,
		.ns_per_tick = s->ns_per_tick,
		.quantum_ns = s->quantum * s->ns_per_tick,
		.interrupted = &cmd_interrupted,
	};
	ret = insn_count_open(&job->counter, &job->msg);
	if (!ret)
		ret = count_all(job);
	if (job->nr)
		err = keep_counted(job);
	if (job->nr && !err && (!ret || ret == -EINTR)) {
		check_counter(job);
		err = write_counts(job, o->backend, out, ret == -EINTR);
	}
	return err ? err : ret;
}

static int count(struct count_job *job, const struct session_options *o,
		 const char *out)
{
	int ret;

	cmd_catch_signals();
	ret = session_open(&job->session, o, &job->msg);
	if (ret)
		return complain("count: %s", job->msg.text);
	ret = count_and_write(job, o, out);
	free(job->counted);
	free(job->count);
	session_close(&job->session);
	if (ret == -EINTR)
		return EXIT_INTERRUPTED;
	if (ret)
		return complain("count: %s", job->msg.text);
	return job->failed ? EXIT_NO : EXIT_DONE;
}

enum { KEY_OUT = 1, KEY_COUNT_BACKEND, KEY_COUNT_CPU, KEY_FILTER };

static const struct argp_option count_argp_options[] = {
	{ "backend", KEY_COUNT_BACKEND, "BACKEND", 0,
	  "where the loops run: user (the default), or kmod" },
	{ "cpu", KEY_COUNT_CPU, "LIST", 0, "bind to a CPU of LIST" },
	{ "out", KEY_OUT, "FILE", 0, "write FILE (default: standard output)" },
	{ "benchmark_filter", KEY_FILTER, "REGEX", 0, "only points that match" },
	{ 0 }
};

static error_t parse_count_option(int key, char *arg, struct argp_state *state)
{
	struct count_options *o = state->input;

	switch (key) {
	case KEY_OUT:
		o->out = arg;
		return 0;
	case KEY_COUNT_BACKEND:
		return session_set_backend(&o->session, "count", arg);
	case KEY_COUNT_CPU:
		return session_set_cpu(&o->session, "count", arg);
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp count_argp = {
	count_argp_options, parse_count_option, NULL,
	"Count instructions exactly: every accessor, generation, lowering, form and population, net of the empty loop, one point per line. The counts come from the clock, if it counts instructions (QEMU -icount shift=0), and from the PMU's counter through libperf, if there is one. Nothing is written if neither counts."
	"\v"
	"report, compare, matrix and export read the file as a result.\n"
	"\n"
	"Exit status: 0 done; 1 some points could not be counted, one line each; 2 bad input, or nothing counts instructions here; 130 interrupted: the file has the points counted so far.\n"
	"\n"
	"Example: scripts/guest arm64-6.12 pfbench count --backend=kmod",
	NULL, NULL, NULL
};

static int count_main(int argc, char **argv)
{
	struct count_options o = { .session = SESSION_DEFAULTS };
	struct count_job job = { 0 };
	struct gbench_flags flags;
	int ret;

	o.session.events = "instructions";
	o.session.exact = true;
	gbench_flags_take(&cmd_count, &flags, &argc, argv);
	ret = cmd_parse(&cmd_count, argc, argv, &o, NULL);
	if (ret)
		return ret;
	if (point_filter_open(&job.selection, POINTS_COUNTED,
			      !strcmp(o.session.backend, "kmod"), flags.filter,
			      gbench_matches, &job.msg))
		return complain("count: %s", job.msg.text);
	ret = count(&job, &o.session, o.out);
	point_filter_close(&job.selection);
	return ret;
}

const struct cmd cmd_count = {
	"count", "count instructions exactly, on emulators and PMUs",
	&count_argp, count_main,
};
