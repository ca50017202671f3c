/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The time in which all threads ran, and what each of them did in it: functions
 * of recorded stamps, without side effects.
 */
#ifndef PFBENCH_MEASURE_WINDOWS_H
#define PFBENCH_MEASURE_WINDOWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct stamp - the end of a chunk of the loop; the first one is the start
 * @ticks: of the clock that all CPUs share
 * @operations: so far
 * @cycles: of the thread, by the counter; 0 without one
 */
struct stamp {
	uint64_t ticks, operations, cycles;
};

/** struct stamps - @nr stamps of one thread, in rising order */
struct stamps {
	struct stamp *at;
	size_t nr;
};

/**
 * struct window - from the last thread's start to the first thread's end
 * @from, @to: ticks
 */
struct window {
	uint64_t from, to;
};

/**
 * window_common() - the window that all threads have in common
 * Return: false if there is none: a thread ended before another one began.
 */
bool window_common(const struct stamps *threads, size_t nr, struct window *w);

/** struct window_share - what one thread did in a window */
struct window_share {
	double operations, cycles;
};

/**
 * window_share() - operations and cycles of a thread in a window
 *
 * A chunk that the window cuts counts by the share of its time in the window.
 */
struct window_share window_share(const struct stamps *s,
				 const struct window *w);

/**
 * window_fairness() - Jain's index of fairness of @nr rates
 * Return: from 1 / @nr, one thread has all, to 1, all have the same; NaN if all
 * are zero.
 */
double window_fairness(const double *rate, size_t nr);

#endif
