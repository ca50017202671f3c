/* SPDX-License-Identifier: GPL-2.0 */
/* Files that a user names, gzipped or not, of bounded size; "-" is stdin. */
#ifndef PFBENCH_LIB_INPUT_H
#define PFBENCH_LIB_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "lib/errmsg.h"

struct gzip;

/* Larger files are refused. pfbench-results(5) documents this limit. */
#define INPUT_MAX (256UL << 20)

#define INPUT_START 32

/**
 * struct input - an open file
 * @f: at the beginning; reading fails with EFBIG after INPUT_MAX bytes
 * @name: for messages: the path, or "standard input"
 * @start: the first bytes, as a string, to find out the kind of the file
 */
struct input {
	FILE *f;
	const char *name;
	char start[INPUT_START];
	struct gzip *gzip;
	/* of the stream: bytes of @start, those that were served; all bytes */
	int fd, err;
	size_t started, served, total;
};

/**
 * input_open() - open a file
 * @in: must not move until input_close(), which must be called after success
 * @path: "-": standard input, which can be opened once
 *
 * Return: 0, or a negative errno with a line in @msg: -EFBIG for a regular file
 * of more than INPUT_MAX bytes, of which nothing is read; -EISDIR.
 */
int input_open(struct input *in, const char *path, struct errmsg *msg);
void input_close(struct input *in);

/** input_is() - does the file start with @magic? */
bool input_is(const struct input *in, const char *magic);

/**
 * input_error() - the error of a read that failed
 * Return: 0 if none did; a negative errno with a line in @msg.
 */
int input_error(const struct input *in, struct errmsg *msg);

#endif
