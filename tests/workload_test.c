// SPDX-License-Identifier: GPL-2.0
/*
 * The plugin's file of sites, and its counts: complete ones, and ones that a
 * full disk has cut off. (What a guest counts: tests/workload-guests.t.)
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "workload/lookups.h"
#include "workload/sequence_file.h"

static const char counts[] =
	"# pfbench counts of look-ups 1\nstarts 2\nopen 1\nunread 3\nuser 40\n"
	"kernel 5000\nrepeated 6\niterations 700\n"
	"site 0 10 0 0 0 0 0\nsite 1 20 4 3 2 0 0\nsite 2 5 0 0 0 2 1\nend\n";

/* PageLocked() around a look-up, around its test for a fake head */
static void make(struct workload *w)
{
	struct census *c = &w->census;
	struct census_range *piece = calloc(3, sizeof(*piece));
	int accessor = strtab_add(&c->strings, "PageLocked");
	int lookup = strtab_add(&c->strings, "_compound_head");
	int fake = strtab_add(&c->strings, "page_fixed_fake_head");

	c->file = calloc(1, sizeof(*c->file));
	c->site = calloc(3, sizeof(*c->site));
	w->count = calloc(3, sizeof(*w->count));
	c->nr_sites = w->nr_pieces = 3;
	strcpy(c->file->arch, "x86-64");
	c->page = (struct census_page){ .size = 64, .head = 8, .head_bit = 6,
		.vmemmap_base = 0xffffffff82000000 };
	c->site[0] = (struct census_site){ .name = accessor, .outer = -1 };
	c->site[1] = (struct census_site){ .name = lookup, .outer = 0,
		.lookup = true, .hidden = true };
	c->site[2] = (struct census_site){ .name = fake, .outer = 1 };
	for (int i = 0; i < 3; i++)
		piece[i] = (struct census_range){ 0x100 + 16 * i,
			0x108 + 16 * i, i };
	w->piece = piece;
}

static int read_text(struct workload *w, const char *text, size_t size,
		     struct errmsg *msg)
{
	char path[] = "/tmp/pfbench-test-XXXXXX";
	int fd = mkstemp(path), err;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, size), size);
	close(fd);
	err = workload_read_counts(w, path, msg);
	unlink(path);
	return err;
}

static void writes_sites(void **state)
{
	struct workload w = { 0 };
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	make(&w);
	assert_int_equal(workload_write_sites(f, &w), 0);
	fclose(f);
	assert_string_equal(text, "# pfbench sites 1\npage 64 8 0 6\n"
			    "vmemmap ffffffff82000000 ffffea0000000000 10000000000\n"
			    "sites 3\npieces 3\npiece 100 108 0 a\n"
			    "piece 110 118 1 l\npiece 120 128 2 f\n");
	free(text);
	workload_close(&w);
}

static void reads_counts(void **state)
{
	struct workload w = { 0 };
	struct errmsg msg;

	make(&w);
	assert_int_equal(read_text(&w, counts, strlen(counts), &msg), 0);
	assert_int_equal(w.starts, 2);
	assert_true(w.open);
	assert_int_equal(w.unread, 3);
	assert_int_equal(w.user, 40);
	assert_int_equal(w.kernel, 5000);
	assert_int_equal(w.repeated, 6);
	assert_int_equal(w.iterations, 700);
	/* the look-up has the instructions and pages of its test, too */
	assert_int_equal(w.count[0].own, 10);
	assert_int_equal(w.count[0].whole, 0);
	assert_int_equal(w.count[1].own, 20);
	assert_int_equal(w.count[1].whole, 25);
	assert_int_equal(workload_executions(&w.count[1]), 9);
	assert_int_equal(w.count[1].tested, 2);
	assert_int_equal(w.count[1].fake, 1);
	assert_int_equal(w.count[2].own, 5);
	assert_int_equal(w.count[2].whole, 0);
	workload_close(&w);
}

/* The last byte is a newline, without which nothing is lost. */
static void refuses_cut_counts(void **state)
{
	struct workload w = { 0 };
	struct errmsg msg;

	make(&w);
	for (size_t n = 0; n < strlen(counts) - 1; n++) {
		assert_int_equal(read_text(&w, counts, n, &msg), -ENODATA);
		assert_non_null(strstr(msg.text, "cut off"));
	}
	workload_close(&w);
}

static void refuses_unknown_site(void **state)
{
	struct workload w = { 0 };
	struct errmsg msg;
	char text[sizeof(counts)];

	make(&w);
	strcpy(text, counts);
	strstr(text, "site 2")[5] = '3';
	assert_int_equal(read_text(&w, text, strlen(text), &msg), -ENODATA);
	workload_close(&w);
}

/* Writes the sequence of the plugin's runs; returns what the writer does. */
static int write_runs(const char *runs, char **text)
{
	char path[] = "/tmp/pfbench-test-XXXXXX";
	struct workload w = { 0 };
	struct workload_sequence s = {
		.workload = &w, .runs = path, .name = "zap",
		.command = "zap 1", .kernel = "6.12",
	};
	size_t size, n = strlen(runs);
	int fd = mkstemp(path), ret;
	FILE *f = open_memstream(text, &size);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, runs, n), n);
	close(fd);
	make(&w);
	w.census.function = calloc(1, sizeof(*w.census.function));
	w.census.function->name = strtab_add(&w.census.strings, "zap_range");
	w.census.site[1].chain = strtab_add(&w.census.strings, "PageLocked");
	ret = workload_write_sequence(f, &s);
	fclose(f);
	unlink(path);
	workload_close(&w);
	return ret;
}

/* A part of a look-up is the look-up; runs that become equal are one. */
static void writes_a_sequence(void **state)
{
	char *text;

	assert_int_equal(write_runs("1 head 1\n1 tail 7\n2 tail 8\n1 small 2\nend\n",
				    &text), 0);
	assert_string_equal(text, "# pfbench sequence 1\n# name: zap\n"
			    "# workload: zap 1\n# kernel: 6.12\n"
			    "site 0 zap_range _compound_head < PageLocked\n"
			    "0 head 1\n0 tail 15\n0 small 2\n");
	free(text);
}

static void refuses_cut_runs(void **state)
{
	static const char *const bad[] = {
		"", "1 head 1\n", "1 head 1\n1 ta", "3 head 1\nend\n",
		"0 head 1\nend\n",
	};
	char *text;

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		assert_int_not_equal(write_runs(bad[i], &text), 0);
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_sites),
		cmocka_unit_test(reads_counts),
		cmocka_unit_test(refuses_cut_counts),
		cmocka_unit_test(refuses_unknown_site),
		cmocka_unit_test(writes_a_sequence),
		cmocka_unit_test(refuses_cut_runs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
