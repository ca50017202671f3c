// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <math.h>
#include <sched.h>
#include <string.h>
#include <unistd.h>

#include "race/delay.h"

/* ns between two checks whether the run is over */
#define LONGEST_SLEEP 5e6

static __thread struct {
	struct pf_race_note note;
	struct delayer *delayer;
	void (*hook)(void *arg, enum pf_window window, struct pf_page *page);
	void *arg;
} self;

double race_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1e9 + t.tv_nsec;
}

void race_sleep_until(double ns)
{
	struct timespec t = { ns / 1e9, fmod(ns, 1e9) };

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL) ==
	       EINTR)
		;
}

static bool run_is_over(const struct delayer *d)
{
	return __atomic_load_n(d->stop, __ATOMIC_RELAXED);
}

static void spin_for_delay(const struct delayer *d)
{
	double end = race_now() + d->request->ns;

	while (race_now() < end && !run_is_over(d))
		;
}

static void sleep_in_steps(const struct delayer *d)
{
	double end = race_now() + d->request->ns;

	while (race_now() < end && !run_is_over(d))
		race_sleep_until(fmin(end, race_now() + LONGEST_SLEEP));
}

static void spin_in_handler(int sig)
{
	int err = errno;

	if (self.delayer)
		spin_for_delay(self.delayer);
	errno = err;
}

static void ignore_timer(int sig)
{
}

void race_handlers_set(struct race_handlers *h)
{
	struct sigaction delay = { .sa_handler = spin_in_handler };
	struct sigaction timer = { .sa_handler = ignore_timer,
				   .sa_flags = SA_RESTART };

	sigaction(SIGUSR1, &delay, &h->old[0]);
	sigaction(SIGUSR2, &timer, &h->old[1]);
}

void race_handlers_restore(const struct race_handlers *h)
{
	sigaction(SIGUSR1, &h->old[0], NULL);
	sigaction(SIGUSR2, &h->old[1], NULL);
}

int race_start_timer(timer_t *timer, unsigned int hz)
{
	struct sigevent event = { .sigev_notify = SIGEV_THREAD_ID,
				  .sigev_signo = SIGUSR2 };
	struct itimerspec every = {
		.it_interval = { 0, 1000000000 / hz },
		.it_value = { 0, 1000000000 / hz } };

	event._sigev_un._tid = gettid();
	if (timer_create(CLOCK_MONOTONIC, &event, timer))
		return -errno;
	timer_settime(*timer, 0, &every, NULL);
	return 0;
}

static void *compete(void *arg)
{
	struct delayer *d = arg;

	for (;;) {
		while (sem_wait(&d->go))
			;
		if (__atomic_load_n(&d->end, __ATOMIC_ACQUIRE))
			return NULL;
		spin_for_delay(d);
	}
}

int delayer_open(struct delayer *d, int cpu, struct errmsg *msg)
{
	struct sched_param param = { .sched_priority = 1 };
	cpu_set_t set;
	pthread_attr_t attr;
	int err;

	if (d->request->kind != RACE_PREEMPT || !d->request->windows)
		return 0;
	sem_init(&d->go, 0, 0);
	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	pthread_attr_init(&attr);
	pthread_attr_setaffinity_np(&attr, sizeof(set), &set);
	pthread_attr_setinheritsched(&attr, PTHREAD_EXPLICIT_SCHED);
	pthread_attr_setschedpolicy(&attr, SCHED_FIFO);
	pthread_attr_setschedparam(&attr, &param);
	err = pthread_create(&d->competitor, &attr, compete, d);
	pthread_attr_destroy(&attr);
	if (err == EPERM)
		return errmsg_set(msg, -err,
			       "preempt: a thread of higher priority needs CAP_SYS_NICE: run as root");
	if (err)
		return errmsg_set(msg, -err, "thread: %s", strerror(err));
	d->competes = true;
	return 0;
}

void delayer_close(struct delayer *d)
{
	if (!d->competes)
		return;
	__atomic_store_n(&d->end, true, __ATOMIC_RELEASE);
	sem_post(&d->go);
	pthread_join(d->competitor, NULL);
	sem_destroy(&d->go);
	d->competes = false;
}

void delayer_attach(struct delayer *d)
{
	self.delayer = d;
}

void delayer_delay(struct delayer *d)
{
	double start = race_now();

	switch (d->request->kind) {
	case RACE_SPIN:
		spin_for_delay(d);
		break;
	case RACE_SLEEP:
		sleep_in_steps(d);
		break;
	case RACE_SIGNAL:
		pthread_kill(pthread_self(), SIGUSR1);
		break;
	case RACE_PREEMPT:
		/* the competitor has the higher priority: it spins first */
		sem_post(&d->go);
		break;
	default:
		break;
	}
	/* a delay that the end of the run cut short does not count */
	if (run_is_over(d))
		return;
	d->ns += race_now() - start;
	d->delays++;
	*d->delayed = true;
}

/* Called by race_lookups between the look-up and the flag. */
void race_found(struct pf_page *page)
{
	pf_race_note(&self.note, page);
}

/* Called by race_lookups_delayed in each window. */
void race_delay(int window, struct pf_page *page)
{
	if (window == PF_WINDOW_HEAD_FLAG)
		race_found(page);
	if (self.hook)
		self.hook(self.arg, window, page);
	else if (self.delayer && self.delayer->request->windows >> window & 1)
		delayer_delay(self.delayer);
	else
		return;
	if (window == PF_WINDOW_HEAD_FLAG)
		pf_race_note_touch(&self.note);
}

void race_set_delay(void (*delay)(void *arg, enum pf_window window,
				  struct pf_page *page), void *arg)
{
	self.hook = delay;
	self.arg = arg;
}

struct pf_race_note *race_own_note(void)
{
	return &self.note;
}
