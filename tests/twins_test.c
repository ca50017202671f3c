// SPDX-License-Identifier: GPL-2.0
/* A/A twins: which groups carry one, and what their differences tell. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "measure/twins.h"

static void every_tenth_of_each_form(void **state)
{
	struct twins t = { 0 };
	unsigned int due[PF_NR_FORMS] = { 0 };

	(void)state;
	for (int i = 0; i < 21; i++)
		due[PF_THROUGHPUT] += twins_due(&t, PF_THROUGHPUT);
	for (int i = 0; i < 20; i++)
		due[PF_LATENCY] += twins_due(&t, PF_LATENCY);
	assert_int_equal(due[PF_THROUGHPUT], 3);
	assert_int_equal(due[PF_LATENCY], 2);
}

static void add(struct twins *t, enum pf_form form, double lo, double hi)
{
	struct point p = { .form = form, .ws = WS_HOT };
	struct estimate e = { (lo + hi) / 2, lo, hi, 100 };

	assert_int_equal(twins_add(t, &p, &e, 0.001, 0.25), 0);
}

static void equal_holds_zero(void **state)
{
	struct twins t = { 0 };

	(void)state;
	add(&t, PF_LATENCY, -0.01, 0.01);
	add(&t, PF_LATENCY, 0, 0.02);
	add(&t, PF_LATENCY, -0.02, -0.001);
	add(&t, PF_LATENCY, 0.001, 0.02);
	add(&t, PF_LATENCY, -INFINITY, INFINITY);
	assert_int_equal(t.measured, 4);
	assert_int_equal(t.equal, 2);
	twins_free(&t);
}

static void resolution(void **state)
{
	struct twins t = { 0 };
	struct point memory = { .form = PF_LATENCY, .ws = WS_MEMORY };
	struct estimate e = { 0, -9, 9, 100 };

	(void)state;
	assert_true(isnan(twins_resolution(&t, PF_LATENCY)));
	/* +-0.0206 in a quarter of a second is +-0.0098 + 0.001 in one */
	add(&t, PF_LATENCY, -0.0206, 0.0206);
	assert_int_equal(twins_add(&t, &memory, &e, 0, 1), 0);
	assert_true(fabs(twins_resolution(&t, PF_LATENCY) -
			 (0.001 + 3.605 * 0.0098 / 1.96)) < 1e-9);
	assert_true(isnan(twins_resolution(&t, PF_THROUGHPUT)));
	twins_free(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_tenth_of_each_form),
		cmocka_unit_test(equal_holds_zero),
		cmocka_unit_test(resolution),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
