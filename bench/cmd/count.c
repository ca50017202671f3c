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
#include "machine/environment.h"
#include "measure/gbench.h"
#include "lib/atomic_file.h"
#include "data/point_filter.h"
#include "measure/session.h"

struct count_options {
	struct session_options session;
	const char *out;		/* NULL: standard output */
};

struct counter_run {
	struct session session;
	struct point_filter selection;
	struct exact exact;
	struct insn_count *counted;
	size_t nr, failed;
	char perf[128];
	struct errmsg msg;
};

static bool backend_has(void *arg, const struct point *p)
{
	struct counter_run *r = arg;
	struct errmsg msg;

	return r->session.backend.has(&r->session.backend, p, &msg);
}

/* All points, group by group; what could not be counted is said. */
static int count_all(struct counter_run *r)
{
	const struct point_filter *s = &r->selection;
	bool progress = isatty(STDERR_FILENO);
	char name[POINT_NAME_MAX];
	size_t i, n;
	int ret;

	for (i = 0; i < s->nr; i += n) {
		for (n = 1; i + n < s->nr &&
		     point_same_group(&s->point[i], &s->point[i + n]) &&
		     (s->point[i].generation == PF_GEN_native) ==
		     (s->point[i + n].generation == PF_GEN_native); n++)
			;
		if (progress) {
			point_name(&s->point[i], name);
			fprintf(stderr, "\r\033[K[%zu/%zu] %.50s", i, s->nr,
				name);
		}
		ret = insn_count_group(&r->exact, &s->point[i], n, &r->counted[i],
				  &r->msg);
		if (ret)
			break;
		r->nr += n;
	}
	if (progress)
		fputs("\r\033[K", stderr);
	for (size_t k = 0; k < r->nr; k++) {
		/* what no tail may be asked is no failure: it is not there */
		if (!r->counted[k].err || r->counted[k].err == -EOPNOTSUPP)
			continue;
		point_name(&r->counted[k].point, name);
		complain("count: %s: %s", name, r->counted[k].msg.text);
		r->failed++;
	}
	return i < s->nr ? ret : 0;
}

/*
 * Both count the same: where they differ at more than a point in a hundred the
 * counter is no witness (QEMU's POWER9 counts blocks of instructions).
 */
static void judge_counter(struct counter_run *r)
{
	size_t i, differ = 0;

	if (r->exact.source != EXACT_CLOCK)
		return;
	for (i = 0; i < r->nr; i++)
		differ += fabs(r->counted[i].perf -
			       r->counted[i].instructions) >
			2 * insn_count_resolution();
	if (differ <= r->nr / 100)
		return;
	snprintf(r->perf, sizeof(r->perf),
		 "differs from the clock at %zu of %zu points: not exact here",
		 differ, r->nr);
	r->exact.perf = r->perf;
	for (i = 0; i < r->nr; i++)
		r->counted[i].perf = NAN;
}

static int write_counts(struct counter_run *r, const char *backend,
			const char *out, bool partial)
{
	json_t *context = environment_context("", &r->session.cpu);
	struct counts c = {
		.context = context, .counted = r->counted, .nr = r->nr,
		.resolution = insn_count_resolution(), .partial = partial,
	};
	int ret = 0;

	if (!context)
		return errmsg_set(&r->msg, -ENOMEM, "out of memory");
	json_object_set_new(context, "backend", json_string(backend));
	r->session.backend.describe(&r->session.backend, context);
	json_object_set(context, "native_is",
			json_object_get(json_object_get(context, "kmod"),
					"native_is"));
	judge_counter(r);
	c.perf = r->exact.perf;
	counts_sort(r->counted, r->nr);
	if (out)
		ret = write_file_atomic(out, counts_write, &c, &r->msg);
	else if (counts_write(stdout, &c) || fflush(stdout))
		ret = errmsg_set(&r->msg, -EIO, "writing failed");
	json_decref(context);
	return ret;
}

static int count(struct counter_run *r, const struct session_options *o,
		 const char *out)
{
	struct point left_out;
	int ret = session_open(&r->session, o, &r->msg);

	if (ret)
		return complain("count: %s", r->msg.text);
	point_filter_keep(&r->selection, backend_has, r, &left_out);
	r->counted = calloc(r->selection.nr + 1, sizeof(*r->counted));
	r->exact = (struct exact){
		.backend = &r->session.backend,
		.counters = r->session.counters,
		.ns_per_tick = r->session.sampler.ns_per_tick,
		.quantum_ns = r->session.sampler.quantum *
			r->session.sampler.ns_per_tick,
		.interrupted = &cmd_interrupted,
	};
	if (!r->counted)
		ret = errmsg_set(&r->msg, -ENOMEM, "out of memory");
	if (!ret)
		ret = insn_count_open(&r->exact, &r->msg);
	if (!ret)
		ret = count_all(r);
	if (r->nr && (!ret || ret == -EINTR)) {
		int err = write_counts(r, o->backend, out, ret == -EINTR);

		ret = err ? err : ret;
	}
	free(r->counted);
	session_close(&r->session);
	if (ret == -EINTR)
		return EXIT_INTERRUPTED;
	if (ret)
		return complain("count: %s", r->msg.text);
	return r->failed ? EXIT_NO : EXIT_DONE;
}

enum { KEY_OUT = 1, KEY_COUNT_BACKEND, KEY_COUNT_CPU, KEY_FILTER };

static const struct argp_option count_argp_options[] = {
	{ "backend", KEY_COUNT_BACKEND, "BACKEND", 0,
	  "where the loops run: user (the default), or kmod" },
	{ "cpu", KEY_COUNT_CPU, "N", 0, "bind to CPU N" },
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
	"Count instructions exactly: every accessor, generation, lowering, form and population, net of the empty loop, one point per line. The clock counts, where it counts instructions (QEMU -icount shift=0), and so does libperf's counter, where there is one. Where neither does, nothing is written."
	"\v"
	"The file is a result that report, compare, matrix and export read.\n"
	"\n"
	"Exit status: 0 done; 1 some points could not be counted, one line each; 2 bad input, or nothing counts here; 130 interrupted, what was counted is written.\n"
	"\n"
	"Example: scripts/guest arm64-6.12 pfbench count --backend=kmod",
	NULL, NULL, NULL
};

static int count_main(int argc, char **argv)
{
	struct count_options o = { .session = SESSION_DEFAULTS };
	struct counter_run r = { 0 };
	struct gbench_flags flags;
	int ret, first;

	o.session.events = "instructions";
	o.session.icount = true;
	gbench_flags_take(&cmd_count, &flags, &argc, argv);
	ret = cmd_parse(&cmd_count, argc, argv, &o, &first);
	if (ret)
		return ret;
	if (first < argc)
		return complain("count: '%s': no arguments are taken (--benchmark_filter selects)",
				argv[first]);
	if (point_filter_open(&r.selection, POINTS_COUNTED,
			      !strcmp(o.session.backend, "kmod"), flags.filter,
			      gbench_matches, &r.msg))
		return complain("count: %s", r.msg.text);
	ret = count(&r, &o.session, o.out);
	point_filter_close(&r.selection);
	return ret;
}

const struct cmd cmd_count = {
	"count", "count instructions exactly, where that can be done",
	&count_argp, count_main,
};
