/* SPDX-License-Identifier: GPL-2.0 */
/* Another program: run without a shell, its words caught or let through. */
#ifndef PFBENCH_CHILD_H
#define PFBENCH_CHILD_H

#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

struct subprocess {
	pid_t pid;
	FILE *out, *err;		/* temporary files; NULL: not caught */
};

/*
 * subprocess_start() - start @argv, with nothing to read and in the C locale
 * @caught: keep what it writes for subprocess_wait() instead of letting it through
 * Return: 0; -ENOENT if there is no such program; another negative errno.
 */
int subprocess_start(struct subprocess *c, const char *const argv[], bool caught);

/*
 * subprocess_wait() - wait for its end
 * @out, @err: what it wrote, to be freed; NULL where there is none, or it is
 *	not wanted
 * Return: its exit status, 128 and the signal's number if one killed it; a
 * negative errno.
 */
int subprocess_wait(struct subprocess *c, char **out, char **err);

/* Both at once. */
int subprocess_run(const char *const argv[], char **out, char **err);

#endif
