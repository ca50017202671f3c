/* SPDX-License-Identifier: GPL-2.0 */
/* The parts of 'pfbench try', each with what it found. */
#ifndef PFBENCH_CMD_TRY_H
#define PFBENCH_CMD_TRY_H

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>

#include "code/code.h"
#include "code/print.h"
#include "lib/errmsg.h"
#include "lib/stats.h"
#include "pageflags/race.h"

enum try_part {
	TRY_RIGHT, TRY_RACE, TRY_PROOF, TRY_CODE, TRY_TIME, TRY_NR_PARTS
};

/* The look-up is shown beside this one. */
#define TRY_NEWEST PF_GEN_v7_1_mask

/* Kinds of pages; a layout may lack the last one. */
enum try_kind { TRY_SMALL, TRY_HEAD, TRY_TAIL, TRY_FAKE, TRY_NR_KINDS };

/* One use of compound_head() on an architecture: the newest, then the user's. */
struct try_arch {
	const struct code_arch *arch;
	char compiler[64];
	unsigned int bytes[2];
	bool walked;
	struct code_tally fast[2], tail[2];
	bool weighed;
	double weight[2];		/* bytes per look-up */
};

/* A difference to the newest generation, in cycles or in adds. */
struct try_difference {
	bool measured;
	struct estimate e;
};

/**
 * struct try - a file, and what its parts found
 * @file: as given; @path: absolute
 * @part: is wanted
 * @na: why a wanted part did not run; "": it ran
 * @wrong: the first wrong answer; "": none
 * @shared: for the shared objects; @uses: of the look-up
 * @layout: its name
 */
struct try {
	const char *file;
	char path[PATH_MAX];
	const char *cc;
	const struct code_arch *only;	/* NULL: all architectures */
	bool part[TRY_NR_PARTS];
	struct errmsg na[TRY_NR_PARTS];
	struct errmsg wrong;
	FILE *out;
	double race_seconds;

	struct code *shared;
	const pf_use_table *uses;
	const char *layout;

	unsigned long right[TRY_NR_KINDS];
	double looked_up, bad[PF_RACE_NR_PROTOCOLS];
	double race_looked_up[PF_RACE_NR_PROTOCOLS];
	char *proof;			/* what scripts/verify printed */
	struct try_arch arch[CODE_NR_ARCHS];
	size_t nr_archs;
	struct code_skipped skipped;	/* reasons, of all architectures */
	struct try_difference latency;	/* compound_head(), small pages */
	const char *unit;
	char cpu[96];
};

/**
 * try_load() - compile the file for this process and load it
 *
 * Sets pf_generations[PF_GEN_try].
 *
 * Return: EXIT_DONE; EXIT_BAD after complain().
 */
int try_load(struct try *t);
/**
 * try_load_loops() - the loops of these generations, of the file and the empty
 *	loop, all by one compiler
 * Return: 0; a negative errno with a line in @msg.
 */
int try_load_loops(struct try *t, const enum pf_generation *gen, size_t nr,
		   struct errmsg *msg);
/** try_unload() - remove the temporary files; the code stays loaded */
void try_unload(struct try *t);

/*
 * The parts. try_right(), try_race() and try_proof() print nothing: a wrong
 * answer is the first line of all. A part that could not run sets its na.
 */
void try_right(struct try *t);
void try_race(struct try *t);
void try_proof(struct try *t);
void try_print_checks(const struct try *t);
void try_code(struct try *t);
void try_time(struct try *t);

/** try_summary() - one line per claim */
void try_summary(const struct try *t, FILE *f);
/** try_print_replace() - the lines that add the look-up to the catalog */
void try_print_replace(const struct try *t, FILE *f);

#endif
