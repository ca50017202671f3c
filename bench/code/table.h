/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The code table: counts of compiled code as text, one use and path per line.
 * pfbench-results(5) describes the format.
 */
#ifndef PFBENCH_CODE_TABLE_H
#define PFBENCH_CODE_TABLE_H

#include <stdbool.h>

#include "code/code.h"
#include "lib/errmsg.h"
#include "lib/input.h"

#define CODE_TABLE_MAGIC "# pfbench code "	/* the start of the file */
#define CODE_TABLE_VERSION 1

/* The columns of counts, in their order in the file. */
enum code_count {
	CODE_BYTES,		/* of the whole use */
	CODE_INSTRUCTIONS,	/* of the path, as are those that follow */
	CODE_LOADS, CODE_STORES, CODE_BRANCHES, CODE_SELECTS, CODE_BARRIERS,
	CODE_ATOMICS,
	CODE_NR_COUNTS
};

struct code_table_line {
	struct code_use use;
	enum code_page page;
	long count[CODE_NR_COUNTS];	/* -1: n/a, without an emulator */
};

struct code_table {
	char *path;
	const struct code_arch *arch;
	char compiler[512];
	bool walked;			/* there are counts of paths */
	struct code_table_line *line;
	size_t nr;
};

/**
 * code_table_load() - read and check a file
 * @path: "-": standard input
 *
 * code_table_free() must be called after success.
 *
 * Return: 0, or a negative errno with a line in @msg that names the file and
 * its line: -EINVAL for a file that is not a table, has a later format, is cut
 * off, lacks its architecture or compiler, or has a line twice; the errors of
 * input_open().
 */
int code_table_load(const char *path, struct code_table *table,
		    struct errmsg *msg);

/** code_table_parse() - the same for a file that is open */
int code_table_parse(struct input *in, struct code_table *table,
		    struct errmsg *msg);
void code_table_free(struct code_table *table);

/** code_table_find() - the line of that use and page, or NULL */
const struct code_table_line *code_table_find(const struct code_table *table,
					      const struct code_use *use,
					      enum code_page page);

/**
 * code_compiler_name() - "gcc 14.2.0" or "clang 19.1.7"
 * @version: first line of --version of a native or cross compiler, or the
 *	.comment of an object; copied if it has no known form
 */
void code_compiler_name(const char *version, char *name, size_t size);

#endif
