/* SPDX-License-Identifier: GPL-2.0 */
/* Shared by the compare*.c files. */
#ifndef PFBENCH_REPORT_COMPARE_INTERNAL_H
#define PFBENCH_REPORT_COMPARE_INTERNAL_H

#include "lib/table.h"
#include "report/compare.h"

/* compare.c */

/**
 * compare_check_sides() - choose the unit of both sides
 * Return: 0; -EINVAL with a line in @msg if they have different units.
 */
int compare_check_sides(struct comparison *c, enum unit asked,
			struct errmsg *msg);

/**
 * compare_estimate() - pair the points of both sides, without verdicts
 * Return: 0, or -ENOMEM.
 */
int compare_estimate(struct comparison *c);

/* compare_judge.c */

/**
 * compare_judge() - give each pair a verdict
 * @c: @nr comparisons. Holm's correction is over all pairs of all of them.
 * Return: 0, or -ENOMEM.
 */
int compare_judge(struct comparison *c, size_t nr);

/* compare_print.c */

/**
 * compare_block_name() - the name of a block of rows
 *
 * The name of a point, with a star for the part in which its rows differ.
 */
void compare_block_name(const struct point *p, char *name, size_t size);

/**
 * compare_label_cell() - the first cell of a row
 * @above: generation of the row above, which this updates
 *
 * A forced lowering is indented below its generation, which has a row of its
 * own if no row above names it.
 */
void compare_label_cell(struct table *text, const struct point *p,
			enum pf_generation *above);

/** compare_print_differs() - print in which properties @b differs from @a */
void compare_print_differs(FILE *f, const char *where, const struct result *a,
			   const struct result *b);

/* compare_export.c */

json_t *compare_pair_json(const struct compare_pair *p);
json_t *compare_counts_json(const struct comparison *c);

#endif
