// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "census/csv.h"
#include "census/json.h"
#include "census/print.h"
#include "cmd/choose.h"
#include "cmd/cmd.h"
#include "cmd/verbosity.h"
#include "lib/gnuplot.h"
#include "lib/progress.h"

#define MAX_NAMES 64

enum census_format { CENSUS_TEXT, CENSUS_CSV, CENSUS_JSON };

struct census_options {
	struct census_view view;
	const char *names[MAX_NAMES + 1];
	size_t nr_names;
	enum census_format format;
	const char *dir;	/* --output */
	bool diff, pfn_walkers, some_tables, ranges;
};

static const char *table_name(int by)
{
	return census_by_name[by];
}

static int parse_census_tables(struct census_options *o, char *list)
{
	o->some_tables = true;
	memset(o->view.by, 0, sizeof(o->view.by));
	return choose_names("census", "table", "census --help", list,
			    table_name, CENSUS_NR_BY, o->view.by);
}

static int parse_census_top(struct census_options *o, const char *text)
{
	char *end;
	unsigned long top;

	errno = 0;
	top = strtoul(text, &end, 10);
	if (*text < '0' || *text > '9' || *end || errno)
		return complain("census: --top=%s: not a number of rows", text);
	o->view.top = top;
	return EXIT_DONE;
}

static bool is_closed(const char *glob)
{
	const char *class;

	while ((glob = strchr(glob, '['))) {
		glob++;
		glob += *glob == '!' || *glob == '^';
		/* a bracket that comes first belongs to the set */
		for (glob += *glob == ']'; *glob != ']'; glob++) {
			if (!*glob)
				return false;
			class = strncmp(glob, "[:", 2) ? NULL :
				strstr(glob + 2, ":]");
			if (class)
				glob = class + 1;
		}
	}
	return true;
}

static int parse_census_name(struct census_options *o, const char *glob)
{
	if (!*glob || !is_closed(glob))
		return complain("census: --name=%.60s: not a pattern of names",
				glob);
	if (o->nr_names == MAX_NAMES)
		return complain("census: more than %d names", MAX_NAMES);
	o->names[o->nr_names++] = glob;
	return EXIT_DONE;
}

static int set_census_format(struct census_options *o,
			     enum census_format format)
{
	if (o->format != CENSUS_TEXT && o->format != format)
		return complain("census: --csv or --json, not both");
	o->format = format;
	return EXIT_DONE;
}

static int census_read_files(struct census_options *o, struct census *c,
			     int nr, char **path)
{
	struct progress progress;
	struct errmsg msg = { "" };
	int ret = EXIT_DONE;

	c->extra = o->names;
	c->notes = o->pfn_walkers;
	c->ranges = o->ranges;
	progress_open(&progress, cmd_quiet || nr == 1);
	for (int i = 0; i < nr && !ret; i++) {
		progress_show(&progress, i, nr, census_basename(path[i]));
		if (census_read(c, path[i], &msg))
			ret = EXIT_BAD;
	}
	progress_clear(&progress);
	return ret ? complain("census: %s", msg.text) : EXIT_DONE;
}

static int write_census_text(FILE *f, const void *arg)
{
	int err = census_print(f, arg);

	return err ? err : census_print_bars(f, arg);
}

static int write_census_csv(FILE *f, const void *arg)
{
	return census_write_csv(f, arg);
}

static int write_census_json(FILE *f, const void *arg)
{
	return census_write_json(f, arg);
}

static int write_census_data(FILE *f, const void *arg)
{
	return census_write_data(f, arg);
}

static int write_census_directory(const struct census_options *o)
{
	static const struct gnuplot_file files[] = {
		{ "txt", write_census_text }, { "csv", write_census_csv },
		{ "json", write_census_json }, { "dat", write_census_data }, { 0 }
	};
	bool any = census_total(o->view.census).lookup_bytes;
	struct errmsg msg;

	if (gnuplot_output("census", o->dir, files, &o->view, any, &msg))
		return complain("census: %s", msg.text);
	return EXIT_DONE;
}

/* @err: of the writer, which returns -EIO if stdout could not be written */
static int census_written(int err)
{
	if (err == -ENOMEM)
		return complain("census: out of memory");
	return cmd_flush("census");
}

static int show_walkers(const struct census_options *o, const struct census *c)
{
	struct census_walkers all;
	int err = census_walkers(&all, c);

	if (err)
		return census_written(err);
	if (o->format == CENSUS_CSV)
		err = census_write_walkers_csv(stdout, &all);
	else if (o->format == CENSUS_JSON)
		err = census_write_walkers_json(stdout, &all);
	else
		err = census_print_walkers(stdout, &all, o->view.top);
	census_walkers_free(&all);
	return census_written(err);
}

/* Show what was read on standard output, or write it to a directory. */
static int show_census(const struct census_options *o, const struct census *c)
{
	if (o->dir)
		return write_census_directory(o);
	if (o->pfn_walkers)
		return show_walkers(o, c);
	if (o->format == CENSUS_CSV)
		return census_written(census_write_csv(stdout, &o->view));
	if (o->format == CENSUS_JSON)
		return census_written(census_write_json(stdout, &o->view));
	return census_written(census_print(stdout, &o->view));
}

static int print_census_diff(const struct census_options *o,
			     const struct census_diff *d)
{
	if (o->format == CENSUS_CSV)
		return census_write_diff_csv(stdout, d);
	if (o->format == CENSUS_JSON)
		return census_write_diff_json(stdout, d);
	return census_print_diff(stdout, d, o->view.top);
}

static int show_diff(struct census_options *o, char **path)
{
	struct census old = { 0 }, new = { 0 };
	struct census_diff d = { 0 };
	struct errmsg msg = { "" };
	int ret = census_read_files(o, &old, 1, path);

	if (!ret)
		ret = census_read_files(o, &new, 1, path + 1);
	if (!ret && census_diff(&d, &old, &new, &msg))
		ret = complain("census: %s", msg.text);
	if (!ret)
		ret = census_written(print_census_diff(o, &d));
	census_diff_free(&d);
	census_free(&old);
	census_free(&new);
	return ret;
}

enum { KEY_BY = 1, KEY_TOP, KEY_NAME, KEY_CSV, KEY_JSON, KEY_DIFF,
       KEY_PFN_WALKERS, KEY_RANGES };

static const struct argp_option census_argp_options[] = {
	{ "by", KEY_BY, "LIST", 0,
	  "tables to print: accessor, chain, function, file, line (all)" },
	{ "top", KEY_TOP, "N", 0, "rows per table, 0 for all (20)" },
	{ "name", KEY_NAME, "GLOB", 0,
	  "count functions of that name, too; may be given again" },
	{ "csv", KEY_CSV, NULL, 0,
	  "every instance, one per line; with --diff every figure, with --pfn-walkers every function" },
	{ "ranges", KEY_RANGES, NULL, 0,
	  "with --csv: all address ranges of each instance, in one more field" },
	{ "json", KEY_JSON, NULL, 0,
	  "all tables with all rows; also with --diff and --pfn-walkers" },
	{ "output", 'o', "DIR", 0,
	  "write census.txt, census.csv, census.json and a plot of the functions with most bytes (gnuplot) into DIR" },
	{ "diff", KEY_DIFF, NULL, 0,
	  "report the change from OLD to NEW: look-ups, and code size in the format of the kernel's bloat-o-meter" },
	{ "pfn-walkers", KEY_PFN_WALKERS, NULL, 0,
	  "functions that get a page from a pfn and hide a look-up: a starting list for an audit" },
	{ 0 }
};

static error_t parse_census_option(int key, char *arg, struct argp_state *state)
{
	struct census_options *o = state->input;

	switch (key) {
	case KEY_BY:
		return parse_census_tables(o, arg);
	case KEY_TOP:
		return parse_census_top(o, arg);
	case KEY_NAME:
		return parse_census_name(o, arg);
	case KEY_CSV:
		return set_census_format(o, CENSUS_CSV);
	case KEY_JSON:
		return set_census_format(o, CENSUS_JSON);
	case KEY_RANGES:
		o->ranges = true;
		return 0;
	case 'o':
		o->dir = arg;
		return 0;
	case KEY_DIFF:
		o->diff = true;
		return 0;
	case KEY_PFN_WALKERS:
		o->pfn_walkers = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_child census_argp_children[] = {
	{ &verbosity_argp, 0, NULL, 0 }, { 0 }
};

static const struct argp census_argp = {
	census_argp_options, parse_census_option,
	"FILE...\n--diff OLD NEW\n--pfn-walkers FILE...",
	"Find compound_head() and the accessors that hide one in compiled code, and count their bytes: every inlined instance and every out-of-line copy in the debug information. FILEs come from a kernel build for any architecture: vmlinux, *.o, *.ko, *.a, with debug information inside, in a separate file, or in /usr/lib/debug."
	"\v"
	"A look-up is hidden if it is part of another accessor. An instance's own bytes include those of helpers that are no accessors; its whole bytes include those of the accessors inlined in it. No sum counts a byte twice. Macros do not appear in debug information and are not counted.\n"
	"\n"
	"Exit status: 0 done; 2 bad input, or no gnuplot for -o.\n"
	"\n"
	"Examples:\n"
	"  pfbench census /usr/lib/debug/boot/vmlinux-$(uname -r)\n"
	"  pfbench census --diff mm/swap.o.before mm/swap.o",
	census_argp_children, NULL, NULL
};

static int check_census_options(const struct census_options *o, int nr_files)
{
	bool other = o->diff || o->pfn_walkers || o->format != CENSUS_TEXT;

	if (o->diff && o->pfn_walkers)
		return complain("census: --diff or --pfn-walkers, not both");
	if (o->ranges && (o->format != CENSUS_CSV || o->diff || o->pfn_walkers))
		return complain("census: --ranges: is a field of --csv: add --csv, drop --diff and --pfn-walkers");
	if (o->dir && other)
		return complain("census: -o: not with --diff, --pfn-walkers, --csv or --json");
	if (o->some_tables && other)
		return complain("census: --by: --diff, --pfn-walkers, --csv and --json have no such tables");
	if (o->diff && nr_files != 2)
		return complain("census: --diff takes two files, OLD and NEW");
	if (!nr_files)
		return complain("census: no FILE is given (see 'pfbench census --help')");
	return EXIT_DONE;
}

static int census_main(int argc, char **argv)
{
	struct census_options o = { .view = { .top = 20 } };
	struct census c = { 0 };
	int ret, first;

	memset(o.view.by, true, sizeof(o.view.by));
	o.view.census = &c;
	ret = cmd_parse(&cmd_census, argc, argv, &o, &first);
	if (!ret)
		ret = check_census_options(&o, argc - first);
	if (ret)
		return ret;
	if (o.diff)
		return show_diff(&o, argv + first);
	ret = census_read_files(&o, &c, argc - first, argv + first);
	if (!ret)
		ret = show_census(&o, &c);
	census_free(&c);
	return ret;
}

const struct cmd cmd_census = {
	"census", "find the accessors in a kernel and count their bytes",
	&census_argp, census_main,
};
