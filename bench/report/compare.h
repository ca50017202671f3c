/* SPDX-License-Identifier: GPL-2.0 */
/* Changes from one result file to another, point by point. */
#ifndef PFBENCH_REPORT_COMPARE_H
#define PFBENCH_REPORT_COMPARE_H

#include <stdbool.h>
#include <stdio.h>

#include "data/result.h"
#include "lib/errmsg.h"
#include "report/test_report.h"

enum verdict { SAME, CHANGED, CANNOT_TELL, NR_VERDICTS };

/* A point that both files have. */
struct compare_pair {
	const struct result_point *a, *b;
	bool difference;		/* not a ratio: too close to zero */
	struct estimate value;		/* the ratio, or difference in ns */
	double a_ns, b_ns;		/* medians */
	double p, p_holm;		/* NaN: not tested */
	enum verdict verdict;
	const char *reason;		/* for CANNOT_TELL, else "" */
};

struct comparison {
	struct result a, b;
	double threshold;		/* 0.02 for 2 % */
	double floor_ns;		/* the coarser clock's resolution */
	bool counted;			/* both files: counts, not samples */
	struct compare_pair *pair;
	size_t nr, tested;
	size_t only_a, only_b;		/* points that the other file lacks */
	size_t count[NR_VERDICTS];
};

/**
 * comparison_open() - load two result files and judge every pair of points
 * @threshold: changes up to this share do not matter; 0.02 for 2 %
 *
 * A point has changed if its ratio B/A, with all of its 95 % interval, is
 * beyond the threshold, by more than the clock can resolve, and Mann and
 * Whitney's test with Holm's correction finds p < 0.05. A median below the
 * clock's resolution is subtracted instead. Counts are compared exactly.
 *
 * Return: 0; a negative errno with a line in @msg, and nothing is open.
 */
int comparison_open(struct comparison *c, const char *a, const char *b,
		    double threshold, struct errmsg *msg);
void comparison_close(struct comparison *c);

/** comparison_verdict() - CHANGED if any point has, SAME if all are the same */
enum verdict comparison_verdict(const struct comparison *c);

/** verdict_name() - "same", "changed", "cannot tell" */
const char *verdict_name(enum verdict verdict);

/** compare_print_text() - print a table of at most TEXT_COLUMNS columns */
int compare_print_text(FILE *f, const struct comparison *c);

/** compare_print_json() - print the comparison as JSON, format 1 */
int compare_print_json(FILE *f, const struct comparison *c);

/** compare_test_report() - add a test to @report, a case per point */
void compare_test_report(struct test_report *report,
			 const struct comparison *c);

#endif
