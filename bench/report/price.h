/* SPDX-License-Identifier: GPL-2.0 */
/* The price of a workload's look-ups: counts times measured differences. */
#ifndef PFBENCH_REPORT_PRICE_H
#define PFBENCH_REPORT_PRICE_H

#include <jansson.h>
#include <stdio.h>

#include "data/result.h"

/* Kinds of pages, then the recorded sequence. */
enum price_pages {
	PRICE_SMALL, PRICE_HEAD, PRICE_TAIL, PRICE_REPLAY, PRICE_NR_PAGES
};

/**
 * struct price_query - what is asked for
 * @workload: a file of pfbench workload; @result: the costs
 * @accessor: stands for all look-ups
 * @old, @new: generations
 * @op_ns: times of one operation of the workload on the machine of @result, in
 *	ns; may be NULL
 */
struct price_query {
	const json_t *workload;
	const struct result *result;
	enum pf_accessor accessor;
	enum pf_generation old, new;
	const double *op_ns;
	size_t nr_op_ns;
};

/**
 * struct price_row - look-ups on one kind of page, per operation
 * @per_op: how many
 * @each: new minus old, in cycles per look-up
 * @contended: one of the two was contended
 */
struct price_row {
	bool has, contended;
	double per_op;
	struct estimate each;
};

/**
 * struct price - the answer of one mode
 * @row: of the kinds of pages, and of the sequence if the result has one
 * @sum: cycles per operation: by the sequence if there is one, else by the
 *	kinds; the bounds are sums of bounds
 * @by_replay: the sequence was used
 * @per_cent: of the cycles of an operation; no interval without @op_ns
 */
struct price {
	struct price_row row[PRICE_NR_PAGES];
	struct estimate sum, per_cent;
	bool by_replay;
};

/**
 * price_of() - set @price
 * Return: 0; -ENOENT with a line in @msg that names the point that the result
 * lacks; -EINVAL if its unit cannot be cycles, or for a file that is none of
 * pfbench workload.
 */
int price_of(const struct price_query *q, enum pf_form form,
	     struct price *price, struct errmsg *msg);

/** price_print() - both modes as a table for a mail; 0 or as price_of() */
int price_print(FILE *out, const struct price_query *q, struct errmsg *msg);

#endif
