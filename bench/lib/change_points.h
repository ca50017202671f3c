/* SPDX-License-Identifier: GPL-2.0 */
/* Changes of the level of a series. */
#ifndef PFBENCH_LIB_CHANGE_POINTS_H
#define PFBENCH_LIB_CHANGE_POINTS_H

#include <stddef.h>

/* The least values on each side of a change point. */
#define CHANGE_LEAST 2

/**
 * struct change_point - a change between value @at - 1 and value @at
 * @from, @to: the 95 % interval of @at
 * @p: of the permutation test
 */
struct change_point {
	size_t at, from, to;
	double p;
};

/**
 * change_points() - find the changes of the level of a series
 * @v: @n values, none of them NaN
 * @level: significance of each test, e.g. 0.05
 * @c: takes the changes in the order of the series; room for @n
 *
 * E-divisive with means: Matteson and James 2014, "A nonparametric approach for
 * multiple change point analysis of multivariate data", JASA 109, with their
 * alpha of 1. Each step splits one segment where the energy distance of its two
 * parts is largest over all segments, and permutes the values within each
 * segment to test whether chance gives as large a distance. The right part may
 * end before its segment does. MongoDB finds changes of its performance in this
 * way (Daly et al. 2020, ICPE). Neither normality nor a number of changes is
 * assumed.
 *
 * The interval of the place is the bootstrap of Antoch, Huskova and Veraverbeke
 * 1995, "Change-point problem and bootstrap": residuals of both sides are
 * resampled, and the place is searched again.
 *
 * The random numbers have a fixed seed: equal input gives equal output.
 *
 * Return: the number of changes; -ENOMEM.
 */
long change_points(const double *v, size_t n, double level,
		   struct change_point *c);

/**
 * change_points_least_p() - the least p-value that @n values can have
 *
 * The share of all permutations that leave both halves of the values on their
 * side, or exchange them. change_points() finds nothing if this is above its
 * level.
 */
double change_points_least_p(size_t n);

#endif
