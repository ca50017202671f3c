// SPDX-License-Identifier: GPL-2.0
/* The loops in user space. */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "machine/cache_flush.h"
#include "machine/tsc.h"
#include "measure/backend.h"
#include "measure/loop_copies.h"
#include "measure/population.h"
#include "measure/replay.h"
#include "pageflags/retry.h"

struct place {
	struct pf_page *map;
	struct pf_walk walk;		/* its list is after the map */
	enum pf_generation marked;	/* generation of the marks */
};

struct population {
	struct shared_population shared;
	void *memory;
	size_t bytes;
	unsigned long nr_pages;
	struct place place[HOT_PLACES], *now;
	unsigned int nr_places;
	bool beside;			/* the memory is another one's */
};

struct user {
	struct topology *topology;
	const struct cpu_choice *cpu;
	struct cache_sizes caches;
	struct shared_population *populations;
};

static bool user_has(struct backend *b, const struct point *p,
		     struct errmsg *msg)
{
	(void)b;
#ifndef CACHE_FLUSH
	if (p->cold_tail) {
		errmsg_set(msg, -ENOENT,
			   "this CPU has no instruction for users that evicts a line of the caches");
		return false;
	}
#endif
	if (p->replay && !sequence_get(p->replay)->kind) {
		errmsg_set(msg, -ENOENT,
			   "the sequence '%s' was not read: name its file with --population",
			   sequence_get(p->replay)->name);
		return false;
	}
	if (p->generation != PF_GEN_native)
		return true;
	errmsg_set(msg, -ENOENT,
		   "the kernel's own accessors run in the kernel only (--backend=kmod)");
	return false;
}

static void user_describe(struct backend *b, json_t *context)
{
	(void)b;
	json_object_set_new(context, "page_size_user",
			    json_integer(sysconf(_SC_PAGESIZE)));
}

static void mark_place(const struct population *population,
		       struct place *place, enum pf_generation gen)
{
	const struct point *p = &population->shared.point;

	pf_memmap_fill(place->map, population->nr_pages, gen, p->population,
		       p->order);
	place->marked = gen;
}

static void make_place(struct population *population, struct place *place,
		       struct pf_page *map, unsigned long max)
{
	const struct point *p = &population->shared.point;
	struct pf_page **visit =
		(struct pf_page **)(map + population->nr_pages);
	unsigned long nr = p->one_page ? 1UL << p->order :
				     population->nr_pages, visits;

	place->map = map;
	mark_place(population, place, p->generation);
	visits = p->replay ?
		replay_visits(map, nr, p->order, sequence_get(p->replay),
			      visit) :
		pf_memmap_visits(map, nr, p->population, p->order, p->tails,
				  p->shuffled, VISITS_SEED, visit, max);
	if (population->nr_places > 1)
		visits = pf_memmap_repeat(visit, visits, max);
	place->walk.start = visit;
	place->walk.end = visit + visits;
	place->walk.at = visit;
}

/* Fill in a new population of @span struct pages, or free it. */
static int user_make(struct backend *b, const struct point *p,
		     const struct cpu_choice *at, struct population *new,
		     unsigned long span, struct errmsg *msg)
{
	const size_t align = sizeof(struct pf_page) << PF_MAX_ORDER;
	struct user *u = b->private;
	unsigned long visits, block = 2UL << p->order;
	size_t each;

	/* whole compound pages; visits stay within the span */
	new->nr_pages = (span + block - 1) / block * block;
	visits = working_set_visits(p, span, b->exact);
	new->nr_places = new->shared.own ? 1 : working_set_places(p, b->exact);
	each = new->nr_pages * sizeof(struct pf_page) +
		visits * sizeof(struct pf_page *);
	each = (each + align - 1) / align * align;
	new->bytes = each * new->nr_places;
	new->memory = topology_alloc(u->topology, at, new->bytes, align);
	if (!new->memory) {
		errmsg_set(msg, -ENOMEM,
			   "working set %s: no memory for %lu struct pages",
			   working_set_name(p->ws), new->nr_pages);
		free(new);
		return -ENOMEM;
	}
	for (unsigned int i = 0; i < new->nr_places; i++)
		make_place(new, &new->place[i],
			   (void *)((char *)new->memory + i * each), visits);
	new->now = new->place;
	population_add(&u->populations, new);
	return 0;
}

static int user_populate(struct backend *b, const struct point *p,
			 struct population **population, struct errmsg *msg)
{
	struct user *u = b->private;
	unsigned long span = 0;
	int ret;

	ret = population_get(u->populations, sizeof(**population), &u->caches,
			     p, b->exact, population, &span, msg);
	return ret > 0 ? user_make(b, p, u->cpu, *population, span, msg) : ret;
}

static int user_populate_own(struct backend *b, const struct point *p,
			     const struct cpu_choice *at,
			     struct population *beside,
			     struct population **population,
			     struct errmsg *msg)
{
	struct user *u = b->private;
	struct population *new;
	unsigned long span = 0;
	int ret;

	ret = population_new(sizeof(*new), &u->caches, p, b->exact, population,
			     &span, msg);
	if (ret)
		return ret;
	new = *population;
	new->shared.own = true;
	if (!beside)
		return user_make(b, p, at, new, span, msg);
	new->beside = true;
	new->nr_pages = beside->nr_pages;
	new->nr_places = 1;
	new->place[0] = beside->place[0];
	new->now = new->place;
	population_add(&u->populations, new);
	return 0;
}

static void user_move(struct backend *b, struct population *population,
		      unsigned int nr)
{
	(void)b;
	population->now = &population->place[nr % population->nr_places];
}

static void user_release(struct backend *b, struct population *population)
{
	struct user *u = b->private;

	if (!population_put(&u->populations, population))
		return;
	if (!population->beside)
		topology_free(u->topology, population->memory,
			      population->bytes);
	free(population);
}

static unsigned long user_iterations(const struct population *population)
{
	const struct pf_walk *walk = &population->now->walk;

	return (walk->end - walk->start) / PF_UNROLL;
}

/*
 * Flush page[1] of the next pages, then time their visits: iteration by
 * iteration. The heads stay cached. The empty loop takes the same way.
 */
static int64_t run_cold(const struct backend *b, struct pf_walk *walk,
			pf_loop_fn loop, unsigned long iterations)
{
	int64_t sum = 0;
#ifdef CACHE_FLUSH
	uint64_t start;

	for (unsigned long i = 0; i < iterations; i++) {
		for (int k = 0; k < PF_UNROLL; k++)
			CACHE_FLUSH(walk->at[k] + 1);
		CACHE_FLUSH_WAIT();
		if (b->cycles) {
			start = cycle_counter_read(b->cycles);
			loop(walk, 1);
			sum += cycle_counter_read(b->cycles) - start;
		} else {
			start = clock_start();
			loop(walk, 1);
			sum += clock_stop() - start;
		}
	}
#endif
	return sum;
}

static int64_t user_run(struct backend *b, struct population *population,
			const struct point *p, unsigned long iterations)
{
	struct place *place = population->now;
	unsigned int copy = (place - population->place) % LOOP_COPIES;
	pf_loop_fn loop = loop_copies[p->generation][copy][p->accessor]
				     [p->lowering][p->form];
	uint64_t start;

	/* the empty loop reads no page */
	if (place->marked != p->generation && p->accessor != PF_ACC_empty &&
	    p->ws != WS_MEMORY)
		mark_place(population, place, p->generation);
	if (p->cold_tail)
		return run_cold(b, &place->walk, loop, iterations);
	start = clock_start();
	loop(&place->walk, iterations);
	return clock_stop() - start;
}

static int64_t user_retries(struct backend *b, struct population *population,
			    const struct point *p, unsigned long iterations)
{
	pf_retry_fn loop = retry_loop(p->accessor, p->generation);

	(void)b;
	return loop ? (int64_t)loop(&population->now->walk, iterations) :
		      -ENOENT;
}

static void user_close(struct backend *b)
{
	free(b->private);
}

int backend_user_open(struct backend *b, struct topology *t,
		      const struct cpu_choice *cpu, struct errmsg *msg)
{
	struct user *u = calloc(1, sizeof(*u));

	if (!u)
		return errmsg_set(msg, -ENOMEM, "out of memory");
	u->topology = t;
	u->cpu = cpu;
	topology_caches(t, cpu, &u->caches);
	*b = (struct backend){
		.name = "user", .private = u, .has = user_has,
		.describe = user_describe, .populate = user_populate,
		.populate_own = user_populate_own,
		.release = user_release, .move = user_move,
		.iterations = user_iterations, .run = user_run,
		.retries = user_retries,
		.close = user_close,
	};
	return 0;
}
