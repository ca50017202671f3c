/* SPDX-License-Identifier: GPL-2.0 */
/* Pages in the order of kinds that a workload visited. */
#ifndef PFBENCH_MEASURE_REPLAY_H
#define PFBENCH_MEASURE_REPLAY_H

#include "data/sequence.h"
#include "pageflags/memmap.h"

/**
 * replay_visits() - choose the pages to visit
 * @map: @nr pages of a mixed memmap with compound pages of @order
 * @visit: room for @s->nr pointers
 *
 * The pages of each kind come in the order of the memmap, again and again.
 *
 * Return: the number of visits.
 */
unsigned long replay_visits(struct pf_page *map, unsigned long nr,
			    unsigned int order, const struct sequence *s,
			    struct pf_page **visit);

#endif
