/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Does another hardware thread use this core? The other thread, of this system
 * or of another tenant, takes issue slots: independent adds slow down by half
 * or more, a chain of dependent adds hardly at all. The ratio of both does not
 * depend on the clock rate.
 */
#ifndef PFBENCH_MEASURE_CONTENTION_H
#define PFBENCH_MEASURE_CONTENTION_H

#include <stdbool.h>

/**
 * struct contention - readings of the reference loops
 * @level: lowest ratio of an independent add to a chained add, as a median of
 *	five, in this run and in the file @path: the ratio of a core in sole use
 * @ratio: the last ratio
 * @cycle: ticks per chained add, the least of @cycles
 * @ratios: the last five ratios
 * @cycles: the last readings of the chain
 * @path: keeps @level for the next run; "": kept nowhere
 */
struct contention {
	double level;
	double ratio;
	double cycle;
	double ratios[5];
	unsigned int nr_ratios;
	double cycles[64];
	unsigned int nr_cycles;
	char path[512];
};

/* A reading is quiet up to this multiple of the level; it repeats to 0.4 %. */
#define QUIET_TOLERANCE 1.01

/**
 * contention_open() - start with the level that was kept for this kind of CPU
 * @cpu_id: from cpu_id(); names a file in $XDG_CACHE_HOME/pfbench, or
 *	~/.cache/pfbench. The file may be deleted at any time.
 */
void contention_open(struct contention *q, const char *cpu_id);

/** contention_close() - keep the level if it is lower than the kept level */
void contention_close(struct contention *q);

/**
 * contention_read() - run the reference loops, for about 15 us
 *
 * The independent adds run between two halves of the chain.
 *
 * Return: true if this thread had the core for itself.
 */
bool contention_read(struct contention *q);

/**
 * contention_cycle() - ticks per chained add: an estimate of a CPU cycle
 * Return: ticks; NaN before the first reading.
 */
double contention_cycle(const struct contention *q);

#endif
