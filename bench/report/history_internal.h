/* SPDX-License-Identifier: GPL-2.0 */
/* Shared by the history_*.c files. */
#ifndef PFBENCH_REPORT_HISTORY_INTERNAL_H
#define PFBENCH_REPORT_HISTORY_INTERNAL_H

#include "report/history.h"

/* history.c */

/* A generation and the year of the release that the generation stands for. */
struct history_step {
	enum pf_generation gen;
	int year;
};

extern const struct history_step history_steps[HISTORY_STEPS];

const char *history_step_name(size_t step);
const char *history_mode_name(enum history_mode mode);

/** history_find() - the point of a kernel on default pages, or NULL */
const struct result_point *history_find(const struct history *h,
					const struct history_kernel *k,
					enum pf_generation gen,
					enum history_mode mode,
					enum pf_population pop);

/** history_scaled() - an estimate times a factor */
struct estimate history_scaled(struct estimate e, double scale);

/** history_known() - is there a figure? */
bool history_known(const struct history_figure *f);

/** history_is_open() - is there a quiet figure without an interval? */
bool history_is_open(const struct history_figure *f);

/** history_mode_shown() - has the mode any figure? */
bool history_mode_shown(const struct history *h, enum history_mode mode);

/**
 * history_population_shown() - has the population any figure?
 *
 * Folio accessors take no tails.
 */
bool history_population_shown(const struct history *h, enum pf_population pop);

/** history_kernels_at() - number of kernels that are of a generation */
size_t history_kernels_at(const struct history *h, size_t step);

/* history_text.c */

/** history_title() - "Eleven years of PageLocked(), one loop, four kernels" */
void history_title(const struct history *h, char *text, size_t size);
/** history_machine() - CPU, architecture, backend and host */
void history_machine(const struct history *h, char *text, size_t size);
/** history_release() - "6.12" */
void history_release(const struct history_kernel *k, char *text, size_t size);

/* history_judge.c */

/**
 * history_disagreement() - the two kernels that differ most in a replica
 *
 * A replica is the same loop in every file, so its cost should be the same.
 * Contended figures are ignored.
 *
 * Return: false if no two kernels differ by more than their intervals.
 */
bool history_disagreement(const struct history *h, size_t step,
			  enum history_mode mode, enum pf_population pop,
			  const struct history_kernel **low,
			  const struct history_kernel **high);

enum history_verdict { HISTORY_UNKNOWN, HISTORY_EQUAL, HISTORY_DIFFERS };

/**
 * history_judge() - compare a kernel's own function with its replica
 * @difference: own function minus replica, in the unit
 */
enum history_verdict history_judge(const struct history *h,
				   const struct history_kernel *k,
				   enum history_mode mode,
				   enum pf_population pop,
				   struct estimate *difference);

/** history_judge_kernel() - the same over all points of the own function */
enum history_verdict history_judge_kernel(const struct history *h,
					  const struct history_kernel *k);

#endif
