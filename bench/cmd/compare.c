// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>

#include "cmd/cmd.h"
#include "cmd/test_report_options.h"
#include "report/compare_many.h"

enum { KEY_THRESHOLD = 1, KEY_UNIT, KEY_JSON, KEY_ONLY_CHANGED };

struct compare_options {
	double threshold;	/* 0.02 for 2 % */
	enum unit unit;
	bool json, only_changed;
	struct test_report report;
};

static const struct argp_option compare_argp_options[] = {
	{ "threshold", KEY_THRESHOLD, "PCT", 0,
	  "changes up to PCT per cent do not matter (default 2)" },
	{ "unit", KEY_UNIT, "UNIT", 0,
	  "cycles or ns; the default is cycles if all files have trustworthy cycles, ns if none has" },
	{ "only-changed", KEY_ONLY_CHANGED, NULL, 0,
	  "print only the points that changed" },
	{ "json", KEY_JSON, NULL, 0, "print JSON instead of a table" },
	{ 0 }
};

static error_t parse_compare_option(int key, char *arg,
				    struct argp_state *state)
{
	struct compare_options *o = state->input;
	double pct;
	char *end;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &o->report;
		return 0;
	case KEY_THRESHOLD:
		pct = strtod(arg, &end);
		if (end == arg || *end || !(pct >= 0 && pct <= 1000))
			return complain("compare: --threshold=%.40s: not a number of per cent from 0 to 1000",
					arg);
		o->threshold = pct / 100;
		return 0;
	case KEY_UNIT:
		if (unit_parse(arg, &o->unit) || o->unit == UNIT_TICKS)
			return complain("compare: no unit '%.40s' (cycles, ns)",
					arg);
		return 0;
	case KEY_ONLY_CHANGED:
		o->only_changed = true;
		return 0;
	case KEY_JSON:
		o->json = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_child compare_argp_children[] = {
	{ &test_report_argp, 0, NULL, 0 }, { 0 }
};

static const struct argp compare_argp = {
	compare_argp_options, parse_compare_option, "A[,A2...] B[,B2...]\nBASE[,BASE2...] SIDE[,SIDE2...] SIDE...",
	"Compare result file B with A, point by point, in cycles, or in ns if the files have no trustworthy cycles (see report). Several runs per side, taken in turns (A1 B1 A2 B2 ...), also show how much runs of the same code differ. Of three arguments and more, each but the first is compared with the first."
	"\v"
	"A point has changed if its ratio B/A, with all of its 95 % interval, is beyond the threshold, by more than the clock can resolve, and Mann and Whitney's test with Holm's correction over all points finds p < 0.05. Figures below the clock's resolution are subtracted instead (cy: cycles, or ns). A point is undecided if it was contended, has fewer than 6 quiet rounds, if its interval is too wide, or if the test does not confirm the change. With one run per side, all intervals describe rounds within a run; two runs can differ by more. With three or more runs in total, the interval is Student's, with the variance between the runs, and the p-value is that of its t-test; only three or more runs per side make the interval narrow.\n"
	"\n"
	"Counts ('pfbench count') have no interval: a count is the same or has changed. The table shows changed points only; a point that is in one file only has changed too.\n"
	"\n"
	"JSON: format (1), unit, a, b (as given), a_runs, b_runs, threshold, verdict, counts {same, changed, cannot_tell, only_a, only_b}, points [{name, kind (ratio or difference), value, lo, hi, a_cost, b_cost (in the unit), a_ns, b_ns, a_runs, b_runs, p, p_holm, verdict (same, changed, cannot tell), reason}]; unknown values and missing bounds are null.\n"
	"\n"
	"Three and more arguments: each side has a column, in per cent more than the base, with (I) for improved and (R) for regressed; sides that do not fit into 72 columns have another table below. Each file is checked first: schema, checksum (FILE.sha256) if there is one, commit of program and module, clock, and twins. A file with a fault is left out, and a line names the fault. Holm's correction is over all sides. JSON: format (1), unit, base, base_runs, threshold, tested, verdict, sides [{side, files, runs, verdict, counts, points [as above, and mark (I, R or empty)]}], left_out [texts].\n"
	"\n"
	"With --ktap or --lava a changed point is a failed test, an undecided point a skipped one.\n"
	"\n"
	"Exit status: 0 nothing changed; 1 something changed; 2 some points are undecided and none changed, no point is in both files, or bad input. Of three and more arguments, a file that is left out does not change the status, unless the base or every side is lost.\n"
	"\n"
	"Examples:\n"
	"  pfbench compare --threshold=5 before.json after.json\n"
	"  pfbench compare --only-changed a1.json,a2.json,a3.json b1.json,b2.json,b3.json\n"
	"  pfbench compare v6.17.json v6.18.json v6.19-rc1.json",
	compare_argp_children, NULL, NULL
};

static int print_test_report(struct test_report *report,
			     const struct comparison *c)
{
	compare_test_report(report, c);
	if (test_report_write(report, stdout))
		return complain("compare: standard output could not be written");
	return test_report_exit(report);
}

static int print_comparison(const struct comparison *c, bool json)
{
	enum verdict verdict = comparison_verdict(c);
	size_t n = c->count[CANNOT_TELL];

	if ((json ? compare_print_json : compare_print_text)(stdout, c))
		return complain("compare: out of memory, or standard output could not be written");
	if (cmd_flush("compare"))
		return EXIT_BAD;
	if (!c->nr)
		return complain("compare: no point is in both %s and %s",
				c->a.names, c->b.names);
	if (verdict == CANNOT_TELL)
		return complain("compare: %zu point%s undecided: measure longer, or on a quieter machine",
				n, n == 1 ? " is" : "s are");
	return verdict == CHANGED ? EXIT_NO : EXIT_DONE;
}

static int print_many(struct compare_many *m, struct compare_options *o)
{
	enum verdict verdict = compare_many_verdict(m);

	if (o->report.format != TEST_REPORT_NONE) {
		compare_many_test_report(&o->report, m);
		if (test_report_write(&o->report, stdout))
			return complain("compare: standard output could not be written");
		return test_report_exit(&o->report);
	}
	if ((o->json ? compare_many_json : compare_many_print)(stdout, m))
		return complain("compare: out of memory, or standard output could not be written");
	if (cmd_flush("compare"))
		return EXIT_BAD;
	if (verdict == CANNOT_TELL)
		return complain("compare: some points are undecided, or a side has no point of the base: measure longer, or on a quieter machine");
	return verdict == CHANGED ? EXIT_NO : EXIT_DONE;
}

static int compare_many(struct compare_options *o, int nr, char **names)
{
	struct compare_many m;
	struct errmsg msg = { "" };
	int ret;

	if (compare_many_open(&m, nr, names, o->threshold, o->unit, &msg))
		return complain("compare: %s", msg.text);
	m.only_changed = o->only_changed;
	ret = print_many(&m, o);
	test_report_free(&o->report);
	compare_many_close(&m);
	return ret;
}

static int compare_main(int argc, char **argv)
{
	struct compare_options o = { .threshold = 0.02 };
	struct comparison c;
	struct errmsg msg = { "" };
	int ret, first;

	ret = cmd_parse(&cmd_compare, argc, argv, &o, &first);
	if (ret)
		return ret;
	if (o.json && o.report.format != TEST_REPORT_NONE)
		return complain("compare: --json excludes --ktap and --lava");
	if (o.only_changed && o.report.format != TEST_REPORT_NONE)
		return complain("compare: --only-changed excludes --ktap and --lava, which report each point");
	if (argc - first > 2)
		return compare_many(&o, argc - first, argv + first);
	if (argc - first != 2)
		return complain("compare: two result files are needed, or two lists with commas (see 'pfbench compare --help')");
	if (comparison_open(&c, argv[first], argv[first + 1], o.threshold,
			    o.unit, &msg))
		return complain("compare: %s", msg.text);
	c.only_changed = o.only_changed;
	ret = o.report.format != TEST_REPORT_NONE ?
		print_test_report(&o.report, &c) : print_comparison(&c, o.json);
	test_report_free(&o.report);
	comparison_close(&c);
	return ret;
}

const struct cmd cmd_compare = {
	"compare", "find out what changed from one result to another",
	&compare_argp, compare_main,
};
