// SPDX-License-Identifier: GPL-2.0
/*
 * The race of a user's scheme of reference counts: threads that take and put a
 * page. One that finds the page free allocates it, and drops that reference
 * while the others take theirs. In a child: a wrong scheme may crash.
 */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <time.h>

#include "cmd/cmd.h"
#include "cmd/try.h"
#include "lib/text.h"
#include "race/delay.h"

/* more than the race may take, if a thread never ends */
#define MORE_SECONDS 20

/* Each allocation and each free adds 1 to @life: odd while allocated. */
struct ref_race {
	atomic_t word __attribute__((aligned(64)));
	unsigned long life __attribute__((aligned(64)));
	bool stop __attribute__((aligned(64)));
};

struct ref_worker {
	struct ref_race *race;
	pthread_t thread;
	int cpu;
	unsigned long takes, frees, found_free, freed_twice;
} __attribute__((aligned(64)));

static unsigned long life_of(struct ref_race *race)
{
	return __atomic_load_n(&race->life, __ATOMIC_SEQ_CST);
}

/* False if the page is not in the state of @life, or another one was first. */
static bool change_life(struct ref_race *race, unsigned long life)
{
	return __atomic_compare_exchange_n(&race->life, &life, life + 1, false,
					   __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}

static void put_page(struct ref_worker *w)
{
	unsigned long life;

	if (!pf_ref_put(PF_REF_try, &w->race->word))
		return;
	life = life_of(w->race);
	if (life & 1 && change_life(w->race, life))
		w->frees++;
	else
		w->freed_twice++;
}

/* Some loads more or less, so that threads meet at every instruction. */
static void hold(struct ref_worker *w, unsigned long times)
{
	for (times &= 15; times; times--)
		life_of(w->race);
}

static void take_and_put(struct ref_worker *w)
{
	unsigned long life = life_of(w->race);

	w->takes++;
	hold(w, w->takes);
	if (!(life & 1) || life_of(w->race) != life)
		w->found_free++;
	put_page(w);
}

static void allocate_and_put(struct ref_worker *w)
{
	unsigned long life = life_of(w->race);

	if (life & 1 || !change_life(w->race, life))
		return;
	pf_ref_unfreeze(PF_REF_try, &w->race->word, 1);
	hold(w, life >> 1);
	put_page(w);
}

static void *work(void *arg)
{
	struct ref_worker *w = arg;
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(w->cpu, &set);
	pthread_setaffinity_np(pthread_self(), sizeof(set), &set);
	while (!__atomic_load_n(&w->race->stop, __ATOMIC_RELAXED)) {
		if (pf_ref_try_get(PF_REF_try, &w->race->word))
			take_and_put(w);
		else
			allocate_and_put(w);
	}
	return NULL;
}

static void judge(const struct ref_race *race, const struct ref_worker *w,
		  struct try_found *found)
{
	unsigned long found_free = 0, freed_twice = 0;

	for (int i = 0; i < TRY_REF_THREADS; i++) {
		found->takes += w[i].takes;
		found->frees += w[i].frees;
		found_free += w[i].found_free;
		freed_twice += w[i].freed_twice;
	}
	if (found_free || freed_twice)
		errmsg_set(&found->wrong, -EINVAL,
			   "in a race of %lu takes and %lu frees, a reference did not keep the page %lu times, and a free page was freed %lu times",
			   found->takes, found->frees, found_free,
			   freed_twice);
	else if (race->life & 1)
		errmsg_set(&found->wrong, -EINVAL,
			   "in a race of %lu takes and %lu frees, a page without references was never freed",
			   found->takes, found->frees);
	else if (!found->takes || !found->frees)
		errmsg_set(&found->na, -EAGAIN,
			   "%lu takes and %lu frees: the threads did not meet",
			   found->takes, found->frees);
}

static void run_race(const struct try *t, struct try_found *found)
{
	static struct ref_race race;
	static struct ref_worker worker[TRY_REF_THREADS];
	double end = race_now() + t->race_seconds * 1e9;
	int nr = 0, err = 0;

	atomic_set(&race.word, pf_ref_frozen_word(PF_REF_try));
	for (; nr < TRY_REF_THREADS && !err; nr += !err) {
		worker[nr].race = &race;
		worker[nr].cpu = t->race_cpu[nr % t->nr_race_cpus];
		err = pthread_create(&worker[nr].thread, NULL, work,
				     &worker[nr]);
	}
	while (!err && !cmd_interrupted && race_now() < end)
		nanosleep(&(struct timespec){ 0, 5000000 }, NULL);
	__atomic_store_n(&race.stop, true, __ATOMIC_RELAXED);
	while (nr)
		pthread_join(worker[--nr].thread, NULL);
	if (err)
		errmsg_set(&found->na, -err, "thread: %s", strerror(err));
	else
		judge(&race, worker, found);
	found->done = true;
}

void try_ref_race(struct try *t)
{
	int lock[TRY_REF_THREADS];

	t->nr_race_cpus = try_take_cpus(t, TRY_REF_THREADS, t->race_cpu, lock);
	if (!t->nr_race_cpus)
		return;
	try_in_child(t, TRY_RACE, t->race_seconds + MORE_SECONDS, run_race);
	try_release_cpus(lock, TRY_REF_THREADS);
}

void try_ref_print_race(const struct try *t)
{
	if (t->takes)
		text_line(t->out, "race      %.2g takes, %.2g frees%s",
			  (double)t->takes, (double)t->frees,
			  *t->wrong.text ? "" : ": no violation");
}

void try_ref_claim_race(const struct try *t, FILE *f)
{
	if (!*t->wrong.text)
		text_line(f, "no race found in %.2g takes and %.2g frees",
			  (double)t->takes, (double)t->frees);
}
