/* SPDX-License-Identifier: GPL-2.0 */
/* The figures of llvm-mca for an accessor, path by path and CPU by CPU. */
#ifndef PFBENCH_CODE_MCA_ROWS_H
#define PFBENCH_CODE_MCA_ROWS_H

#include <stdio.h>

#include "code/mca.h"

#define MCA_MAX_CPUS 16
#define MCA_MAX_NOTES 26		/* a letter each */

struct mca_query {
	enum pf_accessor accessor;
	enum code_usage usage;
	unsigned long generations;	/* bits; 0: all that differ */
	const struct mca_cpu *cpu[MCA_MAX_CPUS];
	size_t nr_cpus;
};

/* A path, the pages that take it, and the figures as text. */
struct mca_row {
	struct code_use use;
	unsigned int pages;		/* bits of enum code_page */
	const struct code_path *path;
	char excluded[96];		/* "n/a (barrier: ...)"; "": it has
					   figures */
	char cell[2][MCA_MAX_CPUS][16];	/* throughput, latency; "n/a" */
};

struct mca_rows {
	const struct mca *mca;
	struct code *code;
	struct mca_query query;
	struct mca_row *row;
	size_t nr;
	char note[MCA_MAX_NOTES][128];	/* a, b, ... in the cells */
	size_t nr_notes;
};

/**
 * mca_rows_open() - compile, trace and predict
 * Return: 0; a negative errno with a line in @msg; -EINTR. mca_rows_close()
 * must be called in any case; it does not close @code.
 */
int mca_rows_open(struct mca_rows *m, const struct mca *mca, struct code *code,
		  const struct mca_query *query, struct errmsg *msg);
void mca_rows_close(struct mca_rows *m);

/** mca_has_latency() - is there a value on which the next page can depend? */
bool mca_has_latency(const struct mca_query *query);

#define MCA_LABEL 18			/* longest name of a generation */

/** mca_row_label() - generation and lowering, without those of the row above */
void mca_row_label(const struct code_use *use, const struct code_use *above,
		   char *label, size_t size);

/** mca_print() - print a heading and the tables; 0 or -ENOMEM */
int mca_print(FILE *f, const struct mca_rows *m);
/**
 * mca_json() - the figures of the tables; pfbench-model(1) has the schema
 * Return: a new reference, with an empty array "measured"; NULL without memory.
 */
json_t *mca_json(const struct mca_rows *m);
/** mca_print_limits() - print what the model leaves out */
void mca_print_limits(FILE *f);

#endif
