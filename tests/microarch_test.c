// SPDX-License-Identifier: GPL-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "data/microarch.h"

static void names(void **state)
{
	static const struct {
		struct microarch_cpu cpu;
		const char *name;
	} cases[] = {
		{ { "x86_64", "AMD EPYC", "AuthenticAMD-23-1-2", "" }, "Zen" },
		{ { "x86_64", "AMD EPYC", "AuthenticAMD-23-49-0", "" },
		  "Zen 2" },
		{ { "x86_64", "AMD EPYC", "AuthenticAMD-25-1-1", "" },
		  "Zen 3" },
		{ { "x86_64", "AMD EPYC", "AuthenticAMD-25-17-1", "" },
		  "Zen 4" },
		{ { "x86_64", "AMD EPYC", "AuthenticAMD-25-95-1", "" },
		  "Zen 3" },
		{ { "x86_64", "AMD EPYC", "AuthenticAMD-25-96-1", "" },
		  "Zen 4" },
		{ { "x86_64", "AMD EPYC", "AuthenticAMD-26-2-1", "" },
		  "Zen 5" },
		{ { "x86_64", "Some AMD", "AuthenticAMD-15-107-1", "" },
		  "AuthenticAMD family 15 model 107" },
		{ { "x86_64", "Xeon", "GenuineIntel-6-85-7", "" }, "Skylake" },
		{ { "x86_64", "Xeon", "GenuineIntel-6-143-8", "" },
		  "Golden Cove" },
		{ { "x86_64", "Core", "GenuineIntel-6-154-3", "performance" },
		  "Golden Cove" },
		{ { "x86_64", "Core", "GenuineIntel-6-154-3", "efficiency" },
		  "Gracemont" },
		{ { "x86_64", "Core", "GenuineIntel-6-154-3", "" },
		  "GenuineIntel family 6 model 154" },
		/* model 6 of another family */
		{ { "x86_64", "P4", "GenuineIntel-15-85-1", "" },
		  "GenuineIntel family 15 model 85" },
		{ { "x86_64", "QEMU TCG CPU", "", "" }, "QEMU TCG CPU" },
		{ { "aarch64", "Neoverse-N1 (implementer 0x41 part 0xd0c r3p1)",
		    "0x41-0xd0c-0x3-1", "" }, "Neoverse-N1" },
		{ { "aarch64", "arm (implementer 0x00 part 0x051 r0p0), virt",
		    "", "" }, "arm implementer 0x00 part 0x051" },
		{ { "ppc64le", "POWER9 (raw), altivec supported", "", "" },
		  "POWER9" },
		{ { "riscv64", "sifive,u74-mc rv64imafdc", "", "" },
		  "sifive,u74-mc" },
		{ { "riscv64", "mvendorid 0x0 marchid 0x70216 rv64imafdch", "",
		    "" }, "mvendorid 0x0 marchid 0x70216" },
		{ { "s390x", "IBM/S390 machine = 8561", "", "" },
		  "IBM/S390 machine = 8561" },
	};
	char name[64];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		microarch(&cases[i].cpu, name, sizeof(name));
		assert_string_equal(name, cases[i].name);
	}
	/* cut off, and no further */
	microarch(&cases[7].cpu, name, 8);
	assert_string_equal(name, "Authent");
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(names) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
