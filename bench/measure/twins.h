/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A/A twins: in one group in ten, the first point is sampled twice. The two
 * must come out equal, and their difference tells what the run can resolve.
 */
#ifndef PFBENCH_MEASURE_TWINS_H
#define PFBENCH_MEASURE_TWINS_H

#include <stdbool.h>
#include <stddef.h>

#include "data/point.h"
#include "lib/stats.h"

/*
 * A difference of so many standard errors is found in 95 % of runs (1.645) by a
 * two-sided test that is wrong in 5 % (1.960).
 */
#define TWINS_FALSE 1.960
#define TWINS_MISSED 1.645

/**
 * struct twins - the twins of a run
 * @groups: groups so far, by form
 * @measured: twins with quiet rounds and an interval
 * @equal: of these, those with zero in the interval of their difference
 * @resolves: differences that @nr hot twins resolve in a second, by form
 */
struct twins {
	unsigned long groups[PF_NR_FORMS];
	unsigned long measured, equal;
	double *resolves[PF_NR_FORMS];
	size_t nr[PF_NR_FORMS];
};

/** twins_due() - does the next group of @form carry a twin? */
bool twins_due(struct twins *t, enum pf_form form);

/**
 * twins_add() - record a difference of twins
 * @difference: 95 % interval, which @floor widens on either side
 * @seconds: that sampling the two and the empty loop took
 * Return: 0; -ENOMEM.
 */
int twins_add(struct twins *t, const struct point *p,
	      const struct estimate *difference, double floor, double seconds);

/**
 * twins_resolution() - the smallest difference that is resolved in a second
 * Return: cycles, the median of all hot twins; NaN: no such twin.
 */
double twins_resolution(const struct twins *t, enum pf_form form);

void twins_free(struct twins *t);

#endif
