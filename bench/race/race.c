// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "race/race.h"

/* A block in each 4096 bytes: its first page may be taken for a fake head. */
#define BLOCK_STRIDE (PF_PAGE_SIZE / sizeof(struct pf_page))
/* so many look-ups until a reader looks up */
#define BATCH 256
/* ns, until a sleeper looks whether the run is over */
#define LONGEST_SLEEP 5e6

struct race {
	const struct race_request *ask;
	struct pf_race shared;
	struct pf_race_block *block;	/* one a writer */
	struct pf_page *map;
	struct pf_page decoy[PF_RACE_DECOYS];
	double began;
	struct race_parts parts;
	unsigned int nr_parts;
	unsigned long lookups, bad;	/* of them all */
	/* written by one thread, read by many */
	bool go __attribute__((aligned(64)));
	bool stop;
};

/* What is between a reader and the thread that preempts it. */
struct competitor {
	const struct race *race;
	pthread_t thread;
	sem_t go;
	unsigned long ns, done;
	bool stop;
};

struct worker {
	struct race *race;
	pthread_t thread;
	unsigned int nr;
	int cpu;
	int err;
	struct pf_race_reader reader;
	bool plainly;			/* nothing held, no flag, no delay */
	struct competitor rival;
	unsigned long lookups, bad;	/* so far, for others to read */
	unsigned long injected, delays;
	double delayed;			/* ns, in all */
	double first;
} __attribute__((aligned(64)));

static __thread struct {
	struct pf_race_note note;
	struct worker *worker;
	void (*delay)(void *arg, enum pf_window window, struct pf_page *page);
	void *arg;
} self;

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1e9 + t.tv_nsec;
}

static bool stopped(const struct race *race)
{
	return __atomic_load_n(&race->stop, __ATOMIC_RELAXED);
}

/* Delays end with the run. */
static void spin(const struct race *race, double ns)
{
	double end = now() + ns;

	while (now() < end && !stopped(race))
		;
}

/* A handler knows no more than how long. */
static __thread volatile unsigned long signal_ns;

static void on_signal(int sig)
{
	int err = errno;

	spin(self.worker->race, signal_ns);
	errno = err;
}

static void on_timer(int sig)
{
}

/* A timer interrupts the calling thread, wherever it is. */
static int start_timer(timer_t *timer, unsigned int hz)
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

static void sleep_until(double ns)
{
	struct timespec t = { ns / 1e9, fmod(ns, 1e9) };

	/* to the end, whoever interrupts */
	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL) ==
	       EINTR)
		;
}

static void sleep_ns(const struct race *race, double ns)
{
	double end = now() + ns;

	while (now() < end && !stopped(race))
		sleep_until(fmin(end, now() + LONGEST_SLEEP));
}

static void *compete(void *arg)
{
	struct competitor *c = arg;

	for (;;) {
		while (sem_wait(&c->go))
			;
		if (__atomic_load_n(&c->stop, __ATOMIC_ACQUIRE))
			return NULL;
		spin(c->race, c->ns);
		__atomic_store_n(&c->done, c->done + 1, __ATOMIC_RELEASE);
	}
}

static void delay(struct worker *w)
{
	const struct race_request *ask = w->race->ask;
	double began = now();

	switch (ask->kind) {
	case RACE_SPIN:
		spin(w->race, ask->ns);
		break;
	case RACE_SLEEP:
		sleep_ns(w->race, ask->ns);
		break;
	case RACE_SIGNAL:
		signal_ns = ask->ns;
		pthread_kill(pthread_self(), SIGUSR1);
		break;
	case RACE_PREEMPT:
		/* it has the higher priority: it is done when this returns */
		sem_post(&w->rival.go);
		break;
	default:
		break;
	}
	/* cut short, it is none */
	if (stopped(w->race))
		return;
	w->delayed += now() - began;
	w->delays++;
	w->reader.held = true;
}

void race_found(struct pf_page *page)
{
	pf_race_note(&self.note, page);
}

void race_delay(int window, struct pf_page *page)
{
	if (window == PF_WINDOW_HEAD_FLAG)
		race_found(page);
	if (self.delay)
		self.delay(self.arg, window, page);
	else if (self.worker && self.worker->race->ask->windows >> window & 1)
		delay(self.worker);
	else
		return;
	if (window == PF_WINDOW_HEAD_FLAG)
		pf_race_note_touch(&self.note);
}

void race_set_delay(void (*delay)(void *arg, enum pf_window window,
				  struct pf_page *page), void *arg)
{
	self.delay = delay;
	self.arg = arg;
}

struct pf_race_note *race_own_note(void)
{
	return &self.note;
}

/* Falsify one answer in PF_RACE_INJECT_EVERY. */
static unsigned long inject(const struct pf_race_block *b, unsigned int i,
			   unsigned long state, unsigned long answer)
{
	struct worker *w = self.worker;
	unsigned long wrong;

	if (w->reader.counts.lookups % PF_RACE_INJECT_EVERY)
		return answer;
	wrong = pf_race_falsify(&w->race->shared, b, i, state,
				w->race->ask->inject == RACE_INJECT_STALE);
	w->injected += wrong != 0;
	return wrong ? wrong : answer;
}

static int pin(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	return -pthread_setaffinity_np(pthread_self(), sizeof(set), &set);
}

static void wait_for(const bool *flag)
{
	while (!__atomic_load_n(flag, __ATOMIC_ACQUIRE))
		sched_yield();
}

static void *write_blocks(void *arg)
{
	struct worker *w = arg;
	struct race *race = w->race;
	uint64_t seed = 2 * w->nr + 1;

	w->err = pin(w->cpu);
	wait_for(&race->go);
	while (!stopped(race))
		pf_race_turn(&race->shared, &race->block[w->nr], &seed);
	return NULL;
}

static void look_up_to(struct worker *w, unsigned int times, uint64_t *seed)
{
	struct race *race = w->race;
	struct pf_race_block *b =
		&race->block[pf_random_below(seed, race->ask->writers)];
	unsigned int page = pf_race_some_page(seed);

	if (w->plainly) {
		pf_race_look_on(b, page, &w->reader, times);
	} else {
		while (times--) {
			if (race->ask->windows == 1U << PF_WINDOW_BEFORE)
				delay(w);
			if (stopped(race))
				break;
			pf_race_look(&race->shared, b, page, &w->reader);
		}
	}
	if (isnan(w->first) && pf_race_bad(&w->reader.counts, w->reader.flag))
		w->first = (now() - race->began) / 1e9;
}

static void *read_heads(void *arg)
{
	struct worker *w = arg;
	struct race *race = w->race;
	/* a look-up that is held up is enough at a time */
	unsigned int batch = race->ask->windows ? 1 : BATCH;
	uint64_t seed = 2 * w->nr + 1;
	unsigned int hz = race->ask->interrupts;
	bool ticks = false;
	timer_t timer;

	w->err = pin(w->cpu);
	/* a sleep is to be as short as was said, not 50 us longer */
	prctl(PR_SET_TIMERSLACK, 1);
	self.worker = w;
	w->reader.note = &self.note;
	wait_for(&race->go);
	if (hz && !w->err) {
		w->err = start_timer(&timer, hz);
		ticks = !w->err;
	}
	while (!stopped(race)) {
		look_up_to(w, batch, &seed);
		__atomic_store_n(&w->lookups, w->reader.counts.lookups,
				 __ATOMIC_RELAXED);
		__atomic_store_n(&w->bad, pf_race_bad(&w->reader.counts,
						      w->reader.flag),
				 __ATOMIC_RELAXED);
	}
	if (ticks)
		timer_delete(timer);
	self.worker = NULL;
	return NULL;
}

static int start_rival(struct worker *w, struct errmsg *msg)
{
	struct sched_param param = { .sched_priority = 1 };
	cpu_set_t set;
	pthread_attr_t attr;
	int err;

	sem_init(&w->rival.go, 0, 0);
	w->rival.race = w->race;
	w->rival.ns = w->race->ask->ns;
	CPU_ZERO(&set);
	CPU_SET(w->cpu, &set);
	pthread_attr_init(&attr);
	pthread_attr_setaffinity_np(&attr, sizeof(set), &set);
	pthread_attr_setinheritsched(&attr, PTHREAD_EXPLICIT_SCHED);
	pthread_attr_setschedpolicy(&attr, SCHED_FIFO);
	pthread_attr_setschedparam(&attr, &param);
	err = pthread_create(&w->rival.thread, &attr, compete, &w->rival);
	pthread_attr_destroy(&attr);
	if (err == EPERM)
		return errmsg_set(msg, -err,
			       "preempt: a thread of higher priority needs CAP_SYS_NICE: run as root");
	if (err)
		return errmsg_set(msg, -err, "thread: %s", strerror(err));
	return 0;
}

static void stop_rival(struct competitor *c)
{
	__atomic_store_n(&c->stop, true, __ATOMIC_RELEASE);
	sem_post(&c->go);
	pthread_join(c->thread, NULL);
	sem_destroy(&c->go);
}

static void prepare_reader(struct worker *w)
{
	const struct race_request *ask = w->race->ask;
	bool delayed = ask->windows > 1U << PF_WINDOW_BEFORE;

	w->first = NAN;
	w->reader.look = (delayed ? race_lookups_delayed : race_lookups)
		[ask->accessor][ask->gen];
	w->reader.only_held = delayed;
	w->reader.flag = pf_accessors[ask->accessor].kind != PF_HEAD;
	w->reader.inject = ask->inject ? inject : NULL;
	w->plainly = ask->protocol == PF_RACE_NONE && !ask->windows &&
		!ask->inject && !w->reader.flag;
}

/* Start @w; it waits for the others. */
static int start(struct worker *w, bool reader, struct errmsg *msg)
{
	const struct race_request *ask = w->race->ask;
	bool rival = reader && ask->kind == RACE_PREEMPT &&
		ask->windows;
	int err = 0;

	if (reader)
		prepare_reader(w);
	if (rival)
		err = start_rival(w, msg);
	if (err)
		return err;
	err = pthread_create(&w->thread, NULL,
			     reader ? read_heads : write_blocks, w);
	if (!err)
		return 0;
	if (rival)
		stop_rival(&w->rival);
	return errmsg_set(msg, -err, "thread: %s", strerror(err));
}

static void end_part(struct race *race, const struct worker *readers)
{
	unsigned long lookups = 0, bad = 0;

	for (unsigned int i = 0; i < race->ask->readers; i++) {
		lookups += __atomic_load_n(&readers[i].lookups,
					   __ATOMIC_RELAXED);
		bad += __atomic_load_n(&readers[i].bad, __ATOMIC_RELAXED);
	}
	race_add_part(&race->parts, lookups - race->lookups, bad - race->bad);
	race->lookups = lookups;
	race->bad = bad;
	race->nr_parts++;
}

static bool all_done(struct race *race, const struct worker *readers)
{
	const struct race_request *ask = race->ask;
	double done = (now() - race->began) / ask->seconds / 1e9;
	unsigned long lookups = 0;

	if (done >= 1)
		return true;
	if (done * RACE_PARTS >= race->nr_parts + 1)
		end_part(race, readers);
	for (unsigned int i = 0; i < ask->readers; i++)
		lookups += __atomic_load_n(&readers[i].lookups,
					   __ATOMIC_RELAXED);
	return ask->lookups && lookups >= ask->lookups;
}

static void collect(struct race_result *result, const struct worker *w)
{
	const struct pf_race_counts *c = &w->reader.counts;

	result->counts.lookups += c->lookups;
	for (int v = 0; v < PF_RACE_NR_VERDICTS; v++)
		result->counts.verdict[v] += c->verdict[v];
	result->counts.wrong_flags += c->wrong_flags;
	result->counts.unknown_flags += c->unknown_flags;
	result->counts.moving += c->moving;
	result->counts.passed += c->passed;
	result->injected += w->injected;
	result->delays += w->delays;
	result->delay += w->delayed;
	result->first = fmin(result->first, w->first);
}

static int run_threads(struct race *race, struct worker *workers,
		       struct race_result *result,
		       const volatile sig_atomic_t *interrupted,
		       struct errmsg *msg)
{
	const struct race_request *ask = race->ask;
	unsigned int nr = ask->readers + ask->writers, i, started;
	struct sigaction sa = { .sa_handler = on_signal }, old[2];
	struct sigaction timer = { .sa_handler = on_timer,
				   .sa_flags = SA_RESTART };
	int err = 0;

	sigaction(SIGUSR1, &sa, &old[0]);
	sigaction(SIGUSR2, &timer, &old[1]);
	for (started = 0; started < nr && !err; started++) {
		struct worker *w = &workers[started];
		bool reader = started < ask->readers;

		w->race = race;
		w->nr = reader ? started : started - ask->readers;
		/* in turn, so that each reader has a writer elsewhere */
		w->cpu = ask->cpu[(2 * w->nr + !reader) % ask->nr_cpus];
		err = start(w, reader, msg);
	}
	started -= err != 0;
	race->began = now();
	__atomic_store_n(&race->go, true, __ATOMIC_RELEASE);
	while (!err && !all_done(race, workers)) {
		if (*interrupted) {
			result->partial = true;
			break;
		}
		sleep_until(now() + LONGEST_SLEEP);
	}
	__atomic_store_n(&race->stop, true, __ATOMIC_RELAXED);
	for (i = 0; i < started; i++) {
		pthread_join(workers[i].thread, NULL);
		if (i < ask->readers && workers[i].rival.thread)
			stop_rival(&workers[i].rival);
		if (!err && workers[i].err)
			err = errmsg_set(msg, workers[i].err, "CPU %d: %s",
				      workers[i].cpu,
				      strerror(-workers[i].err));
	}
	result->seconds = (now() - race->began) / 1e9;
	end_part(race, workers);
	result->dispersion = race_dispersion(&race->parts);
	sigaction(SIGUSR1, &old[0], NULL);
	sigaction(SIGUSR2, &old[1], NULL);
	return err;
}

static int set_up(struct race *race, struct errmsg *msg)
{
	const struct race_request *ask = race->ask;
	size_t stride = BLOCK_STRIDE * sizeof(struct pf_page);

	race->shared = (struct pf_race){ .gen = ask->gen,
		.protocol = ask->protocol, .decoy = race->decoy };
	race->block = aligned_alloc(64, ask->writers * sizeof(*race->block));
	race->map = aligned_alloc(sizeof(struct pf_page) << PF_MAX_ORDER,
				  (ask->writers + 8) / 8 * 8 * stride);
	if (!race->block || !race->map)
		return errmsg_set(msg, -ENOMEM, "out of memory");
	memset(race->block, 0, ask->writers * sizeof(*race->block));
	for (unsigned int i = 0; i < ask->writers; i++)
		pf_race_init(&race->shared, &race->block[i],
			     race->map + i * BLOCK_STRIDE);
	return 0;
}

int race_run(const struct race_request *ask, struct race_result *result,
	     const volatile sig_atomic_t *interrupted, struct errmsg *msg)
{
	unsigned int nr = ask->readers + ask->writers, i;
	struct race *race = aligned_alloc(64, sizeof(*race));
	struct worker *workers = aligned_alloc(64, nr * sizeof(*workers));
	int err = -ENOMEM;

	*result = (struct race_result){ .of = *ask, .first = NAN,
					.dispersion = NAN };
	if (!race || !workers) {
		errmsg_set(msg, err, "out of memory");
		goto out;
	}
	memset(race, 0, sizeof(*race));
	memset(workers, 0, nr * sizeof(*workers));
	race->ask = ask;
	err = set_up(race, msg);
	if (!err)
		err = run_threads(race, workers, result, interrupted, msg);
	for (i = 0; i < ask->readers; i++)
		collect(result, &workers[i]);
	for (i = 0; race->block && i < ask->writers; i++) {
		result->changes += race->block[i].changes;
		result->refused += race->block[i].refused;
	}
	result->delay = result->delays ? result->delay / result->delays : NAN;
	free(race->block);
	free(race->map);
out:
	free(race);
	free(workers);
	return err;
}

bool race_can(enum pf_generation gen, enum pf_accessor acc)
{
	return gen < PF_NR_REPLICAS && race_lookups[acc][gen] &&
		pf_race_can(acc, gen);
}

static void remember_gap(void *arg, enum pf_window window, struct pf_page *page)
{
	*(unsigned int *)arg |= 1U << window;
}

unsigned int race_windows(enum pf_generation gen, enum pf_accessor acc)
{
	static struct pf_page map[BLOCK_STRIDE * 2]
		__attribute__((aligned(4096)));
	unsigned int windows = 1U << PF_WINDOW_BEFORE;
	unsigned long state = 0;
	struct pf_race_page page = { .state = &state };

	self.note.page = &page;
	race_set_delay(remember_gap, &windows);
	pf_memmap_fill(map, BLOCK_STRIDE, gen, PF_MIXED, 1);
	for (int i = 0; i < 4; i++)
		race_lookups_delayed[acc][gen](&map[i]);
	race_set_delay(NULL, NULL);
	return windows;
}

const char *race_window_name(enum pf_window window)
{
	static const char *const names[PF_NR_WINDOWS] = {
		[PF_WINDOW_NONE] = "none", [PF_WINDOW_BEFORE] = "before",
		[PF_WINDOW_FLAG_HEAD] = "flag-head",
		[PF_WINDOW_HEAD_AGAIN] = "head-again",
		[PF_WINDOW_WORD_FLAG] = "word-flag",
		[PF_WINDOW_FLAG_NEXT] = "flag-next",
		[PF_WINDOW_HEAD_FLAG] = "head-flag",
	};

	return names[window];
}

const char *race_delay_name(enum race_delay_kind kind)
{
	static const char *const names[RACE_NR_DELAY_KINDS] = {
		[RACE_SPIN] = "spin", [RACE_SLEEP] = "sleep",
		[RACE_SIGNAL] = "signal", [RACE_PREEMPT] = "preempt",
		[RACE_IRQ] = "irq",
	};

	return names[kind];
}

const char *race_protocol_name(enum pf_race_protocol protocol)
{
	static const char *const names[PF_RACE_NR_PROTOCOLS] = {
		[PF_RACE_NONE] = "none", [PF_RACE_REF] = "ref",
		[PF_RACE_PTL] = "ptl", [PF_RACE_FROZEN] = "frozen",
	};

	return names[protocol];
}

void race_add_part(struct race_parts *parts, unsigned long lookups,
		   unsigned long bad)
{
	stats_scatter_add(&parts->bad, bad, lookups);
	stats_scatter_add(&parts->good, lookups - bad, lookups);
}

double race_dispersion(const struct race_parts *parts)
{
	return stats_dispersion(parts->bad.count <= parts->good.count ?
				&parts->bad : &parts->good);
}

const char *race_idle(const struct race_result *r)
{
	if (!r->counts.lookups)
		return "no look-up";
	/* CPUs are dealt to readers and writers in turn */
	if (r->of.nr_cpus == 1 || r->of.cpu[0] == r->of.cpu[1])
		return "one CPU: they took turns";
	if (r->changes < 1000 || r->changes < r->counts.lookups / 1000)
		return "writers starved";
	return NULL;
}

unsigned long race_found_bad(const struct race_result *r)
{
	return pf_race_bad(&r->counts,
			   pf_accessors[r->of.accessor].kind != PF_HEAD);
}

unsigned long race_decided(const struct race_result *r)
{
	bool flag = pf_accessors[r->of.accessor].kind != PF_HEAD;

	return r->counts.lookups - (flag ? r->counts.unknown_flags :
				    r->counts.verdict[PF_RACE_UNDECIDED]);
}
