/* SPDX-License-Identifier: GPL-2.0 */
/* Is a result that can be read to be believed? */
#ifndef PFBENCH_DATA_RESULT_CHECK_H
#define PFBENCH_DATA_RESULT_CHECK_H

#include "data/result.h"

/**
 * struct result_twins - points that were measured twice, and equal ones
 */
struct result_twins {
	size_t measured, equal;
};

/** result_twins() - the twins of a run; false: the run recorded none */
bool result_twins(const struct result *r, struct result_twins *t);

/**
 * result_twins_hold() - are as many twins equal as the intervals promise?
 *
 * With 95 % intervals, 95 % of twins are equal. Fewer than chance allows with
 * a probability of 1 % mean that the intervals are too narrow.
 */
bool result_twins_hold(const struct result_twins *t);

/**
 * result_abi() - the ABI of the program, which a module must have as well
 * Return: 0: the file does not record it, as earlier ones and counts do not.
 */
int result_abi(const struct result *r);

/**
 * result_check() - check a result before it is believed
 *
 * The schema was checked by result_load(). This checks that the run was
 * finished, that the program and its module have one ABI and one commit, that
 * the clock is sane, and the gate of the twins. A counts file has neither
 * clock nor twins.
 *
 * Return: 0; -EINVAL with the fault in @msg, without the name of the file.
 */
int result_check(const struct result *r, struct errmsg *msg);

#endif
