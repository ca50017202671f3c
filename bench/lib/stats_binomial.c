// SPDX-License-Identifier: GPL-2.0
#include <math.h>

#include "lib/stats.h"

double stats_binomial(size_t k, size_t n, double p)
{
	double sum = 0;

	if (k >= n)
		return 1;
	for (size_t i = 0; i <= k; i++)
		sum += exp(lgamma(n + 1.0) - lgamma(i + 1.0) -
			   lgamma(n - i + 1.0) + i * log(p) +
			   (n - i) * log1p(-p));
	return fmin(sum, 1);
}
