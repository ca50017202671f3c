// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "cmd/test_report_options.h"
#include "lib/atomic_file.h"
#include "report/csv.h"
#include "report/kcidb.h"
#include "report/test_report.h"

struct export_options {
	struct test_report report;	/* --ktap, --lava */
	bool kcidb, csv;
	const char *origin;
	const char *out;		/* NULL: standard output */
};

enum { KEY_KCIDB = 1, KEY_ORIGIN, KEY_OUT, KEY_CSV };

static const struct argp_option export_argp_options[] = {
	{ "out", KEY_OUT, "FILE", 0, "write FILE instead of standard output; none of the files that are read",
	  1 },
	{ "csv", KEY_CSV, NULL, 0,
	  "print comma-separated values (RFC 4180), a row per point", 1 },
	{ "kcidb", KEY_KCIDB, NULL, 0,
	  "print JSON for KernelCI's database, I/O schema 5.3: a test per point",
	  3 },
	{ "origin", KEY_ORIGIN, "NAME", 0,
	  "with --kcidb: who submits, in a-z, 0-9 and _ (pfbench)", 3 },
	{ 0 }
};

static error_t parse_export_option(int key, char *arg, struct argp_state *state)
{
	struct export_options *o = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &o->report;
		break;
	case KEY_KCIDB:
		o->kcidb = true;
		break;
	case KEY_CSV:
		o->csv = true;
		break;
	case KEY_ORIGIN:
		o->origin = arg;
		break;
	case KEY_OUT:
		o->out = arg;
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp_child export_children[] = {
	{ &test_report_argp, 0, NULL, 0 }, { 0 }
};

static const struct argp export_argp = {
	export_argp_options, parse_export_option, "RESULT...",
	"Convert result files into comma-separated values, or into what the test programs of kernel labs read: one of --csv, --ktap, --lava and --kcidb."
	"\v"
	"KTAP has a test per file, in it a subtest per accessor, in that a case per point. LAVA has a test case per point, and a test set per file if there is more than one file.\n"
	"\n"
	"A point passes if it was measured. A point is skipped, with the reason, if it was contended, or has no interval although its rounds were judged. The remaining points of an interrupted run are skipped as one case.\n"
	"\n"
	"Figures are nanoseconds, or instructions if the clock counts instructions. The 95 % interval follows in parentheses; the interval of a count is the resolution of the clock.\n"
	"\n"
	"Exit status: 0 done; 2 bad input. With --ktap and --lava that of kselftest: 0 if a point was measured, 4 if none was.\n"
	"\n"
	"Example: pfbench export --kcidb --origin=mylab results/*.json >k.json",
	export_children, NULL, NULL
};

/* Would writing @out replace @input? */
static bool is_same_file(const char *out, const char *input)
{
	struct stat a, b;

	if (stat(out, &a) || !S_ISREG(a.st_mode))
		return false;
	if (strcmp(input, "-") ? stat(input, &b) : fstat(STDIN_FILENO, &b))
		return false;
	return a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

static int check_out(struct export_options *o, size_t nr, char **paths)
{
	if (!o->out)
		return EXIT_DONE;
	if (!*o->out)
		return complain("export: --out needs the name of a file");
	if (!strcmp(o->out, "-"))
		o->out = NULL;
	for (size_t i = 0; o->out && i < nr; i++)
		if (is_same_file(o->out, paths[i]))
			return complain("export: --out=%.200s is one of the files to export, which would be lost: give another name",
					o->out);
	return EXIT_DONE;
}

static int check_export_options(const struct export_options *o, bool any_file)
{
	if (o->kcidb + o->csv + (o->report.format != TEST_REPORT_NONE) != 1)
		return complain("export: give one of --csv, --ktap, --lava and --kcidb");
	if (o->origin && !o->kcidb)
		return complain("export: --origin goes with --kcidb");
	if (o->origin && !kcidb_word_valid(o->origin))
		return complain("export: --origin=%.40s: only a-z, 0-9 and _ are allowed",
				o->origin);
	if (!any_file)
		return complain("export: no result file was given (see 'pfbench export --help')");
	return EXIT_DONE;
}

static int load_results(struct result *results, struct export_options *o,
			char **paths, size_t nr, struct errmsg *msg)
{
	struct test_report *report = &o->report;
	int err;

	for (size_t i = 0; i < nr; i++) {
		err = result_load(paths[i], &results[i], msg);
		if (err)
			return err;
		/* the ids of kcidb are a hash of the whole file */
		if (!o->kcidb)
			result_drop_samples(&results[i]);
		test_report_add_result(report, &results[i]);
		/* the file does not have the number of missing points */
		if (results[i].partial)
			test_report_skip(report, "rest",
					 "partial: the run was cut short");
	}
	if (report->lost)
		return errmsg_set(msg, -ENOMEM, "out of memory");
	return 0;
}

static int write_report(FILE *f, const void *report)
{
	return test_report_write(report, f);
}

static int write_export(const struct export_options *o,
			const struct result *results, size_t nr,
			struct errmsg *msg)
{
	struct kcidb kcidb = { results, &o->report, o->origin ?: "pfbench" };
	struct csv csv = { results, nr };
	int (*write)(FILE *f, const void *arg) = o->csv ? csv_write :
		o->kcidb ? kcidb_write : write_report;
	const void *arg = o->csv ? &csv :
		o->kcidb ? &kcidb : (const void *)&o->report;

	if (o->out)
		return write_file_atomic(o->out, write, arg, msg);
	if (write(stdout, arg) || fflush(stdout))
		return errmsg_set(msg, -EIO,
				  "standard output could not be written");
	return 0;
}

static int export_main(int argc, char **argv)
{
	struct export_options o = { .kcidb = false };
	struct result *results;
	struct errmsg msg = { "" };
	int ret, first;
	size_t nr;

	ret = cmd_parse(&cmd_export, argc, argv, &o, &first);
	if (!ret)
		ret = check_export_options(&o, first < argc);
	if (!ret)
		ret = check_out(&o, argc - first, argv + first);
	if (ret)
		return ret;
	nr = argc - first;
	results = calloc(nr, sizeof(*results));
	if (!results)
		return complain("export: out of memory");
	if (load_results(results, &o, argv + first, nr, &msg) ||
	    write_export(&o, results, nr, &msg))
		ret = complain("export: %s", msg.text);
	else if (o.report.format != TEST_REPORT_NONE)
		ret = test_report_exit(&o.report);
	for (size_t i = 0; i < o.report.nr; i++)
		result_free(&results[i]);
	free(results);
	test_report_free(&o.report);
	return ret;
}

const struct cmd cmd_export = {
	"export", "result files as CSV, or in the formats of kernel labs", &export_argp,
	export_main,
};
