/* SPDX-License-Identifier: GPL-2.0 */
/* Medians, intervals, tests: pure functions of arrays, nothing else. */
#ifndef PFBENCH_STATS_H
#define PFBENCH_STATS_H

#include <stdbool.h>
#include <stddef.h>

/* An estimate with its interval; all NaN where there was nothing to go by. */
struct estimate {
	double mid;		/* the median */
	double lo, hi;		/* at least the asked-for confidence */
	size_t n;		/* values that it rests on */
};

/* The median of @v; NaN for @n of 0. @v is not changed; NaNs are left out. */
double stats_median(const double *v, size_t n);

/*
 * stats_estimate() - median with a distribution-free interval
 * @confidence: e.g. 0.95
 *
 * The interval is made of order statistics chosen by the binomial
 * distribution (the sign test turned round), so it needs neither normality
 * nor symmetry. Below 6 values no such 95 % interval exists: lo and hi are
 * then -INFINITY and INFINITY. NaNs in @v are left out.
 */
struct estimate stats_estimate(const double *v, size_t n, double confidence);

/*
 * stats_series() - the same for values in the order in which they were taken
 *
 * Neighbours in time are alike (weather, a neighbour on the core): the
 * interval is widened by as much as they are.
 */
struct estimate stats_series(const double *v, size_t n, double confidence);

/* stats_series() of a[i] - b[i], over the i where neither is NaN. */
struct estimate stats_paired_difference(const double *a, const double *b,
					size_t n, double confidence);

/*
 * stats_ratio() - median(b) / median(a) with an interval, for unpaired
 * samples: a percentile bootstrap with a fixed seed, so that the same files
 * give the same answer.
 */
struct estimate stats_ratio(const double *a, size_t na, const double *b,
			    size_t nb, double confidence);

/*
 * stats_mann_whitney() - two-sided p-value that @a and @b come from one
 * distribution; normal approximation with tie and continuity correction from
 * 8 values a side on, exact below where there are no ties. NaN if either is
 * empty. (Mann and Whitney 1947.)
 */
double stats_mann_whitney(const double *a, size_t na, const double *b,
			  size_t nb);

/*
 * stats_poisson() - the mean of a Poisson variable of which @count was seen
 *
 * The exact interval (Garwood 1936). Of nothing, the one-sided bound instead:
 * 3.0 at 95 %, the rule of three.
 */
struct estimate stats_poisson(double count, double confidence);

/* Events counted in parts of a whole, by what each part exposed to them. */
struct scatter {
	double count, exposure, squares;
	unsigned int parts;
};

void stats_scatter_add(struct scatter *s, double count, double exposure);

/*
 * stats_dispersion() - how many times the variance of Poisson's these parts have
 *
 * Pearson's chi-squared by its degrees of freedom; 1 where it is less than that.
 * NaN with fewer than two parts, or no event.
 */
double stats_dispersion(const struct scatter *s);

/* Holm's step-down correction of @n p-values, in place. (Holm 1979.) */
void stats_holm(double *p, size_t n);

#endif
