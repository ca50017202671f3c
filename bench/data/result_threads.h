/* SPDX-License-Identifier: GPL-2.0 */
/* The threads of a point of a result file. */
#ifndef PFBENCH_DATA_RESULT_THREADS_H
#define PFBENCH_DATA_RESULT_THREADS_H

#include "data/result.h"

/**
 * struct result_threads - the threads of a point
 * @total: operations per second of all threads; of the reader alone, where
 *	the others write
 * @least: of the slowest thread, of the writers too
 * @most: of the fastest thread
 * @fairness: Jain's index; NaN where the others write
 * @retries: failed compare-and-swaps per operation; NaN: not counted
 */
struct result_threads {
	size_t nr;
	struct estimate total, least, most, fairness, retries;
	bool oversubscribed;
};

/**
 * result_threads() - the threads of a point
 * Return: false if the point has none.
 */
bool result_threads(const struct result_point *p, struct result_threads *t);

#endif
