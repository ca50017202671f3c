// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/cmd.h"
#include "cmd/gbench_filter.h"
#include "lib/gnuplot.h"
#include "report/trend.h"

struct trend_options {
	struct trend_request request;
	const char *directory;		/* NULL: print to standard output */
	const char *filter;
	bool json;
};

enum {
	KEY_BY = 1, KEY_RELEASE, KEY_HOST, KEY_THRESHOLD, KEY_UNIT, KEY_FILTER,
	KEY_JSON,
};

static const struct argp_option trend_argp_options[] = {
	{ "output", 'o', "DIR", 0,
	  "write trend.txt, trend.svg, trend.png (gnuplot) and their data trend.dat into DIR" },
	{ "json", KEY_JSON, NULL, 0, "print JSON instead of text" },
	{ "by", KEY_BY, "WHICH", 0,
	  "commit: by date, with the commits of the program; kernel: by the kernel's release; the default is kernel if the results have several kernels, and no more commits than kernels" },
	{ "release", KEY_RELEASE, "NAME", 0,
	  "the last release: a commit, version or kernel, or its beginning (see below)" },
	{ "host", KEY_HOST, "NAME", 0,
	  "the machine (default: the one with the most results)" },
	{ "benchmark_filter", KEY_FILTER, "REGEX", 0,
	  "only points that match; the fewer points, the fewer results are needed" },
	{ "threshold", KEY_THRESHOLD, "PCT", 0,
	  "changes up to PCT per cent do not matter (default 2)" },
	{ "unit", KEY_UNIT, "UNIT", 0,
	  "cycles or ns; the default is that of the newest result" },
	{ 0 }
};

static int set_by(struct trend_request *request, const char *which)
{
	if (!strcmp(which, "commit"))
		request->by = TREND_BY_COMMIT;
	else if (!strcmp(which, "kernel"))
		request->by = TREND_BY_KERNEL;
	else
		return complain("trend: --by=%.40s: not commit or kernel",
				which);
	return EXIT_DONE;
}

static int set_trend_threshold(struct trend_request *request, const char *arg)
{
	char *end;
	double pct = strtod(arg, &end);

	if (end == arg || *end || !(pct >= 0 && pct <= 1000))
		return complain("trend: --threshold=%.40s: not a number of per cent from 0 to 1000",
				arg);
	request->threshold = pct / 100;
	return EXIT_DONE;
}

static error_t parse_trend_option(int key, char *arg, struct argp_state *state)
{
	struct trend_options *o = state->input;

	switch (key) {
	case 'o':
		o->directory = arg;
		return 0;
	case KEY_JSON:
		o->json = true;
		return 0;
	case KEY_BY:
		return set_by(&o->request, arg);
	case KEY_RELEASE:
		o->request.release = arg;
		return 0;
	case KEY_HOST:
		o->request.host = arg;
		return 0;
	case KEY_FILTER:
		o->filter = arg;
		return 0;
	case KEY_THRESHOLD:
		return set_trend_threshold(&o->request, arg);
	case KEY_UNIT:
		if (unit_parse(arg, &o->request.unit) ||
		    o->request.unit == UNIT_TICKS)
			return complain("trend: no unit '%.40s' (cycles, ns)",
					arg);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp trend_argp = {
	trend_argp_options, parse_trend_option, "DIR|FILE...",
	"Find where the costs of one machine changed, from result to result. Of a DIR, all files *.json and counts*.txt in it and below it are results."
	"\v"
	"Each file is checked as 'pfbench compare' checks several sides; a file with a fault, of another machine (host, CPU model, architecture, backend) or of another unit is left out, and a line names the reason.\n"
	"\n"
	"Changes are found by E-divisive with means (Matteson and James 2014): a permutation test, with the significance 0.05 divided by the number of points. Each has the interval of its place, by a bootstrap, and that of its size, Student's over the results between two changes. A change whose interval is not beyond the threshold does not count. Counts are exact: each step is a change.\n"
	"\n"
	"A result is of a release if its commit is the name of a tag (v1.2, not v1.2-3-gabc or v1.3-rc1), or, with --by=kernel, if its kernel is neither a candidate (-rc), nor of linux-next, nor named by a commit (-gabcdef0). --release=NAME marks those whose commit, version or kernel is NAME or begins with it. The last release is the last such result before the results of the newest commit or kernel. Without any, all changes count.\n"
	"\n"
	"JSON: format (1), machine, unit, by, last_release (a number of a result, or null), threshold, level, changes_since, changes_before, results [{file, date, commit, kernel, release}], points [{name, undecided, changes [{at, from, to, kind (ratio or difference), value, lo, hi, p, since_release, mark (I or R)}], costs [{result, median, lo, hi}]}], left_out [texts].\n"
	"\n"
	"Exit status: 0 no change since the last release; 1 a change; 2 too few results for every point, bad input, or no gnuplot for -o.\n"
	"\n"
	"Environment: PFBENCH_DATADIR, a directory with the gnuplot script\n"
	"\n"
	"Example: pfbench trend --benchmark_filter='^PageLocked/v7.1-mask/' results/lab7 -o plots",
	NULL, NULL, NULL
};

static bool trend_wants(const char *name)
{
	return gbench_matches(name) == 1;
}

static int write_trend_text(FILE *f, const void *trend)
{
	trend_print(f, trend);
	return ferror(f);
}

static int write_trend_data(FILE *f, const void *trend)
{
	trend_write(f, trend);
	return ferror(f);
}

static int output_trend(const struct trend *t, const struct trend_options *o)
{
	static const struct gnuplot_file files[] = {
		{ "dat", write_trend_data }, { "txt", write_trend_text },
		{ 0 }
	};
	struct errmsg msg;

	if (o->directory)
		return gnuplot_output("trend", o->directory, files, t,
				      trend_has_picture(t), &msg) ?
			complain("trend: %s", msg.text) : EXIT_DONE;
	if (!o->json)
		trend_print(stdout, t);
	else if (trend_print_json(stdout, t))
		return complain("trend: out of memory, or standard output could not be written");
	return cmd_flush("trend");
}

static int show_trend(const struct trend *t, const struct trend_options *o)
{
	int ret = output_trend(t, o);

	if (ret)
		return ret;
	if (t->nr_few == t->nr_series)
		return complain("trend: %zu point%s, and no point has the %zu results that are needed: choose fewer points with --benchmark_filter",
				t->nr_series, t->nr_series == 1 ? "" : "s",
				t->least);
	return t->since ? EXIT_NO : EXIT_DONE;
}

static int trend_main(int argc, char **argv)
{
	struct trend_options o = { .request = { .threshold = 0.02 } };
	struct errmsg msg = { "" };
	struct trend t;
	int ret, first;

	ret = cmd_parse(&cmd_trend, argc, argv, &o, &first);
	if (ret)
		return ret;
	if (o.json && o.directory)
		return complain("trend: --json prints, and -o writes files: give one of them");
	if (first == argc)
		return complain("trend: no directory was given (see 'pfbench trend --help')");
	if (o.filter && gbench_filter_set(o.filter, &msg))
		return complain("trend: --benchmark_filter: %s", msg.text);
	if (o.filter)
		o.request.want = trend_wants;
	ret = trend_open(&t, &o.request, argc - first, argv + first, &msg) ?
		complain("trend: %s", msg.text) : show_trend(&t, &o);
	trend_close(&t);
	return ret;
}

const struct cmd cmd_trend = {
	"trend", "find where the costs of a machine changed", &trend_argp,
	trend_main,
};
