// SPDX-License-Identifier: GPL-2.0
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "lib/progress.h"
#include "lib/text.h"

static double seconds_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

void progress_open(struct progress *p, bool quiet)
{
	p->on = !quiet && isatty(STDERR_FILENO);
	p->started = seconds_now();
	p->shown = 0;
}

const char *format_duration(char *text, size_t size, double seconds)
{
	/* 9999 h: whatever is longer is a wrong estimate */
	unsigned long s = seconds > 0 ? fmin(seconds, 9999 * 3600.0) + 0.5 : 0;

	if (s < 60)
		snprintf(text, size, "%lu s", s);
	else if (s < 3600)
		snprintf(text, size, "%lu min %lu s", s / 60, s % 60);
	else
		snprintf(text, size, "%lu h %lu min", s / 3600, s / 60 % 60);
	return text;
}

void progress_format(char *line, size_t size, size_t columns, double done,
		     size_t total, double seconds, const char *what)
{
	char text[256], spent[32], left[32], of[32] = "";
	size_t room = columns ? columns - 1 : 0, len;
	bool estimate = done > 0 && done <= total;

	if (room > TEXT_COLUMNS)
		room = TEXT_COLUMNS;
	if (room > size - 1)
		room = size - 1;
	if (total)
		snprintf(of, sizeof(of), "/%zu", total);
	format_duration(spent, sizeof(spent), seconds);
	if (estimate)
		format_duration(left, sizeof(left),
				seconds / done * (total - done));
	snprintf(text, sizeof(text), "[%.0f%s] %s%s%s%s%s%s", floor(done), of,
		 spent, estimate ? ", " : "", estimate ? left : "",
		 estimate ? " left" : "", *what ? ", " : "", what);
	len = strlen(text);
	if (len > room) {
		len = room;
		if (room > 3)
			memcpy(text + room - 3, "...", 3);
	}
	text[len] = '\0';
	memcpy(line, text, len + 1);
	for (; *line; line++)
		if (*line < ' ' || *line > '~')
			*line = '?';
}

static size_t terminal_columns(void)
{
	struct winsize w;

	/* pseudo-terminals of some test tools have no width */
	return !ioctl(STDERR_FILENO, TIOCGWINSZ, &w) && w.ws_col ?
		w.ws_col : TEXT_COLUMNS + 1;
}

void progress_show(struct progress *p, double done, size_t total,
		   const char *what)
{
	char line[TEXT_COLUMNS + 1];
	size_t len;

	if (!p->on)
		return;
	progress_format(line, sizeof(line), terminal_columns(), done, total,
			seconds_now() - p->started, what);
	len = strlen(line);
	fflush(stdout);
	fprintf(stderr, "\r%s%*s", line,
		(int)(p->shown > len ? p->shown - len : 0), "");
	fflush(stderr);
	p->shown = len;
}

void progress_clear(struct progress *p)
{
	if (p->shown)
		fprintf(stderr, "\r%*s\r", (int)p->shown, "");
	p->shown = 0;
}
