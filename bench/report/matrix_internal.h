/* SPDX-License-Identifier: GPL-2.0 */
/* Shared by the matrix_*.c files: rows, figures and texts of the matrix. */
#ifndef PFBENCH_REPORT_MATRIX_INTERNAL_H
#define PFBENCH_REPORT_MATRIX_INTERNAL_H

#include "report/matrix.h"

/* The figures of one column, row and population; each may be NULL. */
struct matrix_cell {
	const struct result_point *point;
	const struct code_table_line *line;
};

struct matrix_row {
	enum pf_accessor accessor;
	enum pf_generation generation;
	enum pf_lowering lowering;
};

/* Per operation; e.mid is NaN if there is no figure. */
struct matrix_figure {
	struct estimate e;
	bool contended;
};

/* matrix_figure.c */

/**
 * matrix_index() - find the points and the code of each cell of a column
 *
 * Only points on default pages have a cell: hot, in order, made by the backend
 * in compound pages of the default order.
 *
 * Return: 0, or -ENOMEM.
 */
int matrix_index(struct matrix_column *c, enum pf_form form);

const struct matrix_cell *matrix_cell(const struct matrix_column *c,
				      const struct matrix_row *row,
				      enum pf_population pop);

struct matrix_figure matrix_figure(const struct matrix_column *c,
				   const struct matrix_row *row,
				   enum pf_population pop,
				   enum matrix_metric metric);

/**
 * matrix_added() - a figure minus the figure of the plain bit operation
 *
 * An accessor without a plain generation is a look-up alone: its whole figure
 * is added cost.
 */
double matrix_added(const struct matrix_column *c, const struct matrix_row *row,
		    enum pf_population pop, enum matrix_metric metric);

/**
 * matrix_table_of() - the table that shows a metric, named by its first metric
 *
 * Instructions, branches, selects and barriers share a table.
 */
enum matrix_metric matrix_table_of(enum matrix_metric metric);

/**
 * matrix_has_row() - do some columns have a requested figure in this row?
 * @table: see matrix_table_of(); MATRIX_NR_METRICS: any table
 * @from, @to: columns from @from up to, not including, @to
 */
bool matrix_has_row(const struct matrix *m, const struct matrix_row *row,
		    enum matrix_metric table, size_t from, size_t to);

/** matrix_next_row() - first row of the accessor from @row on; false: none */
bool matrix_next_row(const struct matrix *m, struct matrix_row *row);

#define matrix_for_each_row(m, row, acc) \
	for (struct matrix_row row = { .accessor = (acc) }; \
	     matrix_next_row(m, &row); row.lowering++)

/** matrix_row_named() - does a row above already name the generation? */
bool matrix_row_named(const struct matrix *m, const struct matrix_row *row);

/** matrix_requests() - was the metric asked for? */
bool matrix_requests(const struct matrix *m, enum matrix_metric metric);

/** matrix_has_metric() - does any column have the metric? */
bool matrix_has_metric(const struct matrix *m, enum matrix_metric metric);

/* matrix_origin.c */

/** matrix_set_source() - find where a column has a metric from, or why not */
void matrix_set_source(struct matrix_column *c, enum matrix_metric metric);

/** matrix_counter_name() - the counter of a metric, or NULL */
const char *matrix_counter_name(enum matrix_metric metric);

/** matrix_is_counted() - does the clock of this result count instructions? */
bool matrix_is_counted(const struct result *r);

/* matrix_cell.c */

#define MATRIX_PART_MAX 64	/* a counter has at most 1e12, code 1000000 */

/* Metrics that are letters behind the number of instructions. */
#define MATRIX_NR_MARKS 3
extern const enum matrix_metric matrix_marks[MATRIX_NR_MARKS];

/**
 * matrix_part() - text of one population's figure: "6s", "0.400!"; "-": unknown
 * @text: MATRIX_PART_MAX characters
 */
void matrix_part(const struct matrix *m, enum matrix_metric table,
		 const struct matrix_column *c, const struct matrix_row *row,
		 enum pf_population pop, char *text);

/* matrix_sources.c */

/** matrix_head() - line @line of the head of column @i: "user[3]" */
void matrix_head(const struct matrix *m, size_t i, int line, char *text,
		 size_t size);

/** matrix_pages() - "small/tail pages" */
void matrix_pages(const struct matrix *m, char *text, size_t size);

/** matrix_mark_key() - "b conditional branch, s select, m barrier" */
void matrix_mark_key(const struct matrix *m, char *text, size_t size);

/** matrix_form_name() - "throughput", "latency", "throughput, cond" */
const char *matrix_form_name(enum pf_form form);

/**
 * matrix_describe() - machine, kernel, backend and compiler of column @i
 * Return: characters written.
 */
size_t matrix_describe(const struct matrix *m, size_t i, char *text,
		       size_t size);

void matrix_print_legend(FILE *f, const struct matrix *m);

/** matrix_print_notation() - explain "5b", "10.17,4b" and "5.12" */
void matrix_print_notation(FILE *f, const struct matrix *m);

/** matrix_print_column() - print column @i and the sources of its figures */
void matrix_print_column(FILE *f, const struct matrix *m, size_t i);

/* matrix_choose.c */

/**
 * matrix_choose() - leave out columns that the request does not show
 *
 * If guests differ in their kernel only, the newest is shown, if there is
 * more than one architecture.
 *
 * Return: 0, or -EINVAL with a line if no column remains.
 */
int matrix_choose(struct matrix *m, struct errmsg *msg);

#define MATRIX_LINE_MAX 1024

/** matrix_left_out() - a line that names the older kernels; "" without any */
void matrix_left_out(const struct matrix *m, char *text, size_t size);

/** matrix_lacking_rows() - rows of an accessor that no column has; "": none */
void matrix_lacking_rows(const struct matrix *m, enum pf_accessor acc,
			 char *text, size_t size);

#endif
