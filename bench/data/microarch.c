// SPDX-License-Identifier: GPL-2.0
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "data/microarch.h"

/* A range of models of one family. */
static const struct amd_models {
	unsigned int family, first, last;
	const char *name;
} amd_models[] = {
	{ 0x17, 0x00, 0x2f, "Zen" }, { 0x17, 0x50, 0x5f, "Zen" },
	{ 0x17, 0x30, 0x4f, "Zen 2" }, { 0x17, 0x60, 0x7f, "Zen 2" },
	{ 0x17, 0x90, 0x91, "Zen 2" }, { 0x17, 0xa0, 0xaf, "Zen 2" },
	{ 0x19, 0x00, 0x0f, "Zen 3" }, { 0x19, 0x20, 0x5f, "Zen 3" },
	{ 0x19, 0x10, 0x1f, "Zen 4" }, { 0x19, 0x60, 0xaf, "Zen 4" },
	{ 0x1a, 0x00, 0x2f, "Zen 5" }, { 0x1a, 0x40, 0x4f, "Zen 5" },
	{ 0x1a, 0x60, 0x7f, "Zen 5" },
	{ 0x1a, 0x50, 0x5f, "Zen 6" }, { 0x1a, 0x80, 0xaf, "Zen 6" },
	{ 0x1a, 0xc0, 0xcf, "Zen 6" },
};

/* Family 6. Of a hybrid model, the core of each kind. */
static const struct intel_model {
	unsigned int model;
	const char *name, *efficiency;
} intel_models[] = {
	{ 0x0f, "Core 2", NULL }, { 0x17, "Core 2", NULL },
	{ 0x1d, "Core 2", NULL },
	{ 0x1a, "Nehalem", NULL }, { 0x1e, "Nehalem", NULL },
	{ 0x1f, "Nehalem", NULL }, { 0x2e, "Nehalem", NULL },
	{ 0x25, "Westmere", NULL }, { 0x2c, "Westmere", NULL },
	{ 0x2f, "Westmere", NULL },
	{ 0x2a, "Sandy Bridge", NULL }, { 0x2d, "Sandy Bridge", NULL },
	{ 0x3a, "Ivy Bridge", NULL }, { 0x3e, "Ivy Bridge", NULL },
	{ 0x3c, "Haswell", NULL }, { 0x3f, "Haswell", NULL },
	{ 0x45, "Haswell", NULL }, { 0x46, "Haswell", NULL },
	{ 0x3d, "Broadwell", NULL }, { 0x47, "Broadwell", NULL },
	{ 0x4f, "Broadwell", NULL }, { 0x56, "Broadwell", NULL },
	{ 0x4e, "Skylake", NULL }, { 0x5e, "Skylake", NULL },
	{ 0x55, "Skylake", NULL }, { 0x8e, "Skylake", NULL },
	{ 0x9e, "Skylake", NULL }, { 0xa5, "Skylake", NULL },
	{ 0xa6, "Skylake", NULL },
	{ 0x66, "Palm Cove", NULL },
	{ 0x6a, "Sunny Cove", NULL }, { 0x6c, "Sunny Cove", NULL },
	{ 0x7d, "Sunny Cove", NULL }, { 0x7e, "Sunny Cove", NULL },
	{ 0x9d, "Sunny Cove", NULL }, { 0xa7, "Cypress Cove", NULL },
	{ 0x8c, "Willow Cove", NULL }, { 0x8d, "Willow Cove", NULL },
	{ 0x8f, "Golden Cove", NULL }, { 0xcf, "Raptor Cove", NULL },
	{ 0x97, "Golden Cove", "Gracemont" },
	{ 0x9a, "Golden Cove", "Gracemont" },
	{ 0xb7, "Raptor Cove", "Gracemont" },
	{ 0xba, "Raptor Cove", "Gracemont" },
	{ 0xbf, "Raptor Cove", "Gracemont" },
	{ 0xaa, "Redwood Cove", "Crestmont" },
	{ 0xac, "Redwood Cove", "Crestmont" },
	{ 0xad, "Redwood Cove", NULL }, { 0xae, "Redwood Cove", NULL },
	{ 0xb5, "Lion Cove", "Skymont" }, { 0xc5, "Lion Cove", "Skymont" },
	{ 0xc6, "Lion Cove", "Skymont" }, { 0xbd, "Lion Cove", "Skymont" },
	{ 0x37, "Silvermont", NULL }, { 0x4a, "Silvermont", NULL },
	{ 0x4d, "Silvermont", NULL }, { 0x5a, "Silvermont", NULL },
	{ 0x4c, "Airmont", NULL }, { 0x75, "Airmont", NULL },
	{ 0x5c, "Goldmont", NULL }, { 0x5f, "Goldmont", NULL },
	{ 0x7a, "Goldmont Plus", NULL },
	{ 0x86, "Tremont", NULL }, { 0x96, "Tremont", NULL },
	{ 0x9c, "Tremont", NULL }, { 0xbe, "Gracemont", NULL },
	{ 0xaf, "Crestmont", NULL }, { 0xb6, "Crestmont", NULL },
};

#define LEN(a) (sizeof(a) / sizeof(*(a)))

static const char *amd_name(unsigned int family, unsigned int model)
{
	for (size_t i = 0; i < LEN(amd_models); i++)
		if (amd_models[i].family == family &&
		    model >= amd_models[i].first && model <= amd_models[i].last)
			return amd_models[i].name;
	return NULL;
}

/* NULL if the kind of a hybrid model was not recorded. */
static const char *intel_name(unsigned int family, unsigned int model,
			      const char *kind)
{
	for (size_t i = 0; family == 6 && i < LEN(intel_models); i++) {
		const struct intel_model *m = &intel_models[i];

		if (m->model != model)
			continue;
		if (!m->efficiency || !strcmp(kind, "performance"))
			return m->name;
		return strcmp(kind, "efficiency") ? NULL : m->efficiency;
	}
	return NULL;
}

/* "GenuineIntel-6-207-2" without its last part, or a known name */
static void x86_microarch(const struct microarch_cpu *cpu, char *name,
			  size_t size)
{
	const char *known = NULL;
	char vendor[32];
	unsigned int family, model;

	if (sscanf(cpu->id, "%31[A-Za-z]-%u-%u", vendor, &family,
		   &model) != 3) {
		snprintf(name, size, "%s", cpu->model);
		return;
	}
	if (!strcmp(vendor, "AuthenticAMD"))
		known = amd_name(family, model);
	else if (!strcmp(vendor, "GenuineIntel"))
		known = intel_name(family, model, cpu->kind);
	if (known)
		snprintf(name, size, "%s", known);
	else
		snprintf(name, size, "%s family %u model %u%s%s", vendor,
			 family, model, *cpu->kind ? " " : "", cpu->kind);
}

/* "arm (implementer 0x00 part 0x051 r0p0)" has no name but its numbers. */
static bool arm_microarch(const char *model, char *name, size_t size)
{
	char implementer[16], part[16];

	if (sscanf(model, "arm (implementer %15s part %15[^ )]", implementer,
		   part) != 2)
		return false;
	snprintf(name, size, "arm implementer %s part %s", implementer, part);
	return true;
}

/* The name in front of numbers and remarks: "Neoverse-N1 (implementer ..." */
void microarch(const struct microarch_cpu *cpu, char *name, size_t size)
{
	bool riscv = !strcmp(cpu->arch, "riscv64");
	size_t n = strcspn(cpu->model, riscv ? "(" : "(,");
	const char *isa = riscv ? strstr(cpu->model, " rv") : NULL;

	if (!strcmp(cpu->arch, "x86_64")) {
		x86_microarch(cpu, name, size);
		return;
	}
	if (arm_microarch(cpu->model, name, size))
		return;
	n = isa ? (size_t)(isa - cpu->model) : n;
	while (n && cpu->model[n - 1] == ' ')
		n--;
	if (!n)
		n = strlen(cpu->model);
	snprintf(name, size, "%.*s", (int)n, cpu->model);
}
