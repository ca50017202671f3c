// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/cmd.h"
#include "cmd/gbench_flags.h"
#include "cmd/run_cost.h"
#include "cmd/run_group.h"
#include "cmd/run_notes.h"
#include "cmd/run_replay.h"
#include "cmd/run_resume.h"
#include "cmd/run_threads.h"
#include "cmd/session_options.h"
#include "cmd/test_report_options.h"
#include "cmd/verbosity.h"
#include "data/result.h"
#include "lib/atomic_file.h"
#include "measure/gbench.h"
#include "report/test_report.h"

struct run_options {
	struct session_options session;
	const char *out;	/* NULL: results/HOST/TIME-BACKEND.json */
	bool out_is_stdout;	/* the table is not printed */
	struct gbench_output *gbench;
	bool all, yes;
	struct run_resume *resume;
	const struct gbench_flags *flags;
	struct run_threads threads;
	struct run_replay replay;
	struct test_report *report;	/* --ktap, --lava */
};

/* The selection, with the points that the backend lacks. */
struct requested {
	struct point *point;
	size_t nr;
};

/* Record why each counter is not available; print each reason once. */
static void print_counters(const struct session *s, json_t *counters)
{
	const struct counter *c, *last = NULL;
	char state[192], names[192] = "";

	for (size_t i = 0; s->counters && i < counters_nr(s->counters); i++) {
		size_t len = strlen(names);

		c = counters_get(s->counters, i);
		if (c->available) {
			json_object_set_new(counters, c->name,
					    json_string("ok"));
			continue;
		}
		snprintf(state, sizeof(state), "n/a (%s)", c->reason);
		json_object_set_new(counters, c->name, json_string(state));
		if (last && strcmp(last->reason, c->reason)) {
			note("note: n/a: %s: %s", last->reason, names);
			len = 0;
		}
		snprintf(names + len, sizeof(names) - len, "%s%s",
			 len ? ", " : "", c->name);
		last = c;
	}
	if (last)
		note("note: n/a: %s: %s", last->reason, names);
}

/* The machine and what disturbs it, on stderr before the figures. */
static void print_environment(struct run *r)
{
	const struct session *s = &r->session;
	json_t *p = r->writer.pfbench, *line;
	const char *model = json_string_value(json_object_get(p, "cpu_model"));
	size_t i;

	note("CPU %d (%s), %zu points; tick %.4f ns, clock steps by %.0f",
	     s->cpu.cpu, model ? model : "unknown", r->selection.nr,
	     s->sampler.ns_per_tick, s->sampler.quantum);
	json_array_foreach(json_object_get(p, "disturbances"), i, line)
		note("note: %s", json_string_value(line));
	print_counters(s, json_object_get(p, "counters"));
}

/* One line: what an interrupted run leaves, and how to go on. */
static void report_interrupted(const struct run *r)
{
	const struct result_output *o = &r->writer.output;

	size_t done = r->points_kept;

	for (size_t i = 0; i < r->selection.nr; i++)
		done += r->entry[i].measured;
	if (!o->written)
		fprintf(stderr, "pfbench: run: interrupted: no group of points was finished, nothing is written\n");
	else if (o->stream)
		fprintf(stderr, "pfbench: run: interrupted: %zu of %zu points are written\n",
			done, r->selection.nr + r->points_kept);
	else
		fprintf(stderr, "pfbench: run: interrupted: %zu of %zu points are in %s: go on with 'pfbench run --resume=%s'\n",
			done, r->selection.nr + r->points_kept, o->path,
			o->path);
}

/* Write the final file; returns the exit status. */
static int finish_run(struct run *r)
{
	const struct sampler *s = &r->session.sampler;
	struct errmsg msg;

	session_clock(&r->session);
	result_writer_progress(&r->writer, &r->session);
	if (result_writer_write(&r->writer, r->err, true, &msg))
		return complain("run: %s", msg.text);
	if (r->err == -EINTR) {
		report_interrupted(r);
		return EXIT_INTERRUPTED;
	}
	if (r->writer.output.written) {
		note("%s: %zu points, %.0f %% of rounds quiet%s",
		     r->writer.output.path,
		     r->points_measured + r->points_kept,
		     s->rounds ? 100.0 * s->rounds_quiet / s->rounds : 0,
		     r->err ? ", partial" : "");
		note_moves(&r->session);
		note_verdict(s);
	}
	if (r->err)
		return complain("run: %s", r->msg.text);
	if (!r->points_measured && !r->points_kept)
		return complain("run: nothing could be measured");
	return EXIT_DONE;
}

static bool can_run(void *arg, const struct point *p)
{
	struct backend *b = arg;
	struct errmsg msg;

	return b->has(b, p, &msg);
}

/* Leave out the points that the backend lacks, and report the first one. */
static int drop_missing(struct run *r, struct requested *all)
{
	struct backend *b = &r->session.backend;
	struct point first;
	char name[POINT_NAME_MAX];
	size_t out;
	struct errmsg msg;

	all->point = malloc(r->selection.nr * sizeof(*all->point));
	if (!all->point)
		return errmsg_set(&r->msg, -ENOMEM, "out of memory");
	all->nr = r->selection.nr;
	memcpy(all->point, r->selection.point, all->nr * sizeof(*all->point));
	out = point_filter_keep(&r->selection, can_run, b, &first);
	if (!out)
		return 0;
	point_name(&first, name);
	b->has(b, &first, &msg);
	if (!r->selection.nr)
		return errmsg_set(&r->msg, -ENOENT, "%s: %s", name, msg.text);
	if (out > 1)
		note("note: left out: %s (%s) and %zu more", name, msg.text,
		     out - 1);
	else
		note("note: left out: %s (%s)", name, msg.text);
	return 0;
}

/*
 * Print the test report: measured points, and all others as skipped.
 * @status: the exit status without a report
 */
static int run_print_test_report(struct run *r, const struct requested *all,
			     struct test_report *report, int status)
{
	struct backend *b = &r->session.backend;
	struct result result;
	char name[POINT_NAME_MAX];
	struct errmsg msg;
	size_t i;

	if (result_writer_result(&r->writer, &result, &msg))
		return complain("run: %s", msg.text);
	test_report_add_result(report, &result);
	result_free(&result);
	for (i = 0; i < r->selection.nr; i++)
		if (!r->entry[i].measured)
			test_report_skip(report, r->entry[i].name,
					 run_entry_reason(&r->entry[i]));
	for (i = 0; i < all->nr; i++) {
		if (b->has(b, &all->point[i], &msg))
			continue;
		point_name(&all->point[i], name);
		test_report_skip(report, name, msg.text);
	}
	if (test_report_write(report, stdout))
		return complain("run: standard output could not be written");
	return status == EXIT_DONE || (!r->err && !r->points_measured) ?
		test_report_exit(report) : status;
}

static bool is_missing(void *arg, const struct point *p)
{
	return !result_find(arg, p);
}

/* Keep the points of --resume: they are not measured again. */
static int resume_result(struct run *r, const struct run_options *o)
{
	struct point kept;
	int ret;

	if (!o->resume->path)
		return 0;
	ret = result_writer_resume(&r->writer, &o->resume->result, !o->out,
				   &r->msg);
	if (!ret)
		r->points_kept = point_filter_keep(&r->selection, is_missing,
						   &o->resume->result, &kept);
	return ret;
}

/* Open the file and measure; returns the exit status. */
static int measure_groups(struct run *r, const struct run_options *o,
			  const struct requested *all)
{
	struct backend *b = &r->session.backend;
	bool reports = o->report->format != TEST_REPORT_NONE;
	json_t *options;
	int ret;

	ret = result_writer_open(&r->writer, o->out ?: o->resume->path,
				 o->session.backend, "pfbench", r->session.topology,
				 &r->session.cpu, &r->msg);
	if (!ret) {
		b->describe(b, r->writer.pfbench);
		options = run_options_json(&o->session, o->all, o->flags);
		run_threads_record(options, &o->threads, &o->session);
		run_replay_record(options, r->writer.pfbench, &o->replay);
		json_object_set_new(r->writer.pfbench, "options", options);
		ret = resume_result(r, o);
	}
	if (!ret)
		ret = run_groups_open(r);
	if (ret)
		return complain("run: %s", r->msg.text);
	print_environment(r);
	if (reports || o->out_is_stdout)
		o->gbench->format = NULL;
	if (o->session.icount) {
		o->gbench->unit = "instructions";
	} else if (!o->session.rounds && !isnan(r->session.sampler.add_cycles)) {
		/* fixed rounds have no reference loops */
		o->gbench->unit = "cycles";
		o->gbench->unit_ns = &r->ns_per_cycle;
	}
	r->writer.points = r->writer.nr + r->selection.nr * r->repetitions;
	if (r->selection.nr)
		run_groups_measure(r, o->gbench);
	ret = finish_run(r);
	if (reports)
		ret = run_print_test_report(r, all, o->report, ret);
	return ret;
}

/* In a test report, missing hardware is SKIP; invalid arguments are errors. */
static int refuse_run(const struct run *r, const struct test_report *report,
		      int err)
{
	if (report->format != TEST_REPORT_NONE && err != -EINVAL)
		return test_report_skip_all(report, "run", r->msg.text);
	return complain("run: %s", r->msg.text);
}

static int run_selection(struct run *r, const struct run_options *o)
{
	struct requested all = { NULL };
	int ret;

	cmd_catch_signals();
	ret = session_open(&r->session, &o->session, &r->msg);
	if (ret)
		return refuse_run(r, o->report, ret);
	if (!r->session.sampler.fixed_rounds)
		r->session.sampler.twins = &r->session.twins;
	ret = drop_missing(r, &all);
	if (!ret)
		ret = run_threads_check(r, &o->threads, &o->session);
	if (ret)
		ret = refuse_run(r, o->report, ret);
	else
		ret = measure_groups(r, o, &all);
	run_groups_close(r);
	free(all.point);
	test_report_free(o->report);
	result_writer_close(&r->writer);
	session_close(&r->session);
	return ret;
}

enum { KEY_OUT = 1, KEY_ALL, KEY_YES, KEY_RESUME, KEY_THREADS,
       KEY_OVERSUBSCRIBE, KEY_POPULATION, KEY_SITE, KEY_GBENCH };

static const struct argp_option run_argp_options[] = {
	{ "out", KEY_OUT, "FILE", 0,
	  "write FILE instead of results/HOST/TIME-BACKEND.json; - is standard output, which then has no table" },
	{ "all", KEY_ALL, NULL, 0, "all points of the catalog (takes hours: states how many, and asks)" },
	{ "yes", KEY_YES, NULL, 0, "with --all: do not ask" },
	{ "resume", KEY_RESUME, "FILE", 0,
	  "measure the points that the result of an interrupted run lacks, with its options, and add them to FILE" },
	{ "threads", KEY_THREADS, "LIST", 0,
	  "measure points that several pinned threads run: numbers of threads, such as 1,2,4,max, or pairs of CPUs: smt, core, l3, numa, socket" },
	{ "oversubscribe", KEY_OVERSUBSCRIBE, NULL, 0,
	  "let more threads run than there are CPUs; such points are marked" },
	{ "population", KEY_POPULATION, "FILE", 0,
	  "measure on pages in the order that 'pfbench workload --sequence=FILE' recorded" },
	{ "site", KEY_SITE, "N", 0,
	  "with --population: only the look-ups of site N of the file" },
	/* these are for --help and completion: gbench_flags_take() has them */
	{ NULL, 0, NULL, 0, "Google Benchmark's flags:", 4 },
	{ "benchmark_filter", KEY_GBENCH, "REGEX", 0,
	  "measure points that match; with a leading minus, points that do not match" },
	{ "benchmark_list_tests", KEY_GBENCH, NULL, 0, "list, do not measure" },
	{ "benchmark_repetitions", KEY_GBENCH, "N", 0,
	  "measure each point N times, at most 1000" },
	{ "benchmark_display_aggregates_only", KEY_GBENCH, NULL, 0,
	  "print the aggregates of repetitions only" },
	{ "benchmark_report_aggregates_only", KEY_GBENCH, NULL, 0,
	  "the same, in --benchmark_out too" },
	{ "benchmark_context", KEY_GBENCH, "KEY=VALUE", 0,
	  "add to the context of Google Benchmark's JSON" },
	{ "benchmark_enable_random_interleaving", KEY_GBENCH, NULL, 0,
	  "repeat the points in random order" },
	{ "benchmark_format", KEY_GBENCH, "FORMAT", 0,
	  "print console (the table, the default), json or csv" },
	{ "benchmark_out", KEY_GBENCH, "FILE", 0,
	  "also write Google Benchmark's own FILE" },
	{ "benchmark_out_format", KEY_GBENCH, "FORMAT", 0,
	  "format of that file: json (the default), console or csv" },
	{ 0 }
};

static error_t parse_run_option(int key, char *arg, struct argp_state *state)
{
	struct run_options *o = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &o->session;
		state->child_inputs[1] = o->report;
		return 0;
	case KEY_OUT:
		o->out = arg;
		return 0;
	case KEY_ALL:
		o->all = true;
		return 0;
	case KEY_RESUME:
		return 0;	/* see run_resume_open() */
	case KEY_THREADS:
		o->threads.list = arg;
		return 0;
	case KEY_POPULATION:
		o->replay.file = arg;
		return 0;
	case KEY_SITE:
		o->replay.site = arg;
		return 0;
	case KEY_OVERSUBSCRIBE:
		o->threads.oversubscribe = true;
		return 0;
	case KEY_YES:
		o->yes = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_child run_argp_children[] = {
	{ &session_argp, 0, NULL, 0 }, { &test_report_argp, 0, NULL, 0 },
	{ &verbosity_argp, 0, NULL, 0 }, { 0 }
};

static const struct argp run_argp = {
	run_argp_options, parse_run_option, NULL,
	"Measure the default set of points, or those that --benchmark_filter selects, and write results/HOST/TIME-BACKEND.json."
	"\v"
	"The table has the net median of each point in ns and half of its 95 % interval. A median in brackets cannot be trusted: it has no interval, or the core was never quiet.\n"
	"\n"
	"Exit status: 0 done; 2 bad input, nothing could be measured, or output could not be written; 130 interrupted: the file has the finished groups and is marked partial. With --ktap or --lava, points that could not be measured or were contended are skipped, and so are all points if the module or the CPU is not available.\n"
	"\n"
	"Examples:\n"
	"  pfbench run\n"
	"  pfbench run --benchmark_filter='^PageLocked/.*/tail/hot/latency$'\n"
	"  pfbench run --cpu=3 --events=cycles,L1-dcache-load-misses\n"
	"  pfbench run --backend=kmod --benchmark_filter='^PageLocked/native/'\n"
	"  pfbench run --threads=1,2,max --benchmark_filter='^folio_try_get/'",
	run_argp_children, NULL, NULL
};

/* Before anything else that takes time. */
static int check_output(struct run_options *o)
{
	struct errmsg msg;

	if (!o->out)
		return EXIT_DONE;
	if (output_check(o->out, &msg))
		return complain("run: --out: %s", msg.text);
	o->out_is_stdout = output_is_stdout(o->out);
	if (o->out_is_stdout && o->report->format != TEST_REPORT_NONE)
		return complain("run: --out=%s: standard output has the test report of --ktap or --lava: give a file",
				o->out);
	return EXIT_DONE;
}

static int select_points(struct run *r, struct run_options *o)
{
	if (o->replay.file && (o->threads.list || o->all))
		return errmsg_set(&r->msg, -EINVAL,
				  "--population: not with --threads and --all");
	if (o->replay.site && !o->replay.file)
		return errmsg_set(&r->msg, -EINVAL,
				  "--site: only with --population=FILE");
	if (o->replay.file)
		return run_replay_select(&r->selection, &o->replay,
					 o->flags->filter, &r->msg);
	if (o->threads.list)
		return run_threads_select(&r->selection, &o->threads,
					  &o->session, o->all,
					  o->flags->filter, &r->msg);
	return point_filter_open(&r->selection, o->all ? POINTS_ALL :
				 POINTS_DEFAULT,
				 !strcmp(o->session.backend, "kmod"),
				 o->flags->filter, gbench_matches, &r->msg);
}

static int run_main(int argc, char **argv)
{
	struct test_report report = { TEST_REPORT_NONE };
	struct run_options o = { .session = SESSION_DEFAULTS,
				 .report = &report };
	struct run r = { .err = 0 };
	struct gbench_flags flags;
	struct run_resume resume;
	int ret;

	o.session.interrupted = &cmd_interrupted;
	o.resume = &resume;
	o.flags = &flags;
	cmd_handle_help(&cmd_run, argc, argv);
	ret = run_resume_open(&resume, &argc, &argv);
	if (ret)
		return ret;
	gbench_flags_take(&cmd_run, &flags, &argc, argv);
	ret = cmd_parse(&cmd_run, argc, argv, &o, NULL);
	if (!ret)
		ret = check_output(&o);
	if (!ret)
		ret = gbench_flags_check(&flags, o.out_is_stdout ? "--out=-" :
					 test_report_name(&report), o.out);
	if (ret)
		return ret;
	if (select_points(&r, &o))
		return complain("run: %s", r.msg.text);
	if (flags.list_tests) {
		point_filter_print(&r.selection);
		ret = EXIT_DONE;
	} else {
		o.gbench = &flags.output;
		r.repetitions = flags.repetitions;
		/* a filter selects from all points in any case */
		ret = run_confirm(&r.selection, &o.session,
				  o.all && !flags.filter, o.yes);
		if (!ret)
			ret = run_selection(&r, &o);
	}
	point_filter_close(&r.selection);
	run_resume_close(&resume);
	return ret;
}

const struct cmd cmd_run = {
	"run", "measure points and write a result file", &run_argp, run_main,
};
