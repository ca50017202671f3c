// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/auto_free.h"
#include "lib/change_points.h"
#include "lib/stats.h"

/*
 * Permutations of a test: enough for a p-value below the level, and not so many
 * that a series of hundreds of values takes a minute.
 */
#define LEAST_PERMUTATIONS 399
#define MOST_PERMUTATIONS 9999
#define BOOTSTRAPS 399

/* A split of a segment: the energy distance of its parts, and its place. */
struct split {
	double distance;
	size_t at;
};

/* xorshift64*, by Vigna 2014 */
static uint64_t random_bits(uint64_t *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return *state * UINT64_C(2685821657736338717);
}

static size_t random_below(uint64_t *state, size_t n)
{
	return (random_bits(state) >> 11) * 0x1p-53 * n;
}

static double pairs_of(double n)
{
	return n * (n - 1) / 2;
}

/* Sum of |v[i] - v[at]| over the values from @from up to, not including, @to */
static double sum_distances(const double *v, size_t from, size_t to, size_t at)
{
	double sum = 0;

	for (size_t i = from; i < to; i++)
		sum += fabs(v[i] - v[at]);
	return sum;
}

static void take_best(struct split *best, double left, double right,
		      double between, size_t m, size_t k)
{
	double q = (double)m * k / (m + k) *
		(2 * between / ((double)m * k) - left / pairs_of(m) -
		 right / pairs_of(k));

	if (m >= CHANGE_LEAST && k >= CHANGE_LEAST && q > best->distance)
		*best = (struct split){ q, m };
}

/*
 * The best split of @v[0] to @v[n - 1] into two parts. Moving one value from
 * the right part to the left one changes three sums, of the left, of the right
 * and between, so all splits together take n^2 steps.
 */
static struct split best_of_two(const double *v, size_t n)
{
	struct split best = { -INFINITY, 0 };
	double left = 0, right = 0, between = 0;

	for (size_t i = 0; i < n; i++)
		right += sum_distances(v, 0, i, i);
	for (size_t m = 1; m < n; m++) {
		double to_left = sum_distances(v, 0, m - 1, m - 1);
		double to_right = sum_distances(v, m, n, m - 1);

		left += to_left;
		right -= to_right;
		between += to_right - to_left;
		take_best(&best, left, right, between, m, n - m);
	}
	return best;
}

/*
 * The same, where the right part may end before the last value: a level that
 * comes back would hide the change. All splits together take n^2 steps, too.
 * @sum has room for 2 n + 1 values: first the sums of the distances between all
 * values from each start to the end so far, then those from 0 to each end.
 */
static struct split best_split(const double *v, size_t n, double *sum)
{
	struct split best = { -INFINITY, 0 };
	double *within = sum, *first = sum + n;

	memset(within, 0, n * sizeof(*within));
	for (size_t end = 1; end <= n; end++) {
		double to_end = 0;

		for (size_t i = end - 1; i-- > 0;) {
			to_end += fabs(v[i] - v[end - 1]);
			within[i] += to_end;
		}
		first[end] = within[0];
		for (size_t m = 1; m < end; m++)
			take_best(&best, first[m], within[m],
				  within[0] - first[m] - within[m], m,
				  end - m);
	}
	return best;
}

/* The series, cut into segments: @end[0] to @end[nr] are their limits. */
struct segments {
	const double *v;
	size_t *end, nr;
};

/* The best split of all segments. */
static struct split best_of_all(const struct segments *s, const double *v,
				double *sum)
{
	struct split best = { -INFINITY, 0 };

	for (size_t i = 0; i < s->nr; i++) {
		struct split b = best_split(v + s->end[i],
					    s->end[i + 1] - s->end[i], sum);

		if (b.at && b.distance > best.distance)
			best = (struct split){ b.distance, s->end[i] + b.at };
	}
	return best;
}

static void shuffle_segments(const struct segments *s, double *v,
			     uint64_t *state)
{
	for (size_t i = 0; i < s->nr; i++) {
		for (size_t k = s->end[i + 1] - 1; k > s->end[i]; k--) {
			size_t with = s->end[i] +
				random_below(state, k - s->end[i] + 1);
			double tmp = v[k];

			v[k] = v[with];
			v[with] = tmp;
		}
	}
}

/*
 * The p-value of the best split. The test ends as soon as it cannot be below
 * the level any more (Besag and Clifford 1991), which most tests do early.
 */
static double permutation_test(const struct segments *s, double distance,
			       double level, double *v, double *sum,
			       uint64_t *state)
{
	size_t nr = fmin(fmax(1.25 / level, LEAST_PERMUTATIONS),
			 MOST_PERMUTATIONS);
	size_t as_large = 0, i;

	for (i = 0; i < nr && (as_large + 1.0) / (nr + 1) < level; i++) {
		shuffle_segments(s, v, state);
		/* sums of other orders differ in their last digits */
		as_large += best_of_all(s, v, sum).distance >=
			distance * (1 - 1e-9);
	}
	return i < nr ? 1 : (as_large + 1.0) / (nr + 1);
}

/* Mean plus a resampled residual is a resampled value of the same side. */
static void resample(const double *from, double *to, size_t n, uint64_t *state)
{
	for (size_t i = 0; i < n; i++)
		to[i] = from[random_below(state, n)];
}

static void find_interval(const double *v, size_t n, size_t at, double *scratch,
			  struct change_point *c, uint64_t *state)
{
	static const double tails[] = { 0.025, 0.975 };
	double place[BOOTSTRAPS], bound[2];

	for (int i = 0; i < BOOTSTRAPS; i++) {
		resample(v, scratch, at, state);
		resample(v + at, scratch + at, n - at, state);
		place[i] = best_of_two(scratch, n).at;
	}
	stats_quantiles(place, BOOTSTRAPS, tails, 2, bound);
	c->from = fmin(floor(bound[0]), at);
	c->to = fmax(ceil(bound[1]), at);
}

/* All values of a segment may be one: there is nothing to find. */
static bool is_split(const struct split *s)
{
	return s->at && s->distance > 0;
}

static void add_limit(struct segments *s, size_t at)
{
	size_t i = s->nr++;

	for (s->end[s->nr] = s->end[i]; i > 0 && s->end[i] > at; i--)
		s->end[i + 1] = s->end[i];
	s->end[i + 1] = at;
}

long change_points(const double *v, size_t n, double level,
		   struct change_point *c)
{
	auto_free double *scratch = malloc((n + 1) * sizeof(*scratch));
	auto_free double *sum = calloc(2 * n + 1, sizeof(*sum));
	auto_free double *p = calloc(n + 1, sizeof(*p));
	auto_free size_t *end = calloc(n + 2, sizeof(*end));
	struct segments s = { v, end, 1 };
	uint64_t state = 20141122;

	if (!scratch || !sum || !p || !end)
		return -ENOMEM;
	end[1] = n;
	while (s.nr < n) {
		struct split best = best_of_all(&s, v, sum);

		if (!is_split(&best))
			break;
		memcpy(scratch, v, n * sizeof(*v));
		p[best.at] = permutation_test(&s, best.distance, level,
					      scratch, sum, &state);
		if (p[best.at] >= level)
			break;
		add_limit(&s, best.at);
	}
	for (size_t i = 1; i < s.nr; i++) {
		size_t before = end[i - 1], at = end[i] - before;

		c[i - 1] = (struct change_point){ .at = end[i],
						  .p = p[end[i]] };
		find_interval(v + before, end[i + 1] - before, at, scratch,
			      &c[i - 1], &state);
		c[i - 1].from += before;
		c[i - 1].to += before;
	}
	return s.nr - 1;
}

double change_points_least_p(size_t n)
{
	size_t half = n / 2;
	double p;

	if (n < 2 * CHANGE_LEAST)
		return 1;
	p = exp(lgamma(half + 1.0) + lgamma(n - half + 1.0) -
		lgamma(n + 1.0));
	return n % 2 ? p : 2 * p;
}
