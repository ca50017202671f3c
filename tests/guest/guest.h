/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Shared by the programs that run in a guest: results, the module, the catalog
 * by name, memory before and after, and the kernel's log.
 *
 * Include it first: it enables the GNU extensions.
 */
#ifndef GUEST_H
#define GUEST_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/klog.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "uapi/pfbench.h"

#define LEN(a) (sizeof(a) / sizeof(*(a)))
#define MODULE_PATH "/pfbench.ko"

/* Results. */

static int nr_results, nr_bad;

static inline void __attribute__((format(printf, 1, 2)))
note(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	printf("# ");
	vprintf(fmt, ap);
	printf("\n");
	va_end(ap);
}

static inline void __attribute__((format(printf, 2, 3)))
result(bool good, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	printf("%sok %d - ", good ? "" : "not ", ++nr_results);
	vprintf(fmt, ap);
	printf("\n");
	va_end(ap);
	nr_bad += !good;
}

static inline void skip(const char *what, const char *msg)
{
	printf("ok %d - %s # SKIP %s\n", ++nr_results, what, msg);
}

/* Print the plan. Return: the exit status. */
static inline int finish(void)
{
	printf("1..%d\n", nr_results);
	return nr_bad ? 1 : 0;
}

/* End the test: later checks would mean nothing. */
static inline void __attribute__((format(printf, 1, 2), noreturn))
bail(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	printf("Bail out! ");
	vprintf(fmt, ap);
	printf("\n");
	va_end(ap);
	exit(1);
}

/* Time, and random numbers (xorshift64*). */

static inline double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static inline void sleep_ms(unsigned int ms)
{
	struct timespec t = { ms / 1000, ms % 1000 * 1000000L };

	while (nanosleep(&t, &t) && errno == EINTR)
		;
}

static inline uint64_t rnd(uint64_t *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return *state * 2685821657736338717ULL;
}

static inline uint64_t below(uint64_t *state, uint64_t n)
{
	return (rnd(state) >> 16) % n;
}

static inline bool one_in(uint64_t *state, unsigned int n)
{
	return !below(state, n);
}

/* Short files. */

static inline bool write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t len = strlen(text);
	bool good;

	if (fd < 0)
		return false;
	good = write(fd, text, len) == len;
	close(fd);
	return good;
}

static inline bool read_text(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t len = fd < 0 ? -1 : read(fd, text, size - 1);

	if (fd >= 0)
		close(fd);
	if (len < 0)
		return false;
	text[len] = '\0';
	text[strcspn(text, "\n")] = '\0';
	return true;
}

/* The number after a word at the start of a line; -1: none. */
static inline long number_in(const char *path, const char *word)
{
	FILE *f = fopen(path, "re");
	size_t len = strlen(word);
	char line[256];
	long n = -1;

	while (f && fgets(line, sizeof(line), f))
		if (!strncmp(line, word, len) && strchr(": \t", line[len])) {
			n = strtol(line + len + 1, NULL, 10);
			break;
		}
	if (f)
		fclose(f);
	return n;
}

/* Line-buffered: a forked child must not print a line again. */
static inline void start(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	/* init may not have mounted them */
	mount("debugfs", "/sys/kernel/debug", "debugfs", 0, NULL);
	/* do not log each drop of the caches */
	write_text("/proc/sys/vm/drop_caches", "4");
	/* no huge page may replace the test's pages */
	write_text("/sys/kernel/mm/transparent_hugepage/enabled", "madvise");
}

/* The module. */

static inline bool module_there(void)
{
	return !access("/sys/module/pfbench", F_OK);
}

/* Return: 0 or an errno. */
static inline int module_load(const char *path, const char *parameters)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), err = 0;

	if (fd < 0)
		return errno;
	if (syscall(SYS_finit_module, fd, parameters, 0))
		err = errno;
	close(fd);
	/* devtmpfs makes the node in another thread */
	for (int i = 0; !err && access(PFBENCH_DEVICE, F_OK) && i < 100; i++)
		sleep_ms(10);
	return err;
}

static inline int module_try_unload(void)
{
	return syscall(SYS_delete_module, "pfbench", O_NONBLOCK) ? errno : 0;
}

/* Try for 10 s: a killed process may still have its file open. */
static inline int module_unload(void)
{
	double until = now() + 10;
	int err;

	while ((err = module_try_unload()) && now() < until)
		sleep_ms(10);
	return err;
}

static inline int open_device(void)
{
	return open(PFBENCH_DEVICE, O_RDWR | O_CLOEXEC);
}

/* Return: 0 or an errno, like the functions below. */
static inline int ioctl_errno(int fd, unsigned int cmd, void *arg)
{
	int ret = ioctl(fd, cmd, arg);

	return ret < 0 ? errno : ret ? -ret : 0;
}

/* The module's catalog, to find numbers by name. */

/* of the module's kernel, set by catalog_read() */
static bool has_kasan;

struct catalog {
	struct pfbench_info info;
	struct pfbench_entry *entry;	/* [accessor][generation] */
};

static inline const struct pfbench_entry *
catalog_entry(const struct catalog *c, uint32_t accessor, uint32_t generation)
{
	return &c->entry[accessor * c->info.nr_generations + generation];
}

static inline int catalog_read(int fd, struct catalog *c)
{
	int err;

	c->info = (struct pfbench_info){ .size = sizeof(c->info) };
	err = ioctl_errno(fd, PFBENCH_INFO, &c->info);
	if (err)
		return err;
	has_kasan = c->info.facts & PFBENCH_FACT_KASAN;
	c->entry = calloc((size_t)c->info.nr_accessors *
			  c->info.nr_generations, sizeof(*c->entry));
	if (!c->entry)
		return ENOMEM;
	for (uint32_t a = 0; a < c->info.nr_accessors; a++)
		for (uint32_t g = 0; g < c->info.nr_generations; g++) {
			struct pfbench_entry *e = &c->entry[
				a * c->info.nr_generations + g];

			e->size = sizeof(*e);
			e->accessor = a;
			e->generation = g;
			err = ioctl_errno(fd, PFBENCH_ENTRY, e);
			if (err)
				return err;
		}
	return 0;
}

/* An unknown name ends the test, which would check nothing. */
static inline uint32_t accessor_named(const struct catalog *c, const char *name)
{
	for (uint32_t a = 0; a < c->info.nr_accessors; a++)
		if (!strcmp(catalog_entry(c, a, 0)->accessor_name, name))
			return a;
	bail("the module has no accessor %s", name);
}

static inline uint32_t generation_named(const struct catalog *c,
					const char *name)
{
	for (uint32_t g = 0; g < c->info.nr_generations; g++)
		if (!strcmp(catalog_entry(c, 0, g)->generation_name, name))
			return g;
	bail("the module has no generation %s", name);
}

static inline bool has_loop(const struct catalog *c, uint32_t accessor,
			    uint32_t generation, uint32_t lowering,
			    uint32_t form)
{
	return accessor < c->info.nr_accessors &&
		generation < c->info.nr_generations &&
		lowering <= PFBENCH_SELECT && form <= PFBENCH_LATENCY &&
		catalog_entry(c, accessor, generation)->loops &
			PFBENCH_LOOP(lowering, form);
}

/* True if the accessor of this name writes to the page. */
static inline bool writes(const struct catalog *c, uint32_t accessor)
{
	const char *name = catalog_entry(c, accessor, 0)->accessor_name;

	return !strncmp(name, "Set", 3) || !strncmp(name, "Clear", 5) ||
		!strncmp(name, "Test", 4) || !strncmp(name, "__Set", 5) ||
		strstr(name, "lock_page") || strstr(name, "_set_") ||
		strstr(name, "_clear_") || strstr(name, "_mark_") ||
		!strcmp(name, "folio_trylock") ||
		!strcmp(name, "folio_unlock") ||
		/* of references */
		strstr(name, "get_page") || strstr(name, "put_page") ||
		!strncmp(name, "folio_get", 9) ||
		!strncmp(name, "folio_put", 9) ||
		!strncmp(name, "folio_try_get", 13) ||
		!strcmp(name, "folio_last_put");
}

/*
 * True if a struct that the kernel filled in may contain a kernel address.
 * Addresses begin at 0xff00... with five levels of page tables (LA57),
 * higher with fewer. The structs' own fields are aligned, leaked addresses may
 * not be.
 */
static inline bool leaks_address(const void *from, size_t size)
{
	uint64_t word;

	for (size_t i = 0; i + sizeof(word) <= size; i += 4) {
		memcpy(&word, (const char *)from + i, sizeof(word));
		if (word >= 0xff00000000000000ULL)
			return true;
	}
	return false;
}

/* Memory, before and after. */

struct memory {
	long pages;		/* free, on the lists of the CPUs too */
	long slab;		/* kB */
	long objects;		/* accounted ones of kmalloc(); -1: unknown */
	long pinned;		/* pins that were not released */
};

/* Free pages in the lists of the CPUs: thousands, and the number varies. */
static inline long free_pages(void)
{
	long pages = number_in("/proc/vmstat", "nr_free_pages");
	FILE *f = fopen("/proc/zoneinfo", "re");
	char line[256];
	long n;

	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, " count: %ld", &n) == 1)
			pages += n;
	if (f)
		fclose(f);
	return pages;
}

/*
 * Objects in use in the caches that hardly anyone but the module allocates
 * from (GFP_KERNEL_ACCOUNT; v5.14 on), from what /proc/slabinfo says.
 */
static inline long accounted_objects(void)
{
	FILE *f = fopen("/proc/slabinfo", "re");
	long n, all = -1;
	char line[512];

	while (f && fgets(line, sizeof(line), f))
		if (!strncmp(line, "kmalloc-cg-", 11) &&
		    sscanf(line, "%*s %ld", &n) == 1)
			all = (all < 0 ? 0 : all) + n;
	if (f)
		fclose(f);
	return all;
}

static inline void give_back_slabs(void)
{
	DIR *d = opendir("/sys/kernel/slab");
	struct dirent *e;
	char path[512];

	while (d && (e = readdir(d))) {
		if (e->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "/sys/kernel/slab/%s/shrink",
			 e->d_name);
		write_text(path, "1");
	}
	if (d)
		closedir(d);
}

static inline struct memory memory_once(void)
{
	struct memory m;
	long pins;

	write_text("/proc/sys/vm/drop_caches", "3");
	give_back_slabs();
	/* each CPU has a counter of its own and adds it up rarely */
	write_text("/proc/sys/vm/stat_refresh", "1");
	m.pages = free_pages();
	m.slab = number_in("/proc/meminfo", "Slab");
	m.objects = accounted_objects();
	pins = number_in("/proc/vmstat", "nr_foll_pin_acquired");
	m.pinned = pins < 0 ? -1 :
		pins - number_in("/proc/vmstat", "nr_foll_pin_released");
	return m;
}

/* After a pause: freed memory may wait for RCU or a worker. */
static inline struct memory memory_now(void)
{
	struct memory m = memory_once(), last;
	double until = now() + 10;

	do {
		last = m;
		sleep_ms(300);
		m = memory_once();
	} while (labs(m.pages - last.pages) > 16 && now() < until);
	return m;
}

/*
 * Noise: free lists of the CPUs, stacks of tasks, page tables that
 * the kernel once needed. Hundreds of runs differed by up to 165 with two CPUs,
 * and by an object or two.
 */
static inline long page_noise(void)
{
	long noise = 128 + 64 * sysconf(_SC_NPROCESSORS_CONF);

	/* KASAN keeps freed objects in a quarantine of 1/32 of memory */
	if (has_kasan)
		noise += number_in("/proc/meminfo", "MemTotal") * 1024 / 32 /
			sysconf(_SC_PAGESIZE);
	return noise;
}
#define OBJECT_TOLERANCE 24

/*
 * memory_back() - true if all but @tolerance pages and @objects are free again
 * Waits for up to 10 s.
 */
static inline bool memory_back(const struct memory *before, long tolerance,
			       long objects, const char *after_what)
{
	double until = now() + 10;
	struct memory m;
	bool good;

	/* those in the quarantine count as in use: kmemleak looks for lost ones */
	if (has_kasan)
		objects = INT_MAX;
	for (;;) {
		m = memory_now();
		good = before->pages - m.pages <= tolerance &&
			m.slab - before->slab <= tolerance * 4 &&
			m.objects - before->objects <= objects;
		if (good || now() > until)
			break;
		sleep_ms(200);
	}
	note("%s: free pages %ld -> %ld (%+ld, may be %ld less), slab %ld -> %ld kB (%+ld), accounted objects %ld -> %ld (%+ld, may be %ld more)",
	     after_what, before->pages, m.pages, m.pages - before->pages,
	     tolerance, before->slab, m.slab, m.slab - before->slab,
	     before->objects, m.objects, m.objects - before->objects, objects);
	return good;
}

static inline void result_pins(void)
{
	long had, back;

	/* each CPU adds what it counted to the sums once a second, or now */
	write_text("/proc/sys/vm/stat_refresh", "1");
	had = number_in("/proc/vmstat", "nr_foll_pin_acquired");
	back = number_in("/proc/vmstat", "nr_foll_pin_released");

	if (had < 0)
		skip("pins given back", "this kernel does not count them");
	else
		result(had == back, "pins given back (%ld of %ld)", back, had);
}

/* The kernel's log, from a mark on. */

static char log_mark[64];

static inline void mark_log(const char *who)
{
	char line[96];

	snprintf(log_mark, sizeof(log_mark), "pfbench-test: %s %d begins", who,
		 (int)getpid());
	snprintf(line, sizeof(line), "<6>%s\n", log_mark);
	if (!write_text("/dev/kmsg", line))
		bail("cannot write to /dev/kmsg: %s", strerror(errno));
}

/* True if @line has @word at the start of a word: not "stall" in "install". */
static inline bool says(const char *line, const char *word)
{
	for (const char *at = line; (at = strstr(at, word)); at++)
		if (at == line || !isalpha((unsigned char)at[-1]))
			return true;
	return false;
}

static inline bool is_trouble(const char *line)
{
	static const char *const words[] = {
		"BUG", "WARNING", "Oops", "Bad page", "soft lockup",
		"hard LOCKUP", "hung task", "blocked for more than", "rcu",
		"stall", "Call Trace", "Call trace", "general protection",
		"UBSAN", "KASAN", "KCSAN", "KFENCE", "leak", "refcount_t",
		"Unable to handle", "corruption", "Out of memory", "oom-kill",
		"page allocation failure", "INFO: possible",
		"scheduling while atomic", "segfault",
	};

	for (size_t i = 0; i < LEN(words); i++)
		if (says(line, words[i]))
			return true;
	return false;
}

/* 16 digits that begin like an address */
static inline bool has_address(const char *line)
{
	for (const char *at = line; *at; at++) {
		size_t len = strspn(at, "0123456789abcdefABCDEF");

		if (!len)
			continue;
		if (len == 16 && !strncasecmp(at, "ff", 2))
			return true;
		at += len - 1;
	}
	return false;
}

/*
 * One result: no such word since the mark, and no address in a line of the
 * module.
 */
static inline void result_log(void)
{
	int size = klogctl(10 /* SYSLOG_ACTION_SIZE_BUFFER */, NULL, 0);
	char *text = size > 0 ? malloc(size + 1) : NULL, *line, *next;
	int len = text ? klogctl(3 /* SYSLOG_ACTION_READ_ALL */, text, size) :
		-1, bad = 0, lines = 0;
	char *from;

	if (len < 0) {
		result(false, "the kernel's log can be read");
		free(text);
		return;
	}
	text[len] = '\0';
	from = strstr(text, log_mark);
	if (!from)
		note("the mark is no longer in the log: all of it is looked at");
	for (line = from ? from : text; line && *line; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		lines++;
		if (is_trouble(line) ||
		    (strstr(line, "pfbench") && has_address(line))) {
			if (bad++ < 40)
				note("%s", line);
		}
	}
	free(text);
	result(!bad, "nothing wrong in the kernel's log (%d lines)", lines);
}

/* Wait for a child so many ms. Return: false if it has not ended. */
static inline bool reap(pid_t pid, int *status, unsigned int ms)
{
	double until = now() + ms / 1e3;

	for (;;) {
		pid_t got = waitpid(pid, status, WNOHANG);

		if (got == pid || (got < 0 && errno == ECHILD))
			return true;
		if (now() > until)
			return false;
		sleep_ms(1);
	}
}

#endif
