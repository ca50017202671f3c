// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "machine/counters.h"

#define ROOT "tests/events-root"

static void check(const char *name, uint32_t type, uint64_t config,
		  uint64_t config1, uint64_t config2)
{
	struct perf_event_attr attr, bare = { .size = sizeof(bare) };
	struct errmsg msg = { "" };

	memset(&attr, 0xa5, sizeof(attr));
	if (event_parse(ROOT, name, &attr, &msg))
		fail_msg("%s: %s", name, msg.text);
	assert_int_equal(attr.type, type);
	assert_int_equal(attr.config, config);
	assert_int_equal(attr.config1, config1);
	assert_int_equal(attr.config2, config2);
	/* nothing else is set */
	bare.type = attr.type;
	bare.config = attr.config;
	bare.config1 = attr.config1;
	bare.config2 = attr.config2;
	assert_memory_equal(&attr, &bare, sizeof(attr));
}

/* @part: what the message contains beside the event */
static void check_bad(const char *name, const char *part)
{
	struct perf_event_attr attr;
	struct errmsg msg = { "" };

	assert_int_equal(event_parse(ROOT, name, &attr, &msg), -EINVAL);
	if (!strstr(msg.text, name) || !strstr(msg.text, part))
		fail_msg("%s: the line is '%s', without '%s'", name, msg.text,
			 part);
	assert_int_equal(event_parse(ROOT, name, &attr, NULL), -EINVAL);
}

static void test_generic(void **state)
{
	(void)state;
	check("cycles", 0, 0, 0, 0);
	check("cpu-cycles", 0, 0, 0, 0);
	check("instructions", 0, 1, 0, 0);
	check("cache-references", 0, 2, 0, 0);
	check("cache-misses", 0, 3, 0, 0);
	check("branches", 0, 4, 0, 0);
	check("branch-instructions", 0, 4, 0, 0);
	check("branch-misses", 0, 5, 0, 0);
	check("bus-cycles", 0, 6, 0, 0);
	check("ref-cycles", 0, 9, 0, 0);
	check("cpu-clock", 1, 0, 0, 0);
	check("task-clock", 1, 1, 0, 0);
	check("page-faults", 1, 2, 0, 0);
	check("context-switches", 1, 3, 0, 0);
	check("cs", 1, 3, 0, 0);
	check("cpu-migrations", 1, 4, 0, 0);
	check("minor-faults", 1, 5, 0, 0);
	check("major-faults", 1, 6, 0, 0);
	check("L1-dcache-loads", 3, 0, 0, 0);
	check("L1-dcache-load-misses", 3, 0x10000, 0, 0);
	check("dTLB-store-misses", 3, 0x10103, 0, 0);
	check("LLC-prefetches", 3, 0x202, 0, 0);
}

static void test_raw(void **state)
{
	(void)state;
	check("r1c2", 4, 0x1c2, 0, 0);
	check("rC5", 4, 0xc5, 0, 0);
	check("rffffffffffffffff", 4, UINT64_MAX, 0, 0);
	check_bad("rfffffffffffffffff", "");
	check_bad("r", "");
	check_bad("r1g", "");
}

static void test_sysfs(void **state)
{
	(void)state;
	check("cpu/event=0xc5,umask=0x11/", 4, 0x11c5, 0, 0);
	/* the upper four of twelve bits go to 32-35 */
	check("cpu/event=0xfc5/", 4, 0xf000000c5, 0, 0);
	check("cpu/event=0x1c5,umask=1,edge,inv=1,cmask=16/", 4,
	      0x1108401c5, 0, 0);
	check("cpu/event=10/", 4, 10, 0, 0);
	check("cpu/event=010/", 4, 10, 0, 0);
	check("cpu/config=0x4300c0/", 4, 0x4300c0, 0, 0);
	check("cpu/config=1,config1=2,config2=3/", 4, 1, 2, 3);
	check("cpu/event=0xb7,offcore_rsp=0xffffffffffffffff/", 4, 0xb7,
	      UINT64_MAX, 0);
	check("uncore_imc_0/event=4,filter=0xab,opc=0x12/", 23, 4, 0xa0b0,
	      0x1200000000);
	check("cpu/branch-misses/", 4, 0xc5, 0, 0);
	check("cpu/mem-loads/", 4, 0x1cd, 3, 0);
	/* a term after the alias replaces the value of the alias */
	check("cpu/mem-loads,ldlat=0x20/", 4, 0x1cd, 0x20, 0);
	check("uncore_imc_0/cas_count_read/", 23, 0x304, 0, 0);
	check("uncore_imc_0/cas_count_read,filter=0x10/", 23, 0x304, 0x1000, 0);
	check("hv_24x7/PM_CYC,core=5/", 9, 0xe000050002, 0, 0);
}

static void test_sysfs_bad(void **state)
{
	(void)state;
	check_bad("gpu/event=1/", "no PMU 'gpu'");
	check_bad("untyped/event=1/", "type: 'none'");
	check_bad("cpu/evnt=1/", "'evnt'");
	check_bad("cpu/no-such-alias/", "'no-such-alias'");
	check_bad("cpu/umask=0x100/", "umask=0x100 is too large");
	check_bad("cpu/event=0x1000/", "at most 0xfff");
	check_bad("cpu/edge=2/", "edge=0x2 is too large: at most 0x1");
	check_bad("cpu/umask=/", "not a number");
	check_bad("cpu/umask=-1/", "not a number");
	check_bad("cpu/umask=1x/", "not a number");
	check_bad("cpu/config=0x10000000000000000/", "not a number");
	check_bad("cpu//", "empty term");
	check_bad("cpu/event=1,/", "empty term");
	check_bad("cpu/event=1", "no closing slash");
	check_bad("cpu/event=1/u", "leave out 'u'");
	check_bad("/event=1/", "PMU/EVENT/");
	check_bad("../event=1/", "PMU/EVENT/");
	check_bad("cpu/../type/", "PMU/EVENT/");
	check_bad("cpu/../", "empty term");
	check_bad("hv_24x7/PM_CYC/", "needs a value for 'core'");
	check_bad("odd/reversed=1/", "config:9-3");
	check_bad("odd/beyond=1/", "config:60-64");
	check_bad("odd/unread=1/", "config:0-7;9");
	check_bad("odd/future=1/", "config9:0-7");
	check_bad("uncore_imc_0/cas_count_read.scale/", "6.103515625e-5");
}

static void test_unknown(void **state)
{
	struct perf_event_attr attr;
	struct errmsg msg;

	(void)state;
	check_bad("branch-mises", "perf list");
	check_bad("branch-mises", "showevtinfo");
	check_bad("L1-dcache-", "perf list");
	check_bad("no_such_pmu::EVENT", "perf list");
	check_bad("cycles:u", "leave out :u and :k");
	check_bad("cycles:k", "leave out :u and :k");
	assert_int_equal(event_parse(ROOT, "", &attr, &msg), -EINVAL);
	assert_non_null(strstr(msg.text, "without a name"));
}

#if defined(__x86_64__) || defined(__i386__)
static void test_libpfm4(void **state)
{
	(void)state;
	check("skl::BR_MISP_RETIRED:ALL_BRANCHES", 4, 0xc5, 0, 0);
	check("icl::MEM_LOAD_RETIRED:L1_MISS", 4, 0x8d1, 0, 0);
	check("spr::BR_MISP_RETIRED:ALL_BRANCHES", 4, 0xc5, 0, 0);
	check("skl::BR_MISP_RETIRED:ALL_BRANCHES:c=2:e:i", 4, 0x28400c5, 0, 0);
	check("amd64_fam17h_zen2::RETIRED_BRANCH_INSTRUCTIONS_MISPREDICTED", 4,
	      0xc3, 0, 0);
	check("amd64_fam19h_zen4::RETIRED_BRANCH_INSTRUCTIONS_MISPREDICTED", 4,
	      0xc3, 0, 0);
	check("perf::PERF_COUNT_HW_INSTRUCTIONS", 0, 1, 0, 0);
	check_bad("skl::BR_MISP_RETIRED:NO_SUCH_MASK", "perf list");
	check_bad("skl::BR_MISP_RETIRED:ALL_BRANCHES:k", "leave out :u");
}
#else
static void test_libpfm4(void **state)
{
	(void)state;
	/* libpfm4 has the models of its own architecture only */
	check("perf::PERF_COUNT_HW_INSTRUCTIONS", 0, 1, 0, 0);
}
#endif

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_generic),
		cmocka_unit_test(test_raw),
		cmocka_unit_test(test_sysfs),
		cmocka_unit_test(test_sysfs_bad),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_libpfm4),
	};

	/* for models of other machines; pfm_initialize() reads it once */
	setenv("LIBPFM_ENCODE_INACTIVE", "1", 1);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
