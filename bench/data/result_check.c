// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "data/result_check.h"

/* Fewer equal twins than chance allows with this probability are too few. */
#define TOO_FEW 0.01

/* A clock beyond 10 GHz or below 10 MHz, and a step of a millisecond. */
#define LEAST_CYCLE_NS 0.1
#define MOST_CYCLE_NS 100.0
#define MOST_STEP_NS 1e6

/*
 * The unit is a mean of the run, and its points were written before the end:
 * the clock rate may have changed, but hardly by more than this factor.
 */
#define MOST_DRIFT 2.0

bool result_twins(const struct result *r, struct result_twins *t)
{
	const json_t *twins = json_object_get(r->pfbench, "twins");

	if (!twins)
		return false;
	t->measured = json_integer_value(json_object_get(twins, "measured"));
	t->equal = json_integer_value(json_object_get(twins, "equal"));
	return true;
}

bool result_twins_hold(const struct result_twins *t)
{
	return stats_binomial(t->equal, t->measured, STATS_CONFIDENCE) >=
		TOO_FEW;
}

static bool is_counted(const struct result *r)
{
	return json_is_true(json_object_get(r->pfbench, "icount"));
}

static bool is_unrecorded(const char *text)
{
	return !strncmp(text, "n/a", 3);
}

int result_abi(const struct result *r)
{
	return json_integer_value(json_object_get(r->pfbench, "abi"));
}

/*
 * The program refuses a module of another ABI when it opens it: a file with two
 * of them was changed, or joined of two.
 */
static int check_abi(const struct result *r, struct errmsg *msg)
{
	const json_t *kmod = json_object_get(r->pfbench, "kmod");
	int module = json_integer_value(json_object_get(kmod, "abi"));

	if (module && module != result_abi(r))
		return errmsg_set(msg, -EINVAL,
				  "the module has ABI %d, the program %d: build both from one tree",
				  module, result_abi(r));
	return 0;
}

/* Program and module must be of one commit: both have the same loops then. */
static int check_commit(const struct result *r, struct errmsg *msg)
{
	const json_t *kmod = json_object_get(r->pfbench, "kmod");
	const char *commit = result_context(r, "commit");
	const char *module =
		json_string_value(json_object_get(kmod, "commit"));

	if (is_unrecorded(commit) && !is_counted(r))
		return errmsg_set(msg, -EINVAL,
				  "the commit of the program is not recorded");
	if (module && strcmp(module, commit))
		return errmsg_set(msg, -EINVAL,
				  "the module is of commit %.40s, the program of %.40s: build both from one tree",
				  module, commit);
	return 0;
}

/* The nanoseconds of all points over those that its unit gives them. */
static double clock_ratio(const struct result *r, double unit_ns)
{
	double by_clock = 0, by_unit = 0;

	for (size_t i = 0; i < r->nr_points; i++) {
		const struct result_point *p = &r->point[i];
		const json_t *ns = json_object_get(p->json, "real_time");
		const json_t *own = json_object_get(p->json, r->in_cycles ?
						    "cycles" : "ticks");

		if (!json_is_number(ns) ||
		    !(fabs(json_number_value(ns)) < 1e12))
			continue;
		by_clock += fabs(json_number_value(ns));
		by_unit += fabs(json_number_value(own)) * unit_ns;
	}
	return by_unit > 0 && by_clock > 0 ? by_clock / by_unit : 1;
}

static int check_run_clock(const struct result *r, struct errmsg *msg)
{
	double cycle = r->ns_per_tick * r->ticks_per_cycle;
	double step = r->ns_per_tick * r->quantum_ticks, ratio;

	if (!isnan(cycle) && !(cycle >= LEAST_CYCLE_NS &&
			       cycle <= MOST_CYCLE_NS))
		return errmsg_set(msg, -EINVAL,
				  "a cycle of %.3g ns: the clock is wrong",
				  cycle);
	if (step > MOST_STEP_NS)
		return errmsg_set(msg, -EINVAL,
				  "a step of the clock of %.3g ns: the clock is wrong",
				  step);
	ratio = clock_ratio(r, r->in_cycles ? cycle : r->ns_per_tick);
	if (ratio > MOST_DRIFT || ratio < 1 / MOST_DRIFT)
		return errmsg_set(msg, -EINVAL,
				  "the times of its points are %.3g times those of its clock",
				  ratio);
	return 0;
}

int result_check(const struct result *r, struct errmsg *msg)
{
	struct result_twins twins;
	int err;

	if (r->partial)
		return errmsg_set(msg, -EINVAL,
				  "the run was interrupted: finish it with 'pfbench run --resume'");
	err = check_abi(r, msg);
	if (!err)
		err = check_commit(r, msg);
	if (!err && !is_counted(r))
		err = check_run_clock(r, msg);
	if (!err && result_twins(r, &twins) && !result_twins_hold(&twins))
		err = errmsg_set(msg, -EINVAL,
				 "only %zu of %zu points that were measured twice were equal: measure again on a quieter machine",
				 twins.equal, twins.measured);
	return err;
}
