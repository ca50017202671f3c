/* SPDX-License-Identifier: GPL-2.0 */
/* Compare counted instructions with the path through the compiled loop. */
#ifndef PFBENCH_CODE_CHECK_COUNTS_H
#define PFBENCH_CODE_CHECK_COUNTS_H

#include "code/code.h"
#include "data/result.h"

/* A count that is not equal to the path. */
struct code_difference {
	const struct result_point *point;
	double path;			/* instructions per operation; NaN:
					   there is no such loop */
};

struct code_check {
	size_t checked;
	size_t left_out;		/* points without a single path: mixed
					   pages, the running kernel's own, and
					   fake heads */
	struct code_difference *differ;
	size_t nr;			/* of @differ */
};

/**
 * code_check_counts() - compare each count of @r with the path through its loop
 *
 * Both are net of the empty loop.
 *
 * Return: 0, @check is filled in; a negative errno with a line in @msg.
 * code_check_close() must be called in any case.
 */
int code_check_counts(struct code *code, const struct result *r,
		      struct code_check *check, struct errmsg *msg);
/** code_check_print() - print the differences, one per line, and a summary */
void code_check_print(FILE *f, const struct code_check *check);
void code_check_close(struct code_check *check);

#endif
