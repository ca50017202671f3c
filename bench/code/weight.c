// SPDX-License-Identifier: GPL-2.0
/*
 * Bytes of code per look-up: the units of tests/code_size/ with and without the
 * look-ups of a generation, as in scripts/code-size.
 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "code/internal.h"
#include "code/shared.h"

static const char *const units[] = {
	"filemap", "huge_memory", "migrate", "page-writeback", "rmap", "swap",
	"vmscan",
};

/* each use is compiled once */
#define FLAGS "-fno-inline -falign-functions=1 "

#define NR_UNITS (sizeof(units) / sizeof(*units))

/* Sums over all units: bytes of the functions, and look-ups. */
struct weight {
	unsigned long bytes, lookups;
};

/* The sizes of functions in the output of objdump -t. */
static unsigned long function_bytes(const char *text)
{
	unsigned long bytes = 0;
	const char *line, *tab, *end;

	for (line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		end = line + strcspn(line, "\n");
		tab = memchr(line, '\t', end - line);
		if (tab && end - line > 25 && line[23] == 'F' &&
		    strncmp(line + 25, "*UND*", 5))
			bytes += strtoul(tab, NULL, 16);
	}
	return bytes;
}

/* The letters H and E in the output of objdump -s: " 0000 48484e45 ...". */
static unsigned long look_up_letters(const char *text)
{
	unsigned long nr = 0;
	const char *line, *c;
	int words;

	for (line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (*line != ' ')
			continue;
		c = line + 1 + strcspn(line + 1, " \n");
		for (words = 0; words < 4 && *c == ' '; words++)
			for (c++; isxdigit((unsigned char)c[0]) &&
			     isxdigit((unsigned char)c[1]); c += 2)
				nr += !strncmp(c, "48", 2) ||
					!strncmp(c, "45", 2);
	}
	return nr;
}

static void unit_object(const struct code *code, size_t unit, char *path,
			size_t size)
{
	snprintf(path, size, "%s/weight-%zu.o", code->dir, unit);
}

static int dump_section(struct code *code, const char *object, char **text,
			struct errmsg *msg)
{
	const char *const argv[] = {
		code->objdump, "-s", "-j", ".code_size", object, NULL
	};

	return subprocess_run(argv, text, NULL) ?
		errmsg_set(msg, -EINVAL, "%s: no .code_size", object) : 0;
}

static int start_unit(struct code *code, size_t i, const void *gen,
		      struct subprocess *child, struct errmsg *msg)
{
	char source[128], object[PATH_MAX + 64];

	snprintf(source, sizeof(source), "../../tests/code_size/%s.c", units[i]);
	unit_object(code, i, object, sizeof(object));
	return code_compile_start(code, *(const enum pf_generation *)gen,
				  source, object, child, msg);
}

static int weigh_unit(struct code *code, size_t unit, struct weight *w,
		      struct errmsg *msg)
{
	char object[PATH_MAX + 64], *text = NULL;
	int ret;

	unit_object(code, unit, object, sizeof(object));
	ret = code_dump(code, "-t", object, &text, msg);
	if (ret)
		return ret;
	w->bytes += function_bytes(text);
	free(text);
	ret = dump_section(code, object, &text, msg);
	if (!ret)
		w->lookups += look_up_letters(text);
	free(text);
	return ret;
}

static int weigh(struct code *code, enum pf_generation gen, const char *flags,
		 struct weight *w, struct errmsg *msg)
{
	int ret;

	*w = (struct weight){ 0 };
	code->more_flags = flags;
	ret = code_compile_all(code, NR_UNITS, start_unit, &gen, msg);
	code->more_flags = NULL;
	for (size_t i = 0; i < NR_UNITS && !ret; i++)
		ret = weigh_unit(code, i, w, msg);
	return ret;
}

static int weigh_one(struct code *code, enum pf_generation gen,
		     struct weight *without, double *bytes, struct errmsg *msg)
{
	struct weight with;
	int ret = 0;

	if (!without->bytes)
		ret = weigh(code, gen, FLAGS "-DCODE_SIZE_LOOKUPS=0", without,
			    msg);
	if (!ret)
		ret = weigh(code, gen, FLAGS "-DCODE_SIZE_LOOKUPS=2", &with,
			    msg);
	if (ret)
		return ret;
	if (!with.lookups)
		return errmsg_set(msg, -EINVAL, "no look-up in tests/code_size/");
	*bytes = ((double)with.bytes - without->bytes) / with.lookups;
	return 0;
}

int code_weight(struct code *code, const enum pf_generation gen[2],
		double bytes[2], struct errmsg *msg)
{
	struct weight without = { 0 };
	char path[PATH_MAX + 64];
	int ret;

	snprintf(path, sizeof(path), "%s/tests/code_size/swap.c",
		 code->source);
	if (access(path, R_OK))
		return errmsg_set(msg, -ENOENT, "%s: %s", path,
				  strerror(errno));
	ret = weigh_one(code, gen[0], &without, &bytes[0], msg);
	/* without look-ups, a layout makes one code */
	if (pf_generations[gen[0]].layout != pf_generations[gen[1]].layout)
		without.bytes = 0;
	return ret ? ret : weigh_one(code, gen[1], &without, &bytes[1], msg);
}
