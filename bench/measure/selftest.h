/* SPDX-License-Identifier: GPL-2.0 */
/* Checks that the sampler's figures can be trusted on this machine. */
#ifndef PFBENCH_MEASURE_SELFTEST_H
#define PFBENCH_MEASURE_SELFTEST_H

#include "measure/session.h"

enum selftest_verdict {
	SELFTEST_UNKNOWN,	/* the core was never quiet for long enough */
	SELFTEST_OK,
	SELFTEST_FAILED,
};

/**
 * struct selftest_answer - the result of a check
 * @name: "chains", "A/A", "+1", "intervals"
 * @text: the figures, for people
 */
struct selftest_answer {
	const char *name;
	enum selftest_verdict verdict;
	char text[128];
};

enum { SELFTEST_CHECKS = 4 };

/* The spans of time in struct selftest_resolution, in seconds. */
#define SELFTEST_SHORT 0.1
#define SELFTEST_LONG 1.0

/**
 * struct selftest_resolution - the smallest difference between two accessors
 *	that is found in 95 % of runs, where an equal pair is called different
 *	in 5 %; in cycles per operation
 * @in_short, @in_long: in runs of SELFTEST_SHORT and SELFTEST_LONG; NaN: too few
 *	quiet repeats to tell
 */
struct selftest_resolution {
	double in_short, in_long;
};

/**
 * struct selftest_result - all answers
 * @resolution: by form; from differences of one accessor under two names, in
 *	all repeats together that took the span of time
 */
struct selftest_result {
	struct selftest_answer answer[SELFTEST_CHECKS];
	struct selftest_resolution resolution[PF_NR_FORMS];
};

/**
 * struct selftest_progress - how far selftest() is
 * @show: called after each repeat; NULL: not called
 * @done: quiet repeats so far, of all checks
 * @total: repeats that are needed
 */
struct selftest_progress {
	void (*show)(void *arg, unsigned int done, unsigned int total);
	void *arg;
};

/**
 * selftest() - make all checks
 * @repeats: of each check but the first
 * @result: filled in
 *
 *   chains     1, 2 and 4 dependent adds are in proportion, within 2 %
 *   A/A        one accessor under two names is called equal in 95 % of pairs
 *   +1         an additional dependent instruction is found in 95 % of runs
 *   intervals  95 % intervals contain the long-run median in 90 % of repeats
 *
 * Return: 0; -EINTR; or another negative errno with a line in @msg.
 */
int selftest(struct session *session, unsigned int repeats,
	     struct selftest_result *result,
	     const struct selftest_progress *progress, struct errmsg *msg);

#endif
