// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <linux/perf_event.h>
#include <perf/mmap.h>
#include <stdlib.h>
#include <string.h>

#include "machine/counters_internal.h"
#include "machine/cycle_counter.h"

struct cycle_counter {
	struct perf_thread_map *threads;
	struct perf_evsel *evsel;
};

/* config1 of the PMU of arm64: a 64-bit counter that user space may read */
#define ARM64_LONG_AND_RDPMC 3

static struct perf_event_attr attr_of(bool kernel)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_HARDWARE,
		.config = PERF_COUNT_HW_CPU_CYCLES,
		.size = sizeof(attr),
		.pinned = 1,
		.exclude_kernel = !kernel,
		.exclude_hv = 1,
	};

#ifdef __aarch64__
	attr.config1 = ARM64_LONG_AND_RDPMC;
#endif
	return attr;
}

static int open_cycles_event(struct cycle_counter *c, bool kernel,
		      struct errmsg *msg)
{
	struct perf_event_attr attr = attr_of(kernel);
	const struct perf_event_mmap_page *page;
	int err;

	counters_init_libperf();
	c->threads = perf_thread_map__new_dummy();
	if (!c->threads)
		return errmsg_set(msg, -ENOMEM, "out of memory");
	perf_thread_map__set_pid(c->threads, 0, 0);
	c->evsel = perf_evsel__new(&attr);
	if (!c->evsel)
		return errmsg_set(msg, -ENOMEM, "out of memory");
	err = perf_evsel__open(c->evsel, NULL, c->threads);
	if (err)
		return errmsg_set(msg, err, "no counter of cycles: %s",
				  strerror(-err));
	if (perf_evsel__mmap(c->evsel, 0))
		return errmsg_set(msg, -errno, "the counter of cycles: mmap: %s",
				  strerror(errno));
	page = perf_evsel__mmap_base(c->evsel, 0, 0);
	if (!page || !page->cap_user_rdpmc || !page->index)
		return errmsg_set(msg, -ENOTSUP,
				  "user space may not read the counter of cycles");
	return 0;
}

void cycle_counter_close(struct cycle_counter *c)
{
	if (!c)
		return;
	if (c->evsel) {
		perf_evsel__munmap(c->evsel);
		perf_evsel__close(c->evsel);
		perf_evsel__delete(c->evsel);
	}
	perf_thread_map__put(c->threads);
	free(c);
}

uint64_t cycle_counter_read(const struct cycle_counter *c)
{
	struct perf_counts_values now;

	return perf_evsel__read(c->evsel, 0, 0, &now) ? 0 : now.val;
}

struct cycle_counter *cycle_counter_open(bool kernel, struct errmsg *msg)
{
	struct cycle_counter *c = calloc(1, sizeof(*c));

	if (!c) {
		errmsg_set(msg, -ENOMEM, "out of memory");
		return NULL;
	}
	if (open_cycles_event(c, kernel, msg) || !cycle_counter_read(c)) {
		cycle_counter_close(c);
		return NULL;
	}
	return c;
}
