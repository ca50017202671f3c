// SPDX-License-Identifier: GPL-2.0
#include <dirent.h>
#include <errno.h>
#include <hwloc.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "lib/auto_free.h"
#include "lib/read_file.h"
#include "lib/text.h"
#include "machine/counters_internal.h"

#define TRIAL_NS	50000
#define TRIES		3	/* another user may have the PMU for a moment */

static int drop_message(enum libperf_print_level level, const char *fmt,
			va_list ap)
{
	(void)level;
	(void)fmt;
	(void)ap;
	return 0;
}

void counters_init_libperf(void)
{
	libperf_init(drop_message);
}

unsigned int counters_assign(size_t nr, const bool *software,
			     counters_fits fits, void *ctx, int *pass)
{
	size_t set[COUNTERS_MAX], i, j, n;
	unsigned int p, hardware = 0;
	bool any_software = false;

	for (i = 0; i < nr; i++) {
		pass[i] = -1;
		if (!fits(ctx, &i, 1))
			continue;
		if (software[i]) {
			pass[i] = 0;
			any_software = true;
			continue;
		}
		for (p = 0; p < hardware; p++) {
			for (n = 0, j = 0; j < i; j++)
				if (!software[j] && pass[j] == (int)p)
					set[n++] = j;
			set[n++] = i;
			if (fits(ctx, set, n))
				break;
		}
		pass[i] = p;
		if (p == hardware)
			hardware++;
	}
	return hardware ? hardware : any_software;
}

/* @cpus: a list as in sysfs: "0-3,8" */
static bool cpulist_has(const char *cpus, int cpu)
{
	hwloc_bitmap_t set = hwloc_bitmap_alloc();
	bool has = set && !hwloc_bitmap_list_sscanf(set, cpus) &&
		   hwloc_bitmap_isset(set, cpu);

	hwloc_bitmap_free(set);
	return has;
}

uint32_t counters_core_pmu(const char *root, int cpu)
{
	auto_free char *dir = text_format("%s/sys/bus/event_source/devices",
					  root);
	DIR *d = dir ? opendir(dir) : NULL;
	unsigned int nr = 0;
	struct dirent *e;
	uint32_t type = 0;

	while (d && (e = readdir(d))) {
		/* a core PMU has "cpus", an uncore PMU "cpumask" */
		auto_free char *cpus = read_file("%s/%s/cpus", dir, e->d_name);
		auto_free char *id = read_line("%s/%s/type", dir, e->d_name);

		nr += cpus != NULL;
		if (cpus && id && cpulist_has(clean_line(cpus), cpu))
			type = strtoul(id, NULL, 10);
	}
	if (d)
		closedir(d);
	return nr > 1 ? type : 0;
}

static void run_for_trial(void)
{
	struct timespec a, b;

	clock_gettime(CLOCK_MONOTONIC, &a);
	do {
		/* the kernel, too, must execute something to count */
		syscall(SYS_getppid);
		clock_gettime(CLOCK_MONOTONIC, &b);
	} while ((b.tv_sec - a.tv_sec) * 1000000000LL + b.tv_nsec - a.tv_nsec <
		 TRIAL_NS);
}

/* Return: 0; -EAGAIN if the PMU did not count each event all the time. */
static int count_trial(struct counters *c, const size_t *set, size_t nr)
{
	uint64_t value[COUNTERS_MAX];
	int err, err2;

	err = counters_switch_set(c, set, nr, true);
	run_for_trial();
	err2 = counters_switch_set(c, set, nr, false);
	if (err || err2)
		return err ? err : err2;
	err = counters_read_set(c, set, nr, value);
	if (err || nr > 1)
		return err;
	/* some virtual machines accept every event and count nothing */
	if (c->event[*set].attr.type == PERF_TYPE_HARDWARE && !value[*set]) {
		switch ((uint32_t)c->event[*set].attr.config) {
		case PERF_COUNT_HW_CPU_CYCLES:
		case PERF_COUNT_HW_INSTRUCTIONS:
		case PERF_COUNT_HW_BRANCH_INSTRUCTIONS:
			return -ENODATA;
		}
	}
	return 0;
}

static int try_set(struct counters *c, const size_t *set, size_t nr)
{
	int i, err;

	for (i = 0; i < TRIES; i++) {
		err = counters_open_set(c, set, nr);
		if (err)
			return err;
		err = count_trial(c, set, nr);
		counters_close_set(c, set, nr);
		if (err != -EAGAIN)
			break;
	}
	return err;
}

static bool set_fits(void *ctx, const size_t *set, size_t nr)
{
	struct counters *c = ctx;
	int err;

	err = try_set(c, set, nr);
	if (err && nr == 1)
		counters_explain(c, *set, err);
	return !err;
}

static size_t pass_set(const struct counters *c, unsigned int pass,
		       size_t *set)
{
	size_t i, nr = 0;

	for (i = 0; i < c->nr; i++)
		if (c->counter[i].available && c->counter[i].pass == pass)
			set[nr++] = i;
	return nr;
}

static void open_passes(struct counters *c)
{
	bool software[COUNTERS_MAX];
	uint64_t value[COUNTERS_MAX];
	size_t set[COUNTERS_MAX], i, nr;
	int pass[COUNTERS_MAX], err;
	unsigned int p;

	for (i = 0; i < c->nr; i++)
		software[i] = c->event[i].software;
	c->nr_passes = counters_assign(c->nr, software, set_fits, c, pass);
	for (i = 0; i < c->nr; i++) {
		c->counter[i].available = pass[i] >= 0;
		c->counter[i].pass = pass[i] >= 0 ? pass[i] : 0;
	}
	for (p = 0; p < c->nr_passes; p++) {
		nr = pass_set(c, p, set);
		err = counters_open_set(c, set, nr);
		if (err) {
			for (i = 0; i < nr; i++) {
				counters_explain(c, set[i], err);
				c->counter[set[i]].available = false;
			}
			continue;
		}
		/* the first use faults pages in: not within a sample */
		if (!counters_start(c, p))
			counters_stop(c, p, value);
	}
}

/* A comma between slashes belongs to the event. */
static size_t event_length(const char *s)
{
	bool inside = false;
	size_t n;

	for (n = 0; s[n] && (inside || s[n] != ','); n++)
		if (s[n] == '/')
			inside = !inside;
	return n;
}

static int parse_events(struct counters *c, const char *events,
			struct errmsg *msg)
{
	const char *s = events;
	struct counter *counter;
	size_t n;
	int err;

	for (;;) {
		n = event_length(s);
		if (c->nr == COUNTERS_MAX)
			return errmsg_set(msg, -EINVAL,
					  "%s: more than %d events: name fewer",
					  events, COUNTERS_MAX);
		counter = &c->counter[c->nr];
		if (n >= sizeof(counter->name))
			return errmsg_set(msg, -EINVAL,
					  "event %.*s: name longer than %zu characters",
					  (int)n, s, sizeof(counter->name) - 1);
		memcpy(counter->name, s, n);
		counter->name[n] = '\0';
		err = event_parse("", counter->name, &counter->attr, msg);
		if (err)
			return err;
		c->nr++;
		if (!s[n])
			return 0;
		s += n + 1;
	}
}

int counters_open(struct counters **out, const char *events, bool exclude_user,
		  struct errmsg *msg)
{
	struct counters *c;
	uint32_t core_pmu;
	unsigned int cpu = 0;
	int err = -ENOMEM;
	size_t i;

	*out = NULL;
	counters_init_libperf();
	c = calloc(1, sizeof(*c));
	if (!c)
		return errmsg_set(msg, -ENOMEM, "counters: out of memory");
	c->exclude_user = exclude_user;
	c->counter = calloc(COUNTERS_MAX, sizeof(*c->counter));
	c->event = calloc(COUNTERS_MAX, sizeof(*c->event));
	c->threads = perf_thread_map__new_dummy();
	if (!c->counter || !c->event || !c->threads) {
		errmsg_set(msg, err, "counters: out of memory");
		goto fail;
	}
	perf_thread_map__set_pid(c->threads, 0, 0);
	err = parse_events(c, events, msg);
	if (err)
		goto fail;
	syscall(SYS_getcpu, &cpu, NULL, NULL);
	core_pmu = counters_core_pmu("", cpu);
	for (i = 0; i < c->nr; i++)
		counters_prepare(c, i, core_pmu);
	open_passes(c);
	*out = c;
	return 0;
fail:
	counters_close(c);
	return err;
}

void counters_close(struct counters *c)
{
	size_t set[COUNTERS_MAX], nr;
	unsigned int p;

	if (!c)
		return;
	for (p = 0; p < c->nr_passes; p++) {
		nr = pass_set(c, p, set);
		counters_close_set(c, set, nr);
	}
	perf_thread_map__put(c->threads);
	free(c->event);
	free(c->counter);
	free(c);
}

size_t counters_nr(const struct counters *c)
{
	return c->nr;
}

const struct counter *counters_get(const struct counters *c, size_t i)
{
	return i < c->nr ? &c->counter[i] : NULL;
}

unsigned int counters_passes(const struct counters *c)
{
	return c->nr_passes;
}

int counters_start(struct counters *c, unsigned int pass)
{
	size_t set[COUNTERS_MAX], nr;
	int err;

	if (pass >= c->nr_passes)
		return -EINVAL;
	nr = pass_set(c, pass, set);
	if (c->stale[pass]) {
		err = counters_reopen_set(c, set, nr);
		if (err)
			return err;
		c->stale[pass] = false;
	}
	err = counters_switch_set(c, set, nr, true);
	if (err) {
		counters_switch_set(c, set, nr, false);
		c->stale[pass] = true;
	}
	return err;
}

int counters_stop(struct counters *c, unsigned int pass, uint64_t *value)
{
	size_t set[COUNTERS_MAX], nr;
	int err, err2;

	if (pass >= c->nr_passes || c->stale[pass])
		return -EINVAL;
	nr = pass_set(c, pass, set);
	err = counters_switch_set(c, set, nr, false);
	err2 = counters_read_set(c, set, nr, value);
	if (!err)
		err = err2;
	c->stale[pass] = err != 0;
	return err;
}
