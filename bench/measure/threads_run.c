// SPDX-License-Identifier: GPL-2.0
/* The threads of a crew, from their start to their end. */
#include <errno.h>
#include <math.h>
#include <sched.h>
#include <string.h>
#include <sys/resource.h>

#include "machine/tsc.h"
#include "measure/threads_internal.h"

/* Half of what is between the count of a fresh page and the limit. */
#define MOST_COUNTED (1ULL << 28)
/* The other threads disturb the chains more than the sampler's rule allows. */
#define UNSTEADY 0.05

static long switches_now(void)
{
	struct rusage usage;

	getrusage(RUSAGE_THREAD, &usage);
	return usage.ru_nivcsw;
}

/*
 * Threads wake from a barrier some 50 us apart, so they meet again, spinning.
 * Without a CPU for each of them spinning would only waste time.
 */
static void meet(struct crew *c)
{
	unsigned int turn;

	if (c->oversubscribed)
		return;
	turn = __atomic_fetch_add(&c->arrived, 1, __ATOMIC_ACQ_REL) / c->nr;
	while (__atomic_load_n(&c->arrived, __ATOMIC_ACQUIRE) <
	       (turn + 1) * c->nr)
		;
}

/* In windows that count retries, a stamp has these in the place of cycles. */
static void take_stamp(struct crew_thread *t, uint64_t operations, bool retries)
{
	t->stamp[t->nr_stamps++] = (struct stamp){
		.ticks = clock_stop(), .operations = operations,
		.cycles = retries ? t->retries :
			t->cycles ? cycle_counter_read(t->cycles) : 0,
	};
}

/* Run chunks until the window is over. */
static void run_chunks(struct crew_thread *t, struct crew_member *m,
		       unsigned long *iterations, bool retries)
{
	struct crew *c = t->crew;
	struct backend *b = &c->session->backend;
	uint64_t operations = 0, took;

	take_stamp(t, 0, retries);
	do {
		const struct stamp *last = &t->stamp[t->nr_stamps - 1];
		int64_t ran = (retries ? b->retries : b->run)(b,
			m->population[t->number], &m->point[t->number],
			*iterations);

		if (ran < 0) {
			t->err = ran;
			return;
		}
		t->retries += retries ? ran : 0;
		operations += (uint64_t)*iterations * PF_UNROLL;
		take_stamp(t, operations, retries);
		took = t->stamp[t->nr_stamps - 1].ticks - last->ticks;
		if (took < c->chunk_ticks / 2)
			*iterations *= 2;
		else if (took > c->chunk_ticks * 2 && *iterations > 1)
			*iterations /= 2;
	} while (t->nr_stamps < MAX_STAMPS &&
		 t->stamp[t->nr_stamps - 1].ticks - t->stamp[0].ticks <
		 c->window_ticks);
}

/* A window, between two readings of the length of a cycle. */
static void take_window(struct crew_thread *t, size_t member, bool retries)
{
	long switches = switches_now();
	struct contention *q = &t->contention;
	struct contention_reading before;

	t->switched = false;
	contention_read(q);
	before = q->last;
	meet(t->crew);
	/* a thread with an error meets the others nevertheless */
	t->nr_stamps = 0;
	if (!t->err)
		run_chunks(t, &t->crew->member[member],
			   &t->iterations[member], retries);
	contention_read(q);
	t->quiet = contention_excess(q, &before) <= q->quiet &&
		contention_excess(q, &q->last) <= q->quiet;
	t->ticks_per_cycle = (before.after + q->last.before) / 2;
	/* an interrupt in a reading, or another clock rate */
	if (!t->cycles)
		t->switched = fabs(q->last.before - before.after) >
			UNSTEADY * before.after;
	t->switched |= switches_now() != switches;
}

/* The first thread alone, between two windows. */
static void count_window(struct crew *c, struct crew_member *m, size_t window)
{
	enum pf_kind kind = pf_accessors[m->point[c->nr - 1].accessor].kind;

	for (unsigned int i = 0; i < c->nr; i++) {
		const struct crew_thread *t = &c->thread[i];

		if (t->err)
			c->err = t->err;
		else
			m->operations += t->stamp[t->nr_stamps - 1].operations;
	}
	if (PF_MOVES_COUNT(kind) && m->operations > MOST_COUNTED)
		c->counted_out = true;
	if (*c->session->sampler.interrupted)
		c->interrupted = true;
	/* window 0 only warms up, and finds the length of a chunk */
	if (window > c->windows && !c->err)
		crew_record_retries(c, m, window - c->windows - 1);
	else if (window && !c->err)
		crew_record(c, m, window - 1);
	if (c->err || c->interrupted)
		c->stop = true;
}

static void *run_crew_thread(void *arg)
{
	struct crew_thread *t = arg;
	struct crew *c = t->crew;
	struct errmsg msg;

	pthread_mutex_lock(&c->gate);
	pthread_mutex_unlock(&c->gate);
	if (c->stop)
		return NULL;
	t->err = topology_bind(c->session->topology, &t->cpu, &msg);
	/* all threads or none: figures of one point have one unit */
	if (c->cycles) {
		t->cycles = cycle_counter_open(!strcmp(c->session->backend.name,
						       "kmod"), &msg);
		if (!t->cycles)
			t->err = -EBUSY;
	}
	for (size_t w = 0; w <= c->windows + RETRY_WINDOWS; w++) {
		bool retries = w > c->windows;

		for (size_t i = 0; i < c->nr_members; i++) {
			if (retries && !c->member[i].retries)
				continue;
			pthread_barrier_wait(&c->barrier);
			if (c->stop)
				goto out;
			if (c->counted_out && !retries)
				continue;
			take_window(t, i, retries);
			pthread_barrier_wait(&c->barrier);
			if (!t->number)
				count_window(c, &c->member[i], w);
		}
		if (!t->number && retries)
			c->retry_windows = w - c->windows;
		else if (!t->number && !c->counted_out)
			c->done = w;
	}
out:
	cycle_counter_close(t->cycles);
	return NULL;
}

int crew_run(struct crew *c, struct errmsg *msg)
{
	unsigned int started = 0;
	int err = 0;

	if (pthread_barrier_init(&c->barrier, NULL, c->nr))
		return errmsg_set(msg, -ENOMEM, "out of memory");
	/* nobody waits for a thread that could not be started */
	pthread_mutex_init(&c->gate, NULL);
	pthread_mutex_lock(&c->gate);
	while (started < c->nr && !err) {
		err = pthread_create(&c->thread[started].id, NULL,
				     run_crew_thread, &c->thread[started]);
		started += !err;
	}
	c->stop = err != 0;
	pthread_mutex_unlock(&c->gate);
	for (unsigned int i = 0; i < started; i++)
		pthread_join(c->thread[i].id, NULL);
	pthread_mutex_destroy(&c->gate);
	pthread_barrier_destroy(&c->barrier);
	if (err)
		return errmsg_set(msg, -err,
				  "threads: only %u of %u could be started: %s: use fewer, or raise the limits of processes and memory",
				  started, c->nr, strerror(err));
	if (c->err)
		return errmsg_set(msg, c->err, "threads: the loop could not run: %s",
				  strerror(-c->err));
	return c->interrupted ? -EINTR : 0;
}
