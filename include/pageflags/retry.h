/* SPDX-License-Identifier: GPL-2.0 */
/* Loops that count the compare-and-swaps that failed. */
#ifndef PAGEFLAGS_RETRY_H
#define PAGEFLAGS_RETRY_H

#include "pageflags/loop.h"

/* As pf_loop_fn. Returns the compare-and-swaps that failed. */
typedef unsigned long (*pf_retry_fn)(struct pf_walk *walk,
				     unsigned long iterations);

/**
 * retry_loop() - the loop of an accessor and scheme
 * Return: NULL if the accessor has none. That of a scheme without a
 * compare-and-swap counts 0.
 */
pf_retry_fn retry_loop(enum pf_accessor acc, enum pf_generation gen);

#endif
