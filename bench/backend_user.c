// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "backend.h"
#include "clock.h"

/*
 * A mixed population is visited at random over this many visits: more than
 * any branch predictor remembers. A Zen 4 learns 2^16 of them by heart (a
 * quarter of tails then costs no more than none), 2^18 it does not.
 */
#define MIXED_VISITS (1UL << 19)
#define SEED 20150805	/* of the mail that this is about */

/*
 * Where pages and list lie alone makes some per cent, by rules of the way
 * predictor that nobody publishes: rounds go through this many places, so that
 * the median is that of most.
 */
#define MAX_PLACES 16

struct place {
	struct pf_page *map;
	struct pf_walk walk;		/* its list lies behind the map */
	enum pf_generation marked;	/* whose marks the pages have */
};

struct population {
	void *memory;
	size_t bytes;
	unsigned long nr_pages;
	struct place place[MAX_PLACES], *now;
	unsigned int nr_places;
	/* what it was made for, and how many use it */
	struct point point;
	unsigned int users;
	struct population *next;
};

struct user {
	struct topology *topology;
	const struct cpu_choice *cpu;
	struct cache_sizes caches;
	struct population *populations;
};

static const pf_loop_table *const loops[PF_NR_GENERATIONS] = {
#define PF_G(id, ...) [PF_GEN_##id] = pf_loops_##id,
	PF_GENERATIONS(PF_G)
#undef PF_G
};

static void describe(struct backend *b, json_t *context)
{
	(void)b;
	json_object_set_new(context, "page_size_user",
			    json_integer(sysconf(_SC_PAGESIZE)));
}

/*
 * How many struct pages the working set spans. Half of a cache leaves room
 * for the list of visits and for the neighbours; memory is twice the last
 * cache in lines that are really touched.
 */
static int span_pages(struct user *u, const struct point *p,
		      unsigned long *span, struct why *why)
{
	size_t bytes = 0, available;

	switch (p->ws) {
	case WS_HOT:
		bytes = (u->caches.l1d ? u->caches.l1d : 32 << 10) / 2;
		break;
	case WS_L2:
		bytes = u->caches.l2 / 2;
		break;
	case WS_LLC:
		/* where the last cache is the second, there is no third */
		if (u->caches.llc > u->caches.l2)
			bytes = u->caches.llc / 2;
		break;
	default:
		bytes = 2 * (u->caches.llc ? u->caches.llc :
			     u->caches.l2 ? u->caches.l2 : 8 << 20);
		if (p->population == PF_HEADS)
			bytes <<= p->order;
		else if (p->population == PF_MIXED)
			bytes *= 2;
	}
	if (!bytes)
		return why_set(why, -ENOTSUP,
			       "working set %s: this machine tells of no such cache",
			       working_set_name(p->ws));
	available = (size_t)sysconf(_SC_AVPHYS_PAGES) * sysconf(_SC_PAGESIZE);
	if (p->ws != WS_HOT && bytes > available / 2)
		return why_set(why, -ENOMEM,
			       "working set %s: %zu MiB of struct pages do not fit in the %zu MiB that are free",
			       working_set_name(p->ws), bytes >> 20,
			       available >> 20);
	*span = bytes / sizeof(struct pf_page);
	return 0;
}

/*
 * Same visits: the accessor does not matter, and generations take turns on the
 * same pages, marked anew. So they have the same addresses, which alone can
 * make half a per cent (cache sets and ways). Only memory is too much to mark
 * again and again.
 */
static bool same_population(const struct point *a, const struct point *b)
{
	return (a->ws != WS_MEMORY || a->generation == b->generation) &&
		a->population == b->population && a->tails == b->tails &&
		a->ws == b->ws && a->shuffled == b->shuffled &&
		a->order == b->order;
}

static void mark(const struct population *population, struct place *place,
		 enum pf_generation gen)
{
	pf_memmap_fill(place->map, population->nr_pages, gen,
		       population->point.population, population->point.order);
	place->marked = gen;
}

static void make_place(struct population *population, struct place *place,
		       struct pf_page *map, unsigned long visits)
{
	const struct point *p = &population->point;
	struct pf_page **visit =
		(struct pf_page **)(map + population->nr_pages);

	place->map = map;
	mark(population, place, p->generation);
	visits = pf_memmap_visits(map, population->nr_pages, p->population,
				  p->order, p->tails, p->shuffled, SEED, visit,
				  visits);
	place->walk.start = visit;
	place->walk.end = visit + visits;
	place->walk.at = visit;
}

static int populate(struct backend *b, const struct point *p,
		    struct population **population, struct why *why)
{
	const size_t align = sizeof(struct pf_page) << PF_MAX_ORDER;
	struct user *u = b->private;
	struct population *new;
	unsigned long span = 0, visits, block = 2UL << p->order;
	size_t each;
	int ret;

	for (new = u->populations; new; new = new->next) {
		if (same_population(&new->point, p)) {
			new->users++;
			*population = new;
			return 0;
		}
	}
	ret = span_pages(u, p, &span, why);
	if (ret)
		return ret;
	new = calloc(1, sizeof(*new));
	if (!new)
		return why_set(why, -ENOMEM, "out of memory");

	/* whole compound pages; visits stay within the span */
	new->point = *p;
	new->users = 1;
	new->nr_pages = (span + block - 1) / block * block;
	visits = span;
	if (p->population == PF_MIXED && visits < MIXED_VISITS)
		visits = MIXED_VISITS;
	new->nr_places = p->ws == WS_HOT && p->population != PF_MIXED ?
		MAX_PLACES : 1;
	each = new->nr_pages * sizeof(struct pf_page) +
		visits * sizeof(struct pf_page *);
	each = (each + align - 1) / align * align;
	new->bytes = each * new->nr_places;
	new->memory = topology_alloc(u->topology, u->cpu, new->bytes, align);
	if (!new->memory) {
		ret = why_set(why, -ENOMEM,
			      "working set %s: no memory for %lu struct pages",
			      working_set_name(p->ws), new->nr_pages);
		free(new);
		return ret;
	}
	for (unsigned int i = 0; i < new->nr_places; i++)
		make_place(new, &new->place[i],
			   (void *)((char *)new->memory + i * each), visits);
	new->now = new->place;
	new->next = u->populations;
	u->populations = new;
	*population = new;
	return 0;
}

static void move(struct backend *b, struct population *population,
		 unsigned int nr)
{
	(void)b;
	population->now = &population->place[nr % population->nr_places];
}

static void release(struct backend *b, struct population *population)
{
	struct user *u = b->private;
	struct population **link = &u->populations;

	if (--population->users)
		return;
	while (*link != population)
		link = &(*link)->next;
	*link = population->next;
	topology_free(u->topology, population->memory, population->bytes);
	free(population);
}

static unsigned long turns(const struct population *population)
{
	const struct pf_walk *walk = &population->now->walk;

	return (walk->end - walk->start) / PF_UNROLL;
}

static int64_t run(struct backend *b, struct population *population,
		   const struct point *p, unsigned long turns)
{
	pf_loop_fn loop = loops[p->generation][p->accessor][p->lowering]
			       [p->form];
	struct place *place = population->now;
	uint64_t start;

	(void)b;
	/* the empty loop looks at no page */
	if (place->marked != p->generation && p->accessor != PF_ACC_empty &&
	    p->ws != WS_MEMORY)
		mark(population, place, p->generation);
	start = clock_start();
	loop(&place->walk, turns);
	return clock_stop() - start;
}

static void user_close(struct backend *b)
{
	free(b->private);
}

int backend_user_open(struct backend *b, struct topology *t,
		      const struct cpu_choice *cpu, struct why *why)
{
	struct user *u = calloc(1, sizeof(*u));

	if (!u)
		return why_set(why, -ENOMEM, "out of memory");
	u->topology = t;
	u->cpu = cpu;
	topology_caches(t, cpu, &u->caches);
	*b = (struct backend){
		.name = "user", .private = u, .describe = describe,
		.populate = populate, .release = release, .move = move,
		.turns = turns,
		.run = run, .close = user_close,
	};
	return 0;
}
