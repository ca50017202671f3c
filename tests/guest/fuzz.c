// SPDX-License-Identifier: GPL-2.0
/*
 * Random and mutated ioctls on /dev/pfbench, from processes that share files
 * among their threads and are killed at any moment. Each answer that is certain
 * is checked; what the processes leave behind must be nothing.
 */
#include "guest.h"

#include <limits.h>
#include <linux/capability.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/prctl.h>

/* Limit of all populations during the test: more is refused quickly. */
#define MAX_MB "64"

#define NR_WORKERS 3
#define MAX_THREADS 32
#define NR_SHARED 3
#define FIRST_SHARED 100	/* numbers that open() does not return */
#define WARM_UP 20000
#define HUGE_ITERATIONS (1ULL << 40)

enum { INFO, ENTRY, POPULATE, RUN, RACE, TEARDOWN, UNKNOWN, NR_COMMANDS };
static const char *const command_names[] = {
	"INFO", "ENTRY", "POPULATE", "RUN", "RACE", "TEARDOWN", "unknown ones",
};
#define MAX_ERRNO 134

/* Shared by parent and workers. */
struct shared {
	atomic_long calls;
	atomic_long errors[NR_COMMANDS][MAX_ERRNO];
	atomic_long forks;
	atomic_int nr_wrong;
	char wrong[16][240];
};
static struct shared *shared;

static struct catalog catalog;
static uint32_t native, page_size;
static uint32_t compound_head, racers[3], nr_cpus;

static void __attribute__((format(printf, 1, 2))) wrong(const char *fmt, ...)
{
	int i = atomic_fetch_add(&shared->nr_wrong, 1);
	va_list ap;

	if (i >= (int)LEN(shared->wrong))
		return;
	va_start(ap, fmt);
	vsnprintf(shared->wrong[i], sizeof(shared->wrong[i]), fmt, ap);
	va_end(ap);
}

static int command_of(unsigned int cmd)
{
	/* the module ignores the size in a number */
	switch (cmd & ~IOCSIZE_MASK) {
	case PFBENCH_INFO & ~IOCSIZE_MASK:
		return INFO;
	case PFBENCH_ENTRY & ~IOCSIZE_MASK:
		return ENTRY;
	case PFBENCH_POPULATE & ~IOCSIZE_MASK:
		return POPULATE;
	case PFBENCH_RUN & ~IOCSIZE_MASK:
		return RUN;
	case PFBENCH_RACE & ~IOCSIZE_MASK:
		return RACE;
	case PFBENCH_TEARDOWN:
		return TEARDOWN;
	default:
		return UNKNOWN;
	}
}

/* Every call is made here, and counted. */
static int call(int fd, unsigned int cmd, void *arg)
{
	int err = ioctl_errno(fd, cmd, arg);

	if (err < 0 || err >= MAX_ERRNO) {
		wrong("%s returned %d", command_names[command_of(cmd)], -err);
		err = 0;
	}
	atomic_fetch_add_explicit(&shared->errors[command_of(cmd)][err], 1,
				  memory_order_relaxed);
	atomic_fetch_add_explicit(&shared->calls, 1, memory_order_relaxed);
	return err;
}

/*
 * The memory of a worker, for populations of PFBENCH_USER. It is mapped once,
 * before there are threads; nothing is mapped afterwards, so unmapped ranges
 * stay unmapped.
 */
enum region {
	TOUCHED, UNTOUCHED, NO_ACCESS, HOLE, FILE_PAGES, SHARED_PAGES,
	READ_ONLY, SCRATCH, NR_REGIONS
};
#define REGION_PAGES 32
#define FILE_LENGTH 16		/* of the pages of FILE_PAGES, so many exist */
#define HUGE_SIZE (2UL << 20)

struct worker {
	bool doomed;		/* is killed soon: may run without end */
	char *arena;
	char *huge;		/* NULL: no huge page */
};
static struct worker worker;

static char *region(enum region r)
{
	return worker.arena + (size_t)r * REGION_PAGES * page_size;
}

static void make_arena(bool with_huge)
{
	const size_t size = (size_t)NR_REGIONS * REGION_PAGES * page_size;
	const size_t one = (size_t)REGION_PAGES * page_size;
	int file = memfd_create("fuzz", MFD_CLOEXEC);

	worker.arena = mmap(NULL, size, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (worker.arena == MAP_FAILED || file < 0)
		_exit(2);
	madvise(worker.arena, size, MADV_NOHUGEPAGE);
	memset(region(TOUCHED), 1, one);
	memset(region(SCRATCH), 1, one);
	memset(region(READ_ONLY), 0, one);
	mprotect(region(READ_ONLY), one, PROT_READ);
	mprotect(region(NO_ACCESS), one, PROT_NONE);
	munmap(region(HOLE), one);
	if (ftruncate(file, (off_t)FILE_LENGTH * page_size) ||
	    mmap(region(FILE_PAGES), one, PROT_READ | PROT_WRITE,
		 MAP_SHARED | MAP_FIXED, file, 0) == MAP_FAILED ||
	    mmap(region(SHARED_PAGES), one, PROT_READ | PROT_WRITE,
		 MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED)
		_exit(2);
	close(file);
	if (!with_huge)
		return;
	worker.huge = mmap(NULL, 2 * HUGE_SIZE, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (worker.huge == MAP_FAILED)
		_exit(2);
	worker.huge += -(uintptr_t)worker.huge & (HUGE_SIZE - 1);
	madvise(worker.huge, HUGE_SIZE, MADV_HUGEPAGE);
	*worker.huge = 1;
}

struct thread {
	uint64_t rng;
	int own;		/* a file that no other thread uses */
	bool has;		/* a population, made by the request @as */
	struct pfbench_populate as;
	uint64_t *buf;		/* two pages, all zero between calls */
};

/*
 * True if the request is valid by uapi/pfbench.h, written independently. The
 * range of PFBENCH_USER may still be unmapped.
 */
static bool sane(const struct pfbench_populate *as)
{
	const struct pfbench_info *info = &catalog.info;

	if (as->source > PFBENCH_USER || as->which > PFBENCH_RUNS ||
	    as->flags & ~(PFBENCH_SHUFFLED | PFBENCH_FAKE_HEADS |
			  PFBENCH_REPEAT | PFBENCH_ONE_PAGE))
		return false;
	if (as->flags & PFBENCH_ONE_PAGE &&
	    (as->which == PFBENCH_MIXED || as->source == PFBENCH_USER))
		return false;
	if (as->which == PFBENCH_MIXED ? as->tails > 100 : as->tails)
		return false;
	if (as->max_visits < info->unroll || as->max_visits > UINT32_MAX)
		return false;
	if (as->source == PFBENCH_MEMMAP ?
	    as->generation >= info->nr_generations ||
	    as->generation == native || !as->places ||
	    as->places > info->max_places :
	    as->generation != native || as->places != 1)
		return false;
	if (as->flags & PFBENCH_FAKE_HEADS &&
	    (as->source != PFBENCH_USER || as->which != PFBENCH_TAILS))
		return false;
	if (as->source == PFBENCH_USER)
		return !as->nr_pages && !as->order &&
			as->which < PFBENCH_MIXED && as->length &&
			!(as->length % page_size) &&
			!(as->address % page_size) &&
			as->length / page_size <= UINT32_MAX &&
			as->address + as->length > as->address;
	if (as->which == PFBENCH_SMALL ? as->order :
	    !as->order || as->order > info->max_order)
		return false;
	return !as->address && !as->length && as->nr_pages &&
		as->nr_pages <= UINT32_MAX;
}

/* True if the kernel certainly cannot read pages of the range. */
static bool unreadable(const struct pfbench_populate *as)
{
	static const enum region bad[] = { NO_ACCESS, HOLE };
	char *file_end = region(FILE_PAGES) + (size_t)FILE_LENGTH * page_size;
	uint64_t from = as->address, to = from + as->length;

	for (size_t i = 0; i < LEN(bad); i++) {
		uint64_t start = (uintptr_t)region(bad[i]);

		if (from < start + REGION_PAGES * page_size && to > start)
			return true;
	}
	return from < (uintptr_t)region(FILE_PAGES + 1) &&
		to > (uintptr_t)file_end;
}

/* True if the pages certainly are readable and of order 0. */
static bool readable(const struct pfbench_populate *as)
{
	static const enum region good[] = {
		TOUCHED, UNTOUCHED, SHARED_PAGES, READ_ONLY
	};

	for (size_t i = 0; i < LEN(good); i++)
		if (as->address >= (uintptr_t)region(good[i]) &&
		    as->address + as->length <= (uintptr_t)region(good[i] + 1))
			return true;
	return false;
}

/* Check the result of PFBENCH_POPULATE on a file of this thread alone. */
static void check_populate(const struct pfbench_populate *as,
			   const struct pfbench_populate *got, int err)
{
	bool good;

	if (!sane(as)) {
		good = err == EINVAL;
	} else if (!err) {
		good = got->visits && !(got->visits % catalog.info.unroll) &&
			got->visits <= as->max_visits && got->bytes &&
			(!(as->flags & PFBENCH_REPEAT) ||
			 got->visits + catalog.info.unroll > as->max_visits) &&
			(as->source != PFBENCH_USER ||
			 (!unreadable(as) &&
			  (as->which == PFBENCH_SMALL || !readable(as))));
	} else if (err == ENOMEM) {
		/* other files may have taken the memory */
		good = true;
	} else if (as->source != PFBENCH_USER) {
		good = false;
	} else if (err == ENODATA) {
		good = !unreadable(as) &&
			!(readable(as) && as->which == PFBENCH_SMALL);
	} else {
		good = err == EFAULT && !readable(as);
	}
	if (!good)
		wrong("populate: source %u gen %u which %u order %u tails %u places %u flags %#x pages %#llx visits %#llx at %#llx+%#llx: %s (%llu visits)",
		      as->source, as->generation, as->which, as->order,
		      as->tails, as->places, as->flags,
		      (long long)as->nr_pages, (long long)as->max_visits,
		      (long long)as->address, (long long)as->length,
		      err ? strerrorname_np(err) : "0",
		      (long long)got->visits);
}

/* The same for PFBENCH_RUN; any valid reason for an error is accepted. */
static void check_run(const struct thread *t, const struct pfbench_run *run,
		      const struct pfbench_run *got, int err)
{
	const struct pfbench_populate *as = &t->as;
	bool loop = has_loop(&catalog, run->accessor, run->generation,
			     run->lowering, run->form);
	bool is_native = run->generation == native, good, may = false;
	bool tails = t->has && (as->which == PFBENCH_TAILS ||
				as->which >= PFBENCH_MIXED);
	bool must = false;

	if (!loop) {
		must = true;
		may |= err == ENOENT;
	}
	if (!t->has) {
		must = true;
		may |= err == ENXIO;
	}
	if (!run->iterations ||
	    (t->has && (run->place >= as->places ||
			(loop && is_native != (as->source != PFBENCH_MEMMAP))))) {
		must = true;
		may |= err == EINVAL;
	}
	if (run->threads > PFBENCH_MAX_THREADS ||
	    run->flags & ~PFBENCH_ONLY_READS ||
	    (run->flags && !run->threads)) {
		must = true;
		may |= err == EINVAL;
	} else if (run->flags) {
		/* by the kind of the accessor */
		may |= err == EINVAL;
	}
	if (loop && is_native && t->has && as->source != PFBENCH_MEMMAP) {
		const char *name = catalog_entry(&catalog, run->accessor,
						 native)->accessor_name;
		bool w = writes(&catalog, run->accessor);

		if (w && as->source == PFBENCH_USER) {
			must = true;
			may |= err == EPERM;
		}
		if (tails && !strncmp(name, "folio_", 6)) {
			must = true;
			may |= err == EOPNOTSUPP;
		} else if (tails && w) {
			/* by the policy of its flag */
			may |= err == EOPNOTSUPP;
		}
	}
	/*
	 * A signal ends a run after an irq-off window. A window has at least
	 * one iteration, and no more on a host that lets the guest wait.
	 */
	may |= err == EINTR && run->iterations > 1;
	/* a short run may end within a tick */
	good = err ? may : !must && (got->ticks || run->iterations < 64) &&
		got->longest_ns <= got->ns && got->irq_off_windows &&
		got->cpus && got->cpus <= got->irq_off_windows;
	if (!good)
		wrong("run: accessor %#x gen %#x lowering %#x form %#x place %#x iterations %#llx on source %d which %u: %s (ticks %llu ns %llu longest %llu windows %u cpus %u)",
		      run->accessor, run->generation, run->lowering, run->form,
		      run->place, (long long)run->iterations,
		      t->has ? (int)as->source : -1, as->which,
		      err ? strerrorname_np(err) : "0", (long long)got->ticks,
		      (long long)got->ns, (long long)got->longest_ns,
		      got->irq_off_windows, got->cpus);
}

static void check(int err, int wanted, int fd, const struct thread *t,
		  const char *what, const char *which)
{
	/* another thread may have closed a shared file */
	if (err != wanted && !(fd != t->own && err == EBADF))
		wrong("%s, %s: %s instead of %s", which, what,
		      err ? strerrorname_np(err) : "0",
		      wanted ? strerrorname_np(wanted) : "0");
}

/* Errors of a call on a file of unknown state. */
static void check_any(const char *which, int err, const int *may, size_t nr)
{
	for (size_t i = 0; i < nr; i++)
		if (err == may[i])
			return;
	wrong("%s, on a shared file: %s", which, strerrorname_np(err));
}

static int some_fd(struct thread *t)
{
	return one_in(&t->rng, 3) ?
		FIRST_SHARED + (int)below(&t->rng, NR_SHARED) : t->own;
}

/* Valid requests. */

static void want_info(struct pfbench_info *info)
{
	info->size = sizeof(*info);
}

static void want_entry(struct thread *t, struct pfbench_entry *entry)
{
	entry->size = sizeof(*entry);
	entry->accessor = below(&t->rng, catalog.info.nr_accessors);
	entry->generation = below(&t->rng, catalog.info.nr_generations);
}

static void want_user(struct thread *t, struct pfbench_populate *as)
{
	enum region r = below(&t->rng, NR_REGIONS);
	uint32_t first = below(&t->rng, REGION_PAGES);
	uint32_t nr = 1 + below(&t->rng, REGION_PAGES - first);
	char here;

	as->generation = native;
	as->which = below(&t->rng, PFBENCH_MIXED);
	if (!one_in(&t->rng, 3))
		as->which = PFBENCH_SMALL;
	if (as->which == PFBENCH_TAILS && one_in(&t->rng, 4))
		as->flags |= PFBENCH_FAKE_HEADS;
	if (one_in(&t->rng, 8))	/* into the next mapping */
		nr += below(&t->rng, REGION_PAGES);
	as->address = (uintptr_t)region(r) + first * page_size;
	as->length = nr * page_size;
	if (worker.huge && one_in(&t->rng, 12)) {
		as->which = below(&t->rng, PFBENCH_MIXED);
		as->address = (uintptr_t)worker.huge;
		as->length = HUGE_SIZE;
	}
	if (one_in(&t->rng, 16)) {	/* the stack */
		as->address = (uintptr_t)&here & ~(uint64_t)(page_size - 1);
		as->length = page_size;
	}
}

static void want_populate(struct thread *t, struct pfbench_populate *as)
{
	static const unsigned int sources[] = {
		PFBENCH_MEMMAP, PFBENCH_MEMMAP, PFBENCH_PAGES, PFBENCH_USER,
		PFBENCH_USER
	};

	as->size = sizeof(*as);
	as->source = sources[below(&t->rng, LEN(sources))];
	as->places = 1;
	as->flags = one_in(&t->rng, 4) ? PFBENCH_SHUFFLED : 0;
	if (one_in(&t->rng, 4))
		as->flags |= PFBENCH_REPEAT;
	as->seed = rnd(&t->rng);
	as->max_visits = catalog.info.unroll + below(&t->rng, 120);
	if (as->source == PFBENCH_USER) {
		want_user(t, as);
		return;
	}
	as->which = below(&t->rng, PFBENCH_RUNS + 1);
	if (as->which != PFBENCH_SMALL)
		as->order = 1 + below(&t->rng, one_in(&t->rng, 128) ?
				      catalog.info.max_order : 3);
	if (as->which == PFBENCH_MIXED)
		as->tails = below(&t->rng, 101);
	else if (one_in(&t->rng, 8))
		as->flags |= PFBENCH_ONE_PAGE;
	if (as->source == PFBENCH_PAGES) {
		as->generation = native;
		as->nr_pages = 1 + below(&t->rng, 8);
	} else {
		do {
			as->generation = below(&t->rng,
					       catalog.info.nr_generations);
		} while (as->generation == native);
		as->nr_pages = 1 + below(&t->rng, 48);
		if (one_in(&t->rng, 16))
			as->places += below(&t->rng, catalog.info.max_places);
	}
}

/* An existing loop that suits the file's population, if that is known. */
static void want_run(struct thread *t, struct pfbench_run *run)
{
	run->size = sizeof(*run);
	run->iterations = 1 + below(&t->rng, 64);
	if (one_in(&t->rng, 64))
		run->iterations += below(&t->rng, 2048);
	run->place = t->has ? below(&t->rng, t->as.places) : 0;
	for (int i = 0; i < 64; i++) {
		run->accessor = below(&t->rng, catalog.info.nr_accessors);
		if (t->has && t->as.source != PFBENCH_MEMMAP) {
			run->generation = native;
		} else {
			run->generation = below(&t->rng,
						catalog.info.nr_generations);
			run->lowering = below(&t->rng, 3);
		}
		run->form = below(&t->rng, 3);
		if (has_loop(&catalog, run->accessor, run->generation,
			     run->lowering, run->form))
			break;
	}
	/* beside other threads of a shared file */
	if (one_in(&t->rng, 4))
		run->threads = 1 + below(&t->rng, 3);
	if (worker.doomed && one_in(&t->rng, 512))
		run->iterations = HUGE_ITERATIONS +
			rnd(&t->rng) % HUGE_ITERATIONS;
}

/* A generation and an accessor that can race. */
static void want_race(struct thread *t, struct pfbench_race *as)
{
	as->size = sizeof(*as);
	as->accessor = compound_head;
	as->generation = racers[below(&t->rng, LEN(racers))];
	as->protocol = below(&t->rng, PFBENCH_RACE_FROZEN + 1);
	if (one_in(&t->rng, 2)) {
		as->windows = 2U << below(&t->rng, 6);
		as->delay = below(&t->rng, PFBENCH_DELAY_PREEMPT + 1);
		as->delay_ns = 1 + below(&t->rng, 100000);
	}
	as->reader_cpu = below(&t->rng, nr_cpus);
	as->writer_cpu = below(&t->rng, nr_cpus);
	as->inject = below(&t->rng, PFBENCH_INJECT_GARBAGE + 1);
	as->timer_hz = one_in(&t->rng, 2) ? below(&t->rng, 10000) : 0;
	as->most_ns = 1 + below(&t->rng, 300000);
	as->most_lookups = below(&t->rng, 1000);
	as->seed = rnd(&t->rng);
}

/* Only where the run will be ended. */
static void mind_turns(struct thread *t, struct pfbench_run *run)
{
	if (run->iterations > 1 << 14 && !worker.doomed)
		run->iterations = 1 + below(&t->rng, 64);
}

/* Long requests are rare; invalid ones may be of any size. */
static void mind_size(struct thread *t, struct pfbench_populate *as)
{
	uint64_t cost;

	if (!sane(as) || as->source == PFBENCH_USER)
		return;
	cost = (as->nr_pages * (as->source == PFBENCH_PAGES ? 16 : 1) +
		as->max_visits) * as->places;
	if (cost > 1 << 14 && cost < 16 << 20 && !one_in(&t->rng, 500))
		as->nr_pages = as->max_visits = 32;
}

static void mutate(struct thread *t, void *data, size_t size)
{
	static const uint64_t edges[] = {
		0, 1, 2, 3, 4, 7, 8, 9, 10, 15, 16, 17, 40, 63, 64, 65, 99,
		100, 101, 255, 256, 4095, 4096, 4097, 0x7fffffff, 0x80000000,
		0xffffff00, 0xffffffff, 0x100000000, 0x7fffffffffffffff,
		0x8000000000000000, 0xffff888000000000, 0xfffffffffffff000,
		~0ULL,
	};
	unsigned int times = 1 + below(&t->rng, 3);
	unsigned char *bytes = data;

	while (times--) {
		size_t at = below(&t->rng, size / 4) * 4;
		size_t width = at % 8 || one_in(&t->rng, 2) ? 4 : 8;
		uint64_t value;

		switch (below(&t->rng, 4)) {
		case 0:
			bytes[below(&t->rng, size)] ^= 1 << below(&t->rng, 8);
			continue;
		case 1:
			value = rnd(&t->rng);
			break;
		case 2:
			value = below(&t->rng, 80);
			break;
		default:
			value = edges[below(&t->rng, LEN(edges))];
		}
		if (width > size - at)
			width = 4;
		memcpy(bytes + at, &value, width);
	}
}

/* Expected error of a size, in a buffer with zeros after the struct. */
static int answer_to_size(uint32_t size, size_t known)
{
	return size < known ? EINVAL : size > page_size ? E2BIG : 0;
}

/* The size of the first version of a struct. */
static size_t first_size(int command, size_t size)
{
	return command == RUN ? offsetof(struct pfbench_run, threads) : size;
}

static void *buffer(struct thread *t)
{
	memset(t->buf, 0, 2 * page_size);
	return t->buf;
}

/*
 * Make the call in the thread's buffer, on its own file or a shared one, and
 * check the result.
 */
static void do_info(struct thread *t, int fd)
{
	struct pfbench_info *info = (void *)t->buf, asked = *info;
	int err = call(fd, PFBENCH_INFO, info), wanted;

	wanted = answer_to_size(asked.size, sizeof(asked));
	if (!wanted) {
		const unsigned char *rest = (unsigned char *)&asked;

		for (size_t i = sizeof(asked.size); i < sizeof(asked); i++)
			if (rest[i])
				wanted = EINVAL;
	}
	check(err, wanted, fd, t, "mutated or not", "info");
	if (!err && (info->abi != PFBENCH_ABI ||
		     info->nr_accessors != catalog.info.nr_accessors ||
		     info->page_size != page_size ||
		     strcmp(info->version, catalog.info.version)))
		wrong("info: another answer than before");
}

static void do_entry(struct thread *t, int fd)
{
	struct pfbench_entry *entry = (void *)t->buf, asked = *entry;
	int err = call(fd, PFBENCH_ENTRY, entry), wanted;

	wanted = answer_to_size(asked.size, sizeof(asked));
	if (!wanted && (asked.accessor >= catalog.info.nr_accessors ||
			asked.generation >= catalog.info.nr_generations))
		wanted = EINVAL;
	check(err, wanted, fd, t, "mutated or not", "entry");
	if (!err) {
		const struct pfbench_entry *known =
			catalog_entry(&catalog, asked.accessor,
				      asked.generation);

		if (entry->loops != known->loops ||
		    strcmp(entry->accessor_name, known->accessor_name) ||
		    strcmp(entry->generation_name, known->generation_name))
			wrong("entry: another answer than before");
	}
}

static void drop(struct thread *t)
{
	check(call(t->own, PFBENCH_TEARDOWN, NULL), 0, t->own, t, "teardown",
	      "valid");
	t->has = false;
}

static void do_populate(struct thread *t, int fd)
{
	struct pfbench_populate *as = (void *)t->buf, asked;
	int err, wanted;

	mind_size(t, as);
	asked = *as;
	err = call(fd, PFBENCH_POPULATE, as);
	wanted = answer_to_size(asked.size, sizeof(asked));
	if (wanted) {
		check(err, wanted, fd, t, "mutated or not", "populate");
		return;
	}
	if (fd != t->own) {
		static const int may[] = {
			0, EINVAL, ENOMEM, ENODATA, EFAULT, EBADF
		};

		check_any("populate", err, may, LEN(may));
		return;
	}
	check_populate(&asked, as, err);
	t->has = !err;
	t->as = asked;
	/* the old population may or may not exist */
	if (err)
		drop(t);
}

static void do_run(struct thread *t, int fd)
{
	static const int may[] = {
		0, EINVAL, ENOENT, EPERM, EOPNOTSUPP, ENXIO, EBADF, EINTR,
		EBUSY
	};
	struct pfbench_run *run = (void *)t->buf, asked;
	int err, wanted;

	mind_turns(t, run);
	asked = *run;
	err = call(fd, PFBENCH_RUN, run);
	wanted = answer_to_size(asked.size, first_size(RUN, sizeof(asked)));
	/* the module does not know what the caller does not */
	if (!wanted && asked.size < sizeof(asked))
		memset((char *)&asked + asked.size, 0,
		       sizeof(asked) - asked.size);
	if (wanted)
		check(err, wanted, fd, t, "mutated or not", "run");
	else if (fd == t->own)
		check_run(t, &asked, run, err);
	else
		check_any("run", err, may, LEN(may));
}

/* True if the request is valid by uapi/pfbench.h, written independently. */
static int answer_to_race(const struct pfbench_race *as)
{
	if (as->protocol > PFBENCH_RACE_FROZEN ||
	    as->windows & ~PFBENCH_WINDOWS ||
	    as->delay > PFBENCH_DELAY_PREEMPT ||
	    as->inject > PFBENCH_INJECT_GARBAGE ||
	    as->timer_hz > PFBENCH_RACE_MAX_HZ || !as->most_ns ||
	    as->most_ns > PFBENCH_RACE_MAX_NS ||
	    as->delay_ns > PFBENCH_RACE_MAX_DELAY_NS ||
	    (as->delay == PFBENCH_DELAY_IRQ &&
	     as->delay_ns > catalog.info.stretch_us * 1000ULL) ||
	    (as->windows ? !as->delay_ns : as->delay || as->delay_ns))
		return EINVAL;
	if (as->accessor >= catalog.info.nr_accessors ||
	    as->generation >= native)
		return ENOENT;
	return as->reader_cpu >= nr_cpus || as->writer_cpu >= nr_cpus ?
		ENODEV : 0;
}

/* The ABI does not say which accessors can race. */
static bool is_racer(const struct pfbench_race *as)
{
	bool known = false;

	for (size_t i = 0; i < LEN(racers); i++)
		known |= as->generation == racers[i];
	return known && as->accessor == compound_head;
}

static void check_race(const struct pfbench_race *as,
		       const struct pfbench_race *got, int err)
{
	int wanted = answer_to_race(as);
	bool good = err == wanted;

	if (!err)
		good &= got->ns && got->lookups == got->right + got->itself +
			got->stale + got->garbage + got->undecided;
	/* CPUs go offline, and threads are bound to others */
	if (wanted != EINVAL)
		good |= (err == ENOENT && !is_racer(as)) ||
			((err == ENOMEM || err == ENODEV || err == EPERM) &&
			 wanted != ENOENT);
	if (!good)
		wrong("race: accessor %u gen %u protocol %u windows %#x delay %u of %llu CPUs %u %u inject %u hz %u for %llu: %s",
		      as->accessor, as->generation, as->protocol, as->windows,
		      as->delay, (long long)as->delay_ns, as->reader_cpu,
		      as->writer_cpu, as->inject, as->timer_hz,
		      (long long)as->most_ns,
		      err ? strerrorname_np(err) : "0");
}

/* Races take long: few of them, and short ones unless something ends them. */
static void mind_race(struct thread *t, struct pfbench_race *as)
{
	if (answer_to_race(as) == EINVAL)
		return;
	if (!one_in(&t->rng, 8))
		as->protocol = ~0U;
	else if (!worker.doomed)
		as->most_ns = 1 + as->most_ns % 300000;
}

static void do_race(struct thread *t, int fd)
{
	struct pfbench_race *as = (void *)t->buf, asked;
	int err, wanted;

	if (!answer_to_size(as->size, sizeof(*as)))
		mind_race(t, as);
	asked = *as;
	err = call(fd, PFBENCH_RACE, as);
	wanted = answer_to_size(asked.size, sizeof(asked));
	if (wanted)
		check(err, wanted, fd, t, "mutated or not", "race");
	else if (!(fd != t->own && err == EBADF))
		check_race(&asked, as, err);
}

/* Put a valid request into the buffer. Return: its size. */
static size_t want(struct thread *t, int command)
{
	void *buf = buffer(t);

	switch (command) {
	case INFO:
		want_info(buf);
		return sizeof(struct pfbench_info);
	case ENTRY:
		want_entry(t, buf);
		return sizeof(struct pfbench_entry);
	case POPULATE:
		want_populate(t, buf);
		return sizeof(struct pfbench_populate);
	case RACE:
		want_race(t, buf);
		return sizeof(struct pfbench_race);
	default:
		want_run(t, buf);
		return sizeof(struct pfbench_run);
	}
}

static void make(struct thread *t, int command, int fd)
{
	switch (command) {
	case INFO:
		do_info(t, fd);
		break;
	case ENTRY:
		do_entry(t, fd);
		break;
	case POPULATE:
		do_populate(t, fd);
		break;
	case RUN:
		do_run(t, fd);
		break;
	case RACE:
		do_race(t, fd);
		break;
	}
}

static unsigned int number(int command)
{
	static const unsigned int numbers[] = {
		PFBENCH_INFO, PFBENCH_ENTRY, PFBENCH_POPULATE, PFBENCH_RUN,
		PFBENCH_RACE, PFBENCH_TEARDOWN
	};

	return numbers[command];
}

static void wrong_size(struct thread *t)
{
	int command = below(&t->rng, RACE + 1), fd = some_fd(t);
	size_t known = want(t, command);
	uint32_t size = known;
	char *bytes = (char *)t->buf;

	switch (below(&t->rng, 5)) {
	case 0:
		size = 0;
		break;
	case 1:
		size = below(&t->rng, known);
		break;
	case 2:		/* longer with zeros: accepted */
		size = known + 1 + below(&t->rng, page_size - known);
		break;
	case 3:
		size = known + 1 + below(&t->rng, page_size - known);
		bytes[known + below(&t->rng, size - known)] =
			1 + below(&t->rng, 255);
		memcpy(bytes, &size, sizeof(size));
		check(call(fd, number(command), bytes), E2BIG, fd, t,
		      "more than zeros behind it", command_names[command]);
		return;
	default:
		size = page_size + 1 + below(&t->rng, one_in(&t->rng, 2) ?
					     100 : UINT32_MAX - page_size);
	}
	memcpy(bytes, &size, sizeof(size));
	make(t, command, fd);
}

static void bad_pointer(struct thread *t)
{
	static const uint64_t nowhere[] = {
		0, 1, 8, 4095, 0x800000000000, 0xff11000000000000,
		0xffff000000000000, 0xffff800000000000, 0xffff888000000000,
		0xffffc90000000000, 0xffffffff81000000, 0xfffffffffffff000,
		~0ULL, ~3ULL,
	};
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	int command = below(&t->rng, RACE + 1), fd = some_fd(t), err;
	size_t known = want(t, command), fits;
	char *where;

	switch (below(&t->rng, 4)) {
	case 0:
		where = (char *)(uintptr_t)nowhere[below(&t->rng,
							 LEN(nowhere))];
		break;
	case 1:
		where = region(below(&t->rng, 2) ? HOLE : NO_ACCESS) +
			below(&t->rng, REGION_PAGES * page_size - known);
		break;
	case 2:		/* starts in readable, ends in unmapped memory */
		fits = 1 + below(&t->rng, known - 1);
		where = region(NO_ACCESS) - fits;
		/* serialised: other threads write there too */
		pthread_mutex_lock(&lock);
		memcpy(where, t->buf, fits);
		check(call(fd, number(command), where), EFAULT, fd, t,
		      "half of it unmapped", command_names[command]);
		pthread_mutex_unlock(&lock);
		return;
	default:	/* not writable */
		where = region(READ_ONLY) + (size_t)command * 2 * page_size;
		if (command == RUN &&
		    (!t->has || t->as.source != PFBENCH_MEMMAP))
			return;
		fd = t->own;
		err = call(fd, number(command), where);
		/* the race may need a CPU that is offline or forbidden */
		if (!(command == RACE && (err == ENODEV || err == EPERM)) &&
		    ((command != POPULATE && command != RACE) || err != ENOMEM))
			check(err, EFAULT, fd, t, "read-only",
			      command_names[command]);
		/* the population may exist although -EFAULT was returned */
		if (command == POPULATE)
			drop(t);
		return;
	}
	check(call(fd, number(command), where), EFAULT, fd, t, "bad pointer",
	      command_names[command]);
}

/* Not the ioctls that the kernel handles itself, like FIFREEZE. */
static void unknown(struct thread *t)
{
	unsigned int cmd = rnd(&t->rng);
	int fd = some_fd(t);

	switch (below(&t->rng, 3)) {
	case 0:		/* a bit off */
		cmd = number(below(&t->rng, TEARDOWN + 1)) ^
			1U << below(&t->rng, 32);
		break;
	case 1:
		cmd = PFBENCH_INFO - 16 + below(&t->rng, 48);
		break;
	}
	/* 0xB7, or an unused number that differs in one bit */
	if ((cmd & 0xff00) != 0xb700)
		cmd = (cmd & ~0xff00) | 0xb600;
	if (command_of(cmd) != UNKNOWN)
		cmd = PFBENCH_RACE + 1;
	check(call(fd, cmd, one_in(&t->rng, 2) ? buffer(t) : NULL), ENOTTY, fd,
	      t, "no such command", "ioctl");
}

/* Replace pages that other threads may have pinned. */
static void remap(struct thread *t)
{
	uint32_t first = below(&t->rng, REGION_PAGES);
	size_t size = (1 + below(&t->rng, REGION_PAGES - first)) * page_size;
	char *at = region(SCRATCH) + first * page_size;

	switch (below(&t->rng, 4)) {
	case 0:
		munmap(at, size);
		break;
	case 1:
		madvise(at, size, MADV_DONTNEED);
		break;
	case 2:
		mprotect(at, size, one_in(&t->rng, 2) ? PROT_NONE :
			 PROT_READ | PROT_WRITE);
		break;
	default:
		mmap(at, size, PROT_READ | PROT_WRITE, MAP_PRIVATE |
		     MAP_ANONYMOUS | MAP_FIXED | MAP_POPULATE, -1, 0);
	}
}

/* Fork a child with the same files while there is a population. */
static void fork_one(struct thread *t)
{
	pid_t parent = getpid(), pid = fork();
	int status;

	if (pid < 0)
		return;
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != parent)
			_exit(0);
		worker.doomed = false;
		t->rng ^= getpid();
		for (int i = below(&t->rng, 4); i > 0; i--) {
			want(t, RUN);
			make(t, RUN, t->own);
		}
		if (one_in(&t->rng, 2))
			drop(t);
		_exit(0);
	}
	atomic_fetch_add(&shared->forks, 1);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	/* the child may have freed the population */
	drop(t);
}

static int reopen(void)
{
	int fd;

	/* the device is missing while the parent reloads the module */
	while ((fd = open_device()) < 0)
		sleep_ms(1);
	return fd;
}

/* Close a file that another thread may be using. */
static void close_shared(struct thread *t)
{
	int fd = FIRST_SHARED + (int)below(&t->rng, NR_SHARED), new;

	if (one_in(&t->rng, 4)) {
		close(fd);
		sched_yield();
	}
	new = reopen();
	dup3(new, fd, O_CLOEXEC);
	close(new);
}

static void close_own(struct thread *t)
{
	close(t->own);
	t->own = reopen();
	t->has = false;
}

/* Bind the thread to a CPU, or to none. */
static void move_thread(struct thread *t)
{
	unsigned int only = below(&t->rng, 2 * nr_cpus);
	cpu_set_t set;

	CPU_ZERO(&set);
	for (unsigned int cpu = 0; cpu < nr_cpus; cpu++)
		if (only >= nr_cpus || cpu == only)
			CPU_SET(cpu, &set);
	/* fails if that CPU is offline */
	sched_setaffinity(0, sizeof(set), &set);
}

static void one(struct thread *t)
{
	unsigned int dice = below(&t->rng, 1000);
	int command;

	if (dice < 170) {
		want(t, INFO);
		make(t, INFO, some_fd(t));
	} else if (dice < 350) {
		want(t, ENTRY);
		make(t, ENTRY, some_fd(t));
	} else if (dice < 410) {
		want(t, POPULATE);
		make(t, POPULATE, some_fd(t));
	} else if (dice < 650) {
		int fd = some_fd(t);

		if (fd == t->own && !t->has && !one_in(&t->rng, 16)) {
			want(t, POPULATE);
			make(t, POPULATE, fd);
		}
		want(t, RUN);
		make(t, RUN, fd);
	} else if (dice < 652) {
		want(t, RACE);
		make(t, RACE, some_fd(t));
	} else if (dice < 660) {
		drop(t);
	} else if (dice < 670) {
		call(FIRST_SHARED + (int)below(&t->rng, NR_SHARED),
		     PFBENCH_TEARDOWN, (void *)(uintptr_t)rnd(&t->rng));
	} else if (dice < 860) {
		command = below(&t->rng, RACE + 1);
		mutate(t, t->buf, want(t, command));
		make(t, command, some_fd(t));
	} else if (dice < 920) {
		wrong_size(t);
	} else if (dice < 950) {
		bad_pointer(t);
	} else if (dice < 980) {
		unknown(t);
	} else if (dice < 987) {
		remap(t);
	} else if (dice < 990) {
		move_thread(t);
	} else if (dice < 994) {
		close_own(t);
	} else if (dice < 999) {
		close_shared(t);
	} else {
		fork_one(t);
	}
}

static void *thread_main(void *arg)
{
	struct thread *t = arg;

	t->own = reopen();
	for (;;)
		one(t);
	return NULL;
}

/* True if the request succeeds on a file with a memmap. */
static bool suits_memmap(const void *buf, int command)
{
	const struct pfbench_populate *as = buf;
	const struct pfbench_run *run = buf;

	if (command == POPULATE)
		return as->source == PFBENCH_MEMMAP;
	return command != RUN || (run->generation != native &&
		has_loop(&catalog, run->accessor, run->generation,
			 run->lowering, run->form));
}

/* A worker lives until it is killed. */
static void __attribute__((noreturn))
work(uint64_t seed, bool doomed, int nr_threads)
{
	static struct thread threads[MAX_THREADS];
	pthread_attr_t attr;
	pthread_t id;
	uint64_t rng = seed;

	rnd(&rng);
	make_arena(one_in(&rng, 4));
	/* requests in read-only memory: no result can be written */
	mprotect(region(READ_ONLY), (size_t)REGION_PAGES * page_size,
		 PROT_READ | PROT_WRITE);
	for (int c = INFO; c <= RACE; c++) {
		struct thread t = {
			.rng = rng,
			.buf = (uint64_t *)(region(READ_ONLY) +
					    (size_t)c * 2 * page_size)
		};

		do {
			want(&t, c);
		} while (!suits_memmap(t.buf, c));
	}
	mprotect(region(READ_ONLY), (size_t)REGION_PAGES * page_size,
		 PROT_READ);
	worker.doomed = doomed;
	for (int i = 0; i < NR_SHARED; i++) {
		int fd = reopen();

		dup3(fd, FIRST_SHARED + i, O_CLOEXEC);
		close(fd);
	}
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, 128 << 10);
	for (int i = 0; i < nr_threads; i++) {
		threads[i].rng = rnd(&rng) | 1;
		threads[i].buf = aligned_alloc(page_size, 2 * page_size);
		if (!threads[i].buf)
			_exit(3);
	}
	for (int i = 1; i < nr_threads; i++)
		if (pthread_create(&id, &attr, thread_main, &threads[i]))
			_exit(4);
	thread_main(&threads[0]);
	_exit(5);
}

/* The parent. */

static struct {
	pid_t pid;		/* and its process group; 0: none */
	double until;
} workers[NR_WORKERS];
static long nr_killed, nr_refused, nr_stopped, nr_signals, nr_offline;
static bool stuck;

static void start_worker(int i, uint64_t *rng, int nr_threads)
{
	bool doomed = one_in(rng, 4);
	uint64_t seed = rnd(rng) | 1;
	pid_t pid = fork();

	if (pid < 0)
		bail("cannot fork: %s", strerror(errno));
	if (!pid) {
		setpgid(0, 0);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		work(seed, doomed, nr_threads);
	}
	setpgid(pid, pid);
	workers[i].pid = pid;
	workers[i].until = now() + (doomed ? 5 + below(rng, 100) :
				    20 + below(rng, 400)) / 1e3;
}

/* Print the kernel stacks of a process group and of the threads of races. */
static void tell_stacks(pid_t group)
{
	DIR *proc = opendir("/proc");
	char path[300], line[256];
	struct dirent *e;
	FILE *f;

	while (proc && (e = readdir(proc))) {
		pid_t pid = atoi(e->d_name);

		snprintf(path, sizeof(path), "/proc/%d/comm", (int)pid);
		if (!pid || !read_text(path, line, sizeof(line)) ||
		    (getpgid(pid) != group && strncmp(line, "pfbench-", 8)))
			continue;
		note("%d %s:", (int)pid, line);
		snprintf(path, sizeof(path), "/proc/%d/stack", (int)pid);
		f = fopen(path, "re");
		while (f && fgets(line, sizeof(line), f))
			note("  %.*s", (int)strcspn(line, "\n"), line);
		if (f)
			fclose(f);
	}
	if (proc)
		closedir(proc);
}

/* Kill a worker and its children, which the subreaper inherits. */
static void stop_worker(int i)
{
	pid_t group = workers[i].pid, pid;
	double until = now() + 10;
	int status;

	workers[i].pid = 0;
	kill(-group, SIGKILL);
	nr_killed++;
	while ((pid = waitpid(-group, &status, WNOHANG)) >= 0) {
		if (pid == group &&
		    !(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL))
			wrong("a worker ended by itself (status %#x)", status);
		if (pid)
			continue;
		if (now() > until) {
			wrong("a worker is not gone 10 s after it was killed");
			tell_stacks(group);
			stuck = true;
			return;
		}
		kill(-group, SIGKILL);
		sleep_ms(1);
	}
}

static void stop_all(void)
{
	for (int i = 0; i < NR_WORKERS; i++)
		if (workers[i].pid)
			stop_worker(i);
}

/* Unloading must fail while the device is open. */
static void try_unload_open(void)
{
	int err = module_try_unload();

	if (err == EWOULDBLOCK || err == EBUSY)
		nr_refused++;
	else
		wrong("unloading it while it is open: %s",
		      err ? strerrorname_np(err) : "0");
}

static long calls(void)
{
	return atomic_load(&shared->calls);
}

static void on_signal(int signal)
{
	(void)signal;
}

/* For the workers, which inherit them. */
static void catch_signals(void)
{
	struct sigaction action = { .sa_handler = on_signal };

	sigaction(SIGUSR2, &action, NULL);
	action.sa_flags = SA_RESTART;
	sigaction(SIGUSR1, &action, NULL);
}

static void send_signal(int i, uint64_t *rng)
{
	static const int signals[] = { SIGUSR1, SIGUSR2 };
	pid_t group = workers[i].pid;

	if (!group)
		return;
	nr_signals++;
	if (!one_in(rng, 3)) {
		kill(-group, signals[below(rng, 2)]);
		return;
	}
	kill(-group, SIGSTOP);
	sleep_ms(below(rng, 3));
	kill(-group, SIGCONT);
}

/* The last CPU goes offline and comes back. */
static bool cpu_offline;

static void toggle_cpu(void)
{
	char path[64];

	snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu%u/online",
		 nr_cpus - 1);
	if (nr_cpus < 2 || !write_text(path, cpu_offline ? "1" : "0"))
		return;
	cpu_offline = !cpu_offline;
	nr_offline += cpu_offline;
}

/* Run until so many calls are made, then end all workers. */
static void fuzz_until(long target, uint64_t *rng, int nr_threads)
{
	double moved = now();
	long last = -1;
	int fd = reopen();

	while (calls() < target && !stuck) {
		for (int i = 0; i < NR_WORKERS; i++) {
			if (workers[i].pid && workers[i].until < now())
				stop_worker(i);
			if (!workers[i].pid)
				start_worker(i, rng, nr_threads);
		}
		if (one_in(rng, 16))
			try_unload_open();
		if (one_in(rng, 2))
			send_signal(below(rng, NR_WORKERS), rng);
		if (one_in(rng, 48))
			toggle_cpu();
		sleep_ms(1 + below(rng, 15));
		if (calls() != last) {
			last = calls();
			moved = now();
		} else if (now() > moved + 60) {
			wrong("no call has come back for 60 s");
			stuck = true;
		}
	}
	stop_all();
	if (cpu_offline)
		toggle_cpu();
	close(fd);
}

/* Return: 0 or an errno. */
static int stop_and_reload(const char *path, bool load)
{
	int err = module_unload();

	nr_stopped++;
	if (err) {
		note("cannot unload it within 10 s: %s", strerror(err));
		return err;
	}
	if (module_there())
		return EEXIST;
	err = load ? module_load(path, "max_mb=" MAX_MB) : 0;
	if (err)
		note("cannot load %s: %s", path, strerror(err));
	return err;
}

/* Unload the module while the device is opened, in either order. */
static int unload_while_opened(const char *path, uint64_t *rng, int nr_threads)
{
	int err = 0, nr = 0;

	for (int i = 0; i < 100 && !err && nr < 5; i++) {
		if (i % 20 == 0) {
			stop_all();
			for (int w = 0; w < NR_WORKERS; w++)
				start_worker(w, rng, nr_threads);
		}
		err = module_try_unload();
		if (!err) {
			nr++;
			err = module_load(path, "max_mb=" MAX_MB);
		} else if (err == EWOULDBLOCK || err == EBUSY) {
			err = 0;
		}
	}
	stop_all();
	return err;
}

/* Known results, one by one, without other threads. */

static int nr_known, nr_known_bad;

static void expect(int err, int wanted, const char *what)
{
	nr_known++;
	if (err == wanted)
		return;
	nr_known_bad++;
	note("%s: %s instead of %s", what, err ? strerrorname_np(err) : "0",
	     wanted ? strerrorname_np(wanted) : "0");
}

static void known(const char *what)
{
	result(!nr_known_bad, "known answers: %s (%d)", what, nr_known);
	nr_known = nr_known_bad = 0;
}

static void known_sizes(int fd, int command, size_t size, char *page)
{
	/* a valid request, in a page of its own */
	static char copy[65536];
	uint32_t other;

	memcpy(copy, page, page_size);
#define ASK_SIZE(n, wanted, what) do { \
	memcpy(page, copy, page_size); \
	other = (n); \
	memcpy(page, &other, sizeof(other)); \
	expect(call(fd, number(command), page), wanted, what); \
} while (0)
	ASK_SIZE(size, 0, "as it should be");
	ASK_SIZE(0, EINVAL, "size 0");
	ASK_SIZE(first_size(command, size) - 1, EINVAL, "one byte too short");
	ASK_SIZE(first_size(command, size), 0, "the first version");
	ASK_SIZE(size + 8, 0, "longer, zeros");
	ASK_SIZE(page_size, 0, "a page, zeros");
	ASK_SIZE(page_size + 1, E2BIG, "longer than a page");
	ASK_SIZE(UINT32_MAX, E2BIG, "size ~0");
	copy[size] = 1;
	ASK_SIZE(size, 0, "not its byte");
	ASK_SIZE(size + 1, E2BIG, "longer, not zero");
	ASK_SIZE(page_size, E2BIG, "a page, not zero");
	copy[size] = 0;
#undef ASK_SIZE
	memcpy(page, copy, page_size);
	expect(call(fd, number(command), NULL), EFAULT, "NULL");
	expect(call(fd, number(command), (void *)-4096L), EFAULT,
	       "a kernel address");
	known(command_names[command]);
}

static void known_populations(int fd)
{
	struct pfbench_info *info = &catalog.info;
	const struct pfbench_populate memmap = {
		.size = sizeof(memmap), .source = PFBENCH_MEMMAP,
		.generation = generation_named(&catalog, "v4.4-word"),
		.places = 1, .nr_pages = 16, .max_visits = 16,
	};
	const struct pfbench_populate user = {
		.size = sizeof(user), .source = PFBENCH_USER,
		.generation = native, .places = 1, .max_visits = 16,
		.address = (uintptr_t)region(TOUCHED),
		.length = 4 * page_size,
	};
	struct pfbench_populate as;

#define ASK(from, wanted, ...) do { \
	as = (from); \
	__VA_ARGS__; \
	expect(call(fd, PFBENCH_POPULATE, &as), wanted, \
	       #from " " #__VA_ARGS__); \
} while (0)
	ASK(memmap, 0, as.order = 0);
	ASK(memmap, EINVAL, as.source = 3);
	ASK(memmap, EINVAL, as.source = ~0U);
	ASK(memmap, EINVAL, as.generation = native);
	ASK(memmap, EINVAL, as.generation = info->nr_generations);
	ASK(memmap, EINVAL, as.which = PFBENCH_RUNS + 1);
	ASK(memmap, EINVAL, as.order = 1);
	ASK(memmap, EINVAL, as.which = PFBENCH_HEADS);
	ASK(memmap, 0, as.which = PFBENCH_HEADS; as.order = info->max_order);
	ASK(memmap, EINVAL, as.which = PFBENCH_HEADS;
	    as.order = info->max_order + 1);
	ASK(memmap, EINVAL, as.tails = 1);
	ASK(memmap, EINVAL, as.which = PFBENCH_MIXED; as.order = 2;
	    as.tails = 101);
	ASK(memmap, 0, as.which = PFBENCH_MIXED; as.order = 2; as.tails = 100);
	ASK(memmap, EINVAL, as.places = 0);
	ASK(memmap, EINVAL, as.places = info->max_places + 1);
	ASK(memmap, 0, as.places = info->max_places);
	ASK(memmap, EINVAL, as.flags = PFBENCH_FAKE_HEADS);
	ASK(memmap, 0, as.flags = PFBENCH_REPEAT);
	ASK(memmap, 0, as.flags = PFBENCH_ONE_PAGE);
	ASK(memmap, EINVAL, as.which = PFBENCH_MIXED; as.order = 2;
	    as.flags = PFBENCH_ONE_PAGE);
	ASK(memmap, EINVAL, as.flags = PFBENCH_ONE_PAGE << 1);
	ASK(memmap, EINVAL, as.flags = 1U << 31);
	ASK(memmap, EINVAL, as.nr_pages = 0);
	ASK(memmap, EINVAL, as.nr_pages = 1ULL << 32);
	ASK(memmap, ENOMEM, as.nr_pages = UINT32_MAX);
	ASK(memmap, ENOMEM, as.nr_pages = UINT32_MAX; as.max_visits = UINT32_MAX;
	    as.places = info->max_places);
	ASK(memmap, EINVAL, as.max_visits = info->unroll - 1);
	ASK(memmap, EINVAL, as.max_visits = 1ULL << 32);
	ASK(memmap, EINVAL, as.address = page_size);
	ASK(memmap, EINVAL, as.length = page_size);
	ASK(memmap, 0, as.source = PFBENCH_PAGES; as.generation = native);
	ASK(memmap, EINVAL, as.source = PFBENCH_PAGES);
	ASK(memmap, EINVAL, as.source = PFBENCH_PAGES; as.generation = native;
	    as.places = 2);
	ASK(memmap, ENOMEM, as.source = PFBENCH_PAGES; as.generation = native;
	    as.nr_pages = UINT32_MAX);
	ASK(user, 0, as.order = 0);
	ASK(user, 0, as.flags = PFBENCH_REPEAT);
	ASK(user, 0, as.address = (uintptr_t)region(UNTOUCHED));
	ASK(user, 0, as.address = (uintptr_t)region(FILE_PAGES));
	ASK(user, 0, as.address = (uintptr_t)region(SHARED_PAGES));
	ASK(user, 0, as.address = (uintptr_t)region(READ_ONLY));
	ASK(user, ENODATA, as.which = PFBENCH_HEADS);
	ASK(user, ENODATA, as.which = PFBENCH_TAILS);
	ASK(user, ENODATA, as.which = PFBENCH_TAILS;
	    as.flags = PFBENCH_FAKE_HEADS);
	ASK(user, EINVAL, as.flags = PFBENCH_FAKE_HEADS);
	ASK(user, EINVAL, as.which = PFBENCH_MIXED);
	ASK(user, EINVAL, as.generation = memmap.generation);
	ASK(user, EINVAL, as.nr_pages = 4);
	ASK(user, EINVAL, as.places = 2);
	ASK(user, EINVAL, as.address += 8);
	ASK(user, EINVAL, as.length = 0);
	ASK(user, EINVAL, as.length += 8);
	ASK(user, EINVAL, as.length = -(uint64_t)page_size);
	ASK(user, EFAULT, as.address = 0);
	ASK(user, EFAULT, as.address = (uintptr_t)region(HOLE));
	ASK(user, EFAULT, as.address = (uintptr_t)region(NO_ACCESS));
	ASK(user, EFAULT, as.address = (uintptr_t)region(HOLE) - page_size);
	ASK(user, EFAULT, as.address = (uintptr_t)region(FILE_PAGES) +
	    FILE_LENGTH * page_size);
	ASK(user, EFAULT, as.address = 0xffff888000000000);
	ASK(user, ENOMEM, as.length = 1ULL << 40);
#undef ASK
	known("populations");
}

static void known_runs(int fd)
{
	const struct pfbench_run good = {
		.size = sizeof(good), .iterations = 4,
		.accessor = accessor_named(&catalog, "PageDirty"),
		.generation = generation_named(&catalog, "v4.4-word"),
	};
	const uint32_t set = accessor_named(&catalog, "SetPageDirty");
	const uint32_t folio = accessor_named(&catalog, "folio_test_dirty");
	struct pfbench_populate as = {
		.size = sizeof(as), .source = PFBENCH_MEMMAP,
		.generation = good.generation, .places = 2, .nr_pages = 16,
		.max_visits = 16,
	};
	struct pfbench_run run;

#define ASK(wanted, ...) do { \
	run = good; \
	__VA_ARGS__; \
	expect(call(fd, PFBENCH_RUN, &run), wanted, #__VA_ARGS__); \
} while (0)
	expect(call(fd, PFBENCH_TEARDOWN, NULL), 0, "teardown");
	expect(call(fd, PFBENCH_TEARDOWN, (void *)-1L), 0, "and again");
	ASK(ENXIO, run.place = 0);
	expect(call(fd, PFBENCH_POPULATE, &as), 0, "a memmap");
	as.places = 0;
	expect(call(fd, PFBENCH_POPULATE, &as), EINVAL, "no place");
	ASK(0, run.place = 0);
	ASK(0, run.place = 1);
	ASK(EINVAL, run.place = 2);
	ASK(EINVAL, run.iterations = 0);
	ASK(0, run.threads = 1);
	ASK(0, run.threads = PFBENCH_MAX_THREADS);
	ASK(EINVAL, run.threads = PFBENCH_MAX_THREADS + 1);
	ASK(EINVAL, run.flags = PFBENCH_ONLY_READS);
	ASK(EINVAL, run.threads = 2; run.flags = 2);
	ASK(EINVAL, run.threads = 2; run.flags = PFBENCH_ONLY_READS;
	    run.accessor = set);
	ASK(ENOENT, run.accessor = catalog.info.nr_accessors);
	ASK(ENOENT, run.generation = catalog.info.nr_generations);
	ASK(ENOENT, run.lowering = PFBENCH_SELECT + 1);
	ASK(ENOENT, run.form = PFBENCH_LATENCY + 1);
	ASK(ENOENT, run.accessor = run.generation = run.lowering = ~0U);
	ASK(EINVAL, run.generation = native);
	as.source = PFBENCH_PAGES;
	as.generation = native;
	as.places = 1;
	expect(call(fd, PFBENCH_POPULATE, &as), 0, "pages");
	ASK(EINVAL, run.place = 0);
	ASK(0, run.generation = native);
	ASK(0, run.generation = native; run.accessor = set);
	ASK(EINVAL, run.generation = native; run.place = 1);
	as.which = PFBENCH_TAILS;
	as.order = 4;
	expect(call(fd, PFBENCH_POPULATE, &as), 0, "tails");
	ASK(0, run.generation = native);
	ASK(has_loop(&catalog, folio, native, 0, 0) ? EOPNOTSUPP : ENOENT,
	    run.generation = native; run.accessor = folio);
	as.source = PFBENCH_USER;
	as.which = PFBENCH_SMALL;
	as.order = 0;
	as.nr_pages = 0;
	as.address = (uintptr_t)region(TOUCHED);
	as.length = page_size;
	expect(call(fd, PFBENCH_POPULATE, &as), 0, "our own");
	ASK(0, run.generation = native);
	ASK(EPERM, run.generation = native; run.accessor = set);
	ASK(EINVAL, run.place = 0);
#undef ASK
	expect(call(fd, PFBENCH_TEARDOWN, NULL), 0, "teardown");
	known("runs");
}

static void known_races(int fd)
{
	const struct pfbench_race good = {
		.size = sizeof(good), .accessor = compound_head,
		.generation = generation_named(&catalog, "v4.4-word"),
		.most_ns = 1000000,
	};
	struct pfbench_race as;

#define ASK(wanted, how) do { \
	as = good; \
	how; \
	expect(call(fd, PFBENCH_RACE, &as), wanted, #how); \
} while (0)
	ASK(0, as.most_lookups = 1);
	ASK(EINVAL, as.most_ns = 0);
	ASK(EINVAL, as.most_ns = PFBENCH_RACE_MAX_NS + 1);
	ASK(EINVAL, as.protocol = PFBENCH_RACE_FROZEN + 1);
	ASK(EINVAL, as.inject = PFBENCH_INJECT_GARBAGE + 1);
	ASK(EINVAL, as.timer_hz = PFBENCH_RACE_MAX_HZ + 1);
	ASK(EINVAL, as.delay_ns = 1);
	ASK(EINVAL, as.delay = PFBENCH_DELAY_IRQ);
	ASK(EINVAL, as.windows = PFBENCH_WINDOW_BEFORE);
	ASK(EINVAL, as.windows = 1; as.delay_ns = 1);
	ASK(EINVAL, as.windows = 1U << 31; as.delay_ns = 1);
	ASK(EINVAL, as.windows = PFBENCH_WINDOW_BEFORE; as.delay_ns = 1;
	    as.delay = PFBENCH_DELAY_PREEMPT + 1);
	ASK(EINVAL, as.windows = PFBENCH_WINDOW_BEFORE;
	    as.delay_ns = PFBENCH_RACE_MAX_DELAY_NS + 1);
	ASK(EINVAL, as.windows = PFBENCH_WINDOW_BEFORE;
	    as.delay = PFBENCH_DELAY_IRQ;
	    as.delay_ns = catalog.info.stretch_us * 1000 + 1);
	for (int kind = 0; kind <= PFBENCH_DELAY_PREEMPT; kind++)
		ASK(0, as.windows = PFBENCH_WINDOWS; as.delay_ns = 1000;
		    as.delay = kind);
	ASK(ENOENT, as.accessor = catalog.info.nr_accessors);
	ASK(ENOENT, as.accessor = ~0U);
	ASK(ENOENT, as.accessor = accessor_named(&catalog, "empty"));
	ASK(ENOENT, as.generation = native);
	ASK(ENOENT, as.generation = ~0U);
	ASK(ENOENT, as.generation = generation_named(&catalog, "plain"));
	ASK(ENODEV, as.reader_cpu = nr_cpus);
	ASK(ENODEV, as.writer_cpu = ~0U);
#undef ASK
	known("races");
}

/* Root without the capability cannot open the device. */
static void known_open(void)
{
	struct __user_cap_header_struct head = {
		.version = _LINUX_CAPABILITY_VERSION_3
	};
	struct __user_cap_data_struct caps[2];
	pid_t pid = fork();
	int status = -1;

	if (!pid) {
		if (syscall(SYS_capget, &head, caps))
			_exit(1);
		caps[0].effective &= ~(1U << CAP_SYS_ADMIN);
		if (syscall(SYS_capset, &head, caps))
			_exit(1);
		_exit(open_device() < 0 && errno == EPERM ? 0 : 2);
	}
	waitpid(pid, &status, 0);
	result(!status, "not to be opened without CAP_SYS_ADMIN");
}

static void known_answers(int fd)
{
	static struct thread t;
	static const unsigned int off[] = {
		0, PFBENCH_INFO - 1, PFBENCH_RACE + 1, ~0U,
		_IOW(0xB7, 0x50, struct pfbench_info),
		_IOR(0xB7, 0x53, struct pfbench_run), _IO(0xB6, 0x50),
	};

	t.rng = 1;
	t.buf = aligned_alloc(page_size, 2 * page_size);
	t.own = fd;
	make_arena(false);
	for (int c = INFO; c <= RACE; c++) {
		struct pfbench_populate as = {
			.size = sizeof(as), .places = 1, .nr_pages = 16,
			.max_visits = 16
		};
		size_t size;

		if (c == RUN)
			expect(call(fd, PFBENCH_POPULATE, &as), 0, "populate");
		do {
			size = want(&t, c);
		} while (!suits_memmap(t.buf, c));
		known_sizes(fd, c, size, (char *)t.buf);
	}
	known_populations(fd);
	known_runs(fd);
	known_races(fd);
	for (size_t i = 0; i < LEN(off); i++)
		expect(call(fd, off[i], NULL), ENOTTY, "no such command");
	known("unknown commands");
	known_open();
	free(t.buf);
	munmap(worker.arena, (size_t)NR_REGIONS * REGION_PAGES * page_size);
}

static void tell(double seconds, long nr)
{
	note("%ld calls in %.1f s (%.0f a second), %ld workers killed, %ld forks of theirs",
	     nr, seconds, nr / seconds, nr_killed,
	     atomic_load(&shared->forks));
	note("%ld signals, a CPU taken offline %ld times", nr_signals,
	     nr_offline);
	for (int c = 0; c < NR_COMMANDS; c++) {
		char line[512];
		long all = 0;
		int at = 0;

		for (int e = 0; e < MAX_ERRNO; e++) {
			long n = atomic_load(&shared->errors[c][e]);

			all += n;
			if (n && at < (int)sizeof(line) - 40)
				at += sprintf(line + at, " %s %ld",
					      e ? strerrorname_np(e) : "ok", n);
		}
		note("%s: %ld:%s", command_names[c], all, at ? line : "");
	}
}

static void tell_wrong(void)
{
	int nr = atomic_load(&shared->nr_wrong);

	for (int i = 0; i < nr && i < (int)LEN(shared->wrong); i++)
		note("%s", shared->wrong[i]);
}

static void usage(FILE *to)
{
	fputs("usage: fuzz [-n CALLS] [-t THREADS] [-s SEED] [-m MODULE]\n"
	      "\n"
	      "  -n CALLS    make so many ioctls (1000000)\n"
	      "  -t THREADS  in each process (4)\n"
	      "  -s SEED     of all that is random (1)\n"
	      "  -m MODULE   what is unloaded and loaded (" MODULE_PATH ")\n",
	      to);
}

static long argument(const char *text, long least, long most)
{
	char *end;
	long n = strtol(text, &end, 0);

	if (end == text || *end || n < least || n > most) {
		fprintf(stderr, "fuzz: '%s' is not a number from %ld to %ld\n",
			text, least, most);
		exit(2);
	}
	return n;
}

int main(int argc, char **argv)
{
	long nr_calls = 1000000, base, succeeded = 0, tolerance;
	const char *path = MODULE_PATH;
	int nr_threads = 4, fd, opt, err = 0;
	struct memory before;
	uint64_t rng = 1;
	double began;

	while ((opt = getopt(argc, argv, "n:t:s:m:h")) != -1) {
		switch (opt) {
		case 'n':
			nr_calls = argument(optarg, 1, LONG_MAX / 2);
			break;
		case 't':
			nr_threads = argument(optarg, 1, MAX_THREADS);
			break;
		case 's':
			rng = argument(optarg, 0, LONG_MAX);
			break;
		case 'm':
			path = optarg;
			break;
		case 'h':
			usage(stdout);
			return 0;
		default:
			usage(stderr);
			return 2;
		}
	}
	start();
	/* spread seeds that are close to each other */
	rng = (rng + 1) * 0x9e3779b97f4a7c15ULL | 1;
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		bail("no memory");
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	catch_signals();
	mark_log("fuzz");

	if (module_there())
		err = module_unload();
	if (!err)
		err = module_load(path, "max_mb=" MAX_MB);
	if (err)
		bail("cannot load %s: %s", path, strerror(err));
	fd = open_device();
	if (fd < 0 || catalog_read(fd, &catalog))
		bail("cannot read the catalog: %s", strerror(errno));
	native = generation_named(&catalog, "native");
	compound_head = accessor_named(&catalog, "compound_head");
	racers[0] = generation_named(&catalog, "v2.6.26-bit");
	racers[1] = generation_named(&catalog, "v4.4-word");
	racers[2] = generation_named(&catalog, "v7.1-mask");
	nr_cpus = sysconf(_SC_NPROCESSORS_CONF);
	page_size = catalog.info.page_size;
	result(page_size == (uint32_t)sysconf(_SC_PAGESIZE),
	       "it is there: %u accessors, %u generations, struct page of %u bytes",
	       catalog.info.nr_accessors, catalog.info.nr_generations,
	       catalog.info.struct_page_size);
	known_answers(fd);
	close(fd);

	/* warm up: one-time allocations must not count */
	fuzz_until(calls() + WARM_UP, &rng, nr_threads);
	if (unload_while_opened(path, &rng, nr_threads) ||
	    stop_and_reload(path, true) || stop_and_reload(path, false)) {
		tell_wrong();
		bail("it can no longer be loaded or unloaded");
	}
	before = memory_now();
	tolerance = page_noise();
	if (tolerance < nr_calls / 4000)
		tolerance = nr_calls / 4000;
	err = module_load(path, "max_mb=" MAX_MB);
	if (err)
		bail("cannot load %s: %s", path, strerror(err));

	memset(shared->errors, 0, sizeof(shared->errors));
	nr_killed = nr_refused = nr_stopped = 0;
	atomic_store(&shared->forks, 0);
	base = calls();
	began = now();
	for (int part = 1; part <= 4 && !err && !stuck; part++) {
		fuzz_until(base + nr_calls * part / 4, &rng, nr_threads);
		if (part < 4)
			err = unload_while_opened(path, &rng, nr_threads) ?:
				stop_and_reload(path, true);
	}
	tell(now() - began, calls() - base);
	result(calls() - base >= nr_calls, "%ld calls made", calls() - base);
	for (int c = INFO; c <= TEARDOWN; c++)
		succeeded += atomic_load(&shared->errors[c][0]) > 0;
	result(succeeded == 6, "each of the six commands succeeded");
	tell_wrong();
	result(!atomic_load(&shared->nr_wrong), "no answer but what fits (%d did not)",
	       atomic_load(&shared->nr_wrong));
	result(nr_refused, "not to be unloaded while it is open (%ld times)",
	       nr_refused);
	result(waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD,
	       "all processes are gone");
	result(!err && !stop_and_reload(path, false),
	       "unloaded %ld times, loaded in between", nr_stopped);
	note("a leak of a page in %ld calls would be seen", nr_calls / tolerance);
	result(memory_back(&before, tolerance, OBJECT_TOLERANCE, "memory"),
	       "the memory is back");
	result_pins();
	result_log();
	err = module_load(path, "");
	result(!err, "it can be loaded again");
	return finish();
}
