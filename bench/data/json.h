/* SPDX-License-Identifier: GPL-2.0 */
/* JSON values that every writer of this project writes alike. */
#ifndef PFBENCH_DATA_JSON_H
#define PFBENCH_DATA_JSON_H

#include <jansson.h>
#include <math.h>

/**
 * json_finite() - a number, or null
 *
 * JSON has neither NaN nor infinity: both are null.
 *
 * Return: a new reference; NULL if there is no memory.
 */
static inline json_t *json_finite(double v)
{
	return isfinite(v) ? json_real(v) : json_null();
}

#endif
