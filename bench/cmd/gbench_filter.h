/* SPDX-License-Identifier: GPL-2.0 */
/* --benchmark_filter: a regular expression whose cost is bounded. */
#ifndef PFBENCH_CMD_GBENCH_FILTER_H
#define PFBENCH_CMD_GBENCH_FILTER_H

#include "lib/errmsg.h"

/**
 * gbench_filter_set() - compile the filter and find out what it costs
 * @filter: an extended regular expression that may match anywhere, negated by
 *	a leading minus; NULL, "" and "all" match everything
 *
 * A child process matches the names of all points first, with limits: a filter
 * that needs more than some seconds or 512 MiB is refused.
 *
 * Return: 0; -EINVAL with a line in @msg, without the filter.
 */
int gbench_filter_set(const char *filter, struct errmsg *msg);

/**
 * gbench_matches() - does the filter select this name?
 * Return: 1 or 0; -EINVAL if it cannot be matched.
 */
int gbench_matches(const char *name);

#endif
