/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Shared by counters.c, counters_group.c and counters_errors.c, and the parts
 * that tests call without a PMU.
 */
#ifndef PFBENCH_MACHINE_COUNTERS_INTERNAL_H
#define PFBENCH_MACHINE_COUNTERS_INTERNAL_H

#include <perf/core.h>
#include <perf/evlist.h>
#include <perf/evsel.h>
#include <perf/threadmap.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "machine/counters.h"

#define COUNTERS_MAX 64		/* events at most */

/**
 * struct counter_event - an event as it is opened
 * @attr: with mode and read format
 * @software: needs no counter of a PMU
 * @leader: first event of its group; the group is enabled through it
 * @pmu: events of equal @pmu may share a group
 * @list: the group; the leader owns it
 * @evsel: libperf's handle, NULL while closed
 * @last: what was read last; counts are differences, for libperf exports no
 *	reset
 *
 * The events of one PMU in one pass are a group, so that all of them count the
 * same instructions. The leader is pinned: a group that does not get the PMU
 * at once goes into error, instead of being multiplexed.
 */
struct counter_event {
	struct perf_event_attr attr;
	bool software;
	bool leader;
	uint32_t pmu;
	struct perf_evlist *list;
	struct perf_evsel *evsel;
	struct perf_counts_values last;
};

/**
 * struct counters - events and the passes that count them
 * @stale: by pass: to be opened again before use
 */
struct counters {
	size_t nr;
	unsigned int nr_passes;
	bool exclude_user;
	struct perf_thread_map *threads;
	struct counter *counter;
	struct counter_event *event;
	bool stale[COUNTERS_MAX];
};

/* Before any other call of libperf: it learns the size of a page. */
void counters_init_libperf(void);

/* does the machine count the @nr events whose indices are in @set at once? */
typedef bool (*counters_fits)(void *ctx, const size_t *set, size_t nr);

/**
 * counters_assign() - put events into as few passes as first fit gives
 * @nr: events
 * @software: for each event, whether it needs no counter of a PMU. All of
 *	these go to pass 0, and @fits gets each of them alone.
 * @fits: called with @ctx
 * @pass: out, for each event: its pass, or -1 if it does not even fit alone.
 * Return: the number of passes.
 */
unsigned int counters_assign(size_t nr, const bool *software,
			     counters_fits fits, void *ctx, int *pass);

/**
 * counters_core_pmu() - the type of the PMU of @cpu, where cores differ
 * @root: "" for this machine, or a directory that holds sys/
 * Return: 0 if all cores share one PMU, or none lists its CPUs.
 */
uint32_t counters_core_pmu(const char *root, int cpu);

/*
 * counters_group.c: @set holds the indices of @nr events, leaders before
 * members. The functions that return int return 0 or a negative errno.
 */

/** counters_try_open() - open one event and close it again */
int counters_try_open(struct counters *c, const struct perf_event_attr *attr);

/**
 * counters_prepare() - set how event @i is to be opened
 * @core_pmu: from counters_core_pmu()
 */
void counters_prepare(struct counters *c, size_t i, uint32_t core_pmu);

int counters_open_set(struct counters *c, const size_t *set, size_t nr);
void counters_close_set(struct counters *c, const size_t *set, size_t nr);

/**
 * counters_reopen_set() - open again after an error
 *
 * After an error, it is unknown what the kernel has still counted.
 */
int counters_reopen_set(struct counters *c, const size_t *set, size_t nr);

/** counters_switch_set() - enable or disable counting */
int counters_switch_set(struct counters *c, const size_t *set, size_t nr,
			bool on);

/**
 * counters_read_set() - counts since the last read
 * @value: by index of event
 * Return: -EAGAIN if an event was not counted all the time.
 */
int counters_read_set(struct counters *c, const size_t *set, size_t nr,
		      uint64_t *value);

/** counters_reason() - write why the kernel refused to open an event */
void counters_reason(int err, char *buf, size_t size);

/** counters_explain() - write why event @i failed with @err into its reason */
void counters_explain(struct counters *c, size_t i, int err);

#endif
