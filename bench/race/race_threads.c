// SPDX-License-Identifier: GPL-2.0
/* The race in user space: readers and writers as threads. */
#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

#include "race/delay.h"
#include "race/race.h"

/* A block in each 4096 bytes: its first page may be taken for a fake head. */
#define BLOCK_STRIDE (PF_PAGE_SIZE / sizeof(struct pf_page))
/* look-ups between two checks whether the run is over */
#define BATCH 256
/* the same for the main thread, in ns */
#define POLL_NS 5e6

struct race {
	const struct race_request *request;
	struct pf_race shared;
	struct pf_race_block *block;	/* one per writer */
	struct pf_page *map;
	struct pf_page decoy[PF_RACE_DECOYS];
	double start;
	struct race_parts parts;
	unsigned int nr_parts;
	unsigned long lookups, bad;	/* of all readers, to the last part */
	/* written by one thread, read by many */
	bool go __attribute__((aligned(64)));
	bool stop;
};

struct worker {
	struct race *race;
	pthread_t thread;
	unsigned int nr;
	int cpu;
	int err;
	struct pf_race_reader reader;
	bool plain;			/* no protocol, no flag, no delay */
	struct delayer delayer;
	unsigned long lookups, bad;	/* so far; the main thread reads them */
	unsigned long injected;
	double first;
} __attribute__((aligned(64)));

static __thread struct worker *own_worker;

static bool race_stopped(const struct race *race)
{
	return __atomic_load_n(&race->stop, __ATOMIC_RELAXED);
}

/* Falsify one answer in PF_RACE_INJECT_EVERY. */
static unsigned long inject_answer(const struct pf_race_block *b,
				   unsigned int i, unsigned long state,
				   unsigned long answer)
{
	struct worker *w = own_worker;
	unsigned long wrong;

	if (w->reader.counts.lookups % PF_RACE_INJECT_EVERY)
		return answer;
	wrong = pf_race_falsify(&w->race->shared, b, i, state,
				w->race->request->inject == RACE_INJECT_STALE);
	w->injected += wrong != 0;
	return wrong ? wrong : answer;
}

static int pin_to_cpu(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	return -pthread_setaffinity_np(pthread_self(), sizeof(set), &set);
}

static void wait_for_start(const struct race *race)
{
	while (!__atomic_load_n(&race->go, __ATOMIC_ACQUIRE))
		sched_yield();
}

static void *write_blocks(void *arg)
{
	struct worker *w = arg;
	struct race *race = w->race;
	uint64_t seed = 2 * w->nr + 1;

	w->err = pin_to_cpu(w->cpu);
	wait_for_start(race);
	while (!race_stopped(race))
		pf_race_write(&race->shared, &race->block[w->nr], &seed);
	return NULL;
}

static void look_up_batch(struct worker *w, unsigned int times, uint64_t *seed)
{
	struct race *race = w->race;
	struct pf_race_block *b =
		&race->block[pf_random_below(seed, race->request->writers)];
	unsigned int page = pf_race_some_page(seed);

	if (w->plain) {
		pf_race_look_on(b, page, &w->reader, times);
	} else {
		while (times--) {
			if (race->request->windows == 1U << PF_WINDOW_BEFORE)
				delayer_delay(&w->delayer);
			if (race_stopped(race))
				break;
			pf_race_look(&race->shared, b, page, &w->reader);
		}
	}
	if (isnan(w->first) && pf_race_bad(&w->reader.counts, w->reader.flag))
		w->first = (race_now() - race->start) / 1e9;
}

static void *read_heads(void *arg)
{
	struct worker *w = arg;
	struct race *race = w->race;
	/* delays take long: check after each one whether the run is over */
	unsigned int batch = race->request->windows ? 1 : BATCH;
	uint64_t seed = 2 * w->nr + 1;
	unsigned int hz = race->request->interrupts;
	bool ticks = false;
	timer_t timer;

	w->err = pin_to_cpu(w->cpu);
	/* the default slack makes each sleep 50 us longer */
	prctl(PR_SET_TIMERSLACK, 1);
	own_worker = w;
	delayer_attach(&w->delayer);
	w->reader.note = race_own_note();
	wait_for_start(race);
	if (hz && !w->err) {
		w->err = race_start_timer(&timer, hz);
		ticks = !w->err;
	}
	while (!race_stopped(race)) {
		look_up_batch(w, batch, &seed);
		__atomic_store_n(&w->lookups, w->reader.counts.lookups,
				 __ATOMIC_RELAXED);
		__atomic_store_n(&w->bad, pf_race_bad(&w->reader.counts,
						      w->reader.flag),
				 __ATOMIC_RELAXED);
	}
	if (ticks)
		timer_delete(timer);
	delayer_attach(NULL);
	return NULL;
}

static void prepare_reader(struct worker *w)
{
	const struct race_request *request = w->race->request;
	bool delayed = request->windows > 1U << PF_WINDOW_BEFORE;

	w->first = NAN;
	w->reader.look = race_look(request->gen, request->accessor, delayed);
	w->reader.only_delayed = delayed;
	w->reader.flag = pf_accessors[request->accessor].kind != PF_HEAD;
	w->reader.inject = request->inject ? inject_answer : NULL;
	w->plain = request->protocol == PF_RACE_NONE && !request->windows &&
		!request->inject && !w->reader.flag;
	w->delayer = (struct delayer){ .request = request,
				       .stop = &w->race->stop,
				       .delayed = &w->reader.delayed };
}

/* Start the thread of @w, which waits until all have started. */
static int start_worker(struct worker *w, bool reader, struct errmsg *msg)
{
	int err = 0;

	if (reader) {
		prepare_reader(w);
		err = delayer_open(&w->delayer, w->cpu, msg);
	}
	if (err)
		return err;
	err = pthread_create(&w->thread, NULL,
			     reader ? read_heads : write_blocks, w);
	if (!err)
		return 0;
	delayer_close(&w->delayer);
	return errmsg_set(msg, -err, "thread: %s", strerror(err));
}

/* Return: how many of the workers run. */
static unsigned int start_workers(struct race *race, struct worker *workers,
				  int *err, struct errmsg *msg)
{
	const struct race_request *request = race->request;
	unsigned int nr = request->readers + request->writers, i;

	for (i = 0; i < nr; i++) {
		struct worker *w = &workers[i];
		bool reader = i < request->readers;

		w->race = race;
		w->nr = reader ? i : i - request->readers;
		/* alternately: each reader has a writer on another CPU */
		w->cpu = request->cpu[(2 * w->nr + !reader) % request->nr_cpus];
		*err = start_worker(w, reader, msg);
		if (*err)
			break;
	}
	return i;
}

static unsigned long sum_lookups(const struct race *race,
				 const struct worker *readers)
{
	unsigned long lookups = 0;

	for (unsigned int i = 0; i < race->request->readers; i++)
		lookups += __atomic_load_n(&readers[i].lookups,
					   __ATOMIC_RELAXED);
	return lookups;
}

static void end_part(struct race *race, const struct worker *readers)
{
	unsigned long lookups = sum_lookups(race, readers), bad = 0;

	for (unsigned int i = 0; i < race->request->readers; i++)
		bad += __atomic_load_n(&readers[i].bad, __ATOMIC_RELAXED);
	race_add_part(&race->parts, lookups - race->lookups, bad - race->bad);
	race->lookups = lookups;
	race->bad = bad;
	race->nr_parts++;
}

static bool race_is_complete(struct race *race, const struct worker *readers)
{
	const struct race_request *request = race->request;
	double done = (race_now() - race->start) / request->seconds / 1e9;

	if (done >= 1)
		return true;
	if (done * RACE_PARTS >= race->nr_parts + 1)
		end_part(race, readers);
	return request->lookups &&
		sum_lookups(race, readers) >= request->lookups;
}

static int join_workers(struct worker *workers, unsigned int nr, int err,
			struct errmsg *msg)
{
	for (unsigned int i = 0; i < nr; i++) {
		struct worker *w = &workers[i];

		pthread_join(w->thread, NULL);
		delayer_close(&w->delayer);
		if (!err && w->err)
			err = errmsg_set(msg, w->err, "CPU %d: %s", w->cpu,
					 strerror(-w->err));
	}
	return err;
}

static int run_workers(struct race *race, struct worker *workers,
		       struct race_result *result,
		       const volatile sig_atomic_t *interrupted,
		       struct errmsg *msg)
{
	struct race_handlers handlers;
	unsigned int nr;
	int err = 0;

	race_handlers_set(&handlers);
	nr = start_workers(race, workers, &err, msg);
	race->start = race_now();
	__atomic_store_n(&race->go, true, __ATOMIC_RELEASE);
	while (!err && !race_is_complete(race, workers)) {
		if (*interrupted) {
			result->partial = true;
			break;
		}
		race_sleep_until(race_now() + POLL_NS);
	}
	__atomic_store_n(&race->stop, true, __ATOMIC_RELAXED);
	err = join_workers(workers, nr, err, msg);
	result->seconds = (race_now() - race->start) / 1e9;
	end_part(race, workers);
	result->dispersion = race_dispersion(&race->parts);
	race_handlers_restore(&handlers);
	return err;
}

static void add_reader(struct race_result *result, const struct worker *w)
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
	result->delays += w->delayer.delays;
	result->delay += w->delayer.ns;
	result->first = fmin(result->first, w->first);
}

static int set_up_blocks(struct race *race, struct errmsg *msg)
{
	const struct race_request *request = race->request;
	size_t stride = BLOCK_STRIDE * sizeof(struct pf_page);

	race->shared = (struct pf_race){ .gen = request->gen,
		.protocol = request->protocol, .decoy = race->decoy };
	race->block = aligned_alloc(64, request->writers *
				    sizeof(*race->block));
	race->map = aligned_alloc(sizeof(struct pf_page) << PF_MAX_ORDER,
				  (request->writers + 8) / 8 * 8 * stride);
	if (!race->block || !race->map)
		return errmsg_set(msg, -ENOMEM, "out of memory");
	memset(race->block, 0, request->writers * sizeof(*race->block));
	for (unsigned int i = 0; i < request->writers; i++)
		pf_race_init(&race->shared, &race->block[i],
			     race->map + i * BLOCK_STRIDE);
	return 0;
}

int race_run(const struct race_request *request, struct race_result *result,
	     const volatile sig_atomic_t *interrupted, struct errmsg *msg)
{
	unsigned int nr = request->readers + request->writers, i;
	struct race *race = aligned_alloc(64, sizeof(*race));
	struct worker *workers = aligned_alloc(64, nr * sizeof(*workers));
	int err = -ENOMEM;

	*result = (struct race_result){ .of = *request, .first = NAN,
					.dispersion = NAN };
	if (!race || !workers) {
		errmsg_set(msg, err, "out of memory");
		goto out;
	}
	memset(race, 0, sizeof(*race));
	memset(workers, 0, nr * sizeof(*workers));
	race->request = request;
	err = set_up_blocks(race, msg);
	if (!err)
		err = run_workers(race, workers, result, interrupted, msg);
	for (i = 0; i < request->readers; i++)
		add_reader(result, &workers[i]);
	for (i = 0; race->block && i < request->writers; i++) {
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
