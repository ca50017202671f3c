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

/* Kinds of pages; a layout may lack the last two. */
enum try_kind {
	TRY_SMALL, TRY_HEAD, TRY_TAIL, TRY_FAKE, TRY_NO_FOLIO, TRY_NR_KINDS
};

/* Kinds of right answers of a scheme; right[] of struct try has either kind. */
enum try_ref_kind { TRY_TAKEN, TRY_REFUSED, TRY_PUT, TRY_FREED };

#define TRY_MAX_SHOWN 2			/* accessors whose code is shown */
#define TRY_MAX_TIMED 3
#define TRY_REF_THREADS 3		/* in the race of a scheme */
#define TRY_MAX_BESIDE 4		/* generations beside the user's */

struct try;

/**
 * struct try_subject - what is tried: a look-up, that of memdescs, or a scheme of references
 * @what: "look-up" or "scheme"
 * @scheme: it is a scheme
 * @shown: accessors whose code is shown; of a look-up, the look-up alone
 * @timed: accessors that are measured; of a look-up, a test, a setter and the
 *	look-up
 * @beside: generations to compare with; the last one is shown beside, too
 * @scenarios: of scripts/verify
 * @proof: begins the first table of scripts/verify
 * @proved: the bound of a proof; NULL: it is in the tables
 * @refuted: what a refuted proof found
 */
struct try_subject {
	const char *what;
	bool scheme;
	enum pf_accessor shown[TRY_MAX_SHOWN], timed[TRY_MAX_TIMED];
	size_t nr_shown, nr_timed;
	enum pf_generation beside[TRY_MAX_BESIDE];
	size_t nr_beside;
	const char *scenarios, *proof, *proved, *refuted;
	void (*right)(struct try *t);
	void (*race)(struct try *t);
	void (*print_right)(const struct try *t);
	void (*print_race)(const struct try *t);
	void (*claim_right)(const struct try *t, FILE *f);
	void (*claim_race)(const struct try *t, FILE *f);
	void (*print_replace)(const struct try *t, FILE *f, const char *id);
};

extern const struct try_subject try_look_up, try_memdesc, try_scheme;

/* One use of an accessor on an architecture: the newest, then the user's. */
struct try_use {
	unsigned int bytes[2];
	bool walked;
	struct code_tally fast[2], tail[2];
};

struct try_arch {
	const struct code_arch *arch;
	char compiler[64];
	struct try_use use[TRY_MAX_SHOWN];
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
	const struct try_subject *subject;
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
	const struct pf_generation_info *info;
	const struct pf_ref_functions *functions;	/* of a scheme */

	unsigned long right[TRY_NR_KINDS];	/* by kind of answer */
	double looked_up, bad[PF_RACE_NR_PROTOCOLS];
	double race_looked_up[PF_RACE_NR_PROTOCOLS];
	int race_cpu[TRY_REF_THREADS];	/* of the race of a scheme */
	unsigned int nr_race_cpus;
	unsigned long takes, frees;	/* in that race */
	char *proof;			/* what scripts/verify printed */
	struct try_arch arch[CODE_NR_ARCHS];
	size_t nr_archs;
	struct code_skipped skipped;	/* reasons, of all architectures */
	struct try_difference latency[TRY_MAX_SHOWN];	/* on small pages */
	const char *unit;
	char cpu[96];
};

/** try_find_file() - set @path; returns EXIT_DONE, or EXIT_BAD */
int try_find_file(struct try *t);
/**
 * try_find_subjects() - find out what the file defines
 * Return: EXIT_DONE; EXIT_BAD after complain() if that is half a scheme.
 */
int try_find_subjects(const struct try *t, bool *look_up, bool *scheme);
/**
 * try_load() - compile the file for this process and load it
 *
 * try_use() then makes it the generation PF_GEN_try.
 *
 * Return: EXIT_DONE; EXIT_BAD after complain().
 */
int try_load(struct try *t);
/** try_use() - set pf_generations[PF_GEN_try], and the functions of a scheme */
void try_use(const struct try *t);
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
 * The parts. Those of the subject and try_proof() print nothing: a wrong answer
 * is the first line of all. A part that could not run sets its na.
 */
void try_proof(struct try *t);
void try_print_checks(const struct try *t);
void try_code(struct try *t);
void try_time(struct try *t);

/* The findings of a child, in memory that the parent reads. */
struct try_found {
	unsigned long right[TRY_NR_KINDS];
	unsigned long takes, frees;
	struct errmsg wrong, na;
	bool done;
};

/**
 * try_in_child() - run a check in a process of its own, which may crash
 * @seconds: after that the code under test is wrong
 *
 * A crash is a wrong answer. Sets what @found has in @t.
 */
void try_in_child(struct try *t, enum try_part part, unsigned int seconds,
		  void (*check)(const struct try *t, struct try_found *found));

/**
 * try_take_cpus() - choose CPUs of this process and lock them
 * @most: at most so many
 * @cpu, @lock: room for @most; unused locks are -1
 * Return: the number of CPUs, at least 2; 0 with the na of the race.
 */
unsigned int try_take_cpus(struct try *t, unsigned int most, int *cpu,
			   int *lock);
void try_release_cpus(const int *lock, unsigned int nr);

/** try_summary() - one line per claim */
void try_summary(const struct try *t, FILE *f);
/** try_print_replace() - the lines that add the user's code to the catalog */
void try_print_replace(const struct try *t, FILE *f);
/** try_newest() - the generation that is shown beside the user's */
enum pf_generation try_newest(const struct try *t);

/* The parts of the subjects. */
void try_right(struct try *t);
void try_race(struct try *t);
void try_print_right(const struct try *t);
void try_print_race(const struct try *t);
void try_claim_right(const struct try *t, FILE *f);
void try_claim_race(const struct try *t, FILE *f);
void try_look_up_print_replace(const struct try *t, FILE *f, const char *id);
void try_ref_right(struct try *t);
void try_ref_race(struct try *t);
void try_ref_print_right(const struct try *t);
void try_ref_print_race(const struct try *t);
void try_ref_claim_right(const struct try *t, FILE *f);
void try_ref_claim_race(const struct try *t, FILE *f);
void try_ref_print_replace(const struct try *t, FILE *f, const char *id);

#endif
