/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The tables of a report: a row per generation and lowering, a column for
 * points that differ in nothing else.
 */
#ifndef PFBENCH_REPORT_REPORT_TABLE_H
#define PFBENCH_REPORT_REPORT_TABLE_H

#include <stdbool.h>
#include <stdio.h>

#include "data/result.h"
#include "report/format.h"
#include "report/report.h"

#define REPORT_LABEL 18		/* the longest name of a generation */
#define REPORT_WIDE 13		/* " 14.05!+-0.01" */
#define REPORT_NARROW 6		/* " 14.05" */
#define REPORT_MAX_WIDE ((TEXT_COLUMNS - REPORT_LABEL) / REPORT_WIDE)
#define REPORT_MAX_NARROW ((TEXT_COLUMNS - REPORT_LABEL) / REPORT_NARROW)

/* A report as it is being printed. */
struct report {
	FILE *f;
	const struct report_sink *sink;	/* takes the tables; NULL: @f does */
	const struct result *r;
	enum unit unit;
	double scale;		/* the unit per unit of the file, or NaN */
	bool counted;		/* cycles are those of a counter */
	/* the points of one accessor */
	enum pf_accessor accessor;
	const struct result_point **point;
	bool *shown;
	size_t nr;
	/* marks that the legend has to explain */
	bool contended, open, missing;
	int err;		/* -ENOMEM, or 0 */
};

struct report_column {
	struct point key;	/* see point_same_column() */
	char head[24];
};

enum report_figure { REPORT_MEDIAN, REPORT_ADDED, REPORT_EVENT };

struct report_table {
	char title[160];
	struct report_column *column;
	size_t nr;
	enum report_figure figure;
	const char *event;	/* REPORT_EVENT: the counter */
	bool narrow;		/* no intervals in the cells */
};

struct report_cell {
	struct estimate e;	/* in the unit; NaN: no figure */
	bool contended;
};

/* A row of a table: a generation and lowering. */
struct report_row {
	enum pf_generation generation;
	enum pf_lowering lowering;
};

/**
 * struct report_grid - a table of figures, for a report_sink
 * @cell: row by row
 */
struct report_grid {
	const struct report_table *table;
	enum pf_accessor accessor;
	const char *unit;
	struct report_row *row;
	size_t nr_rows;
	struct report_cell *cell;
};

/**
 * report_table_columns() - collect the columns of a table
 * @want: does a point of the accessor belong in the table?
 *
 * report_table_close() frees the columns. Their heads are population and
 * source. Without memory the table has no columns, and rep->err is set.
 */
void report_table_columns(struct report *rep, struct report_table *t,
			  bool (*want)(const struct point *p, const void *arg),
			  const void *arg);
void report_table_close(struct report_table *t);

/** report_table_print() - print a table, in parts of TEXT_COLUMNS */
void report_table_print(struct report *rep, const struct report_table *t);

/** report_median_cell() - the median of @p; @p may be NULL */
struct report_cell report_median_cell(const struct report *rep,
				      const struct result_point *p);

/** report_event_cell() - a counter of @p, per operation */
struct report_cell report_event_cell(const struct result_point *p,
				     const char *event);

/**
 * report_added_cell() - what @p costs more than @plain, round by round
 * @plain: NULL, or of other rounds: there is no figure
 */
struct report_cell report_added_cell(const struct report *rep,
				     const struct result_point *p,
				     const struct result_point *plain);

/** report_cell_text() - the text of a cell; remembers its marks in @rep */
void report_cell_text(struct report *rep, const struct report_cell *c,
		      bool narrow, char *text, size_t size);

/**
 * report_text_table() - print a table of texts, or pass it to the sink
 * @title: one or more lines
 * @from, @to: columns, as for table_print()
 * Return: 0, or -ENOMEM.
 */
int report_text_table(struct report *rep, const char *title, struct table *t,
		      size_t from, size_t to);

/** report_median_unit() - the name of the unit of medians */
const char *report_median_unit(const struct report *rep);

/**
 * report_json_of() - the figures of a report as JSON
 * @only: this accessor alone; negative: all
 * Return: a new reference; NULL if there is no memory.
 */
json_t *report_json_of(const struct report *rep, int only);

/**
 * report_trust_warning() - print that the figures are not to be trusted
 *
 * Prints nothing unless so few twins were equal that the probability of it is
 * below 1 % where 95 % intervals cover what they should.
 */
void report_trust_warning(FILE *f, const struct result *r);

/** report_trust() - print equal twins and resolution, if the run has them */
void report_trust(FILE *f, const struct result *r);

/** report_trust_json() - add them to a report; null: the run has none */
void report_trust_json(json_t *report, const struct result *r);

/** report_accessor() - print all tables of the points in rep->point */
void report_accessor(struct report *rep);

/**
 * report_threads() - print the tables of points that several threads ran
 * @only: this accessor alone; negative: all
 */
void report_threads(struct report *rep, int only);

/** report_one_thread() - the same point with one thread, or NULL */
const struct result_point *report_one_thread(const struct result *r,
					     const struct point *p);

/**
 * report_primitives() - print the table of primitives
 * @only: this accessor alone; negative: all
 */
void report_primitives(struct report *rep, int only);

#endif
