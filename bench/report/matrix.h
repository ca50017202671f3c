/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Architectures across, generations down: what several files tell of the same
 * accessors. Reads result files, counts files and code tables.
 */
#ifndef PFBENCH_MATRIX_H
#define PFBENCH_MATRIX_H

#include <stdio.h>

#include "code/table.h"
#include "data/result.h"

enum matrix_metric {
	MATRIX_INSTRUCTIONS, MATRIX_BRANCHES, MATRIX_SELECTS, MATRIX_BARRIERS,
	MATRIX_NS, MATRIX_CYCLES, MATRIX_NR_METRICS
};

/* Where a column has a metric from. */
enum matrix_source {
	MATRIX_NOWHERE,
	MATRIX_CLOCK,		/* the run's, be it of time or of instructions */
	MATRIX_COUNTER,
	MATRIX_ESTIMATE,	/* cycles by the length of a dependent add */
	MATRIX_CODE,		/* a path through compiled code */
};

/* What is asked for. */
struct matrix_request {
	/* none: the usual ones, as far as there are points of them */
	enum pf_accessor accessor[PF_NR_ACCESSORS];
	size_t nr_accessors;
	bool every_accessor;
	enum pf_population population[PF_MIXED];
	size_t nr_populations;
	enum matrix_metric metric[MATRIX_NR_METRICS];
	size_t nr_metrics;
	enum pf_form form;
};

#define MATRIX_HEADS 3

struct matrix_cell;

/* A result, with the code of its compiler beside it; or such code alone. */
struct matrix_column {
	bool measured;
	struct result result;		/* if measured */
	const struct code_table *code;	/* NULL: none */
	const char *path;
	char arch[16];			/* our name, or the file's own */
	char compiler[64];		/* "gcc 14.2.0" */
	/* one above the other: architecture; release, host or compiler;
	   backend */
	char head[MATRIX_HEADS][16];
	enum matrix_source source[MATRIX_NR_METRICS];
	char reason[MATRIX_NR_METRICS][256];	/* of NOWHERE */
	struct matrix_cell *cell;	/* what is known of each row */
};

/* A row: of an accessor, a generation and lowering. */
struct matrix_row {
	enum pf_accessor accessor;
	enum pf_generation generation;
	enum pf_lowering lowering;
};

/* Per operation; mid is NaN where there is nothing. */
struct matrix_figure {
	struct estimate e;
	bool contended;
};

struct matrix {
	struct matrix_request ask;
	struct matrix_column *column;	/* by architecture, then as they came */
	size_t nr;
	struct code_table *table;
	size_t nr_tables;
};

/* "instructions", ... */
const char *matrix_metric_name(enum matrix_metric metric);
const char *matrix_population_name(enum pf_population pop);

/*
 * matrix_load() - read files and put them side by side
 * Return: 0, or a negative errno with a line in @msg: what result_load() and
 * code_table_load() refuse, two files of one column, a file with nothing of
 * what is asked for, a metric that no file has. matrix_free() is called for in
 * any case.
 */
int matrix_load(struct matrix *m, const struct matrix_request *ask, size_t nr,
		char **paths, struct errmsg *msg);
void matrix_free(struct matrix *m);

struct matrix_figure matrix_figure(const struct matrix *m,
				   const struct matrix_column *c,
				   const struct matrix_row *row,
				   enum pf_population pop,
				   enum matrix_metric metric);

/*
 * The same less what the plain bit operation takes, which the look-up is on
 * top of; of a look-up alone, which has none below it, all of it.
 */
double matrix_added(const struct matrix *m, const struct matrix_column *c,
		    const struct matrix_row *row, enum pf_population pop,
		    enum matrix_metric metric);

/* Has any column anything that is asked for there? */
bool matrix_has_row(const struct matrix *m, const struct matrix_row *row);

/* What a mail shows: at most 72 columns wide, of ASCII. -1: out of memory */
int matrix_print(FILE *f, const struct matrix *m);
/* What matrix.gp reads: of the first metric, and the others for people. */
void matrix_write(FILE *f, const struct matrix *m);

#endif
