// SPDX-License-Identifier: GPL-2.0
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "lib/change_points.h"

#define MOST 64

/* Noise of a fixed seed, from -1 to 1. */
static double noise(uint32_t *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return (*seed >> 8) / 8388608.0 - 1;
}

/* @nr levels of @each values with this noise; returns the changes found. */
static long find(const double *level, size_t nr, size_t each, double width,
		 uint32_t seed, double p, struct change_point *c)
{
	double v[MOST];

	for (size_t i = 0; i < nr * each; i++)
		v[i] = level[i / each] + width * noise(&seed);
	return change_points(v, nr * each, p, c);
}

static void one_step(void **state)
{
	const double level[] = { 1, 1.05 };
	struct change_point c[MOST];

	(void)state;
	assert_int_equal(find(level, 2, 12, 0.01, 7, 0.01, c), 1);
	assert_int_equal(c[0].at, 12);
	assert_int_equal(c[0].from, 12);
	assert_int_equal(c[0].to, 12);
	assert_true(c[0].p < 0.01 && c[0].p >= 1.0 / 10000);
}

/* A step that the noise almost hides has an interval of several places. */
static void an_interval(void **state)
{
	const double level[] = { 1, 2.2 };
	struct change_point c[MOST];

	(void)state;
	assert_int_equal(find(level, 2, 20, 1.5, 3, 0.005, c), 1);
	assert_true(c[0].from < c[0].at || c[0].to > c[0].at);
	assert_true(c[0].from <= 20 && c[0].to >= 20);
	assert_true(c[0].from >= CHANGE_LEAST && c[0].to <= 40 - CHANGE_LEAST);
}

static void several_steps(void **state)
{
	const double level[] = { 5, 7, 5, 5.5 };
	struct change_point c[MOST];

	(void)state;
	assert_int_equal(find(level, 4, 10, 0.05, 1, 0.05, c), 3);
	for (int i = 0; i < 3; i++)
		assert_int_equal(c[i].at, 10 * (i + 1));
}

/* The level comes back: two parts up to both ends hardly differ. */
static void a_bulge(void **state)
{
	const double level[] = { 1, 1.05, 1 };
	struct change_point c[MOST];

	(void)state;
	assert_int_equal(find(level, 3, 6, 0.002, 5, 0.01, c), 2);
	assert_int_equal(c[0].at, 6);
	assert_int_equal(c[1].at, 12);
}

/* In a hundred series without a change, chance finds about five. */
static void no_step(void **state)
{
	const double level[] = { 3 };
	struct change_point c[MOST];
	int found = 0;

	(void)state;
	for (uint32_t seed = 1; seed <= 100; seed++)
		found += find(level, 1, 20, 0.1, seed, 0.05, c) > 0;
	assert_in_range(found, 1, 11);
}

static void constant(void **state)
{
	const double level[] = { 3, 3 };
	struct change_point c[MOST];

	(void)state;
	assert_int_equal(find(level, 2, 10, 0, 1, 0.05, c), 0);
}

/* Two of two values each: chance does it in a third of the orders. */
static void too_few(void **state)
{
	struct change_point c[MOST];
	const double v[] = { 1, 1.01, 2, 2.01, 0, 0 };

	(void)state;
	assert_int_equal(change_points(v, 4, 0.05, c), 0);
	assert_int_equal(change_points(v, 0, 0.05, c), 0);
	assert_int_equal(change_points(v, 1, 0.05, c), 0);
}

/* 2 / C(8, 4), 1 / C(7, 3) */
static void least_p(void **state)
{
	(void)state;
	assert_true(fabs(change_points_least_p(8) - 2.0 / 70) < 1e-12);
	assert_true(fabs(change_points_least_p(7) - 1.0 / 35) < 1e-12);
	assert_true(change_points_least_p(3) == 1);
}

static void equal_output(void **state)
{
	const double level[] = { 1, 1.8 };
	struct change_point a[MOST], b[MOST];

	(void)state;
	assert_int_equal(find(level, 2, 15, 1, 9, 0.05, a),
			 find(level, 2, 15, 1, 9, 0.05, b));
	assert_int_equal(a[0].from, b[0].from);
	assert_int_equal(a[0].to, b[0].to);
	assert_true(a[0].p == b[0].p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_step),
		cmocka_unit_test(an_interval),
		cmocka_unit_test(several_steps),
		cmocka_unit_test(a_bulge),
		cmocka_unit_test(no_step),
		cmocka_unit_test(constant),
		cmocka_unit_test(too_few),
		cmocka_unit_test(least_p),
		cmocka_unit_test(equal_output),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
