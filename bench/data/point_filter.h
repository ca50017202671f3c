/* SPDX-License-Identifier: GPL-2.0 */
/* Which points a command is about: a set, and Google Benchmark's filter. */
#ifndef PFBENCH_SELECTION_H
#define PFBENCH_SELECTION_H

#include <stdbool.h>
#include <stddef.h>

#include "data/point.h"
#include "lib/errmsg.h"

struct point_filter {
	struct point *point;	/* group by group */
	size_t nr;
};

/* What of Google Benchmark's flags we have to know ourselves. */
struct gbench_flags {
	bool list_tests;
	const char *filter;		/* NULL: none */
	const char *out_format;		/* NULL: no --benchmark_out */
};

/* Look for them; to be called before gbench_init() takes them away. */
void point_filter_flags(struct gbench_flags *flags, int argc, char **argv);

/*
 * point_filter_open() - the points that were asked for
 * @set: which points. A filter of the default set looks at all points, and one
 *	that is a point's whole name, or several with '|' between, finds it even
 *	where no set has it (mixed:33).
 * @native: with the running kernel's own, which only the module has.
 * Return: 0; -ENOENT with a line in @msg if nothing matches.
 */
int point_filter_open(struct point_filter *s, const struct gbench_flags *flags,
		   enum point_set set, bool native, struct errmsg *msg);
/*
 * point_filter_keep() - leave out the points that @has denies
 * @left_out: the first such point
 * Return: how many were left out.
 */
size_t point_filter_keep(struct point_filter *s,
		      bool (*has)(void *arg, const struct point *p), void *arg,
		      struct point *left_out);
void point_filter_close(struct point_filter *s);

#endif
