/* SPDX-License-Identifier: GPL-2.0 */
/* Counts against code: is what was counted what the path through it has? */
#ifndef PFBENCH_CODE_CHECK_H
#define PFBENCH_CODE_CHECK_H

#include "code/code.h"
#include "data/result.h"

/*
 * code_check() - each count of @r against the path through its loop's listing,
 * net of the empty loop's; what differs is printed, a line each
 *
 * Left out are points that no one path tells of: mixed pages, the running
 * kernel's own, and fake heads, which only some pages can be by their place.
 * Return: how many differ, @checked and @left_out filled in; or a negative errno
 * with a line in @msg.
 */
long code_check(struct code *code, const struct result *r, size_t *checked,
		size_t *left_out, struct errmsg *msg);

#endif
