// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "machine/counters.h"
#include "machine/counters_internal.h"

#define UNTOUCHED 0x5a5a5a5a5a5a5a5aULL

static struct counters *open_events(const char *events, bool exclude_user)
{
	struct counters *c;
	struct errmsg msg = { "" };

	if (counters_open(&c, events, exclude_user, &msg))
		fail_msg("%s: %s", events, msg.text);
	assert_non_null(c);
	return c;
}

static char *fresh_pages(size_t n)
{
	size_t size = n * sysconf(_SC_PAGESIZE);
	char *p;

	p = mmap(NULL, size, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(p, MAP_FAILED);
	/* fails on a kernel without huge pages, which is as good */
	madvise(p, size, MADV_NOHUGEPAGE);
	return p;
}

/* A sanitizer's own memory would add faults. */
__attribute__((noinline, no_sanitize("address", "undefined")))
static void touch(volatile char *p, size_t n, size_t page)
{
	size_t i;

	for (i = 0; i < n; i++)
		p[i * page] = 1;
}

static const size_t page_counts[] = { 0, 1, 7, 100, 1000, 3 };

#define NR_PAGE_COUNTS (sizeof(page_counts) / sizeof(page_counts[0]))

static void test_page_faults_exact(void **state)
{
	size_t page = sysconf(_SC_PAGESIZE), i, n;
	uint64_t value[4];
	struct counters *c;
	char *p;

	(void)state;
	c = open_events("page-faults,task-clock,minor-faults,cpu-clock", false);
	assert_int_equal(counters_nr(c), 4);
	assert_int_equal(counters_passes(c), 1);
	for (i = 0; i < 4; i++) {
		if (!counters_get(c, i)->available)
			fail_msg("%s: %s", counters_get(c, i)->name,
				 counters_get(c, i)->reason);
		assert_int_equal(counters_get(c, i)->pass, 0);
	}
	assert_null(counters_get(c, 4));
	assert_string_equal(counters_get(c, 2)->name, "minor-faults");

	for (i = 0; i < NR_PAGE_COUNTS; i++) {
		n = page_counts[i];
		p = fresh_pages(n + 1);
		memset(value, 0x5a, sizeof(value));
		assert_int_equal(counters_start(c, 0), 0);
		touch(p, n, page);
		assert_int_equal(counters_stop(c, 0, value), 0);
		assert_int_equal(value[0], n);
		assert_int_equal(value[2], n);
		assert_true(value[1] > 0 && value[1] != UNTOUCHED);
		assert_true(value[3] > 0 && value[3] != UNTOUCHED);
		munmap(p, (n + 1) * page);
	}
	/* nothing is counted between stop and start */
	p = fresh_pages(50);
	touch(p, 50, page);
	assert_int_equal(counters_start(c, 0), 0);
	assert_int_equal(counters_stop(c, 0, value), 0);
	assert_int_equal(value[0], 0);
	munmap(p, 50 * page);
	counters_close(c);
}

/* Faults in read(): kernel mode, in a user's buffer. */
__attribute__((noinline, no_sanitize("address", "undefined")))
static void fault_in_kernel(int zero, char *p, size_t n, size_t page)
{
	size_t i;

	/* a sanitizer would intercept read() */
	for (i = 0; i < n; i++)
		syscall(SYS_read, zero, p + i * page, 1);
}

static void test_modes(void **state)
{
	size_t page = sysconf(_SC_PAGESIZE), n = 20;
	int zero = open("/dev/zero", O_RDONLY), kernel;
	const struct counter *counter;
	struct counters *c;
	uint64_t value;
	char *p;

	(void)state;
	assert_true(zero >= 0);
	for (kernel = 0; kernel < 2; kernel++) {
		c = open_events("page-faults", kernel);
		counter = counters_get(c, 0);
		if (!counter->available) {
			assert_true(kernel);
			assert_non_null(strstr(counter->reason,
					       "perf_event_paranoid is"));
			counters_close(c);
			continue;
		}
		p = fresh_pages(2 * n);
		/* a first call faults its code in, uncounted */
		fault_in_kernel(zero, p + (2 * n - 1) * page, 1, page);
		assert_int_equal(counters_start(c, 0), 0);
		touch(p, n, page);
		fault_in_kernel(zero, p + n * page, 5, page);
		assert_int_equal(counters_stop(c, 0, &value), 0);
		assert_int_equal(value, kernel ? 5 : n);
		munmap(p, 2 * n * page);
		counters_close(c);
	}
	close(zero);
}

static void test_context_switches(void **state)
{
	static const struct timespec ts = { .tv_nsec = 1000000 };
	const struct counter *counter;
	uint64_t value = UNTOUCHED;
	struct counters *c;
	int i;

	(void)state;
	c = open_events("context-switches", false);
	counter = counters_get(c, 0);
	if (counter->available) {
		assert_int_equal(counters_start(c, 0), 0);
		for (i = 0; i < 10; i++)
			nanosleep(&ts, NULL);
		assert_int_equal(counters_stop(c, 0, &value), 0);
		/*
		 * In user mode they would read 0: the kernel raises them. A
		 * timer that expires before the switch leaves it out.
		 */
		assert_in_range(value, 1, 10000);
	} else {
		assert_non_null(strstr(counter->reason,
				       "perf_event_paranoid is"));
		assert_int_equal(counters_passes(c), 0);
		assert_int_equal(counters_start(c, 0), -EINVAL);
	}
	counters_close(c);
}

static void check_bad(const char *events, const char *part)
{
	struct errmsg msg = { "" };
	struct counters *c;

	assert_int_equal(counters_open(&c, events, false, &msg), -EINVAL);
	assert_null(c);
	if (!strstr(msg.text, part))
		fail_msg("%s: the line is '%s', without '%s'", events, msg.text,
			 part);
	assert_int_equal(counters_open(&c, events, false, NULL), -EINVAL);
}

static void test_names(void **state)
{
	char many[COUNTERS_MAX * 7 + 16], *p = many;
	struct counters *c;
	int i;

	(void)state;
	check_bad("branch-mises", "branch-mises: ");
	check_bad("page-faults,no-such-event,cycles", "no-such-event: ");
	check_bad("", "without a name");
	check_bad("page-faults,,cycles", "without a name");
	check_bad("page-faults,", "without a name");
	check_bad("no_such_pmu/event=1,umask=2/,cycles",
		  "no_such_pmu/event=1,umask=2/: no PMU");
	check_bad("0123456789012345678901234567890123456789012345678901234567890123",
		  "longer than 63");
	for (i = 0; i <= COUNTERS_MAX; i++)
		p += sprintf(p, "%sfaults", i ? "," : "");
	check_bad(many, "more than 64");
	counters_close(NULL);

	if (access("/sys/bus/event_source/devices/software/type", R_OK)) {
		print_message("# no PMU 'software' in /sys: slashes not tried\n");
		return;
	}
	c = open_events("software/config=2,config1=0/,faults", false);
	assert_int_equal(counters_nr(c), 2);
	assert_string_equal(counters_get(c, 0)->name,
			    "software/config=2,config1=0/");
	assert_string_equal(counters_get(c, 1)->name, "faults");
	assert_int_equal(counters_get(c, 0)->attr.type, PERF_TYPE_SOFTWARE);
	assert_int_equal(counters_get(c, 0)->attr.config, 2);
	counters_close(c);
}

__attribute__((noinline, no_sanitize("address", "undefined")))
static void loop(unsigned long n)
{
	for (; n; n--)
		__asm__ volatile("");
}

static uint64_t count_loop(struct counters *c, unsigned int pass, size_t i,
			   unsigned long n)
{
	uint64_t value[4];
	int tries, err = -EAGAIN;

	for (tries = 0; tries < 10 && err == -EAGAIN; tries++) {
		assert_int_equal(counters_start(c, pass), 0);
		loop(n);
		err = counters_stop(c, pass, value);
	}
	assert_int_equal(err, 0);
	return value[i];
}

static void test_hardware(void **state)
{
	uint64_t value[4] = { UNTOUCHED, UNTOUCHED, UNTOUCHED, UNTOUCHED };
	size_t page = sysconf(_SC_PAGESIZE), i;
	const struct counter *counter;
	struct counters *c;
	uint64_t once, twice;
	int err = -EAGAIN;
	char *p;

	(void)state;
	c = open_events("instructions,cycles,page-faults,branches", false);
	assert_true(counters_get(c, 2)->available);
	assert_int_equal(counters_get(c, 2)->pass, 0);
	counter = counters_get(c, 0);
	if (counter->available) {
		once = count_loop(c, counter->pass, 0, 1000000);
		twice = count_loop(c, counter->pass, 0, 2000000);
		assert_in_range(twice * 1000, once * 1900, once * 2100);
	} else {
		print_message("# instructions: %s\n", counter->reason);
	}
	/* an unavailable event gets no value, the others do */
	for (i = 0; i < 10 && err == -EAGAIN; i++) {
		p = fresh_pages(9);
		assert_int_equal(counters_start(c, 0), 0);
		touch(p, 9, page);
		err = counters_stop(c, 0, value);
		munmap(p, 9 * page);
	}
	assert_int_equal(err, 0);
	assert_int_equal(value[2], 9);
	for (i = 0; i < 4; i++) {
		counter = counters_get(c, i);
		if (counter->available && counter->pass == 0)
			continue;
		assert_int_equal(value[i], UNTOUCHED);
		if (!counter->available)
			assert_true(strlen(counter->reason) > 10);
	}
	assert_int_equal(counters_start(c, counters_passes(c)), -EINVAL);
	assert_int_equal(counters_stop(c, counters_passes(c), value), -EINVAL);
	counters_close(c);
}

/* A PMU with @slots counters; an event may need a certain one. */
struct fake {
	size_t slots;
	int only[COUNTERS_MAX];		/* slot + 1; 0: any; -1: none */
	const bool *software;
	unsigned int asked_software;
};

static bool fake_fits(void *ctx, const size_t *set, size_t nr)
{
	struct fake *f = ctx;
	bool taken[COUNTERS_MAX] = { false };
	size_t i;

	for (i = 0; i < nr; i++) {
		if (f->only[set[i]] < 0)
			return false;
		if (f->software[set[i]]) {
			assert_int_equal(nr, 1);
			f->asked_software++;
			return true;
		}
		if (!f->only[set[i]])
			continue;
		if (taken[f->only[set[i]] - 1])
			return false;
		taken[f->only[set[i]] - 1] = true;
	}
	return nr <= f->slots;
}

static void test_assign(void **state)
{
	static const bool hw[COUNTERS_MAX];
	static const bool mixed[6] = { true, false, false, true, false, true };
	static const bool all_sw[3] = { true, true, true };
	int pass[COUNTERS_MAX];
	struct fake f;
	size_t i, k;

	(void)state;
	for (k = 1; k <= 8; k++) {
		f = (struct fake){ .slots = k, .software = hw };
		assert_int_equal(counters_assign(COUNTERS_MAX, hw, fake_fits,
						 &f, pass),
				 (COUNTERS_MAX + k - 1) / k);
		for (i = 0; i < COUNTERS_MAX; i++)
			assert_int_equal(pass[i], i / k);
	}

	/* software events use no slot */
	f = (struct fake){ .slots = 2, .software = mixed };
	assert_int_equal(counters_assign(6, mixed, fake_fits, &f, pass), 2);
	assert_memory_equal(pass, ((int[]){ 0, 0, 0, 0, 1, 0 }), 6 * sizeof(int));
	assert_int_equal(f.asked_software, 3);

	/* no PMU: one pass of software events */
	f = (struct fake){ .slots = 0, .software = mixed };
	assert_int_equal(counters_assign(6, mixed, fake_fits, &f, pass), 1);
	assert_memory_equal(pass, ((int[]){ 0, -1, -1, 0, -1, 0 }),
			    6 * sizeof(int));
	f = (struct fake){ .slots = 0, .software = all_sw };
	assert_int_equal(counters_assign(3, all_sw, fake_fits, &f, pass), 1);
	f = (struct fake){ .slots = 0, .software = hw };
	assert_int_equal(counters_assign(3, hw, fake_fits, &f, pass), 0);
	assert_int_equal(counters_assign(0, hw, fake_fits, &f, pass), 0);

	/* 0, 1 and 3 need slot 0; 2 is unknown; 4 completes the first pass */
	f = (struct fake){ .slots = 2, .only = { 1, 1, -1, 1, 0 },
			   .software = hw };
	assert_int_equal(counters_assign(5, hw, fake_fits, &f, pass), 3);
	assert_memory_equal(pass, ((int[]){ 0, 1, -1, 2, 0 }), 5 * sizeof(int));
}

static void test_core_pmu(void **state)
{
	(void)state;
	assert_int_equal(counters_core_pmu("tests/events-root", 0), 4);
	assert_int_equal(counters_core_pmu("tests/events-root", 3), 4);
	assert_int_equal(counters_core_pmu("tests/events-root", 5), 10);
	assert_int_equal(counters_core_pmu("tests/events-root", 8), 4);
	assert_int_equal(counters_core_pmu("tests/events-root", 9), 0);
	/* one kind of core, or no PMU: the type is not needed */
	assert_int_equal(counters_core_pmu("tests/events-root/single", 0), 0);
	assert_int_equal(counters_core_pmu("tests/events-root/none", 0), 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_page_faults_exact),
		cmocka_unit_test(test_modes),
		cmocka_unit_test(test_context_switches),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_hardware),
		cmocka_unit_test(test_assign),
		cmocka_unit_test(test_core_pmu),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
