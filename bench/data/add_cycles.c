// SPDX-License-Identifier: GPL-2.0
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "data/add_cycles.h"

/* arm64 by implementer and part: one cycle each. See cpu_model.c for names. */
static const struct { unsigned int implementer, part; } arm_one_cycle[] = {
	{ 0x41, 0xd03 }, { 0x41, 0xd04 }, { 0x41, 0xd05 }, /* A53 A35 A55 */
	{ 0x41, 0xd07 }, { 0x41, 0xd08 }, { 0x41, 0xd09 }, /* A57 A72 A73 */
	{ 0x41, 0xd0a }, { 0x41, 0xd0b }, { 0x41, 0xd0d }, /* A75 A76 A77 */
	{ 0x41, 0xd41 }, { 0x41, 0xd46 }, { 0x41, 0xd47 }, /* A78 A510 A710 */
	{ 0x41, 0xd4d }, { 0x41, 0xd80 }, { 0x41, 0xd81 }, /* A715 A520 A720 */
	{ 0x41, 0xd87 },				   /* A725 */
	{ 0x41, 0xd44 }, { 0x41, 0xd48 }, { 0x41, 0xd4e }, /* X1 X2 X3 */
	{ 0x41, 0xd82 }, { 0x41, 0xd85 },		   /* X4 X925 */
	{ 0x41, 0xd0c }, { 0x41, 0xd49 }, { 0x41, 0xd8e }, /* N1 N2 N3 */
	{ 0x41, 0xd40 }, { 0x41, 0xd4f }, { 0x41, 0xd84 }, /* V1 V2 V3 */
	{ 0x43, 0x0af },				   /* ThunderX2 */
	{ 0x46, 0x001 },				   /* A64FX */
	{ 0x48, 0xd01 },				   /* TaiShan v110 */
	{ 0x61, 0x022 }, { 0x61, 0x023 },		   /* Apple M1 */
	{ 0xc0, 0xac3 }, { 0xc0, 0xac4 },		   /* Ampere-1, 1a */
};

static bool has(const char *text, const char *part)
{
	return text && strstr(text, part);
}

static double x86_add(const struct add_cycles_cpu *cpu)
{
	static const char *const one[] = {
		"AuthenticAMD-", "HygonGenuine-", "CentaurHauls-",
	};
	unsigned int family;

	if (!cpu->id)
		return cpu->model && (!strncmp(cpu->model, "AMD ", 4) ||
				      !strncmp(cpu->model, "Hygon ", 6)) ?
			1 : NAN;
	if (sscanf(cpu->id, "GenuineIntel-%u-", &family) == 1)
		return family == 6 ? 1 : NAN;
	for (size_t i = 0; i < sizeof(one) / sizeof(*one); i++)
		if (!strncmp(cpu->id, one[i], strlen(one[i])))
			return 1;
	return NAN;
}

static double arm_add(const struct add_cycles_cpu *cpu)
{
	const char *model = cpu->model ? strstr(cpu->model, "(implementer ") :
		NULL;
	const size_t nr = sizeof(arm_one_cycle) / sizeof(*arm_one_cycle);
	unsigned int implementer, part;

	if ((!cpu->id || sscanf(cpu->id, "%x-%x", &implementer, &part) != 2) &&
	    (!model || sscanf(model, "(implementer %x part %x", &implementer,
			      &part) != 2))
		return NAN;
	for (size_t i = 0; i < nr; i++)
		if (arm_one_cycle[i].implementer == implementer &&
		    arm_one_cycle[i].part == part)
			return 1;
	return NAN;
}

/* The generation is the first word: "POWER9 (raw), altivec supported". */
static double power_add(const struct add_cycles_cpu *cpu)
{
	static const char *const two[] = { "POWER9", "POWER10", "Power11" };
	const char *name = cpu->model ?: cpu->id;

	for (size_t i = 0; name && i < sizeof(two) / sizeof(*two); i++)
		if (!strncmp(name, two[i], strlen(two[i])) &&
		    strspn(name + strlen(two[i]), "0123456789") == 0)
			return 2;
	return NAN;
}

static double riscv_add(const struct add_cycles_cpu *cpu)
{
	return has(cpu->model, "sifive,u74") ||
	       has(cpu->model, "sifive,bullet0") ||
	       has(cpu->model, "spacemit,x60") ? 1 : NAN;
}

double add_cycles(const struct add_cycles_cpu *cpu)
{
	static const struct {
		const char *arch;
		double (*add)(const struct add_cycles_cpu *cpu);
	} archs[] = {
		{ "x86_64", x86_add }, { "aarch64", arm_add },
		{ "ppc64le", power_add }, { "riscv64", riscv_add },
	};

	for (size_t i = 0; cpu->arch && i < sizeof(archs) / sizeof(*archs); i++)
		if (!strcmp(cpu->arch, archs[i].arch))
			return archs[i].add(cpu);
	return NAN;
}
