/* SPDX-License-Identifier: GPL-2.0 */
/* Comparing counts: no interval, no test, each is the same or is not. */
#ifndef PFBENCH_COMPARE_EXACT_H
#define PFBENCH_COMPARE_EXACT_H

#include <stdbool.h>
#include <stddef.h>

#include "result.h"

/* Is it counted (counts.h), not sampled? */
bool result_is_exact(const struct result *r);

enum exact_change { COUNT_CHANGED, COUNT_GONE, COUNT_NEW };

/* A point that is not the same in both; of one that is gone, no @b. */
struct exact_difference {
	enum exact_change change;
	const struct result_point *a, *b;
};

/*
 * compare_exact() - which points of two exact results differ
 * @d: the differences, in the order of @a and then of @b; to be freed
 * A count is the same if it is no further away than the coarser of both can
 * tell.
 * Return: how many, or -ENOMEM.
 */
long compare_exact(const struct result *a, const struct result *b,
		   struct exact_difference **d);

#endif
