// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cmd/choose.h"
#include "cmd/cmd.h"
#include "cmd/matrix_files.h"
#include "cmd/matrix_machines.h"
#include "lib/gnuplot.h"
#include "report/matrix.h"

struct matrix_options {
	struct matrix_request request;
	const char *directory;		/* NULL: print to standard output */
	bool json;
	struct matrix_machines machines;
};

enum {
	KEY_ACCESSOR = 1, KEY_METRIC, KEY_POPULATION, KEY_FORM, KEY_ARCH,
	KEY_KERNELS, KEY_JSON, KEY_MACHINES, KEY_COMMITS, KEY_THRESHOLD,
};

static const struct argp_option matrix_argp_options[] = {
	{ "output", 'o', "DIR", 0,
	  "write matrix.txt and, for each accessor NAME, matrix-NAME.svg, matrix-NAME.png (gnuplot) and their data matrix-NAME.dat into DIR",
	  1 },
	{ "json", KEY_JSON, NULL, 0, "print JSON instead of tables", 1 },
	{ "machines", KEY_MACHINES, "ORDER", OPTION_ARG_OPTIONAL,
	  "FILEs, or all results of directories, are a collection of machines: checked, grouped by microarchitecture, down (the default) or across, with conclusions (see below)",
	  1 },
	{ "threshold", KEY_THRESHOLD, "PCT", 0,
	  "with --machines: differences up to PCT per cent do not matter (default 2)",
	  2 },
	{ "commits", KEY_COMMITS, "WHICH", 0,
	  "with --machines: one (the default): only results of the commit that most have; or any",
	  2 },
	{ "accessor", KEY_ACCESSOR, "NAME", 0,
	  "show this accessor; may be given again; 'all' for all (PageLocked, SetPageDirty, PageUptodate, compound_head)",
	  2 },
	{ "arch", KEY_ARCH, "LIST", 0,
	  "of x86-64, arm64, riscv64, ppc64le, s390x (all that FILEs have)", 2 },
	{ "kernels", KEY_KERNELS, "WHICH", 0,
	  "newest (the default): of guests that differ in their kernel only, if there is more than one architecture; or all",
	  2 },
	{ "metric", KEY_METRIC, "LIST", 0,
	  "of instructions, branches, selects, barriers, ns, cycles (the first four); the heat map shows the first of LIST",
	  2 },
	{ "population", KEY_POPULATION, "LIST", 0,
	  "of small, head, tail (small,tail)", 2 },
	{ "form", KEY_FORM, "FORM", 0,
	  "throughput (the default), cond (the result decides a branch) or latency",
	  2 },
	{ 0 }
};

static bool add_metric(void *arg, const char *word)
{
	struct matrix_request *request = arg;
	enum matrix_metric metric = 0;

	while (metric < MATRIX_NR_METRICS &&
	       strcmp(word, matrix_metric_name(metric)))
		metric++;
	for (size_t i = 0; i < request->nr_metrics; i++)
		if (request->metric[i] == metric)
			return false;
	if (metric == MATRIX_NR_METRICS)
		return false;
	request->metric[request->nr_metrics++] = metric;
	return true;
}

static bool add_population(void *arg, const char *word)
{
	struct matrix_request *request = arg;
	enum pf_population pop = 0;

	while (pop < PF_MIXED && strcmp(word, population_kind_name(pop)))
		pop++;
	for (size_t i = 0; i < request->nr_populations; i++)
		if (request->population[i] == pop)
			return false;
	if (pop == PF_MIXED)
		return false;
	request->population[request->nr_populations++] = pop;
	return true;
}

static bool add_arch(void *arg, const char *word)
{
	struct matrix_request *request = arg;
	const struct code_arch *arch = code_arch_find(word);

	for (size_t i = 0; i < request->nr_archs; i++)
		if (request->arch[i] == arch)
			return false;
	if (!arch)
		return false;
	request->arch[request->nr_archs++] = arch;
	return true;
}

static int set_kernels(struct matrix_request *request, const char *which)
{
	request->every_kernel = !strcmp(which, "all");
	if (request->every_kernel || !strcmp(which, "newest"))
		return EXIT_DONE;
	return complain("matrix: no kernels '%s' (newest, all)", which);
}

static int add_accessor(struct matrix_request *request, const char *name)
{
	enum pf_accessor accessor;

	if (!strcmp(name, "all")) {
		request->every_accessor = true;
		return EXIT_DONE;
	}
	if (choose_accessor("matrix", name, &accessor))
		return EXIT_BAD;
	for (size_t i = 0; i < request->nr_accessors; i++)
		if (request->accessor[i] == accessor)
			return EXIT_DONE;
	request->accessor[request->nr_accessors++] = accessor;
	return EXIT_DONE;
}

static error_t parse_matrix_option(int key, char *arg, struct argp_state *state)
{
	struct matrix_options *o = state->input;
	struct matrix_request *request = &o->request;

	switch (key) {
	case 'o':
		o->directory = arg;
		return 0;
	case KEY_JSON:
		o->json = true;
		return 0;
	case KEY_ACCESSOR:
		return add_accessor(request, arg);
	case KEY_METRIC:
		o->machines.metric = true;
		request->nr_metrics = 0;
		return cmd_words("matrix", "metric", arg, add_metric, request);
	case KEY_POPULATION:
		request->nr_populations = 0;
		return cmd_words("matrix", "population", arg, add_population,
				 request);
	case KEY_ARCH:
		request->nr_archs = 0;
		return cmd_words("matrix", "arch", arg, add_arch, request);
	case KEY_KERNELS:
		return set_kernels(request, arg);
	case KEY_MACHINES:
		return matrix_machines_order(&o->machines, arg);
	case KEY_COMMITS:
		return matrix_machines_commits(&o->machines, arg);
	case KEY_THRESHOLD:
		return matrix_machines_threshold(&o->machines, arg);
	case KEY_FORM:
		return choose_form("matrix", arg, &request->form);
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp matrix_argp = {
	matrix_argp_options, parse_matrix_option, "FILE...\n--machines[=ORDER] FILE|DIR...",
	"Compare architectures and generations: a table for mail (72 columns) and a heat map per accessor, as wide as a page, with a column per file and a row per generation."
	"\v"
	"FILEs are results, counts and code tables, of guests and of real machines. Each FILE is a column; a code table joins the columns of its architecture and compiler if there are any.\n"
	"\n"
	"Instructions are those that a run counted: by its clock (run --icount, count) or by a hardware counter. Branches, selects and barriers are those on the path through the code ('pfbench codegen --out' writes it). For a run without such code, branches are those of the hardware counter, which counts jumps too.\n"
	"\n"
	"In the tables b is a branch, s a select, m a barrier: 6s/7b is 6 instructions with a select for the first population, and 7 instructions with a branch for the second.\n"
	"\n"
	"With --machines, each result is a machine: of a host, CPU model, kernel and backend the newest run. Each file is checked as 'pfbench compare' checks several sides; a file with a fault, of another commit than most, or without the requested points costs its own row, and a line names the reason. The unit is that of each machine, or that of --metric=ns or --metric=cycles. Conclusions ask on how many machines one generation costs less than another: the mask and each other one, each one and the next, and a forced select and branch. A machine answers if the whole 95 % interval of the difference is beyond the threshold. Machines that counted instructions answer apart. With -o the files are machines.txt, the heat maps machines-NAME.svg, .png and .dat, and the costs by the share of tails, machines-tails-NAME.svg, .png and .dat.\n"
	"\n"
	"Exit status: 0 done; 2 bad input, nothing to show, or no gnuplot for -o.\n"
	"\n"
	"Examples:\n"
	"  pfbench matrix results/qemu-*/*-user.txt.gz results/code-*/*-14.txt\n"
	"  pfbench matrix --metric=ns,cycles results/*/*.json -o plots\n"
	"  pfbench matrix --machines lab -o plots",
	NULL, NULL, NULL
};

static int write_matrix_text(FILE *f, const void *matrix)
{
	return matrix_print(f, matrix) || ferror(f);
}

static int write_matrix_data(FILE *f, const void *arg)
{
	const struct matrix_picture *p = arg;

	matrix_write(f, p->view, p->accessor);
	return ferror(f);
}

static int write_matrix_files(const struct matrix *m, const char *directory)
{
	static const struct gnuplot_file text[] = {
		{ "txt", write_matrix_text }, { 0 }
	};
	static const struct gnuplot_file data[] = {
		{ "dat", write_matrix_data }, { 0 }
	};

	return matrix_write_files("matrix", directory, text, data, m,
				  m->request.accessor,
				  m->request.nr_accessors);
}

static int output_matrix(const struct matrix *m, const char *directory)
{
	if (directory)
		return write_matrix_files(m, directory);
	return matrix_print(stdout, m) ? complain("matrix: out of memory") :
		cmd_flush("matrix");
}

static int matrix_main(int argc, char **argv)
{
	struct matrix_options o = { .request = {
		.population = { PF_SMALL, PF_TAILS }, .nr_populations = 2,
		.metric = { MATRIX_INSTRUCTIONS, MATRIX_BRANCHES,
			    MATRIX_SELECTS, MATRIX_BARRIERS },
		.nr_metrics = 4, .form = PF_THROUGHPUT,
	}, .machines = { .threshold = 0.02 } };
	struct errmsg msg = { "" };
	struct matrix m;
	int ret, first;

	ret = cmd_parse(&cmd_matrix, argc, argv, &o, &first);
	if (ret)
		return ret;
	if (o.json && o.directory)
		return complain("matrix: --json prints, and -o writes files: give one of them");
	if (first == argc)
		return complain("matrix: no file was given (see 'pfbench matrix --help')");
	if (o.machines.wanted)
		return matrix_machines_run(&o.machines, &o.request, o.directory,
					   o.json, argc - first, argv + first);
	if (matrix_load(&m, &o.request, argc - first, argv + first, &msg))
		ret = complain("matrix: %s", msg.text);
	else if (o.json)
		ret = matrix_print_json(stdout, &m) ?
			complain("matrix: out of memory, or standard output could not be written") :
			cmd_flush("matrix");
	else
		ret = output_matrix(&m, o.directory);
	matrix_free(&m);
	return ret;
}

const struct cmd cmd_matrix = {
	"matrix", "architectures and generations side by side", &matrix_argp,
	matrix_main,
};
