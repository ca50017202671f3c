// SPDX-License-Identifier: GPL-2.0
/*
 * The module does no harm to the machine: one subcommand per promise of its
 * manual. The tests choose the kernel's command line and the clock.
 */
#include "guest.h"

#include <linux/capability.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>

static struct catalog catalog;
static uint64_t rng = 1;

static void bind_to(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		bail("cannot bind to CPU %d: %s", cpu, strerror(errno));
}

static int nr_cpus(void)
{
	return sysconf(_SC_NPROCESSORS_ONLN);
}

/* Start the module with these parameters, and read its catalog. */
static void start_module(const char *parameters)
{
	int err = module_there() ? module_unload() : 0, fd;

	if (!err)
		err = module_load(MODULE_PATH, parameters);
	if (err)
		bail("cannot load %s: %s", MODULE_PATH, strerror(err));
	fd = open_device();
	free(catalog.entry);
	if (fd < 0 || catalog_read(fd, &catalog))
		bail("cannot read the catalog: %s", strerror(errno));
	close(fd);
}

static void result_unload(void)
{
	int err = module_unload();

	result(!err, "the module can be removed (%s)", strerror(err));
}

/* Children that burn time on each CPU; they die with their parent. */
static void burn(int per_cpu)
{
	for (int i = 0; i < per_cpu * nr_cpus(); i++) {
		if (fork())
			continue;
		bind_to(i % nr_cpus());
		for (;;)
			;
	}
}

static void on_signal(int signal)
{
	(void)signal;
}

/* Without SA_RESTART: a call ends with EINTR, or early. */
static void catch(int signal, int flags)
{
	struct sigaction action = { .sa_handler = on_signal,
				    .sa_flags = flags };

	sigaction(signal, &action, NULL);
}

static struct pfbench_race preempting_race(void)
{
	return (struct pfbench_race){
		.size = sizeof(struct pfbench_race),
		/* the look-up of any page has two windows */
		.accessor = accessor_named(&catalog, "SetPageDirty"),
		.generation = generation_named(&catalog, "v4.4-word"),
		.windows = PFBENCH_WINDOWS, .delay = PFBENCH_DELAY_PREEMPT,
		.delay_ns = 1000, .writer_cpu = nr_cpus() - 1,
		.most_ns = 10000000000ULL,
	};
}

/* The task of that name with the highest number; 0: none. */
static pid_t newest_named(const char *name)
{
	DIR *proc = opendir("/proc");
	char path[300], comm[64];
	struct dirent *e;
	pid_t pid = 0;

	while (proc && (e = readdir(proc))) {
		snprintf(path, sizeof(path), "/proc/%s/comm", e->d_name);
		if (atoi(e->d_name) > pid &&
		    read_text(path, comm, sizeof(comm)) && !strcmp(comm, name))
			pid = atoi(e->d_name);
	}
	if (proc)
		closedir(proc);
	return pid;
}

static pthread_t racer;
static atomic_bool racing;

/*
 * Make the reader of each race yield to the busy processes, and then interrupt
 * the race.
 */
static void *interrupt_races(void *arg)
{
	pid_t last = 0, reader;

	for (;;) {
		reader = newest_named("pfbench-read");
		if (reader == last || !reader || !racing) {
			sleep_ms(1);
			continue;
		}
		last = reader;
		setpriority(PRIO_PROCESS, reader, 10);
		sleep_ms(5 + below(&rng, 20));
		while (racing && newest_named("pfbench-read") == last) {
			pthread_kill(racer, SIGALRM);
			sleep_ms(20);
		}
	}
	return arg;
}

/*
 * A reader may be kept from running between two of its delays for long, while
 * the race ends and its other threads are freed.
 */
static void races(int times)
{
	struct pfbench_race race;
	int fd, err = 0, i, early = 0;
	pthread_t id;

	start_module("");
	setpgid(0, 0);
	burn(2);
	catch(SIGALRM, 0);
	racer = pthread_self();
	if (pthread_create(&id, NULL, interrupt_races, NULL))
		bail("cannot make a thread");
	fd = open_device();
	for (i = 0; i < times && !err; i++) {
		race = preempting_race();
		race.seed = i;
		racing = true;
		err = ioctl_errno(fd, PFBENCH_RACE, &race);
		racing = false;
		early += !err && race.ns < race.most_ns;
		if (i % 100 == 99)
			note("%d races", i + 1);
	}
	close(fd);
	signal(SIGTERM, SIG_IGN);
	kill(0, SIGTERM);
	result(!err && early == times,
	       "%d of %d preempting races were interrupted (%s)", early, times,
	       strerror(err));
	result_unload();
}

/* A thread of real time on this CPU that wakes up as often as it can. */

static struct {
	pthread_t thread;
	atomic_bool stop;
	double worst;		/* seconds that it woke up too late */
} probe;

#define PROBE_NS 200000

static void *probe_main(void *arg)
{
	struct timespec at, is;
	double late;

	clock_gettime(CLOCK_MONOTONIC, &at);
	while (!probe.stop) {
		at.tv_nsec += PROBE_NS;
		if (at.tv_nsec >= 1000000000) {
			at.tv_nsec -= 1000000000;
			at.tv_sec++;
		}
		clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL);
		clock_gettime(CLOCK_MONOTONIC, &is);
		late = is.tv_sec - at.tv_sec + (is.tv_nsec - at.tv_nsec) / 1e9;
		if (late > probe.worst)
			probe.worst = late;
		if (late > PROBE_NS / 1e9)
			at = is;
	}
	return arg;
}

static void start_probe(void)
{
	struct sched_param param = { .sched_priority = 50 };

	probe.stop = false;
	probe.worst = 0;
	if (pthread_create(&probe.thread, NULL, probe_main, NULL) ||
	    pthread_setschedparam(probe.thread, SCHED_FIFO, &param))
		bail("cannot start a thread of real time");
	sleep_ms(5);
	probe.worst = 0;
}

/* Return: the microseconds that the thread was late, at most. */
static double stop_probe(void)
{
	probe.stop = true;
	pthread_join(probe.thread, NULL);
	return probe.worst * 1e6;
}

/* Populations. */

static struct pfbench_populate memmap_of(uint64_t pages, uint32_t which)
{
	return (struct pfbench_populate){
		.size = sizeof(struct pfbench_populate),
		.source = PFBENCH_MEMMAP, .which = which,
		.order = which == PFBENCH_SMALL ? 0 : 2,
		.tails = which == PFBENCH_MIXED ? 50 : 0, .places = 1,
		.flags = PFBENCH_SHUFFLED, .seed = 1, .nr_pages = pages,
		.max_visits = pages,
		.generation = generation_named(&catalog, "v4.4-word"),
	};
}

static int open_populated(const struct pfbench_populate *all)
{
	struct pfbench_populate as = *all;
	int fd = open_device(), err = fd < 0 ? errno :
		ioctl_errno(fd, PFBENCH_POPULATE, &as);

	if (err)
		bail("cannot populate: %s", strerror(err));
	return fd;
}

static struct pfbench_run run_of(const char *accessor, const char *generation,
				 uint64_t iterations)
{
	return (struct pfbench_run){
		.size = sizeof(struct pfbench_run),
		.accessor = accessor_named(&catalog, accessor),
		.generation = generation_named(&catalog, generation),
		.iterations = iterations,
	};
}

static void set_stretch(unsigned int us)
{
	char text[16];

	snprintf(text, sizeof(text), "%u", us);
	if (!write_text("/sys/module/pfbench/parameters/stretch_us", text))
		bail("cannot set stretch_us to %u", us);
}

static const unsigned int stretches[] = { 100000, 10, 500, 10, 3000, 50 };

/*
 * No irq-off window is longer than the bound, after longer ones, with fewer
 * pages and with more, with fast accessors and with slow ones.
 */
static void stretch(int times)
{
	static const char *const accessors[] = {
		"empty", "PageLocked", "SetPageDirty"
	};
	static const char *const generations[] = {
		"v3.14-rmb", "v4.4-word"
	};
	struct pfbench_populate small, large;
	int few, many, bad = 0, nr = 0;
	double late;

	start_module("max_mb=100");
	small = memmap_of(64, PFBENCH_SMALL);
	large = memmap_of(1 << 18, PFBENCH_MIXED);
	few = open_populated(&small);
	many = open_populated(&large);
	for (size_t i = 0; i < LEN(stretches); i++) {
		uint64_t bound = stretches[i] * 1000ULL, worst = 0;

		set_stretch(stretches[i]);
		for (size_t k = 0; k < LEN(accessors) * LEN(generations); k++) {
			struct pfbench_run run = run_of(
				accessors[k / LEN(generations)],
				generations[k % LEN(generations)],
				stretches[i] < 3000 ? stretches[i] * 30 :
				90000);

			if (!has_loop(&catalog, run.accessor, run.generation,
				      0, 0))
				continue;
			for (int j = 0; j < 2 * times; j++) {
				int err = ioctl_errno(j % 2 ? many : few,
						      PFBENCH_RUN, &run);

				if (err)
					bail("%s", strerror(err));
				nr++;
				bad += run.longest_ns > bound;
				if (run.longest_ns > worst)
					worst = run.longest_ns;
			}
		}
		note("stretch_us %u: the longest window has %llu ns",
		     stretches[i], (long long)worst);
	}
	result(!bad && nr, "no window exceeds stretch_us (%d of %d runs)", bad,
	       nr);

	/* the same, seen from outside */
	set_stretch(500);
	start_probe();
	for (size_t k = 0; k < LEN(accessors); k++) {
		struct pfbench_run run = run_of(accessors[k], "v4.4-word",
						50000);

		if (has_loop(&catalog, run.accessor, run.generation, 0, 0))
			ioctl_errno(many, PFBENCH_RUN, &run);
	}
	late = stop_probe();
	result(late < 600, "stretch_us 500: a thread of real time is late by %.0f us at most",
	       late);
	close(few);
	close(many);
	result_unload();
}

/* A delay by an interrupt obeys the same bound. */
static void delay(int times)
{
	struct pfbench_race race;
	int fd, err, bad = 0;

	start_module("stretch_us=300");
	fd = open_device();
	for (int i = 0; i < times; i++) {
		race = preempting_race();
		race.delay = PFBENCH_DELAY_IRQ;
		race.most_ns = 20000000;
		race.delay_ns = 300001;
		bad += ioctl_errno(fd, PFBENCH_RACE, &race) != EINVAL;
		race.delay_ns = 300000;
		err = ioctl_errno(fd, PFBENCH_RACE, &race);
		bad += err || !race.delays ||
			race.delayed_ns / race.delays > 350000;
		note("%llu delays of %.1f us (%s)", (long long)race.delays,
		     race.delayed_ns / 1e3 / (race.delays ?: 1), strerror(err));
		/* threads may delay longer */
		race.delay = PFBENCH_DELAY_SPIN;
		race.delay_ns = PFBENCH_RACE_MAX_DELAY_NS;
		bad += ioctl_errno(fd, PFBENCH_RACE, &race) != 0;
	}
	close(fd);
	result(!bad, "an interrupt delays for at most stretch_us");
	result_unload();
}

/* The kernel has no clock but the timer interrupt. */
static void coarse(int times)
{
	static const char clock[] =
		"/sys/devices/system/clocksource/clocksource0/current_clocksource";
	struct pfbench_run run;
	struct pfbench_race race;
	struct pfbench_populate as;
	char name[64] = "";
	int fd, bad = 0;

	start_module("");
	read_text(clock, name, sizeof(name));
	result(!strcmp(name, "jiffies"), "the kernel's clock is %s", name);
	result(catalog.info.facts & PFBENCH_FACT_COARSE_CLOCK,
	       "PFBENCH_INFO says that the clock is coarse");
	as = memmap_of(64, PFBENCH_SMALL);
	fd = open_populated(&as);
	for (int i = 0; i < times; i++) {
		run = run_of("PageLocked", "v4.4-word", 100);
		bad += ioctl_errno(fd, PFBENCH_RUN, &run) != ETIME;
		race = preempting_race();
		bad += ioctl_errno(fd, PFBENCH_RACE, &race) != ETIME;
	}
	close(fd);
	result(!bad, "PFBENCH_RUN and PFBENCH_RACE are refused");
	result_unload();
}

/* A child in a run that does not end. */

static pid_t run_for_ever(const struct pfbench_populate *all)
{
	pid_t pid;
	int go[2];
	char byte;

	if (pipe(go))
		bail("no pipe");
	pid = fork();
	if (!pid) {
		struct pfbench_run run = run_of("PageLocked", "v4.4-word",
						1ULL << 62);
		int fd = open_populated(all);

		catch(SIGUSR1, SA_RESTART);
		catch(SIGUSR2, 0);
		if (write(go[1], "", 1) != 1)
			_exit(99);
		_exit(ioctl_errno(fd, PFBENCH_RUN, &run));
	}
	if (read(go[0], &byte, 1) != 1)
		bail("the child does not run");
	close(go[0]);
	close(go[1]);
	sleep_ms(50);
	return pid;
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

/* Return: false if the child does not reach the state within 30 s. */
static bool reaches(pid_t pid, char state)
{
	double until = now() + 30;

	while (state_of(pid) != state)
		if (now() > until)
			return false;
		else
			sleep_ms(1);
	return true;
}

static bool still_runs(pid_t pid)
{
	return !waitpid(pid, NULL, WNOHANG) && reaches(pid, 'R');
}

static void end(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

#define CGROUP "/tmp/cgroup"

/* Return: false if the child's cgroup is not frozen within 30 s. */
static bool freeze_cgroup(pid_t pid)
{
	double until = now() + 30;
	char text[16];
	bool frozen;

	snprintf(text, sizeof(text), "%d", (int)pid);
	if (!write_text(CGROUP "/pf/cgroup.procs", text) ||
	    !write_text(CGROUP "/pf/cgroup.freeze", "1"))
		bail("cannot freeze a cgroup: %s", strerror(errno));
	do {
		sleep_ms(1);
		frozen = number_in(CGROUP "/pf/cgroup.events", "frozen") == 1;
	} while (!frozen && now() < until);
	write_text(CGROUP "/pf/cgroup.freeze", "0");
	return frozen;
}

/*
 * A signal that arrives before the restarted call is in the kernel again is
 * handled there and does not end the call: send it until one does, for 30 s.
 */
static bool ends_by(pid_t pid, int signal, int *status)
{
	for (int i = 0; i < 60; i++) {
		kill(pid, signal);
		if (reap(pid, status, 500))
			return true;
	}
	return false;
}

static void signals(int times)
{
	struct pfbench_populate as;
	int status;
	pid_t pid;

	start_module("");
	as = memmap_of(64, PFBENCH_SMALL);
	mkdir(CGROUP, 0700);
	if (mount("cgroup2", CGROUP, "cgroup2", 0, NULL) ||
	    (mkdir(CGROUP "/pf", 0700) && errno != EEXIST))
		bail("no cgroup: %s", strerror(errno));
	for (int i = 0; i < times; i++) {
		pid = run_for_ever(&as);
		kill(pid, SIGSTOP);
		result(reaches(pid, 'T'), "a run is stopped by SIGSTOP");
		kill(pid, SIGCONT);
		result(still_runs(pid), "and goes on");
		kill(pid, SIGUSR1);
		sleep_ms(50);
		result(still_runs(pid), "it goes on after a handler with SA_RESTART");
		result(freeze_cgroup(pid), "it is frozen with its cgroup");
		result(still_runs(pid), "and goes on");
		if (!ends_by(pid, SIGUSR2, &status))
			end(pid);
		result(WIFEXITED(status) && WEXITSTATUS(status) == EINTR,
		       "it ends with EINTR after a handler without SA_RESTART");
	}
	result_unload();
}

/* Freeze all tasks as for a suspend, and thaw them after five seconds. */
static void suspend(int times)
{
	struct pfbench_populate as;
	pid_t pid;

	start_module("");
	as = memmap_of(64, PFBENCH_SMALL);
	for (int i = 0; i < times; i++) {
		bool froze;

		if (!write_text("/sys/power/pm_test", "freezer")) {
			skip("a suspend freezes a run", "no CONFIG_PM_DEBUG");
			continue;
		}
		pid = run_for_ever(&as);
		froze = write_text("/sys/power/state", "freeze");
		result(froze, "a suspend freezes a run (%s)",
		       froze ? "0" : strerror(errno));
		result(still_runs(pid), "and the run goes on");
		end(pid);
	}
	result_unload();
}

#define TRACING "/tmp/tracing"

/*
 * A tracer of an instance has a trampoline of its own, which is freed when no
 * task can be in it: all tasks must pass a quiescent state of RCU-tasks.
 */
static void trampoline(int times)
{
	struct pfbench_populate as;
	int status;
	pid_t run, rm;

	start_module("");
	as = memmap_of(64, PFBENCH_SMALL);
	mkdir(TRACING, 0700);
	if (mount("tracefs", TRACING, "tracefs", 0, NULL))
		bail("no tracefs: %s", strerror(errno));
	for (int i = 0; i < times; i++) {
		static const char file[] = TRACING "/instances/pf/";
		bool gone;

		run = run_for_ever(&as);
		if (mkdir(TRACING "/instances/pf", 0700) ||
		    !write_text(TRACING "/instances/pf/set_ftrace_filter",
				"schedule") ||
		    !write_text(TRACING "/instances/pf/current_tracer",
				"function"))
			bail("no function tracer in %s: %s", file,
			     strerror(errno));
		sleep_ms(20);
		rm = fork();
		if (!rm)
			_exit(write_text(TRACING "/instances/pf/current_tracer",
					 "nop") &&
			      !rmdir(TRACING "/instances/pf") ? 0 : 1);
		gone = reap(rm, &status, 60000);
		result(gone && !status && still_runs(run),
		       "a trampoline is removed during a run");
		end(run);
		if (!gone)
			reap(rm, &status, 60000);
	}
	result_unload();
}

/* Nothing is left of a killed process after 100 ms. */

static void kill_in(const char *what, const struct pfbench_populate *all,
		    uint64_t iterations, int times)
{
	double worst = 0, began;
	bool good = true;

	for (int i = 0; i < times && good; i++) {
		pid_t pid = fork();
		int status;

		if (!pid) {
			struct pfbench_populate as = *all;
			struct pfbench_run run = run_of("PageLocked",
							"v2.6.26-bit",
							iterations);
			int fd = open_device();

			for (;;)
				if (ioctl_errno(fd, PFBENCH_POPULATE, &as) ||
				    (iterations &&
				     ioctl_errno(fd, PFBENCH_RUN, &run)))
					_exit(1);
		}
		sleep_ms(20 + below(&rng, 300));
		good = !waitpid(pid, &status, WNOHANG);
		began = now();
		kill(pid, SIGKILL);
		good = good && waitpid(pid, &status, 0) == pid &&
			WIFSIGNALED(status);
		if (now() - began > worst)
			worst = now() - began;
	}
	result(good && worst < 0.1, "%s: killed, gone after %.1f ms at most",
	       what, worst * 1e3);
}

static void killed(int times)
{
	const size_t size = 128 << 20;
	long page = sysconf(_SC_PAGESIZE);
	struct pfbench_populate as;
	char *at;

	start_module("max_mb=300");
	/* shared: the child and its parent have the same pages */
	at = mmap(NULL, size, PROT_READ | PROT_WRITE,
		  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (at == MAP_FAILED)
		bail("no memory");
	memset(at, 1, size);
	/* 128 MB each, or more */
	as = memmap_of(64, PFBENCH_MIXED);
	as.max_visits = 16 << 20;
	kill_in("the order of a mixed population", &as, 0, times);
	as = memmap_of(2 << 20, PFBENCH_SMALL);
	as.max_visits = 4 << 20;
	kill_in("the order of a small population", &as, 0, times);
	as = memmap_of(2 << 20, PFBENCH_TAILS);
	as.max_visits = 64;
	as.flags = 0;
	kill_in("the marks of a memmap", &as, 0, times);
	kill_in("the marks for another generation", &as, 8, times);
	as = memmap_of(0, PFBENCH_SMALL);
	as.generation = generation_named(&catalog, "native");
	as.max_visits = 64;
	as.source = PFBENCH_PAGES;
	as.nr_pages = size / page;
	kill_in("the allocation of pages", &as, 0, times);
	as.source = PFBENCH_USER;
	as.nr_pages = 0;
	as.address = (uintptr_t)at;
	as.length = size;
	kill_in("the pins of pages", &as, 0, times);
	munmap(at, size);
	as = memmap_of(64, PFBENCH_SMALL);
	kill_in("a run", &as, 1ULL << 62, times);
	result_unload();
}

/* Pinned memory. */

static bool without_capability(int capability)
{
	struct __user_cap_header_struct head = {
		.version = _LINUX_CAPABILITY_VERSION_3
	};
	struct __user_cap_data_struct caps[2];

	if (syscall(SYS_capget, &head, caps))
		return false;
	caps[capability / 32].effective &= ~(1U << capability % 32);
	return !syscall(SYS_capset, &head, caps);
}

static int pin(int fd, void *at, size_t length)
{
	struct pfbench_populate as = {
		.size = sizeof(as), .source = PFBENCH_USER, .places = 1,
		.generation = generation_named(&catalog, "native"),
		.max_visits = 64, .address = (uintptr_t)at, .length = length,
	};

	return ioctl_errno(fd, PFBENCH_POPULATE, &as);
}

static long pinned_kb(void)
{
	return number_in("/proc/self/status", "VmPin");
}

static void pins(int times)
{
	const size_t size = 128 << 20;
	long page = sysconf(_SC_PAGESIZE);
	struct rlimit limit = { 64 * page, 64 * page };
	int fd, err = 0, over, fits, exempt;
	long kb, left;
	double late = 0;
	char *at;

	start_module("max_mb=300");
	at = mmap(NULL, size, PROT_READ | PROT_WRITE,
		  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (at == MAP_FAILED || madvise(at, size, MADV_NOHUGEPAGE))
		bail("no memory");
	memset(at, 1, size);
	fd = open_device();
	for (int i = 0; i < times && !err; i++) {
		double now_late;

		err = pin(fd, at, size);
		start_probe();
		err = err ?: ioctl_errno(fd, PFBENCH_TEARDOWN, NULL);
		now_late = stop_probe();
		late = now_late > late ? now_late : late;
	}
	result(!err && late < 1000, "128 MB unpinned: a thread of real time is late by %.0f us at most (%s)",
	       late, strerror(err));

	setrlimit(RLIMIT_MEMLOCK, &limit);
	exempt = pin(fd, at, 65 * page);
	ioctl_errno(fd, PFBENCH_TEARDOWN, NULL);
	if (!without_capability(CAP_IPC_LOCK))
		bail("cannot drop a capability");
	over = pin(fd, at, 65 * page);
	fits = pin(fd, at, 64 * page);
	kb = pinned_kb();
	ioctl_errno(fd, PFBENCH_TEARDOWN, NULL);
	left = pinned_kb();
	result(!exempt && over == ENOMEM && !fits,
	       "pins are limited by RLIMIT_MEMLOCK (%s, %s, %s)",
	       strerror(exempt), strerror(over), strerror(fits));
	result(kb == 64 * page / 1024 && !left,
	       "VmPin has %ld kB, then %ld", kb, left);
	close(fd);
	result_pins();
	result_unload();
}

/* The threads of a race run where their caller may. */
static void cpus(int times)
{
	struct pfbench_race race;
	int fd, bad = 0;

	start_module("");
	fd = open_device();
	bind_to(0);
	for (int i = 0; i < times; i++) {
		race = preempting_race();
		race.most_ns = 10000000;
		bad += ioctl_errno(fd, PFBENCH_RACE, &race) != EPERM;
		race.writer_cpu = 0;
		bad += ioctl_errno(fd, PFBENCH_RACE, &race) != 0;
		race.reader_cpu = nr_cpus() - 1;
		bad += ioctl_errno(fd, PFBENCH_RACE, &race) != EPERM;
	}
	result(!bad, "a race stays on the caller's CPUs");
	if (!without_capability(CAP_SYS_NICE))
		bail("cannot drop a capability");
	race.reader_cpu = 0;
	bad = ioctl_errno(fd, PFBENCH_RACE, &race) != EPERM;
	race.delay = PFBENCH_DELAY_SPIN;
	bad += ioctl_errno(fd, PFBENCH_RACE, &race) != 0;
	result(!bad, "no thread of real time without CAP_SYS_NICE");
	close(fd);
	result_unload();
}

static const struct {
	const char *name;
	void (*run)(int times);
} commands[] = {
	{ "races", races },
	{ "stretch", stretch },
	{ "delay", delay },
	{ "coarse", coarse },
	{ "signals", signals },
	{ "suspend", suspend },
	{ "trampoline", trampoline },
	{ "killed", killed },
	{ "pins", pins },
	{ "cpus", cpus },
};

int main(int argc, char **argv)
{
	if (argc < 2 || !strcmp(argv[1], "-h")) {
		fputs("usage: safety COMMAND [TIMES]: see the source\n",
		      argc < 2 ? stderr : stdout);
		return argc < 2 ? 2 : 0;
	}
	start();
	mark_log("safety");
	for (size_t i = 0; i < LEN(commands); i++) {
		if (strcmp(commands[i].name, argv[1]))
			continue;
		commands[i].run(argc > 2 ? atoi(argv[2]) : 1);
		result_log();
		return finish();
	}
	bail("%s: no such command", argv[1]);
}
