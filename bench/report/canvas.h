/* SPDX-License-Identifier: GPL-2.0 */
/* A plot of lines in ASCII, TEXT_COLUMNS wide. */
#ifndef PFBENCH_REPORT_CANVAS_H
#define PFBENCH_REPORT_CANVAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "lib/text.h"

#define CANVAS_LEFT 8
#define CANVAS_WIDTH (TEXT_COLUMNS - CANVAS_LEFT - 2)
#define CANVAS_MAX_HEIGHT 26

/* Two lines have a mark in one place. */
#define CANVAS_SEVERAL '*'

/**
 * struct canvas - a plot as it is being drawn
 * @height: rows
 * @left, @right: ends of the horizontal axis, a multiple of four apart
 * @least, @most: ends of the vertical axis
 * @log: the vertical axis is logarithmic
 */
struct canvas {
	char at[CANVAS_MAX_HEIGHT][CANVAS_WIDTH + 1];
	size_t height;
	double left, right, least, most;
	bool log;
	bool several;		/* CANVAS_SEVERAL was drawn */
};

/** canvas_open() - empty the canvas; the ends of the axes are set */
void canvas_open(struct canvas *c);

/** canvas_line() - draw a line of dots below all marks */
void canvas_line(struct canvas *c, double x0, double y0, double x1, double y1);

/** canvas_mark() - draw a mark */
void canvas_mark(struct canvas *c, double x, double y, char mark);

/** canvas_print() - print the canvas and its axes */
void canvas_print(FILE *f, const struct canvas *c, const char *xlabel);

#endif
