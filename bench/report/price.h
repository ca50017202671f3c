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
 * @op: cycles of one operation on the machine of @result; NaN: not known
 */
struct price_query {
	const json_t *workload;
	const struct result *result;
	enum pf_accessor accessor;
	enum pf_generation old, new;
	struct estimate op;
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
 * @per_cent: of the cycles of an operation; NaN without @op
 */
struct price {
	struct price_row row[PRICE_NR_PAGES];
	struct estimate sum, per_cent;
	bool by_replay;
};

/**
 * price_of() - set @price
 * Return: 0; -ENOENT with a line in @msg that names the point that the result
 * lacks; -EINVAL if its unit cannot be cycles.
 */
int price_of(const struct price_query *q, enum pf_form form,
	     struct price *price, struct errmsg *msg);

/** price_op_cycles() - cycles of an operation from its times, in ns */
struct estimate price_op_cycles(const struct result *result, const double *ns,
				size_t nr);

/** price_print() - both modes as a table for a mail; 0 or as price_of() */
int price_print(FILE *out, const struct price_query *q, struct errmsg *msg);

/**
 * struct price_kernel - a kernel whose look-ups were counted and measured
 * @workload: a result of pfbench workload
 * @result: has the kernel's own accessors (native)
 */
struct price_kernel {
	const json_t *workload;
	const struct result *result;
};

/**
 * price_kernels_print() - the predicted difference of two kernels beside the
 *	counted one
 * @kernel: old and new
 *
 * Return: 0; a negative errno with a line in @msg: -EINVAL if the two workloads or
 * units differ; -ENOENT if a result lacks a point.
 */
int price_kernels_print(FILE *out, const struct price_kernel kernel[2],
			enum pf_accessor accessor, struct errmsg *msg);

#endif
