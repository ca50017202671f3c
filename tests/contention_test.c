// SPDX-License-Identifier: GPL-2.0
/* The file of the quiet level: its name, and when it is read. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "machine/cpu_model.h"
#include "measure/contention.h"

static char dir[] = "/tmp/contention_test.XXXXXX";

static int make_dir(void **state)
{
	(void)state;
	strcpy(dir + sizeof(dir) - 7, "XXXXXX");
	return !mkdtemp(dir) || setenv("XDG_CACHE_HOME", dir, 1);
}

static int remove_dir(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf '%s'", dir);
	return system(command);
}

/* Each machine has one CPU, described by @cpuinfo. */
static char *id_of(const char *cpuinfo)
{
	char path[128];
	char *id;
	FILE *f;

	snprintf(path, sizeof(path), "%s/proc", dir);
	mkdir(path, 0755);
	strcat(path, "/cpuinfo");
	f = fopen(path, "w");
	assert_non_null(f);
	fprintf(f, "processor\t: 0\n%s", cpuinfo);
	fclose(f);
	id = cpu_id(dir, 0);
	assert_non_null(id);
	return id;
}

static void assert_path(const char *cpuinfo, const char *name)
{
	struct contention q;
	char path[512], *id = id_of(cpuinfo);

	contention_open(&q, id, 1);
	snprintf(path, sizeof(path), "%s/pfbench/quiet-%s", dir, name);
	assert_string_equal(q.path, path);
	free(id);
}

#define EPYC(family, model, stepping) \
	"vendor_id\t: AuthenticAMD\ncpu family\t: " family "\nmodel\t\t: " \
	model "\nmodel name\t: AMD EPYC\nstepping\t: " stepping "\n"

static void one_name_of_many_cpus(void **state)
{
	(void)state;
	/* Zen 3, its next stepping, and Zen 4 */
	assert_path(EPYC("25", "1", "1"), "AuthenticAMD-25-1-1");
	assert_path(EPYC("25", "1", "2"), "AuthenticAMD-25-1-2");
	assert_path(EPYC("25", "17", "1"), "AuthenticAMD-25-17-1");
	assert_path(EPYC("26", "17", "1"), "AuthenticAMD-26-17-1");
}

static void other_architectures(void **state)
{
	(void)state;
	assert_path("CPU implementer\t: 0x41\nCPU architecture: 8\n"
		    "CPU variant\t: 0x0\nCPU part\t: 0xd08\n"
		    "CPU revision\t: 3\n", "0x41-0xd08-0x0-3");
	assert_path("isa\t: rv64imafdc\nmvendorid\t: 0x489\n"
		    "marchid\t: 0x8000000000000007\nmimpid\t: 0x4210427\n",
		    "0x489-0x8000000000000007-0x4210427");
	assert_path("cpu\t\t: POWER9 (architected), altivec supported\n"
		    "revision\t: 2.2 (pvr 004e 1202)\n",
		    "POWER9__architected___altivec_supported-"
		    "2_2__pvr_004e_1202_");
	assert_path("vendor_id\t: IBM/S390\nversion\t: FF\n"
		    "identification\t: 12B0E8\nmachine\t: 8561\n",
		    "IBM_S390-FF-8561");
	/* no number: the name */
	assert_path("isa\t: ../rv64gc\n", "___rv64gc");
}

static void kept_level(void **state)
{
	struct contention q;

	(void)state;
	contention_open(&q, "a-1", 1);
	assert_true(isnan(q.nops.level));
	contention_close(&q);
	assert_int_not_equal(access(q.path, F_OK), 0);
	q.nops.level = 0.5;
	contention_close(&q);
	contention_open(&q, "a-1", 1);
	assert_true(q.nops.level == 0.5);
	/* a higher level is not kept */
	q.nops.level = 0.75;
	contention_close(&q);
	contention_open(&q, "a-1", 1);
	assert_true(q.nops.level == 0.5);
	/* the second number is not in older files */
	assert_true(isnan(q.loads.level));
	q.loads.level = 4.125;
	contention_close(&q);
	contention_open(&q, "a-1", 1);
	assert_true(q.nops.level == 0.5 && q.loads.level == 4.125);
	q.loads.level = 3.5;
	contention_close(&q);
	q.loads.level = 5;
	contention_close(&q);
	contention_open(&q, "a-1", 1);
	assert_true(q.nops.level == 0.5 && q.loads.level == 3.5);
	/* nor is the third */
	assert_true(isnan(q.walk.level));
	q.walk.level = 1.5;
	contention_close(&q);
	q.walk.level = 1.75;
	contention_close(&q);
	contention_open(&q, "a-1", 1);
	assert_true(q.nops.level == 0.5 && q.loads.level == 3.5 &&
		    q.walk.level == 1.5);
	contention_open(&q, "a-2", 1);
	assert_true(isnan(q.nops.level));
}

static void level_out_of_range(void **state)
{
	static const char * const texts[] = {
		"", "x", "nan", "1.5", "0", "-1",
	};
	struct contention q;
	size_t i;
	FILE *f;

	(void)state;
	contention_open(&q, "a", 1);
	q.nops.level = 0.5;
	contention_close(&q);
	for (i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		f = fopen(q.path, "w");
		assert_non_null(f);
		fputs(texts[i], f);
		fclose(f);
		contention_open(&q, "a", 1);
		assert_true(isnan(q.nops.level));
	}
}

static void nowhere_to_keep_it(void **state)
{
	char longest[600];
	struct contention q;

	(void)state;
	memset(longest, 'x', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	contention_open(&q, longest, 1);
	assert_string_equal(q.path, "");
	setenv("XDG_CACHE_HOME", "relative", 1);
	unsetenv("HOME");
	contention_open(&q, "a", 1);
	assert_string_equal(q.path, "");
	q.nops.level = 0.5;
	contention_close(&q);
	setenv("HOME", dir, 1);
	contention_open(&q, "a", 1);
	assert_string_equal(q.path + strlen(dir), "/.cache/pfbench/quiet-a");
}

#define with_dir(test) \
	cmocka_unit_test_setup_teardown(test, make_dir, remove_dir)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		with_dir(one_name_of_many_cpus),
		with_dir(other_architectures),
		with_dir(kept_level),
		with_dir(level_out_of_range),
		with_dir(nowhere_to_keep_it),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
