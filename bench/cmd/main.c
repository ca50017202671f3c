// SPDX-License-Identifier: GPL-2.0
/* The table of commands, and the options of the program itself. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "cmd/completion.h"

static const struct cmd *const commands[] = {
	&cmd_list, &cmd_run, &cmd_count, &cmd_report, &cmd_compare,
	&cmd_trend, &cmd_plot, &cmd_matrix, &cmd_html, &cmd_model,
	&cmd_codegen, &cmd_race, &cmd_try, &cmd_sequence, &cmd_price,
	&cmd_selftest, &cmd_export,
#ifndef PFBENCH_WITHOUT_CENSUS
	&cmd_census,
#endif
	&cmd_workload, &cmd_doctor, &cmd_manual,
	NULL
};

const struct cmd *const *cmd_all(void)
{
	return commands;
}

static void usage(FILE *to)
{
	fputs("Usage: pfbench COMMAND [OPTION...]\n"
	      "\n"
	      "Measure the cost of branches, conditional moves and barriers in the\n"
	      "kernel's page-flag accessors, for each generation of them.\n"
	      "\n", to);
	for (const struct cmd *const *cmd = commands; *cmd; cmd++)
		fprintf(to, "  %-9s %s\n", (*cmd)->name, (*cmd)->summary);
	fputs("\n"
	      "'pfbench COMMAND --help' shows the options of a command. See pfbench(1).\n", to);
}

/*
 * A standard stream that is closed would be the next file that is opened: the
 * table of a run would go into its result. Writing to /dev/null that is open
 * for reading fails as it does on a closed descriptor.
 */
static void open_streams(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			open("/dev/null", fd == STDIN_FILENO ? O_WRONLY :
			     O_RDONLY);
}

static int run_command(const struct cmd *cmd, int argc, char **argv)
{
	int ret = cmd->main(argc, argv);

	return ret != EXIT_BAD && cmd_flush(cmd->name) ? EXIT_BAD : ret;
}

int main(int argc, char **argv)
{
	const struct cmd *cmd;

	open_streams();
	/* a file that grows beyond the limit is an error, see setrlimit(2) */
	signal(SIGXFSZ, SIG_IGN);
	if (argc < 2) {
		usage(stderr);
		return EXIT_BAD;
	}
	if (!strcmp(argv[1], "-h") || !strcmp(argv[1], "--help") ||
	    !strcmp(argv[1], "--usage")) {
		usage(stdout);
		return cmd_flush("--help");
	}
	if (!strcmp(argv[1], "-V") || !strcmp(argv[1], "--version")) {
		puts("pfbench " PFBENCH_VERSION);
		return cmd_flush("--version");
	}
	if (!strncmp(argv[1], "--completion=", 13))
		return completion_print(argv[1] + 13);
	cmd = cmd_find(argv[1]);
	return cmd ? run_command(cmd, argc - 1, argv + 1) : EXIT_BAD;
}
