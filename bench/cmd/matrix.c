// SPDX-License-Identifier: GPL-2.0
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/cmd.h"
#include "lib/gnuplot.h"
#include "report/matrix.h"
#include "report/format.h"

static const char help[] =
"Usage: pfbench matrix [OPTION...] FILE...\n"
"\n"
"Architectures across, generations down, one accessor after the other: what\n"
"many files tell of it, as tables for a mail (72 columns) and as a heat map.\n"
"FILEs are results, counts and code tables, of guests and of real machines, in\n"
"any mixture. Each is a column; a code table stands in the columns that its\n"
"compiler made for its architecture, where there are any.\n"
"\n"
"  -o, --output=DIR       write matrix.txt, matrix.svg, matrix.png (gnuplot) and\n"
"                         matrix.dat, which a person can read too, into DIR\n"
"      --accessor=NAME    of this accessor, may be given again; 'all' for all\n"
"                         (PageLocked, SetPageDirty, PageUptodate,\n"
"                         compound_head)\n"
"      --metric=LIST      of instructions, branches, selects, barriers, ns,\n"
"                         cycles (the first four of them);\n"
"                         the heat map is of the first\n"
"      --population=LIST  of small, head, tail (small,tail)\n"
"      --form=FORM        throughput (the default), cond (the result decides a\n"
"                         branch) or latency\n"
"  -h, --help             this text\n"
"\n"
"Instructions are those that a run counted, be it by its clock (run --icount,\n"
"count) or by a counter. Branches, selects and barriers are those on the path\n"
"through the code ('pfbench codegen --out' writes it); of a run without such\n"
"code, branches are by their counter, with jumps.\n"
"In the tables b is a branch, s a select, m a barrier: 6s/7b is 6 instructions,\n"
"a select among them, for the first population and 7, a branch among them, for\n"
"the second.\n"
"\n"
"Exit status: 0 done; 2 bad input, nothing to show, or no gnuplot for -o.\n"
"\n"
"Example: pfbench matrix results/qemu-*/counts-user.txt results/code-*/gcc-14.txt\n"
"         pfbench matrix --metric=ns,cycles results/*/*.json -o plots\n";

static int write_text(FILE *f, const void *arg)
{
	return matrix_print(f, arg) || ferror(f);
}

static int write_data(FILE *f, const void *arg)
{
	matrix_write(f, arg);
	return ferror(f);
}

static int draw(const struct matrix *m, const char *said)
{
	static const struct gnuplot_file files[] = {
		{ "dat", write_data }, { "txt", write_text }, { 0 }
	};
	struct errmsg msg;

	if (gnuplot_output("matrix", said, files, m, true, &msg))
		return complain("matrix: %s", msg.text);
	return EXIT_DONE;
}

static bool parse_metric(void *arg, const char *word)
{
	struct matrix_request *ask = arg;
	int metric;
	size_t i;

	for (metric = 0; metric < MATRIX_NR_METRICS; metric++)
		if (!strcmp(word, matrix_metric_name(metric)))
			break;
	for (i = 0; i < ask->nr_metrics; i++)
		if ((int)ask->metric[i] == metric)
			return false;
	if (metric == MATRIX_NR_METRICS)
		return false;
	ask->metric[ask->nr_metrics++] = metric;
	return true;
}

static bool parse_population(void *arg, const char *word)
{
	struct matrix_request *ask = arg;
	int pop;
	size_t i;

	for (pop = 0; pop < PF_MIXED; pop++)
		if (!strcmp(word, matrix_population_name(pop)))
			break;
	for (i = 0; i < ask->nr_populations; i++)
		if ((int)ask->population[i] == pop)
			return false;
	if (pop == PF_MIXED)
		return false;
	ask->population[ask->nr_populations++] = pop;
	return true;
}

static int parse_accessor(struct matrix_request *ask, const char *name)
{
	enum pf_accessor accessor;

	if (!strcmp(name, "all")) {
		ask->every_accessor = true;
		return EXIT_DONE;
	}
	if (point_parse_accessor(name, &accessor))
		return complain("matrix: no accessor '%s' (see 'pfbench list --all')",
				name);
	for (size_t i = 0; i < ask->nr_accessors; i++)
		if (ask->accessor[i] == accessor)
			return EXIT_DONE;
	ask->accessor[ask->nr_accessors++] = accessor;
	return EXIT_DONE;
}

static int parse_form(struct matrix_request *ask, const char *name)
{
	static const char *const names[PF_NR_FORMS] = {
		[PF_THROUGHPUT] = "throughput", [PF_THROUGHPUT_COND] = "cond",
		[PF_LATENCY] = "latency",
	};

	for (int form = 0; form < PF_NR_FORMS; form++) {
		if (!strcmp(name, names[form])) {
			ask->form = form;
			return EXIT_DONE;
		}
	}
	return complain("matrix: no form '%s' (throughput, cond, latency)",
			name);
}

static int parse_options(int argc, char **argv, struct matrix_request *ask,
			 const char **said)
{
	static const struct option options[] = {
		{ "output", required_argument, NULL, 'o' },
		{ "accessor", required_argument, NULL, 'a' },
		{ "metric", required_argument, NULL, 'm' },
		{ "population", required_argument, NULL, 'p' },
		{ "form", required_argument, NULL, 'f' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 }
	};
	int c, ret = EXIT_DONE;

	opterr = 0;
	while (!ret && (c = getopt_long(argc, argv, ":ho:", options,
					NULL)) != -1) {
		switch (c) {
		case 'o':
			*said = optarg;
			break;
		case 'a':
			ret = parse_accessor(ask, optarg);
			break;
		case 'm':
			ask->nr_metrics = 0;
			ret = cmd_words("matrix", "metric", optarg,
					  parse_metric, ask);
			break;
		case 'p':
			ask->nr_populations = 0;
			ret = cmd_words("matrix", "population", optarg,
					  parse_population, ask);
			break;
		case 'f':
			ret = parse_form(ask, optarg);
			break;
		default:
			ret = complain_option(argc, argv, c);
		}
	}
	return ret;
}

static int matrix_main(int argc, char **argv)
{
	struct matrix_request ask = {
		.population = { PF_SMALL, PF_TAILS }, .nr_populations = 2,
		.metric = { MATRIX_INSTRUCTIONS, MATRIX_BRANCHES,
			    MATRIX_SELECTS, MATRIX_BARRIERS },
		.nr_metrics = 4, .form = PF_THROUGHPUT,
	};
	struct errmsg msg = { "" };
	const char *said = NULL;
	struct matrix m;
	int ret;

	if (wants_help(argc, argv)) {
		fputs(help, stdout);
		return EXIT_DONE;
	}
	ret = parse_options(argc, argv, &ask, &said);
	if (ret)
		return ret;
	if (optind == argc)
		return complain("matrix: which files? (see 'pfbench matrix --help')");
	if (matrix_load(&m, &ask, argc - optind, argv + optind, &msg))
		ret = complain("matrix: %s", msg.text);
	else if (said)
		ret = draw(&m, said);
	else if (matrix_print(stdout, &m) || fflush(stdout))
		ret = complain("matrix: writing failed");
	matrix_free(&m);
	return ret;
}

const struct cmd cmd_matrix = {
	"matrix", "architectures and generations side by side", &(const struct argp){ 0 },
	matrix_main,
};
