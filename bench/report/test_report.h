/* SPDX-License-Identifier: GPL-2.0 */
/* Results as test cases, for the programs that run a lab's tests. */
#ifndef PFBENCH_REPORT_TEST_REPORT_H
#define PFBENCH_REPORT_TEST_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "data/result.h"

enum test_report_format {
	TEST_REPORT_NONE, TEST_REPORT_KTAP, TEST_REPORT_LAVA
};
enum test_status { TEST_PASS, TEST_FAIL, TEST_SKIP };

/* Exit status, as in tools/testing/selftests/kselftest.h of the kernel. */
enum { KSFT_PASS = 0, KSFT_FAIL = 1, KSFT_SKIP = 4 };

/**
 * struct test_case - one answer
 * @name: "A/B" is the case B of the subtest A
 * @reason: why the case is skipped; TEST_SKIP only
 * @what: the figure in words; may be NULL
 * @value: the figure; NaN if there is none
 * @unit: unit of @value; not copied
 */
struct test_case {
	const char *name;
	enum test_status status;
	const char *reason;
	const char *what;
	double value;
	const char *unit;
};

/* A test of the top level, for example a result file. */
struct test_group {
	char *name, *note;
	struct test_case *cases;
	size_t nr;
};

/**
 * struct test_report - all tests of one run of a command
 * @lost: memory ran out; test_report_write() then writes nothing
 */
struct test_report {
	enum test_report_format format;
	struct test_group *tests;
	size_t nr;
	bool lost;
};

/**
 * test_report_open() - begin a test of the top level
 * @note: lines about the whole test, or NULL
 */
void test_report_open(struct test_report *report, const char *name,
		      const char *note);

/** test_report_add() - add a case to the last test; copies all but the unit */
void test_report_add(struct test_report *report, const struct test_case *c);

/** test_report_skip() - add a case that was not measured to the last test */
void test_report_skip(struct test_report *report, const char *name,
		      const char *reason);

/**
 * test_report_add_result() - add a result file as a test of the top level
 *
 * Each point is a case, in the order of the file. The case passes if the point
 * was measured. The case is skipped if the point was contended, or has no
 * interval although its rounds were judged. The unit is ns, or instructions
 * if the clock counts instructions.
 */
void test_report_add_result(struct test_report *report, const struct result *r);

/**
 * test_report_write() - write all tests in the format of the report
 * Return: 0, -EIO, or -ENOMEM if memory ran out while tests were added.
 */
int test_report_write(const struct test_report *report, FILE *f);

/**
 * test_report_skip_all() - print a report without any case to standard output
 * Return: KSFT_SKIP.
 */
int test_report_skip_all(const struct test_report *report, const char *name,
			 const char *reason);

/** test_status_merge() - status of a test that has cases of both status */
enum test_status test_status_merge(enum test_status a, enum test_status b);

/**
 * test_report_exit() - the exit status for this report
 * Return: KSFT_FAIL if a case failed, KSFT_SKIP if no case passed, else
 * KSFT_PASS.
 */
int test_report_exit(const struct test_report *report);
void test_report_free(struct test_report *report);

#endif
