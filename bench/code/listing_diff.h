/* SPDX-License-Identifier: GPL-2.0 */
/* What two listings have in common. */
#ifndef PFBENCH_CODE_DIFF_H
#define PFBENCH_CODE_DIFF_H

#include "code/code.h"

/* A row of both: an instruction of each, or of one (the other is -1). */
struct code_row {
	long a, b;
};

/*
 * Rows in order. The first @head and the last @tail of them are the same in
 * both: but for addresses, and for registers if each one of @a has one of @b
 * throughout. In between, rows that are alike by themselves hold both.
 */
struct code_diff {
	struct code_row *row;
	size_t nr, head, tail;
};

/* Return: 0 or -ENOMEM. */
int code_diff(struct code_diff *d, const struct code_listing *a,
	      const struct code_listing *b);
void code_diff_free(struct code_diff *d);

#endif
