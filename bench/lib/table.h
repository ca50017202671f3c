/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A table of text cells: a view fills it in once, then prints all of it or
 * some of its columns, as often as the width of a mail needs.
 */
#ifndef PFBENCH_LIB_TABLE_H
#define PFBENCH_LIB_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum table_align {
	TABLE_LEFT,
	TABLE_RIGHT,
	TABLE_ANCHOR,		/* the anchors of all cells in one line */
};

struct table_column {
	enum table_align align;
	int gap;		/* blanks before the column */
	int least;		/* width at least, without the gap */
	bool fixed;		/* the width is @least, whatever the cells */
	int width, before;	/* set by table_fit() and table_print() */
};

struct table_cell {
	char *text;		/* NULL: empty */
	enum table_align align;
	int anchor;		/* TABLE_ANCHOR: characters before the anchor */
};

/**
 * struct table - cells by row and column
 * @lost: memory ran out; table_print() then prints nothing
 */
struct table {
	struct table_column *column;
	size_t nr_columns;
	struct table_cell *cell;	/* row by row */
	size_t nr_rows;
	bool lost;
};

/**
 * table_open() - begin an empty table
 * @nr_columns: columns, each left-aligned, two blanks before all but the first
 *
 * table_close() frees what the table holds. Running out of memory is reported
 * by table_print() alone.
 */
void table_open(struct table *t, size_t nr_columns);
void table_close(struct table *t);

/**
 * table_column() - say how a column looks
 * @gap: blanks before it
 * @width: least width in characters; 0: as wide as its widest cell
 * @fixed: never wider than @width: a longer cell pushes the next one
 */
void table_column(struct table *t, size_t column, enum table_align align,
		  int gap, int width, bool fixed);

/** table_row() - begin a row; the cells to come are its cells */
void table_row(struct table *t);

/** table_cell() - fill in a cell of the last row, aligned as its column is */
void table_cell(struct table *t, size_t column, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/** table_cell_aligned() - the same, with an alignment of its own */
void table_cell_aligned(struct table *t, size_t column, enum table_align align,
			const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/**
 * table_cell_anchored() - the same, for a TABLE_ANCHOR column
 * @anchor: characters of the text that stand before the common line
 */
void table_cell_anchored(struct table *t, size_t column, int anchor,
			 const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/**
 * table_fit() - how many columns fit beside column 0
 * @from: first of them
 * Return: the column after the last one that fits in TEXT_COLUMNS; at least
 * @from + 1.
 */
size_t table_fit(struct table *t, size_t from);

/**
 * table_print() - print column 0 and some others
 * @from, @to: columns from @from up to, not including, @to
 * Return: 0; -ENOMEM if memory ran out while the table was filled in.
 */
int table_print(struct table *t, FILE *f, size_t from, size_t to);

/**
 * table_print_rows() - the same, of some rows, in the widths of the whole table
 * @first, @last: rows from @first up to, not including, @last
 */
int table_print_rows(struct table *t, FILE *f, size_t first, size_t last,
		     size_t from, size_t to);

#endif
