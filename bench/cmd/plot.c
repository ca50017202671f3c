// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <math.h>
#include <stdio.h>

#include "cmd/choose.h"
#include "cmd/cmd.h"
#include "report/history.h"
#include "report/plot.h"

enum { KEY_OUTPUT = 'o', KEY_UNIT = 1, KEY_ACCESSOR, KEY_HISTORY };

struct plot_options {
	const char *dir;
	enum unit unit;
	enum pf_accessor accessor;
	bool history;
};

static const struct argp_option plot_argp_options[] = {
	{ "output", KEY_OUTPUT, "DIR", 0, "write into DIR, made if it is missing" },
	{ "unit", KEY_UNIT, "UNIT", 0,
	  "cycles, ns or ticks; the default is cycles where each sample was taken in cycles, else ns" },
	{ "accessor", KEY_ACCESSOR, "NAME", 0,
	  "plot this accessor (default PageLocked)" },
	{ "history", KEY_HISTORY, NULL, 0,
	  "one plot of all FILEs: each of another kernel, measured with run --backend=kmod, all on one architecture" },
	{ 0 }
};

static error_t parse_plot_option(int key, char *arg, struct argp_state *state)
{
	struct plot_options *o = state->input;

	switch (key) {
	case KEY_OUTPUT:
		o->dir = arg;
		return 0;
	case KEY_UNIT:
		if (unit_parse(arg, &o->unit))
			return complain("plot: no unit '%.40s' (ns, ticks, cycles)",
					arg);
		return 0;
	case KEY_ACCESSOR:
		return choose_accessor("plot", arg, &o->accessor);
	case KEY_HISTORY:
		o->history = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp plot_argp = {
	plot_argp_options, parse_plot_option,
	"FILE... -o DIR\n--history FILE... -o DIR",
	"Plot result files into DIR: NAME.svg and NAME.png (by gnuplot), NAME.txt (72 columns, for a mail) and NAME.dat, the data of all three, which people can read too.\n"
	"\n"
	"  tails        cost against the share of tail pages among those\n"
	"               visited, up to 10 % in a second panel, and the shares\n"
	"               at which a branch and code without a branch cost the\n"
	"               same; tails-latency if the file has such points\n"
	"  generations  bars per generation and population, throughput and\n"
	"               latency\n"
	"  replay       the same bars of a recorded sequence beside random\n"
	"               pages with as many tails; if the file has one, only\n"
	"               this plot is drawn\n"
	"  workingset   cost against the working set, from L1 to memory\n"
	"  threads      total throughput and cost against the number of threads:\n"
	"               threads-shared, threads-private, threads-reader,\n"
	"               threads-reader-ref, those that the file has points of\n"
	"  history      cost from generation to generation, with the kernels'\n"
	"               own functions; only with --history, and then alone"
	"\v"
	"The plots of several FILEs are numbered: tails-1.svg, tails-2.svg, ... A plot whose points the file lacks is left out; a line names the run that measures them. If the compiler's own choice costs the same as the forced branch or select, one line shows both: 'branch =auto'.\n"
	"\n"
	"Exit status: 0 at least one plot was drawn; 2 none, a picture that could not be written, or bad input.\n"
	"\n"
	"Environment: PFBENCH_DATADIR, a directory with the gnuplot scripts\n"
	"\n"
	"Example: pfbench plot results/*/*.json -o plots-of-today",
	NULL, NULL, NULL
};

/* The result over all files. */
struct plot_outcome {
	unsigned int drawn;
	struct errmsg no_gnuplot;	/* no pictures: why */
	struct errmsg msg;
};

/* Count a plot; returns EXIT_BAD after a line if the command is to end. */
static int count_plot(struct plot_outcome *outcome, int err)
{
	if (err && err != -ENODATA && err != -ENOENT)
		return complain("plot: %s", outcome->msg.text);
	if (err == -ENODATA)
		complain("plot: %s", outcome->msg.text);
	else
		outcome->drawn++;
	if (err == -ENOENT)
		outcome->no_gnuplot = outcome->msg;
	return EXIT_DONE;
}

static int plot_result(const struct plot *p, struct plot_outcome *outcome)
{
	struct errmsg *msg = &outcome->msg;
	int err;

	/* a file with recorded sequences has no other points */
	err = plot_replay(p, msg);
	if (err != -ENODATA)
		return count_plot(outcome, err);
	if (count_plot(outcome, plot_tails(p, PF_THROUGHPUT, msg)))
		return EXIT_BAD;
	/* few files have it: no line if this one does not */
	err = plot_tails(p, PF_LATENCY, msg);
	if ((err != -ENODATA && count_plot(outcome, err)) ||
	    count_plot(outcome, plot_generations(p, msg)))
		return EXIT_BAD;
	if (count_plot(outcome, plot_workingset(p, msg)))
		return EXIT_BAD;
	for (int t = THREADS_NONE + 1; t < NR_THREADINGS; t++) {
		err = plot_threads(p, t, msg);
		if (err != -ENODATA && count_plot(outcome, err))
			return EXIT_BAD;
	}
	return EXIT_DONE;
}

static int plot_file(const char *path, const struct plot_options *o,
		     const char *suffix, struct plot_outcome *outcome)
{
	struct plot p = { .accessor = o->accessor, .dir = o->dir,
			  .suffix = suffix };
	struct result r;
	int ret;

	if (result_load(path, &r, &outcome->msg))
		return complain("plot: %s", outcome->msg.text);
	p.r = &r;
	p.unit = unit_resolve(&r, o->unit);
	p.scale = unit_scale(&r, p.unit);
	ret = isnan(p.scale) ?
		complain("plot: %s: does not record the length of a cycle: use --unit=ns or --unit=ticks",
			 path) : plot_result(&p, outcome);
	result_free(&r);
	return ret;
}

static int plot_each(const struct plot_options *o, int nr, char **paths,
		     struct plot_outcome *outcome)
{
	char suffix[16] = "";
	int ret = EXIT_DONE;

	for (int i = 0; i < nr && !ret; i++) {
		if (nr > 1)
			snprintf(suffix, sizeof(suffix), "-%d", i + 1);
		ret = plot_file(paths[i], o, suffix, outcome);
	}
	return ret;
}

static int write_history_data(FILE *f, const void *history)
{
	history_write(f, history);
	return 0;
}

static int write_history_text(FILE *f, const void *history)
{
	history_print(f, history);
	return 0;
}

static int plot_history(const struct plot_options *o, int nr, char **paths,
			struct plot_outcome *outcome)
{
	static const struct gnuplot_file files[] = {
		{ "dat", write_history_data }, { "txt", write_history_text },
		{ 0 }
	};
	struct history h;
	int ret;

	if (history_load(&h, o->accessor, o->unit, nr, paths, &outcome->msg))
		ret = complain("plot: --history: %s", outcome->msg.text);
	else
		ret = count_plot(outcome,
				 gnuplot_output("history", o->dir, files, &h,
						true, &outcome->msg));
	history_free(&h);
	return ret;
}

static int plot_main(int argc, char **argv)
{
	struct plot_options o = { .accessor = PF_ACC_PageLocked };
	struct plot_outcome outcome = { 0 };
	int ret, first;

	ret = cmd_parse(&cmd_plot, argc, argv, &o, &first);
	if (ret)
		return ret;
	if (!o.dir)
		return complain("plot: no directory given: -o DIR (see 'pfbench plot --help')");
	if (first == argc)
		return complain("plot: no result file given (see 'pfbench plot --help')");
	ret = (o.history ? plot_history : plot_each)(&o, argc - first,
						     argv + first, &outcome);
	if (!ret)
		ret = cmd_flush("plot");
	if (ret)
		return ret;
	if (*outcome.no_gnuplot.text)
		return complain("plot: %s", outcome.no_gnuplot.text);
	return outcome.drawn ? EXIT_DONE : EXIT_BAD;
}

const struct cmd cmd_plot = {
	"plot", "draw result files as SVG, PNG and text plots", &plot_argp,
	plot_main,
};
