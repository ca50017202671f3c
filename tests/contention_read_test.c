// SPDX-License-Identifier: GPL-2.0
/*
 * Readings of the reference loops: the verdict for a ratio below, near and above
 * the level. (The file of the level: contention_test.c.)
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "lib/stats.h"
#include "measure/contention.h"

/* Readings that may be disturbed before a busy machine is given up. */
#define MANY 200000

static int keep_nowhere(void **state)
{
	unsetenv("HOME");
	return unsetenv("XDG_CACHE_HOME");
}

/* A reading whose chain was steady; false if there is none. */
static bool steady_reading(struct contention *q, double level, bool *quiet)
{
	unsigned int before;

	for (int i = 0; i < MANY; i++) {
		q->level = level;
		before = q->nr_ratios;
		*quiet = contention_read(q);
		if (q->nr_ratios == before + 1)
			return true;
		assert_int_equal(q->nr_ratios, before);
		assert_false(*quiet);
	}
	return false;
}

static void quiet_up_to_one_per_cent_above(void **state)
{
	static const double shares[] = { 0.5, 0.992, 0.998, 1.002, 1.2, 10 };
	const size_t nr = sizeof(shares) / sizeof(*shares);
	size_t quiet_ones = 0, others = 0, near = 0;
	struct contention q;
	bool quiet;

	contention_open(&q, "");
	for (size_t i = 0; i < 100 * nr || !quiet_ones || !others || !near;
	     i++) {
		double level = i ? q.ratio * shares[i % nr] : 1;

		if (i == MANY || !steady_reading(&q, level, &quiet))
			skip();	/* too busy */
		assert_true(q.ratio > 0);
		/* the median of five readings may have lowered the level */
		assert_true(q.level <= level);
		level = q.level;
		if (quiet)
			assert_true(q.ratio <= 1.01 * level);
		else
			assert_true(q.ratio > 1.01 * level);
		quiet_ones += quiet;
		others += !quiet;
		near += quiet && q.ratio > level;
	}
	contention_close(&q);
}

/* The level falls to the median of five ratios, and never rises. */
static void level_is_a_median_of_five(void **state)
{
	struct contention q;
	bool quiet;

	contention_open(&q, "");
	for (int i = 0; i < 50; i++) {
		double high = 1000 + i, median;

		if (!steady_reading(&q, high, &quiet))
			skip();
		if (q.nr_ratios < 5) {
			assert_true(q.level == high);
			continue;
		}
		median = stats_median(q.ratios, 5);
		assert_true(q.level == median);
		if (!steady_reading(&q, median / 8, &quiet))
			skip();
		assert_true(q.level == median / 8);
		assert_false(quiet);
	}
	contention_close(&q);
}

/* The cycle is the least of the readings that are kept. */
static void cycle_is_the_least_reading(void **state)
{
	struct contention q;

	contention_open(&q, "");
	assert_true(isnan(contention_cycle(&q)));
	for (size_t i = 1; i < 200; i++) {
		size_t nr = i < 64 ? i : 64;

		contention_read(&q);
		assert_int_equal(q.nr_cycles, i);
		assert_true(contention_cycle(&q) > 0);
		for (size_t k = 0; k < nr; k++)
			assert_true(q.cycles[k] >= contention_cycle(&q));
	}
	contention_close(&q);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(quiet_up_to_one_per_cent_above),
		cmocka_unit_test(level_is_a_median_of_five),
		cmocka_unit_test(cycle_is_the_least_reading),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, keep_nowhere, NULL);
}
