/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Results of one machine over commits or kernels: where the cost of a point
 * changed, and whether that was after the last release.
 */
#ifndef PFBENCH_REPORT_TREND_H
#define PFBENCH_REPORT_TREND_H

#include <stdio.h>

#include "data/collection.h"
#include "report/format.h"

enum trend_by { TREND_BY_DEFAULT, TREND_BY_COMMIT, TREND_BY_KERNEL };

/**
 * struct trend_request - what is shown
 * @host: the machine; NULL: the one with the most results
 * @release: the last release: a commit, version or kernel, or how it begins,
 *	up to a character that is neither letter nor digit. NULL: by the rules
 *	of trend_is_release()
 * @threshold: changes up to this share do not matter; 0.02 for 2 %
 * @want: is a point of this name shown? NULL: all are
 */
struct trend_request {
	const char *host, *release;
	enum trend_by by;
	enum unit unit;
	double threshold;
	bool (*want)(const char *name);
};

/**
 * struct trend_result - a result file
 * @label: its commit or kernel
 * @point: @nr points with a figure, in the order of point_compare()
 */
struct trend_result {
	char *path, *host, *machine, *date, *commit, *kernel, *version;
	const char *label;
	const char *unit_name;
	double floor;			/* resolution, in the unit */
	bool release, counted;
	struct trend_point *point;
	size_t nr;
};

struct trend_point {
	struct point point;
	struct estimate cost;		/* in the unit */
};

/**
 * struct trend_change - a change of a point
 * @at: the first result after the change; below @from to @to with 95 %
 * @value: the costs after it over those before, or minus, up to the next change
 * @since: it is after the last release
 * @mark: 'I' improved, 'R' regressed
 */
struct trend_change {
	size_t at, from, to;
	struct estimate value;
	bool difference, since;
	char mark;
	double p;
};

/**
 * struct trend_series - a point over all results
 * @result: @nr results that have a figure of it
 * @change: @nr_changes beyond the threshold
 * @few: there are too few results for any verdict
 */
struct trend_series {
	struct point point;
	size_t *result;
	struct estimate *cost;
	size_t nr;
	struct trend_change *change;
	size_t nr_changes;
	bool few;
};

/**
 * struct trend - the results of a machine in their order
 * @last_release: index of the last result of the last release; -1: none, all
 *	changes count
 * @level: significance of each test: 0.05 over the number of points
 * @least: results that a point needs for any verdict
 */
struct trend {
	struct trend_request request;
	struct trend_result *result;
	size_t nr;
	struct trend_series *series;
	size_t nr_series;
	const char *unit_name;
	bool counted;
	ssize_t last_release;
	double level;
	size_t least, nr_few;
	size_t since, before;		/* changes: after and up to it */
	struct left_out left_out;
};

/**
 * trend_open() - read the results of a machine, and find the changes
 * @names: files and directories, as for collection_open()
 *
 * Files with faults, of other machines and of other units are left out.
 * trend_close() must be called even after an error.
 *
 * Return: 0, or a negative errno with a line in @msg: no result is left.
 */
int trend_open(struct trend *t, const struct trend_request *request, size_t nr,
	       char *const *names, struct errmsg *msg);
void trend_close(struct trend *t);

/**
 * trend_is_release() - is a commit or kernel the name of a release?
 *
 * A commit is one if it is the name of a tag, as git describe prints it for the
 * tagged commit itself: "v1.2", not "v1.2-3-gabc", "v1.3-rc1" or
 * "v1.2-dirty". A kernel is one if it is neither a candidate ("-rc") nor of
 * linux-next, nor has a commit in its name ("-gabcdef0").
 */
bool trend_is_release(const char *label, enum trend_by by);

/** trend_print() - print as text of at most TEXT_COLUMNS columns */
void trend_print(FILE *f, const struct trend *t);
/** trend_print_json() - print as JSON; see pfbench-trend(1) */
int trend_print_json(FILE *f, const struct trend *t);
/** trend_write() - write the data of plots/trend.gp */
void trend_write(FILE *f, const struct trend *t);
/** trend_has_picture() - is there a series with two results to draw? */
bool trend_has_picture(const struct trend *t);

#endif
