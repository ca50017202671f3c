/* SPDX-License-Identifier: GPL-2.0 */
/* A result file as tables for a plain-text mail. */
#ifndef PFBENCH_REPORT_REPORT_H
#define PFBENCH_REPORT_REPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "data/result.h"
#include "lib/errmsg.h"
#include "report/format.h"

/**
 * struct report_options - what a report shows
 * @unit: of times
 * @accessor: this accessor alone; negative: all
 * @separate: print an empty line first
 */
struct report_options {
	enum unit unit;
	int accessor;
	bool separate;
};

/**
 * report_print() - print a report of at most TEXT_COLUMNS columns
 *
 * Return: 0; -EINVAL with a line in @msg, before anything is printed, if @r
 * has no points of the accessor or no length of a cycle; -ENOMEM with a line.
 */
int report_print(FILE *f, const struct result *r,
		 const struct report_options *options, struct errmsg *msg);

/**
 * report_json() - append the figures of a report to @reports
 *
 * pfbench-report(1) documents the object.
 *
 * Return: as report_print().
 */
int report_json(json_t *reports, const struct result *r,
		const struct report_options *options, struct errmsg *msg);

struct report_grid;
struct table;

/**
 * struct report_sink - takes the tables of a report as cells
 * @figures: takes a table of figures; see report_table.h
 * @text: takes any other table, of texts; its first row is the head
 *
 * Both return 0 or -ENOMEM.
 */
struct report_sink {
	void *arg;
	int (*figures)(void *arg, const struct report_grid *grid);
	int (*text)(void *arg, const char *title, const struct table *table);
};

/**
 * report_cells() - pass the tables of a report to @sink
 * @f: takes the text around the tables
 *
 * Return: as report_print().
 */
int report_cells(FILE *f, const struct report_sink *sink,
		 const struct result *r, const struct report_options *options,
		 struct errmsg *msg);

#endif
