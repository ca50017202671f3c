// SPDX-License-Identifier: GPL-2.0
/* Find the compiler, binutils and source of an architecture's code. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "code/internal.h"
#include "lib/subprocess.h"

#define STUBS "bench/target/use_stubs.c"

void code_package(const struct code_arch *arch, const char *tool, char *name,
		  size_t size)
{
	char *c;

	if (arch == code_arch_here())
		snprintf(name, size, "%s", tool);
	else
		snprintf(name, size, "%s-%s", tool, arch->triplet);
	/* Debian's package names have no '_': x86-64-linux-gnu */
	for (c = name; *c; c++)
		if (*c == '_')
			*c = '-';
}

/* The first line of a program's output; false if the program fails. */
static bool first_output_line(const char *program, const char *option,
			      char *line, size_t size)
{
	const char *const argv[] = { program, option, NULL };
	char *out = NULL;
	bool ok = !subprocess_run(argv, &out, NULL) && out && *out;

	if (ok)
		snprintf(line, size, "%.*s", (int)strcspn(out, "\n"), out);
	free(out);
	return ok;
}

/* Take @cc if it exists and compiles for the architecture. */
static bool try_compiler(struct code *code, const char *cc)
{
	const char *triplet = code->arch->triplet;
	char machine[128];

	if (!first_output_line(cc, "--version", code->compiler,
			       sizeof(code->compiler)))
		return false;
	code->clang = strstr(code->compiler, "clang");
	if (!code->clang &&
	    (!first_output_line(cc, "-dumpmachine", machine,
				sizeof(machine)) ||
	     strncmp(machine, triplet, strcspn(triplet, "-") + 1)))
		return false;
	snprintf(code->cc, sizeof(code->cc), "%s", cc);
	return true;
}

int code_find_compiler(struct code *code, const char *cc, struct errmsg *msg)
{
	const char *triplet = code->arch->triplet, *tool = cc;
	char cross[PATH_MAX], package[128];
	size_t n = strlen(triplet);

	snprintf(cross, sizeof(cross), "%s-%s", triplet, cc);
	if (try_compiler(code, cross) || try_compiler(code, cc))
		return 0;
	*code->cc = '\0';
	if (strrchr(tool, '/'))
		tool = strrchr(tool, '/') + 1;
	if (!strncmp(tool, triplet, n) && tool[n] == '-')
		tool += n + 1;
	if (!strncmp(tool, "clang", 5))
		snprintf(package, sizeof(package), "%s", tool);
	else if (!strncmp(tool, "gcc", 3))
		code_package(code->arch, tool, package, sizeof(package));
	else
		return errmsg_set(msg, -ENOENT, "%s: no compiler for %s", cc,
				  code->arch->name);
	return errmsg_set(msg, -ENOENT,
			  "no %s for %s (Debian: apt install %s)", tool,
			  code->arch->name, package);
}

/* Does an objdump without a triplet in its name read the architecture? */
static bool objdump_reads(const char *objdump, const struct code_arch *arch)
{
	const char *const argv[] = { objdump, "-i", NULL };
	char *out = NULL;
	bool ok = !subprocess_run(argv, &out, NULL) && out &&
		strstr(out, arch->bfd);

	free(out);
	return ok;
}

int code_find_objdump(struct code *code, struct errmsg *msg)
{
	char package[64], line[256];

	snprintf(code->objdump, sizeof(code->objdump), "%s-objdump",
		 code->arch->triplet);
	if (first_output_line(code->objdump, "--version", line, sizeof(line)))
		return 0;
	strcpy(code->objdump, "objdump");
	if (objdump_reads(code->objdump, code->arch))
		return 0;
	code_package(code->arch, "binutils", package, sizeof(package));
	return errmsg_set(msg, -ENOENT,
			  "no objdump for %s (Debian: apt install %s)",
			  code->arch->name, package);
}

void code_tool(const struct code *code, const char *tool, char *name,
	       size_t size)
{
	snprintf(name, size, "%.*s%s",
		 (int)(strlen(code->objdump) - strlen("objdump")),
		 code->objdump, tool);
}

static bool try_source(struct code *code, const char *dir, const char *below)
{
	char path[2 * PATH_MAX];
	int n;

	n = snprintf(code->source, sizeof(code->source), "%s%s", dir, below);
	snprintf(path, sizeof(path), "%s/" STUBS, code->source);
	if (n < (int)sizeof(code->source) && !access(path, R_OK))
		return true;
	*code->source = '\0';
	return false;
}

int code_find_source(struct code *code, struct errmsg *msg)
{
	const char *dir = getenv("PFBENCH_SRCDIR");
	char exe[PATH_MAX], *slash;
	ssize_t n;

	if (dir && *dir)
		return try_source(code, dir, "") ? 0 :
			errmsg_set(msg, -ENOENT,
				   "no " STUBS " in $PFBENCH_SRCDIR, %s", dir);
	n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
	if (n > 0) {
		exe[n] = '\0';
		slash = strrchr(exe, '/');
		if (slash)
			*slash = '\0';
		if (try_source(code, exe, "/.."))
			return 0;
	}
	return try_source(code, PFBENCH_SRCDIR, "") ? 0 :
		errmsg_set(msg, -ENOENT,
			   "no " STUBS " around the program or in " PFBENCH_SRCDIR ": set $PFBENCH_SRCDIR to the top directory of the source");
}

int code_read_comment(struct code *code, struct errmsg *msg)
{
	char path[2 * PATH_MAX], readelf[64], *out = NULL, *at;
	const char *const argv[] = { readelf, "-p", ".comment", path, NULL };
	int gen;

	for (gen = 0; gen < PF_NR_REPLICAS; gen++) {
		code_object_path(code, "uses", gen, path, sizeof(path));
		if (!access(path, R_OK))
			break;
	}
	if (gen == PF_NR_REPLICAS)
		return errmsg_set(msg, -ENOENT,
				  "%s: no uses-*.o there ('make check' and 'make guests' build some)",
				  code->objects);
	code_tool(code, "readelf", readelf, sizeof(readelf));
	at = subprocess_run(argv, &out, NULL) || !out ? NULL :
		strstr(out, "]  ");
	if (at) {
		snprintf(code->compiler, sizeof(code->compiler), "%.*s",
			 (int)strcspn(at + 3, "\n"), at + 3);
		code->clang = strstr(code->compiler, "clang");
	}
	free(out);
	return at ? 0 : errmsg_set(msg, -EINVAL,
				   "%s: its .comment names no compiler", path);
}
