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

struct population {
	struct pf_page *map;
	struct pf_page **visit;		/* behind the map */
	size_t bytes;			/* of both */
	struct pf_walk walk;
	/* what it was made for, whose marks it has, and how many use it */
	struct point point;
	enum pf_generation marked;
	unsigned long nr_pages;
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

static void mark(struct population *population, enum pf_generation gen)
{
	pf_memmap_fill(population->map, population->nr_pages, gen,
		       population->point.population, population->point.order);
	population->marked = gen;
}

static int populate(struct backend *b, const struct point *p,
		    struct population **population, struct why *why)
{
	struct user *u = b->private;
	struct population *new;
	unsigned long span = 0, nr, visits, block = 2UL << p->order;
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
	nr = (span + block - 1) / block * block;
	visits = span;
	if (p->population == PF_MIXED && visits < MIXED_VISITS)
		visits = MIXED_VISITS;
	new->point = *p;
	new->users = 1;
	/*
	 * In one piece: where the addresses of pages and list happen to
	 * collide in a cache's way predictor, a process in ten would read
	 * half as much again.
	 */
	new->bytes = nr * sizeof(*new->map) + visits * sizeof(*new->visit);
	new->map = topology_alloc(u->topology, u->cpu, new->bytes,
				  sizeof(*new->map) << PF_MAX_ORDER);
	if (!new->map) {
		free(new);
		return why_set(why, -ENOMEM,
			       "working set %s: no memory for %lu struct pages",
			       working_set_name(p->ws), nr);
	}
	new->visit = (struct pf_page **)(new->map + nr);
	new->nr_pages = nr;
	mark(new, p->generation);
	visits = pf_memmap_visits(new->map, nr, p->population, p->order,
				  p->tails, p->shuffled, SEED, new->visit,
				  visits);
	new->walk.start = new->visit;
	new->walk.end = new->visit + visits;
	new->walk.at = new->visit;
	new->next = u->populations;
	u->populations = new;
	*population = new;
	return 0;
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
	topology_free(u->topology, population->map, population->bytes);
	free(population);
}

static unsigned long turns(const struct population *population)
{
	return (population->walk.end - population->walk.start) / PF_UNROLL;
}

static int64_t run(struct backend *b, struct population *population,
		   const struct point *p, unsigned long turns)
{
	pf_loop_fn loop = loops[p->generation][p->accessor][p->lowering]
			       [p->form];
	uint64_t start;

	(void)b;
	/* the empty loop looks at no page */
	if (population->marked != p->generation &&
	    p->accessor != PF_ACC_empty && population->point.ws != WS_MEMORY)
		mark(population, p->generation);
	start = clock_start();
	loop(&population->walk, turns);
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
		.populate = populate, .release = release, .turns = turns,
		.run = run, .close = user_close,
	};
	return 0;
}
