// SPDX-License-Identifier: GPL-2.0
/* The loops of the kernel module, over /dev/pfbench. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "machine/kmod_device.h"
#include "measure/backend.h"
#include "measure/page_source.h"
#include "measure/population.h"
#include "uapi/pfbench.h"

#define NO_NUMBER UINT32_MAX

struct population {
	struct shared_population shared;
	int fd;			/* each open file has a population */
	struct pfbench_populate as;
	unsigned int place;
	struct source_memory memory;	/* pinned by the module */
	bool beside;			/* the file is another one's */
};

struct kmod {
	struct cache_sizes caches;
	struct pfbench_info info;
	/* the module's numbers for the names of our catalog */
	uint32_t accessor[PF_NR_ACCESSORS];
	uint32_t generation[PF_NR_GENERATIONS];
	uint32_t loops[PF_NR_GENERATIONS][PF_NR_ACCESSORS];
	char native_is[PFBENCH_NAME_MAX];
	pthread_mutex_t longest_lock;
	uint64_t longest_ns;		/* irq-off window of all runs */
	json_t *longest;		/* the same in the result; NULL: none */
	struct shared_population *populations;
};

/* Find the module's number for each name by reading all its entries. */
static int map_names(struct kmod *k, int fd)
{
	uint32_t i;
	int a, g;

	for (a = 0; a < PF_NR_ACCESSORS; a++)
		k->accessor[a] = NO_NUMBER;
	for (g = 0; g < PF_NR_GENERATIONS; g++)
		k->generation[g] = NO_NUMBER;
	for (i = 0; i < k->info.nr_accessors || i < k->info.nr_generations;
	     i++) {
		struct pfbench_entry e = { .size = sizeof(e) };

		if (i < k->info.nr_accessors)
			e.accessor = i;
		if (i < k->info.nr_generations)
			e.generation = i;
		if (ioctl(fd, PFBENCH_ENTRY, &e))
			return -errno;
		for (a = 0; a < PF_NR_ACCESSORS &&
		     i < k->info.nr_accessors; a++)
			if (!strcmp(e.accessor_name, pf_accessors[a].name))
				k->accessor[a] = i;
		for (g = 0; g < PF_NR_GENERATIONS &&
		     i < k->info.nr_generations; g++)
			if (!strcmp(e.generation_name, pf_generations[g].name))
				k->generation[g] = i;
		if (i == k->info.native_is)
			snprintf(k->native_is, sizeof(k->native_is), "%s",
				 e.generation_name);
	}
	return 0;
}

static int read_kmod_loops(struct kmod *k, int fd)
{
	for (int g = 0; g < PF_NR_GENERATIONS; g++) {
		for (int a = 0; a < PF_NR_ACCESSORS; a++) {
			struct pfbench_entry e = {
				.size = sizeof(e), .accessor = k->accessor[a],
				.generation = k->generation[g],
			};

			if (e.accessor == NO_NUMBER ||
			    e.generation == NO_NUMBER)
				continue;
			if (ioctl(fd, PFBENCH_ENTRY, &e))
				return -errno;
			k->loops[g][a] = e.loops;
		}
	}
	return 0;
}

static int read_info(struct kmod *k, int fd, struct errmsg *msg)
{
	int ret = 0;

	k->info.size = sizeof(k->info);
	if (ioctl(fd, PFBENCH_INFO, &k->info))
		ret = -errno;
	if (ret == -EINVAL || ret == -E2BIG || ret == -ENOTTY)
		return errmsg_set(msg, ret,
				  "--backend=kmod: the module does not know the ioctls of this pfbench: build both from one tree");
	if (!ret && k->info.abi != PFBENCH_ABI)
		return errmsg_set(msg, -EPROTO,
				  "--backend=kmod: the module's ABI is %u, this pfbench's %u: build both from one tree",
				  k->info.abi, PFBENCH_ABI);
	if (!ret && k->info.unroll != PF_UNROLL)
		return errmsg_set(msg, -EPROTO,
				  "--backend=kmod: the module's loops are unrolled %u times, not %d: build both from one tree",
				  k->info.unroll, PF_UNROLL);
	if (!ret && k->info.facts & PFBENCH_FACT_COARSE_CLOCK)
		return errmsg_set(msg, -ETIME,
				  "--backend=kmod: the kernel's clock is too coarse: select another in /sys/devices/system/clocksource/clocksource0/current_clocksource");
	if (!ret)
		ret = map_names(k, fd);
	if (!ret)
		ret = read_kmod_loops(k, fd);
	return ret ? errmsg_set(msg, ret, "--backend=kmod: %s: %s", PFBENCH_DEVICE,
				strerror(-ret)) : 0;
}

static bool kmod_has(struct backend *b, const struct point *p,
		     struct errmsg *msg)
{
	struct kmod *k = b->private;

	if (p->cold_tail) {
		errmsg_set(msg, -ENOENT,
			   "the module does not flush lines: use --backend=user");
		return false;
	}
	if (p->replay) {
		errmsg_set(msg, -ENOENT,
			   "the module does not replay sequences: use --backend=user");
		return false;
	}
	if (k->loops[p->generation][p->accessor] &
	    PFBENCH_LOOP(p->lowering, p->form))
		return true;
	if (p->generation == PF_GEN_native)
		errmsg_set(msg, -ENOENT, "this kernel has no such function, or none that can be called alone");
	else
		errmsg_set(msg, -ENOENT, "the module has no such loop");
	return false;
}

static void kmod_describe(struct backend *b, json_t *context)
{
	static const struct {
		const char *name;
		uint64_t fact;
	} facts[] = {
		{ "hvo", PFBENCH_FACT_HVO },
		{ "hvo_key", PFBENCH_FACT_HVO_KEY },
		{ "hvo_key_on", PFBENCH_FACT_HVO_KEY_ON },
		{ "debug_vm", PFBENCH_FACT_DEBUG_VM },
		{ "debug_vm_pgflags", PFBENCH_FACT_DEBUG_VM_PGFLAGS },
		{ "kasan", PFBENCH_FACT_KASAN },
		{ "kcsan", PFBENCH_FACT_KCSAN },
		{ "lockdep", PFBENCH_FACT_LOCKDEP },
		{ "thp", PFBENCH_FACT_THP },
		{ "hugetlb", PFBENCH_FACT_HUGETLB },
	};
	struct kmod *k = b->private;
	json_t *o = json_object();

	json_object_set_new(o, "version", json_string(k->info.version));
	json_object_set_new(o, "commit", json_string(k->info.commit));
	json_object_set_new(o, "compiler", json_string(k->info.compiler));
	json_object_set_new(o, "abi", json_integer(k->info.abi));
	json_object_set_new(o, "native_is", json_string(k->native_is));
	json_object_set_new(o, "stretch_us", json_integer(k->info.stretch_us));
	k->longest = json_integer(k->longest_ns);
	json_object_set(o, "longest_irq_off_ns", k->longest);
	json_object_set_new(o, "page_size", json_integer(k->info.page_size));
	json_object_set_new(o, "struct_page_size",
			    json_integer(k->info.struct_page_size));
	for (size_t i = 0; i < sizeof(facts) / sizeof(*facts); i++)
		json_object_set_new(o, facts[i].name,
				    json_boolean(k->info.facts &
					 facts[i].fact));
	json_object_set_new(context, "kmod", o);
	/* of the loops that ran, not of this program */
	json_object_set_new(context, "compiler", json_string(k->info.compiler));
	json_object_set_new(context, "cflags",
			    json_string("as the kernel's build has them"));
}

static int map_source(struct population *new, unsigned long span,
		      struct errmsg *msg)
{
	enum page_source source = new->shared.point.source;
	int ret = page_source_map(source, span * sysconf(_SC_PAGESIZE),
				  &new->memory, msg);

	new->as.source = PFBENCH_USER;
	new->as.address = new->memory.start;
	new->as.length = new->memory.length;
	new->as.nr_pages = 0;
	if (source == SOURCE_FAKE)
		new->as.flags |= PFBENCH_FAKE_HEADS;
	return ret;
}

static int populate_error(const struct point *p, int err, struct errmsg *msg)
{
	char pop[POPULATION_NAME_MAX];

	population_name(p, pop);
	if (err == ENODATA && p->source == SOURCE_FAKE)
		return errmsg_set(msg, -err,
				  "no fake heads: this kernel has none, or HVO is off (hugetlb_free_vmemmap=on)");
	if (err == ENODATA)
		return errmsg_set(msg, -err, "%s memory here has no %s pages%s",
				  source_name(p->source), pop,
				  p->source == SOURCE_THP ?
				  " (see /sys/kernel/mm/transparent_hugepage/enabled)" : "");
	if (err == ENOMEM)
		return errmsg_set(msg, -err,
				  "working set %s: the kernel has not enough memory, or the module's max_mb is too low",
				  working_set_name(p->ws));
	return errmsg_set(msg, -err, "the module could not populate the working set: %s",
			  strerror(err));
}

static void free_population(struct population *population)
{
	if (population->fd >= 0 && !population->beside)
		close(population->fd);
	page_source_unmap(&population->memory);
	free(population);
}

static struct pfbench_populate
populate_request(const struct kmod *k, const struct point *p,
		 unsigned long span, bool exact)
{
	struct pfbench_populate as = {
		.size = sizeof(as), .which = p->population,
		.source = p->generation == PF_GEN_native ? PFBENCH_PAGES :
							   PFBENCH_MEMMAP,
		.generation = k->generation[p->generation],
		.order = p->order, .tails = p->tails, .places = 1,
		.flags = (p->shuffled ? PFBENCH_SHUFFLED : 0) |
			(p->one_page ? PFBENCH_ONE_PAGE : 0),
		.seed = VISITS_SEED, .nr_pages = span,
		.max_visits = working_set_visits(p, span, exact),
	};

	/* as in user space; an exact count has no misprediction */
	if (working_set_places(p, exact) > 1)
		as.flags |= PFBENCH_REPEAT;
	if (as.source == PFBENCH_MEMMAP)
		as.places = working_set_places(p, exact);
	if (as.places > k->info.max_places)
		as.places = k->info.max_places;
	return as;
}

/* Fill in a new population of @span struct pages, or free it. */
static int kmod_make(struct backend *b, const struct point *p,
		     struct population *new, unsigned long span,
		     struct errmsg *msg)
{
	struct kmod *k = b->private;
	int ret;

	new->as = populate_request(k, p, span, b->exact);
	if (new->shared.own)
		new->as.places = 1;
	new->fd = kmod_device_open(msg);
	ret = new->fd < 0 ? new->fd : 0;
	if (!ret && p->source != SOURCE_OWN)
		ret = map_source(new, span, msg);
	if (!ret && ioctl(new->fd, PFBENCH_POPULATE, &new->as))
		ret = populate_error(p, errno, msg);
	if (ret)
		free_population(new);
	else
		population_add(&k->populations, new);
	return ret;
}

static int kmod_populate(struct backend *b, const struct point *p,
			 struct population **population, struct errmsg *msg)
{
	struct kmod *k = b->private;
	unsigned long span;
	int ret;

	ret = population_get(k->populations, sizeof(**population), &k->caches,
			     p, b->exact, population, &span, msg);
	return ret > 0 ? kmod_make(b, p, *population, span, msg) : ret;
}

static int kmod_populate_own(struct backend *b, const struct point *p,
			     const struct cpu_choice *at,
			     struct population *beside,
			     struct population **population,
			     struct errmsg *msg)
{
	struct kmod *k = b->private;
	struct population *new;
	unsigned long span;
	int ret;

	/* the kernel allocates on the node of the caller */
	(void)at;
	ret = population_new(sizeof(*new), &k->caches, p, b->exact, population,
			     &span, msg);
	if (ret)
		return ret;
	new = *population;
	new->shared.own = true;
	if (!beside)
		return kmod_make(b, p, new, span, msg);
	/* the module lets several threads run on one file */
	new->beside = true;
	new->fd = beside->fd;
	new->as = beside->as;
	population_add(&k->populations, new);
	return 0;
}

static void kmod_move(struct backend *b, struct population *population,
		      unsigned int nr)
{
	(void)b;
	population->place = nr % population->as.places;
}

static void kmod_release(struct backend *b, struct population *population)
{
	struct kmod *k = b->private;

	if (population_put(&k->populations, population))
		free_population(population);
}

static unsigned long kmod_iterations(const struct population *population)
{
	return population->as.visits / PF_UNROLL;
}

static int64_t kmod_run(struct backend *b, struct population *population,
			const struct point *p, unsigned long iterations)
{
	struct kmod *k = b->private;
	struct pfbench_run r = {
		.size = sizeof(r), .accessor = k->accessor[p->accessor],
		.generation = k->generation[p->generation],
		.lowering = p->lowering, .form = p->form,
		.place = population->place, .iterations = iterations,
	};

	/* each private thread has a file */
	if (p->threads > 1 && p->threading != THREADS_PRIVATE)
		r.threads = p->threads;
	if (r.threads && p->threading == THREADS_SHARED &&
	    PF_ONLY_READS(pf_accessors[p->accessor].kind))
		r.flags = PFBENCH_ONLY_READS;

	if (ioctl(population->fd, PFBENCH_RUN, &r))
		return -errno;
	/* several threads may run */
	pthread_mutex_lock(&k->longest_lock);
	if (r.longest_ns > k->longest_ns) {
		k->longest_ns = r.longest_ns;
		json_integer_set(k->longest, k->longest_ns);
	}
	pthread_mutex_unlock(&k->longest_lock);
	return r.ticks;
}

static void kmod_close(struct backend *b)
{
	struct kmod *k = b->private;

	json_decref(k->longest);
	pthread_mutex_destroy(&k->longest_lock);
	free(k);
}

int backend_kmod_open(struct backend *b, struct topology *t,
		      const struct cpu_choice *cpu, struct errmsg *msg)
{
	struct kmod *k = calloc(1, sizeof(*k));
	int fd, ret;

	if (!k)
		return errmsg_set(msg, -ENOMEM, "out of memory");
	pthread_mutex_init(&k->longest_lock, NULL);
	fd = kmod_device_open(msg);
	ret = fd < 0 ? fd : read_info(k, fd, msg);
	if (fd >= 0)
		close(fd);
	if (ret) {
		free(k);
		return ret;
	}
	topology_caches(t, cpu, &k->caches);
	*b = (struct backend){
		.name = "kmod", .private = k, .has = kmod_has,
		.describe = kmod_describe, .populate = kmod_populate,
		.populate_own = kmod_populate_own,
		.release = kmod_release, .move = kmod_move,
		.iterations = kmod_iterations, .run = kmod_run,
		.close = kmod_close,
	};
	return 0;
}
