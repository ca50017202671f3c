// SPDX-License-Identifier: GPL-2.0
/* Result files: valid ones are read, invalid ones are refused. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <math.h>
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

#define FILE_(name) "tests/results/" name ".json"

static void load(const char *path, struct result *r)
{
	struct errmsg msg = { "" };
	int err = result_load(path, r, &msg);

	if (err)
		print_error("%s\n", msg.text);
	assert_int_equal(err, 0);
}

static const struct result_point *find(const struct result *r,
				       const char *name)
{
	const struct result_point *p;
	struct point point;

	assert_int_equal(point_parse(name, &point, NULL), 0);
	p = result_find(r, &point);
	if (!p)
		fail_msg("no %s", name);
	return p;
}

static void assert_near(double got, double want)
{
	if (!(fabs(got - want) < 1e-9))
		fail_msg("%.12g is not %.12g", got, want);
}

static void assert_refused(const char *path, int err, const char *text)
{
	struct result r;
	struct errmsg msg = { "" };

	assert_int_equal(result_load(path, &r, &msg), err);
	if (strncmp(msg.text, path, strlen(path)) || !strstr(msg.text, text))
		fail_msg("\"%s\" does not have %s and \"%s\"", msg.text,
			 path, text);
	assert_null(r.root);
	assert_int_equal(r.nr_points, 0);
	/* @msg may be NULL */
	assert_int_equal(result_load(path, &r, NULL), err);
}

/* Load @text as a file. */
static int load_text(const char *text, size_t len, struct result *r,
		     struct errmsg *msg)
{
	char path[] = "/tmp/result_test.XXXXXX";
	int fd = mkstemp(path), err;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, len), len);
	close(fd);
	err = result_load(path, r, msg);
	unlink(path);
	return err;
}

/* A file of nothing but @pfbench in the context and @benchmarks. */
static void refused_text(const char *pfbench, const char *benchmarks,
			 const char *text)
{
	struct errmsg msg = { "" };
	struct result r;
	char *file;

	assert_true(asprintf(&file, "{\"context\": {\"pfbench\": {\"format\": 1,"
			     "\"ns_per_tick\": 1%s}}, \"benchmarks\": [%s]}",
			     pfbench, benchmarks) > 0);
	if (!text) {
		assert_int_equal(load_text(file, strlen(file), &r, &msg), 0);
		result_free(&r);
	} else {
		assert_int_equal(load_text(file, strlen(file), &r, &msg),
				 -EINVAL);
		if (!strstr(msg.text, text))
			fail_msg("\"%s\" does not have \"%s\"", msg.text, text);
	}
	free(file);
}

static void good(void **state)
{
	const struct result_point *p;
	struct point absent;
	struct result r;

	(void)state;
	load(FILE_("good"), &r);
	assert_string_equal(r.path, FILE_("good"));
	assert_near(r.ns_per_tick, 0.385);
	assert_near(r.ticks_per_cycle, 0.704);
	assert_near(r.quantum_ticks, 26);
	assert_false(r.partial);
	assert_int_equal(r.nr_points, 3);
	/* in the order of the file */
	assert_string_equal(r.point[0].name,
			    "PageLocked/plain/tail/hot/latency");
	assert_string_equal(r.point[2].name,
			    "add1/primitive/small/hot/throughput");

	p = find(&r, "PageLocked/plain/tail/hot/latency");
	assert_near(p->cost.mid, 8.43);
	assert_near(p->cost.lo, 8.42);
	assert_near(p->cost.hi, 8.44);
	assert_int_equal(p->cost.n, 7);
	assert_int_equal(p->nr_samples, 8);
	assert_near(p->sample[2], 8.44);
	assert_true(isnan(p->sample[3]));
	assert_false(p->contended);
	assert_non_null(json_object_get(json_object_get(p->json, "counters"),
					"instructions"));
	p = &r.point[2];
	assert_true(p->contended);
	assert_true(isinf(p->cost.lo) && isinf(p->cost.hi));

	absent = p->point;
	absent.ws = WS_LLC;
	assert_null(result_find(&r, &absent));
	assert_string_equal(result_context(&r, "cpu_model"), "Example CPU");
	assert_string_equal(result_context(&r, "host_name"), "example");
	assert_string_equal(result_context(&r, "cpu_kind"),
			    "n/a (not recorded)");
	assert_string_equal(result_context(&r, "hypervisor"),
			    "n/a (not recorded)");
	result_free(&r);
}

static void sparse(void **state)
{
	struct result r;

	(void)state;
	load(FILE_("partial"), &r);
	assert_true(r.partial);
	assert_int_equal(r.nr_points, 1);
	assert_int_equal(r.point[0].nr_samples, 0);
	assert_true(isinf(r.point[0].cost.lo));
	result_free(&r);

	load(FILE_("empty"), &r);
	assert_int_equal(r.nr_points, 0);
	result_free(&r);

	load(FILE_("below-zero"), &r);
	assert_near(r.point[0].cost.mid, -0.002);
	result_free(&r);
}

static void repetitions(void **state)
{
	const struct result_point *plain, *word;
	struct result r;

	(void)state;
	load(FILE_("repetitions"), &r);
	assert_int_equal(r.nr_points, 2);
	plain = find(&r, "PageLocked/plain/tail/hot/latency");
	word = find(&r, "PageLocked/v4.4-word/tail/hot/latency");
	/* 4 of the first, 2 of the second, 3 of the third */
	assert_int_equal(plain->nr_samples, 9);
	assert_int_equal(word->nr_samples, 9);
	assert_near(plain->sample[0], 8.42);
	assert_near(plain->sample[6], 8.43);
	assert_near(word->sample[6], 12.6);
	assert_true(isnan(plain->sample[3]) && isnan(word->sample[0]));
	/* the contended repetition does not count */
	assert_true(isnan(plain->sample[4]) && isnan(word->sample[5]));
	assert_false(plain->contended);
	assert_near(plain->cost.mid, 8.435);
	assert_near(plain->cost.lo, 8.42);
	assert_near(plain->cost.hi, 8.45);
	assert_int_equal(plain->cost.n, 6);
	/* three values have no 95 % interval */
	assert_near(word->cost.mid, 12.61);
	assert_true(isinf(word->cost.lo));
	result_free(&r);
}

static void no_file(void **state)
{
	(void)state;
	assert_refused(FILE_("no-such-file"), -ENOENT, "No such file");
	assert_refused("tests/results", -EISDIR, "directory");
	assert_refused("tests/result_test.c/x", -ENOTDIR, "directory");
	assert_refused("/dev/null", -EINVAL, ": empty");
}

static void no_json(void **state)
{
	size_t n = 100000, i;
	char *deep = malloc(2 * n);
	struct errmsg msg;
	struct result r;

	(void)state;
	assert_refused(FILE_("not-json"), -EINVAL, ":1:");
	assert_refused(FILE_("truncated"), -EINVAL, ".json:35:5: cut off: ");
	assert_refused(FILE_("nan"), -EINVAL, ".json:25:");
	assert_refused(FILE_("overflow"), -EINVAL, ".json:25:");

	assert_non_null(deep);
	for (i = 0; i < n; i++) {
		deep[i] = '[';
		deep[2 * n - 1 - i] = ']';
	}
	assert_int_equal(load_text(deep, 2 * n, &r, &msg), -EINVAL);
	assert_non_null(strstr(msg.text, "depth"));
	free(deep);
	assert_int_equal(load_text("[]", 2, &r, &msg), -EINVAL);
	assert_int_equal(load_text("\0", 1, &r, &msg), -EINVAL);
	assert_int_equal(load_text("{\"a\": 1, \"a\": 2}", 16, &r, &msg),
			 -EINVAL);
	assert_non_null(strstr(msg.text, "duplicate"));
}

/* a file that is cut off is an error, wherever it ends */
static void every_cut(void **state)
{
	FILE *f = fopen(FILE_("good"), "r");
	char text[8192];
	size_t len, cut;
	struct errmsg msg;
	struct result r;

	(void)state;
	assert_non_null(f);
	len = fread(text, 1, sizeof(text), f);
	fclose(f);
	assert_in_range(len, 1000, sizeof(text) - 1);
	while (len && text[len - 1] != '}')
		len--;
	for (cut = 0; cut < len; cut += 7)
		assert_int_equal(load_text(text, cut, &r, &msg), -EINVAL);
}

static void no_result_file(void **state)
{
	(void)state;
	assert_refused(FILE_("foreign"), -EINVAL,
		       "context.pfbench: missing: not written by pfbench run");
	assert_refused(FILE_("later-format"), -EINVAL,
		       "context.pfbench.format: 3, but");
	assert_refused(FILE_("wrong-type"), -EINVAL,
		       "benchmarks[1].ticks: not a number");
	assert_refused(FILE_("unknown-name"), -EINVAL, "benchmarks[3].name:");
	assert_refused(FILE_("unknown-name"), -EINVAL, "v9.9-magic");
	assert_refused(FILE_("huge-number"), -EINVAL,
		       "benchmarks[0].samples[2]: too large");
	assert_refused(FILE_("negative"), -EINVAL,
		       "context.pfbench.ns_per_tick: -0.385 is not in");
	assert_refused(FILE_("twice"), -EINVAL,
		       "benchmarks[1].repetition_index: repetition 0 of "
		       "PageLocked/plain/tail/hot/latency is there twice");
}

#define NAME "\"name\": \"PageLocked/plain/tail/hot/latency\""

static void wrong_context(void **state)
{
	(void)state;
	refused_text("", "", NULL);
	refused_text(", \"partial\": 1", "", ".partial: not true or false");
	refused_text(", \"kernel\": 6.1", "", ".kernel: not a string");
	refused_text(", \"rounds\": -1", "", ".rounds: -1 is not in");
	refused_text(", \"rounds\": 1.5", "", ".rounds: not an integer");
	refused_text(", \"rounds\": 3, \"rounds_quiet\": 4", "",
		     ".rounds_quiet: 4 is not in 0 to 3");
	refused_text(", \"quantum_ticks\": null", "", ".quantum_ticks: not a");
	refused_text(", \"ticks_per_cycle\": 0", "", ".ticks_per_cycle: 0 is");
	refused_text(", \"floor_ticks\": -1", "", ".floor_ticks: -1 is");
	refused_text(", \"dropped\": [1]", "", ".dropped: not an object");
	refused_text(", \"dropped\": {\"steal\": -1}", "", ".dropped: has a value that is not");
	refused_text(", \"counters\": {\"a\\nb\": \"ok\"}", "", ".counters: has a key");
	refused_text(", \"counters\": {\"cycles\": true}", "", ".counters: ");
	refused_text(", \"disturbances\": [1]", "", ".disturbances: has a value");
	refused_text(", \"twins\": null", "", ".twins: not an object");
	refused_text(", \"twins\": {\"equal\": 1}", "",
		     ".twins.measured: missing");
	refused_text(", \"twins\": {\"measured\": 1}", "",
		     ".twins.equal: missing");
	refused_text(", \"twins\": {\"measured\": 1.5, \"equal\": 1}", "",
		     ".twins.measured: not an integer");
	refused_text(", \"twins\": {\"measured\": 9, \"equal\": 10}", "",
		     ".twins.equal: 10 is not in 0 to 9");
	refused_text(", \"twins\": {\"measured\": 1000001, \"equal\": 1}", "",
		     ".twins.measured: 1000001 is not in");
	refused_text(", \"twins\": {\"measured\": 9, \"equal\": 8}", "", NULL);
	refused_text(", \"resolution\": [1]", "", ".resolution: not an object");
	refused_text(", \"resolution\": {\"latency\": 1}", "",
		     ".resolution.latency: not an object or null");
	refused_text(", \"resolution\": {\"latency\": {\"cycles\": 1}}", "",
		     ".resolution.latency.seconds: missing");
	refused_text(", \"resolution\": {\"throughput\": {\"seconds\": 1,"
		     "\"cycles\": null}}", "",
		     ".resolution.throughput.cycles: not a number");
	refused_text(", \"resolution\": {\"throughput\": {\"seconds\": 1,"
		     "\"cycles\": -1}}", "",
		     ".resolution.throughput.cycles: -1 is not in");
	refused_text(", \"resolution\": {\"throughput\": null, \"latency\":"
		     "{\"seconds\": 1, \"cycles\": 0.003}}", "", NULL);
	refused_text(", \"later_field\": [1]", "", NULL);
}

/* Figures of format 2 are cycles, as the file has them. */
static void cycles(void **state)
{
	static const char text[] =
		"{\"context\": {\"pfbench\": {\"format\": 2, %s"
		"\"ns_per_tick\": 0.5}}, \"benchmarks\": [{" NAME ","
		"\"cycles\": 3, \"cycles_lo\": 2.5, \"cycles_hi\": %s,"
		"\"samples\": [3, null, 4]}]}";
	struct errmsg msg = { "" };
	struct result r;
	char *file;
	int err;

	(void)state;
	for (int i = 0; i < 3; i++) {
		assert_true(asprintf(&file, text, i == 1 ? "" :
				     "\"ticks_per_cycle\": 2, ",
				     i == 2 ? "1" : "3.5") > 0);
		err = load_text(file, strlen(file), &r, &msg);
		free(file);
		assert_int_equal(err, i ? -EINVAL : 0);
		if (i) {
			assert_non_null(strstr(msg.text, i == 1 ?
					       "ticks_per_cycle: missing" :
					       "cycles_lo: above cycles_hi"));
			continue;
		}
		assert_true(r.in_cycles);
		assert_near(r.point[0].cost.mid, 3);
		assert_near(r.point[0].cost.lo, 2.5);
		assert_near(r.point[0].cost.hi, 3.5);
		assert_near(r.point[0].sample[0], 3);
		assert_true(isnan(r.point[0].sample[1]));
		assert_near(r.point[0].sample[2], 4);
		assert_true(isnan(r.cycles_per_unit));
		result_free(&r);
	}
}

/* The unit of figures in cycles, by what the run recorded. */
static void cycle_length(void **state)
{
	static const struct { const char *context; double want; } unit[] = {
		{ "\"cycle_source\": \"counter\"", 1 },
		{ "\"cycle_source\": \"counter\", \"cycles_per_add\": 2", 1 },
		{ "\"cycle_source\": \"reference loop\"", NAN },
		{ "\"cycle_source\": \"reference loop\", \"arch\": \"x86_64\","
		  "\"cpu_model\": \"AMD EPYC\"", 1 },
		{ "\"cycle_source\": \"reference loop\", \"arch\": \"x86_64\","
		  "\"cpu_model\": \"AMD EPYC\", \"cycles_per_add\": null", NAN },
		{ "\"cycle_source\": \"reference loop\","
		  "\"cycles_per_add\": 2", 2 },
		{ "\"cycle_source\": \"sundial\", \"cycles_per_add\": 2", NAN },
		{ "\"cycles_per_add\": 2", NAN },
	};
	struct errmsg msg = { "" };
	struct result r;
	char *file;

	(void)state;
	for (size_t i = 0; i < 2 * sizeof(unit) / sizeof(*unit); i++) {
		const char *context = unit[i / 2].context;
		int format = 1 + i % 2;
		double want = format == 1 ? NAN : unit[i / 2].want;

		assert_true(asprintf(&file, "{\"context\": {\"pfbench\":"
				     "{\"format\": %d, %s, \"ns_per_tick\": 1,"
				     "\"ticks_per_cycle\": 2}},"
				     "\"benchmarks\": []}", format,
				     context) > 0);
		assert_int_equal(load_text(file, strlen(file), &r, &msg), 0);
		free(file);
		assert_int_equal(r.in_cycles, format == 2);
		if (isnan(want) ? !isnan(r.cycles_per_unit) :
		    r.cycles_per_unit != want)
			fail_msg("%s: %g", context, r.cycles_per_unit);
		result_free(&r);
	}
}

static void wrong_entry(
void **state)
{
	(void)state;
	refused_text("", "{" NAME ", \"ticks\": 1}", NULL);
	refused_text("", "1", "benchmarks[0]: not an object");
	refused_text("", "{\"ticks\": 1}", "benchmarks[0].name: missing");
	refused_text("", "{" NAME "}", "benchmarks[0].ticks: missing");
	refused_text("", "{" NAME ", \"ticks\": -1e200}", "[0].ticks: -1e+200");
	refused_text("", "{" NAME ", \"ticks\": 1, \"ticks_lo\": 2,"
		     "\"ticks_hi\": 1}", "[0].ticks_lo: above ticks_hi");
	refused_text("", "{" NAME ", \"ticks\": 1, \"samples\": {}}",
		     "[0].samples: not an array");
	refused_text("", "{" NAME ", \"ticks\": 1, \"samples\": [\"1\"]}",
		     "[0].samples[0]: not a number or null");
	refused_text("", "{" NAME ", \"ticks\": 1, \"repetition_index\": 9}",
		     "[0].repetition_index: 9 is not in 0 to 0");
	refused_text("", "{" NAME ", \"ticks\": 1, \"contended\": 0}",
		     "[0].contended: not true or false");
	refused_text("", "{" NAME ", \"ticks\": 1, \"counters\": []}",
		     "[0].counters: not an object");
	refused_text("", "{" NAME ", \"ticks\": 1, \"counters\": {\"x\": 1}}",
		     "[0].counters.x: not an object");
	refused_text("", "{" NAME ", \"ticks\": 1, \"counters\":"
		     "{\"x\": {\"per_op\": \"1\"}}}",
		     "[0].counters.x.per_op: not a number");
	/* Google Benchmark could not measure the point: ignored */
	refused_text("", "{" NAME ", \"error_occurred\": true}", NULL);
}

static void hostile_strings(void **state)
{
	struct result r;

	(void)state;
	load(FILE_("hostile"), &r);
	assert_string_equal(result_context(&r, "host_name"),
			    "?[2J`reboot`?'; system \"x\"");
	assert_string_equal(result_context(&r, "cpu_model"),
			    "Ex??mple?%n%s CPU");
	result_free(&r);
}

static void printed(void **state)
{
	json_t *root = json_pack("{s:{s:f}, s:[{s:i}, {s:i}]}", "context", "a",
				 0.385, "benchmarks", "b", 26, "b", 27);
	json_t *list = json_object_get(root, "benchmarks");
	struct result_text text = {
		.context = json_object_get(root, "context"), .nr = 2,
		.entry = (char *[]){
			result_entry_text(json_array_get(list, 0)),
			result_entry_text(json_array_get(list, 1)) },
	};
	size_t size;
	char *got;
	FILE *f = open_memstream(&got, &size);

	(void)state;
	assert_int_equal(result_print(f, &text), 0);
	fclose(f);
	/* one entry per line */
	assert_string_equal(got, "{\n\"context\": {\n  \"a\": 0.385\n},\n"
			    "\"benchmarks\": [\n{\"b\":26},\n{\"b\":27}"
			    "\n]\n}\n");
	free(got);
	f = fopen("/dev/full", "w");
	if (f) {
		setbuf(f, NULL);
		assert_int_equal(result_print(f, &text), -1);
		fclose(f);
	}
	free(text.entry[0]);
	free(text.entry[1]);
	json_decref(root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good),
		cmocka_unit_test(sparse),
		cmocka_unit_test(repetitions),
		cmocka_unit_test(no_file),
		cmocka_unit_test(no_json),
		cmocka_unit_test(every_cut),
		cmocka_unit_test(no_result_file),
		cmocka_unit_test(wrong_context),
		cmocka_unit_test(cycles),
		cmocka_unit_test(cycle_length),
		cmocka_unit_test(wrong_entry),
		cmocka_unit_test(hostile_strings),
		cmocka_unit_test(printed),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
