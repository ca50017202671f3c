// SPDX-License-Identifier: GPL-2.0
/* The loops of the kernel module, over /dev/pfbench. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "measure/backend.h"
#include "uapi/pfbench.h"
#include "measure/working_set.h"

#define NOT_THERE UINT32_MAX

struct population {
	int fd;				/* an open file holds one */
	struct pfbench_populate as;
	unsigned int place;
	void *memory;			/* ours, that it has pinned */
	size_t bytes;
	struct point point;
	unsigned int users;
	struct population *next;
};

struct kmod {
	struct cache_sizes caches;
	struct pfbench_info info;
	/* the module's numbers of what our catalog names */
	uint32_t accessor[PF_NR_ACCESSORS];
	uint32_t generation[PF_NR_GENERATIONS];
	uint32_t loops[PF_NR_GENERATIONS][PF_NR_ACCESSORS];
	char native_is[PFBENCH_NAME_MAX];
	struct population *populations;
};

int backend_kmod_device(struct errmsg *msg)
{
	int fd = open(PFBENCH_DEVICE, O_RDWR | O_CLOEXEC), err = errno;

	if (fd >= 0)
		return fd;
	if (err == ENOENT)
		return errmsg_set(msg, -err,
			       "--backend=kmod: no %s: load the module (make run-kmod does all of it)",
			       PFBENCH_DEVICE);
	if (err == EACCES || err == EPERM)
		return errmsg_set(msg, -err,
			       "--backend=kmod: %s: only root may use it",
			       PFBENCH_DEVICE);
	return errmsg_set(msg, -err, "--backend=kmod: %s: %s", PFBENCH_DEVICE,
		       strerror(err));
}

/* The module's number of a name of ours, by asking for all of its names. */
static int map_names(struct kmod *k, int fd)
{
	uint32_t i;
	int a, g;

	for (a = 0; a < PF_NR_ACCESSORS; a++)
		k->accessor[a] = NOT_THERE;
	for (g = 0; g < PF_NR_GENERATIONS; g++)
		k->generation[g] = NOT_THERE;
	for (i = 0; i < k->info.nr_accessors || i < k->info.nr_generations;
	     i++) {
		struct pfbench_entry e = { .size = sizeof(e) };

		if (i < k->info.nr_accessors)
			e.accessor = i;
		if (i < k->info.nr_generations)
			e.generation = i;
		if (ioctl(fd, PFBENCH_ENTRY, &e))
			return -errno;
		for (a = 0; a < PF_NR_ACCESSORS && i < k->info.nr_accessors; a++)
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

static int ask_loops(struct kmod *k, int fd)
{
	for (int g = 0; g < PF_NR_GENERATIONS; g++) {
		for (int a = 0; a < PF_NR_ACCESSORS; a++) {
			struct pfbench_entry e = {
				.size = sizeof(e), .accessor = k->accessor[a],
				.generation = k->generation[g],
			};

			if (e.accessor == NOT_THERE || e.generation == NOT_THERE)
				continue;
			if (ioctl(fd, PFBENCH_ENTRY, &e))
				return -errno;
			k->loops[g][a] = e.loops;
		}
	}
	return 0;
}

static int ask(struct kmod *k, int fd, struct errmsg *msg)
{
	int ret = 0;

	k->info.size = sizeof(k->info);
	if (ioctl(fd, PFBENCH_INFO, &k->info))
		ret = -errno;
	if (ret == -EINVAL || ret == -E2BIG || ret == -ENOTTY)
		return errmsg_set(msg, ret,
			       "--backend=kmod: the module speaks another language than this pfbench: build both from one tree");
	if (!ret && k->info.abi != PFBENCH_ABI)
		return errmsg_set(msg, -EPROTO,
			       "--backend=kmod: the module's ABI is %u, this pfbench's %u: build both from one tree",
			       k->info.abi, PFBENCH_ABI);
	if (!ret && k->info.unroll != PF_UNROLL)
		return errmsg_set(msg, -EPROTO,
			       "--backend=kmod: the module's loops are unrolled %u times, not %d: build both from one tree",
			       k->info.unroll, PF_UNROLL);
	if (!ret)
		ret = map_names(k, fd);
	if (!ret)
		ret = ask_loops(k, fd);
	return ret ? errmsg_set(msg, ret, "--backend=kmod: %s: %s", PFBENCH_DEVICE,
			     strerror(-ret)) : 0;
}

static bool has(struct backend *b, const struct point *p, struct errmsg *msg)
{
	struct kmod *k = b->private;

	if (k->loops[p->generation][p->accessor] &
	    PFBENCH_LOOP(p->lowering, p->form))
		return true;
	if (p->generation == PF_GEN_native)
		errmsg_set(msg, -ENOENT, "this kernel has no such function, or none that can be called alone");
	else
		errmsg_set(msg, -ENOENT, "the module has no such loop");
	return false;
}

static void describe(struct backend *b, json_t *context)
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
	json_object_set_new(o, "native_is", json_string(k->native_is));
	json_object_set_new(o, "stretch_us", json_integer(k->info.stretch_us));
	json_object_set_new(o, "page_size", json_integer(k->info.page_size));
	json_object_set_new(o, "struct_page_size",
			    json_integer(k->info.struct_page_size));
	for (size_t i = 0; i < sizeof(facts) / sizeof(*facts); i++)
		json_object_set_new(o, facts[i].name,
				    json_boolean(k->info.facts & facts[i].fact));
	json_object_set_new(context, "kmod", o);
	/* of the loops that ran, not of ours */
	json_object_set_new(context, "compiler", json_string(k->info.compiler));
	json_object_set_new(context, "cflags",
			    json_string("as the kernel's build has them"));
}

/* A file's pages, in the page cache as long as it is mapped and pinned. */
static void *map_file(size_t bytes)
{
	const char *dir = getenv("TMPDIR");
	char path[256];
	void *memory;
	int fd;

	snprintf(path, sizeof(path), "%s/pfbench-XXXXXX",
		 dir && *dir ? dir : "/tmp");
	fd = mkstemp(path);
	if (fd < 0)
		return MAP_FAILED;
	unlink(path);
	memory = posix_fallocate(fd, 0, bytes) ? MAP_FAILED :
		mmap(NULL, bytes, PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_POPULATE, fd, 0);
	close(fd);
	return memory;
}

/* Memory of ours that is made of such pages; MAP_FAILED if there is none. */
static void *map_source(enum page_source source, size_t bytes)
{
	const int prot = PROT_READ | PROT_WRITE;
	int flags = MAP_PRIVATE | MAP_ANONYMOUS;
	void *memory;

	if (source == SOURCE_FILE)
		return map_file(bytes);
	if (source == SOURCE_HUGETLB || source == SOURCE_FAKE)
		flags |= MAP_HUGETLB;
	memory = mmap(NULL, bytes, prot, flags, -1, 0);
	if (memory == MAP_FAILED)
		return memory;
	if (source == SOURCE_ANON)
		madvise(memory, bytes, MADV_NOHUGEPAGE);
	else if (source == SOURCE_THP)
		madvise(memory, bytes, MADV_HUGEPAGE);
	memset(memory, 1, bytes);
	return memory;
}

/* The size of a huge page, of either kind; 2 MiB where it is not told. */
static size_t huge_bytes(enum page_source source)
{
	FILE *f;
	unsigned long kib = 0, bytes = 0;
	char line[128];

	if (source == SOURCE_THP) {
		f = fopen("/sys/kernel/mm/transparent_hugepage/hpage_pmd_size",
			  "r");
		if (f) {
			if (fscanf(f, "%lu", &bytes) != 1)
				bytes = 0;
			fclose(f);
		}
		return bytes ? bytes : 2 << 20;
	}
	f = fopen("/proc/meminfo", "r");
	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, "Hugepagesize: %lu kB", &kib) == 1)
			break;
	if (f)
		fclose(f);
	return kib ? kib << 10 : 2 << 20;
}

static int map_memory(struct population *new, unsigned long span,
		      struct errmsg *msg)
{
	enum page_source source = new->point.source;
	size_t page = sysconf(_SC_PAGESIZE), huge;
	uintptr_t start;

	new->bytes = span * page;
	if (source == SOURCE_THP || source == SOURCE_HUGETLB ||
	    source == SOURCE_FAKE) {
		huge = huge_bytes(source);
		new->bytes = (new->bytes + huge - 1) / huge * huge;
		/* room to begin at a multiple of it */
		if (source == SOURCE_THP)
			new->bytes += huge;
	}
	new->memory = map_source(source, new->bytes);
	if (new->memory == MAP_FAILED) {
		new->memory = NULL;
		return errmsg_set(msg, -ENOMEM, source == SOURCE_HUGETLB ||
			       source == SOURCE_FAKE ?
			       "no %zu MiB of huge pages: raise /proc/sys/vm/nr_hugepages" :
			       "no %zu MiB of memory for the pages",
			       (new->bytes + (1 << 20) - 1) >> 20);
	}
	start = (uintptr_t)new->memory;
	new->as.length = new->bytes;
	if (source == SOURCE_THP) {
		start = (start + huge - 1) / huge * huge;
		new->as.length -= huge;
	}
	new->as.source = PFBENCH_USER;
	new->as.address = start;
	new->as.nr_pages = 0;
	if (source == SOURCE_FAKE)
		new->as.flags |= PFBENCH_FAKE_HEADS;
	return 0;
}

static int say_populate(const struct population *new, int err, struct errmsg *msg)
{
	const struct point *p = &new->point;
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
			       "working set %s: the kernel has no memory for it, or the module's max_mb allows no more",
			       working_set_name(p->ws));
	return errmsg_set(msg, -err, "the module would not populate: %s",
		       strerror(err));
}

static void destroy(struct population *population)
{
	if (population->fd >= 0)
		close(population->fd);
	if (population->memory)
		munmap(population->memory, population->bytes);
	free(population);
}

static int populate(struct backend *b, const struct point *p,
		    struct population **population, struct errmsg *msg)
{
	struct kmod *k = b->private;
	struct population *new;
	unsigned long span;
	int ret;

	for (new = k->populations; new; new = new->next) {
		if (working_set_shared(&new->point, p)) {
			new->users++;
			*population = new;
			return 0;
		}
	}
	ret = working_set_span(&k->caches, p, b->exact, &span, msg);
	if (ret)
		return ret;
	new = calloc(1, sizeof(*new));
	if (!new)
		return errmsg_set(msg, -ENOMEM, "out of memory");
	new->point = *p;
	new->users = 1;
	new->as = (struct pfbench_populate){
		.size = sizeof(new->as), .which = p->population,
		.source = p->generation == PF_GEN_native ? PFBENCH_PAGES :
							   PFBENCH_MEMMAP,
		.generation = k->generation[p->generation],
		.order = p->order, .tails = p->tails, .places = 1,
		.flags = p->shuffled ? PFBENCH_SHUFFLED : 0,
		.seed = VISITS_SEED, .nr_pages = span,
		.max_visits = working_set_visits(p, span, b->exact),
	};
	if (new->as.source == PFBENCH_MEMMAP)
		new->as.places = working_set_places(p, b->exact);
	if (new->as.places > k->info.max_places)
		new->as.places = k->info.max_places;
	new->fd = backend_kmod_device(msg);
	ret = new->fd < 0 ? new->fd : 0;
	if (!ret && p->source != SOURCE_OWN)
		ret = map_memory(new, span, msg);
	if (!ret && ioctl(new->fd, PFBENCH_POPULATE, &new->as))
		ret = say_populate(new, errno, msg);
	if (ret) {
		destroy(new);
		return ret;
	}
	new->next = k->populations;
	k->populations = new;
	*population = new;
	return 0;
}

static void move(struct backend *b, struct population *population,
		 unsigned int nr)
{
	(void)b;
	population->place = nr % population->as.places;
}

static void release(struct backend *b, struct population *population)
{
	struct kmod *k = b->private;
	struct population **link = &k->populations;

	if (--population->users)
		return;
	while (*link != population)
		link = &(*link)->next;
	*link = population->next;
	destroy(population);
}

static unsigned long iterations(const struct population *population)
{
	return population->as.visits / PF_UNROLL;
}

static int64_t run(struct backend *b, struct population *population,
		   const struct point *p, unsigned long iterations)
{
	struct kmod *k = b->private;
	struct pfbench_run r = {
		.size = sizeof(r), .accessor = k->accessor[p->accessor],
		.generation = k->generation[p->generation],
		.lowering = p->lowering, .form = p->form,
		.place = population->place, .iterations = iterations,
	};

	if (ioctl(population->fd, PFBENCH_RUN, &r))
		return -errno;
	return r.ticks;
}

static void kmod_close(struct backend *b)
{
	free(b->private);
}

int backend_kmod_open(struct backend *b, struct topology *t,
		      const struct cpu_choice *cpu, struct errmsg *msg)
{
	struct kmod *k = calloc(1, sizeof(*k));
	int fd, ret;

	if (!k)
		return errmsg_set(msg, -ENOMEM, "out of memory");
	fd = backend_kmod_device(msg);
	ret = fd < 0 ? fd : ask(k, fd, msg);
	if (fd >= 0)
		close(fd);
	if (ret) {
		free(k);
		return ret;
	}
	topology_caches(t, cpu, &k->caches);
	*b = (struct backend){
		.name = "kmod", .private = k, .has = has, .describe = describe,
		.populate = populate, .release = release, .move = move,
		.iterations = iterations, .run = run, .close = kmod_close,
	};
	return 0;
}
