// SPDX-License-Identifier: GPL-2.0
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/auto_free.h"
#include "lib/read_file.h"
#include "lib/text.h"
#include "machine/cpu_model.h"

/* The value of a line "@key : value"; NULL: another key. */
static const char *line_value(const char *line, const char *key)
{
	size_t len = strlen(key);

	if (strncmp(line, key, len))
		return NULL;
	line += len + strspn(line + len, " \t");
	return *line == ':' ? line + 1 : NULL;
}

char *cpuinfo_field(const char *text, const char *name, int cpu)
{
	const char *line, *end, *value, *found = NULL;
	bool in_block = false;
	char *s;

	for (line = text; line && *line; line = end + !!*end) {
		end = strchrnul(line, '\n');
		value = line_value(line, "processor");
		/* a blank line ends a CPU's block */
		if (value || line == end)
			in_block = value && atoi(value) == cpu;
		value = line_value(line, name);
		if (value && (in_block || !found))
			found = value;
		if (value && in_block)
			break;
	}
	s = found ? strndup(found, strcspn(found, "\n")) : NULL;
	if (s && !*clean_line(s)) {
		free(s);
		s = NULL;
	}
	return s;
}

static const struct {
	unsigned int implementer, part;
	const char *name;
} arm_parts[] = {
	{ 0x41, 0xd03, "Cortex-A53" },	{ 0x41, 0xd05, "Cortex-A55" },
	{ 0x41, 0xd07, "Cortex-A57" },	{ 0x41, 0xd08, "Cortex-A72" },
	{ 0x41, 0xd09, "Cortex-A73" },	{ 0x41, 0xd0a, "Cortex-A75" },
	{ 0x41, 0xd0b, "Cortex-A76" },	{ 0x41, 0xd0d, "Cortex-A77" },
	{ 0x41, 0xd41, "Cortex-A78" },	{ 0x41, 0xd44, "Cortex-X1" },
	{ 0x41, 0xd46, "Cortex-A510" },	{ 0x41, 0xd47, "Cortex-A710" },
	{ 0x41, 0xd48, "Cortex-X2" },	{ 0x41, 0xd4d, "Cortex-A715" },
	{ 0x41, 0xd4e, "Cortex-X3" },	{ 0x41, 0xd0c, "Neoverse-N1" },
	{ 0x41, 0xd40, "Neoverse-V1" },	{ 0x41, 0xd49, "Neoverse-N2" },
	{ 0x41, 0xd4f, "Neoverse-V2" },	{ 0x43, 0x0af, "ThunderX2" },
	{ 0x46, 0x001, "A64FX" },	{ 0x48, 0xd01, "TaiShan-v110" },
	{ 0x61, 0x022, "Apple Icestorm" }, { 0x61, 0x023, "Apple Firestorm" },
	{ 0xc0, 0xac3, "Ampere-1" },	{ 0xc0, 0xac4, "Ampere-1a" },
};

static const char *arm_name(unsigned long implementer, unsigned long part)
{
	size_t i;

	for (i = 0; i < sizeof(arm_parts) / sizeof(*arm_parts); i++)
		if (arm_parts[i].implementer == implementer &&
		    arm_parts[i].part == part)
			return arm_parts[i].name;
	return "arm";
}

static char *arm_model(const char *cpuinfo, int cpu)
{
	auto_free char *implementer = cpuinfo_field(cpuinfo, "CPU implementer",
						    cpu);
	auto_free char *part = cpuinfo_field(cpuinfo, "CPU part", cpu);
	auto_free char *variant = cpuinfo_field(cpuinfo, "CPU variant", cpu);
	auto_free char *revision = cpuinfo_field(cpuinfo, "CPU revision", cpu);

	if (!implementer || !part)
		return NULL;
	return text_format("%s (implementer %s part %s r%lup%lu)",
			   arm_name(strtoul(implementer, NULL, 0),
				    strtoul(part, NULL, 0)),
			   implementer, part,
			   variant ? strtoul(variant, NULL, 0) : 0,
			   revision ? strtoul(revision, NULL, 0) : 0);
}

static char *riscv_model(const char *cpuinfo, int cpu)
{
	auto_free char *uarch = cpuinfo_field(cpuinfo, "uarch", cpu);
	auto_free char *vendor = cpuinfo_field(cpuinfo, "mvendorid", cpu);
	auto_free char *march = cpuinfo_field(cpuinfo, "marchid", cpu);
	auto_free char *isa = cpuinfo_field(cpuinfo, "isa", cpu);

	if (uarch)
		return text_format("%s%s%s", uarch, isa ? " " : "",
				   isa ? isa : "");
	if (isa && vendor && march)
		return text_format("mvendorid %s marchid %s %s", vendor, march,
				   isa);
	return isa ? strdup(isa) : NULL;
}

static char *ppc_model(const char *cpuinfo, int cpu)
{
	auto_free char *name = cpuinfo_field(cpuinfo, "cpu", cpu);
	auto_free char *revision = cpuinfo_field(cpuinfo, "revision", cpu);

	if (!name)
		return NULL;
	return text_format("%s%s%s", name, revision ? ", revision " : "",
			   revision ? revision : "");
}

static char *s390_model(const char *cpuinfo, int cpu)
{
	auto_free char *vendor = cpuinfo_field(cpuinfo, "vendor_id", cpu);
	auto_free char *key = text_format("processor %d", cpu);
	auto_free char *own = key ? cpuinfo_field(cpuinfo, key, cpu) : NULL;
	auto_free char *first = cpuinfo_field(cpuinfo, "processor 0", cpu);
	const char *processor = own ? own : first, *machine;

	if (!vendor || !processor)
		return NULL;
	/* "version = FF,  ...,  machine = 8561" */
	machine = strstr(processor, "machine = ");
	return text_format("%s %s", vendor, machine ? machine : processor);
}

char *cpu_model(const char *root, const char *cpuinfo, int cpu)
{
	/* x86, LoongArch, MIPS */
	static const char * const names[] = {
		"model name", "Model Name", "cpu model",
	};
	static char *(* const models[])(const char *cpuinfo, int cpu) = {
		arm_model, riscv_model, ppc_model, s390_model,
	};
	auto_free char *board = read_line("%s/proc/device-tree/model", root);
	auto_free char *model = NULL;
	char *name = NULL;
	size_t i;

	for (i = 0; !name && i < sizeof(names) / sizeof(*names); i++)
		name = cpuinfo_field(cpuinfo, names[i], cpu);
	if (name)
		return name;
	for (i = 0; !model && i < sizeof(models) / sizeof(*models); i++)
		model = models[i](cpuinfo, cpu);
	if (!model)
		return NULL;
	/* numbers alone: add the name of the board */
	return board ? text_format("%s, %s", model, board) : strdup(model);
}

char *cpu_id(const char *root, int cpu)
{
	static const char * const fields[] = {
		"vendor_id", "cpu family", "model", "stepping",	/* x86 */
		"CPU implementer", "CPU part", "CPU variant",	/* arm64 */
		"CPU revision",
		"mvendorid", "marchid", "mimpid",		/* riscv */
		"cpu", "revision",				/* powerpc */
		"version", "machine",				/* s390 */
		"CPU Family", "Model Name", "CPU Revision",	/* LoongArch */
		"cpu model",					/* MIPS */
	};
	auto_free char *cpuinfo = read_file("%s/proc/cpuinfo", root);
	char id[256] = "";
	size_t i, len = 0;

	for (i = 0; i < sizeof(fields) / sizeof(*fields); i++) {
		auto_free char *value = cpuinfo_field(cpuinfo, fields[i], cpu);

		if (value && len < sizeof(id))
			len += snprintf(id + len, sizeof(id) - len, "%s%s",
					len ? "-" : "", value);
	}
	return len ? strdup(id) : cpu_model(root, cpuinfo, cpu);
}
