/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Accessors by generation and architecture: a column per result file, counts
 * file or code table, a row per generation and lowering.
 */
#ifndef PFBENCH_REPORT_MATRIX_H
#define PFBENCH_REPORT_MATRIX_H

#include <stdio.h>

#include "code/table.h"
#include "data/result.h"

enum matrix_metric {
	MATRIX_INSTRUCTIONS, MATRIX_BRANCHES, MATRIX_SELECTS, MATRIX_BARRIERS,
	MATRIX_NS, MATRIX_CYCLES, MATRIX_NR_METRICS
};

/* The origin of a metric's figures in one column. */
enum matrix_source {
	MATRIX_NOWHERE,		/* not available */
	MATRIX_CLOCK,		/* the clock of the run: time or instructions */
	MATRIX_COUNTER,		/* a hardware counter */
	MATRIX_ESTIMATE,	/* cycles, from the latency of an add */
	MATRIX_CODE,		/* a path through compiled code */
};

/**
 * struct matrix_request - what is shown
 * @accessor: in the order of the tables. If @nr_accessors is 0, the four
 *	accessors of the default as far as the files have them, and with
 *	@every_accessor all other accessors behind them
 * @arch: the shown architectures; all if @nr_archs is 0
 * @every_kernel: also guests that differ in an older kernel only
 */
struct matrix_request {
	enum pf_accessor accessor[PF_NR_ACCESSORS];
	size_t nr_accessors;
	bool every_accessor;
	enum pf_population population[PF_MIXED];
	size_t nr_populations;
	enum matrix_metric metric[MATRIX_NR_METRICS];
	size_t nr_metrics;
	enum pf_form form;
	const struct code_arch *arch[CODE_NR_ARCHS];
	size_t nr_archs;
	bool every_kernel;
};

#define MATRIX_HEADS 3

struct matrix_cell;

/**
 * struct matrix_column - a result, or a code table without a result
 * @measured: @result is valid
 * @code: code by the compiler of @result, or alone; NULL if there is none
 * @arch: our name of the architecture, or the file's own
 * @compiler: "gcc 14.2.0"
 * @head: architecture; release, host or compiler; backend
 * @reason: why @source is MATRIX_NOWHERE
 * @cell: see matrix_internal.h
 */
struct matrix_column {
	bool measured;
	struct result result;
	const struct code_table *code;
	const char *path;
	char arch[16];
	char compiler[64];
	char head[MATRIX_HEADS][16];
	enum matrix_source source[MATRIX_NR_METRICS];
	char reason[MATRIX_NR_METRICS][256];
	struct matrix_cell *cell;
};

/**
 * struct matrix - columns by architecture, then in the order of the files
 * @column: @nr that are shown, then @nr_left_out that are not: first
 *	@nr_other_archs of architectures that were not requested, then those of
 *	an older kernel
 */
struct matrix {
	struct matrix_request request;
	struct matrix_column *column;
	size_t nr;
	size_t nr_left_out, nr_other_archs;
	struct code_table *table;
	size_t nr_tables;
};

/** matrix_metric_name() - "instructions", "branches", ... */
const char *matrix_metric_name(enum matrix_metric metric);

/**
 * matrix_load() - read files into columns
 * @paths: @nr result files, counts files and code tables in any order
 *
 * matrix_free() must be called even after an error.
 *
 * Return: 0, or a negative errno with a line in @msg: the errors of
 * result_load() and code_table_load(); -EINVAL for two files of one column, a
 * file without any requested point, a metric that no file has.
 */
int matrix_load(struct matrix *m, const struct matrix_request *request,
		size_t nr, char **paths, struct errmsg *msg);
void matrix_free(struct matrix *m);

/**
 * matrix_print() - print tables of at most TEXT_COLUMNS columns, for a mail
 * Return: 0, or -ENOMEM.
 */
int matrix_print(FILE *f, const struct matrix *m);

/**
 * matrix_print_json() - print the figures as JSON; see pfbench-matrix(1)
 * Return: 0, -ENOMEM or -EIO.
 */
int matrix_print_json(FILE *f, const struct matrix *m);

/**
 * matrix_write() - write the data of plots/matrix.gp for one accessor
 *
 * The plot shows the first metric; the other metrics are there for people.
 */
void matrix_write(FILE *f, const struct matrix *m, enum pf_accessor acc);

#endif
