// SPDX-License-Identifier: GPL-2.0
/*
 * Machines below tests/machines: files of /proc and /sys that were written by
 * hand after real machines (they can hold no comment), and invalid files that
 * are made here.
 */
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

#include "machine/environment.h"

#define ROOT(name) "tests/machines/" name
#define XML(name) "tests/topologies/" name ".xml"

static const char * const keys[] = {
	"cpu_model", "cpu_id", "microcode", "mitigations", "kernel",
	"command_line", "hvo", "governor", "turbo", "smt", "hypervisor",
	"transparent_hugepage", "compiler", "cflags", "commit", "version",
	"node", "arch",
};

static json_t *context(const char *root, int cpu)
{
	struct cpu_choice choice = { .cpu = cpu, .node = 0 };
	json_t *o = environment_context(root, &choice);
	size_t i;

	assert_non_null(o);
	for (i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		const char *s = json_string_value(json_object_get(o, keys[i]));

		if (!s || !*s)
			fail_msg("%s: no string", keys[i]);
		for (; *s; s++)
			if (*s < ' ' || *s > '~')
				fail_msg("%s: not ASCII", keys[i]);
	}
	assert_int_equal(json_object_size(o), i);
	return o;
}

static void assert_field(json_t *o, const char *key, const char *expected)
{
	const char *s = json_string_value(json_object_get(o, key));

	assert_non_null(s);
	if (strcmp(s, expected))
		fail_msg("%s: \"%s\", expected \"%s\"", key, s, expected);
}

static void assert_one_field(const char *root, int cpu, const char *key,
			     const char *expected)
{
	json_t *o = context(root, cpu);

	assert_field(o, key, expected);
	json_decref(o);
}

/* All lines but that on a debug build, which depends on the test's build. */
static void assert_disturbed(const char *root, const char *xml, int cpu,
			     const char *expected)
{
	struct topology *t = NULL;
	struct cpu_choice choice = { .cpu = cpu };
	char text[2048] = "";
	bool debug = false;
	json_t *lines;
	size_t i;

	if (xml)
		assert_int_equal(topology_open(&t, xml, NULL), 0);
	lines = environment_disturbances(root, t, &choice);
	assert_non_null(lines);
	for (i = 0; i < json_array_size(lines); i++) {
		const char *s = json_string_value(json_array_get(lines, i));

		assert_non_null(s);
		assert_in_range(strlen(s), 1, 66);
		if (strstr(s, "debug build")) {
			debug = true;
			continue;
		}
		strcat(text, s);
		strcat(text, "\n");
	}
#ifdef __OPTIMIZE__
	assert_false(debug);
#else
	assert_true(debug);
#endif
	assert_string_equal(text, expected);
	json_decref(lines);
	topology_close(t);
}

static void laptop(void **state)
{
	json_t *o = context(ROOT("laptop"), 3);

	(void)state;
	assert_field(o, "cpu_model", "12th Gen Intel(R) Core(TM) i5-1235U");
	assert_field(o, "cpu_id", "GenuineIntel-6-154-4");
	assert_field(o, "microcode", "0x434");
	assert_field(o, "mitigations", "meltdown: Not affected; "
		     "spectre_v2: Mitigation: Enhanced / Automatic IBRS, "
		     "IBPB: conditional, BHI: BHI_DIS_S");
	assert_field(o, "kernel", "6.12.48-amd64 #1 SMP PREEMPT_DYNAMIC "
		     "Debian 6.12.48-1 (2025-09-20)");
	assert_field(o, "command_line",
		     "BOOT_IMAGE=/boot/vmlinuz-6.12.48-amd64 "
		     "root=/dev/nvme0n1p2 ro quiet hugetlb_free_vmemmap=on");
	assert_field(o, "hvo", "on");
	assert_field(o, "governor", "powersave");
	assert_field(o, "turbo", "on");
	assert_field(o, "smt", "on");
	assert_field(o, "hypervisor", "none");
	assert_field(o, "transparent_hugepage", "madvise");
	assert_field(o, "node", "0");
	assert_field(o, "arch", "x86_64");
	json_decref(o);

	/* another CPU: another core type, another microcode */
	o = context(ROOT("laptop"), 4);
	assert_field(o, "microcode", "0x435");
	assert_field(o, "governor", "performance");
	json_decref(o);

	assert_disturbed(ROOT("laptop"), XML("hybrid"), 3,
			 "governor of CPU 3 is powersave, not performance\n"
			 "turbo is on: the clock follows load and temperature\n"
			 "SMT sibling CPU 2 of CPU 3 is busy: 42 % since boot\n");
	/* seen from the busy sibling: 6 % */
	assert_disturbed(ROOT("laptop"), XML("hybrid"), 2,
			 "turbo is on: the clock follows load and temperature\n"
			 "SMT sibling CPU 3 of CPU 2 is busy: 6 % since boot\n");
	/* 3 % is normal for an idle CPU */
	assert_disturbed(ROOT("laptop"), XML("hybrid"), 1,
			 "turbo is on: the clock follows load and temperature\n");
	/* an E-core has no sibling */
	assert_disturbed(ROOT("laptop"), XML("hybrid"), 4,
			 "turbo is on: the clock follows load and temperature\n");
}

static void server(void **state)
{
	json_t *o = context(ROOT("server"), 2);

	(void)state;
	assert_field(o, "cpu_model", "AMD EPYC 7543 32-Core Processor");
	assert_field(o, "mitigations", "meltdown: Not affected; "
		     "spectre_v1: Vulnerable: __user pointer sanitization and "
		     "usercopy barriers only, no swapgs barriers");
	assert_field(o, "hvo", "n/a (not configured)");
	assert_field(o, "governor", "performance");
	assert_field(o, "turbo", "off");
	assert_field(o, "smt", "off (forceoff)");
	/* the vendor also makes virtual machines; the CPU's flags decide */
	assert_field(o, "hypervisor", "none");
	assert_field(o, "transparent_hugepage", "always");
	assert_field(o, "arch", "n/a (no /proc/sys/kernel/arch)");
	json_decref(o);
	/* undisturbed: no line */
	assert_disturbed(ROOT("server"), XML("two-sockets"), 2, "");
}

static void arm64(void **state)
{
	json_t *o = context(ROOT("arm64"), 0);

	(void)state;
	assert_field(o, "cpu_model", "Cortex-A72 (implementer 0x41 part 0xd08 "
		     "r0p3), Raspberry Pi 4 Model B Rev 1.4");
	assert_field(o, "microcode", "n/a (not in /proc/cpuinfo)");
	assert_field(o, "mitigations",
		     "n/a (no /sys/devices/system/cpu/vulnerabilities)");
	assert_field(o, "kernel", "6.12.48-arm64");
	assert_field(o, "hvo", "n/a (no HugeTLB in this kernel)");
	assert_field(o, "governor", "ondemand");
	assert_field(o, "turbo", "n/a (neither intel_pstate/no_turbo nor "
		     "cpufreq/boost)");
	assert_field(o, "smt", "off (notsupported)");
	assert_field(o, "hypervisor", "n/a (no sign of one)");
	assert_field(o, "transparent_hugepage",
		     "n/a (no /sys/kernel/mm/transparent_hugepage)");
	assert_field(o, "arch", "aarch64");
	json_decref(o);
	assert_one_field(ROOT("arm64"), 4, "cpu_model",
			 "arm (implementer 0x99 part 0x123 r2p1), "
			 "Raspberry Pi 4 Model B Rev 1.4");
	assert_disturbed(ROOT("arm64"), XML("no-l3"), 0,
			 "governor of CPU 0 is ondemand, not performance\n");
	/* the line of an old kernel has no steal */
	assert_int_equal(environment_steal(ROOT("arm64"), 0), -1);
}

static void vm(void **state)
{
	json_t *o = context(ROOT("vm"), 1);

	(void)state;
	assert_field(o, "hypervisor", "QEMU with KVM");
	assert_field(o, "hvo", "n/a (no sysctl for it; /proc/config.gz may "
		     "tell why)");
	assert_field(o, "governor", "n/a (no cpufreq)");
	assert_field(o, "smt", "n/a (no /sys/devices/system/cpu/smt)");
	json_decref(o);
	assert_disturbed(ROOT("vm"), NULL, 1,
			 "steal: 5.00 % of CPU 1's time since boot (500 ticks)\n"
			 "load is 1.3 on 2 CPUs: other programs disturb: end them\n"
			 "a hypervisor is underneath: QEMU with KVM\n"
			 "no PMU: instructions, branches, misses cannot be counted\n");
	assert_disturbed(ROOT("vm"), NULL, 0,
			 "load is 1.3 on 2 CPUs: other programs disturb: end them\n"
			 "a hypervisor is underneath: QEMU with KVM\n"
			 "no PMU: instructions, branches, misses cannot be counted\n");
	assert_int_equal(environment_steal(ROOT("vm"), 1), 500);
	assert_int_equal(environment_steal(ROOT("vm"), 0), 0);
	assert_int_equal(environment_steal(ROOT("vm"), 2), -1);
	assert_int_equal(environment_steal(ROOT("vm"), -1), -1);
	/* to another root and back */
	assert_int_equal(environment_steal(ROOT("laptop"), 1), 0);
	assert_int_equal(environment_steal(ROOT("missing"), 1), -1);
	assert_int_equal(environment_steal(ROOT("vm"), 1), 500);
}

static void other_architectures(void **state)
{
	(void)state;
	assert_one_field(ROOT("riscv64"), 1, "cpu_model",
			 "sifive,u74-mc rv64imafdc, riscv-virtio,qemu");
	assert_one_field(ROOT("riscv64"), 1, "hypervisor", "QEMU virt board");
	assert_one_field(ROOT("ppc64le"), 1, "cpu_model",
			 "POWER9 (architected), altivec supported, "
			 "revision 2.2 (pvr 004e 1202)");
	assert_one_field(ROOT("ppc64le"), 0, "hypervisor", "PowerVM");
	assert_one_field(ROOT("s390x"), 1, "cpu_model",
			 "IBM/S390 machine = 8561");
	assert_one_field(ROOT("s390x"), 1, "hypervisor", "KVM/Linux");
	assert_disturbed(ROOT("s390x"), NULL, 0,
			 "a hypervisor is underneath: KVM/Linux\n");
	assert_disturbed(ROOT("riscv64"), NULL, 0,
			 "a hypervisor is underneath: QEMU virt board\n");
}

static char root[] = "/tmp/environment_test.XXXXXX";

static int make_root(void **state)
{
	(void)state;
	strcpy(root + sizeof(root) - 7, "XXXXXX");
	return mkdtemp(root) ? 0 : -1;
}

static int remove_root(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf '%s'", root);
	return system(command);
}

static void put_bytes(const char *path, const char *bytes, size_t len)
{
	char full[512], *slash;
	FILE *f;

	snprintf(full, sizeof(full), "%s%s", root, path);
	for (slash = full + strlen(root) + 1; (slash = strchr(slash, '/'));
	     slash++) {
		*slash = '\0';
		mkdir(full, 0755);
		*slash = '/';
	}
	f = fopen(full, "w");
	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, len, f), len);
	fclose(f);
}

static void put_text(const char *path, const char *text)
{
	put_bytes(path, text, strlen(text));
}

static void nothing_there(void **state)
{
	struct cpu_choice choice = { .cpu = 0, .node = -1 };
	json_t *o = environment_context(root, &choice);
	const char *s;
	size_t i;

	(void)state;
	assert_non_null(o);
	for (i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		s = json_string_value(json_object_get(o, keys[i]));
		assert_non_null(s);
		if (!strcmp(keys[i], "compiler")) {
			assert_non_null(strstr(s, __VERSION__));
			continue;
		}
		/* these come from the build, not from the root */
		if (!strcmp(keys[i], "cflags") || !strcmp(keys[i], "commit") ||
		    !strcmp(keys[i], "version"))
			continue;
		if (strncmp(s, "n/a (", 5) || s[strlen(s) - 1] != ')')
			fail_msg("%s: \"%s\"", keys[i], s);
	}
	assert_field(o, "cpu_model", "n/a (no /proc/cpuinfo)");
	assert_field(o, "cpu_id", "n/a (no known field in /proc/cpuinfo)");
	assert_field(o, "kernel", "n/a (no /proc/sys/kernel/osrelease)");
	assert_field(o, "command_line", "n/a (no /proc/cmdline)");
	assert_field(o, "hvo",
		     "n/a (no sysctl for it and no kernel config found)");
	assert_field(o, "node", "n/a (no NUMA node known)");
	json_decref(o);
	assert_int_equal(environment_steal(root, 0), -1);
	assert_disturbed(root, NULL, 0,
			 "no PMU: instructions, branches, misses cannot be counted\n");
	/* /proc/stat lacks a sibling that the topology has */
	assert_disturbed(root, XML("one-socket"), 0,
			 "no PMU: instructions, branches, misses cannot be counted\n");
}

static void hostile_bytes(void **state)
{
	static const char compatible[] = "a\0linux,dummy-virt\0";
	json_t *o;

	(void)state;
	put_text("/proc/cpuinfo", "processor\t: 0\n"
		 "model name\t: \x1b[31mEvil\x07 \xc3\xa9\tCPU\x7f \r\n");
	put_text("/proc/cmdline", "a\x1b]0;x\x07" "b\nc\n");
	put_text("/sys/devices/system/cpu/vulnerabilities/.hidden", "x\n");
	put_text("/sys/devices/system/cpu/vulnerabilities/l1tf", "\x01y\n");
	put_text("/sys/devices/system/cpu/vulnerabilities/mds", "\n");
	put_text("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor",
		 "a_governor_of_a_name_without_any_end_\x1b[0m\n");
	put_text("/sys/hypervisor/type",
		 "a hypervisor of a name that fills more than one line, surely\n");
	put_text("/sys/kernel/mm/transparent_hugepage/enabled", "[never\n");
	put_bytes("/proc/device-tree/compatible", compatible,
		  sizeof(compatible) - 1);
	o = context(root, 0);
	assert_field(o, "cpu_model", "?[31mEvil? ?? CPU? ?");
	assert_field(o, "command_line", "a?]0;x?b c");
	assert_field(o, "mitigations", "l1tf: ?y");
	assert_field(o, "transparent_hugepage",
		     "n/a (no /sys/kernel/mm/transparent_hugepage)");
	json_decref(o);
	assert_disturbed(root, NULL, 0,
			 "governor of CPU 0 is a_governor_of_a_, not performance\n"
			 "a hypervisor is underneath: a hypervisor of a name that fills more\n"
			 "no PMU: instructions, branches, misses cannot be counted\n");
}

static void malformed(void **state)
{
	(void)state;
	put_text("/proc/cpuinfo", "no colon\n:\n::\nmodel name\t:\n"
		 "processor\t: x\nisa\t: rv64gc");
	put_text("/proc/stat", "cpu  1 2 3\ncpu0 1 2 3\ncpu1 1 2 3 4 5 6 7 8");
	put_text("/sys/devices/system/cpu/smt/active", "");
	put_text("/sys/devices/system/cpu/intel_pstate/no_turbo", "1\n");
	assert_one_field(root, 0, "cpu_model", "rv64gc");
	assert_one_field(root, 0, "turbo", "off");
	assert_one_field(root, 0, "smt",
			 "n/a (no /sys/devices/system/cpu/smt)");
	assert_int_equal(environment_steal(root, 0), -1);
	assert_int_equal(environment_steal(root, 1), 8);
	assert_int_equal(environment_steal(root, 10), -1);
	/* an empty file, and a directory where a file should be */
	put_text("/proc/cpuinfo", "");
	put_text("/proc/cmdline/file", "x");
	assert_one_field(root, 0, "cpu_model",
			 "n/a (no known field in /proc/cpuinfo)");
	assert_one_field(root, 0, "command_line", "n/a (no /proc/cmdline)");
}

static void hvo_before_the_sysctl(void **state)
{
	static const struct {
		const char *release, *config, *command_line, *hvo;
	} cases[] = {
		{ "5.15.0", "CONFIG_HUGETLB_PAGE_FREE_VMEMMAP=y\n",
		  "quiet hugetlb_free_vmemmap=on", "on" },
		{ "5.15.0", "CONFIG_HUGETLB_PAGE_FREE_VMEMMAP=y\n",
		  "hugetlb_free_vmemmap=on hugetlb_free_vmemmap=off", "off" },
		{ "5.15.0", "CONFIG_HUGETLB_PAGE_FREE_VMEMMAP=y\n",
		  "xhugetlb_free_vmemmap=on", "off" },
		{ "5.15.0", "CONFIG_HUGETLB_PAGE_FREE_VMEMMAP=y\n"
			    "CONFIG_HUGETLB_PAGE_FREE_VMEMMAP_DEFAULT_ON=y",
		  "quiet", "on" },
		{ "5.15.0", "# CONFIG_HUGETLB_PAGE_FREE_VMEMMAP is not set\n",
		  "hugetlb_free_vmemmap=on", "n/a (not configured)" },
		{ "6.1.0", "CONFIG_HUGETLB_PAGE_OPTIMIZE_VMEMMAP=y\n",
		  "hugetlb_free_vmemmap=on",
		  "n/a (configured, but no sysctl for it)" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char path[64];

		snprintf(path, sizeof(path), "/boot/config-%s",
			 cases[i].release);
		put_text("/proc/sys/kernel/osrelease", cases[i].release);
		put_text(path, cases[i].config);
		put_text("/proc/cmdline", cases[i].command_line);
		assert_one_field(root, 0, "hvo", cases[i].hvo);
	}
	/* the sysctl takes precedence */
	put_text("/proc/sys/vm/hugetlb_optimize_vmemmap", "0\n");
	assert_one_field(root, 0, "hvo", "off");
}

static void steal_of_the_last_of_many(void **state)
{
	enum { CPUS = 4096 };
	char *text = malloc(CPUS * 64);
	size_t len;
	int i;

	(void)state;
	assert_non_null(text);
	len = sprintf(text, "cpu  0 0 0 0 0 0 0 0 0 0\n");
	for (i = 0; i < CPUS; i++)
		len += sprintf(text + len, "cpu%d 1 0 1 100000 0 0 0 %d 0 0\n",
			       i, i);
	put_text("/proc/stat", text);
	free(text);
	assert_int_equal(environment_steal(root, CPUS - 1), CPUS - 1);
	assert_int_equal(environment_steal(root, 7), 7);
	assert_int_equal(environment_steal(root, CPUS), -1);
	/* rewritten in place: the open file shows it */
	put_text("/proc/stat", "cpu  0 0 0 0 0 0 0 9 0 0\n"
			       "cpu7 0 0 0 0 0 0 0 9 0 0\n");
	assert_int_equal(environment_steal(root, 7), 9);
}

static void this_machine(void **state)
{
	json_t *o = context("", 0), *none = context(NULL, 0);
	const char *s = json_string_value(json_object_get(o, "kernel"));

	(void)state;
	assert_true(strncmp(s, "n/a", 3));
	s = json_string_value(json_object_get(o, "arch"));
	assert_true(strncmp(s, "n/a", 3));
	assert_true(json_equal(o, none));
	json_decref(o);
	json_decref(none);
	assert_true(environment_steal("", 0) >= -1);
}

#define with_root(test) \
	cmocka_unit_test_setup_teardown(test, make_root, remove_root)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(laptop),
		cmocka_unit_test(server),
		cmocka_unit_test(arm64),
		cmocka_unit_test(vm),
		cmocka_unit_test(other_architectures),
		with_root(nothing_there),
		with_root(hostile_bytes),
		with_root(malformed),
		with_root(hvo_before_the_sysctl),
		with_root(steal_of_the_last_of_many),
		cmocka_unit_test(this_machine),
	};

	unsetenv("HWLOC_XMLFILE");
	unsetenv("HWLOC_THISSYSTEM");
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
