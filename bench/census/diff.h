/* SPDX-License-Identifier: GPL-2.0 */
/* What a patch did to the look-ups and to the text, for its commit message. */
#ifndef PFBENCH_CENSUS_DIFF_H
#define PFBENCH_CENSUS_DIFF_H

#include <stdio.h>

#include "census/aggregate.h"

/* A name, and two figures of it: how many and how many bytes. */
struct census_change {
	const char *unit;	/* "": of accessors, files and symbols */
	const char *name;
	bool twice;		/* two units have one of that name */
	int64_t old[2], new[2];
	struct census_sum sum[2];	/* old and new; of symbols none */
};

struct census_changes {
	struct strtab key;	/* by which old and new are matched */
	struct census_change *c;	/* what grew most first */
	size_t nr;
};

/* As scripts/bloat-o-meter sums it up, of functions alone. */
struct census_bloat {
	size_t add, remove, grow, shrink;
	int64_t up, down;
	int64_t nr[2], bytes[2];	/* symbols, old and new */
};

struct census_diff {
	const struct census *of[2];	/* old and new, each of one file */
	struct census_changes table[CENSUS_NR_BY];	/* none by chain or line */
	struct census_changes symbols;
	struct census_bloat bloat;
};

/*
 * census_diff() - from @old to @new, each of one file
 * Return: 0; -EINVAL if they are of different architectures; -ENOMEM; with a
 * line in @msg, and nothing to free
 */
int census_diff(struct census_diff *d, const struct census *old,
		const struct census *new, struct errmsg *msg);
void census_diff_free(struct census_diff *d);

/*
 * census_print_diff() - 72 columns
 * @top: so many rows a table; 0: all
 * Return: 0 or -EIO
 */
int census_print_diff(FILE *f, const struct census_diff *d, size_t top);

#endif
