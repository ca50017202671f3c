/* SPDX-License-Identifier: GPL-2.0 */
/* The points that a command works on: a set, and a filter. */
#ifndef PFBENCH_DATA_POINT_FILTER_H
#define PFBENCH_DATA_POINT_FILTER_H

#include <stdbool.h>
#include <stddef.h>

#include "data/point.h"
#include "lib/errmsg.h"

struct point_filter {
	struct point *point;	/* group by group */
	size_t nr;
};

/**
 * point_filter_open() - select points
 * @set: the points to choose from. A filter of the default set looks at all
 *	points. A filter that is the full name of a point, or several of them
 *	with '|' between, selects that point even if no set has it (mixed:33).
 * @native: include the running kernel's own, which only the module has
 * @filter: for messages; NULL: all of @set
 * @matches: 1 if the filter selects a point of that name, 0 if not, or a
 *	negative errno if the filter is no regular expression
 *
 * Return: 0; -ENOENT with a line in @msg if nothing matches; the errno of
 * @matches; -ENOMEM.
 */
int point_filter_open(struct point_filter *s, enum point_set set, bool native,
		      const char *filter, int (*matches)(const char *name),
		      struct errmsg *msg);

/**
 * point_filter_open_threads() - the same for points that threads run
 * @list: each point is taken with each of these
 * @all: of all points, which a filter asks for too
 */
int point_filter_open_threads(struct point_filter *s,
			      const struct thread_list *list, bool all,
			      bool native, const char *filter,
			      int (*matches)(const char *name),
			      struct errmsg *msg);

/** point_filter_open_replay() - the same for points_of_replay() */
int point_filter_open_replay(struct point_filter *s, unsigned int nr,
			     const char *filter,
			     int (*matches)(const char *name),
			     struct errmsg *msg);
void point_filter_close(struct point_filter *s);

/**
 * point_filter_keep() - leave out the points for which @keep returns false
 * @left_out: set to the first of these points
 * Return: how many were left out.
 */
size_t point_filter_keep(struct point_filter *s,
			 bool (*keep)(void *arg, const struct point *p),
			 void *arg, struct point *left_out);

/** point_filter_print() - names to standard output, one per line */
void point_filter_print(const struct point_filter *s);

#endif
