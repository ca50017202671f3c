// SPDX-License-Identifier: GPL-2.0
/* Recorded topologies, and properties that this machine's has as any other. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "machine/topology.h"

#define XML(name) "tests/topologies/" name ".xml"
#define MIB (1UL << 20)

static struct topology *open_xml(const char *path)
{
	struct topology *t = NULL;
	struct errmsg msg = { "" };
	int err = topology_open(&t, path, &msg);

	if (err)
		print_error("%s\n", msg.text);
	assert_int_equal(err, 0);
	assert_non_null(t);
	return t;
}

static void choose(struct topology *t, int cpu, const char *kind,
		   struct cpu_choice *c)
{
	struct errmsg msg = { "" };
	int err = topology_choose(t, cpu, kind, 0, c, &msg);

	if (err)
		print_error("%s\n", msg.text);
	assert_int_equal(err, 0);
}

static void assert_contains(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("\"%s\" lacks \"%s\"", text, part);
}

static void assert_caches(struct topology *t, int cpu, size_t l1d, size_t l2,
			  size_t llc)
{
	struct cache_sizes sizes;
	struct cpu_choice c;

	choose(t, cpu, NULL, &c);
	memset(&sizes, 0xff, sizeof(sizes));
	topology_caches(t, &c, &sizes);
	assert_int_equal(sizes.l1d, l1d);
	assert_int_equal(sizes.l2, l2);
	assert_int_equal(sizes.llc, llc);
}

static void one_socket(void **state)
{
	struct topology *t = open_xml(XML("one-socket"));
	struct cpu_choice c;
	int siblings[4] = { -1, -1, -1, -1 };

	(void)state;
	choose(t, -1, NULL, &c);
	assert_int_equal(c.cpu, 7);
	assert_int_equal(c.core, 3);
	assert_int_equal(c.package, 0);
	assert_int_equal(c.node, 0);
	assert_string_equal(c.kind, "");
	assert_true(c.smt);
	choose(t, 1, "", &c);
	assert_int_equal(c.cpu, 1);
	assert_int_equal(c.core, 1);
	assert_caches(t, 1, 32768, 524288, 16777216);

	assert_int_equal(topology_siblings(t, 1, siblings, 4), 1);
	assert_int_equal(siblings[0], 5);
	assert_int_equal(siblings[1], -1);
	assert_int_equal(topology_siblings(t, 5, siblings, 4), 1);
	assert_int_equal(siblings[0], 1);
	assert_int_equal(topology_siblings(t, 5, siblings, 0), 0);
	assert_int_equal(topology_siblings(t, 8, siblings, 4), 0);
	assert_int_equal(topology_siblings(t, -1, siblings, 4), 0);
	topology_close(t);
}

static void two_sockets(void **state)
{
	struct topology *t = open_xml(XML("two-sockets"));
	struct cpu_choice c;
	int sibling;

	(void)state;
	choose(t, -1, NULL, &c);
	assert_int_equal(c.cpu, 3);
	assert_int_equal(c.core, 3);
	assert_int_equal(c.package, 1);
	assert_int_equal(c.node, 1);
	assert_false(c.smt);
	/* OS indices alternate between the sockets */
	choose(t, 2, NULL, &c);
	assert_int_equal(c.core, 1);
	assert_int_equal(c.package, 0);
	assert_int_equal(c.node, 0);
	assert_caches(t, 2, 32768, 1048576, 33554432);
	assert_int_equal(topology_siblings(t, 2, &sibling, 1), 0);
	topology_close(t);
}

static void hybrid(void **state)
{
	struct topology *t = open_xml(XML("hybrid"));
	struct cpu_choice c;
	int sibling = -1;

	(void)state;
	choose(t, -1, "performance", &c);
	assert_int_equal(c.cpu, 3);
	assert_int_equal(c.core, 1);
	assert_string_equal(c.kind, "performance");
	assert_true(c.smt);
	/* of two kinds: both are Intel's small core */
	choose(t, -1, "efficiency", &c);
	assert_int_equal(c.cpu, 9);
	assert_string_equal(c.kind, "efficiency");
	assert_false(c.smt);
	choose(t, 4, "efficiency", &c);
	assert_string_equal(c.kind, "efficiency");
	/* hwloc ranks by speed */
	choose(t, -1, "2", &c);
	assert_int_equal(c.cpu, 3);
	choose(t, -1, "1", &c);
	assert_int_equal(c.cpu, 7);
	choose(t, -1, "0", &c);
	assert_int_equal(c.cpu, 9);
	choose(t, 0, "performance", &c);
	assert_int_equal(c.cpu, 0);
	choose(t, -1, NULL, &c);
	assert_int_equal(c.cpu, 9);

	assert_caches(t, 0, 49152, 1310720, 12582912);
	assert_caches(t, 4, 32768, 2097152, 12582912);
	assert_caches(t, 8, 32768, 2097152, 2097152);
	assert_int_equal(topology_siblings(t, 3, &sibling, 1), 1);
	assert_int_equal(sibling, 2);
	assert_int_equal(topology_siblings(t, 4, &sibling, 1), 0);
	topology_close(t);
}

static void three_clusters(void **state)
{
	struct topology *t = open_xml(XML("arm64"));
	struct cpu_choice c;

	(void)state;
	choose(t, -1, "performance", &c);
	assert_int_equal(c.cpu, 7);
	choose(t, -1, "efficiency", &c);
	assert_int_equal(c.cpu, 3);
	choose(t, -1, "1", &c);
	assert_int_equal(c.cpu, 5);
	assert_string_equal(c.kind, "1");
	assert_caches(t, 0, 32768, 131072, 3145728);
	assert_caches(t, 5, 65536, 524288, 3145728);
	topology_close(t);
}

static void no_l3(void **state)
{
	struct topology *t = open_xml(XML("no-l3"));

	(void)state;
	/* the second level is the last */
	assert_caches(t, 0, 32768, 1048576, 1048576);
	topology_close(t);
}

struct seen {
	char text[256];
};

static void note_cache(void *arg, const char *type, unsigned int level,
		       size_t bytes, unsigned int num_sharing)
{
	struct seen *seen = arg;
	size_t len = strlen(seen->text);

	snprintf(seen->text + len, sizeof(seen->text) - len, "%s %u %zu %u\n",
		 type, level, bytes, num_sharing);
}

static void each_cache(void **state)
{
	struct topology *t = open_xml(XML("hybrid"));
	struct seen seen = { "" };
	struct cpu_choice c;

	(void)state;
	choose(t, 6, NULL, &c);
	topology_each_cache(t, &c, note_cache, &seen);
	assert_string_equal(seen.text, "Data 1 32768 1\n"
				       "Unified 2 2097152 4\n"
				       "Unified 3 12582912 8\n");
	topology_close(t);
}

static void bare(void **state)
{
	struct topology *t = open_xml(XML("bare"));
	struct seen seen = { "" };
	struct cpu_choice c;
	struct errmsg msg;
	int sibling;
	void *p;

	(void)state;
	choose(t, -1, NULL, &c);
	assert_int_equal(c.cpu, 3);
	assert_int_equal(c.core, -1);
	assert_int_equal(c.package, -1);
	assert_int_equal(c.node, 0);
	assert_false(c.smt);
	assert_caches(t, 2, 0, 0, 0);
	topology_each_cache(t, &c, note_cache, &seen);
	assert_string_equal(seen.text, "");
	assert_int_equal(topology_siblings(t, 0, &sibling, 1), 0);

	/* the hole in the indices */
	assert_int_equal(topology_choose(t, 1, NULL, 0, &c, &msg), -EINVAL);
	assert_string_equal(msg.text,
			    "CPU 1: not available, choose from CPUs 0,2-3");

	/* no node is known, and the CPU has gone */
	c.cpu = 1;
	c.node = -1;
	topology_each_cache(t, &c, note_cache, &seen);
	assert_string_equal(seen.text, "");
	p = topology_alloc(t, &c, 100, 64);
	assert_non_null(p);
	topology_free(t, p, 100);
	topology_close(t);
}

static void unknown_cpu(void **state)
{
	struct topology *t = open_xml(XML("one-socket"));
	struct cpu_choice c = { .cpu = 42 };
	struct errmsg msg;

	(void)state;
	assert_int_equal(topology_choose(t, 8, NULL, 0, &c, &msg), -EINVAL);
	assert_string_equal(msg.text,
			    "CPU 8: not available, choose from CPUs 0-7");
	assert_int_equal(topology_choose(t, -2, NULL, 0, &c, &msg), -EINVAL);
	assert_string_equal(msg.text,
			    "CPU -2: not available, choose from CPUs 0-7");
	assert_int_equal(topology_choose(t, 1 << 30, NULL, 0, &c, NULL),
			 -EINVAL);
	assert_int_equal(c.cpu, 42);
	topology_close(t);
}

static void restricted(void **state)
{
	static const char *const bad[] = { "", "a", "0-99", "8", "-1" };
	struct topology *t = open_xml(XML("one-socket"));
	struct cpu_choice c;
	struct errmsg msg;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_int_equal(topology_restrict(t, bad[i], &msg), -EINVAL);
	assert_int_equal(topology_restrict(t, "1-2,5", &msg), 0);
	choose(t, -1, NULL, &c);
	assert_int_equal(c.cpu, 5);
	topology_exclude(t, 5);
	choose(t, -1, NULL, &c);
	assert_int_equal(c.cpu, 2);
	topology_exclude(t, 2);
	topology_exclude(t, 1);
	assert_int_equal(topology_choose(t, -1, NULL, 0, &c, &msg), -EINVAL);
	topology_readmit(t);
	choose(t, -1, NULL, &c);
	assert_int_equal(c.cpu, 5);
	assert_int_equal(topology_choose(t, 3, NULL, 0, &c, &msg), -EINVAL);
	topology_close(t);
}

static void unknown_kind(void **state)
{
	struct topology *t = open_xml(XML("arm64"));
	struct cpu_choice c;
	struct errmsg msg;

	(void)state;
	assert_int_equal(topology_choose(t, -1, "fast", 0, &c, &msg), -EINVAL);
	assert_string_equal(msg.text, "CPU kind fast: unknown, this machine has "
			    "2=performance (CPUs 6-7), 1 (CPUs 4-5), "
			    "0=efficiency (CPUs 0-3)");
	assert_int_equal(topology_choose(t, -1, "3", 0, &c, &msg), -EINVAL);
	assert_int_equal(topology_choose(t, -1, "01", 0, &c, &msg), -EINVAL);
	assert_int_equal(topology_choose(t, 0, "performance", 0, &c, &msg),
			 -EINVAL);
	assert_string_equal(msg.text,
			    "CPU 0: not available, choose from CPUs 6-7 "
			    "(of kind performance)");
	topology_close(t);

	t = open_xml(XML("one-socket"));
	assert_int_equal(topology_choose(t, -1, "performance", 0, &c, &msg),
			 -EINVAL);
	assert_string_equal(msg.text, "CPU kind performance: this machine "
			    "has only one kind, name none");
	assert_int_equal(topology_choose(t, -1, "\x1b[2J", 0, &c, &msg),
			 -EINVAL);
	assert_contains(msg.text, "CPU kind ?[2J:");
	topology_close(t);
}

static void assert_refused(const char *path, int err, const char *part)
{
	struct topology *t = (void *)&t;
	struct errmsg msg = { "" };

	assert_int_equal(topology_open(&t, path, &msg), err);
	assert_null(t);
	assert_contains(msg.text, part);
	assert_contains(msg.text, path);
}

static void copy_bytes(const char *from, size_t bytes, char *to)
{
	char buf[1024];
	FILE *f = fopen(from, "r");
	int fd = mkstemp(to);

	assert_non_null(f);
	assert_true(fd >= 0);
	while (bytes) {
		size_t n = fread(buf, 1, bytes < sizeof(buf) ? bytes :
				 sizeof(buf), f);

		assert_true(n > 0);
		assert_int_equal(write(fd, buf, n), n);
		bytes -= n;
	}
	fclose(f);
	close(fd);
}

static void bad_files(void **state)
{
	/* never within an element: hwloc 2.9 then leaks memory */
	static const size_t cuts[] = { 0, 10, 300, 700, 2000, 2500, 3700 };
	size_t i;

	(void)state;
	assert_refused("tests/topologies/missing.xml", -ENOENT,
		       "No such file");
	assert_refused("tests/topologies", -EISDIR, "directory");
	assert_refused("tests/topology_test.c", -EINVAL, "topology");
	for (i = 0; i < sizeof(cuts) / sizeof(*cuts); i++) {
		char path[] = "/tmp/topology_test.XXXXXX";

		copy_bytes(XML("no-l3"), cuts[i], path);
		assert_refused(path, -EINVAL, "topology");
		unlink(path);
	}
}

static void from_environment(void **state)
{
	struct topology *t;
	struct errmsg msg;

	(void)state;
	setenv("HWLOC_XMLFILE", XML("two-sockets"), 1);
	t = open_xml(NULL);
	assert_caches(t, 0, 32768, 1048576, 33554432);
	topology_close(t);
	/* the caller's path takes precedence */
	t = open_xml(XML("no-l3"));
	assert_caches(t, 0, 32768, 1048576, 1048576);
	topology_close(t);
	/* hwloc alone would load this machine's topology */
	setenv("HWLOC_XMLFILE", "tests/topologies/missing.xml", 1);
	assert_int_equal(topology_open(&t, NULL, &msg), -ENOENT);
	assert_contains(msg.text, "missing.xml");
	unsetenv("HWLOC_XMLFILE");
}

static void recorded_does_not_bind(void **state)
{
	struct topology *t = open_xml(XML("no-l3"));
	cpu_set_t before, after;
	struct cpu_choice c;
	struct errmsg msg;

	(void)state;
	choose(t, 0, NULL, &c);
	CPU_ZERO(&before);
	CPU_ZERO(&after);
	sched_getaffinity(0, sizeof(before), &before);
	assert_int_equal(topology_bind(t, &c, &msg), -EXDEV);
	assert_contains(msg.text, "recorded");
	sched_getaffinity(0, sizeof(after), &after);
	assert_true(CPU_EQUAL(&before, &after));
	topology_close(t);
}

static int mapped(void *p)
{
	unsigned char vec;

	return !mincore(p, 1, &vec);
}

static void memory(void **state)
{
	struct topology *t = open_xml(XML("one-socket"));
	size_t page = sysconf(_SC_PAGESIZE), i;
	unsigned char *a, *b, *c;
	struct cpu_choice choice;

	(void)state;
	choose(t, 0, NULL, &choice);
	a = topology_alloc(t, &choice, 3 * MIB + 1, 64);
	b = topology_alloc(t, &choice, 1, 64);
	c = topology_alloc(t, &choice, page, 8 * MIB);
	assert_non_null(a);
	assert_non_null(b);
	assert_non_null(c);
	/* huge pages have a larger alignment than the requested */
	assert_int_equal((uintptr_t)a % (2 * MIB), 0);
	assert_int_equal((uintptr_t)b % page, 0);
	assert_int_equal((uintptr_t)c % (8 * MIB), 0);
	for (i = 0; i < 4 * MIB; i++)
		if (a[i])
			break;
	assert_int_equal(i, 4 * MIB);
	memset(a, 0xff, 4 * MIB);
	memset(c, 0xff, page);

	topology_free(t, NULL, 1);
	topology_free(t, a, 3 * MIB + 1);
	assert_false(mapped(a));
	assert_false(mapped(a + 4 * MIB - page));
	assert_true(mapped(b));
	assert_true(mapped(c));
	/* the second call does nothing */
	topology_free(t, a, 3 * MIB + 1);
	topology_free(t, b, 1);
	assert_false(mapped(b));
	topology_close(t);
	assert_false(mapped(c));
}

static void memory_refused(void **state)
{
	struct topology *t = open_xml(XML("one-socket"));
	struct cpu_choice choice;

	(void)state;
	choose(t, 0, NULL, &choice);
	assert_null(topology_alloc(t, &choice, 0, 64));
	assert_null(topology_alloc(t, &choice, 4096, 96));
	assert_null(topology_alloc(t, &choice, SIZE_MAX, 64));
	assert_null(topology_alloc(t, &choice, SIZE_MAX - 4 * MIB, 1UL << 40));
	/* more than is available: NULL instead of the OOM killer */
	assert_null(topology_alloc(t, &choice, 1UL << 46, 64));
	/* a missing node: memory from any node */
	choice.node = 1000;
	assert_non_null(topology_alloc(t, &choice, 4096, 64));
	topology_close(t);
}

/* The only CPU of the affinity mask is chosen and bound to. */
static void this_machine(void **state)
{
	struct topology *t = open_xml(NULL);
	cpu_set_t before, one, now;
	struct cpu_choice c;
	struct errmsg msg;
	char text[64];
	void *p;
	int cpu;

	(void)state;
	CPU_ZERO(&before);
	assert_int_equal(sched_getaffinity(0, sizeof(before), &before), 0);
	assert_int_equal(topology_choose(t, -1, NULL, 20, &c, &msg), 0);
	assert_true(CPU_ISSET(c.cpu, &before));
	p = topology_alloc(t, &c, 2 * MIB, 64);
	assert_non_null(p);
	topology_free(t, p, 2 * MIB);
	assert_int_equal(topology_bind(t, &c, &msg), 0);
	assert_int_equal(sched_getcpu(), c.cpu);
	topology_close(t);

	for (cpu = 0; !CPU_ISSET(cpu, &before); cpu++)
		;
	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	assert_int_equal(sched_setaffinity(0, sizeof(one), &one), 0);
	t = open_xml(NULL);
	choose(t, -1, NULL, &c);
	assert_int_equal(c.cpu, cpu);
	/* the next CPU may exist, but is not allowed */
	assert_int_equal(topology_choose(t, cpu + 1, NULL, 0, &c, &msg),
			 -EINVAL);
	snprintf(text, sizeof(text),
		 "CPU %d: not available, choose from CPUs %d", cpu + 1, cpu);
	assert_string_equal(msg.text, text);
	c.cpu = 100000;
	assert_int_equal(topology_bind(t, &c, &msg), -EINVAL);
	assert_contains(msg.text, "cannot bind to CPU 100000");
	c.cpu = -1;
	assert_int_equal(topology_bind(t, &c, &msg), -EINVAL);
	CPU_ZERO(&now);
	sched_getaffinity(0, sizeof(now), &now);
	assert_true(CPU_EQUAL(&now, &one));
	topology_close(t);
	assert_int_equal(sched_setaffinity(0, sizeof(before), &before), 0);
}

static unsigned long long idle_ticks(void)
{
	unsigned long long idle = 0;
	FILE *f = fopen("/proc/stat", "r");

	if (f) {
		if (fscanf(f, "cpu %*u %*u %*u %llu", &idle) != 1)
			idle = 0;
		fclose(f);
	}
	return idle;
}

/* An allowed CPU that shares no core with @cpu, or -1. */
static int elsewhere(struct topology *t, int cpu)
{
	struct cpu_choice c, of;
	int other;

	choose(t, cpu, NULL, &of);
	for (other = 0; other < 4096; other++)
		if (!topology_choose(t, other, NULL, 0, &c, NULL) &&
		    other != cpu && (c.core != of.core || c.core < 0))
			return other;
	return -1;
}

/* A CPU with a spinning process is not chosen, though ties would go to it. */
static void least_busy_cpu(void **state)
{
	struct topology *t = open_xml(NULL);
	unsigned long long idle = 0;
	struct cpu_choice c, last;
	int siblings[64];
	struct errmsg msg;
	pid_t spinner;

	(void)state;
	choose(t, -1, NULL, &last);
	if (elsewhere(t, last.cpu) < 0) {
		topology_close(t);
		print_message("only one core is allowed\n");
		skip();
	}
	spinner = fork();
	assert_true(spinner >= 0);
	if (!spinner) {
		if (topology_bind(t, &last, NULL))
			_exit(1);
		alarm(10);
		for (;;)
			__asm__ __volatile__("" ::: "memory");
	}
	/* other tests may load the other CPUs: five tries */
	for (int try = 0; try < 5; try++) {
		idle = idle_ticks();
		assert_int_equal(topology_choose(t, -1, NULL, 300, &c, &msg),
				 0);
		idle = idle_ticks() - idle;
		if (c.cpu != last.cpu)
			break;
	}
	kill(spinner, SIGKILL);
	waitpid(spinner, NULL, 0);
	/* all CPUs are busy: no CPU is better */
	if (c.cpu == last.cpu && idle < 5) {
		topology_close(t);
		print_message("every CPU was busy all the time\n");
		skip();
	}
	assert_int_not_equal(c.cpu, last.cpu);
	for (size_t i = topology_siblings(t, last.cpu, siblings, 64); i--; )
		assert_int_not_equal(c.cpu, siblings[i]);
	topology_close(t);
}

static void null_is_closed(void **state)
{
	(void)state;
	topology_close(NULL);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_socket),
		cmocka_unit_test(two_sockets),
		cmocka_unit_test(hybrid),
		cmocka_unit_test(three_clusters),
		cmocka_unit_test(no_l3),
		cmocka_unit_test(each_cache),
		cmocka_unit_test(bare),
		cmocka_unit_test(unknown_cpu),
		cmocka_unit_test(restricted),
		cmocka_unit_test(unknown_kind),
		cmocka_unit_test(bad_files),
		cmocka_unit_test(from_environment),
		cmocka_unit_test(recorded_does_not_bind),
		cmocka_unit_test(memory),
		cmocka_unit_test(memory_refused),
		cmocka_unit_test(this_machine),
		cmocka_unit_test(least_busy_cpu),
		cmocka_unit_test(null_is_closed),
	};

	/* independent of the caller's environment */
	unsetenv("HWLOC_XMLFILE");
	unsetenv("HWLOC_THISSYSTEM");
	unsetenv("HWLOC_SYNTHETIC");
	unsetenv("HWLOC_FSROOT");
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
