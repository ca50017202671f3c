// SPDX-License-Identifier: GPL-2.0
/* The input for llvm-mca, and the reading of its output. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "code/mca.h"

static const struct code_arch *arch(const char *name)
{
	const struct code_arch *a = code_arch_find(name);

	assert_non_null(a);
	return a;
}

static void assert_version(const char *text, int major, const char *version)
{
	char got[16];

	assert_int_equal(mca_version(text, got, sizeof(got)), major);
	assert_string_equal(got, version);
}

static void versions(void **state)
{
	assert_version("Debian LLVM version 19.1.7\n  Optimized build.\n", 19,
		       "19.1.7");
	assert_version("LLVM (http://llvm.org/):\n  LLVM version 20.1.0rc1\n",
		       20, "20.1.0rc1");
	assert_version("Debian LLVM version 14.0.6", 14, "14.0.6");
	assert_version("GNU assembler 2.40", 0, "");
	assert_version("LLVM version none", 0, "none");
}

static void cpus(void **state)
{
	const struct mca_cpu *cpu;
	size_t nr, i, k, a;

	for (a = 0; a < CODE_NR_ARCHS; a++) {
		cpu = mca_cpus(&code_archs[a], &nr);
		assert_true(nr > 0);
		for (i = 0; i < nr; i++) {
			assert_in_range(strlen(cpu[i].head), 1, 5);
			assert_ptr_equal(mca_cpu_find(&code_archs[a],
							cpu[i].name), &cpu[i]);
			for (k = 0; k < i; k++)
				assert_string_not_equal(cpu[i].head,
							cpu[k].head);
		}
	}
	cpu = mca_cpu_find(arch("x86-64"), "cascadelake");
	assert_string_equal(cpu->name, "skylake-avx512");
	cpu = mca_cpu_find(arch("arm64"), "cortex-x1");
	assert_string_equal(cpu->name, "cortex-a57");
	assert_null(mca_cpu_find(arch("x86-64"), "cascade"));
	assert_null(mca_cpu_find(arch("x86-64"), ""));
	assert_null(mca_cpu_find(arch("x86-64"), "cascadelake cooperlake"));
	assert_null(mca_cpu_find(arch("arm64"), "znver4"));
}

static void by_cpu_model(void **state)
{
	static const struct {
		const char *arch, *cpu_model, *name;	/* NULL: not sure */
	} t[] = {
		{ "x86-64", "AMD EPYC", NULL },
		{ "x86-64", "AMD EPYC 7551P 32-Core Processor", "znver1" },
		{ "x86-64", "AMD EPYC 7B12", "znver2" },
		{ "x86-64", "AMD EPYC 7543 32-Core Processor", "znver3" },
		{ "x86-64", "AMD EPYC 7773X 64-Core Processor", "znver3" },
		{ "x86-64", "AMD EPYC 9R14", "znver4" },
		{ "x86-64", "AMD EPYC 9755 128-Core Processor", NULL },
		{ "x86-64", "AMD EPYC 9V33X 96-Core Processor", NULL },
		{ "x86-64", "AMD Ryzen 9 7950X 16-Core Processor", NULL },
		{ "x86-64", "Intel(R) Xeon(R) Platinum 8124M CPU @ 3.00GHz",
		  "skylake-avx512" },
		{ "x86-64", "Intel(R) Xeon(R) Platinum 8259CL CPU @ 2.50GHz",
		  "skylake-avx512" },
		{ "x86-64", "Intel(R) Xeon(R) Platinum 8375C CPU @ 2.90GHz",
		  "icelake-server" },
		{ "x86-64", "Intel(R) Xeon(R) Gold 6338 CPU @ 2.00GHz",
		  "icelake-server" },
		/* Cooper Lake */
		{ "x86-64", "Intel(R) Xeon(R) Platinum 8376H CPU @ 2.60GHz",
		  NULL },
		{ "x86-64", "Intel(R) Xeon(R) Platinum 8488C",
		  "sapphirerapids" },
		{ "x86-64", "Intel(R) Xeon(R) Platinum 8592+", NULL },
		{ "x86-64", "Intel(R) Xeon(R) Processor @ 2.00GHz", NULL },
		{ "x86-64", "12th Gen Intel(R) Core(TM) i5-1235U", NULL },
		{ "x86-64", "QEMU TCG CPU version 2.5+", NULL },
		{ "arm64", "Neoverse-N1 (implementer 0x41 part 0xd0c r3p1)",
		  "neoverse-n1" },
		{ "arm64", "Cortex-A510 (implementer 0x41 part 0xd46 r0p3)",
		  "cortex-a510" },
		/* LLVM has no model of it */
		{ "arm64", "Cortex-A72 (implementer 0x41 part 0xd08 r0p3)",
		  NULL },
		{ "ppc64le", "POWER9 (architected), altivec supported, "
		  "revision 2.2 (pvr 004e 1202)", "pwr9" },
		{ "ppc64le", "POWER10 (architected)", "pwr10" },
		{ "ppc64le", "POWER11 (architected)", NULL },
		{ "s390x", "IBM/S390 machine = 8561", "z15" },
		{ "s390x", "IBM/S390 machine = 9175", NULL },
		{ "riscv64", "sifive,u74-mc rv64imafdc, riscv-virtio,qemu",
		  "sifive-u74" },
		{ "riscv64", "rv64gc", NULL },
		{ "arm64", "AMD EPYC 9R14", NULL },
		{ "s390x", "n/a (no /proc/cpuinfo)", NULL },
		{ "s390x", "", NULL },
	};
	const struct mca_cpu *cpu;
	size_t i;

	for (i = 0; i < sizeof(t) / sizeof(*t); i++) {
		cpu = mca_cpu_by_name(arch(t[i].arch), t[i].cpu_model);
		if (strcmp(cpu ? cpu->name : "?", t[i].name ? t[i].name : "?"))
			fail_msg("'%s' is %s, not %s", t[i].cpu_model,
				 cpu ? cpu->name : "?", t[i].name);
	}
}

static char *load_text[] = { "movq (%rdi), %rax", "andl $1, %eax" };
static char *unknown_text[] = { "", "andl $1, %eax" };

static void input(void **state)
{
	struct mca_path paths[] = {
		{ .nr = 2, .text = load_text },
		{ .nr = 2, .text = unknown_text, .lacks = "magic %rdi" },
		{ .nr = 0, .text = load_text },
	};
	char *text = mca_input(arch("x86-64"), paths, 3), *l0, *l2;

	assert_non_null(text);
	assert_non_null(strstr(text,
			       "# LLVM-MCA-BEGIN t\n"
			       "movq (%rbx), %rdi\n"
			       "# LLVM-MCA-END t\n"));
	assert_non_null(strstr(text,
			       "# LLVM-MCA-BEGIN t0\n"
			       "movq (%rbx), %rdi\n"
			       "movq (%rdi), %rax\n"
			       "andl $1, %eax\n"
			       "# LLVM-MCA-END t0\n"));
	/* a path with an unknown instruction is left out */
	assert_null(strstr(text, " t1\n"));
	assert_null(strstr(text, "magic"));
	/* the chain: the value into the address, then the path */
	l0 = strstr(text, "# LLVM-MCA-BEGIN l0\nandq %rbp, %rax\n");
	assert_non_null(l0);
	assert_non_null(strstr(l0, "addq %rax, %rdi\nmovq (%rdi), %rax\n"));
	free(text);

	/* an empty path is the baseline, where the page is the value */
	text = mca_input(arch("arm64"), &paths[2], 1);
	assert_non_null(text);
	l0 = strstr(text, "BEGIN l\n");
	l2 = strstr(text, "BEGIN l0\n");
	assert_non_null(l0);
	assert_non_null(l2);
	l0 += strlen("BEGIN l\n");
	l2 += strlen("BEGIN l0\n");
	assert_int_equal(strcspn(l0, "#"), strcspn(l2, "#"));
	assert_memory_equal(l0, l2, strcspn(l0, "#"));
	free(text);
}

#define REGION(name, cycles, iterations, ...) \
	"{\"Name\":\"" name "\",\"Instructions\":[" __VA_ARGS__ "]," \
	"\"SummaryView\":{\"TotalCycles\":" #cycles ",\"Iterations\":" \
	#iterations "}}"
#define PAGE "\"movq\\t(%rbx), %rdi\""
#define CHAIN "\"andq\\t%rbp, %rax\"," PAGE ",\"addq\\t%rax, %rdi\""
#define USE ",\"movq\\t(%rdi), %rax\",\"andl\\t$1, %eax\""
#define AROUND(a, b, n) REGION("t", a, n, PAGE) "," REGION("l", b, n, CHAIN)

static int read_strings(const char *few, const char *many,
			struct mca_cycles *figure, struct errmsg *msg)
{
	struct mca_path path = { .nr = 2, .text = load_text };
	json_t *a = json_loads(few, 0, NULL), *b = json_loads(many, 0, NULL);
	int ret;

	assert_non_null(a);
	assert_non_null(b);
	ret = mca_read(a, b, arch("x86-64"), &path, 1, figure, msg);
	json_decref(a);
	json_decref(b);
	return ret;
}

static void assert_near(double got, double want)
{
	if (!(fabs(got - want) < 1e-9))
		fail_msg("%.12g is not %.12g", got, want);
}

static void figures(void **state)
{
	struct mca_cycles f;
	struct errmsg msg = { "" };

	/* start-up of 7 and 9 cycles; 0.5 and 2 cycles of baseline */
	assert_int_equal(read_strings(
		"{\"CodeRegions\":[" AROUND(57, 207, 100) ","
		REGION("t0", 107, 100, PAGE USE) ","
		REGION("l0", 809, 100, CHAIN USE) "]}",
		"{\"CodeRegions\":[" AROUND(557, 2007, 1000) ","
		REGION("t0", 1007, 1000, PAGE USE) ","
		REGION("l0", 8009, 1000, CHAIN USE) "]}", &f, &msg), 0);
	assert_near(f.throughput, 1 - 500 / 900.);
	assert_near(f.latency, 6);
	assert_string_equal(f.lacks, "");
}

static void left_out(void **state)
{
	struct mca_cycles f = { 1, 1, "" };
	struct errmsg msg = { "" };

	/* without the load it would look cheaper than it is */
	assert_int_equal(read_strings(
		"{\"CodeRegions\":[" AROUND(57, 207, 100) ","
		REGION("t0", 107, 100, PAGE ",\"andl\\t$1, %eax\"") ","
		REGION("l0", 309, 100, CHAIN ",\"andl\\t$1, %eax\"") "]}",
		"{\"CodeRegions\":[" AROUND(557, 2007, 1000) ","
		REGION("t0", 1007, 1000, PAGE ",\"andl\\t$1, %eax\"") ","
		REGION("l0", 3009, 1000, CHAIN ",\"andl\\t$1, %eax\"") "]}",
		&f, &msg), 0);
	assert_true(isnan(f.throughput));
	assert_true(isnan(f.latency));
	assert_string_equal(f.lacks, "movq (%rdi), %rax");

	/* missing regions are not 0 */
	f = (struct mca_cycles){ 1, 1, "" };
	assert_int_equal(read_strings(
		"{\"CodeRegions\":[" AROUND(57, 207, 100) "]}",
		"{\"CodeRegions\":[" AROUND(557, 2007, 1000) "]}",
		&f, &msg), 0);
	assert_true(isnan(f.throughput));
	assert_string_equal(f.lacks, "movq (%rdi), %rax");
}

static void refused(void **state)
{
	static const char *const bad[] = {
		"{}", "[]", "{\"CodeRegions\":[]}", "{\"CodeRegions\":1}",
		"{\"CodeRegions\":[1,null,{\"Name\":\"t\"}]}",
		"{\"CodeRegions\":[" REGION("t", 50, 100, PAGE) "]}",
		"{\"CodeRegions\":[" REGION("t", 50, 100, "") ","
		REGION("l", 200, 100, CHAIN) "]}",
		"{\"CodeRegions\":[" REGION("t", "50", 100, PAGE) ","
		REGION("l", 200, 100, CHAIN) "]}",
	};
	struct mca_cycles f;
	struct errmsg msg;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		msg.text[0] = '\0';
		assert_int_equal(read_strings(bad[i], bad[i], &f, &msg),
				 -EINVAL);
		assert_non_null(strstr(msg.text, "llvm-mca"));
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(versions),
		cmocka_unit_test(cpus),
		cmocka_unit_test(by_cpu_model),
		cmocka_unit_test(input),
		cmocka_unit_test(figures),
		cmocka_unit_test(left_out),
		cmocka_unit_test(refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
