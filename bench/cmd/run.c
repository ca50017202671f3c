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
#include "cmd/test_report_options.h"
#include "measure/gbench.h"
#include "report/test_report.h"
#include "measure/result_writer.h"
#include "data/result.h"
#include "data/point_filter.h"
#include "measure/session.h"

struct run_options {
	struct session_options session;
	const char *out;		/* NULL: results/HOST/TIME-BACKEND.json */
	bool all;
};

/* The file is written whole each time: not too often. */
#define WRITE_EVERY_NS 1000000000ULL

/* One sampling of one group. */
struct repetition {
	struct sampled *sampled;
	struct repetition *next;
};

struct group {
	const struct point *first;
	size_t nr;
	int number;
	struct repetition *reps, **last;
};

struct runner;

struct entry {
	struct runner *runner;
	struct group *group;
	size_t index;			/* in its group */
	unsigned int called;		/* repetitions that were asked for */
	struct sampled *now;
	bool measured;			/* it is in the record */
	char name[POINT_NAME_MAX];
};

struct runner {
	struct session session;
	struct result_writer record;
	struct point_filter selection;
	struct test_report lab;			/* --ktap, --lava */
	struct point *asked;		/* with what the backend lacks */
	size_t nr_asked;
	struct group *group;
	struct entry *entry;
	size_t nr_groups;
	size_t points_done, points_measured;
	struct population *kept;	/* of the last group */
	uint64_t started_ns;
	bool progress;
	int err;
	struct errmsg msg;
};

/* On a terminal: how far, how long still, what. */
static void show_progress(struct runner *r, const struct group *g)
{
	double spent = (clock_ns() - r->started_ns) / 1e9;
	char left[32] = "";
	struct point p = *g->first;
	char name[POINT_NAME_MAX];

	if (!r->progress)
		return;
	if (r->points_done)
		snprintf(left, sizeof(left), ", %.0f s left",
			 spent / r->points_done *
			 (r->selection.nr - r->points_done));
	point_name(&p, name);
	fprintf(stderr, "\r\033[K[%zu/%zu%s] %.45s", r->points_done,
		r->selection.nr, left, name);
}

static void clear_progress(struct runner *r)
{
	if (r->progress)
		fputs("\r\033[K", stderr);
}

/* Give back the one before, hold on to this one. */
static void keep(struct runner *r, struct population *population)
{
	struct backend *b = &r->session.backend;

	if (r->kept)
		b->release(b, r->kept);
	r->kept = population;
}

/* While it is kept, sampling and timing of its whole group share it. */
static void keep_population(struct runner *r, const struct point *p)
{
	struct backend *b = &r->session.backend;
	struct population *population;
	struct errmsg msg;

	if (!b->populate(b, p, &population, &msg))
		keep(r, population);
}

static int sample_group(struct runner *r, struct group *g)
{
	struct repetition *rep = calloc(1, sizeof(*rep));
	int ret;

	if (!rep)
		return errmsg_set(&r->msg, -ENOMEM, "out of memory");
	rep->sampled = calloc(g->nr, sizeof(*rep->sampled));
	if (!rep->sampled) {
		free(rep);
		return errmsg_set(&r->msg, -ENOMEM, "out of memory");
	}
	show_progress(r, g);
	session_clock(&r->session);
	keep_population(r, g->first);
	ret = sampler_group(&r->session.sampler, g->first, g->nr, rep->sampled,
			    &r->msg);
	clear_progress(r);
	if (ret) {
		free(rep->sampled);
		free(rep);
		return ret;
	}
	*g->last = rep;
	g->last = &rep->next;
	r->points_done += g->nr;
	return 0;
}

/* The @n-th sampling of an entry's group, or NULL. */
static struct sampled *sampled_before(const struct entry *e, int64_t n)
{
	struct repetition *rep = e->group->reps;

	while (rep && n-- > 0)
		rep = rep->next;
	return rep ? &rep->sampled[e->index] : NULL;
}

/* The same, made if there is none yet. */
static struct sampled *sampled_for(struct entry *e, unsigned int n)
{
	struct sampled *sampled;

	while (!(sampled = sampled_before(e, n))) {
		e->runner->err = sample_group(e->runner, e->group);
		if (e->runner->err)
			return NULL;
	}
	return sampled;
}

/* What Google Benchmark times for its CPU column. */
struct gross {
	struct session *session;
	struct population *population;
	const struct point *point;
	unsigned long iterations;
};

static void gross_loop(void *arg)
{
	struct gross *g = arg;

	g->session->backend.run(&g->session->backend, g->population, g->point,
				g->iterations);
}

static void report_gross(struct gbench_state *state, struct entry *e)
{
	struct session *s = &e->runner->session;
	struct gross g = { .session = s, .point = &e->now->point };
	unsigned long least = s->sampler.fixed_rounds ? 0 : 100000;

	e->now->err = s->backend.populate(&s->backend, g.point, &g.population,
					  &e->now->msg);
	if (e->now->err) {
		gbench_skip(state, e->now->msg.text);
		return;
	}
	g.iterations = s->backend.iterations(g.population);
	gross_loop(&g);
	/* some 100 us, or once round the pages */
	while (g.iterations * PF_UNROLL < least)
		g.iterations *= 2;
	gbench_result(state, e->now->ticks.mid * s->sampler.ns_per_tick,
		      gross_loop, &g, (int64_t)g.iterations * PF_UNROLL);
	s->backend.release(&s->backend, g.population);
}

static void run_entry(struct gbench_state *state, void *arg)
{
	struct entry *e = arg;
	struct runner *r = e->runner;
	const struct sampled *now;

	if (cmd_interrupted)
		r->err = -EINTR;
	if (r->err) {
		gbench_skip(state, r->err == -EINTR ? NULL : r->msg.text);
		return;
	}
	e->now = sampled_for(e, e->called++);
	now = e->now;
	if (!now || now->err) {
		gbench_skip(state, now ? now->msg.text : r->err == -EINTR ?
			    NULL : r->msg.text);
		if (now)
			complain("%s: %s", e->name, now->msg.text);
		return;
	}
	report_gross(state, e);
	gbench_counter(state, "ticks", now->ticks.mid);
	gbench_counter(state, "lo", now->ticks.lo);
	gbench_counter(state, "hi", now->ticks.hi);
	gbench_counter(state, "quiet", now->rounds_quiet);
	for (size_t i = 0; r->session.counters &&
	     i < counters_nr(r->session.counters); i++) {
		const struct counter *c = counters_get(r->session.counters, i);

		if (c->available)
			gbench_counter(state, c->name, now->counted ?
				       now->counted[i].per_op.mid : NAN);
	}
	if (now->contended)
		gbench_label(state, "contended");
}

/* A finished repetition: into the file, which is written now and then. */
static void on_report(void *arg, const struct gbench_run *run)
{
	struct entry *e = run->arg;
	struct runner *r = arg;
	const struct sampled *sampled = sampled_before(e, run->repetition);
	struct errmsg msg;

	/* repetitions are reported together, in one go at their end */
	if (run->skipped || !sampled || sampled->err)
		return;
	if (result_writer_add(&r->record, sampled, r->session.counters,
			 r->session.sampler.ns_per_tick, run->cpu_ns,
			 run->iterations, run->repetition, run->repetitions,
			 e->group->number))
		r->err = errmsg_set(&r->msg, -ENOMEM, "out of memory");
	r->points_measured++;
	e->measured = true;
	result_writer_progress(&r->record, &r->session.sampler,
			session_steal(&r->session));
	if (clock_ns() - r->record.written_ns > WRITE_EVERY_NS &&
	    !r->err && result_writer_write(&r->record, true, false, &msg)) {
		r->err = -EIO;
		r->msg = msg;
	}
}

static int make_groups(struct runner *r)
{
	struct point_filter *s = &r->selection;
	size_t i;

	r->group = calloc(s->nr, sizeof(*r->group));
	r->entry = calloc(s->nr, sizeof(*r->entry));
	if (!r->group || !r->entry)
		return -ENOMEM;
	for (i = 0; i < s->nr; i++) {
		struct entry *e = &r->entry[i];
		struct group *g;

		if (!i || !point_same_group(&s->point[i], &s->point[i - 1])) {
			g = &r->group[r->nr_groups];
			g->first = &s->point[i];
			g->number = r->nr_groups++;
			g->last = &g->reps;
		}
		g = &r->group[r->nr_groups - 1];
		e->runner = r;
		e->group = g;
		e->index = g->nr++;
		point_name(&s->point[i], e->name);
		gbench_register(e->name, run_entry, e);
	}
	return 0;
}

static void free_groups(struct runner *r)
{
	struct repetition *rep;

	for (size_t i = 0; i < r->nr_groups; i++) {
		while ((rep = r->group[i].reps)) {
			r->group[i].reps = rep->next;
			sampler_free(rep->sampled, r->group[i].nr);
			free(rep->sampled);
			free(rep);
		}
	}
	free(r->group);
	free(r->entry);
}

/* What a reader should know before the figures: once, on stderr. */
static void say_circumstances(struct runner *r)
{
	const struct session *s = &r->session;
	json_t *p = r->record.pfbench;
	json_t *disturbances = json_object_get(p, "disturbances");
	json_t *counters = json_object_get(p, "counters");
	const char *model = json_string_value(json_object_get(p, "cpu_model"));
	const struct counter *c, *last = NULL;
	json_t *line;
	size_t i;

	fprintf(stderr, "CPU %d (%s), %zu points; tick %.4f ns, clock steps by %.0f\n",
		s->cpu.cpu, model ? model : "unknown", r->selection.nr,
		s->sampler.ns_per_tick, s->sampler.quantum);
	json_array_foreach(disturbances, i, line)
		fprintf(stderr, "note: %s\n", json_string_value(line));
	for (i = 0; s->counters && i < counters_nr(s->counters); i++) {
		char state[192] = "ok";

		c = counters_get(s->counters, i);
		if (!c->available) {
			snprintf(state, sizeof(state), "n/a (%s)", c->reason);
			if (!last || strcmp(last->reason, c->reason))
				fprintf(stderr, "%snote: n/a: %s",
					last ? "\n" : "", c->reason);
			fprintf(stderr, "%s%s", last &&
				!strcmp(last->reason, c->reason) ? ", " : ": ",
				c->name);
			last = c;
		}
		json_object_set_new(counters, c->name, json_string(state));
	}
	if (last)
		fputc('\n', stderr);
}

static int finish(struct runner *r)
{
	const struct sampler *s = &r->session.sampler;
	bool partial = r->err != 0;
	struct errmsg msg;

	session_clock(&r->session);
	result_writer_progress(&r->record, s, session_steal(&r->session));
	if (r->points_measured || !r->err) {
		if (result_writer_write(&r->record, partial, true, &msg))
			return complain("run: %s", msg.text);
		fprintf(stderr, "%s: %zu points, %.0f %% of rounds quiet%s\n",
			r->record.path, r->points_measured,
			s->rounds ? 100.0 * s->rounds_quiet / s->rounds : 0,
			partial ? ", partial" : "");
	}
	if (r->err == -EINTR)
		return EXIT_INTERRUPTED;
	if (r->err)
		return complain("run: %s", r->msg.text);
	if (!r->points_measured)
		return complain("run: nothing could be measured");
	return EXIT_DONE;
}

static bool backend_has(void *arg, const struct point *p)
{
	struct runner *r = arg;
	struct errmsg msg;

	return r->session.backend.has(&r->session.backend, p, &msg);
}

/* What this backend lacks is left out, and said so. */
static int drop_missing(struct runner *r)
{
	struct backend *b = &r->session.backend;
	struct point first;
	char name[POINT_NAME_MAX];
	size_t out;
	struct errmsg msg;

	r->nr_asked = r->selection.nr;
	r->asked = malloc(r->nr_asked * sizeof(*r->asked));
	if (!r->asked)
		return errmsg_set(&r->msg, -ENOMEM, "out of memory");
	memcpy(r->asked, r->selection.point, r->nr_asked * sizeof(*r->asked));
	out = point_filter_keep(&r->selection, backend_has, r, &first);
	if (!out)
		return 0;
	point_name(&first, name);
	b->has(b, &first, &msg);
	if (!r->selection.nr)
		return errmsg_set(&r->msg, -ENOENT, "%s: %s", name, msg.text);
	fprintf(stderr, "note: left out: %s (%s)", name, msg.text);
	if (out > 1)
		fprintf(stderr, " and %zu more", out - 1);
	fputc('\n', stderr);
	return 0;
}

/* Why a point that was asked for is not in the record. */
static const char *missing(const struct runner *r, const struct entry *e)
{
	const struct sampled *sampled = sampled_before(e, 0);

	if (sampled && sampled->err)
		return sampled->msg.text;
	return r->err == -EINTR ? "interrupted" : r->msg.text;
}

/* All that was asked for, to a lab; @ret is the exit code without one. */
static int tell_lab(struct runner *r, int ret)
{
	struct backend *b = &r->session.backend;
	struct result result;
	char name[POINT_NAME_MAX];
	struct errmsg msg;
	size_t i;

	if (result_take(json_incref(r->record.root), r->record.path, &result,
			&msg))
		return complain("run: %s", msg.text);
	test_report_add_result(&r->lab, &result);
	result_free(&result);
	for (i = 0; i < r->selection.nr; i++)
		if (!r->entry[i].measured)
			test_report_skip(&r->lab, r->entry[i].name,
				 missing(r, &r->entry[i]));
	for (i = 0; i < r->nr_asked; i++) {
		if (b->has(b, &r->asked[i], &msg))
			continue;
		point_name(&r->asked[i], name);
		test_report_skip(&r->lab, name, msg.text);
	}
	if (test_report_write(&r->lab, stdout))
		return complain("run: standard output could not be written");
	return ret == EXIT_DONE || (!r->err && !r->points_measured) ?
		test_report_exit(&r->lab) : ret;
}

/* What is not here is skipped by a lab; what was asked wrongly is not. */
static int refuse(const struct runner *r, int err)
{
	if (r->lab.format != TEST_REPORT_NONE && err != -EINVAL)
		return test_report_skip_all(&r->lab, "run", r->msg.text);
	return complain("run: %s", r->msg.text);
}

static int measure(struct runner *r, const struct session_options *options,
		   const char *out, const char *out_format)
{
	int ret;

	cmd_catch_signals();
	ret = session_open(&r->session, options, &r->msg);
	if (ret)
		return refuse(r, ret);
	ret = drop_missing(r);
	if (ret) {
		free(r->asked);
		session_close(&r->session);
		return refuse(r, ret);
	}
	ret = result_writer_open(&r->record, out, options->backend, "pfbench",
			  r->session.topology, &r->session.cpu, &r->msg);
	/* a file that cannot be written is better known before the minutes */
	if (!ret) {
		result_writer_progress(&r->record, &r->session.sampler, 0);
		ret = result_writer_write(&r->record, true, false, &r->msg);
	}
	if (!ret)
		r->session.backend.describe(&r->session.backend,
					    r->record.pfbench);
	if (!ret)
		ret = make_groups(r);
	if (!ret) {
		say_circumstances(r);
		r->started_ns = clock_ns();
		r->progress = isatty(STDERR_FILENO);
		if (r->lab.format != TEST_REPORT_NONE)
			gbench_silence();
		gbench_run(on_report, r, out_format);
		ret = finish(r);
		if (r->lab.format != TEST_REPORT_NONE)
			ret = tell_lab(r, ret);
		if (!r->points_measured)
			remove(r->record.path);
	} else {
		ret = complain("run: %s", r->msg.text);
	}
	keep(r, NULL);
	free_groups(r);
	free(r->asked);
	test_report_free(&r->lab);
	result_writer_close(&r->record);
	session_close(&r->session);
	return ret;
}

enum { KEY_OUT = 1, KEY_ALL };

static const struct argp_option run_argp_options[] = {
	{ "out", KEY_OUT, "FILE", 0, "write FILE instead" },
	{ "all", KEY_ALL, NULL, 0, "every point there is (hours)" },
	{ 0 }
};

/* The options of a run, and the format of what it prints. */
struct run_input {
	struct run_options options;
	struct test_report *report;
};

static error_t parse_run_option(int key, char *arg, struct argp_state *state)
{
	struct run_input *in = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &in->options.session;
		state->child_inputs[1] = in->report;
		return 0;
	case KEY_OUT:
		in->options.out = arg;
		return 0;
	case KEY_ALL:
		in->options.all = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_child run_argp_children[] = {
	{ &session_argp, 0, NULL, 0 }, { &test_report_argp, 0, NULL, 0 }, { 0 }
};

static const struct argp run_argp = {
	run_argp_options, parse_run_option, "[--benchmark_FLAG...]",
	"Measure the default set of points, or those that --benchmark_filter selects, and write results/HOST/TIME-BACKEND.json."
	"\v"
	"Google Benchmark's flags are accepted: --benchmark_filter=REGEX, --benchmark_list_tests, --benchmark_repetitions=N, --benchmark_out=FILE, --benchmark_format=console|json|csv, --benchmark_enable_random_interleaving, ... Its Time is our net median, its CPU the gross cost of the same loop as it timed it itself.\n"
	"\n"
	"Exit status: 0 done; 2 bad input, or nothing could be measured; 130 interrupted: what was finished is in the file, marked partial. With --ktap or --lava a point that could not be measured, or was contended, is skipped; so is everything where the module or the CPU is not available.\n"
	"\n"
	"Examples:\n"
	"  pfbench run\n"
	"  pfbench run --benchmark_filter='^PageLocked/.*/tail/hot/latency$'\n"
	"  pfbench run --cpu=3 --events=cycles,L1-dcache-load-misses\n"
	"  pfbench run --backend=kmod --benchmark_filter='^PageLocked/native/'",
	run_argp_children, NULL, NULL
};

static int run_main(int argc, char **argv)
{
	struct runner r = { 0 };
	struct run_input in = { .options = { .session = SESSION_DEFAULTS },
				.report = &r.lab };
	struct session_options *o = &in.options.session;
	struct gbench_flags flags;
	int ret, first;

	o->interrupted = &cmd_interrupted;
	gbench_flags_take(&cmd_run, &flags, &argc, argv);
	ret = cmd_parse(&cmd_run, argc, argv, &in, &first);
	if (ret)
		return ret;
	if (first < argc)
		return complain("run: '%s': no arguments are taken (--benchmark_filter selects)",
				argv[first]);
	if (point_filter_open(&r.selection, in.options.all ? POINTS_ALL :
			      POINTS_DEFAULT, !strcmp(o->backend, "kmod"),
			      flags.filter, gbench_matches, &r.msg))
		return complain("run: %s", r.msg.text);
	if (flags.list_tests) {
		point_filter_print(&r.selection);
		ret = EXIT_DONE;
	} else {
		ret = measure(&r, o, in.options.out, flags.out_format);
	}
	point_filter_close(&r.selection);
	return ret;
}

const struct cmd cmd_run = {
	"run", "measure, into a result file", &run_argp, run_main,
};
