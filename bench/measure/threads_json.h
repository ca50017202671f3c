/* SPDX-License-Identifier: GPL-2.0 */
/* The threads of a point in a result file. */
#ifndef PFBENCH_MEASURE_THREADS_JSON_H
#define PFBENCH_MEASURE_THREADS_JSON_H

#include <jansson.h>

#include "measure/threads.h"

/**
 * threaded_json() - the field "threaded" of an entry, see pfbench-results(5)
 * Return: a new reference; NULL if there is no memory.
 */
json_t *threaded_json(const struct point *p, const struct threaded *t);

#endif
