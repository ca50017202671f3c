// SPDX-License-Identifier: GPL-2.0
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cmd/cmd.h"

#ifndef PFBENCH_VERSION
#define PFBENCH_VERSION "n/a (not recorded)"
#endif

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *what;
} commands[] = {
	{ "list", cmd_list, "list the points that can be measured" },
	{ "run", cmd_run, "measure, into a result file" },
	{ "count", cmd_count, "count instructions exactly, where that can be done" },
	{ "report", cmd_report, "result files as a table for a mail" },
	{ "compare", cmd_compare, "what changed from one result to another" },
	{ "plot", cmd_plot, "result files as SVG, PNG and text plots" },
	{ "matrix", cmd_matrix, "architectures and generations side by side" },
	{ "model", cmd_model, "what llvm-mca predicts for the compiled code" },
	{ "codegen", cmd_codegen, "what the accessors are compiled to" },
	{ "race", cmd_race, "how often the head is no longer a head" },
	{ "selftest", cmd_selftest, "can the instrument be trusted here?" },
	{ "export", cmd_export, "result files as kernel labs read them" },
#ifndef PFBENCH_WITHOUT_CENSUS
	{ "census", cmd_census, "where the accessors are in a kernel, and what they weigh" },
#endif
};

#define NR_COMMANDS (sizeof(commands) / sizeof(*commands))

int complain(const char *fmt, ...)
{
	va_list ap;

	fflush(stdout);
	fputs("pfbench: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	return EXIT_BAD;
}

bool wants_help(int argc, char **argv)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--"); i++)
		if (!strcmp(argv[i], "-h") || !strcmp(argv[i], "--help"))
			return true;
	return false;
}

int complain_option(int argc, char **argv, int c)
{
	/* getopt has stepped past a whole word, not past one of "-xyz" */
	const char *word = optind > 1 && optind <= argc ? argv[optind - 1] : "";

	if (c == ':')
		return complain("%s: %s needs an argument (see 'pfbench %s --help')",
				argv[0], word, argv[0]);
	if (optopt && (word[0] != '-' || word[1] != '-'))
		return complain("%s: unknown option -%c (see 'pfbench %s --help')",
				argv[0], optopt, argv[0]);
	return complain("%s: unknown option %s (see 'pfbench %s --help')",
			argv[0], word, argv[0]);
}

int parse_words(const char *command, const char *what, char *list,
		bool (*each)(void *arg, const char *word), void *arg)
{
	char *save, *word = strtok_r(list, ",", &save);

	if (!word)
		return complain("%s: which %s? (see 'pfbench %s --help')",
				command, what, command);
	for (; word; word = strtok_r(NULL, ",", &save))
		if (!each(arg, word))
			return complain("%s: no %s '%.40s', or said twice (see 'pfbench %s --help')",
					command, what, word, command);
	return EXIT_DONE;
}

static void usage(FILE *to)
{
	fputs("Usage: pfbench COMMAND [OPTION...]\n"
	      "\n"
	      "What do the branches, conditional moves and barriers in the kernel's\n"
	      "page-flag accessors cost, generation by generation?\n"
	      "\n", to);
	for (size_t i = 0; i < NR_COMMANDS; i++)
		fprintf(to, "  %-9s %s\n", commands[i].name, commands[i].what);
	fputs("\n"
	      "'pfbench COMMAND --help' tells more, pfbench(1) tells all.\n", to);
}

int main(int argc, char **argv)
{
	if (argc < 2) {
		usage(stderr);
		return EXIT_BAD;
	}
	if (!strcmp(argv[1], "-h") || !strcmp(argv[1], "--help")) {
		usage(stdout);
		return EXIT_DONE;
	}
	if (!strcmp(argv[1], "--version")) {
		puts("pfbench " PFBENCH_VERSION);
		return EXIT_DONE;
	}
	for (size_t i = 0; i < NR_COMMANDS; i++)
		if (!strcmp(argv[1], commands[i].name))
			return commands[i].run(argc - 1, argv + 1);
	return complain("no command '%s' (see 'pfbench --help')", argv[1]);
}
