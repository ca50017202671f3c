/* SPDX-License-Identifier: GPL-2.0 */
/* Print the compiled code of an accessor, or write it to files. */
#ifndef PFBENCH_CODE_PRINT_H
#define PFBENCH_CODE_PRINT_H

#include <stdio.h>

#include "code/code.h"

#define CODE_MAX_SKIPPED 128

/* Reasons why something was skipped, each of them once. */
struct code_skipped {
	struct errmsg reason[CODE_MAX_SKIPPED];
	size_t nr;
};

void code_skip(struct code_skipped *skipped, const struct errmsg *msg);

/**
 * struct code_view - one accessor in some generations, and what was printed
 * @shown: generations printed
 * @headed: a heading was printed
 */
struct code_view {
	FILE *out;
	enum pf_accessor accessor;
	enum code_usage usage;
	enum pf_lowering lowering;
	enum pf_generation generation[PF_NR_SLOTS];
	size_t nr;

	unsigned int shown;
	bool headed;
	struct code_skipped skipped;
};

/** code_view_use() - the use of the accessor in generation number @i */
struct code_use code_view_use(const struct code_view *v, size_t i);
/** code_print_heading() - accessor, usage, lowering, architecture, compiler */
void code_print_heading(struct code_view *v, const struct code *code);

/**
 * code_print_listings() - print instructions: one generation with its bytes,
 *	several generations each beside the first
 * code_print_counts() - print a table of counts, one row per generation
 *
 * A generation that fails is skipped with a reason.
 *
 * Return: 0, or -ENOMEM.
 */
int code_print_listings(struct code_view *v, struct code *code);
int code_print_counts(struct code_view *v, struct code *code);

/**
 * code_print_two() - print two listings side by side, with marks where they
 *	differ
 * Return: 0, or -ENOMEM.
 */
int code_print_two(FILE *f, const char *a_name, const char *b_name,
		   const struct code_listing *a, const struct code_listing *b);

/**
 * code_write_table() - write DIR/code-ARCH/COMPILER.txt: the counts of all uses
 * code_write_listings() - write DIR/code-ARCH/COMPILER.listing.txt
 * @path: the name of the file, PATH_MAX bytes
 *
 * code_prepare() for all generations comes first.
 *
 * Return: 0, or a negative errno with a line in @msg; -EINTR.
 */
int code_write_table(struct code *code, const char *dir,
		     struct code_skipped *skipped, char *path,
		     struct errmsg *msg);
int code_write_listings(struct code *code, const char *dir, char *path,
			struct errmsg *msg);

#endif
