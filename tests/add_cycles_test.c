// SPDX-License-Identifier: GPL-2.0
/* Cycles per dependent add: known CPUs, by id and by name, and unknown ones. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "data/add_cycles.h"
#include "lib/read_file.h"
#include "machine/cpu_model.h"

static void check(const char *arch, const char *model, const char *id,
		  double want)
{
	double got = add_cycles(&(struct add_cycles_cpu){ arch, model, id });

	if (isnan(want) ? !isnan(got) : got != want)
		fail_msg("%s, %s, %s: %g, not %g", arch, model ?: "(no model)",
			 id ?: "(no id)", got, want);
}

static void x86(void **state)
{
	(void)state;
	check("x86_64", "AMD EPYC", "AuthenticAMD-25-1-1", 1);
	check("x86_64", "AMD EPYC", NULL, 1);
	check("x86_64", "Hygon C86 7185", "HygonGenuine-24-1-1", 1);
	check("x86_64", NULL, "CentaurHauls-6-15-1", 1);
	/* Skylake, Ice Lake server, Gracemont alone */
	check("x86_64", NULL, "GenuineIntel-6-94-3", 1);
	check("x86_64", NULL, "GenuineIntel-6-106-6", 1);
	check("x86_64", NULL, "GenuineIntel-6-190-0", 1);
	/* Alder Lake, Sapphire Rapids, Lunar Lake: the chain is no chain */
	check("x86_64", NULL, "GenuineIntel-6-151-2", 1);
	check("x86_64", NULL, "GenuineIntel-6-143-8", 1);
	check("x86_64", NULL, "GenuineIntel-6-189-1", 1);
	/* Pentium 4, and families to come */
	check("x86_64", NULL, "GenuineIntel-15-4-3", NAN);
	check("x86_64", NULL, "GenuineIntel-19-1-0", NAN);
	/* a name does not show the design */
	check("x86_64", "Intel(R) Xeon(R) CPU @ 2.70GHz", NULL, NAN);
	check("x86_64", "Example CPU", NULL, NAN);
	check("x86_64", "Example CPU", "ExampleCPU-1-1-1", NAN);
	check("x86_64", NULL, NULL, NAN);
}

static void arm(void **state)
{
	(void)state;
	check("aarch64", NULL, "0x41-0xd0c-0x3-1", 1);
	check("aarch64", NULL, "0x61-0x022-0x1-1", 1);
	check("aarch64", "Cortex-A72 (implementer 0x41 part 0xd08 r0p3), Pi 4",
	      NULL, 1);
	/* a part of another implementer; an unknown part */
	check("aarch64", NULL, "0x51-0xd08-0x0-3", NAN);
	check("aarch64", "arm (implementer 0x41 part 0xfff r0p0)", NULL, NAN);
	check("aarch64", "arm", NULL, NAN);
	check("aarch64", "arm", "0x41", NAN);
}

static void others(void **state)
{
	(void)state;
	check("ppc64le", "POWER9 (architected), altivec supported, revision 2",
	      NULL, 2);
	check("ppc64le", NULL, "POWER9 (raw), altivec supported-2.2", 2);
	check("ppc64le", "POWER10 (architected), altivec supported", NULL, 2);
	check("ppc64le", "Power11 (architected)", NULL, 2);
	check("ppc64le", "POWER8E (raw), altivec supported", NULL, NAN);
	check("ppc64le", "POWER99", NULL, NAN);
	check("riscv64", "sifive,u74-mc rv64imafdc, StarFive VisionFive 2",
	      "0x489-0x8000000000000007-0x4210427", 1);
	check("riscv64", "spacemit,x60 rv64imafdcv", NULL, 1);
	check("riscv64", "thead,c910 rv64imafdc", NULL, NAN);
	check("s390x", "IBM/S390 machine = 8561", NULL, NAN);
	check("loongarch64", "Loongson-3A5000", NULL, NAN);
	check("n/a (not recorded)", "AMD EPYC", NULL, NAN);
	check(NULL, "AMD EPYC", NULL, NAN);
}

/* The strings that this program makes of recorded machines are understood. */
static void recorded(void **state)
{
	static const struct {
		const char *dir, *arch;
		double want;
	} machine[] = {
		{ "arm64", "aarch64", 1 }, { "ppc64le", "ppc64le", 2 },
		{ "riscv64", "riscv64", 1 }, { "s390x", "s390x", NAN },
		{ "server", "x86_64", 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(machine) / sizeof(*machine); i++) {
		char root[80];
		char *text, *id, *model;

		snprintf(root, sizeof(root), "tests/machines/%s",
			 machine[i].dir);
		text = read_file("%s/proc/cpuinfo", root);
		id = cpu_id(root, 0);
		model = cpu_model(root, text, 0);
		assert_non_null(id);
		assert_non_null(model);
		check(machine[i].arch, model, id, machine[i].want);
		check(machine[i].arch, model, NULL, machine[i].want);
		free(text);
		free(id);
		free(model);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(x86),
		cmocka_unit_test(arm),
		cmocka_unit_test(others),
		cmocka_unit_test(recorded),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
