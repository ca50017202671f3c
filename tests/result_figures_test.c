// SPDX-License-Identifier: GPL-2.0
/* Results that are read without their samples have the same figures. */
#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "data/result.h"

static void same_double(double a, double b)
{
	assert_memory_equal(&a, &b, sizeof(a));
}

static void same_point(const struct result_point *a,
		       const struct result_point *b)
{
	assert_string_equal(a->name, b->name);
	assert_true(point_equal(&a->point, &b->point));
	same_double(a->cost.mid, b->cost.mid);
	same_double(a->cost.lo, b->cost.lo);
	same_double(a->cost.hi, b->cost.hi);
	assert_int_equal(a->contended, b->contended);
}

/* Returns whether the file is a result. */
static bool same_result(const char *path)
{
	struct errmsg a_msg = { "" }, b_msg = { "" };
	struct result a, b;
	int a_err = result_load(path, &a, &a_msg);
	int b_err = result_load_figures(path, &b, &b_msg);

	assert_int_equal(a_err, b_err);
	assert_string_equal(a_msg.text, b_msg.text);
	if (a_err)
		return false;
	assert_int_equal(a.nr_points, b.nr_points);
	for (size_t i = 0; i < a.nr_points; i++) {
		same_point(&a.point[i], &b.point[i]);
		same_point(a.sorted[i], b.sorted[i]);
	}
	same_double(a.ns_per_tick, b.ns_per_tick);
	same_double(a.quantum_ticks, b.quantum_ticks);
	result_free(&a);
	result_free(&b);
	return true;
}

static void files_of_the_tree(void **state)
{
	static const char *const patterns[] = {
		"tests/results/*.json", "tests/results/*/*",
		"tests/golden/*.json", "results/*/*.json",
		"tests/fuzz/corpus/result/*",
	};
	size_t read = 0, refused = 0;
	glob_t g = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(patterns) / sizeof(*patterns); i++)
		glob(patterns[i], i ? GLOB_APPEND : 0, NULL, &g);
	for (size_t i = 0; i < g.gl_pathc; i++) {
		if (same_result(g.gl_pathv[i]))
			read++;
		else
			refused++;
	}
	globfree(&g);
	assert_true(read > 20);
	assert_true(refused > 10);
}

/* A result whose only entry has these samples, or other text. */
static void write_samples(const char *path, const char *member)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fprintf(f, "{\"context\":{\"pfbench\":{\"format\":1,\"ns_per_tick\":1,"
		"\"note\":\"\\\"samples\\\": [\"}},\"benchmarks\":[{\"name\":"
		"\"PageLocked/plain/tail/hot/latency\",\"ticks\":8,%s}]}\n",
		member);
	fclose(f);
}

/* Each is read, or refused with the same message, by both. */
static void samples_of_every_kind(void **state)
{
	static const struct { const char *member; bool good; } cases[] = {
		{ "\"samples\":[8, 8.5,null ,-0.25,1e-05,0]", true },
		{ "\"samples\" : [ ]", true },
		{ "\"samples\":[\n8\n,\t9 ]", true },
		{ "\"samples\":[123456789012]", true },
		{ "\"note\":\"samples\",\"samples\":[8]", true },
		{ "\"samples\":[8,]", false },
		{ "\"samples\":[,8]", false },
		{ "\"samples\":[8 9]", false },
		{ "\"samples\":[08]", false },
		{ "\"samples\":[.5]", false },
		{ "\"samples\":[5.]", false },
		{ "\"samples\":[+5]", false },
		{ "\"samples\":[1e13]", false },
		{ "\"samples\":[1234567890123]", false },
		{ "\"samples\":[1e999]", false },
		{ "\"samples\":[nul]", false },
		{ "\"samples\":[true]", false },
		{ "\"samples\":[\"8\"]", false },
		{ "\"samples\":[[8]]", false },
		{ "\"samples\":8", false },
		{ "\"samples\":null", false },
		{ "\"samples\":[8],\"samples\":[8]", false },
		{ "\"samples\":[8", false },
		{ "\"samples\":[8],\"-\":\"mine\"", true },
		{ "\"comment\":\"\\\\\",\"samples\":[8]", true },
		{ "\"sampl\\u0065s\":[8]", true },
		{ "\"contended\":false", true },
		{ "\"contended\":true,\"samples\":[8],\"counters\":{}", true },
		{ "\"contended\":falsehood", false },
		{ "\"contended\":false \"x\":1", false },
		{ "\"contended\":false,", false },
		{ "\"counters\":{},\"threads\":1", true },
		{ "\"counters\":{\"cycles\":{\"per_op\":1}}", true },
		{ "\"counters\":{\"cycles\":1}", false },
		{ "\"counters\":{", false },
		{ "\"repetition_index\":0", true },
		{ "\"repetition_index\":00", false },
		{ "\"repetition_index\":3", false },
		{ "\"run_type\":\"iteration\",\"iterations\":8", true },
		{ "\"run_type\":\"aggregate\"", true },
		{ "\"group\":", false },
	};
	char path[] = "/tmp/result_figures_XXXXXX";
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	close(fd);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		write_samples(path, cases[i].member);
		if (same_result(path) != cases[i].good)
			fail_msg("%s", cases[i].member);
	}
	unlink(path);
}

/* The samples are gone, and nothing else. */
static void samples_are_not_kept(void **state)
{
	struct result r;

	(void)state;
	assert_int_equal(result_load_figures("tests/golden/before.json", &r,
					     NULL), 0);
	assert_int_equal(r.nr_points, 28);
	for (size_t i = 0; i < r.nr_points; i++)
		assert_int_equal(r.point[i].nr_samples, 0);
	result_free(&r);
	/* figures of repetitions are made of their samples */
	assert_int_equal(result_load_figures("tests/results/repetitions.json",
					     &r, NULL), 0);
	assert_true(r.point[0].nr_samples > 0);
	result_free(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_of_the_tree),
		cmocka_unit_test(samples_of_every_kind),
		cmocka_unit_test(samples_are_not_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
