// SPDX-License-Identifier: GPL-2.0
#include <dirent.h>
#include <errno.h>
#include <perf/core.h>
#include <perf/evlist.h>
#include <perf/evsel.h>
#include <perf/threadmap.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "lib/read_file.h"
#include "machine/counters.h"
#include "machine/counters_internal.h"

#define TRIAL_NS	50000
#define TRIES		3	/* a neighbour may hold the PMU for a moment */

/*
 * Events of one PMU in one pass are a group: its leader is the one thing that
 * is switched, so that all of them count the same instructions. The leader is
 * pinned: a group that does not get the PMU at once goes into error, instead
 * of being multiplexed with others.
 */
struct slot {
	struct perf_event_attr attr;	/* as it is opened */
	bool software;
	bool leader;
	uint32_t pmu;			/* what may share a group */
	struct perf_evlist *list;	/* the group; the leader owns it */
	struct perf_evsel *evsel;
	/* libperf exports no reset: count from what was read last */
	struct perf_counts_values last;
};

struct counters {
	size_t nr;
	unsigned int nr_passes;
	bool exclude_user;
	struct perf_thread_map *threads;
	struct counter *counter;
	struct slot *slot;
	bool stale[COUNTERS_MAX];	/* by pass: open again before use */
};

static int drop_message(enum libperf_print_level level, const char *fmt,
			va_list ap)
{
	(void)level;
	(void)fmt;
	(void)ap;
	return 0;
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

/* "0-3,8" */
static bool cpulist_has(const char *s, long cpu)
{
	long lo, hi;
	char *end;

	for (; *s; s = *end == ',' ? end + 1 : end) {
		lo = strtol(s, &end, 10);
		if (end == s)
			return false;
		hi = lo;
		if (*end == '-')
			hi = strtol(end + 1, &end, 10);
		if (lo <= cpu && cpu <= hi)
			return true;
		if (*end != ',')
			return false;
	}
	return false;
}

uint32_t counters_core_pmu(const char *root, int cpu)
{
	char *dir, *cpus, *number;
	unsigned int nr = 0;
	struct dirent *e;
	uint32_t type = 0;
	DIR *d;

	if (asprintf(&dir, "%s/sys/bus/event_source/devices", root) < 0)
		return 0;
	d = opendir(dir);
	while (d && (e = readdir(d))) {
		/* a core PMU has "cpus", an uncore PMU "cpumask" */
		cpus = read_line("%s/%s/cpus", dir, e->d_name);
		nr += cpus != NULL;
		if (cpus && cpulist_has(cpus, cpu)) {
			number = read_line("%s/%s/type", dir, e->d_name);
			if (number)
				type = strtoul(number, NULL, 10);
			free(number);
		}
		free(cpus);
	}
	if (d)
		closedir(d);
	free(dir);
	return nr > 1 ? type : 0;
}

static int try_open(struct counters *c, const struct perf_event_attr *attr)
{
	struct perf_event_attr copy = *attr;
	struct perf_evsel *evsel;
	int err;

	evsel = perf_evsel__new(&copy);
	if (!evsel)
		return -ENOMEM;
	err = perf_evsel__open(evsel, NULL, c->threads);
	perf_evsel__close(evsel);
	perf_evsel__delete(evsel);
	return err;
}

/* Always raised by the kernel: without it, these read zero and look true. */
static bool raised_in_kernel(const struct perf_event_attr *attr)
{
	if (attr->type == PERF_TYPE_TRACEPOINT)
		return true;
	return attr->type == PERF_TYPE_SOFTWARE &&
	       (attr->config == PERF_COUNT_SW_CONTEXT_SWITCHES ||
		attr->config == PERF_COUNT_SW_CPU_MIGRATIONS);
}

static bool generic_hardware(const struct perf_event_attr *attr)
{
	return attr->type == PERF_TYPE_HARDWARE ||
	       attr->type == PERF_TYPE_HW_CACHE;
}

static void prepare(struct counters *c, size_t i, uint32_t core_pmu)
{
	struct slot *s = &c->slot[i];
	struct perf_event_attr attr = c->counter[i].attr;

	attr.disabled = 1;
	attr.pinned = 1;
	attr.read_format = PERF_FORMAT_TOTAL_TIME_ENABLED |
			   PERF_FORMAT_TOTAL_TIME_RUNNING;
	attr.exclude_user = c->exclude_user;
	attr.exclude_kernel = !c->exclude_user && !raised_in_kernel(&attr);
	attr.exclude_hv = attr.exclude_kernel;

	s->software = attr.type == PERF_TYPE_SOFTWARE ||
		      attr.type == PERF_TYPE_TRACEPOINT;
	s->pmu = s->software ? PERF_TYPE_SOFTWARE : attr.type;
	s->attr = attr;
	if (!generic_hardware(&attr))
		return;
	s->pmu = PERF_TYPE_RAW;
	if (!core_pmu)
		return;
	/* else the kernel picks big or little cores by itself; older ones do */
	attr.config |= (uint64_t)core_pmu << 32;
	if (!try_open(c, &attr)) {
		s->attr = attr;
		s->pmu = core_pmu;
	}
}

static void close_set(struct counters *c, const size_t *set, size_t nr)
{
	struct slot *s;
	size_t i;

	for (i = 0; i < nr; i++) {
		s = &c->slot[set[i]];
		/* closes and frees the members, too */
		if (s->leader)
			perf_evlist__delete(s->list);
		s->leader = false;
		s->list = NULL;
		s->evsel = NULL;
	}
}

static int open_slot(struct counters *c, struct slot *s)
{
	memset(&s->last, 0, sizeof(s->last));
	/* no CPU map: any CPU; leaders come before their members in a set */
	return perf_evsel__open(s->evsel, NULL, c->threads);
}

static int add_slot(struct counters *c, const size_t *set, size_t i)
{
	struct slot *s = &c->slot[set[i]], *other;
	struct perf_event_attr attr = s->attr;
	size_t j;

	for (j = 0; j < i; j++) {
		other = &c->slot[set[j]];
		if (other->leader && other->pmu == s->pmu)
			break;
	}
	if (j < i) {
		s->list = other->list;
		attr.disabled = 0;
		attr.pinned = 0;
	} else {
		s->list = perf_evlist__new();
		if (!s->list)
			return -ENOMEM;
		s->leader = true;
	}
	s->evsel = perf_evsel__new(&attr);
	if (!s->evsel)
		return -ENOMEM;
	perf_evlist__add(s->list, s->evsel);
	perf_evlist__set_leader(s->list);
	return open_slot(c, s);
}

static int open_set(struct counters *c, const size_t *set, size_t nr)
{
	size_t i;
	int err;

	for (i = 0; i < nr; i++) {
		err = add_slot(c, set, i);
		if (err) {
			close_set(c, set, nr);
			return err;
		}
	}
	return 0;
}

/* software last to stop and first to start: it must not disturb the PMU */
static int switch_set(struct counters *c, const size_t *set, size_t nr,
		      bool on)
{
	struct slot *s;
	int round, err = 0;
	bool software;
	size_t i;

	for (round = 0; round < 2; round++) {
		software = on ? round == 0 : round == 1;
		for (i = 0; i < nr; i++) {
			s = &c->slot[set[i]];
			if (!s->leader || s->software != software)
				continue;
			if (on ? perf_evsel__enable(s->evsel) :
				 perf_evsel__disable(s->evsel))
				err = -errno;
		}
	}
	return err;
}

static int read_set(struct counters *c, const size_t *set, size_t nr,
		    uint64_t *value)
{
	struct perf_counts_values now;
	struct slot *s;
	int err, ret = 0;
	size_t i;

	for (i = 0; i < nr; i++) {
		s = &c->slot[set[i]];
		/* in error, it reads end of file, and libperf returns -errno */
		errno = EAGAIN;
		err = perf_evsel__read(s->evsel, 0, 0, &now);
		if (err) {
			ret = err;
			continue;
		}
		if (now.ena - s->last.ena != now.run - s->last.run)
			ret = ret ? ret : -EAGAIN;
		value[set[i]] = now.val - s->last.val;
		s->last = now;
	}
	return ret;
}

static void spin(void)
{
	struct timespec a, b;

	clock_gettime(CLOCK_MONOTONIC, &a);
	do {
		/* something to count for the kernel, too */
		syscall(SYS_getppid);
		clock_gettime(CLOCK_MONOTONIC, &b);
	} while ((b.tv_sec - a.tv_sec) * 1000000000LL + b.tv_nsec - a.tv_nsec <
		 TRIAL_NS);
}

/* Return: 0, or -EAGAIN if the PMU did not count all of them all the time. */
static int trial(struct counters *c, const size_t *set, size_t nr)
{
	uint64_t value[COUNTERS_MAX];
	int err, err2;

	err = switch_set(c, set, nr, true);
	spin();
	err2 = switch_set(c, set, nr, false);
	if (err || err2)
		return err ? err : err2;
	err = read_set(c, set, nr, value);
	if (err || nr > 1)
		return err;
	/* some virtual machines take any event and count none */
	if (c->slot[*set].attr.type == PERF_TYPE_HARDWARE && !value[*set]) {
		switch ((uint32_t)c->slot[*set].attr.config) {
		case PERF_COUNT_HW_CPU_CYCLES:
		case PERF_COUNT_HW_INSTRUCTIONS:
		case PERF_COUNT_HW_BRANCH_INSTRUCTIONS:
			return -ENODATA;
		}
	}
	return 0;
}

static void not_permitted(char *buf, size_t size, int err)
{
	char *level = read_line("/proc/sys/kernel/perf_event_paranoid");

	snprintf(buf, size, "not permitted: perf_event_paranoid is %s%s",
		 level ? level : "unknown",
		 err == -EPERM ? "; or a container's seccomp filter" : "");
	free(level);
}

static void explain(struct counters *c, size_t i, int err)
{
	struct perf_event_attr all = c->slot[i].attr;
	char *buf = c->counter[i].reason;
	size_t size = sizeof(c->counter[i].reason);
	const char *text = NULL;

	switch (-err) {
	case ENOENT:
	case EOPNOTSUPP:
		text = "no such event on this CPU (or no PMU in this virtual machine)";
		break;
	case EACCES:
	case EPERM:
		not_permitted(buf, size, err);
		return;
	case ENODEV:
		text = "this CPU's PMU cannot count it (ENODEV)";
		break;
	case ENOSYS:
		text = "this kernel has no perf events";
		break;
	case EBUSY:
		text = "someone else has the PMU to himself (EBUSY)";
		break;
	case EMFILE:
		text = "too many open files: raise ulimit -n";
		break;
	case EINVAL:
		all.exclude_user = 0;
		all.exclude_kernel = 0;
		all.exclude_hv = 0;
		if (!try_open(c, &all))
			text = "this PMU cannot count user and kernel mode apart";
		else
			text = "the kernel refuses it for a thread (EINVAL): an uncore PMU, or a wrong code";
		break;
	case EAGAIN:
		text = "opens, but is not counted all the time: wrong core type, or others hold the PMU";
		break;
	case ENODATA:
		text = "opens, but reads zero while code runs: a virtual machine's PMU?";
		break;
	}
	if (text)
		snprintf(buf, size, "%s", text);
	else
		snprintf(buf, size, "%s", strerror(-err));
}

static int try_set(struct counters *c, const size_t *set, size_t nr)
{
	int i, err;

	for (i = 0; i < TRIES; i++) {
		err = open_set(c, set, nr);
		if (err)
			return err;
		err = trial(c, set, nr);
		close_set(c, set, nr);
		if (err != -EAGAIN)
			break;
	}
	return err;
}

static bool fits(void *ctx, const size_t *set, size_t nr)
{
	struct counters *c = ctx;
	int err;

	err = try_set(c, set, nr);
	if (err && nr == 1)
		explain(c, *set, err);
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
		software[i] = c->slot[i].software;
	c->nr_passes = counters_assign(c->nr, software, fits, c, pass);
	for (i = 0; i < c->nr; i++) {
		c->counter[i].available = pass[i] >= 0;
		c->counter[i].pass = pass[i] >= 0 ? pass[i] : 0;
	}
	for (p = 0; p < c->nr_passes; p++) {
		nr = pass_set(c, p, set);
		err = open_set(c, set, nr);
		if (err) {
			for (i = 0; i < nr; i++) {
				explain(c, set[i], err);
				c->counter[set[i]].available = false;
			}
			continue;
		}
		/* the first use faults its code in: better here than in a sample */
		if (!counters_start(c, p))
			counters_stop(c, p, value);
	}
}

/* a comma between slashes belongs to the event */
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
				       "%s: more than %d events: ask for fewer",
				       events, COUNTERS_MAX);
		counter = &c->counter[c->nr];
		if (n >= sizeof(counter->name))
			return errmsg_set(msg, -EINVAL,
				       "%.*s: longer than %zu characters",
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
	libperf_init(drop_message);
	c = calloc(1, sizeof(*c));
	if (!c)
		return errmsg_set(msg, -ENOMEM, "counters: out of memory");
	c->exclude_user = exclude_user;
	c->counter = calloc(COUNTERS_MAX, sizeof(*c->counter));
	c->slot = calloc(COUNTERS_MAX, sizeof(*c->slot));
	c->threads = perf_thread_map__new_dummy();
	if (!c->counter || !c->slot || !c->threads) {
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
		prepare(c, i, core_pmu);
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
		close_set(c, set, nr);
	}
	perf_thread_map__put(c->threads);
	free(c->slot);
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

/* after an error it is not known what the kernel still added: begin anew */
static int reopen_set(struct counters *c, const size_t *set, size_t nr)
{
	size_t i;
	int err;

	for (i = 0; i < nr; i++)
		perf_evsel__close(c->slot[set[i]].evsel);
	for (i = 0; i < nr; i++) {
		err = open_slot(c, &c->slot[set[i]]);
		if (err)
			return err;
	}
	return 0;
}

int counters_start(struct counters *c, unsigned int pass)
{
	size_t set[COUNTERS_MAX], nr;
	int err;

	if (pass >= c->nr_passes)
		return -EINVAL;
	nr = pass_set(c, pass, set);
	if (c->stale[pass]) {
		err = reopen_set(c, set, nr);
		if (err)
			return err;
		c->stale[pass] = false;
	}
	err = switch_set(c, set, nr, true);
	if (err) {
		switch_set(c, set, nr, false);
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
	err = switch_set(c, set, nr, false);
	err2 = read_set(c, set, nr, value);
	if (!err)
		err = err2;
	c->stale[pass] = err != 0;
	return err;
}
