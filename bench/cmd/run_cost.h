/* SPDX-License-Identifier: GPL-2.0 */
/* The time that a run will take, and whether that is what the user wants. */
#ifndef PFBENCH_CMD_RUN_COST_H
#define PFBENCH_CMD_RUN_COST_H

#include <stdbool.h>

#include "data/point_filter.h"
#include "measure/session.h"

/**
 * run_confirm() - report a long run before it starts
 * @selection: the points to measure, group by group
 * @ask: the whole full set: ask on a terminal, unless @yes
 *
 * Return: EXIT_DONE to go on; EXIT_BAD after a line on stderr.
 */
int run_confirm(const struct point_filter *selection,
		const struct session_options *o, bool ask, bool yes);

#endif
