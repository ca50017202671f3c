// SPDX-License-Identifier: GPL-2.0
/* The difference of two groups of runs, each of which is one value. */
#include <math.h>

#include "lib/stats.h"

/*
 * P(|T| <= t) of Student's distribution with @df degrees of freedom, by the
 * finite series of Abramowitz and Stegun, 26.7.3 and 26.7.4.
 */
static double student_within(double t, size_t df)
{
	double theta = atan(fabs(t) / sqrt(df)), c = cos(theta);
	double term = df % 2 ? c : 1, sum = 0;

	for (size_t k = df % 2 ? 3 : 2; k <= df; k += 2) {
		sum += term;
		term *= c * c * (k - 1.0) / k;
	}
	return df % 2 ? 2 / M_PI * (theta + sin(theta) * sum) :
		sin(theta) * sum;
}

/* The t that |T| exceeds with 1 - @confidence. */
static double student_quantile(double confidence, size_t df)
{
	double lo = 0, hi = 1;

	while (student_within(hi, df) < confidence && hi < 1e9)
		hi *= 2;
	for (int i = 0; i < 100; i++) {
		double mid = (lo + hi) / 2;

		*(student_within(mid, df) < confidence ? &lo : &hi) = mid;
	}
	return hi;
}

static double mean(const struct estimate *e, size_t n)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += e[i].mid / n;
	return sum;
}

/* Sum of squared distances from the mean. */
static double scatter_between(const struct estimate *e, size_t n)
{
	double m = mean(e, n), sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += (e[i].mid - m) * (e[i].mid - m);
	return sum;
}

/* The reach of the mean if runs differed by their rounds alone. */
static double reach_within(const struct estimate *e, size_t n)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++) {
		double reach = fmax(e[i].hi - e[i].mid, e[i].mid - e[i].lo) / n;

		sum += reach * reach;
	}
	return sqrt(sum);
}

struct estimate stats_runs_difference(const struct estimate *a, size_t na,
				      const struct estimate *b, size_t nb,
				      double confidence, double *p)
{
	size_t df = na + nb < 3 ? 0 : na + nb - 2;
	double within = hypot(reach_within(a, na), reach_within(b, nb));
	struct estimate d = { .mid = mean(b, nb) - mean(a, na), .n = na + nb };
	double error, reach, quantile;

	*p = NAN;
	if (!df || !na || !nb) {
		d.lo = -INFINITY;
		d.hi = INFINITY;
		return d;
	}
	quantile = student_quantile(confidence, df);
	error = sqrt((scatter_between(a, na) + scatter_between(b, nb)) / df *
		     (1.0 / na + 1.0 / nb));
	/* runs that agree by chance are no better than their rounds */
	reach = fmax(quantile * error, within);
	d.lo = d.mid - reach;
	d.hi = d.mid + reach;
	*p = reach > 0 ? 1 - student_within(d.mid * quantile / reach, df) :
		d.mid == 0;
	return d;
}
