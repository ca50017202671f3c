/* SPDX-License-Identifier: GPL-2.0 */
/* Text files of ours, line by line, with messages that name the line. */
#ifndef PFBENCH_LIB_LINES_H
#define PFBENCH_LIB_LINES_H

#include "lib/input.h"

#define LINES_MAX 512		/* bytes of a line, with its newline */

/**
 * struct lines - a text file that is being read
 * @number: of the last line
 */
struct lines {
	struct input *in;
	struct errmsg *msg;
	unsigned long number;
	char line[LINES_MAX];
};

/**
 * lines_next() - read the next line into @l->line, without its newline
 * Return: 1; 0 after the last line; -EINVAL with a line in the message for a
 * line that is cut off, too long, not ASCII or ends in CR LF; the error of the
 * file.
 */
int lines_next(struct lines *l);

/**
 * lines_refuse() - name the file, the line and the fault
 * Return: -EINVAL.
 */
int lines_refuse(const struct lines *l, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * lines_first() - read and check the first line: @magic and a version
 * @what: the kind of the file, for messages
 * @version: the only one that is known
 *
 * Return: 0; -EINVAL with a line in the message: no such file, or of another
 * version; the errors of lines_next().
 */
int lines_first(struct lines *l, const char *magic, const char *what,
		unsigned int version);

#endif
