// SPDX-License-Identifier: GPL-2.0
/* Exact counts, with a backend whose clock counts instructions. */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "measure/insn_count.h"

#define PASS 16			/* iterations that visit all pages */

static int dirty_cost = 3;

/* Instructions per operation beyond the empty loop's; -1: refused. */
static int cost_of(const struct point *p)
{
	switch (p->accessor) {
	case PF_ACC_empty:
		return 0;
	case PF_ACC_add1:
		return 1;
	case PF_ACC_add2:
		return 2;
	case PF_ACC_add4:
		return 4;
	case PF_ACC_PageLocked:
		return p->population == PF_TAILS ? -1 : 7;
	default:
		return dirty_cost;
	}
}

static int users;
static unsigned int noise, runs;	/* every @noise-th run is disturbed */
/* instructions until now; each 4,000,000th is a tick, whose interrupt takes 4300 */
static bool ticks;
static int64_t elapsed;

static int fake_populate(struct backend *b, const struct point *p,
			 struct population **population, struct errmsg *msg)
{
	users++;
	*population = NULL;
	return 0;
}

static void fake_release(struct backend *b, struct population *population)
{
	users--;
}

static unsigned long fake_iterations(const struct population *population)
{
	return PASS;
}

static int64_t fake_run(struct backend *b, struct population *population,
			const struct point *p, unsigned long iterations)
{
	int cost = cost_of(p);
	int64_t taken, began = elapsed / 4000000;

	if (cost < 0)
		return -EOPNOTSUPP;
	taken = iterations * (PF_UNROLL * (3 + cost) + 2) +
		(noise && ++runs % noise == 0 ? 1000000 : 0);
	elapsed += taken;
	if (ticks)
		taken += 4300 * (elapsed / 4000000 - began);
	return taken;
}

static struct backend fake = {
	.name = "fake", .exact = true, .populate = fake_populate,
	.release = fake_release, .iterations = fake_iterations,
	.run = fake_run,
};

static const volatile sig_atomic_t not_interrupted, interrupted = 1;

static struct insn_counter counter(double ns_per_tick)
{
	return (struct insn_counter){
		.backend = &fake, .ns_per_tick = ns_per_tick, .quantum_ns = 1,
		.interrupted = &not_interrupted,
	};
}

static void by_clock(void **state)
{
	struct insn_counter c = counter(1);
	const struct point points[] = {
		{ .accessor = PF_ACC_PageLocked, .generation = PF_GEN_plain },
		{ .accessor = PF_ACC_PageLocked, .generation = PF_GEN_plain,
		  .population = PF_TAILS },
		{ .accessor = PF_ACC_PageDirty, .generation = PF_GEN_plain },
	};
	struct insn_count n[3];
	struct errmsg msg;

	assert_int_equal(insn_count_check_clock(&c, &msg), 0);
	assert_int_equal(insn_count_open(&c, &msg), 0);
	assert_int_equal(c.source, BY_CLOCK);
	assert_string_equal(c.perf, "not requested");
	for (noise = 0; noise < 8; noise += 7) {
		assert_int_equal(insn_count_group(&c, points, 3, n, &msg), 0);
		assert_int_equal(n[0].err, 0);
		assert_true(n[0].count.instructions == 7);
		assert_true(isnan(n[0].count.perf));
		assert_true(point_equal(&n[0].count.point, &points[0]));
		/* a loop that cannot run has no count, and a reason */
		assert_int_equal(n[1].err, -EOPNOTSUPP);
		assert_true(isnan(n[1].count.instructions));
		assert_non_null(strstr(n[1].msg.text, "could not be run"));
		assert_int_equal(n[2].err, 0);
		assert_true(n[2].count.instructions == 3);
	}
	noise = 0;
	assert_int_equal(users, 0);
	c.interrupted = &interrupted;
	assert_int_equal(insn_count_group(&c, points, 3, n, &msg), -EINTR);
	assert_int_equal(users, 0);
}

/* A run that takes most of a tick is interrupted more often than not. */
static void ticks_do_not_count(void **state)
{
	const struct point dirty = { .accessor = PF_ACC_PageDirty,
				     .generation = PF_GEN_plain };
	struct insn_counter c = counter(1);
	struct insn_count n;
	struct errmsg msg;

	c.quantum_ns = 100;
	assert_int_equal(insn_count_check_clock(&c, &msg), 0);
	ticks = true;
	for (dirty_cost = 1; dirty_cost < 55; dirty_cost++) {
		assert_int_equal(insn_count_group(&c, &dirty, 1, &n, &msg), 0);
		assert_int_equal(n.err, 0);
		assert_true(n.count.instructions == dirty_cost);
	}
	ticks = false;
	dirty_cost = 3;
}

/* A clock that does not count instructions is no source. */
static void no_source(void **state)
{
	struct insn_counter c = counter(0.5);
	struct errmsg msg;

	assert_int_equal(insn_count_check_clock(&c, &msg), -EINVAL);
	assert_non_null(strstr(msg.text, "--icount: the clock"));
	assert_int_equal(insn_count_open(&c, &msg), -ENOTSUP);
	assert_non_null(strstr(msg.text, "nothing counts instructions here"));
	assert_int_equal(users, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(by_clock),
		cmocka_unit_test(ticks_do_not_count),
		cmocka_unit_test(no_source),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
