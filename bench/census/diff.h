/* SPDX-License-Identifier: GPL-2.0 */
/* The change of look-ups and code size by a patch, for its commit message. */
#ifndef PFBENCH_CENSUS_DIFF_H
#define PFBENCH_CENSUS_DIFF_H

#include <stdio.h>

#include "census/aggregate.h"

/* A name with two figures: a count and bytes. */
struct census_change {
	const char *unit;	/* "" for accessors, files and symbols */
	const char *name;
	bool twice;		/* two units have this name */
	int64_t old[2], new[2];
	struct census_sum sum[2];	/* old and new; none for symbols */
};

struct census_changes {
	struct strtab key;	/* matches old and new */
	struct census_change *c;	/* largest growth first */
	size_t nr;
};

/* The sums of scripts/bloat-o-meter, of functions only. */
struct census_bloat {
	size_t add, remove, grow, shrink;
	int64_t up, down;
	int64_t nr[2], bytes[2];	/* symbols, old and new */
};

struct census_diff {
	const struct census *of[2];	/* old and new, each of one file */
	struct census_changes table[CENSUS_NR_BY];	/* not by chain, line */
	struct census_changes symbols;
	struct census_bloat bloat;
};

/**
 * census_diff() - compare two censuses
 * @old: of one file
 * @new: of one file
 * Return: 0; -EINVAL if the architectures differ; -ENOMEM; both with a line in
 * @msg and nothing to free.
 */
int census_diff(struct census_diff *d, const struct census *old,
		const struct census *new, struct errmsg *msg);
void census_diff_free(struct census_diff *d);

/**
 * census_print_diff() - print a difference as text of 72 columns
 * @top: rows per table; 0: all
 * Return: 0, -ENOMEM or -EIO.
 */
int census_print_diff(FILE *f, const struct census_diff *d, size_t top);

#endif
