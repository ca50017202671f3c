/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The code table: what compiled code is made of, as text, one use and path a
 * line. results/README.md describes it.
 */
#ifndef PFBENCH_CODE_TABLE_H
#define PFBENCH_CODE_TABLE_H

#include <stdbool.h>

#include "code/code.h"
#include "lib/errmsg.h"

#define CODE_TABLE_FORMAT 1
/* How such a file begins. */
#define CODE_TABLE_MAGIC "# pfbench code "

/* The columns of figures, in their order in the file. */
enum code_count {
	CODE_BYTES,		/* of the whole use */
	CODE_INSTRUCTIONS,	/* from here on of the path */
	CODE_LOADS, CODE_STORES, CODE_BRANCHES, CODE_SELECTS, CODE_BARRIERS,
	CODE_ATOMICS,
	CODE_NR_COUNTS
};

struct code_table_line {
	struct code_use use;
	enum code_page page;
	long count[CODE_NR_COUNTS];	/* -1: n/a, no emulator walked it */
};

struct code_table {
	char *path;
	const struct code_arch *arch;
	char compiler[512];
	bool walked;			/* by an emulator: there are paths */
	struct code_table_line *line;
	size_t nr;
};

/* Does this file begin like one? A file that cannot be read does not. */
bool code_table_is(const char *path);

/*
 * code_table_load() - read and check a file
 * Return: 0, or a negative errno with a line in @msg that names the file and
 * its line: -EINVAL for what is no table, of a later format, cut off, says
 * nothing of its architecture or compiler, or says a thing twice; -ENOENT and
 * the like from opening. code_table_free() is called for if it is 0.
 */
int code_table_load(const char *path, struct code_table *table,
		    struct errmsg *msg);
void code_table_free(struct code_table *table);

/* The line of that use and page, or NULL. */
const struct code_table_line *code_table_find(const struct code_table *table,
					      const struct code_use *use,
					      enum code_page page);

/*
 * code_compiler_name() - "gcc 14.2.0" or "clang 19.1.7" out of what a compiler
 * says of itself, be it native or cross; what is not understood is kept
 */
void code_compiler_name(const char *said, char *name, size_t size);

#endif
