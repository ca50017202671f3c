/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Reference loops: how long is a cycle now, and does another hardware thread
 * use this core? A chain of dependent adds takes a fixed number of cycles.
 * No-operations want all slots of the front end: another thread of this system,
 * or of another tenant, slows them down more than the chain. The ratio of both
 * does not depend on the clock rate. A thread that waits for memory most of the
 * time leaves the slots alone, but evicts lines of the first-level cache: loads
 * of lines that were cached at the start of a reading then take longer.
 *
 * A core in sole use still has states, which last from a tenth of a millisecond
 * to a second: on Zen 3 a walk over a list of pages takes 2 or 6 % longer in some
 * of them, while chains, no-operations and loads take the same time. A core
 * changes its state when it was idle; no code was found that ends one.
 */
#ifndef PFBENCH_MEASURE_CONTENTION_H
#define PFBENCH_MEASURE_CONTENTION_H

#include <stdbool.h>
#include <stdint.h>

/**
 * struct contention_reading - one reading, in ticks per instruction
 * @before, @after: a chain of dependent adds
 * @nops: no-operations, between the two chains
 * @walk: look-ups of a list of pages, before the second chain; NaN: unknown
 * @loads: a chain of dependent loads, at the end; NaN: the clock is too coarse
 */
struct contention_reading {
	double before, nops, after, loads, walk;
};

/* Chains that differ by more than this share: the clock rate changed. */
#define CONTENTION_STEADY 0.012

/*
 * A reading is quiet within this share of the level: three times the standard
 * deviation of readings on a core in sole use, most of it the clock's step.
 */
#define CONTENTION_QUIET 0.0045
/* Loads longer than those that hit by this share: some were evicted. */
#define CONTENTION_EVICTED 0.25
/* Look-ups longer than in the fastest state by this share: another state. */
#define CONTENTION_STATE 0.008

/* Enough bins of a tenth of a per cent for ratios of 1/16 to 1. */
#define CONTENTION_BINS 2780

/**
 * struct contention_level - the lowest ratio around which readings concentrate
 * @level: NaN: not known
 * @bin, @in_bins: steady readings by ratio; old ones count less
 */
struct contention_level {
	double level;
	float bin[CONTENTION_BINS];
	float in_bins;
};

/**
 * struct contention - the readings so far
 * @nops: ratio of a no-operation to a chained add on a core in sole use
 * @loads: ratio of a load that hits to a chained add
 * @walk: ratio of a look-up in the fastest state to a chained add
 * @last: the last reading
 * @chain_sum, @nr_chains: ticks per chained add, of steady readings
 * @nr_read, @nr_quiet: all readings, and those that were quiet
 * @quiet: CONTENTION_QUIET, or more if the clock is too coarse for it
 * @length: multiple of the shortest loops, for a clock of large steps
 * @overhead, @quantum: ticks that reading the clock takes, and its step
 * @path: keeps the three levels for the next run; "": kept nowhere
 */
struct contention {
	struct contention_level nops, loads, walk;
	struct contention_reading last;
	double chain_sum;
	unsigned long nr_chains;
	unsigned long nr_read, nr_quiet;
	double quiet;
	unsigned int length;
	double overhead, quantum;
	char path[512];
};

/**
 * contention_open() - start with the level that was kept for this kind of CPU
 * @cpu_id: from cpu_id(); names a file in $XDG_CACHE_HOME/pfbench, or
 *	~/.cache/pfbench. The file may be deleted at any time.
 * @quantum: step of the clock in ticks
 */
void contention_open(struct contention *q, const char *cpu_id, double quantum);

/** contention_close() - keep the levels */
void contention_close(struct contention *q);

/** contention_read() - run the reference loops, 20 us, and learn from them */
void contention_read(struct contention *q);

/**
 * contention_learn() - the same for a reading from elsewhere
 *
 * The ratio of a core in sole use repeats to a few tenths of a per cent; that
 * of a shared core spreads over ten per cent and more. So the level is the
 * lowest ratio at which readings concentrate.
 */
void contention_learn(struct contention *q, const struct contention_reading *r);

/**
 * contention_excess() - how far a reading is from a core in sole use
 * Return: share of the level of nops, or of loads if they were evicted, quiet up
 * to @q->quiet; infinite if the clock rate changed within the reading, or the
 * level is not known.
 */
double contention_excess(const struct contention *q,
			 const struct contention_reading *r);

/**
 * contention_walk() - the time of a look-up, which depends on the core's state
 * Return: chained adds; NaN: not known.
 */
double contention_walk(const struct contention_reading *r);

/**
 * contention_state() - how far the core was from its fastest state
 * @walk: from contention_walk(); an earlier one may be judged anew by a level
 *	that was learned since
 * Return: share of the time of a look-up, within CONTENTION_STATE in the fastest
 * state; 0: not known.
 */
double contention_state(const struct contention *q, double walk);

/** contention_steady() - did the clock rate stay between two chains? */
bool contention_steady(double a, double b);

/**
 * contention_cycle() - ticks per chained add, mean over the run
 * Return: ticks; NaN before the first reading.
 */
double contention_cycle(const struct contention *q);

#endif
