/* SPDX-License-Identifier: GPL-2.0 */
/* Delays and timer interrupts between two loads of a reader. */
#ifndef PFBENCH_RACE_DELAY_H
#define PFBENCH_RACE_DELAY_H

#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>
#include <time.h>

#include "lib/errmsg.h"
#include "race/race.h"

/**
 * struct delayer - delays one reader; zeroed, then the first three set
 * @request: kind, length and windows of the delays
 * @stop: set when the run ends; ends a delay
 * @delayed: set after a delay; the caller clears it
 * @delays: delays that were not cut short
 * @ns: their total length
 * @competitor: the thread that preempts the reader, for RACE_PREEMPT
 */
struct delayer {
	const struct race_request *request;
	const bool *stop;
	bool *delayed;
	unsigned long delays;
	double ns;
	pthread_t competitor;
	bool competes, end;
	sem_t go;
};

/**
 * delayer_open() - start the competitor where the request needs one
 * @cpu: the reader's
 * Return: 0, or a negative errno with a line in @msg.
 */
int delayer_open(struct delayer *d, int cpu, struct errmsg *msg);
void delayer_close(struct delayer *d);

/** delayer_attach() - the look-ups of this thread are delayed by @d; or NULL */
void delayer_attach(struct delayer *d);

/** delayer_delay() - delay the attached thread now */
void delayer_delay(struct delayer *d);

/* The handlers that delays and timers need, between these two calls. */
struct race_handlers {
	struct sigaction old[2];
};
void race_handlers_set(struct race_handlers *h);
void race_handlers_restore(const struct race_handlers *h);

/**
 * race_start_timer() - interrupt the calling thread, wherever it is
 * @hz: times per second, at least 1
 * Return: 0 or a negative errno.
 */
int race_start_timer(timer_t *timer, unsigned int hz);

/** race_now() - CLOCK_MONOTONIC in ns */
double race_now(void);
/** race_sleep_until() - sleep, signals or not, until race_now() is @ns */
void race_sleep_until(double ns);

/** race_set_delay() - for tests: what the look-ups of this thread call */
void race_set_delay(void (*delay)(void *arg, enum pf_window window,
				  struct pf_page *page), void *arg);
/** race_own_note() - what the look-ups of this thread note about their flag */
struct pf_race_note *race_own_note(void);

#endif
