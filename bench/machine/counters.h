/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Performance counters through libperf, never multiplexed: events that do not
 * fit on the PMU together are counted in several passes.
 */
#ifndef PFBENCH_MACHINE_COUNTERS_H
#define PFBENCH_MACHINE_COUNTERS_H

#include <linux/perf_event.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/errmsg.h"

#define COUNTERS_DEFAULT "cycles,instructions,branches,branch-misses"

/**
 * struct counter - an event
 * @name: as the user wrote it
 * @attr: from event_parse()
 * @available: it can be counted here
 * @reason: why not, if it is not available
 * @pass: number of the pass that counts it, from 0
 */
struct counter {
	char name[64];
	struct perf_event_attr attr;
	bool available;
	char reason[128];
	unsigned int pass;
};

struct counters;

/**
 * event_parse() - translate the name of an event
 * @root: "" for this machine, or a directory that holds sys/
 * @name: tried in this order: perf's generic names (cycles, L1-dcache-loads,
 *	page-faults, ...); PMU/TERM=VALUE,.../ and PMU/EVENT/ of
 *	sys/bus/event_source/devices; rNNN, a raw code; names of libpfm4
 * @attr: out: type and config* are set, all else is zero
 *
 * Modifiers (:u, :k) are refused: counters_open() decides the mode.
 *
 * Return: 0; -EINVAL with a line in @msg.
 */
int event_parse(const char *root, const char *name,
		struct perf_event_attr *attr, struct errmsg *msg);

/**
 * counters_open() - open events for the calling thread, on any CPU
 * @c: out, for counters_close()
 * @events: list with commas; a comma between slashes belongs to the event
 * @exclude_user: count kernel mode only; false: count user mode only, which
 *	perf_event_paranoid 2 permits. Events that the kernel itself raises
 *	(context-switches, cpu-migrations, tracepoints) are counted in kernel
 *	mode in any case: in user mode they would read 0.
 *
 * A known event that cannot be counted here (no PMU, no permission) is no
 * error: its counter has the reason. The passes are found by trial: each has as
 * many events as the PMU counts with time_enabled == time_running. Bind the
 * thread first: on a hybrid machine, each kind of core has a PMU.
 *
 * Return: 0; -EINVAL for an unknown name, or another negative errno, with a
 * line in @msg.
 */
int counters_open(struct counters **c, const char *events, bool exclude_user,
		  struct errmsg *msg);

void counters_close(struct counters *c);

/** counters_nr() - how many events were named */
size_t counters_nr(const struct counters *c);

/** counters_get() - event @i; NULL beyond the last event */
const struct counter *counters_get(const struct counters *c, size_t i);

/** counters_passes() - how many passes count all available events */
unsigned int counters_passes(const struct counters *c);

/**
 * counters_start() - begin to count the events of a pass
 * Return: 0 or a negative errno.
 */
int counters_start(struct counters *c, unsigned int pass);

/**
 * counters_stop() - end counting
 * @value: counters_nr() counts; only those of @pass are written
 *
 * The counts include a constant part of the two calls: take the difference
 * of two lengths of a loop.
 *
 * Return: 0; -EAGAIN if the PMU did not count all the time: @value is then
 * invalid, start again; another negative errno.
 */
int counters_stop(struct counters *c, unsigned int pass, uint64_t *value);

#endif
