// SPDX-License-Identifier: GPL-2.0
/* The counts file: reading returns what was written; bad files are refused. */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "data/counts_file.h"
#include "data/result.h"

#define LEN(a) (sizeof(a) / sizeof(*(a)))

static char path[] = "/tmp/counts_test-XXXXXX";

static int setup(void **state)
{
	int fd = mkstemp(path);

	close(fd);
	return fd < 0;
}

static int teardown(void **state)
{
	return unlink(path);
}

static void put(const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
}

static struct point_count counted(const char *name, double instructions,
				   double perf)
{
	struct point_count e = { .instructions = instructions, .perf = perf };
	struct errmsg msg;

	if (point_parse(name, &e.point, &msg))
		fail_msg("%s", msg.text);
	return e;
}

static void round_trip(void **state)
{
	struct point_count e[] = {
		counted("PageLocked/v4.4-word/tail/hot/latency/select", 6.125,
			6.126),
		counted("PageLocked/plain/mixed:50/hot/throughput/cond", 3, NAN),
		counted("PageLocked/plain/tail/hot/throughput", -0.0001, NAN),
		counted("PageLocked/plain/small/hot/throughput", 0, NAN),
	};
	json_t *context = json_pack("{s:s, s:s, s:s, s:s}", "arch", "aarch64",
				    "backend", "kmod", "kernel", "6.12.1 #1",
				    "native_is", "v4.4-word");
	struct counts c = { .context = context, .perf = "no PMU",
			    .resolution = 0.004, .counted = e, .nr = LEN(e) };
	struct result r;
	struct errmsg msg;
	FILE *f;

	/* a point that was not counted has no line */
	e[3].instructions = NAN;
	counts_sort(e, LEN(e));
	f = fopen(path, "w");
	assert_int_equal(counts_write(f, &c), 0);
	assert_int_equal(fclose(f), 0);
	if (result_load(path, &r, &msg))
		fail_msg("%s", msg.text);
	assert_int_equal(r.nr_points, 3);
	assert_string_equal(r.point[0].name,
			    "PageLocked/plain/tail/hot/throughput");
	assert_true(r.point[0].cost.mid == 0);
	assert_string_equal(r.point[1].name,
			    "PageLocked/plain/mixed:50/hot/throughput/cond");
	assert_string_equal(r.point[2].name,
			    "PageLocked/v4.4-word/tail/hot/latency/select");
	assert_float_equal(r.point[2].cost.mid, 6.125, 1e-9);
	assert_float_equal(r.point[2].cost.lo, 6.121, 1e-9);
	assert_float_equal(r.point[2].cost.hi, 6.129, 1e-9);
	assert_false(r.point[2].contended);
	assert_float_equal(json_number_value(json_object_get(json_object_get(
			json_object_get(r.point[2].json, "counters"),
			"instructions"), "per_op")), 6.126, 1e-9);
	assert_int_equal(json_object_size(json_object_get(r.point[1].json,
							  "counters")), 0);
	assert_string_equal(result_context(&r, "arch"), "aarch64");
	assert_string_equal(result_context(&r, "backend"), "kmod");
	assert_string_equal(result_context(&r, "kernel"), "6.12.1 #1");
	assert_string_equal(json_string_value(json_object_get(json_object_get(
			r.pfbench, "kmod"), "native_is")), "v4.4-word");
	assert_string_equal(json_string_value(json_object_get(json_object_get(
			r.pfbench, "counters"), "instructions")), "no PMU");
	assert_true(json_is_true(json_object_get(r.pfbench, "icount")));
	assert_false(r.partial);
	result_free(&r);
	json_decref(context);
}

static void partial(void **state)
{
	struct result r;
	struct errmsg msg;

	put("# pfbench counts 1\n# partial: interrupted\n"
	    "PageLocked/plain/small/hot/throughput 2\n");
	assert_int_equal(result_load(path, &r, &msg), 0);
	assert_true(r.partial);
	result_free(&r);
}

static void refused(void **state)
{
	static const struct {
		const char *text, *words;
	} bad[] = {
		{ "# pfbench counts 2\n",
		  ":1: counts file of version 2, but this pfbench reads version 1: use a later pfbench" },
		{ "# pfbench counts 0\n", ":1: there is no version 0" },
		{ "# pfbench counts x\n",
		  ":1: 'x' is not the version of a counts file" },
		{ "# pfbench counts 1\r\n", ":1: the line ends in CR LF" },
		{ "# pfbench code 1\n", "a code table or listing, not a" },
		{ "# something else\n", ":1:1: not JSON" },
		{ "", "empty" },
		{ "# pfbench counts 1\nPageLocked/plain/small/hot/throughput\n",
		  ":2: not 'POINT" },
		{ "# pfbench counts 1\nPageLocked/plain/small/hot/throughput x\n",
		  ":2: not 'POINT" },
		{ "# pfbench counts 1\n\n"
		  "PageLocked/plain/small/hot/throughput 2\n",
		  ":2: not 'POINT" },
		{ "# pfbench counts 1\n"
		  "PageLocked/plain/small/hot/throughput nan\n",
		  ":2: not 'POINT" },
		{ "# pfbench counts 1\n"
		  "PageLocked/plain/small/hot/throughput 2 2 2\n",
		  ":2: not 'POINT" },
		{ "# pfbench counts 1\nPageLocked/plain/small/hot/throughput 2",
		  ":2: cut off" },
		{ "# pfbench counts 1\n# resolution: fine\n",
		  ":2: resolution: 'fine' is not a number" },
		{ "# pfbench counts 1\nPageLocked/v9/small/hot/throughput 2\n",
		  "benchmarks[0].name" },
		{ "# pfbench counts 1\nPageLocked/plain/small/hot/throughput 2\n"
		  "PageLocked/plain/small/hot/throughput 2\n", "is there twice" },
		{ "# pfbench counts 1\n"
		  "PageLocked/plain/small/hot/throughput 1e300\n",
		  ":2: not 'POINT" },
		{ "# pfbench counts 1\n\xff 1\n", ":2: not ASCII" },
	};
	struct result r;
	struct errmsg msg;

	for (size_t i = 0; i < LEN(bad); i++) {
		put(bad[i].text);
		msg.text[0] = '\0';
		assert_int_equal(result_load(path, &r, &msg), -EINVAL);
		if (!strstr(msg.text, bad[i].words))
			fail_msg("'%s' is refused by: %s", bad[i].text,
				 msg.text);
		assert_non_null(strstr(msg.text, path));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(round_trip),
		cmocka_unit_test(partial),
		cmocka_unit_test(refused),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
