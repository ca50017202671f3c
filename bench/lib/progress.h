/* SPDX-License-Identifier: GPL-2.0 */
/* One line of progress on a terminal, rewritten in place. */
#ifndef PFBENCH_LIB_PROGRESS_H
#define PFBENCH_LIB_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>

/**
 * struct progress - the line of a command
 * @on: false: nothing is printed
 * @started: seconds of the monotonic clock
 * @shown: columns that are on the screen now
 */
struct progress {
	bool on;
	double started;
	size_t shown;
};

/**
 * progress_open() - start the clock; prints nothing yet
 * @quiet: never print; a standard error that is no terminal does the same
 */
void progress_open(struct progress *p, bool quiet);

/**
 * progress_show() - rewrite the line
 * @done: may have a fraction; the time that is left is estimated from it
 * @total: 0: unknown, neither it nor the time left is shown
 * @what: in work now; "" for nothing
 *
 * Call progress_clear() before anything else is printed on the terminal.
 */
void progress_show(struct progress *p, double done, size_t total,
		   const char *what);

/** progress_clear() - erase the line, for other output or at the end */
void progress_clear(struct progress *p);

/**
 * progress_format() - the text of the line
 * @line: printable ASCII
 * @columns: of the terminal; the line has at most one less, and at most
 *	TEXT_COLUMNS
 * @seconds: since the start
 */
void progress_format(char *line, size_t size, size_t columns, double done,
		     size_t total, double seconds, const char *what);

/**
 * format_duration() - "7 s", "2 min 5 s", "3 h 20 min"
 * Return: @text.
 */
const char *format_duration(char *text, size_t size, double seconds);

#endif
