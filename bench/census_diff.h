/* SPDX-License-Identifier: GPL-2.0 */
/* What a patch did to the look-ups and to the text, for its commit message. */
#ifndef PFBENCH_CENSUS_DIFF_H
#define PFBENCH_CENSUS_DIFF_H

#include <stdio.h>

#include "census.h"

/*
 * census_print_diff() - from @old to @new, each of one file, 72 columns
 * @top: so many rows a table; 0: all
 * Return: 0; -EINVAL if they are of different architectures; -ENOMEM; -EIO; with
 * a line in @why
 */
int census_print_diff(FILE *f, const struct census *old,
		      const struct census *new, size_t top, struct why *why);

#endif
