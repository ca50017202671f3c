/* SPDX-License-Identifier: GPL-2.0 */
/* How many struct pages a point is about: the same for every backend. */
#ifndef PFBENCH_WORKING_SET_H
#define PFBENCH_WORKING_SET_H

#include <stdbool.h>

#include "data/point.h"
#include "machine/topology.h"
#include "lib/errmsg.h"

#define VISITS_SEED 20150805	/* of the mail that this is about */

/*
 * Where pages and list lie alone makes some per cent, by rules of the way
 * predictor that nobody publishes: rounds go through this many places, so that
 * the median is that of most.
 */
#define HOT_PLACES 16

/*
 * working_set_span() - how many struct pages the working set of @p spans
 * @exact: where no cache has to hold them
 * Return: 0; -ENOTSUP if the machine has no such cache, -ENOMEM if it will not
 * fit, both with a line in @msg.
 */
int working_set_span(const struct cache_sizes *caches, const struct point *p,
		     bool exact, unsigned long *span, struct errmsg *msg);

/*
 * Room for visits that a population of @span struct pages wants; @exact: where
 * no branch predictor has to be kept from learning them.
 */
unsigned long working_set_visits(const struct point *p, unsigned long span,
				 bool exact);

/* In how many places, at most HOT_PLACES. */
unsigned int working_set_places(const struct point *p, bool exact);

/*
 * Can @b use the population of @a? The accessor does not matter, and
 * generations take turns on the same pages, marked anew. So they have the same
 * addresses, which alone can make half a per cent (cache sets and ways). Only
 * memory is too much to mark again and again. Real pages are never marked.
 */
bool working_set_shared(const struct point *a, const struct point *b);

#endif
