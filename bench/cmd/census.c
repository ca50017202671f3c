// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "census/pfn_walkers.h"
#include "census/diff.h"
#include "census/json.h"
#include "census/csv.h"
#include "census/print.h"
#include "cmd/cmd.h"
#include "lib/gnuplot.h"

static const char help[] =
"Usage: pfbench census [OPTION...] FILE...\n"
"       pfbench census --diff [OPTION...] OLD NEW\n"
"       pfbench census --pfn-walkers [OPTION...] FILE...\n"
"\n"
"Where compound_head() and the accessors that hide one are in compiled code, and\n"
"what they weigh: every inlined instance and every out-of-line copy that the\n"
"debug information tells of. FILEs are what a kernel build leaves behind, for\n"
"any architecture: vmlinux, *.o, *.ko, *.a, with debug information inside, or\n"
"beside it, or in /usr/lib/debug.\n"
"\n"
"      --by=LIST        tables, of accessor, chain, function, file, line (all)\n"
"      --top=N          so many rows a table, 0 for all (20)\n"
"      --name=GLOB      count functions of that name, too; may be given again\n"
"      --csv            all instances, one a line; of --diff all figures, of\n"
"                       --pfn-walkers all functions\n"
"      --json           all tables, whole; of --diff and --pfn-walkers, too\n"
"  -o, --output=DIR     write census.txt, census.csv, census.json and a plot of\n"
"                       the functions that carry most (gnuplot) into DIR\n"
"      --diff           what changed from OLD to NEW: look-ups, and text as\n"
"                       the kernel's bloat-o-meter tells it\n"
"      --pfn-walkers    functions that get a page from a pfn and hide a look-up:\n"
"                       where an audit would start\n"
"  -h, --help           this text\n"
"\n"
"A look-up is hidden if another accessor holds it. Bytes are an instance's own\n"
"(helpers that are no accessors counted in) or whole (with the accessors that\n"
"are inlined in it); no sum has a byte twice. What is a macro is not seen.\n"
"\n"
"Exit status: 0 done; 2 bad input, or no gnuplot for -o.\n"
"\n"
"Example: pfbench census /usr/lib/debug/boot/vmlinux-$(uname -r)\n"
"         pfbench census --diff mm/swap.o.before mm/swap.o\n";

#define MAX_NAMES 64

enum format { TEXT, CSV, JSON };

struct job {
	struct census_view view;
	const char *names[MAX_NAMES + 1];
	size_t nr_names;
	enum format format;
	const char *said;	/* directory to write to */
	bool diff, pfn_walkers, some_tables;
};

static int parse_by(struct job *job, char *list)
{
	char *save, *word = strtok_r(list, ",", &save);
	int by;

	if (!word)
		return complain("census: --by: of what? accessor, chain, function, file, line");
	job->some_tables = true;
	memset(job->view.by, 0, sizeof(job->view.by));
	for (; word; word = strtok_r(NULL, ",", &save)) {
		for (by = 0; by < CENSUS_NR_BY; by++)
			if (!strcmp(word, census_by_name[by]))
				break;
		if (by == CENSUS_NR_BY)
			return complain("census: --by=%s: accessor, chain, function, file, line",
					word);
		job->view.by[by] = true;
	}
	return EXIT_DONE;
}

static int parse_top(struct job *job, const char *text)
{
	char *end;
	unsigned long top;

	errno = 0;
	top = strtoul(text, &end, 10);
	if (*text < '0' || *text > '9' || *end || errno)
		return complain("census: --top=%s: not a number of rows", text);
	job->view.top = top;
	return EXIT_DONE;
}

static bool is_closed(const char *glob)
{
	const char *class;

	while ((glob = strchr(glob, '['))) {
		glob++;
		glob += *glob == '!' || *glob == '^';
		/* a bracket that comes first is one of the set */
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

static int parse_name(struct job *job, const char *glob)
{
	if (!*glob || !is_closed(glob))
		return complain("census: --name=%.60s: not a pattern of names",
				glob);
	if (job->nr_names == MAX_NAMES)
		return complain("census: more than %d names", MAX_NAMES);
	job->names[job->nr_names++] = glob;
	return EXIT_DONE;
}

static int parse_format(struct job *job, enum format format)
{
	if (job->format != TEXT && job->format != format)
		return complain("census: --csv or --json, not both");
	job->format = format;
	return EXIT_DONE;
}

static int parse_options(int argc, char **argv, struct job *job)
{
	static const struct option options[] = {
		{ "by", required_argument, NULL, 'b' },
		{ "top", required_argument, NULL, 't' },
		{ "name", required_argument, NULL, 'n' },
		{ "csv", no_argument, NULL, 'c' },
		{ "json", no_argument, NULL, 'j' },
		{ "output", required_argument, NULL, 'o' },
		{ "diff", no_argument, NULL, 'd' },
		{ "pfn-walkers", no_argument, NULL, 'p' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 }
	};
	int c, ret = EXIT_DONE;

	opterr = 0;
	while (!ret && (c = getopt_long(argc, argv, ":ho:", options,
					NULL)) != -1) {
		switch (c) {
		case 'b':
			ret = parse_by(job, optarg);
			break;
		case 't':
			ret = parse_top(job, optarg);
			break;
		case 'n':
			ret = parse_name(job, optarg);
			break;
		case 'c':
			ret = parse_format(job, CSV);
			break;
		case 'j':
			ret = parse_format(job, JSON);
			break;
		case 'o':
			job->said = optarg;
			break;
		case 'd':
			job->diff = true;
			break;
		case 'p':
			job->pfn_walkers = true;
			break;
		default:
			ret = complain_option(argc, argv, c);
		}
	}
	return ret;
}

static int read_all(struct job *job, struct census *c, int nr, char **path)
{
	bool progress = isatty(STDERR_FILENO) && nr > 1;
	struct errmsg msg = { "" };
	int ret = EXIT_DONE;

	c->extra = job->names;
	c->notes = job->pfn_walkers;
	for (int i = 0; i < nr && !ret; i++) {
		if (progress)
			fprintf(stderr, "\r\033[K[%d/%d] %.60s", i + 1, nr,
				census_basename(path[i]));
		if (census_read(c, path[i], &msg))
			ret = EXIT_BAD;
	}
	if (progress)
		fputs("\r\033[K", stderr);
	return ret ? complain("census: %s", msg.text) : EXIT_DONE;
}

static int write_text(FILE *f, const void *arg)
{
	int err = census_print(f, arg);

	return err ? err : census_print_bars(f, arg);
}

static int write_csv(FILE *f, const void *arg)
{
	return census_write_csv(f, arg);
}

static int write_json(FILE *f, const void *arg)
{
	return census_write_json(f, arg);
}

static int write_data(FILE *f, const void *arg)
{
	return census_write_data(f, arg);
}

static int draw(const struct job *job)
{
	static const struct gnuplot_file files[] = {
		{ "txt", write_text }, { "csv", write_csv },
		{ "json", write_json }, { "dat", write_data }, { 0 }
	};
	bool any = census_total(job->view.census).lookup_bytes;
	struct errmsg msg;

	if (gnuplot_output("census", job->said, files, &job->view, any, &msg))
		return complain("census: %s", msg.text);
	return EXIT_DONE;
}

/* @err: of what was written to standard output */
static int shown(int err)
{
	if (!err && fflush(stdout))
		err = -EIO;
	return err ? complain("census: %s", err == -ENOMEM ? "out of memory" :
			      "writing failed") : EXIT_DONE;
}

static int walkers(const struct job *job, const struct census *c)
{
	struct census_walkers all;
	int err = census_walkers(&all, c);

	if (err)
		return shown(err);
	if (job->format == CSV)
		err = census_write_walkers_csv(stdout, &all);
	else if (job->format == JSON)
		err = census_write_walkers_json(stdout, &all);
	else
		err = census_print_walkers(stdout, &all, job->view.top);
	census_walkers_free(&all);
	return shown(err);
}

/* One way or another; with what was read, to standard output or a directory. */
static int show(const struct job *job, const struct census *c)
{
	if (job->said)
		return draw(job);
	if (job->pfn_walkers)
		return walkers(job, c);
	if (job->format == CSV)
		return shown(census_write_csv(stdout, &job->view));
	if (job->format == JSON)
		return shown(census_write_json(stdout, &job->view));
	return shown(census_print(stdout, &job->view));
}

static int write_diff(const struct job *job, const struct census_diff *d)
{
	if (job->format == CSV)
		return census_write_diff_csv(stdout, d);
	if (job->format == JSON)
		return census_write_diff_json(stdout, d);
	return census_print_diff(stdout, d, job->view.top);
}

static int diff(struct job *job, char **path)
{
	struct census old = { 0 }, new = { 0 };
	struct census_diff d = { 0 };
	struct errmsg msg = { "" };
	int ret = read_all(job, &old, 1, path);

	if (!ret)
		ret = read_all(job, &new, 1, path + 1);
	if (!ret && census_diff(&d, &old, &new, &msg))
		ret = complain("census: %s", msg.text);
	if (!ret)
		ret = shown(write_diff(job, &d));
	census_diff_free(&d);
	census_free(&old);
	census_free(&new);
	return ret;
}

static int census_main(int argc, char **argv)
{
	struct job job = { .view = { .top = 20 } };
	struct census c = { 0 };
	int ret;

	if (wants_help(argc, argv)) {
		fputs(help, stdout);
		return EXIT_DONE;
	}
	memset(job.view.by, true, sizeof(job.view.by));
	job.view.census = &c;
	ret = parse_options(argc, argv, &job);
	if (ret)
		return ret;
	if (job.diff && job.pfn_walkers)
		return complain("census: --diff or --pfn-walkers, not both");
	if (job.said && (job.diff || job.pfn_walkers || job.format != TEXT))
		return complain("census: -o: not with --diff, --pfn-walkers, --csv or --json");
	if (job.some_tables && (job.diff || job.pfn_walkers ||
				job.format != TEXT))
		return complain("census: --by: --diff, --pfn-walkers, --csv and --json have no such tables");
	if (job.diff && argc - optind != 2)
		return complain("census: --diff takes two files, OLD and NEW");
	if (optind == argc)
		return complain("census: which files? (see 'pfbench census --help')");
	if (job.diff)
		return diff(&job, argv + optind);
	ret = read_all(&job, &c, argc - optind, argv + optind);
	if (!ret)
		ret = show(&job, &c);
	census_free(&c);
	return ret;
}

const struct cmd cmd_census = {
	"census", "where the accessors are in a kernel, and what they weigh", &(const struct argp){ 0 },
	census_main,
};
