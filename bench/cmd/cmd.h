/* SPDX-License-Identifier: GPL-2.0 */
/* The commands: each has a struct cmd and a file. */
#ifndef PFBENCH_CMD_CMD_H
#define PFBENCH_CMD_CMD_H

#include <argp.h>
#include <signal.h>
#include <stdbool.h>

/* Exit statuses. */
enum {
	EXIT_DONE = 0,
	EXIT_NO = 1,		/* a check failed, or files differ */
	EXIT_BAD = 2,		/* bad input or a failure, after complain() */
	EXIT_UNKNOWN = 4,	/* nothing was decided; kselftest's skip */
	EXIT_INTERRUPTED = 130,
};

/**
 * struct cmd - a command
 * @name: as typed
 * @summary: one line for 'pfbench --help' and the shell completions
 * @argp: its options, arguments and help text; see cmd_parse()
 * @main: argv[0] is the name of the command; returns the exit status
 */
struct cmd {
	const char *name;
	const char *summary;
	const struct argp *argp;
	int (*main)(int argc, char **argv);
};

extern const struct cmd cmd_list, cmd_run, cmd_count, cmd_report, cmd_compare,
	cmd_trend, cmd_plot, cmd_matrix, cmd_model, cmd_codegen, cmd_race,
	cmd_selftest, cmd_export, cmd_census, cmd_workload, cmd_manual,
	cmd_doctor, cmd_try, cmd_sequence, cmd_price, cmd_html;

/** cmd_all() - all commands in the order of 'pfbench --help', then NULL */
const struct cmd *const *cmd_all(void);

/**
 * cmd_find() - the command of that name
 * Return: NULL after a line on stderr, with the nearest name.
 */
const struct cmd *cmd_find(const char *name);

/**
 * cmd_parse() - parse the options of a command
 * @input: state->input of the argp parser
 * @first: set to the index of the first argument; options may follow
 *	arguments, which are moved to the end of @argv. NULL: an argument is
 *	an error.
 *
 * Handles -h, --help, --usage, -V and --version, which print to standard output
 * and exit. A parser returns complain() for an error, which ends the parsing.
 *
 * Return: EXIT_DONE; EXIT_BAD after one line on stderr.
 */
int cmd_parse(const struct cmd *cmd, int argc, char **argv, void *input,
	      int *first);

/**
 * cmd_handle_help() - handle -h, --help, --usage, -V and --version
 *
 * Call this before a library that handles --help gets the arguments.
 * cmd_parse() does the same.
 */
void cmd_handle_help(const struct cmd *cmd, int argc, char **argv);

/**
 * cmd_each_option() - call a function for each option that --help shows
 * @each: gets aliases with the argument and text of their option
 */
void cmd_each_option(const struct cmd *cmd,
		     void (*each)(void *arg, const struct argp_option *o),
		     void *arg);

/**
 * cmd_words() - call a function for each word of a list
 * @command: for messages
 * @what: what a word is, for messages
 * @list: words separated by commas; is modified
 * @each: returns false if @word is unknown or was given before
 * Return: EXIT_DONE; EXIT_BAD after a line on stderr.
 */
int cmd_words(const char *command, const char *what, char *list,
	      bool (*each)(void *arg, const char *word), void *arg);

/** complain() - print "pfbench: TEXT" to stderr; returns EXIT_BAD */
int complain(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/** cmd_flush() - flush standard output; returns EXIT_DONE, or complain() */
int cmd_flush(const char *command);

/* The number of the signal that cmd_catch_signals() caught; 0: none. */
extern volatile sig_atomic_t cmd_interrupted;

/**
 * cmd_catch_signals() - let a command finish in good order
 *
 * The first SIGINT or SIGTERM sets cmd_interrupted; the second one kills.
 */
void cmd_catch_signals(void);

#endif
