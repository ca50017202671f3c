// SPDX-License-Identifier: GPL-2.0
/* Known answers: computed by hand, or published. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/stats.h"

#define LEN(a) (sizeof(a) / sizeof(*(a)))

static void assert_near(double got, double want, double within)
{
	if (!(fabs(got - want) <= within))
		fail_msg("%.12g is not %.12g +-%g", got, want, within);
}

static void median(void **state)
{
	static const double odd[] = { 5, -1, 3 }, even[] = { 4, 1, 3, 2 };
	static const double holes[] = { NAN, 7, NAN, 9, NAN };
	static const double lattice[] = { 26, 26, 52, 52, 26, 52 };

	(void)state;
	assert_near(stats_median(odd, LEN(odd)), 3, 0);
	assert_near(stats_median(even, LEN(even)), 2.5, 0);
	assert_near(stats_median(even, 1), 4, 0);
	assert_near(stats_median(holes, LEN(holes)), 8, 0);
	assert_near(stats_median(lattice, LEN(lattice)), 39, 0);
	/* the caller's array is unchanged */
	assert_near(odd[0], 5, 0);
	assert_true(isnan(stats_median(odd, 0)));
	assert_true(isnan(stats_median(NULL, 0)));
	assert_true(isnan(stats_median(holes, 1)));
}

/*
 * The ranks of the 95 % interval of a median, e.g. Conover, Practical
 * Nonparametric Statistics, or Table 3 of Nair 1940: of 1, 2, ... n the
 * interval is its own ranks.
 */
static void interval_ranks(void **state)
{
	static const struct {
		size_t n;
		double lo, hi;
	} known[] = {
		{ 6, 1, 6 }, { 7, 1, 7 }, { 8, 1, 8 }, { 9, 2, 8 },
		{ 10, 2, 9 }, { 11, 2, 10 }, { 12, 3, 10 }, { 15, 4, 12 },
		{ 20, 6, 15 }, { 25, 8, 18 }, { 30, 10, 21 }, { 50, 18, 33 },
		{ 70, 27, 44 }, { 100, 40, 61 },
	};
	double v[100];
	size_t i, k;

	(void)state;
	for (i = 0; i < LEN(v); i++)
		v[i] = i + 1;
	for (k = 0; k < LEN(known); k++) {
		struct estimate e = stats_estimate(v, known[k].n, 0.95);

		assert_near(e.lo, known[k].lo, 0);
		assert_near(e.hi, known[k].hi, 0);
		assert_near(e.mid, (known[k].n + 1) / 2.0, 0);
		assert_int_equal(e.n, known[k].n);
	}
}

static void interval_bounds(void **state)
{
	static const double few[] = { 1, 2, 3, 4, 5 };
	static const double holes[] = { NAN, 1, 6, NAN, 2, 5, 3, 4, NAN };
	struct estimate e = stats_estimate(few, 5, 0.95);

	(void)state;
	assert_near(e.mid, 3, 0);
	assert_true(isinf(e.lo) && e.lo < 0);
	assert_true(isinf(e.hi) && e.hi > 0);
	assert_int_equal(e.n, 5);
	/* five values miss the median with probability 2 / 2^5 */
	e = stats_estimate(few, 5, 1 - 2.0 / 32);
	assert_near(e.lo, 1, 0);
	assert_near(e.hi, 5, 0);

	e = stats_estimate(holes, LEN(holes), 0.95);
	assert_near(e.mid, 3.5, 0);
	assert_near(e.lo, 1, 0);
	assert_near(e.hi, 6, 0);
	assert_int_equal(e.n, 6);

	e = stats_estimate(holes, 1, 0.95);
	assert_true(isnan(e.mid) && isnan(e.lo) && isnan(e.hi));
	assert_int_equal(e.n, 0);
	e = stats_estimate(NULL, 0, 0.95);
	assert_true(isnan(e.mid) && isnan(e.lo) && isnan(e.hi));
}

/* Sizes for which 2^-n underflows a double. */
static void interval_of_many(void **state)
{
	size_t n = 5000, i;
	double *v = malloc(n * sizeof(*v));
	struct estimate e;

	(void)state;
	assert_non_null(v);
	for (i = 0; i < n; i++)
		v[i] = i + 1;
	e = stats_estimate(v, n, 0.95);
	/* 2500.5 -+ 1.96 * sqrt(5000) / 2 */
	assert_near(e.lo, 2431, 1);
	assert_near(e.hi, 2570, 1);
	assert_near(e.lo + e.hi, 5001, 0);
	free(v);
}

static void interval_of_ties(void **state)
{
	double v[40];
	struct estimate e;
	size_t i;

	(void)state;
	for (i = 0; i < LEN(v); i++)
		v[i] = 26;
	e = stats_estimate(v, LEN(v), 0.95);
	assert_near(e.lo, 26, 0);
	assert_near(e.hi, 26, 0);
	/* 20 of 40 values on each step: the interval covers both steps */
	for (i = 0; i < LEN(v); i += 2)
		v[i] = 52;
	e = stats_estimate(v, LEN(v), 0.95);
	assert_near(e.mid, 39, 0);
	assert_near(e.lo, 26, 0);
	assert_near(e.hi, 52, 0);
	/* ranks 14 to 27 of 40: 13 outliers do not move the bounds, 14 do */
	for (i = 0; i < LEN(v); i++)
		v[i] = i < 13 ? 52 : 26;
	assert_near(stats_estimate(v, LEN(v), 0.95).hi, 26, 0);
	v[13] = 52;
	assert_near(stats_estimate(v, LEN(v), 0.95).hi, 52, 0);
}

static double uniform(uint64_t *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return ((*state * 2685821657736338717ULL >> 11) + 0.5) *
		0x1p-53;
}

/* Heavily skewed, as times are; the median is exp(0). */
static double lognormal(uint64_t *state)
{
	double r = sqrt(-2 * log(uniform(state)));

	return exp(r * cos(2 * M_PI * uniform(state)));
}

#define TRIALS 4000

static void coverage(void **state)
{
	static const size_t sizes[] = { 6, 9, 10, 31, 60, 200 };
	uint64_t random = 20150831;
	size_t s, t, i, covered, covered_lattice;
	double v[200], step = 26.0 / 64;

	(void)state;
	for (s = 0; s < LEN(sizes); s++) {
		covered = covered_lattice = 0;
		for (t = 0; t < TRIALS; t++) {
			struct estimate e;

			for (i = 0; i < sizes[s]; i++)
				v[i] = lognormal(&random);
			e = stats_estimate(v, sizes[s], 0.95);
			covered += e.lo <= 1 && 1 <= e.hi;
			for (i = 0; i < sizes[s]; i++)
				v[i] = floor(v[i] / step) * step;
			e = stats_estimate(v, sizes[s], 0.95);
			covered_lattice += e.lo <= floor(1 / step) * step &&
				floor(1 / step) * step <= e.hi;
		}
		/* at least 95 %, less the error of 4000 trials */
		assert_in_range(covered, 0.94 * TRIALS, TRIALS);
		assert_in_range(covered_lattice, 0.94 * TRIALS, TRIALS);
	}
}

/* A series with autocorrelation @rho and median 1. */
static void correlated(double *v, size_t n, double rho, uint64_t *state)
{
	double x = log(lognormal(state));
	size_t i;

	for (i = 0; i < n; i++) {
		v[i] = exp(x);
		x = rho * x + sqrt(1 - rho * rho) * log(lognormal(state));
	}
}

static size_t series_coverage(size_t n, double rho, double step,
			      size_t *bounded, uint64_t *state)
{
	double v[200], median = step ? floor(1 / step) * step : 1;
	size_t t, i, covered = 0;
	struct estimate e;

	*bounded = 0;
	for (t = 0; t < TRIALS; t++) {
		correlated(v, n, rho, state);
		for (i = 0; step && i < n; i++)
			v[i] = floor(v[i] / step) * step;
		e = stats_series(v, n, 0.95);
		covered += e.lo <= median && median <= e.hi;
		*bounded += isfinite(e.lo) && isfinite(e.hi);
	}
	return covered;
}

static void series(void **state)
{
	static const double steady[] = { 1, 9, 2, 8, 3, 7, 4, 6, 5, 5, NAN };
	uint64_t random = 2026;
	struct estimate e, plain;
	size_t bounded;

	(void)state;
	/* negative autocorrelation: the interval is not widened */
	e = stats_series(steady, LEN(steady), 0.95);
	plain = stats_estimate(steady, LEN(steady), 0.95);
	assert_memory_equal(&e, &plain, sizeof(e));
	assert_true(isnan(stats_series(steady, 0, 0.95).mid));
	assert_true(isinf(stats_series(steady, 5, 0.95).lo));

	/* independent: 95 % coverage, and the bounds are seldom infinite */
	assert_in_range(series_coverage(16, 0, 0, &bounded, &random),
			0.94 * TRIALS, TRIALS);
	assert_in_range(bounded, 0.98 * TRIALS, TRIALS);
	assert_in_range(series_coverage(16, 0, 0.8, &bounded, &random),
			0.94 * TRIALS, TRIALS);
	assert_in_range(bounded, 0.98 * TRIALS, TRIALS);
	/* correlated: without widening, coverage would be 63 % */
	assert_in_range(series_coverage(60, 0.6, 0, &bounded, &random),
			0.91 * TRIALS, TRIALS);
	assert_in_range(series_coverage(200, 0.6, 0, &bounded, &random),
			0.91 * TRIALS, TRIALS);
}

static void ratio_coverage(void **state)
{
	uint64_t random = 1979;
	size_t t, i, covered = 0;
	double a[40], b[60];

	(void)state;
	for (t = 0; t < 1000; t++) {
		struct estimate e;

		for (i = 0; i < LEN(a); i++)
			a[i] = 10 + lognormal(&random);
		for (i = 0; i < LEN(b); i++)
			b[i] = 2 * (10 + lognormal(&random));
		e = stats_ratio(a, LEN(a), b, LEN(b), 0.95);
		covered += e.lo <= 2 && 2 <= e.hi;
	}
	assert_in_range(covered, 930, 1000);
}

static void paired(void **state)
{
	static const double a[] = { 5, NAN, 12, 8, 6, 8, 7, 1 };
	static const double b[] = { 4, 100, 6, 6, NAN, 3, 4, -3 };
	static const double none[] = { NAN, NAN };
	struct estimate e = stats_paired_difference(a, b, LEN(a), 0.95);

	(void)state;
	/* 1 6 2 5 3 4: pairs with a NaN are left out */
	assert_int_equal(e.n, 6);
	assert_near(e.mid, 3.5, 0);
	assert_near(e.lo, 1, 0);
	assert_near(e.hi, 6, 0);
	e = stats_paired_difference(a, none, 2, 0.95);
	assert_true(isnan(e.mid));
	assert_int_equal(e.n, 0);
	e = stats_paired_difference(NULL, NULL, 0, 0.95);
	assert_true(isnan(e.mid));
}

static void ratio(void **state)
{
	static const double a[] = { 2, 2, 2, 2, 2, 2, NAN };
	static const double b[] = { 3, 3, 3, 3, 3, 3, 3 };
	static const double zero[] = { -1, -1, 0, 0, 0, 1, 1, 1 };
	double v[30], w[30];
	struct estimate e = stats_ratio(a, LEN(a), b, LEN(b), 0.95), again;
	size_t i;

	(void)state;
	assert_near(e.mid, 1.5, 0);
	assert_near(e.lo, 1.5, 0);
	assert_near(e.hi, 1.5, 0);
	assert_int_equal(e.n, 13);

	for (i = 0; i < LEN(v); i++) {
		v[i] = 10 + 0.1 * (i * 7 % 30);
		w[i] = 11 + 0.1 * (i * 11 % 30);
	}
	e = stats_ratio(v, LEN(v), w, LEN(w), 0.95);
	assert_near(e.mid, 12.45 / 11.45, 1e-12);
	assert_true(e.lo > 1 && e.lo < e.mid && e.mid < e.hi && e.hi < 1.2);
	again = stats_ratio(v, LEN(v), w, LEN(w), 0.95);
	assert_memory_equal(&e, &again, sizeof(e));

	/* too few values, or a denominator that may be zero: no bounds */
	e = stats_ratio(v, 5, w, LEN(w), 0.95);
	assert_true(isinf(e.lo) && isinf(e.hi) && e.lo < e.hi);
	e = stats_ratio(zero, LEN(zero), w, LEN(w), 0.95);
	assert_true(isinf(e.lo) && isinf(e.hi));
	e = stats_ratio(v, 0, w, LEN(w), 0.95);
	assert_true(isnan(e.mid) && isnan(e.lo) && e.n == 0);
}

static void mann_whitney_exact(void **state)
{
	/* the example of SciPy's manual, from Lehmann: U 17, p 0.1111 */
	static const double men[] = { 19, 22, 16, 29, 24 };
	static const double women[] = { 20, 11, 17, 12 };
	static const double low[] = { 1, 2, 3, 4, 5, 6, 7 };
	static const double high[] = { 11, 12, 13, 14, 15, 16, 17 };
	double many[1000];
	size_t i;

	(void)state;
	assert_near(stats_mann_whitney(men, 5, women, 4), 2 * 7 / 126.0, 1e-12);
	assert_near(stats_mann_whitney(women, 4, men, 5), 2 * 7 / 126.0, 1e-12);
	/* no overlap: 2 / (N over m) */
	assert_near(stats_mann_whitney(low, 4, high, 4), 2 / 70.0, 1e-12);
	assert_near(stats_mann_whitney(low, 7, high, 7), 2 / 3432.0, 1e-12);
	assert_near(stats_mann_whitney(low, 1, high, 1), 1, 0);
	for (i = 0; i < LEN(many); i++)
		many[i] = 100 + i;
	/* 1007 over 7 is more than 2^53 */
	assert_near(stats_mann_whitney(many, LEN(many), low, 7) /
		    (2 / 204032533091695451.0), 1, 1e-9);
	assert_near(stats_mann_whitney(low, 1, many, LEN(many)), 2 / 1001.0,
		    1e-12);
}

/* By hand, with corrections for ties and continuity. */
static void mann_whitney_normal(void **state)
{
	/* U 0 of 64: z = 31.5 / sqrt(64 * 17 / 12) */
	static const double low[] = { 1, 2, 3, 4, 5, 6, 7, 8 };
	static const double high[] = { 9, 10, 11, 12, 13, 14, 15, 16 };
	/*
	 * Ones, twos and threes: 4 2 2 of 8 against 1 3 4 of 8. U of the first
	 * is 2 * (1 + 1 / 2 * 3) + 2 * (1 + 3 + 4 / 2) + 4 * 1 / 2 = 19; runs
	 * of 5, 5 and 6 ties: 120 + 120 + 210.
	 */
	static const double a[] = { 1, 1, 1, 1, 2, 2, 3, 3 };
	static const double b[] = { 1, 2, 2, 2, 3, 3, 3, 3 };
	static const double same[] = { 26, 26, 26, 26, 26, 26, 26, 26, 26 };
	double z = 31.5 / sqrt(64 * 17 / 12.0);

	(void)state;
	assert_near(stats_mann_whitney(low, 8, high, 8), erfc(z / M_SQRT2),
		    1e-15);
	assert_near(stats_mann_whitney(low, 8, high, 8), 0.000939, 1e-6);
	z = (32 - 19 - 0.5) / sqrt(64 / 12.0 * (17 - 450 / (16 * 15.0)));
	assert_near(stats_mann_whitney(a, 8, b, 8), erfc(z / M_SQRT2), 1e-15);
	assert_near(stats_mann_whitney(b, 8, a, 8), erfc(z / M_SQRT2), 1e-15);
	/* few values with ties: the formula is the same */
	assert_near(stats_mann_whitney(same, 4, same, 4), 1, 0);
	assert_near(stats_mann_whitney(same, 9, same, 9), 1, 0);
	assert_near(stats_mann_whitney(low, 8, low, 8), 1, 0);
}

/* Equal distributions give uniform p-values: 5 % of them are below 5 %. */
static void mann_whitney_level(void **state)
{
	static const size_t sizes[] = { 7, 8, 30 };
	uint64_t random = 1947;
	double a[30], b[30];
	size_t s, t, i, below;

	(void)state;
	for (s = 0; s < LEN(sizes); s++) {
		below = 0;
		for (t = 0; t < TRIALS; t++) {
			for (i = 0; i < sizes[s]; i++) {
				a[i] = floor(lognormal(&random) * 8);
				b[i] = floor(lognormal(&random) * 8);
			}
			below += stats_mann_whitney(a, sizes[s], b,
						    sizes[s]) < 0.05;
		}
		assert_in_range(below, 0.03 * TRIALS, 0.06 * TRIALS);
	}
}

static void mann_whitney_holes(void **state)
{
	static const double a[] = { NAN, 1, 2, NAN, 3, 4 };
	static const double b[] = { 11, 12, 13, 14, NAN };
	static const double none[] = { NAN };

	(void)state;
	assert_near(stats_mann_whitney(a, LEN(a), b, LEN(b)), 2 / 70.0, 1e-12);
	assert_true(isnan(stats_mann_whitney(a, LEN(a), none, 1)));
	assert_true(isnan(stats_mann_whitney(NULL, 0, b, LEN(b))));
}

static void holm(void **state)
{
	/* the usual example of Holm's method: 0.01 0.04 0.03 0.005 */
	double p[] = { 0.01, 0.04, 0.03, 0.005 };
	double holes[] = { 0.01, NAN, 0.04, 0.03, 0.005, NAN };
	double large[] = { 0.9, 0.5, 0.8 };
	double one = 0.03;

	(void)state;
	stats_holm(p, LEN(p));
	assert_near(p[0], 0.03, 1e-15);
	assert_near(p[1], 0.06, 1e-15);
	assert_near(p[2], 0.06, 1e-15);
	assert_near(p[3], 0.02, 1e-15);
	/* NaN, for tests that were not made, is not counted */
	stats_holm(holes, LEN(holes));
	assert_near(holes[0], 0.03, 1e-15);
	assert_true(isnan(holes[1]));
	assert_near(holes[4], 0.02, 1e-15);
	stats_holm(large, LEN(large));
	assert_near(large[0], 1, 0);
	assert_near(large[1], 1, 0);
	assert_near(large[2], 1, 0);
	stats_holm(&one, 1);
	assert_near(one, 0.03, 0);
	stats_holm(NULL, 0);
}

/* Parts that vary as Poisson variables, more, and less. */
static void dispersion(void **state)
{
	struct scatter even = { 0 }, lumps = { 0 }, one = { 0 }, none = { 0 };

	for (int i = 0; i < 10; i++) {
		stats_scatter_add(&even, 100, 1e6);
		stats_scatter_add(&lumps, i ? 0 : 100, 1e6);
		stats_scatter_add(&none, 0, 1e6);
	}
	assert_true(stats_dispersion(&even) == 1);
	/* 10 expected in each part: (9 * 10 + 90^2 / 10) / 9 = 100 */
	assert_true(fabs(stats_dispersion(&lumps) - 100) < 1e-9);
	stats_scatter_add(&one, 5, 10);
	stats_scatter_add(&one, 0, 0);
	assert_true(isnan(stats_dispersion(&one)));
	assert_true(isnan(stats_dispersion(&none)));
	/* twice the exposure, twice the count */
	stats_scatter_add(&one, 10, 20);
	assert_true(stats_dispersion(&one) == 1);
}

/* R: quantile(c(15, 20, 35, 40, 50), c(0, .05, .4, .5, .95, 1)) */
static void quantiles(void **state)
{
	static const double v[] = { 40, NAN, 15, 50, 35, 20, NAN };
	static const double share[] = { 0, 0.05, 0.4, 0.5, 0.95, 1 };
	static const double want[] = { 15, 16, 29, 35, 48, 50 };
	double got[6];

	stats_quantiles(v, 7, share, 6, got);
	for (size_t i = 0; i < 6; i++)
		assert_true(fabs(got[i] - want[i]) < 1e-9);
	stats_quantiles(v + 3, 1, share, 6, got);
	assert_true(got[0] == 50 && got[5] == 50);
	stats_quantiles(v + 1, 1, share, 6, got);
	assert_true(isnan(got[0]) && isnan(got[5]));
	stats_quantiles(NULL, 0, share, 1, got);
	assert_true(isnan(got[0]));
}

/* Runs without scatter of their own. */
static void fill_runs(struct estimate *e, const double *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		e[i] = (struct estimate){ v[i], v[i], v[i], 1 };
}

/* R: t.test(b, a, var.equal = TRUE) of the classic data of sleep */
static void runs(void **state)
{
	static const double va[] = { 0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8,
				     0, 2 };
	static const double vb[] = { 1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6,
				     4.6, 3.4 };
	struct estimate a[10], b[10], d;
	double p;

	fill_runs(a, va, 10);
	fill_runs(b, vb, 10);
	d = stats_runs_difference(a, 10, b, 10, 0.95, &p);
	assert_true(fabs(d.mid - 1.58) < 1e-9);
	assert_true(fabs(d.lo + 0.203874) < 1e-6);
	assert_true(fabs(d.hi - 3.363874) < 1e-6);
	assert_true(fabs(p - 0.07918671) < 1e-7);

	/* two runs each: t with 2 degrees of freedom is 4.302653 */
	a[0].mid = a[0].lo = a[0].hi = 0;
	a[1].mid = a[1].lo = a[1].hi = 0.02;
	b[0].mid = b[0].lo = b[0].hi = 0.10;
	b[1].mid = b[1].lo = b[1].hi = 0.12;
	d = stats_runs_difference(a, 2, b, 2, 0.95, &p);
	assert_true(fabs(d.hi - 0.1 - 4.302653 * sqrt(0.0002)) < 1e-7);
	/* one run against two: 1 degree of freedom, t is 12.7062 */
	d = stats_runs_difference(a, 1, b, 2, 0.95, &p);
	assert_true(fabs(d.hi - d.mid - 12.7062047 * sqrt(0.0003)) < 1e-6);
	/* one run each shows nothing of the variance between runs */
	d = stats_runs_difference(a, 1, b, 1, 0.95, &p);
	assert_true(isinf(d.lo) && isinf(d.hi) && isnan(p));
	/* runs that agree by chance keep the intervals of their rounds */
	a[1] = a[0] = (struct estimate){ 0, -0.03, 0.03, 9 };
	b[1] = b[0] = (struct estimate){ 1, 0.96, 1.04, 9 };
	d = stats_runs_difference(a, 2, b, 2, 0.95, &p);
	assert_true(fabs(d.hi - 1 - sqrt((9e-4 + 16e-4) / 2)) < 1e-9);
	assert_true(p < 0.01 && p > 0);
}

static void binomial(void **state)
{
	(void)state;
	assert_near(stats_binomial(0, 3, 0.5), 0.125, 1e-9);
	assert_near(stats_binomial(1, 3, 0.5), 0.5, 1e-9);
	assert_near(stats_binomial(3, 3, 0.5), 1, 1e-9);
	assert_near(stats_binomial(0, 0, 0.5), 1, 1e-9);
	assert_near(stats_binomial(9, 3, 0.5), 1, 1e-9);
	/* 1 - 0.95^9 - 9 0.95^8 0.05 - 36 0.95^7 0.05^2 */
	assert_near(stats_binomial(6, 9, 0.95), 0.008361040, 1e-9);
	assert_near(stats_binomial(8, 9, 0.95), 0.369750590, 1e-9);
	/* an odd number of attempts has no middle */
	assert_near(stats_binomial(500, 1001, 0.5), 0.5, 1e-9);
	/* far from the middle, where terms are too small for a double */
	assert_near(stats_binomial(5000, 1000000, 0.5), 0, 1e-9);
	assert_near(stats_binomial(900000, 1000000, 0.5), 1, 1e-9);
}

static void assert_share(size_t k, size_t n, double lo, double hi)
{
	struct estimate e = stats_binomial_share(k, n, 0.95);

	assert_near(e.mid, (double)k / n, 1e-12);
	assert_near(e.lo, lo, 1e-7);
	assert_near(e.hi, hi, 1e-7);
}

static void binomial_share(void **state)
{
	struct estimate e;

	(void)state;
	/* binom.test(10, 100) of R */
	assert_share(10, 100, 0.04900469, 0.17622260);
	assert_share(0, 10, 0, 1 - pow(0.025, 0.1));
	assert_share(10, 10, pow(0.025, 0.1), 1);
	assert_share(1, 1000, 1 - pow(0.975, 0.001), 0.0055589);
	e = stats_binomial_share(250000, 1000000, 0.95);
	assert_near(stats_binomial(250000, 1000000, e.hi), 0.025, 1e-7);
	assert_near(1 - stats_binomial(249999, 1000000, e.lo), 0.025, 1e-7);
	assert_true(isnan(stats_binomial_share(0, 0, 0.95).mid));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(binomial),
		cmocka_unit_test(binomial_share),
		cmocka_unit_test(runs),
		cmocka_unit_test(quantiles),
		cmocka_unit_test(median),
		cmocka_unit_test(interval_ranks),
		cmocka_unit_test(interval_bounds),
		cmocka_unit_test(interval_of_many),
		cmocka_unit_test(interval_of_ties),
		cmocka_unit_test(coverage),
		cmocka_unit_test(series),
		cmocka_unit_test(ratio_coverage),
		cmocka_unit_test(paired),
		cmocka_unit_test(ratio),
		cmocka_unit_test(mann_whitney_exact),
		cmocka_unit_test(mann_whitney_normal),
		cmocka_unit_test(mann_whitney_level),
		cmocka_unit_test(mann_whitney_holes),
		cmocka_unit_test(holm),
		cmocka_unit_test(dispersion),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
