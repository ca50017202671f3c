// SPDX-License-Identifier: GPL-2.0
/*
 * The level of a core in sole use, learned from recorded readings: of a quiet
 * core, of one whose other hardware thread was busy, and of one in three states.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "measure/contention.h"

#define MAX_READINGS 600

struct readings {
	struct contention_reading r[MAX_READINGS];
	size_t nr;
};

static struct readings quiet, shared, states;

/* The level that most readings of the quiet core have. */
#define LEVEL 0.2179

static void load(struct readings *to, const char *name)
{
	char path[256], line[128];
	FILE *f;

	snprintf(path, sizeof(path), "tests/readings/%s.txt", name);
	f = fopen(path, "r");
	if (!f) {
		perror(path);
		exit(1);
	}
	to->nr = 0;
	while (fgets(line, sizeof(line), f) && to->nr < MAX_READINGS) {
		struct contention_reading *r = &to->r[to->nr];

		r->walk = r->loads = NAN;
		if (sscanf(line, "%lf %lf %lf %lf %lf", &r->before, &r->nops,
			   &r->after, &r->walk, &r->loads) >= 3)
			to->nr++;
	}
	fclose(f);
}

static void start(struct contention *q)
{
	contention_open(q, "", 1);
	assert_true(isnan(q->nops.level));
	assert_true(isnan(contention_cycle(q)));
}

/* @slower: multiply the middle of readings */
static void learn(struct contention *q, const struct readings *from,
		  double slower)
{
	for (size_t i = 0; i < from->nr; i++) {
		struct contention_reading r = from->r[i];

		r.nops *= slower;
		contention_learn(q, &r);
	}
}

static size_t quiet_ones(const struct contention *q,
			 const struct readings *from)
{
	size_t n = 0;

	for (size_t i = 0; i < from->nr; i++)
		n += contention_excess(q, &from->r[i]) <= CONTENTION_QUIET;
	return n;
}

static void assert_level(const struct contention *q, double level)
{
	if (!(fabs(q->nops.level / level - 1) < 0.002))
		fail_msg("level %g, not %g", q->nops.level, level);
}

static void quiet_core(void **state)
{
	struct contention q;

	start(&q);
	learn(&q, &quiet, 1);
	assert_level(&q, LEVEL);
	assert_int_equal(quiet_ones(&q, &quiet), 569);
	assert_true(fabs(contention_cycle(&q) - 0.5745) < 0.002);
}

/* A core that is shared all the time does not tell its level. */
static void shared_core(void **state)
{
	struct contention q;

	start(&q);
	learn(&q, &shared, 1);
	assert_true(isnan(q.nops.level));
	assert_int_equal(quiet_ones(&q, &shared), 0);
	assert_int_equal(quiet_ones(&q, &quiet), 0);
}

static void quiet_then_shared(void **state)
{
	struct contention q;

	start(&q);
	learn(&q, &quiet, 1);
	learn(&q, &shared, 1);
	assert_level(&q, LEVEL);
	assert_int_equal(quiet_ones(&q, &shared), 4);
}

static void shared_then_quiet(void **state)
{
	struct contention q;

	start(&q);
	learn(&q, &shared, 1);
	learn(&q, &quiet, 1);
	assert_level(&q, LEVEL);
	assert_int_equal(quiet_ones(&q, &shared), 4);
}

/* Another thread that never pauses looks like a level of its own. */
static void steadily_shared(void **state)
{
	struct contention q;

	start(&q);
	learn(&q, &quiet, 1.5);
	assert_level(&q, 1.5 * LEVEL);
	learn(&q, &quiet, 1);
	assert_level(&q, LEVEL);
	for (int i = 0; i < 20; i++)
		learn(&q, &quiet, 1.5);
	assert_level(&q, LEVEL);
}

static void excess(void **state)
{
	struct contention q = { .nops.level = 0.25, .loads.level = NAN,
				.walk.level = NAN };
	struct contention_reading r = { 1, 0.25, 1 };

	assert_true(contention_excess(&q, &r) == 0);
	r.nops = 0.26;
	assert_float_equal(contention_excess(&q, &r), 0.04, 1e-9);
	r.nops = 0.24;
	assert_float_equal(contention_excess(&q, &r), 0.04, 1e-9);
	r = (struct contention_reading){ 1, 0.25 * 1.0055, 1.011 };
	assert_float_equal(contention_excess(&q, &r), 0, 1e-9);
	r.after = 1.013;
	assert_true(isinf(contention_excess(&q, &r)));
	assert_true(contention_steady(1, 1.0119));
	assert_true(contention_steady(1.0119, 1));
	assert_false(contention_steady(1, 1.0121));
	assert_false(contention_steady(1.0121, 1));
	q.nops.level = NAN;
	assert_true(isinf(contention_excess(&q, &r)));
}

/* Lines that another thread evicted: the issue slots were free. */
static void evicted(void **state)
{
	struct contention q;
	struct contention_reading r = { 1, LEVEL, 1, 4 };

	start(&q);
	learn(&q, &quiet, 1);
	r.nops = q.nops.level;
	/* without a level of loads, no-operations decide */
	assert_true(isnan(q.loads.level));
	assert_true(contention_excess(&q, &r) <= CONTENTION_QUIET);
	r.loads = 4;
	for (int i = 0; i < 300; i++)
		contention_learn(&q, &r);
	assert_float_equal(q.loads.level, 4, 0.1);
	/* chains that took far too long make a load look short */
	r.loads = 1.5;
	for (int i = 0; i < 30; i++)
		contention_learn(&q, &r);
	assert_float_equal(q.loads.level, 4, 0.1);
	r.loads = 4.8;
	assert_true(contention_excess(&q, &r) <= CONTENTION_QUIET);
	r.loads = 6;
	assert_float_equal(contention_excess(&q, &r), 0.5, 0.05);
	for (int i = 0; i < 9000; i++)
		contention_learn(&q, &r);
	assert_float_equal(q.loads.level, 4, 0.1);
	r.loads = NAN;
	assert_true(contention_excess(&q, &r) <= CONTENTION_QUIET);
}

#define STATE_READINGS 200

/* The readings of a state, from the fastest one on. */
static struct readings in_state(int nr)
{
	struct readings r = { .nr = STATE_READINGS };

	memcpy(r.r, states.r + nr * STATE_READINGS,
	       STATE_READINGS * sizeof(*r.r));
	return r;
}

static size_t in_fastest(const struct contention *q,
			 const struct readings *from)
{
	size_t n = 0;

	for (size_t i = 0; i < from->nr; i++)
		n += contention_state(q, contention_walk(&from->r[i])) <=
			CONTENTION_STATE;
	return n;
}

static void states_of_a_core(void **state)
{
	struct readings fast = in_state(0), slow = in_state(1);
	struct readings slowest = in_state(2);
	struct contention q;

	start(&q);
	assert_true(isnan(q.walk.level));
	/* all readings are of the fastest state until it is known */
	assert_int_equal(in_fastest(&q, &slowest), STATE_READINGS);
	/* no-operations have one level in all states */
	for (int i = 0; i < 4; i++)
		learn(&q, &fast, 1);
	assert_float_equal(q.walk.level, 1.586, 0.003);
	assert_int_equal(in_fastest(&q, &fast), 198);
	assert_int_equal(in_fastest(&q, &slow), 0);
	assert_int_equal(in_fastest(&q, &slowest), 0);
	assert_int_equal(quiet_ones(&q, &slow), 200);
	/* a slower state does not replace it */
	for (int i = 0; i < 50; i++)
		learn(&q, &slow, 1);
	assert_float_equal(q.walk.level, 1.586, 0.003);
}

static void slower_state_first(void **state)
{
	struct readings fast = in_state(0), slow = in_state(1);
	struct contention q;

	start(&q);
	for (int i = 0; i < 4; i++)
		learn(&q, &slow, 1);
	assert_true(q.walk.level > 1.60);
	for (int i = 0; i < 8; i++)
		learn(&q, &fast, 1);
	assert_float_equal(q.walk.level, 1.586, 0.003);
}

/* A shared core does not show its state. */
static void no_state_of_a_shared_core(void **state)
{
	struct readings fast = in_state(0);
	struct contention q;

	start(&q);
	for (int i = 0; i < 4; i++)
		learn(&q, &fast, 1);
	for (int i = 0; i < 4; i++)
		for (size_t k = 0; k < fast.nr; k++) {
			struct contention_reading r = fast.r[k];

			r.nops *= 1.2;
			r.walk *= 0.9;
			contention_learn(&q, &r);
		}
	assert_float_equal(q.walk.level, 1.586, 0.003);
}

/* The loops of this machine: a chain is slower than no-operations. */
static void own_readings(void **state)
{
	struct contention q;
	double ratio;

	start(&q);
	for (int i = 0; i < 1000; i++)
		contention_read(&q);
	assert_true(contention_cycle(&q) > 0);
	ratio = 2 * q.last.nops / (q.last.before + q.last.after);
	assert_true(ratio > 0 && isfinite(ratio));
	/* unknown where the clock is coarse */
	assert_true(isnan(q.loads.level) ||
		    (q.loads.level >= 1 && q.loads.level <= 20));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(quiet_core),
		cmocka_unit_test(shared_core),
		cmocka_unit_test(quiet_then_shared),
		cmocka_unit_test(shared_then_quiet),
		cmocka_unit_test(steadily_shared),
		cmocka_unit_test(excess),
		cmocka_unit_test(evicted),
		cmocka_unit_test(states_of_a_core),
		cmocka_unit_test(slower_state_first),
		cmocka_unit_test(no_state_of_a_shared_core),
		cmocka_unit_test(own_readings),
	};

	load(&quiet, "quiet");
	load(&shared, "shared");
	load(&states, "states");
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
