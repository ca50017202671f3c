// SPDX-License-Identifier: GPL-2.0
/*
 * Let each allocation of a call fail, and each copy from and to the caller, one
 * after the other, until the call needs no more of them; of a loop over pages one
 * in 31. Each time the call must return an error or do without, leave nothing
 * behind, and work the next time.
 */
#include "guest.h"

#define MOST_FAULTS 2000
#define HUGE_SIZE (2UL << 20)
#define SELF "/proc/self/fail-nth"
/* allocations for a new thread of the kernel are its parent's, kthreadd's */
#define KTHREADD "/proc/2/fail-nth"

/* Limit of all populations; one population of the test fills it to the byte */
#define MAX_MB "16"
#define MAX_BYTES (16UL << 20)
#define PF_PAGE_SIZE 64		/* sizeof(struct pf_page) */

static struct catalog catalog;
static uint32_t native, page_size;

union argument {
	struct pfbench_info info;
	struct pfbench_entry entry;
	struct pfbench_populate populate;
	struct pfbench_run run;
	struct pfbench_race race;
};

struct call {
	const char *what;
	unsigned int cmd;		/* 0: open() */
	bool populated;			/* the file has a population before */
	const char *whose;		/* allocations: SELF or KTHREADD */
	union argument arg;
};

static struct pfbench_populate memmap_of(uint64_t pages, uint64_t visits)
{
	return (struct pfbench_populate){
		.size = sizeof(struct pfbench_populate),
		.source = PFBENCH_MEMMAP, .places = 1,
		.generation = generation_named(&catalog, "v4.4-word"),
		.nr_pages = pages, .max_visits = visits,
	};
}

static struct pfbench_populate pages_of(uint64_t pages, uint32_t order)
{
	return (struct pfbench_populate){
		.size = sizeof(struct pfbench_populate),
		.source = PFBENCH_PAGES, .places = 1, .generation = native,
		.which = order ? PFBENCH_TAILS : PFBENCH_SMALL, .order = order,
		.nr_pages = pages, .max_visits = pages,
	};
}

static struct pfbench_populate user_of(void *at, size_t size, uint32_t which)
{
	return (struct pfbench_populate){
		.size = sizeof(struct pfbench_populate),
		.source = PFBENCH_USER, .places = 1, .generation = native,
		.which = which, .max_visits = 64,
		.address = (uintptr_t)at, .length = size,
	};
}

static struct pfbench_run run_of(uint32_t threads)
{
	return (struct pfbench_run){
		.size = sizeof(struct pfbench_run),
		.accessor = accessor_named(&catalog, "PageLocked"),
		/* not the memmap's: the call marks it */
		.generation = generation_named(&catalog, "v2.6.26-bit"),
		.iterations = 100, .threads = threads,
	};
}

static struct pfbench_race race_of(uint32_t delay)
{
	return (struct pfbench_race){
		.size = sizeof(struct pfbench_race),
		.accessor = accessor_named(&catalog, "compound_head"),
		.generation = generation_named(&catalog, "v2.6.26-bit"),
		.windows = PFBENCH_WINDOW_FLAG_HEAD, .delay = delay,
		.delay_ns = 1000, .most_ns = 1000000,
		.writer_cpu = sysconf(_SC_NPROCESSORS_ONLN) - 1,
	};
}

/* Fault injection. */

static bool set_faults(void)
{
	static const char *const files[][2] = {
		{ "failslab/ignore-gfp-wait", "N" },
		{ "failslab/verbose", "0" },
		{ "fail_page_alloc/ignore-gfp-wait", "N" },
		{ "fail_page_alloc/ignore-gfp-highmem", "N" },
		{ "fail_page_alloc/min-order", "0" },
		{ "fail_page_alloc/verbose", "0" },
		{ "fail_usercopy/verbose", "0" },
	};
	bool all = true;
	char path[128];

	for (size_t i = 0; i < LEN(files); i++) {
		snprintf(path, sizeof(path), "/sys/kernel/debug/%s",
			 files[i][0]);
		if (write_text(path, files[i][1]))
			continue;
		note("cannot write %s", path);
		all = false;
	}
	return all && !access(SELF, W_OK) && !access(KTHREADD, W_OK);
}

static void begin_faults(int fd, int n)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%d", n);

	if (pwrite(fd, text, len, 0) != len)
		bail("cannot write fail-nth: %s", strerror(errno));
}

/* Return: true if the fault came. The copies here count too, and may fail. */
static bool end_faults(int fd)
{
	char text[16] = "";
	int len = pread(fd, text, sizeof(text) - 1, 0);
	bool came = len > 0 && !strtol(text, NULL, 10);

	for (int i = 0; pwrite(fd, "0", 1, 0) != 1; i++)
		if (errno != EFAULT || i > 2)
			bail("cannot write fail-nth: %s", strerror(errno));
	return came;
}

/* Make the call, with its @n'th allocation or copy failing; 0: none. */
static int attempt(const struct call *c, int n, bool *came)
{
	struct pfbench_populate before = memmap_of(64, 64);
	int faults = open(c->whose, O_RDWR | O_CLOEXEC), fd = -1, err;
	union argument arg = c->arg;

	if (faults < 0)
		bail("no %s", c->whose);
	if (c->cmd)
		fd = open_device();
	if (c->cmd && fd < 0)
		bail("cannot open it: %s", strerror(errno));
	if (c->populated) {
		err = ioctl_errno(fd, PFBENCH_POPULATE, &before);
		if (err)
			bail("%s: no population before: %s", c->what,
			     strerror(err));
	}
	begin_faults(faults, n);
	if (c->cmd) {
		err = ioctl_errno(fd, c->cmd, &arg);
	} else {
		fd = open_device();
		err = fd < 0 ? errno : 0;
	}
	*came = end_faults(faults) && n;
	if (fd >= 0)
		close(fd);
	close(faults);
	return err;
}

/* A population that fits only if nothing else is charged. */
static bool nothing_charged(void)
{
	uint64_t align = (uint64_t)PF_PAGE_SIZE << catalog.info.max_order;
	struct pfbench_populate as = memmap_of(
		(MAX_BYTES - align - 64 * 8) / PF_PAGE_SIZE, 64);
	int fd = open_device(), err;

	err = ioctl_errno(fd, PFBENCH_POPULATE, &as);
	if (err)
		note("a population of all bytes: %s", strerror(err));
	else if (as.bytes != MAX_BYTES)
		bail("a population has %llu bytes, not all of them",
		     (long long)as.bytes);
	close(fd);
	return !err;
}

static bool is_expected(const struct call *c, int err)
{
	if (!strcmp(c->whose, KTHREADD) && err == EAGAIN)
		return true;
	return !err || err == ENOMEM || err == EFAULT;
}

/*
 * Each of the first failures, then one in STRIDE, for these are of a loop over
 * pages, then each of the last ones.
 */
#define EACH 64
#define STRIDE 31

static void fail_each(const struct call *c)
{
	int n = 1, step = 1, err = 0, nr = 0, nr_errors = 0, nr_bad = 0;
	bool came, none;

	for (;;) {
		err = attempt(c, n, &came);
		if (!came && step > 1) {
			n -= step - 1;
			step = 1;
			continue;
		}
		if (!is_expected(c, err) || (!came && err)) {
			note("%s, failure %d: %s", c->what, n, strerror(err));
			nr_bad++;
		}
		if (!came || n > MOST_FAULTS)
			break;
		nr++;
		nr_errors += err != 0;
		if (attempt(c, 0, &none)) {
			note("%s, after failure %d: it fails", c->what, n);
			nr_bad++;
		}
		if (n == EACH)
			step = STRIDE;
		n += step;
	}
	result(!came && !nr_bad,
	       "%s: %d of %d failures, %d were errors of the call",
	       c->what, nr, n - 1, nr_errors);
	result(nothing_charged(), "%s: nothing is charged", c->what);
}

static char *user, *huge;

/* Small pages, and a huge page. */
static void get_memory(void)
{
	user = mmap(NULL, 64UL * page_size, PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	huge = mmap(NULL, 2 * HUGE_SIZE, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (user == MAP_FAILED || huge == MAP_FAILED)
		bail("no memory");
	memset(user, 1, 64UL * page_size);
	huge += -(uintptr_t)huge & (HUGE_SIZE - 1);
	madvise(huge, HUGE_SIZE, MADV_HUGEPAGE);
	memset(huge, 1, HUGE_SIZE);
}

static void start_module(void)
{
	int err = module_there() ? module_unload() : 0, fd;

	if (!err)
		err = module_load(MODULE_PATH, "max_mb=" MAX_MB);
	if (err)
		bail("cannot load %s: %s", MODULE_PATH, strerror(err));
	fd = open_device();
	if (fd < 0 || catalog_read(fd, &catalog))
		bail("cannot read the catalog: %s", strerror(errno));
	close(fd);
	native = generation_named(&catalog, "native");
	page_size = catalog.info.page_size;
}

static void fail_all(void)
{
	const struct call calls[] = {
		{ "open", 0, false, SELF },
		{ "INFO", PFBENCH_INFO, false, SELF,
		  .arg.info.size = sizeof(struct pfbench_info) },
		{ "ENTRY", PFBENCH_ENTRY, false, SELF,
		  .arg.entry.size = sizeof(struct pfbench_entry) },
		{ "POPULATE, a memmap", PFBENCH_POPULATE, false, SELF,
		  .arg.populate = memmap_of(64, 64) },
		{ "POPULATE, a memmap of single pages", PFBENCH_POPULATE,
		  false, SELF, .arg.populate = memmap_of(70000, 64) },
		{ "POPULATE, instead of another", PFBENCH_POPULATE, true,
		  SELF, .arg.populate = pages_of(16, 2) },
		{ "POPULATE, pages", PFBENCH_POPULATE, false, SELF,
		  .arg.populate = pages_of(1024, 0) },
		{ "POPULATE, pages of order 4", PFBENCH_POPULATE, false, SELF,
		  .arg.populate = pages_of(1024, 4) },
		{ "POPULATE, the caller's pages", PFBENCH_POPULATE, false,
		  SELF, .arg.populate = user_of(user, 64UL * page_size,
						PFBENCH_SMALL) },
		{ "POPULATE, the caller's huge page", PFBENCH_POPULATE, false,
		  SELF, .arg.populate = user_of(huge, HUGE_SIZE,
						PFBENCH_TAILS) },
		{ "RUN", PFBENCH_RUN, true, SELF, .arg.run = run_of(0) },
		{ "RUN, threads", PFBENCH_RUN, true, SELF,
		  .arg.run = run_of(1) },
		{ "RACE", PFBENCH_RACE, false, SELF,
		  .arg.race = race_of(PFBENCH_DELAY_SPIN) },
		{ "RACE, its threads", PFBENCH_RACE, false, KTHREADD,
		  .arg.race = race_of(PFBENCH_DELAY_PREEMPT) },
		{ "TEARDOWN", PFBENCH_TEARDOWN, true, SELF },
	};
	struct memory before;
	bool came;
	int err;

	/* warm up: one-time allocations must not count */
	for (size_t i = 0; i < LEN(calls); i++) {
		err = attempt(&calls[i], 0, &came);
		if (err)
			bail("%s: %s", calls[i].what, strerror(err));
	}
	before = memory_now();
	for (size_t i = 0; i < LEN(calls); i++)
		fail_each(&calls[i]);
	result(memory_back(&before, page_noise(), OBJECT_TOLERANCE, "faults"),
	       "the memory is back");
}

int main(int argc, char **argv)
{
	int err;

	if (argc > 1) {
		fputs("usage: faults: let each allocation of each call fail\n",
		      strcmp(argv[1], "-h") ? stderr : stdout);
		return strcmp(argv[1], "-h") ? 2 : 0;
	}
	start();
	mark_log("faults");
	if (!set_faults())
		bail("this kernel has no fault injection");
	start_module();
	get_memory();
	result(nothing_charged(), "nothing is charged at first");
	fail_all();
	result_pins();
	err = module_unload();
	result(!err, "the module can be removed (%s)", strerror(err));
	result_log();
	return finish();
}
