// SPDX-License-Identifier: GPL-2.0
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/auto_free.h"
#include "lib/stats.h"

#define BOOTSTRAPS 2000
/* values per sample from which U is nearly normal: p errs by 0.001 */
#define NORMAL_FROM 8

static const struct estimate no_estimate = { NAN, NAN, NAN, 0 };

static int compare_doubles(const void *pa, const void *pb)
{
	double a = *(const double *)pa, b = *(const double *)pb;

	return (a > b) - (a < b);
}

void stats_sort(double *v, size_t n)
{
	qsort(v, n, sizeof(*v), compare_doubles);
}

/* The numbers of @v, sorted; @n: how many. NULL: none, or no memory. */
static double *sorted_copy(const double *v, size_t *n)
{
	size_t i, kept = 0;
	double *copy;

	copy = *n ? malloc(*n * sizeof(*copy)) : NULL;
	for (i = 0; copy && i < *n; i++)
		if (!isnan(v[i]))
			copy[kept++] = v[i];
	if (!kept) {
		free(copy);
		copy = NULL;
	} else {
		stats_sort(copy, kept);
	}
	*n = kept;
	return copy;
}

static double median_of_sorted(const double *v, size_t n)
{
	if (n % 2)
		return v[n / 2];
	return v[n / 2 - 1] / 2 + v[n / 2] / 2;
}

double stats_median(const double *v, size_t n)
{
	auto_free double *sorted = sorted_copy(v, &n);

	return sorted ? median_of_sorted(sorted, n) : NAN;
}

void stats_quantiles(const double *v, size_t n, const double *share, size_t nr,
		     double *out)
{
	auto_free double *sorted = sorted_copy(v, &n);

	for (size_t i = 0; i < nr; i++) {
		double at = share[i] * (n - 1);
		size_t below = at;

		if (!sorted)
			out[i] = NAN;
		else if (below + 1 >= n)
			out[i] = sorted[n - 1];
		else
			out[i] = sorted[below] + (at - below) *
				(sorted[below + 1] - sorted[below]);
	}
}

/*
 * The largest k such that [v(k), v(n + 1 - k)], counted from 1, covers the
 * median with @confidence; 0: there is none. The interval misses the median if
 * fewer than k of n values are on one side of it. Ties only add coverage.
 */
static size_t interval_rank(size_t n, double confidence)
{
	/* 1e-9 covers the rounding of lgamma() */
	double tail = (1 - confidence) / 2 * (1 + 1e-9);
	double below = 0;
	size_t k;

	for (k = 0; k < (n + 1) / 2; k++) {
		below += exp(lgamma(n + 1.0) - lgamma(k + 1.0) -
			     lgamma(n - k + 1.0) - n * M_LN2);
		if (below > tail)
			break;
	}
	return k;
}

/*
 * Variance inflation from sign autocorrelation: (1 + r) / (1 - r), where r is 1
 * if all successive values are on one side of the median, -1 if none are. The 8
 * shrinks r towards zero, for few pairs correlate by chance.
 */
static double variance_inflation(const double *v, size_t n, double median)
{
	double agree = 0, r;
	int sign, last = 0;
	size_t i, pairs = 0;

	for (i = 0; i < n; i++) {
		if (isnan(v[i]))
			continue;
		sign = (v[i] > median) - (v[i] < median);
		if (i && last && sign) {
			agree += sign * last;
			pairs++;
		}
		last = sign;
	}
	r = agree / (pairs + 8);
	if (r <= 0)
		return 1;
	return (1 + r) / (1 - r + 1e-9);
}

static struct estimate estimate_median(const double *v, size_t n,
				       double confidence, bool series)
{
	size_t all = n, k;
	auto_free double *sorted = sorted_copy(v, &n);
	struct estimate e = no_estimate;
	double reach;

	if (!sorted)
		return e;
	e.mid = median_of_sorted(sorted, n);
	e.n = n;
	k = interval_rank(n, confidence);
	if (series && k) {
		/* the ranks move outwards as for fewer, independent values */
		reach = (n + 1) / 2.0 - k;
		reach *= sqrt(variance_inflation(v, all, e.mid));
		k = reach <= (n + 1) / 2.0 - 1 ? (n + 1) / 2.0 - reach : 0;
	}
	e.lo = k ? sorted[k - 1] : -INFINITY;
	e.hi = k ? sorted[n - k] : INFINITY;
	return e;
}

struct estimate stats_estimate(const double *v, size_t n, double confidence)
{
	return estimate_median(v, n, confidence, false);
}

struct estimate stats_series(const double *v, size_t n, double confidence)
{
	return estimate_median(v, n, confidence, true);
}

struct estimate stats_paired_difference(const double *a, const double *b,
					size_t n, double confidence)
{
	auto_free double *d = n ? malloc(n * sizeof(*d)) : NULL;
	size_t i;

	for (i = 0; d && i < n; i++)
		d[i] = a[i] - b[i];	/* NaN if either is */
	return d ? stats_series(d, n, confidence) : no_estimate;
}

/* splitmix64 (Steele, Lea and Flood 2014) */
static uint64_t next_random(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

/*
 * The median of @n draws with replacement from the sorted @v. Counting how
 * often each value was drawn avoids a sort.
 */
static double resampled_median(const double *v, size_t n, unsigned int *drawn,
			       uint64_t *random)
{
	size_t i, seen, at;
	double lower;

	memset(drawn, 0, n * sizeof(*drawn));
	for (i = 0; i < n; i++)
		drawn[(next_random(random) >> 32) * n >> 32]++;
	at = 0;
	seen = drawn[0];
	while (seen <= (n - 1) / 2)
		seen += drawn[++at];
	lower = v[at];
	while (seen <= n / 2)
		seen += drawn[++at];
	return lower / 2 + v[at] / 2;
}

/* @a and @b are sorted. False: a resampled median of @a reached zero. */
static bool bootstrap_ratios(const double *a, size_t na, const double *b,
			     size_t nb, unsigned int *drawn, double *ratio)
{
	bool negative = median_of_sorted(a, na) < 0;
	uint64_t random = 1947;
	double below;
	size_t i;

	for (i = 0; i < BOOTSTRAPS; i++) {
		below = resampled_median(a, na, drawn, &random);
		if (below == 0 || (below < 0) != negative)
			return false;
		ratio[i] = resampled_median(b, nb, drawn, &random) / below;
	}
	stats_sort(ratio, BOOTSTRAPS);
	return true;
}

struct estimate stats_unpaired_difference(const struct estimate *a,
					  const struct estimate *b)
{
	struct estimate d = { .mid = b->mid - a->mid, .n = a->n + b->n };

	d.lo = d.mid - hypot(b->mid - b->lo, a->hi - a->mid);
	d.hi = d.mid + hypot(b->hi - b->mid, a->mid - a->lo);
	return d;
}

struct estimate stats_ratio(const double *a, size_t na, const double *b,
			    size_t nb, double confidence)
{
	auto_free double *sa = sorted_copy(a, &na), *sb = sorted_copy(b, &nb);
	auto_free unsigned int *drawn = calloc((na > nb ? na : nb) + 1,
					       sizeof(*drawn));
	auto_free double *ratio = malloc(BOOTSTRAPS * sizeof(*ratio));
	struct estimate e = no_estimate;
	size_t tail = (1 - confidence) / 2 * BOOTSTRAPS;

	if (!sa || !sb || !drawn || !ratio)
		return e;
	e.n = na + nb;
	e.mid = median_of_sorted(sb, nb) / median_of_sorted(sa, na);
	e.lo = -INFINITY;
	e.hi = INFINITY;
	/* the bootstrap of a small sample covers less than @confidence */
	if (interval_rank(na, confidence) && interval_rank(nb, confidence) &&
	    tail < BOOTSTRAPS / 2 &&
	    bootstrap_ratios(sa, na, sb, nb, drawn, ratio)) {
		e.lo = ratio[tail];
		e.hi = ratio[BOOTSTRAPS - 1 - tail];
	}
	return e;
}

/*
 * Twice the share of arrangements of @m and @n values with a U of at most @u.
 * The counts are the coefficients of the Gaussian binomial, the product of
 * (1 - q^(n+i)) / (1 - q^i). Overflow cancels, so the results are exact.
 */
static double exact_p(size_t m, size_t n, size_t u)
{
	size_t i, s, size = m * n + 1;
	auto_free unsigned __int128 *count = calloc(size, sizeof(*count));
	unsigned __int128 all = 0, some = 0;

	if (!count)
		return NAN;
	count[0] = 1;
	for (i = 1; i <= m; i++) {
		for (s = size - 1; s >= n + i; s--)
			count[s] -= count[s - n - i];
		for (s = i; s < size; s++)
			count[s] += count[s - i];
	}
	for (s = 0; s < size; s++) {
		all += count[s];
		if (s <= u)
			some += count[s];
	}
	return fmin(1, 2 * ((double)some / (double)all));
}

/* U of @a, both sorted. @ties: sum of t^3 - t over runs of t ties. */
static double rank_sum_u(const double *a, size_t na, const double *b,
			 size_t nb, double *ties)
{
	size_t i = 0, j = 0, ti, tj;
	double u = 0, t, v;

	*ties = 0;
	while (i < na || j < nb) {
		v = j == nb || (i < na && a[i] < b[j]) ? a[i] : b[j];
		for (ti = 0; i + ti < na && a[i + ti] == v; ti++)
			;
		for (tj = 0; j + tj < nb && b[j + tj] == v; tj++)
			;
		u += ti * (j + tj / 2.0);
		t = ti + tj;
		*ties += t * t * t - t;
		i += ti;
		j += tj;
	}
	return u;
}

double stats_mann_whitney(const double *a, size_t na, const double *b,
			  size_t nb)
{
	auto_free double *sa = sorted_copy(a, &na), *sb = sorted_copy(b, &nb);
	double u, ties, n = na + nb, half = na * 0.5 * nb, var;
	size_t small = na < nb ? na : nb;

	if (!sa || !sb)
		return NAN;
	u = rank_sum_u(sa, na, sb, nb, &ties);
	u = fmin(u, 2 * half - u);
	if (small < NORMAL_FROM && ties == 0)
		return exact_p(small, na + nb - small, u);
	var = half / 6 * (n + 1 - ties / (n * (n - 1)));
	return var > 0 ? erfc(fmax(0, half - u - 0.5) / sqrt(2 * var)) : 1;
}

static int compare_pointed_doubles(const void *pa, const void *pb)
{
	return compare_doubles(*(double *const *)pa, *(double *const *)pb);
}

void stats_holm(double *p, size_t n)
{
	auto_free double **by_size = n ? malloc(n * sizeof(*by_size)) : NULL;
	size_t i, kept = 0;
	double worst = 0;

	for (i = 0; i < n; i++) {
		if (!by_size)
			p[i] = NAN;
		else if (!isnan(p[i]))
			by_size[kept++] = &p[i];
	}
	if (kept)
		qsort(by_size, kept, sizeof(*by_size), compare_pointed_doubles);
	for (i = 0; i < kept; i++) {
		worst = fmax(worst, fmin(1, *by_size[i] * (kept - i)));
		*by_size[i] = worst;
	}
}

/* P(a, x), the regularised lower incomplete gamma function. */
static double gamma_p(double a, double x)
{
	double scale, sum, term, b, c, d, h;

	if (x <= 0)
		return 0;
	scale = exp(a * log(x) - x - lgamma(a));
	if (x < a + 1) {
		term = sum = 1 / a;
		for (double n = a + 1; term > sum * 1e-15; n++) {
			term *= x / n;
			sum += term;
		}
		return scale * sum;
	}
	/* the continued fraction of 1 - P, by Lentz's method */
	b = x + 1 - a;
	c = 1e300;
	d = 1 / b;
	h = d;
	for (int i = 1; i < 1000000; i++) {
		double an = -i * (i - a);

		b += 2;
		d = 1 / (an * d + b);
		c = b + an / c;
		h *= d * c;
		if (fabs(d * c - 1) < 1e-14)
			break;
	}
	return 1 - scale * h;
}

/* The x with P(a, x) = p. */
static double gamma_quantile(double a, double p)
{
	double lo = 0, hi = a + 10;

	while (gamma_p(a, hi) < p)
		hi *= 2;
	for (int i = 0; i < 100; i++) {
		double mid = (lo + hi) / 2;

		*(gamma_p(a, mid) < p ? &lo : &hi) = mid;
	}
	return hi;
}

void stats_scatter_add(struct scatter *s, double count, double exposure)
{
	if (!(exposure > 0))
		return;
	s->count += count;
	s->exposure += exposure;
	s->squares += count * count / exposure;
	s->parts++;
}

double stats_dispersion(const struct scatter *s)
{
	double squared;

	if (s->parts < 2 || !(s->count > 0))
		return NAN;
	squared = s->squares * s->exposure / s->count - s->count;
	return fmax(1, squared / (s->parts - 1));
}

struct estimate stats_poisson(double count, double confidence)
{
	double tail = (1 - confidence) / 2;

	if (!(count > 0))
		return (struct estimate){ 0, 0, -log(1 - confidence), 0 };
	return (struct estimate){
		.mid = count, .n = count,
		.lo = gamma_quantile(count, tail),
		.hi = gamma_quantile(count + 1, 1 - tail),
	};
}
