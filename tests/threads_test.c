// SPDX-License-Identifier: GPL-2.0
/* Threads: windows of recorded stamps, names of points, and pairs of CPUs. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "data/point.h"
#include "machine/topology_threads.h"
#include "measure/windows.h"

#define NEAR(a, b) assert_true(fabs((a) - (b)) < 1e-9)

static void test_window(void **state)
{
	struct stamp a[] = { { 100, 0, 0 }, { 200, 10, 50 }, { 300, 40, 90 } };
	struct stamp b[] = { { 150, 0, 0 }, { 350, 20, 10 } };
	struct stamps s[] = { { a, 3 }, { b, 2 } };
	struct window_share d;
	struct window w;

	assert_true(window_common(s, 2, &w));
	assert_int_equal(w.from, 150);
	assert_int_equal(w.to, 300);
	d = window_share(&s[0], &w);
	NEAR(d.operations, 35);
	NEAR(d.cycles, 65);
	d = window_share(&s[1], &w);
	NEAR(d.operations, 15);
	NEAR(d.cycles, 7.5);
	b[0].ticks = 300;
	assert_false(window_common(s, 2, &w));
	s[1].nr = 1;
	assert_false(window_common(s, 2, &w));
}

static void test_fairness(void **state)
{
	NEAR(window_fairness((double[]){ 3, 3, 3 }, 3), 1);
	NEAR(window_fairness((double[]){ 3, 0, 0 }, 3), 1 / 3.0);
	assert_true(isnan(window_fairness((double[]){ 0, 0 }, 2)));
}

static void test_names(void **state)
{
	static const char *const good[] = {
		"PageLocked/v4.4-word/tail/hot/throughput/shared:2",
		"PageLocked/v4.4-word/tail/hot/throughput/reader:smt/one-page",
		"folio_try_get/ref-cas/small/hot/throughput/private:12",
		"folio_last_put/ref-cas/small/hot/throughput/private:2",
		"folio_ref_count/ref-cas/small/hot/throughput/reader-ref:2",
	}, *const bad[] = {
		"PageLocked/v4.4-word/tail/hot/latency/shared:2",
		"PageLocked/v4.4-word/tail/hot/throughput/shared:0",
		"PageLocked/v4.4-word/tail/hot/throughput/shared:02",
		"PageLocked/v4.4-word/tail/hot/throughput/one-page",
		"PageLocked/v4.4-word/tail/hot/throughput/one-page/shared:2",
		"SetPageDirty/v4.4-word/tail/hot/throughput/reader:2",
		"__SetPageDirty/v4.4-word/tail/hot/throughput/shared:2",
		"folio_last_put/ref-cas/small/hot/throughput/shared:2",
		"folio_ref_count/ref-cas/small/hot/throughput/reader:2",
	};
	char name[POINT_NAME_MAX];
	struct errmsg msg;
	struct point p;

	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
		assert_int_equal(point_parse(good[i], &p, &msg), 0);
		point_name(&p, name);
		assert_string_equal(name, good[i]);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_int_not_equal(point_parse(bad[i], &p, &msg), 0);
}

static void test_list(void **state)
{
	struct thread_list l;
	struct errmsg msg;

	assert_int_equal(thread_list_parse("1,2,max,smt,2", 8, &l, &msg), 0);
	assert_int_equal(l.nr, 4);
	assert_int_equal(l.threads[2], 8);
	assert_int_equal(l.pair[3], PAIR_SMT);
	assert_int_not_equal(thread_list_parse("1,,2", 8, &l, &msg), 0);
	assert_int_not_equal(thread_list_parse("", 8, &l, &msg), 0);
}

/* Each thread has a CPU of its own, and cores fill before their threads. */
static void test_cpus(void **state)
{
	struct topology *t = NULL;
	struct errmsg msg;
	unsigned int nr, i, k;
	int cpus[256], pair[2];

	assert_int_equal(topology_open(&t, "tests/topologies/two-sockets.xml",
				       &msg), 0);
	nr = topology_count(t, NULL);
	assert_in_range(nr, 4, 256);
	assert_int_equal(topology_threads(t, 1, NULL, nr, cpus, false, &msg),
			 0);
	assert_int_equal(cpus[0], 1);
	for (i = 0; i < nr; i++)
		for (k = 0; k < i; k++)
			assert_int_not_equal(cpus[i], cpus[k]);
	assert_int_not_equal(topology_distance(t, cpus[0], cpus[1]),
			     CPU_PAIR_SMT);
	assert_int_not_equal(topology_threads(t, 1, NULL, nr + 1, cpus, false,
					      &msg), 0);
	assert_int_equal(topology_pair(t, 1, NULL, CPU_PAIR_SOCKET, pair,
				       &msg), 0);
	assert_int_equal(topology_distance(t, pair[0], pair[1]),
			 CPU_PAIR_SOCKET);
	topology_close(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_window), cmocka_unit_test(test_fairness),
		cmocka_unit_test(test_names), cmocka_unit_test(test_list),
		cmocka_unit_test(test_cpus),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
