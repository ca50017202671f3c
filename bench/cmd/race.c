// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "cmd/cmd.h"
#include "cmd/race_options.h"
#include "cmd/verbosity.h"
#include "lib/atomic_file.h"
#include "lib/gnuplot.h"
#include "lib/progress.h"
#include "machine/cpu_lock.h"
#include "machine/environment.h"
#include "race/plot_data.h"
#include "race/print.h"
#include "race/race.h"
#include "race/result_file.h"

#define MAX_RUNS 4096

/* The runs that are done or loaded. */
struct race_runs {
	const struct race_options *options;
	struct race_result *result;
	size_t nr, requested;
	bool partial;			/* a run failed, or a signal came */
	json_t *machine;
	struct progress progress;
};

static int list_windows(enum pf_accessor acc)
{
	for (int gen = 0; gen < PF_NR_REPLICAS; gen++) {
		if (!race_can(gen, acc))
			continue;
		printf("%-18s", pf_generations[gen].name);
		for (int window = 1; window < PF_NR_WINDOWS; window++)
			if (race_windows(gen, acc) >> window & 1)
				printf(" %s", race_window_name(window));
		putchar('\n');
	}
	return cmd_flush("race");
}

static int run_one(struct race_runs *runs, enum pf_generation gen,
		   enum pf_race_protocol protocol, unsigned long ns)
{
	struct race_request request = runs->options->request;
	unsigned int windows = runs->options->windows;
	struct race_result *r = &runs->result[runs->nr];
	struct errmsg msg = { "" };
	char what[80];

	request.gen = gen;
	request.protocol = protocol;
	request.ns = ns;
	request.windows = windows & race_windows(gen, request.accessor);
	if (windows && !request.windows)
		request.windows = 1U << PF_WINDOW_BEFORE;
	snprintf(what, sizeof(what), "%s, %s, %lu ns",
		 pf_generations[gen].name, race_protocol_name(protocol), ns);
	progress_show(&runs->progress, runs->nr, runs->requested, what);
	if ((request.kmod ? race_run_kmod : race_run)(&request, r,
						      &cmd_interrupted, &msg))
		return complain("race: %s", msg.text);
	runs->nr++;
	return EXIT_DONE;
}

/* Calls @run for each requested run until it fails or a signal comes. */
static int each_run(struct race_runs *runs,
		    int (*run)(struct race_runs *runs, enum pf_generation gen,
			       enum pf_race_protocol protocol,
			       unsigned long ns))
{
	const struct race_options *o = runs->options;
	int ret = EXIT_DONE;

	for (int protocol = 0; protocol < PF_RACE_NR_PROTOCOLS; protocol++)
		for (size_t i = 0; i < o->nr_delays; i++)
			for (int gen = 0; gen < PF_NR_REPLICAS; gen++)
				if (o->protocol[protocol] &&
				    o->generation[gen] && !ret &&
				    !cmd_interrupted)
					ret = run(runs, gen, protocol,
						  o->delay[i]);
	return ret;
}

static int count_request(struct race_runs *runs, enum pf_generation gen,
		     enum pf_race_protocol protocol, unsigned long ns)
{
	if (runs->requested == MAX_RUNS)
		return complain("race: more than %d runs: choose fewer generations, protocols or delays",
				MAX_RUNS);
	runs->requested++;
	return EXIT_DONE;
}

/* Keep other measurements off the CPUs of all threads; until the exit. */
static int lock_cpus(const struct race_request *r)
{
	size_t threads = r->readers + r->writers;
	struct errmsg msg = { "" };

	for (size_t i = 0; i < r->nr_cpus && i < threads; i++)
		if (cpu_lock(r->cpu[i], &msg) == -EBUSY)
			return complain("race: %s", msg.text);
	return EXIT_DONE;
}

static int run_all(struct race_runs *runs)
{
	int ret = lock_cpus(&runs->options->request) ? :
		each_run(runs, count_request);

	if (ret)
		return ret;
	cmd_catch_signals();
	progress_open(&runs->progress, cmd_quiet);
	ret = each_run(runs, run_one);
	progress_clear(&runs->progress);
	return ret;
}

static int write_race_text(FILE *f, const void *arg)
{
	const struct race_runs *runs = arg;

	return race_print(f, runs->result, runs->nr, runs->partial,
			  runs->machine) || ferror(f);
}

static int write_race_data(FILE *f, const void *arg)
{
	const struct race_runs *runs = arg;

	race_write_data(f, runs->result, runs->nr);
	return ferror(f);
}

static int write_race_json(FILE *f, const void *arg)
{
	const struct race_runs *runs = arg;
	json_t *root = race_json(runs->result, runs->nr, runs->partial,
				 json_incref(runs->machine));
	int err = !root || json_dumpf(root, f, JSON_INDENT(1) |
				      JSON_REAL_PRECISION(9));

	json_decref(root);
	return err || fputc('\n', f) == EOF;
}

static int show_runs(const struct race_runs *runs)
{
	static const struct gnuplot_file files[] = {
		{ "dat", write_race_data }, { "txt", write_race_text }, { 0 }
	};
	const struct race_options *o = runs->options;
	struct errmsg msg = { "" };
	int ret = EXIT_DONE;

	if (!runs->nr)
		return cmd_interrupted ? EXIT_INTERRUPTED : EXIT_BAD;
	if (o->out && write_file_atomic(o->out, write_race_json, runs, &msg))
		ret = complain("race: %s", msg.text);
	if (o->dir && gnuplot_output("race", o->dir, files, runs, true, &msg))
		ret = complain("race: %s", msg.text);
	/* results that could not be written are at least shown */
	if ((!o->dir || ret) && write_race_text(stdout, runs))
		ret = complain("race: standard output could not be written");
	else if (cmd_flush("race"))
		ret = EXIT_BAD;
	return ret ? ret : cmd_interrupted ? EXIT_INTERRUPTED : EXIT_DONE;
}

static int run_or_load(struct race_runs *runs, const char *path)
{
	struct cpu_choice choice = { .cpu = runs->options->request.cpu[0] };
	struct errmsg msg = { "" };
	int ret;

	runs->result = calloc(MAX_RUNS, sizeof(*runs->result));
	if (!runs->result)
		return complain("race: out of memory");
	if (path) {
		if (race_load(path, runs->result, MAX_RUNS, &runs->nr,
			      &runs->partial, &runs->machine, &msg))
			return complain("race: %s", msg.text);
		return show_runs(runs);
	}
	runs->machine = environment_context("", &choice);
	/* the runs before one that fails are kept */
	ret = run_all(runs);
	runs->partial = ret || cmd_interrupted;
	return show_runs(runs) ?: ret;
}

/* Options that exclude each other. */
static int check_combination(const struct race_options *o, const char *path)
{
	const char *option = o->run_option;

	if (path && o->list)
		return complain("race: --list takes no file: drop %.60s", path);
	if (path && !option && o->some_accessor)
		option = "accessor";
	if (path && option)
		return complain("race: %.60s is shown and nothing is run: drop --%s to show it, or the file for a new run",
				path, option);
	if (o->list && option)
		return complain("race: --list measures nothing: drop --%s; only --accessor goes with it",
				option);
	return EXIT_DONE;
}

/* Before the runs, which take minutes. */
static int check_race_outputs(const struct race_options *o)
{
	struct errmsg msg = { "" };
	char path[PATH_MAX];

	if (o->out && output_check(o->out, &msg))
		return complain("race: --out: %s", msg.text);
	if (!o->dir)
		return EXIT_DONE;
	if (!*o->dir)
		return complain("race: -o: the name of the directory is empty: name one");
	snprintf(path, sizeof(path), "%s/race.txt", o->dir);
	if (mkdir_p(o->dir, &msg) || output_check(path, &msg))
		return complain("race: -o: %s", msg.text);
	return EXIT_DONE;
}

static int race_main(int argc, char **argv)
{
	struct race_options o = RACE_OPTIONS_DEFAULTS;
	struct race_runs runs = { .options = &o };
	const char *path;
	int ret, first;

	ret = cmd_parse(&cmd_race, argc, argv, &o, &first);
	if (ret)
		return ret;
	if (argc - first > 1)
		return complain("race: %d files: give one", argc - first);
	path = first < argc ? argv[first] : NULL;
	ret = check_combination(&o, path);
	if (!ret)
		ret = race_options_complete(&o);
	if (ret)
		return ret;
	if (o.list)
		return list_windows(o.request.accessor);
	ret = check_race_outputs(&o);
	if (ret)
		return ret;
	ret = run_or_load(&runs, path);
	free(runs.result);
	json_decref(runs.machine);
	return ret;
}

const struct cmd cmd_race = {
	"race", "measure how often compound_head() loses a race with a split",
	&race_argp, race_main,
};
