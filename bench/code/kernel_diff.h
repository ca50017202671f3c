/* SPDX-License-Identifier: GPL-2.0 */
/* The uses of accessors that two kernels' builds compiled, compared. */
#ifndef PFBENCH_CODE_KERNEL_DIFF_H
#define PFBENCH_CODE_KERNEL_DIFF_H

#include <stdio.h>

#include "code/code.h"

struct code_object;

enum { CODE_OLD, CODE_NEW };
/* One use of an accessor, from kmod/native_uses.c. */
struct code_kernel_use {
	enum pf_accessor accessor;
	const struct code_listing *of[2];	/* NULL: the kernel lacks it */
	bool changed;			/* more than addresses and registers */
};

struct code_kernel_diff {
	const struct code_arch *arch;
	struct code_object *object[2];
	struct code_kernel_use use[PF_NR_ACCESSORS];
	size_t nr, nr_changed;
};

/**
 * code_kernel_diff() - read and compare two objects
 * @path: old and new, compiled from kmod/native_uses.c
 * Return: 0; a negative errno with a line in @msg. code_kernel_diff_free() must
 * be called in any case.
 */
int code_kernel_diff(struct code_kernel_diff *d, const struct code_arch *arch,
		     const char *const path[2], struct errmsg *msg);
void code_kernel_diff_free(struct code_kernel_diff *d);

/**
 * code_kernel_print_table() - print counts of the uses that changed, and the
 *	names of the others
 * code_kernel_print_use() - print both listings of a use
 * Return: 0, or -ENOMEM.
 */
int code_kernel_print_table(FILE *f, const struct code_kernel_diff *d);
int code_kernel_print_use(FILE *f, const struct code_kernel_diff *d,
			  const struct code_kernel_use *use);

#endif
