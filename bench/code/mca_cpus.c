// SPDX-License-Identifier: GPL-2.0
/* The CPU models of LLVM, and the CPUs that they stand for. */
#include <regex.h>
#include <string.h>

#include "code/mca.h"

/*
 * Names and CPUs without a model of their own: llvm-mca 19 -mcpu=help and the
 * resources that it prints. cpu_model: the vendors' numbers of a generation
 * (Xeon x3xxH is another generation, Cooper Lake), the names in
 * bench/machine/, and for s390x the machine types in the kernel's
 * arch/s390/kernel/processor.c.
 */
static const struct mca_cpu x86_64[] = {
	{ "skylake-avx512", "SKX", "cascadelake cooperlake",
	  "Xeon\\(R\\) (Platinum 8[12]|Gold [56][12]|Silver 4[12]|"
	  "Bronze 3[12])[0-9]{2}" },
	{ "icelake-server", "ICX", "",
	  "Xeon\\(R\\) (Platinum 8|Gold [56]|Silver 4)"
	  "3[0-9]{2}([A-GI-Z]| |$)" },
	{ "sapphirerapids", "SPR", "emeraldrapids graniterapids",
	  "Xeon\\(R\\) (Platinum 8|Gold [56]|Silver 4|Bronze 3)4[0-9]{2}" },
	{ "znver1", "Zen1", "", "AMD EPYC 7[0-9A-Z]{2}1[A-Z]?( |$)" },
	{ "znver2", "Zen2", "", "AMD EPYC 7[0-9A-Z]{2}2[A-Z]?( |$)" },
	{ "znver3", "Zen3", "", "AMD EPYC 7[0-9A-Z]{2}3[A-Z]?( |$)" },
	{ "znver4", "Zen4", "znver5",
	  "AMD EPYC [489][0-9A-Z]{2}4[A-Z]?( |$)" },
};

static const struct mca_cpu arm64[] = {
	{ "cortex-a55", "A55", "", "^Cortex-A55 " },
	{ "cortex-a57", "A57",
	  "cortex-a72 cortex-a73 cortex-a75 cortex-a76 cortex-a77 "
	  "cortex-a78 cortex-x1",
	  "^Cortex-A57 " },
	{ "cortex-a510", "A510", "cortex-a520", "^Cortex-A510 " },
	{ "neoverse-n1", "N1", "", "^Neoverse-N1 " },
	{ "neoverse-n2", "N2",
	  "neoverse-n3 cortex-a710 cortex-a715 cortex-a720 cortex-x2 "
	  "cortex-x3 cortex-x4",
	  "^Neoverse-N2 " },
	{ "neoverse-v1", "V1", "neoverse-512tvb", "^Neoverse-V1 " },
	{ "neoverse-v2", "V2", "neoverse-v3", "^Neoverse-V2 " },
};

static const struct mca_cpu riscv64[] = {
	{ "sifive-u74", "U74", "sifive-s76 sifive-x280", "^sifive,u74" },
	{ "sifive-p450", "P450", "", NULL },
	{ "sifive-p670", "P670", "", NULL },
};

static const struct mca_cpu ppc64le[] = {
	{ "pwr8", "P8", "", "^POWER8" },
	{ "pwr9", "P9", "", "^POWER9" },
	{ "pwr10", "P10", "pwr11", "^POWER10" },
};

static const struct mca_cpu s390x[] = {
	{ "z13", "z13", "", "machine = 296[45]" },
	{ "z14", "z14", "", "machine = 390[67]" },
	{ "z15", "z15", "", "machine = 856[12]" },
	{ "z16", "z16", "", "machine = 393[12]" },
};

#define CPUS(cpus) { cpus, sizeof(cpus) / sizeof(*(cpus)) }

/* In the order of code_archs[]. */
static const struct {
	const struct mca_cpu *cpu;
	size_t nr;
} arch_cpus[CODE_NR_ARCHS] = {
	CPUS(x86_64), CPUS(arm64), CPUS(riscv64), CPUS(ppc64le), CPUS(s390x),
};

const struct mca_cpu *mca_cpus(const struct code_arch *arch, size_t *nr)
{
	*nr = arch_cpus[arch - code_archs].nr;
	return arch_cpus[arch - code_archs].cpu;
}

static bool has_cpu_name(const char *words, const char *word)
{
	size_t n = strlen(word);

	for (; *words; words += strcspn(words, " "), words += *words == ' ')
		if (strcspn(words, " ") == n && !strncmp(words, word, n))
			return true;
	return false;
}

const struct mca_cpu *mca_cpu_find(const struct code_arch *arch,
				   const char *name)
{
	size_t nr, i;
	const struct mca_cpu *cpu = mca_cpus(arch, &nr);

	for (i = 0; i < nr; i++)
		if (!strcmp(cpu[i].name, name) ||
		    has_cpu_name(cpu[i].others, name))
			return &cpu[i];
	return NULL;
}

const struct mca_cpu *mca_cpu_by_name(const struct code_arch *arch,
				      const char *cpu_model)
{
	size_t nr, i;
	const struct mca_cpu *cpu = mca_cpus(arch, &nr);
	bool is = false;
	regex_t regex;

	for (i = 0; i < nr && !is; i++) {
		if (!cpu[i].cpu_model ||
		    regcomp(&regex, cpu[i].cpu_model, REG_EXTENDED | REG_NOSUB))
			continue;
		is = !regexec(&regex, cpu_model, 0, NULL, 0);
		regfree(&regex);
	}
	return is ? &cpu[i - 1] : NULL;
}
