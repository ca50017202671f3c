// SPDX-License-Identifier: GPL-2.0
/*
 * Failures half-way: a process killed in a long run or during an allocation, a
 * file closed during a run, two callers at once, a CPU offline, no memory.
 * All memory must be freed, and no other pages may be touched.
 */
#include "guest.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>

#define NEVER_ENDS (1ULL << 62)		/* iterations */
#define USER_PAGES 64
#define HUGE_SIZE (2UL << 20)

/* Seconds until a killed process is gone; a kernel with KASAN takes long. */
static double limit(void)
{
	return has_kasan ? 20 : 2;
}

static struct catalog catalog;
static uint32_t native, page_size;
static const char *module_path = MODULE_PATH;
static uint64_t rng = 1;

/* Written by a child for its parent. */
struct word {
	atomic_int begun, err;
};
static struct word *word;

/* Memory of the test that children pin, and a huge page, if any. */
static char *user, *huge;

struct scene {
	const char *what;
	struct pfbench_populate as;
	const char *accessor, *generation;
	bool inherits;		/* the parent's file and population */
};

static struct scene scenes[] = {
	{ "a memmap",
	  { .source = PFBENCH_MEMMAP, .which = PFBENCH_TAILS, .order = 4,
	    .places = 2, .nr_pages = 1 << 16, .max_visits = 1 << 16 },
	  "SetPageDirty", "v4.4-word", false },
	{ "SetPageDirty, order 4",
	  { .source = PFBENCH_PAGES, .which = PFBENCH_HEADS, .order = 4,
	    .nr_pages = 4096, .max_visits = 4096 },
	  "SetPageDirty", "native", false },
	{ "trylock_page, order 4",
	  { .source = PFBENCH_PAGES, .which = PFBENCH_HEADS, .order = 4,
	    .nr_pages = 4096, .max_visits = 4096 },
	  "trylock_page", "native", false },
	{ "trylock_page, tails of order 4",
	  { .source = PFBENCH_PAGES, .which = PFBENCH_TAILS, .order = 4,
	    .nr_pages = 4096, .max_visits = 4096 },
	  "trylock_page", "native", false },
	{ "SetPageDirty, order 0",
	  { .source = PFBENCH_PAGES, .nr_pages = 4096, .max_visits = 4096 },
	  "SetPageDirty", "native", false },
	{ "trylock_page, order 0",
	  { .source = PFBENCH_PAGES, .nr_pages = 4096, .max_visits = 4096 },
	  "trylock_page", "native", false },
	{ "pages of the caller's",
	  { .source = PFBENCH_USER, .max_visits = USER_PAGES },
	  "PageDirty", "native", false },
	{ "pages of a caller's that lives on",
	  { .source = PFBENCH_USER, .max_visits = USER_PAGES },
	  "PageLocked", "native", true },
	{ "tails of a caller's that lives on",
	  { .source = PFBENCH_USER, .which = PFBENCH_TAILS,
	    .max_visits = 512 },
	  "PageDirty", "native", true },
};

static void prepare(struct scene *s)
{
	s->as.size = sizeof(s->as);
	s->as.generation = generation_named(&catalog, s->generation);
	if (!s->as.places)
		s->as.places = 1;
	if (s->as.source != PFBENCH_USER)
		return;
	s->as.address = (uintptr_t)(s->as.which == PFBENCH_SMALL ? user :
				    huge);
	s->as.length = s->as.which == PFBENCH_SMALL ?
		(uint64_t)USER_PAGES * page_size : HUGE_SIZE;
}

static struct pfbench_run run_of(const struct scene *s, uint64_t iterations)
{
	return (struct pfbench_run){
		.size = sizeof(struct pfbench_run),
		.accessor = accessor_named(&catalog, s->accessor),
		.generation = generation_named(&catalog, s->generation),
		.iterations = iterations,
	};
}

/* The test's pages: contents and flags. */

static void fill(char *at, size_t size, unsigned int salt)
{
	for (size_t i = 0; i < size; i++)
		at[i] = (char)(i * 7 + (i >> 12) + salt);
}

static bool is_filled(const char *at, size_t size, unsigned int salt)
{
	for (size_t i = 0; i < size; i++)
		if (at[i] != (char)(i * 7 + (i >> 12) + salt))
			return false;
	return true;
}

/*
 * All flags but those that change at any access: referenced, LRU, active,
 * idle (include/uapi/linux/kernel-page-flags.h).
 */
#define KPF_IGNORED (1ULL << 2 | 1ULL << 5 | 1ULL << 6 | 1ULL << 25)

/* Return: false if this kernel has no such file. */
static bool read_flags(const char *at, size_t nr, uint64_t *flags,
		       uint64_t *pfns)
{
	int map = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	int kpf = open("/proc/kpageflags", O_RDONLY | O_CLOEXEC);
	bool good = map >= 0 && kpf >= 0;

	for (size_t i = 0; i < nr && good; i++) {
		uint64_t entry;
		off_t page = (uintptr_t)at / page_size + i;

		good = pread(map, &entry, 8, page * 8) == 8;
		pfns[i] = entry & ((1ULL << 55) - 1);
		good = good && entry >> 63 && pfns[i] &&
			pread(kpf, &flags[i], 8, pfns[i] * 8) == 8;
		flags[i] &= ~KPF_IGNORED;
	}
	if (map >= 0)
		close(map);
	if (kpf >= 0)
		close(kpf);
	return good;
}

/* A child process. */

static void __attribute__((noreturn)) run_for_ever(const struct scene *s,
						    int fd)
{
	struct pfbench_populate as = s->as;
	struct pfbench_run run = run_of(s, NEVER_ENDS);
	int err = 0;

	if (fd < 0) {
		fd = open_device();
		err = fd < 0 ? errno : ioctl_errno(fd, PFBENCH_POPULATE, &as);
	}
	if (!err) {
		word->begun = 1;
		err = ioctl_errno(fd, PFBENCH_RUN, &run);
	}
	word->err = err;
	_exit(1);
}

static char state_of(pid_t pid)
{
	char path[64], text[512], *end;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	if (!read_text(path, text, sizeof(text)))
		return '?';
	end = strrchr(text, ')');
	return end ? end[2] : '?';
}

/*
 * Kill a child some time after it has begun. *worst is raised to the time it
 * took to end. Its task should be in @state. Return: true if all is as
 * expected.
 */
static bool kill_it(pid_t pid, char wanted, unsigned int after, double *worst)
{
	double began = now(), took;
	int status = 0;
	bool good = true;
	char state;

	while (!word->begun && now() < began + 10 && !word->err)
		sleep_ms(1);
	sleep_ms(after);
	state = state_of(pid);
	if (waitpid(pid, &status, WNOHANG)) {
		note("it ended by itself: %s", strerror(word->err));
		return false;
	}
	if (!word->begun || state != wanted) {
		note("it is in state %c, not %c", state, wanted);
		good = false;
	}
	began = now();
	kill(pid, SIGKILL);
	if (!reap(pid, &status, 30000)) {
		note("not gone after 30 s");
		return false;
	}
	took = now() - began;
	if (took > *worst)
		*worst = took;
	return good && WIFSIGNALED(status);
}

static void fresh_word(void)
{
	word->begun = word->err = 0;
}

static bool kill_in_run(const struct scene *s, int rounds, double *worst)
{
	struct pfbench_populate as = s->as;
	bool good = true;

	for (int i = 0; i < rounds && good; i++) {
		int fd = -1;
		pid_t pid;

		if (s->inherits) {
			fd = open_device();
			good = !ioctl_errno(fd, PFBENCH_POPULATE, &as);
		}
		fresh_word();
		pid = fork();
		if (!pid)
			run_for_ever(s, fd);
		good = good && kill_it(pid, 'R', 150 + below(&rng, 100), worst);
		if (fd >= 0)
			close(fd);
	}
	return good;
}

/* The first attempt must succeed: no user is left. */
static void result_unload(const char *what)
{
	int err = module_try_unload();

	result(!err, "%s: unloaded at once%s%s", what, err ? ": " : "",
	       err ? strerror(err) : "");
	if (err && module_unload())
		bail("cannot unload it within 10 s");
	err = module_load(module_path, "");
	if (err)
		bail("cannot load it again: %s", strerror(err));
}

static void result_memory(const struct memory *before, const char *what)
{
	result(memory_back(before, page_noise(), OBJECT_TOLERANCE, what),
	       "%s: the memory is back", what);
}

static void kill_scene(struct scene *s, int rounds)
{
	static uint64_t flags[512], after[512], pfns[512], pfns_after[512];
	char *at = (char *)(uintptr_t)s->as.address;
	size_t nr = s->as.length / page_size, size = s->as.length;
	unsigned int changed = 0;
	struct memory before;
	bool good, have_flags = false;
	double worst = 0;

	if (s->as.source == PFBENCH_USER && !at) {
		skip(s->what, "no huge page available");
		return;
	}
	/* warm up: one-time allocations, and pages that move */
	good = kill_in_run(s, 1, &worst);
	if (at) {
		fill(at, size, 1);
		have_flags = read_flags(at, nr, flags, pfns);
	}
	before = memory_now();
	good = kill_in_run(s, rounds, &worst) && good;
	result(good && worst < limit(), "%s: killed %d times, gone after %.3f s at most",
	       s->what, rounds + 1, worst);
	if (at) {
		good = is_filled(at, size, 1);
		fill(at, size, 2);
		result(good && is_filled(at, size, 2),
		       "%s: contents as before, and can be changed", s->what);
		if (have_flags && read_flags(at, nr, after, pfns_after)) {
			for (size_t i = 0; i < nr; i++) {
				if (pfns[i] == pfns_after[i] &&
				    flags[i] == after[i])
					continue;
				if (!changed++)
					note("page %zu: %#llx was %#llx, pfn %s",
					     i, (long long)after[i],
					     (long long)flags[i],
					     pfns[i] == pfns_after[i] ?
					     "the same" : "another");
			}
			result(!changed, "%s: flags as before (of %zu pages)",
			       s->what, nr);
		} else {
			skip("flags as before", "no /proc/kpageflags");
		}
	}
	result_memory(&before, s->what);
	result_unload(s->what);
}

/* Kernel threads that race until their caller is killed. */

static void __attribute__((noreturn)) race_for_ever(uint32_t delay,
						     uint32_t writer_cpu)
{
	struct pfbench_race race = {
		.size = sizeof(race),
		.accessor = accessor_named(&catalog, "compound_head"),
		.generation = generation_named(&catalog, "v2.6.26-bit"),
		.windows = PFBENCH_WINDOW_FLAG_HEAD, .delay = delay,
		.delay_ns = delay == PFBENCH_DELAY_IRQ ?
			catalog.info.stretch_us * 1000ULL :
			PFBENCH_RACE_MAX_DELAY_NS,
		.writer_cpu = writer_cpu, .timer_hz = 1000,
		.most_ns = PFBENCH_RACE_MAX_NS,
	};
	int fd = open_device();

	word->begun = 1;
	word->err = ioctl_errno(fd, PFBENCH_RACE, &race);
	_exit(1);
}

/* Tasks of that name; /proc has its first 15 characters. */
static int tasks_named(const char *name)
{
	DIR *proc = opendir("/proc");
	struct dirent *e;
	char path[300], comm[64];
	int nr = 0;

	while (proc && (e = readdir(proc))) {
		snprintf(path, sizeof(path), "/proc/%s/comm", e->d_name);
		nr += isdigit((unsigned char)*e->d_name) &&
			read_text(path, comm, sizeof(comm)) &&
			!strncmp(comm, name, strlen(name));
	}
	if (proc)
		closedir(proc);
	return nr;
}

static void kill_races(int rounds)
{
	static const char *const kinds[] = { "spin", "sleep", "irq", "preempt" };
	uint32_t nr_cpus = sysconf(_SC_NPROCESSORS_ONLN);
	struct memory before = { 0 };
	double worst = 0;
	bool good = true;

	/* warm up, as above */
	for (int i = 0; i < 2 * (int)LEN(kinds) + rounds && good; i++) {
		pid_t pid;

		if (i == 2 * (int)LEN(kinds))
			before = memory_now();
		fresh_word();
		pid = fork();
		if (!pid)
			race_for_ever(i % LEN(kinds),
				      i / LEN(kinds) % nr_cpus);
		good = kill_it(pid, 'S', 150 + below(&rng, 100), &worst);
		if (!good)
			note("delayed by %s", kinds[i % LEN(kinds)]);
	}
	result(good && worst < limit(), "races: killed, gone after %.3f s at most",
	       worst);
	result(!tasks_named("pfbench-"), "races: no thread is left");
	result_memory(&before, "races");
	result_unload("races");
}

/* Threads. */

struct runner {
	int fd, cpu;		/* cpu: -1: any */
	struct pfbench_run run;
	int err;
	atomic_int begun, done;
};

static void *runner_main(void *arg)
{
	struct runner *r = arg;
	cpu_set_t set;

	if (r->cpu >= 0) {
		CPU_ZERO(&set);
		CPU_SET(r->cpu, &set);
		sched_setaffinity(0, sizeof(set), &set);
	}
	r->begun = 1;
	r->err = ioctl_errno(r->fd, PFBENCH_RUN, &r->run);
	r->done = 1;
	return NULL;
}

static pthread_t start_runner(struct runner *r)
{
	pthread_t id;

	if (pthread_create(&id, NULL, runner_main, r))
		bail("cannot make a thread");
	while (!r->begun)
		sleep_ms(1);
	return id;
}

/* The iterations that take about @seconds. */
static uint64_t turns_for(int fd, const struct scene *s, double seconds)
{
	struct pfbench_run run = run_of(s, 20000);
	int err = ioctl_errno(fd, PFBENCH_RUN, &run);

	if (err || !run.ns)
		bail("%s does not run: %s", s->what, strerror(err));
	return (uint64_t)(seconds * 1e9 / run.ns * run.iterations) + 1;
}

static int open_populated(const struct scene *s)
{
	struct pfbench_populate as = s->as;
	int fd = open_device(), err = fd < 0 ? errno :
		ioctl_errno(fd, PFBENCH_POPULATE, &as);

	if (err)
		bail("%s: not available: %s", s->what, strerror(err));
	return fd;
}

static void two_at_once(void)
{
	const struct scene *s = &scenes[0];
	int fd = open_populated(s);
	uint64_t iterations = turns_for(fd, s, 0.4);
	struct runner a = { .fd = fd, .cpu = -1, .run = run_of(s, iterations) };
	struct runner b = a;
	double began = now(), took;
	pthread_t first = start_runner(&a), second = start_runner(&b);

	pthread_join(first, NULL);
	pthread_join(second, NULL);
	took = now() - began;
	note("two runs of %.3f s and %.3f s in %.3f s", a.run.ns / 1e9,
	     b.run.ns / 1e9, took);
	result(!a.err && !b.err, "two threads run on one file");
	result((a.run.ns + b.run.ns) / 1e9 <= took,
	       "they wait for each other");
	close(fd);
}

/* Threads that run on one file at the same time, and what is refused there. */
static void threads_at_once(void)
{
	const struct scene *s = &scenes[0];
	int fd = open_populated(s), err;
	uint64_t iterations = turns_for(fd, s, 1);
	struct runner a = { .fd = fd, .cpu = -1, .run = run_of(s, iterations) };
	struct runner b;
	struct pfbench_run other = run_of(s, 1);
	pthread_t first, second;
	double began, waited, took;

	a.run.threads = 2;
	b = a;
	began = now();
	first = start_runner(&a);
	second = start_runner(&b);
	other.threads = 3;
	err = ioctl_errno(fd, PFBENCH_RUN, &other);
	result(err == EBUSY || (!err && a.done && b.done),
	       "a run with another number of threads is refused");
	/* waits for both, and gets the file alone */
	other.threads = 0;
	err = ioctl_errno(fd, PFBENCH_RUN, &other);
	waited = now() - began;
	pthread_join(first, NULL);
	pthread_join(second, NULL);
	took = now() - began;
	/* by the time: a thread may set done after it is overtaken */
	result(!err && waited * 1e9 >= a.run.ns && waited * 1e9 >= b.run.ns,
	       "a run without threads waits");
	note("two runs of %.3f s and %.3f s in %.3f s", a.run.ns / 1e9,
	     b.run.ns / 1e9, took);
	result(!a.err && !b.err, "two threads run on one file at once");
	result((a.run.ns + b.run.ns) / 1e9 > took,
	       "they do not wait for each other");
	close(fd);
}

/* A process is killed while several of its threads run on one file. */
static void kill_threads(void)
{
	const struct scene *s = &scenes[0];
	pid_t pid = fork();
	int status;

	if (!pid) {
		int fd = open_populated(s);
		struct runner r[3] = { { .fd = fd, .cpu = -1,
					 .run = run_of(s, NEVER_ENDS) } };

		r[0].run.threads = 3;
		r[1] = r[2] = r[0];
		for (int i = 0; i < 3; i++)
			start_runner(&r[i]);
		word->begun = 1;
		for (;;)
			pause();
	}
	while (!word->begun)
		sleep_ms(1);
	sleep_ms(50);
	kill(pid, SIGKILL);
	result(waitpid(pid, &status, 0) == pid && WIFSIGNALED(status),
	       "a process is killed in three runs on one file");
}

/*
 * The length of a run that is to be looked at while it runs: the first one
 * takes 0.6 s. A busy host may stop us for longer than that, or may have
 * stopped the run that turns_for() takes as its measure: then try a run of
 * four times the length.
 */
#define FIRST_LENGTH 0.6
#define LAST_LENGTH 30.0

static bool try_longer(bool early, double *seconds)
{
	if (early || *seconds >= LAST_LENGTH)
		return false;
	note("a run of %g s was over too early: try one of %g s", *seconds,
	     *seconds * 4);
	*seconds *= 4;
	return true;
}

static void closed_meanwhile(void)
{
	const struct scene *s = &scenes[1];
	double seconds = FIRST_LENGTH;
	struct runner a;
	bool early;
	int fd, err, unload_err;

	do {
		pthread_t id;

		if (!module_there() && module_load(module_path, ""))
			bail("cannot load the module again");
		fd = open_populated(s);
		a = (struct runner){
			.fd = fd, .cpu = -1,
			.run = run_of(s, turns_for(fd, s, seconds)),
		};
		id = start_runner(&a);
		sleep_ms(150);
		early = !a.done;
		err = close(fd) ? errno : 0;
		unload_err = module_try_unload();
		early = early && !a.done;
		pthread_join(id, NULL);
	} while (try_longer(early, &seconds));
	result(early && !err, "a file is closed during a run");
	result(unload_err == EWOULDBLOCK || unload_err == EBUSY,
	       "not to be unloaded during that run");
	result(!a.err && a.run.ns && a.run.ticks, "the run ends well (%s)",
	       strerror(a.err));
	result(ioctl_errno(fd, PFBENCH_TEARDOWN, NULL) == EBADF, "the file is closed");
	result_unload("closed during a run");
}

static void cpu_goes(void)
{
	static const char online[] = "/sys/devices/system/cpu/cpu1/online";
	static const char what[] = "a run goes on when its CPU goes";
	const struct scene *s = &scenes[0];
	double seconds = FIRST_LENGTH;
	struct runner a;
	cpu_set_t all, zero;
	bool went, early;

	if (access(online, W_OK)) {
		skip(what, "one CPU");
		return;
	}
	sched_getaffinity(0, sizeof(all), &all);
	CPU_ZERO(&zero);
	CPU_SET(0, &zero);
	do {
		int fd = open_populated(s);
		pthread_t id;

		a = (struct runner){
			.fd = fd, .cpu = 1,
			.run = run_of(s, turns_for(fd, s, seconds)),
		};
		id = start_runner(&a);
		sched_setaffinity(0, sizeof(zero), &zero);
		sleep_ms(200);
		went = write_text(online, "0");
		early = !a.done;
		pthread_join(id, NULL);
		if (!write_text(online, "1"))
			note("the CPU does not come back");
		sched_setaffinity(0, sizeof(all), &all);
		close(fd);
	} while (try_longer(early, &seconds));
	note("%u irq-off windows of %.3f s in all, %u CPUs, longest %.3f ms",
	     a.run.irq_off_windows, a.run.ns / 1e9, a.run.cpus,
	     a.run.longest_ns / 1e6);
	if (!went)
		skip(what, "the CPU cannot be put offline");
	else
		result(early && !a.err && a.run.cpus >= 1 && a.run.ns,
		       "%s (%s)", what, early ? strerror(a.err) :
		       "it was over before");
}

/* No address. */

static bool leaks(const char *what, const char *buf, size_t size)
{
	bool bad = leaks_address(buf, page_size);

	if (bad)
		note("%s: looks like an address", what);
	for (size_t i = size; i < page_size; i++)
		if (buf[i]) {
			note("%s: written behind the end", what);
			return true;
		}
	return bad;
}

/* All structs, each in a page of zeros. */
static void no_addresses(void)
{
	char *buf = aligned_alloc(page_size, page_size);
	struct pfbench_info *info = (void *)buf;
	struct pfbench_entry *entry = (void *)buf;
	struct pfbench_populate *as = (void *)buf;
	struct pfbench_run *run = (void *)buf;
	long bad = 0, nr = 0, nr_runs = 0;
	int fd = open_device();

	if (!buf || fd < 0)
		bail("cannot open it");
	memset(buf, 0, page_size);
	info->size = page_size;
	bad += ioctl_errno(fd, PFBENCH_INFO, info) ||
		leaks("info", buf, sizeof(*info));
	for (uint32_t a = 0; a < catalog.info.nr_accessors; a++)
		for (uint32_t g = 0; g < catalog.info.nr_generations; g++) {
			memset(buf, 0, page_size);
			entry->size = page_size;
			entry->accessor = a;
			entry->generation = g;
			bad += ioctl_errno(fd, PFBENCH_ENTRY, entry) ||
				leaks("entry", buf, sizeof(*entry));
			nr++;
		}
	for (size_t i = 0; i < LEN(scenes); i++) {
		if (scenes[i].as.source == PFBENCH_USER &&
		    !scenes[i].as.address)
			continue;
		memset(buf, 0, page_size);
		*as = scenes[i].as;
		as->size = page_size;
		bad += ioctl_errno(fd, PFBENCH_POPULATE, as) != 0;
		/* the address of our pages, which we passed, is not a leak */
		bad += as->address != scenes[i].as.address;
		as->address = 0;
		bad += leaks("populate", buf, sizeof(*as));
		nr++;
		for (uint32_t a = 0; a < catalog.info.nr_accessors; a++) {
			memset(buf, 0, page_size);
			*run = run_of(&scenes[i], 1);
			run->size = page_size;
			run->accessor = a;
			nr_runs += !ioctl_errno(fd, PFBENCH_RUN, run);
			bad += leaks("run", buf, sizeof(*run));
			nr++;
		}
	}
	close(fd);
	free(buf);
	result(!bad && nr_runs, "no address in %ld structs, nothing behind them (%ld of them from runs)",
	       nr + 1, nr_runs);
}

/* Out of memory. */

#define MAX_MB "/sys/module/pfbench/parameters/max_mb"

static void __attribute__((noreturn)) populate_for_ever(
	const struct pfbench_populate *all)
{
	struct pfbench_populate as;
	int fd = open_device();

	word->begun = 1;
	for (;;) {
		as = *all;
		word->err = ioctl_errno(fd, PFBENCH_POPULATE, &as);
	}
}

static void no_memory(void)
{
	static const struct {
		const char *what;
		unsigned int source, which, order;
	} kinds[] = {
		{ "pages", PFBENCH_PAGES, PFBENCH_SMALL, 0 },
		{ "pages of order 4", PFBENCH_PAGES, PFBENCH_HEADS, 4 },
		{ "a memmap", PFBENCH_MEMMAP, PFBENCH_SMALL, 0 },
	};
	long total = number_in("/proc/meminfo", "MemTotal");
	char had[32], much[32];
	struct memory before;
	double worst, began;
	bool good;

	if (!read_text(MAX_MB, had, sizeof(had)))
		bail("no " MAX_MB);
	snprintf(much, sizeof(much), "%ld", total / 1024 * 4);
	for (size_t i = 0; i < LEN(kinds); i++) {
		struct pfbench_populate all = {
			.size = sizeof(all), .source = kinds[i].source,
			.which = kinds[i].which, .order = kinds[i].order,
			.generation = kinds[i].source == PFBENCH_PAGES ?
				native : generation_named(&catalog, "v4.4-word"),
			.places = 1, .max_visits = 4096,
			.nr_pages = total * 2048 / page_size,
		}, as;
		struct catalog now_is;
		int fd = open_device(), err;

		if (all.source == PFBENCH_MEMMAP)
			all.nr_pages = total * 2048 / 64;
		as = all;
		result(ioctl_errno(fd, PFBENCH_POPULATE, &as) == ENOMEM,
		       "%s of twice the memory: more than max_bytes",
		       kinds[i].what);
		before = memory_now();
		if (!write_text(MAX_MB, much))
			bail("cannot write " MAX_MB);
		now_is.info = (struct pfbench_info){
			.size = sizeof(now_is.info)
		};
		if (ioctl_errno(fd, PFBENCH_INFO, &now_is.info) ||
		    now_is.info.max_bytes != strtoull(much, NULL, 10) << 20)
			note("max_mb is not in force");
		as = all;
		began = now();
		err = ioctl_errno(fd, PFBENCH_POPULATE, &as);
		result(err == ENOMEM, "%s of twice the memory: %s after %.1f s",
		       kinds[i].what, strerror(err), now() - began);
		result(ioctl_errno(fd, PFBENCH_TEARDOWN, NULL) == 0, "and its memory is freed");
		close(fd);
		result_memory(&before, kinds[i].what);

		/*
		 * Half of the memory, so that every attempt succeeds. The first
		 * one does not count: the kernel keeps its page tables.
		 */
		all.nr_pages /= all.source == PFBENCH_MEMMAP ? 16 : 4;
		as = all;
		fd = open_device();
		began = now();
		err = ioctl_errno(fd, PFBENCH_POPULATE, &as);
		result(!err, "%s of a part of the memory: %s after %.1f s",
		       kinds[i].what, strerror(err), now() - began);
		close(fd);
		before = memory_now();
		good = true;
		worst = 0;
		for (int round = 0; round < 5 && good; round++) {
			pid_t pid;

			fresh_word();
			pid = fork();
			if (!pid)
				populate_for_ever(&all);
			good = kill_it(pid, 'R', 20 + below(&rng, 300), &worst);
		}
		result(good && worst < limit(),
		       "%s: killed while it gets memory, gone after %.3f s at most (%s)",
		       kinds[i].what, worst, strerror(word->err));
		write_text(MAX_MB, had);
		result_memory(&before, kinds[i].what);
	}
	result_unload("no memory");
}

static void usage(FILE *to)
{
	fputs("usage: killed [-n ROUNDS] [-s SEED] [-m MODULE]\n"
	      "\n"
	      "  -n ROUNDS  kill each kind of run so many times (10)\n"
	      "  -s SEED    of the moments at which they are killed (1)\n"
	      "  -m MODULE  what is unloaded and loaded (" MODULE_PATH ")\n",
	      to);
}

int main(int argc, char **argv)
{
	int rounds = 10, opt, err = 0, fd;
	struct scene *tails = &scenes[LEN(scenes) - 1];

	while ((opt = getopt(argc, argv, "n:s:m:h")) != -1) {
		switch (opt) {
		case 'n':
			rounds = atoi(optarg);
			break;
		case 's':
			rng = strtoull(optarg, NULL, 0) * 2 + 1;
			break;
		case 'm':
			module_path = optarg;
			break;
		case 'h':
			usage(stdout);
			return 0;
		default:
			usage(stderr);
			return 2;
		}
	}
	if (rounds < 1) {
		usage(stderr);
		return 2;
	}
	start();
	mark_log("killed");
	if (module_there())
		err = module_unload();
	if (!err)
		err = module_load(module_path, "");
	if (err)
		bail("cannot load %s: %s", module_path, strerror(err));
	fd = open_device();
	if (fd < 0 || catalog_read(fd, &catalog))
		bail("cannot read the catalog");
	native = generation_named(&catalog, "native");
	page_size = catalog.info.page_size;

	word = mmap(NULL, page_size, PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	user = mmap(NULL, (size_t)USER_PAGES * page_size,
		    PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	huge = mmap(NULL, 2 * HUGE_SIZE, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (word == MAP_FAILED || user == MAP_FAILED || huge == MAP_FAILED)
		bail("no memory");
	fill(user, (size_t)USER_PAGES * page_size, 0);
	huge += -(uintptr_t)huge & (HUGE_SIZE - 1);
	madvise(huge, HUGE_SIZE, MADV_HUGEPAGE);
	/* older kernels split a huge page in fork() */
	madvise(huge, HUGE_SIZE, MADV_DONTFORK);
	fill(huge, HUGE_SIZE, 0);
	for (size_t i = 0; i < LEN(scenes); i++)
		prepare(&scenes[i]);
	if (ioctl_errno(fd, PFBENCH_POPULATE, &(struct pfbench_populate){
			.size = sizeof(struct pfbench_populate),
			.source = PFBENCH_USER, .which = PFBENCH_TAILS,
			.generation = native, .places = 1, .max_visits = 512,
			.address = tails->as.address,
			.length = tails->as.length }) == ENODATA)
		tails->as.address = 0;
	close(fd);

	for (size_t i = 0; i < LEN(scenes); i++)
		kill_scene(&scenes[i], rounds);
	kill_races(rounds);
	two_at_once();
	threads_at_once();
	word->begun = 0;
	kill_threads();
	closed_meanwhile();
	no_addresses();
	no_memory();
	cpu_goes();
	result_unload("at the end");
	result_pins();
	result_log();
	return finish();
}
