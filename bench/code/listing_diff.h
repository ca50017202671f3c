/* SPDX-License-Identifier: GPL-2.0 */
/* The instructions that two listings have in common. */
#ifndef PFBENCH_CODE_LISTING_DIFF_H
#define PFBENCH_CODE_LISTING_DIFF_H

#include "code/code.h"

/* A row: an instruction of each listing, or of one (the other is -1). */
struct code_row {
	long a, b;
};

/*
 * Rows in order. The first @head and the last @tail rows are the same in both
 * listings, except for addresses, and for registers if each register of @a
 * corresponds to one of @b throughout. Rows between hold two instructions if
 * these are equal in this sense on their own.
 */
struct code_diff {
	struct code_row *row;
	size_t nr, head, tail;
};

/**
 * code_diff() - compare two listings
 *
 * code_diff_free() must be called after success.
 *
 * Return: 0 or -ENOMEM.
 */
int code_diff(struct code_diff *d, const struct code_listing *a,
	      const struct code_listing *b);
void code_diff_free(struct code_diff *d);

#endif
