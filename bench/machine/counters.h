/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Performance counters through libperf. Never multiplexed: events that do not
 * fit on the PMU at once are read in more passes.
 */
#ifndef PFBENCH_COUNTERS_H
#define PFBENCH_COUNTERS_H

#include <linux/perf_event.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/errmsg.h"

#define COUNTERS_DEFAULT "cycles,instructions,branches,branch-misses"

struct counter {
	char name[64];		/* as the user wrote it */
	struct perf_event_attr attr;
	bool available;
	char reason[128];	/* why it reads n/a, where not available */
	unsigned int pass;	/* which pass counts it, from 0 */
};

struct counters;

/*
 * event_parse() - one event name to a perf_event_attr (events.c)
 * @root: "" for this machine, or a directory that holds sys/.
 * Tried in this order: perf's generic hardware and software names (cycles,
 * instructions, branches, branch-misses, cache-references, cache-misses,
 * bus-cycles, ref-cycles, task-clock, cpu-clock, page-faults, minor-faults,
 * major-faults, context-switches, cpu-migrations, ...); PMU/term=value,.../
 * and PMU/event/ of sysfs (@root/sys/bus/event_source/devices); rNNN raw;
 * libpfm4 names. Only type and config* are set; :u and :k are refused, because
 * counters_open() decides the mode.
 * Return: 0; -EINVAL with a line: which event, and where names are listed.
 */
int event_parse(const char *root, const char *name,
		struct perf_event_attr *attr, struct errmsg *msg);

/*
 * counters_open() - open @events (comma list; commas between slashes belong to
 * an event) for the calling thread on any CPU
 * @exclude_user: count the kernel only (the kmod backend); otherwise the
 *	kernel is excluded, so that perf_event_paranoid 2 is enough. Events that
 *	the kernel always raises itself (context-switches, cpu-migrations,
 *	tracepoints) are counted anyway, or read n/a where that is not permitted:
 *	in user mode they would read 0.
 *
 * An unknown name is an error (-EINVAL and a line in @msg). An event that is
 * known but cannot be had here (no PMU, not permitted) is not: its counter has
 * available == false and the reason. Events are put into passes by trying:
 * a pass is as many as the PMU takes with time_enabled == time_running. Pin the
 * thread first: where cores differ, the events are those of the core it is on.
 */
int counters_open(struct counters **c, const char *events, bool exclude_user,
		  struct errmsg *msg);
void counters_close(struct counters *c);

size_t counters_nr(const struct counters *c);
const struct counter *counters_get(const struct counters *c, size_t i);
unsigned int counters_passes(const struct counters *c);

/*
 * counters_start()/counters_stop() - count one pass. @value has room for
 * counters_nr(); the entries that this pass counts are filled in, the others
 * left alone. Stop returns -EAGAIN if the PMU was not ours all the time: the
 * values are then not to be used; start again. The calls themselves are counted
 * in part, always the same: subtract two run lengths.
 */
int counters_start(struct counters *c, unsigned int pass);
int counters_stop(struct counters *c, unsigned int pass, uint64_t *value);

#endif
