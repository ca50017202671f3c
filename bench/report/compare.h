/* SPDX-License-Identifier: GPL-2.0 */
/* Changes from one result file to another, point by point. */
#ifndef PFBENCH_REPORT_COMPARE_H
#define PFBENCH_REPORT_COMPARE_H

#include <stdbool.h>
#include <stdio.h>

#include "data/result.h"
#include "lib/errmsg.h"
#include "report/format.h"
#include "report/test_report.h"

enum verdict { SAME, CHANGED, CANNOT_TELL, NR_VERDICTS };

#define COMPARE_MAX_RUNS 64	/* on one side */

/**
 * struct compare_side - the runs of one side
 * @names: as on the command line: "A1,A2"
 */
struct compare_side {
	const char *names;
	struct result *run;
	size_t nr;
};

/* A point that both sides have. */
struct compare_pair {
	const struct result_point *a, *b;	/* of the first run with it */
	size_t a_runs, b_runs;		/* runs that the figures are from */
	bool difference;		/* not a ratio: too close to zero */
	struct estimate value;		/* the ratio, or difference */
	double a_cost, b_cost;		/* medians; of runs their mean */
	double a_ns, b_ns;		/* the same in ns */
	double p, p_holm;		/* NaN: not tested */
	enum verdict verdict;
	const char *reason;		/* for CANNOT_TELL, else "" */
};

struct comparison {
	struct compare_side a, b;
	double threshold;		/* 0.02 for 2 % */
	enum unit unit;			/* of all figures */
	const char *unit_name;
	double floor;			/* of the coarsest clock */
	bool counted;			/* all files: counts, not samples */
	bool only_changed;		/* views leave out the other points */
	struct compare_pair *pair;
	size_t nr, tested;
	size_t only_a, only_b;		/* points that the other side lacks */
	size_t count[NR_VERDICTS];
};

/**
 * comparison_open() - load result files and judge every pair of points
 * @a, @b: a path, or several with commas between them: runs of one side. A
 *	name with a comma that exists is one path.
 * @threshold: changes up to this share do not matter; 0.02 for 2 %
 * @unit: UNIT_CYCLES, UNIT_NS, or the default unit of the files
 *
 * A point has changed if its ratio B/A, with all of its 95 % interval, is
 * beyond the threshold, by more than the clock can resolve, and a test with
 * Holm's correction finds p < 0.05. A median below the clock's resolution is
 * subtracted instead. Counts are compared exactly.
 *
 * With one run each, the interval is that of the rounds, and the test is Mann
 * and Whitney's. Of more runs, it is stats_runs_difference() of the logarithms
 * of the medians, or of the medians where they are subtracted.
 *
 * Return: 0; a negative errno with a line in @msg, and nothing is open:
 * -EINVAL for files of different units, too: counts and times, times and
 * cycles, cycles and estimates of cycles.
 */
int comparison_open(struct comparison *c, const char *a, const char *b,
		    double threshold, enum unit unit, struct errmsg *msg);
void comparison_close(struct comparison *c);

/**
 * compare_load() - load the runs of a side; comparison_open() calls this
 * compare_unload() must be called in any case.
 */
int compare_load(struct compare_side *s, const char *names, struct errmsg *msg);
void compare_unload(struct compare_side *s);

/** compare_partial() - was a run of the side cut short? */
bool compare_partial(const struct compare_side *s);

/** compare_find() - the first point of that name in the runs of a side */
const struct result_point *compare_find(const struct compare_side *s,
					const struct point *point);

/**
 * compare_next() - the next point that any run of a side has
 * @run, @i: both 0 at first; belong to the point that is returned, minus one
 * Return: the point; NULL after the last.
 */
const struct result_point *compare_next(const struct compare_side *s,
					size_t *run, size_t *i);

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
