// SPDX-License-Identifier: GPL-2.0
#include <math.h>
#include <string.h>

#include "report/canvas.h"

#define MAX_TICKS 32

void canvas_open(struct canvas *c)
{
	if (!(c->most > c->least))
		c->most = c->least + 1;
	c->several = false;
	for (size_t i = 0; i < c->height; i++) {
		memset(c->at[i], ' ', CANVAS_WIDTH);
		c->at[i][CANVAS_WIDTH] = '\0';
	}
}

/* The place of a point; NULL outside the canvas. */
static char *canvas_cell(struct canvas *c, double x, double y)
{
	double least = c->log ? log(c->least) : c->least;
	double most = c->log ? log(c->most) : c->most;
	double row = (most - (c->log ? log(y) : y)) / (most - least) *
		(c->height - 1);
	double column = (x - c->left) / (c->right - c->left) *
		(CANVAS_WIDTH - 1);

	if (!(row > -0.5 && row < c->height - 0.5) ||
	    !(column > -0.5 && column < CANVAS_WIDTH - 0.5))
		return NULL;
	return &c->at[lround(row)][lround(column)];
}

void canvas_line(struct canvas *c, double x0, double y0, double x1, double y1)
{
	size_t steps = 4 * CANVAS_WIDTH;

	for (size_t i = 1; i < steps; i++) {
		double t = (double)i / steps;
		char *cell = canvas_cell(c, x0 + t * (x1 - x0),
					 y0 + t * (y1 - y0));

		if (cell && *cell == ' ')
			*cell = '.';
	}
}

void canvas_mark(struct canvas *c, double x, double y, char mark)
{
	char *cell = canvas_cell(c, x, y);

	if (!cell)
		return;
	if (*cell != ' ' && *cell != '.' && *cell != mark) {
		mark = CANVAS_SEVERAL;
		c->several = true;
	}
	*cell = mark;
}

/* 1, 2 or 5 times a power of ten, at least @v */
static double round_up(double v)
{
	double power = pow(10, floor(log10(v)));

	return v <= power * 1.001 ? power : v <= 2 * power ? 2 * power :
		v <= 5 * power ? 5 * power : 10 * power;
}

static size_t find_ticks(const struct canvas *c, double *tick)
{
	double v = c->log ? round_up(c->least) :
		round_up((c->most - c->least) / 5);
	double step = v;
	size_t n = 0;

	if (!c->log)
		v = ceil(c->least / step) * step;
	while (n < MAX_TICKS && v <= c->most) {
		tick[n++] = v;
		v = c->log ? round_up(v * 1.1) : v + step;
	}
	return n;
}

static void print_x_axis(FILE *f, const struct canvas *c, const char *xlabel)
{
	char line[TEXT_COLUMNS + 1], scale[TEXT_COLUMNS + 1];

	memset(line, ' ', sizeof(line));
	memset(scale, ' ', sizeof(scale));
	line[TEXT_COLUMNS] = '\0';
	scale[TEXT_COLUMNS] = '\0';
	memset(line + CANVAS_LEFT, '-', CANVAS_WIDTH + 1);
	line[CANVAS_LEFT] = '+';
	for (size_t i = 0; i <= 4; i++) {
		char text[8];
		size_t at = CANVAS_LEFT + 1 + i * (CANVAS_WIDTH - 1) / 4;
		int n = snprintf(text, sizeof(text), "%g", c->left +
				 i * (c->right - c->left) / 4);

		line[at] = '+';
		memcpy(scale + at - (n - 1), text, n);
	}
	text_line(f, "%s", line);
	text_line(f, "%s", scale);
	text_line(f, "%*s%s", CANVAS_LEFT + 1, "", xlabel);
}

void canvas_print(FILE *f, const struct canvas *c, const char *xlabel)
{
	char value[CANVAS_MAX_HEIGHT][16] = { "" };
	double tick[MAX_TICKS];
	struct canvas rows = *c;
	size_t nr = find_ticks(c, tick);

	for (size_t i = 0; i < nr; i++) {
		char *cell = canvas_cell(&rows, c->left, tick[i]);

		if (cell)
			snprintf(value[(cell - rows.at[0]) /
				 (CANVAS_WIDTH + 1)], sizeof(value[0]), "%.6g",
				 tick[i]);
	}
	for (size_t y = 0; y < c->height; y++)
		text_line(f, "%*s |%s", CANVAS_LEFT - 1, value[y], c->at[y]);
	print_x_axis(f, c, xlabel);
}
