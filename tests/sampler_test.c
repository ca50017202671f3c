// SPDX-License-Identifier: GPL-2.0
/* The time that groups leave to each other, with loops that take no time. */
#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "measure/contention.h"
#include "measure/sampler.h"

/* Longer than this test may be stopped. */
#define HOURS (24 * 3600.0)

static int some_pages(struct backend *b, const struct point *p,
		      struct population **population, struct errmsg *msg)
{
	(void)p;
	(void)msg;
	*population = (struct population *)b;
	return 0;
}

static void no_pages(struct backend *b, struct population *population)
{
	(void)b;
	(void)population;
}

static void same_place(struct backend *b, struct population *population,
		       unsigned int nr)
{
	(void)b;
	(void)population;
	(void)nr;
}

static unsigned long one_pass(const struct population *population)
{
	(void)population;
	return 1;
}

/* Three ticks per operation, one of them for the empty loop. */
static int64_t say_ticks(struct backend *b, struct population *population,
			 const struct point *p, unsigned long iterations)
{
	(void)b;
	(void)population;
	return iterations * PF_UNROLL * (p->accessor == PF_ACC_empty ? 1 : 3);
}

/* Seconds that one group of a hot point leaves. */
static double left_by_group(double max_seconds, double patience, double quiet)
{
	static const volatile sig_atomic_t never;
	struct backend b = {
		.name = "test", .populate = some_pages, .release = no_pages,
		.move = same_place, .iterations = one_pass, .run = say_ticks,
	};
	struct point point = { .accessor = PF_ACC_PageLocked,
			       .form = PF_LATENCY };
	struct contention q;
	struct sampler s = {
		.backend = &b, .contention = &q, .ns_per_tick = 1,
		.quantum = 1, .target_ci = INFINITY, .patience = patience,
		.max_seconds = max_seconds, .sample_ns = 1000,
		.interrupted = &never,
	};
	struct sampled sampled;
	struct errmsg msg;

	contention_open(&q, "test", 1);
	q.quiet = quiet;
	assert_int_equal(sampler_group(&s, &point, 1, &sampled, &msg), 0);
	sampler_free(&sampled, 1);
	return s.patience;
}

/* The group is narrow enough at once. */
static void early_group_leaves_its_time(void **state)
{
	double left = left_by_group(HOURS, 0, INFINITY);

	(void)state;
	assert_true(left > 0 && left < HOURS);
	left = left_by_group(HOURS, HOURS, INFINITY);
	assert_true(left > HOURS && left < 2 * HOURS);
}

/* The group has no time of its own, and takes some of the others'. */
static void late_group_takes_time(void **state)
{
	double left = left_by_group(0, HOURS, INFINITY);

	(void)state;
	assert_true(left > 0 && left < HOURS);
}

/* No reading is quiet: the group is longer than all that is left. */
static void nothing_is_owed(void **state)
{
	(void)state;
	assert_true(left_by_group(0, 0, -1) == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(early_group_leaves_its_time),
		cmocka_unit_test(late_group_takes_time),
		cmocka_unit_test(nothing_is_owed),
	};

	return cmocka_run_group_tests_name("sampler", tests, NULL, NULL);
}
