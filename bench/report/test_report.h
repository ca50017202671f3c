/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the machinery of a kernel lab reads: KTAP version 1 as in the kernel's
 * Documentation/dev-tools/ktap.rst, the exit codes of its kselftest.h, and the
 * signals by which LAVA takes results from a console.
 */
#ifndef PFBENCH_LAB_H
#define PFBENCH_LAB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "data/result.h"

enum lab_format { LAB_NONE, LAB_KTAP, LAB_LAVA };
enum lab_status { LAB_PASS, LAB_FAIL, LAB_SKIP };
enum { KSFT_PASS = 0, KSFT_FAIL = 1, KSFT_SKIP = 4 };

struct lab_case {
	const char *name;	/* "A/B": B, a subtest of A */
	enum lab_status status;
	const char *why;	/* of LAB_SKIP */
	const char *what;	/* what was measured, for a person; may be NULL */
	double value;		/* NaN: none */
	const char *unit;	/* of the value; not copied */
};

/* A test of the top level: a file, or what else there is one of. */
struct lab_test {
	char *name, *note;
	struct lab_case *cases;
	size_t nr;
};

struct lab {
	enum lab_format format;
	struct lab_test *tests;
	size_t nr;
	bool lost;		/* out of memory: nothing will be written */
};

#define LAB_LONG_OPTIONS \
	{ "ktap", no_argument, NULL, 'K' }, \
	{ "lava", no_argument, NULL, 'L' }

#define LAB_HELP \
"      --ktap               on standard output KTAP and nothing else; exit codes\n" \
"                           are kselftest's: 0 pass, 1 fail, 4 all skipped\n" \
"      --lava               the same as lines that LAVA reads\n"

/*
 * lab_option() - one of LAB_LONG_OPTIONS, as getopt_long() returned it
 * Return: 0, or -1 if the other was given already.
 */
int lab_option(struct lab *lab, int c);

/* Begin a test of the top level. @note: lines about it all, or NULL. */
void lab_open(struct lab *lab, const char *name, const char *note);

/* To the test begun last. All but the unit is copied. */
void lab_add(struct lab *lab, const struct lab_case *c);

/* One that was not measured. */
void lab_skip(struct lab *lab, const char *name, const char *why);

/*
 * lab_add_result() - a test of the top level, of a result file
 *
 * A case a point, in the order of the file: LAB_PASS if it was measured,
 * LAB_SKIP if it was contended or has no interval though its rounds were
 * judged. Units are nanoseconds, or instructions where they were the clock.
 */
void lab_add_result(struct lab *lab, const struct result *r);

/*
 * lab_write() - all of it, in the format that was asked for
 * Return: 0, -EIO, or -ENOMEM if something was lost on the way.
 */
int lab_write(const struct lab *lab, FILE *f);

/*
 * lab_nothing() - nothing could be tried, and why
 * Return: KSFT_SKIP.
 */
int lab_nothing(const struct lab *lab, const char *name, const char *why);

/* KSFT_FAIL if a case failed, KSFT_SKIP if none passed, else KSFT_PASS. */
int lab_exit(const struct lab *lab);
void lab_free(struct lab *lab);

#endif
