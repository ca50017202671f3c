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

enum test_report_format { TEST_REPORT_NONE, TEST_REPORT_KTAP, TEST_REPORT_LAVA };
enum test_status { TEST_PASS, TEST_FAIL, TEST_SKIP };
enum { KSFT_PASS = 0, KSFT_FAIL = 1, KSFT_SKIP = 4 };

struct test_case {
	const char *name;	/* "A/B": B, a subtest of A */
	enum test_status status;
	const char *reason;	/* of TEST_SKIP */
	const char *what;	/* what was measured, for a person; may be NULL */
	double value;		/* NaN: none */
	const char *unit;	/* of the value; not copied */
};

/* A test of the top level: a file, or what else there is one of. */
struct test_group {
	char *name, *note;
	struct test_case *cases;
	size_t nr;
};

struct test_report {
	enum test_report_format format;
	struct test_group *tests;
	size_t nr;
	bool lost;		/* out of memory: nothing will be written */
};

/* Begin a test of the top level. @note: lines about it all, or NULL. */
void test_report_open(struct test_report *lab, const char *name, const char *note);

/* To the test begun last. All but the unit is copied. */
void test_report_add(struct test_report *lab, const struct test_case *c);

/* One that was not measured. */
void test_report_skip(struct test_report *lab, const char *name, const char *reason);

/*
 * test_report_add_result() - a test of the top level, of a result file
 *
 * A case a point, in the order of the file: TEST_PASS if it was measured,
 * TEST_SKIP if it was contended or has no interval though its rounds were
 * judged. Units are nanoseconds, or instructions where they were the clock.
 */
void test_report_add_result(struct test_report *lab, const struct result *r);

/*
 * test_report_write() - all of it, in the format that was asked for
 * Return: 0, -EIO, or -ENOMEM if something was lost on the way.
 */
int test_report_write(const struct test_report *lab, FILE *f);

/*
 * test_report_skip_all() - nothing could be tried, and reason
 * Return: KSFT_SKIP.
 */
int test_report_skip_all(const struct test_report *lab, const char *name, const char *reason);

/* KSFT_FAIL if a case failed, KSFT_SKIP if none passed, else KSFT_PASS. */
int test_report_exit(const struct test_report *lab);
void test_report_free(struct test_report *lab);

#endif
