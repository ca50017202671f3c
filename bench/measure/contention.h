/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Is the core ours? A neighbour on the other hardware thread of the core, our
 * own or another tenant's, takes issue slots: independent adds slow down by
 * half and more, while a chain of dependent ones hardly notices. So the adds
 * a cycle tell, whatever the clock rate.
 */
#ifndef PFBENCH_QUIET_H
#define PFBENCH_QUIET_H

#include <stdbool.h>

struct contention {
	double level;		/* best ratio of an add to a chain's add */
	double ratio;		/* the last one */
	double cycle;		/* ticks a chain's add: the best of late */
	double ratios[5];	/* the last few, for a minimum that holds */
	unsigned int nr_ratios;
	double cycles[64];
	unsigned int nr_cycles;
	char path[512];		/* where the level is kept; "" for nowhere */
};

/* A reading is quiet within this much of the level; it repeats to 0.4 %. */
#define QUIET_TOLERANCE 1.01

/*
 * contention_open() - get ready, with the level kept for this CPU model
 * @cpu_model: from the environment; names the file below
 *	$XDG_CACHE_HOME/pfbench (or ~/.cache/pfbench), which may vanish.
 */
void contention_open(struct contention *q, const char *cpu_model);

/* Keep the level for the next run, if it got better. */
void contention_close(struct contention *q);

/*
 * Read the reference loop, some 15 us: the adds between two halves of the
 * chain, so that the clock rate falls out of their ratio. True if the core
 * was ours.
 */
bool contention_read(struct contention *q);

/* The chain's add in ticks: the estimate of a cycle. NaN before a reading. */
double contention_cycle(const struct contention *q);

#endif
