/* SPDX-License-Identifier: GPL-2.0 */
/* Run another program, without a shell. */
#ifndef PFBENCH_LIB_SUBPROCESS_H
#define PFBENCH_LIB_SUBPROCESS_H

#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

/**
 * struct subprocess - a running program
 * @out, @err: temporary files with its output, NULL if it is not captured
 */
struct subprocess {
	pid_t pid;
	FILE *out, *err;
};

/**
 * subprocess_start() - start a program, in the C locale, with empty input
 * @argv: program, searched in PATH, and arguments, ended by NULL
 * @capture: keep its output for subprocess_wait() instead of passing it on
 * Return: 0; -ENOENT if there is no such program; another negative errno.
 */
int subprocess_start(struct subprocess *c, const char *const argv[],
		     bool capture);

/**
 * subprocess_wait() - wait until the program ends
 * @out, @err: out: captured output, to free(); NULL if there is none; may be
 *	NULL
 * Return: its exit status; 128 plus the number of the signal that killed it; a
 * negative errno.
 */
int subprocess_wait(struct subprocess *c, char **out, char **err);

/**
 * subprocess_run() - subprocess_start(), capturing, and subprocess_wait()
 */
int subprocess_run(const char *const argv[], char **out, char **err);

#endif
