/* SPDX-License-Identifier: GPL-2.0 */
/* Shared by threads.c, threads_run.c and threads_figures.c. */
#ifndef PFBENCH_MEASURE_THREADS_INTERNAL_H
#define PFBENCH_MEASURE_THREADS_INTERNAL_H

#include <pthread.h>

#include "measure/threads.h"
#include "measure/windows.h"

/* A thread runs its loop in chunks of about so long, between two stamps. */
#define CHUNK_NS 100000.0
#define WINDOW_NS 2000000.0
#define MAX_STAMPS 256
/* Windows of the loops that count failed compare-and-swaps, after all others. */
#define RETRY_WINDOWS 16

/**
 * struct crew_member - a point, its pages, and its figures by window
 * @population: by thread
 * @point: by thread: what it runs
 * @rate, @cost: by thread, then by window: operations per tick, units per
 *	operation
 * @total, @all, @fairness: by window
 * @retries: by window of RETRY_WINDOWS: failed compare-and-swaps per operation;
 *	NULL: the loop has none that the backend counts
 * @kept: no thread lost its CPU
 * @quiet: kept, and the cores of all threads were quiet; of two threads on one
 *	core never
 * @operations: of all threads so far
 */
struct crew_member {
	struct population **population;
	struct point *point;
	double *rate, *cost;
	double *total, *all, *fairness, *retries;
	bool *kept, *quiet;
	uint64_t operations;
	bool first_alone;	/* figures are of the first thread */
};

struct crew_thread {
	struct crew *crew;
	unsigned int number;
	struct cpu_choice cpu;
	pthread_t id;
	struct cycle_counter *cycles;
	struct contention contention;
	unsigned long *iterations;	/* of a chunk, by member */
	uint64_t retries;		/* so far */
	struct stamp stamp[MAX_STAMPS];
	size_t nr_stamps;
	double ticks_per_cycle;		/* in this window, without a counter */
	bool switched;			/* the thread lost its CPU */
	bool quiet;			/* its core was, before and after */
	int err;
};

/**
 * struct crew - the threads of a group
 * @windows: to take of each member, and room for that many
 * @done: windows so far
 * @retry_windows: the same, of RETRY_WINDOWS
 * @cycles: by counters of the threads
 */
struct crew {
	struct session *session;
	struct crew_thread *thread;
	unsigned int nr;
	struct crew_member *member;
	size_t nr_members;
	size_t windows, done, retry_windows;
	double chunk_ticks, window_ticks;
	bool oversubscribed, cycles;
	pthread_mutex_t gate;		/* open when all threads exist */
	pthread_barrier_t barrier;
	unsigned int arrived;		/* atomic */
	bool stop, interrupted;
	bool counted_out;		/* the count of a page is near its limit */
	int err;
};

/**
 * crew_run() - start the threads, take all windows, and join the threads
 * Return: 0; -EINTR; another negative errno with a line in @msg.
 */
int crew_run(struct crew *c, struct errmsg *msg);

/** crew_record() - the figures of a window, from the stamps of all threads */
void crew_record(struct crew *c, struct crew_member *m, size_t window);

/** crew_record_retries() - the failed compare-and-swaps of a window */
void crew_record_retries(struct crew *c, struct crew_member *m, size_t window);

/**
 * crew_conclude() - the figures of a member from all its windows
 * Return: 0; -ENOMEM.
 */
int crew_conclude(const struct crew *c, const struct crew_member *m,
		  struct sampled *out);

#endif
