/* SPDX-License-Identifier: GPL-2.0 */
/* The number of struct pages of a working set, for all backends. */
#ifndef PFBENCH_MEASURE_WORKING_SET_H
#define PFBENCH_MEASURE_WORKING_SET_H

#include <stdbool.h>

#include "data/point.h"
#include "lib/errmsg.h"
#include "machine/topology.h"

#define VISITS_SEED 20150805

/*
 * The addresses of pages and list alone make some per cent (undocumented
 * rules of the way predictor). Rounds use this many places in turn, so that
 * the median is that of most places.
 */
#define HOT_PLACES 16

/**
 * working_set_span() - struct pages of the working set of @p
 * @exact: instructions are counted: no cache has to hold the pages
 * Return: 0; with a line in @msg -ENOTSUP if the machine has no such cache,
 * -ENOMEM if the working set does not fit in free memory.
 */
int working_set_span(const struct cache_sizes *caches, const struct point *p,
		     bool exact, unsigned long *span, struct errmsg *msg);

/**
 * working_set_visits() - most visits that a population can have
 * @span: from working_set_span()
 * @exact: no branch predictor has to be kept from learning the visits
 */
unsigned long working_set_visits(const struct point *p, unsigned long span,
				 bool exact);

/** working_set_places() - number of places in memory, 1 or HOT_PLACES */
unsigned int working_set_places(const struct point *p, bool exact);

/**
 * working_set_shared() - can @b use the population of @a?
 *
 * All generations use the same pages, which are marked again for each:
 * addresses alone can make half a per cent (cache sets and ways). A working
 * set in memory is too large to be marked again, and real pages never are.
 */
bool working_set_shared(const struct point *a, const struct point *b);

#endif
