/* SPDX-License-Identifier: GPL-2.0 */
/* Medians, intervals and tests: functions of arrays, without side effects. */
#ifndef PFBENCH_LIB_STATS_H
#define PFBENCH_LIB_STATS_H

#include <stdbool.h>
#include <stddef.h>

/* The confidence of every interval in results and views. */
#define STATS_CONFIDENCE 0.95

/**
 * struct estimate - an estimate with its interval
 * @mid: the median, or the count of stats_poisson()
 * @lo, @hi: cover the true value with at least the requested confidence
 * @n: values used
 *
 * @mid, @lo and @hi are NaN if there was no value.
 */
struct estimate {
	double mid;
	double lo, hi;
	size_t n;
};

/**
 * stats_median() - median of @v without its NaNs
 * Return: the median; NaN if there is no value.
 */
double stats_median(const double *v, size_t n);

/**
 * stats_quantiles() - quantiles of @v without its NaNs
 * @share: of each quantile, from 0 to 1; @nr of them
 * @out: takes the values, linear between the two nearest order statistics
 *	(type 7 of Hyndman and Fan 1996); NaN if there is no value
 */
void stats_quantiles(const double *v, size_t n, const double *share, size_t nr,
		     double *out);

/** stats_sort() - sort in rising order; no value may be NaN */
void stats_sort(double *v, size_t n);

/**
 * stats_estimate() - median with a distribution-free interval
 * @v: NaNs are left out
 * @confidence: e.g. 0.95
 *
 * The bounds are order statistics, chosen by the binomial distribution (the
 * inverted sign test), so neither normality nor symmetry is assumed. Fewer
 * than 6 values have no such 95 % interval: its bounds are then infinite.
 */
struct estimate stats_estimate(const double *v, size_t n, double confidence);

/**
 * stats_series() - stats_estimate() of a time series
 *
 * Values that follow each other resemble each other, for example while another
 * thread shares the core. The interval is widened by their autocorrelation.
 */
struct estimate stats_series(const double *v, size_t n, double confidence);

/**
 * stats_paired_difference() - stats_series() of a[i] - b[i]
 *
 * Pairs with a NaN are left out.
 */
struct estimate stats_paired_difference(const double *a, const double *b,
					size_t n, double confidence);

/**
 * stats_unpaired_difference() - b minus a, of unpaired samples
 *
 * The bounds are after Zou and Donner 2008, who recover variances from the
 * bounds of each. They hold for paired samples that rise and fall together,
 * too, where they are wider than those of the pairs.
 */
struct estimate stats_unpaired_difference(const struct estimate *a,
					  const struct estimate *b);

/**
 * stats_ratio() - median(b) / median(a) of unpaired samples
 *
 * The interval is a percentile bootstrap with a fixed seed: equal input gives
 * equal output. Its bounds are infinite if a sample is too small for a 95 %
 * interval of its own, or resampled medians of @a reach zero.
 */
struct estimate stats_ratio(const double *a, size_t na, const double *b,
			    size_t nb, double confidence);

/**
 * stats_mann_whitney() - do both samples come from one distribution?
 *
 * Exact if one sample has fewer than 8 values and there are no ties; otherwise
 * the normal approximation with corrections for ties and continuity (Mann and
 * Whitney 1947).
 *
 * Return: the two-sided p-value; NaN if a sample is empty.
 */
double stats_mann_whitney(const double *a, size_t na, const double *b,
			  size_t nb);

/**
 * stats_runs_difference() - mean of b minus mean of a, each value a run
 * @a, @b: the median of a run, and its interval from the rounds within the run
 * @p: set to the two-sided p-value; NaN if there is none
 *
 * Rounds of one run share its placement in memory, its frequency and its
 * neighbours, so the run is the unit that is repeated (Kalibera and Jones 2013,
 * "Rigorous benchmarking in reasonable time"). The interval is Student's for
 * two samples of equal variance between runs, with @na + @nb - 2 degrees of
 * freedom, but never narrower than the intervals within the runs make it. Its
 * bounds are infinite for fewer than three runs: they show no variance.
 */
struct estimate stats_runs_difference(const struct estimate *a, size_t na,
				      const struct estimate *b, size_t nb,
				      double confidence, double *p);

/**
 * stats_binomial() - probability of @k or fewer successes
 * @n: attempts
 * @p: probability of each success, between 0 and 1
 */
double stats_binomial(size_t k, size_t n, double p);

/**
 * stats_binomial_share() - share of successes
 * @k: of @n attempts
 *
 * The exact interval (Clopper and Pearson 1934), which holds for independent
 * attempts.
 */
struct estimate stats_binomial_share(size_t k, size_t n, double confidence);

/**
 * stats_poisson() - mean of a Poisson variable
 * @count: the one observation
 *
 * The exact interval (Garwood 1936). A count of zero gives the one-sided upper
 * bound: 3.0 at 95 %, the rule of three.
 */
struct estimate stats_poisson(double count, double confidence);

/**
 * struct scatter - events counted in the parts of an experiment
 * @count: events of all parts
 * @exposure: of all parts, e.g. attempts or seconds
 * @squares: sum of count^2 / exposure by part
 */
struct scatter {
	double count, exposure, squares;
	unsigned int parts;
};

/** stats_scatter_add() - add a part; ignored without exposure */
void stats_scatter_add(struct scatter *s, double count, double exposure);

/**
 * stats_dispersion() - variance of the parts over that of a Poisson variable
 * Return: Pearson's chi-squared by its degrees of freedom, at least 1; NaN with
 * fewer than two parts or no event.
 */
double stats_dispersion(const struct scatter *s);

/** stats_holm() - correct @n p-values by Holm's step-down method (Holm 1979) */
void stats_holm(double *p, size_t n);

#endif
