// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "machine/counters_internal.h"

int counters_try_open(struct counters *c, const struct perf_event_attr *attr)
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

/* The kernel raises these itself: with exclude_kernel they would read 0. */
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

void counters_prepare(struct counters *c, size_t i, uint32_t core_pmu)
{
	struct counter_event *e = &c->event[i];
	struct perf_event_attr attr = c->counter[i].attr;

	attr.disabled = 1;
	attr.pinned = 1;
	attr.read_format = PERF_FORMAT_TOTAL_TIME_ENABLED |
			   PERF_FORMAT_TOTAL_TIME_RUNNING;
	attr.exclude_user = c->exclude_user;
	attr.exclude_kernel = !c->exclude_user && !raised_in_kernel(&attr);
	attr.exclude_hv = attr.exclude_kernel;

	e->software = attr.type == PERF_TYPE_SOFTWARE ||
		      attr.type == PERF_TYPE_TRACEPOINT;
	e->pmu = e->software ? PERF_TYPE_SOFTWARE : attr.type;
	e->attr = attr;
	if (!generic_hardware(&attr))
		return;
	e->pmu = PERF_TYPE_RAW;
	if (!core_pmu)
		return;
	/* an older kernel refuses the type and chooses the PMU itself */
	attr.config |= (uint64_t)core_pmu << 32;
	if (!counters_try_open(c, &attr)) {
		e->attr = attr;
		e->pmu = core_pmu;
	}
}

void counters_close_set(struct counters *c, const size_t *set, size_t nr)
{
	struct counter_event *e;
	size_t i;

	for (i = 0; i < nr; i++) {
		e = &c->event[set[i]];
		/* also closes and frees the members */
		if (e->leader)
			perf_evlist__delete(e->list);
		e->leader = false;
		e->list = NULL;
		e->evsel = NULL;
	}
}

static int open_event(struct counters *c, struct counter_event *e)
{
	memset(&e->last, 0, sizeof(e->last));
	/* no CPU map: the thread is counted on any CPU */
	return perf_evsel__open(e->evsel, NULL, c->threads);
}

static int add_event(struct counters *c, const size_t *set, size_t i)
{
	struct counter_event *e = &c->event[set[i]], *other;
	struct perf_event_attr attr = e->attr;
	size_t j;

	for (j = 0; j < i; j++) {
		other = &c->event[set[j]];
		if (other->leader && other->pmu == e->pmu)
			break;
	}
	if (j < i) {
		e->list = other->list;
		attr.disabled = 0;
		attr.pinned = 0;
	} else {
		e->list = perf_evlist__new();
		if (!e->list)
			return -ENOMEM;
		e->leader = true;
	}
	e->evsel = perf_evsel__new(&attr);
	if (!e->evsel)
		return -ENOMEM;
	perf_evlist__add(e->list, e->evsel);
	perf_evlist__set_leader(e->list);
	return open_event(c, e);
}

int counters_open_set(struct counters *c, const size_t *set, size_t nr)
{
	size_t i;
	int err;

	for (i = 0; i < nr; i++) {
		err = add_event(c, set, i);
		if (err) {
			counters_close_set(c, set, nr);
			return err;
		}
	}
	return 0;
}

int counters_reopen_set(struct counters *c, const size_t *set, size_t nr)
{
	size_t i;
	int err = 0;

	for (i = 0; i < nr; i++)
		perf_evsel__close(c->event[set[i]].evsel);
	for (i = 0; i < nr && !err; i++)
		err = open_event(c, &c->event[set[i]]);
	return err;
}

/* The PMU counts least of the switching: software starts first, stops last. */
int counters_switch_set(struct counters *c, const size_t *set, size_t nr,
			bool on)
{
	struct counter_event *e;
	int round, err = 0;
	bool software;
	size_t i;

	for (round = 0; round < 2; round++) {
		software = on ? round == 0 : round == 1;
		for (i = 0; i < nr; i++) {
			e = &c->event[set[i]];
			if (!e->leader || e->software != software)
				continue;
			if (on ? perf_evsel__enable(e->evsel) :
				 perf_evsel__disable(e->evsel))
				err = -errno;
		}
	}
	return err;
}

int counters_read_set(struct counters *c, const size_t *set, size_t nr,
		      uint64_t *value)
{
	struct perf_counts_values now;
	struct counter_event *e;
	int err, ret = 0;
	size_t i;

	for (i = 0; i < nr; i++) {
		e = &c->event[set[i]];
		/* libperf returns -errno if a group in error reads as empty */
		errno = EAGAIN;
		err = perf_evsel__read(e->evsel, 0, 0, &now);
		if (err) {
			ret = err;
			continue;
		}
		if (now.ena - e->last.ena != now.run - e->last.run)
			ret = ret ? ret : -EAGAIN;
		value[set[i]] = now.val - e->last.val;
		e->last = now;
	}
	return ret;
}
