// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/param.h>

#include "lib/table.h"
#include "lib/text.h"

#define LINE_BYTES 1024

void table_open(struct table *t, size_t nr_columns)
{
	*t = (struct table){ .nr_columns = nr_columns };
	t->column = calloc(nr_columns, sizeof(*t->column));
	t->lost = !t->column;
	for (size_t i = 1; !t->lost && i < nr_columns; i++)
		t->column[i].gap = 2;
}

void table_close(struct table *t)
{
	for (size_t i = 0; i < t->nr_rows * t->nr_columns; i++)
		free(t->cell[i].text);
	free(t->cell);
	free(t->column);
	*t = (struct table){ 0 };
}

void table_column(struct table *t, size_t column, enum table_align align,
		  int gap, int width, bool fixed)
{
	if (!t->lost)
		t->column[column] = (struct table_column){
			.align = align, .gap = gap, .least = width,
			.fixed = fixed };
}

void table_row(struct table *t)
{
	size_t row = t->nr_columns * sizeof(*t->cell);
	struct table_cell *cell;

	if (t->lost)
		return;
	cell = realloc(t->cell, (t->nr_rows + 1) * row);
	if (!cell) {
		t->lost = true;
		return;
	}
	t->cell = cell;
	memset((char *)cell + t->nr_rows++ * row, 0, row);
}

static void set_cell(struct table *t, size_t column, enum table_align align,
		     int anchor, const char *fmt, va_list ap)
{
	struct table_cell *cell;

	if (t->lost)
		return;
	cell = &t->cell[(t->nr_rows - 1) * t->nr_columns + column];
	free(cell->text);
	if (vasprintf(&cell->text, fmt, ap) < 0) {
		cell->text = NULL;
		t->lost = true;
	}
	cell->align = align;
	cell->anchor = anchor;
}

void table_cell(struct table *t, size_t column, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	set_cell(t, column, t->lost ? TABLE_LEFT : t->column[column].align, 0,
		 fmt, ap);
	va_end(ap);
}

void table_cell_aligned(struct table *t, size_t column, enum table_align align,
			const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	set_cell(t, column, align, 0, fmt, ap);
	va_end(ap);
}

void table_cell_anchored(struct table *t, size_t column, int anchor,
			 const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	set_cell(t, column, TABLE_ANCHOR, anchor, fmt, ap);
	va_end(ap);
}

/* The widths, now that all cells are known. */
static void measure_columns(struct table *t)
{
	for (size_t i = 0; i < t->nr_columns; i++) {
		struct table_column *c = &t->column[i];
		int after = 0, width = c->least;

		c->before = 0;
		for (size_t row = 0; row < t->nr_rows; row++) {
			const struct table_cell *cell =
				&t->cell[row * t->nr_columns + i];
			int length = cell->text ? strlen(cell->text) : 0;

			if (cell->align == TABLE_ANCHOR) {
				c->before = MAX(c->before, cell->anchor);
				after = MAX(after, length - cell->anchor);
			} else {
				width = MAX(width, length);
			}
		}
		c->width = c->fixed ? c->least : MAX(width, c->before + after);
	}
}

size_t table_fit(struct table *t, size_t from)
{
	int room = TEXT_COLUMNS;
	size_t to;

	if (t->lost)
		return from + 1;
	measure_columns(t);
	room -= t->column[0].width;
	for (to = from; to < t->nr_columns; to++) {
		room -= t->column[to].gap + t->column[to].width;
		if (room < 0 && to > from)
			break;
	}
	return to;
}

/* Put one cell at @len of @line; returns where the next one goes. */
static size_t put_cell(char *line, size_t len, const struct table_column *c,
		       const struct table_cell *cell)
{
	const char *text = cell->text ? cell->text : "";
	int width = c->width, blanks = c->gap;

	if (len >= LINE_BYTES)
		return len;
	if (cell->align == TABLE_ANCHOR) {
		blanks += c->before - cell->anchor;
		width -= c->before - cell->anchor;
	}
	return len + snprintf(line + len, LINE_BYTES - len, "%*s%*s", blanks,
			      "", cell->align == TABLE_RIGHT ? width : -width,
			      text);
}

static void print_row(const struct table *t, FILE *f, size_t row, size_t from,
		      size_t to)
{
	const struct table_cell *cell = &t->cell[row * t->nr_columns];
	char line[LINE_BYTES];
	size_t len = put_cell(line, 0, &t->column[0], &cell[0]);

	for (size_t i = from; i < to && i < t->nr_columns; i++)
		len = put_cell(line, len, &t->column[i], &cell[i]);
	text_line(f, "%s", line);
}

int table_print_rows(struct table *t, FILE *f, size_t first, size_t last,
		     size_t from, size_t to)
{
	if (t->lost)
		return -ENOMEM;
	measure_columns(t);
	for (size_t row = first; row < last; row++)
		print_row(t, f, row, from, to);
	return 0;
}

int table_print(struct table *t, FILE *f, size_t from, size_t to)
{
	return table_print_rows(t, f, 0, t->nr_rows, from, to);
}
