/* SPDX-License-Identifier: GPL-2.0 */
/* Several sides against one base, point by point. */
#ifndef PFBENCH_REPORT_COMPARE_MANY_H
#define PFBENCH_REPORT_COMPARE_MANY_H

#include "data/collection.h"
#include "report/compare.h"

/**
 * struct compare_many - the sides that were read
 * @of: @nr comparisons of one side each, B, with the base, A, which they share
 * @number: by comparison: the side's number on the command line, from 1
 * @left_out: files with faults, and sides that do not compare with the base
 */
struct compare_many {
	struct compare_side base;
	struct comparison *of;
	size_t *number;
	size_t nr;
	struct left_out left_out;
	bool only_changed;
};

/**
 * compare_many_open() - load a base and other sides, and judge each pair
 * @names: the base, then @nr - 1 others, each as for comparison_open()
 *
 * Each file is checked as collection_load() does. A file with a fault is left
 * out; so is a side without any file, or of another unit than the base. The
 * verdicts are those of comparison_open(), with Holm's correction over the
 * pairs of all sides.
 *
 * Return: 0; a negative errno with a line in @msg, and nothing is open: no file
 * of the base is to be believed, or no other side is left.
 */
int compare_many_open(struct compare_many *m, size_t nr, char *const *names,
		      double threshold, enum unit unit, struct errmsg *msg);
void compare_many_close(struct compare_many *m);

/** compare_many_verdict() - CHANGED if any side has, SAME if all are */
enum verdict compare_many_verdict(const struct compare_many *m);

/** compare_mark() - "I" for improved, "R" for regressed, "" for others */
const char *compare_mark(const struct compare_pair *p);

/**
 * compare_many_print() - print tables of at most TEXT_COLUMNS columns
 * Return: 0, or -ENOMEM.
 */
int compare_many_print(FILE *f, const struct compare_many *m);

/** compare_many_json() - print as JSON; see pfbench-compare(1) */
int compare_many_json(FILE *f, const struct compare_many *m);

/** compare_many_test_report() - add a test per side, and the left out files */
void compare_many_test_report(struct test_report *report,
			      const struct compare_many *m);

#endif
