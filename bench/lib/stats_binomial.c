// SPDX-License-Identifier: GPL-2.0
#include <math.h>

#include "lib/stats.h"

#define BISECTIONS 60

/* The sum of the terms from that of @k on, by @step away from the mode. */
static double tail_of(double k, double n, double p, int step)
{
	double odds = p / (1 - p), sum = 0;
	double term = exp(lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1) +
			  k * log(p) + (n - k) * log1p(-p));

	for (; k >= 0 && k <= n && term > sum * 1e-17; k += step) {
		sum += term;
		term *= step < 0 ? k / ((n - k + 1) * odds) :
			(n - k) * odds / (k + 1);
	}
	return fmin(sum, 1);
}

double stats_binomial(size_t k, size_t n, double p)
{
	if (k >= n)
		return 1;
	return k < n * p ? tail_of(k, n, p, -1) : 1 - tail_of(k + 1.0, n, p, 1);
}

/* The p at which the probability of @k or fewer successes is @wanted. */
static double share_at(size_t k, size_t n, double wanted)
{
	double lo = 0, hi = 1, mid = 0.5;

	for (int i = 0; i < BISECTIONS; i++) {
		if (stats_binomial(k, n, mid) > wanted)
			lo = mid;
		else
			hi = mid;
		mid = (lo + hi) / 2;
	}
	return mid;
}

struct estimate stats_binomial_share(size_t k, size_t n, double confidence)
{
	double beyond = (1 - confidence) / 2;

	if (!n)
		return (struct estimate){ NAN, NAN, NAN, 0 };
	return (struct estimate){
		.mid = (double)k / n,
		.lo = k ? share_at(k - 1, n, 1 - beyond) : 0,
		.hi = k < n ? share_at(k, n, beyond) : 1,
		.n = n,
	};
}
