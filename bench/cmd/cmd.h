/* SPDX-License-Identifier: GPL-2.0 */
/* The subcommands: one struct cmd and one file each. */
#ifndef PFBENCH_CMD_CMD_H
#define PFBENCH_CMD_CMD_H

#include <argp.h>
#include <signal.h>
#include <stdbool.h>

/* Exit status of the program. */
enum {
	EXIT_DONE = 0,
	EXIT_NO = 1,			/* a negative answer, where a command answers */
	EXIT_BAD = 2,			/* bad input or failure, after complain() */
	EXIT_INTERRUPTED = 130,
};

/**
 * struct cmd - a subcommand
 * @name: as typed
 * @summary: one line for 'pfbench --help' and the shell completions
 * @argp: its options, arguments and help text; see cmd_parse()
 * @main: gets its own name as argv[0]; returns the exit status
 */
struct cmd {
	const char *name;
	const char *summary;
	const struct argp *argp;
	int (*main)(int argc, char **argv);
};

extern const struct cmd cmd_list, cmd_run, cmd_count, cmd_report, cmd_compare,
	cmd_plot, cmd_matrix, cmd_model, cmd_codegen, cmd_race, cmd_selftest,
	cmd_export, cmd_census;

/** cmd_all() - every subcommand in the order of 'pfbench --help', then NULL */
const struct cmd *const *cmd_all(void);

/**
 * cmd_parse() - parse the options of a subcommand
 * @input: the argp parsers' state->input
 * @first: index of the first argument that is no option; options may follow
 *	arguments, which are moved behind them
 *
 * Handles -h, --help, --usage and --version, which print to standard output and
 * exit. A parser returns complain(), which stops the
 * parsing, for an error of its own.
 *
 * Return: EXIT_DONE; EXIT_BAD after one line on stderr.
 */
int cmd_parse(const struct cmd *cmd, int argc, char **argv, void *input,
	      int *first);

/**
 * cmd_help_if_asked() - handle -h, --help, --usage and --version
 *
 * cmd_parse() does so too. To be called before the arguments go to a library
 * that knows --help itself.
 */
void cmd_help_if_asked(const struct cmd *cmd, int argc, char **argv);

/**
 * cmd_words() - call a function for each word of a list
 * @command: command that was given the list, for the message
 * @what: what a word is, for the message
 * @list: words with commas between them; is taken apart
 * @each: returns false if @word is unknown or was given before
 * Return: EXIT_DONE, or EXIT_BAD after a line.
 */
int cmd_words(const char *command, const char *what, char *list,
	      bool (*each)(void *arg, const char *word), void *arg);

/** complain() - "pfbench: TEXT" on stderr; returns EXIT_BAD */
int complain(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/** cmd_flush() - EXIT_DONE if standard output was written, or complain() */
int cmd_flush(const char *command);

/* Set to the signal's number by SIGINT and SIGTERM after cmd_catch_signals(). */
extern volatile sig_atomic_t cmd_interrupted;

/**
 * cmd_catch_signals() - end what is being done in good order
 *
 * The first SIGINT or SIGTERM sets cmd_interrupted; the second one kills.
 */
void cmd_catch_signals(void);

#define TEST_REPORT_OPTIONS { "ktap", no_argument, NULL, 'K' }, { "lava", no_argument, NULL, 'L' }
struct test_report;
int test_report_option(struct test_report *report, int c);
bool wants_help(int argc, char **argv);
int complain_option(int argc, char **argv, int c);

#endif
