/* SPDX-License-Identifier: GPL-2.0 */
/* The subcommands: one row in main.c's table, one file each. */
#ifndef PFBENCH_COMMANDS_H
#define PFBENCH_COMMANDS_H

#include <stdbool.h>

/*
 * Each gets its own name as argv[0] and returns the exit code of the program:
 * 0 done; 1 a negative answer, where the command gives answers; 2 bad input or
 * it could not be done, after one line on stderr (complain()).
 */
enum { EXIT_DONE = 0, EXIT_NO = 1, EXIT_BAD = 2, EXIT_INTERRUPTED = 130 };

int cmd_list(int argc, char **argv);
int cmd_run(int argc, char **argv);
int cmd_count(int argc, char **argv);
int cmd_report(int argc, char **argv);
int cmd_compare(int argc, char **argv);
int cmd_plot(int argc, char **argv);
int cmd_matrix(int argc, char **argv);
int cmd_model(int argc, char **argv);
int cmd_codegen(int argc, char **argv);
int cmd_race(int argc, char **argv);
int cmd_selftest(int argc, char **argv);
int cmd_export(int argc, char **argv);
int cmd_census(int argc, char **argv);

/*
 * -h or --help before a "--"? Asked first, since Google Benchmark would print
 * its own.
 */
bool wants_help(int argc, char **argv);

/*
 * What getopt_long() (with opterr 0 and ':' first in its short options) did
 * not like: an unknown option or a missing argument. Returns EXIT_BAD.
 */
int complain_option(int argc, char **argv, int c);

/*
 * parse_words() - @each word of @list, which is taken apart at its commas
 * @command: that was given it; @what: a word is, for a person
 * @each: false: it is none, or was said before
 * Return: EXIT_DONE, or EXIT_BAD after a line.
 */
int parse_words(const char *command, const char *what, char *list,
		bool (*each)(void *arg, const char *word), void *arg);

/* "pfbench: TEXT" on stderr; returns EXIT_BAD. */
int complain(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
