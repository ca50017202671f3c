// SPDX-License-Identifier: GPL-2.0
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static char *arm_model(const char *cpuinfo, int cpu)
{
	char *implementer = cpuinfo_field(cpuinfo, "CPU implementer", cpu);
	char *part = cpuinfo_field(cpuinfo, "CPU part", cpu);
	char *variant = cpuinfo_field(cpuinfo, "CPU variant", cpu);
	char *revision = cpuinfo_field(cpuinfo, "CPU revision", cpu);
	const char *name = "arm";
	char *s = NULL;
	size_t i;

	if (implementer && part) {
		for (i = 0; i < sizeof(arm_parts) / sizeof(*arm_parts); i++)
			if (arm_parts[i].implementer ==
			    strtoul(implementer, NULL, 0) &&
			    arm_parts[i].part == strtoul(part, NULL, 0))
				name = arm_parts[i].name;
		s = text_format("%s (implementer %s part %s r%lup%lu)", name,
				implementer, part,
				variant ? strtoul(variant, NULL, 0) : 0,
				revision ? strtoul(revision, NULL, 0) : 0);
	}
	free(implementer);
	free(part);
	free(variant);
	free(revision);
	return s;
}

static char *riscv_model(const char *cpuinfo, int cpu)
{
	char *uarch = cpuinfo_field(cpuinfo, "uarch", cpu);
	char *vendor = cpuinfo_field(cpuinfo, "mvendorid", cpu);
	char *march = cpuinfo_field(cpuinfo, "marchid", cpu);
	char *isa = cpuinfo_field(cpuinfo, "isa", cpu);
	char *s = NULL;

	if (uarch)
		s = text_format("%s%s%s", uarch, isa ? " " : "",
				isa ? isa : "");
	else if (isa && vendor && march)
		s = text_format("mvendorid %s marchid %s %s", vendor, march,
				isa);
	else if (isa)
		s = text_format("%s", isa);
	free(uarch);
	free(vendor);
	free(march);
	free(isa);
	return s;
}

static char *ppc_model(const char *cpuinfo, int cpu)
{
	char *name = cpuinfo_field(cpuinfo, "cpu", cpu);
	char *revision = cpuinfo_field(cpuinfo, "revision", cpu);
	char *s = NULL;

	if (name)
		s = text_format("%s%s%s", name, revision ? ", revision " : "",
				revision ? revision : "");
	free(name);
	free(revision);
	return s;
}

static char *s390_model(const char *cpuinfo, int cpu)
{
	char *vendor = cpuinfo_field(cpuinfo, "vendor_id", cpu);
	char *processor, *s = NULL;
	char key[32];

	/* "processor 0: version = FF,  ...,  machine = 8561" */
	snprintf(key, sizeof(key), "processor %d", cpu);
	processor = cpuinfo_field(cpuinfo, key, cpu);
	if (!processor)
		processor = cpuinfo_field(cpuinfo, "processor 0", cpu);
	if (vendor && processor) {
		const char *machine = strstr(processor, "machine = ");

		s = text_format("%s %s", vendor, machine ? machine : processor);
	}
	free(vendor);
	free(processor);
	return s;
}

char *cpu_model(const char *root, const char *cpuinfo, int cpu)
{
	/* x86, LoongArch, MIPS */
	static const char * const names[] = {
		"model name", "Model Name", "cpu model",
	};
	char *s = NULL, *board;
	size_t i;

	if (!cpuinfo)
		return NULL;
	for (i = 0; !s && i < sizeof(names) / sizeof(*names); i++)
		s = cpuinfo_field(cpuinfo, names[i], cpu);
	if (s)
		return s;
	s = arm_model(cpuinfo, cpu);
	if (!s)
		s = riscv_model(cpuinfo, cpu);
	if (!s)
		s = ppc_model(cpuinfo, cpu);
	if (!s)
		s = s390_model(cpuinfo, cpu);
	/* numbers alone: add the name of the board */
	board = read_line("%s/proc/device-tree/model", root);
	if (s && board) {
		char *both = text_format("%s, %s", s, board);

		free(s);
		s = both;
	}
	free(board);
	return s;
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
	char *cpuinfo = read_file("%s/proc/cpuinfo", root);
	char *id = NULL, *value, *longer;
	size_t i;

	for (i = 0; cpuinfo && i < sizeof(fields) / sizeof(*fields); i++) {
		value = cpuinfo_field(cpuinfo, fields[i], cpu);
		longer = value ? text_format("%s%s%s", id ? id : "",
					     id ? "-" : "", value) : NULL;
		if (longer) {
			free(id);
			id = longer;
		}
		free(value);
	}
	if (!id)
		id = cpu_model(root, cpuinfo, cpu);
	free(cpuinfo);
	return id;
}
