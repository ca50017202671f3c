// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "data/add_cycles.h"
#include "lib/auto_free.h"
#include "lib/read_file.h"
#include "lib/stats.h"
#include "machine/cpu_model.h"
#include "machine/environment.h"
#include "measure/insn_count.h"
#include "measure/session_internal.h"

/* Counters count where the loops run: for the module in the kernel only. */
static int open_counters(struct session *s, const struct session_options *o,
			 struct errmsg *msg)
{
	if (!strcmp(o->events, "none"))
		return 0;
	return counters_open(&s->counters, o->events,
			     !strcmp(o->backend, "kmod"), msg);
}

static int open_backend(struct session *s, const char *name, struct errmsg *msg)
{
	if (!strcmp(name, "kmod"))
		return backend_kmod_open(&s->backend, s->topology, &s->cpu,
					 msg);
	return backend_user_open(&s->backend, s->topology, &s->cpu, msg);
}

/* Before the counters: they must fit on the PMU beside it. */
static void open_cycles(struct session *s, const struct session_options *o)
{
	if (o->icount || o->rounds)
		return;
	s->cycles = cycle_counter_open(!strcmp(o->backend, "kmod"),
				       &s->no_cycles);
	s->backend.cycles = s->cycles;
}

static const volatile sig_atomic_t not_interrupted;

/* Cycles per chained add, by the counter; readings that were switched out vary. */
static double count_add(struct session *s)
{
	double add[21];

	for (int i = 0; i < 21; i++) {
		uint64_t ticks = clock_start(), cycles;
		struct contention_reading *r = &s->contention.last;

		cycles = cycle_counter_read(s->cycles);
		contention_read(&s->contention);
		cycles = cycle_counter_read(s->cycles) - cycles;
		ticks = clock_stop() - ticks;
		add[i] = (r->before + r->after) / 2 * cycles / ticks;
	}
	return stats_median(add, 21);
}

static double add_cycles_of(struct session *s, const char *id)
{
	auto_free char *cpuinfo = read_file("/proc/cpuinfo");
	auto_free char *model = cpu_model("", cpuinfo, s->cpu.cpu);
	struct utsname uts;

	if (s->cycles)
		return count_add(s);
	return uname(&uts) ? NAN : add_cycles(&(struct add_cycles_cpu){
			.arch = uts.machine, .model = model, .id = id });
}

/* Nanoseconds of an ordinary clock would be reported as instructions. */
static int check_icount(struct session *s, struct errmsg *msg)
{
	struct insn_counter c = {
		.backend = &s->backend,
		.ns_per_tick = s->sampler.ns_per_tick,
		.quantum_ns = s->sampler.quantum * s->sampler.ns_per_tick,
		.interrupted = s->sampler.interrupted,
	};

	return insn_count_check_clock(&c, msg);
}

int session_open(struct session *s, const struct session_options *o,
		 struct errmsg *msg)
{
	uint64_t start;
	char *id;
	int ret;

	memset(s, 0, sizeof(*s));
	s->lock = -1;
	ret = topology_open(&s->topology, NULL, msg);
	if (ret)
		return ret;
	ret = session_choose_cpu(s, o, msg);
	if (!ret)
		ret = topology_bind(s->topology, &s->cpu, msg);
	if (!ret)
		open_cycles(s, o);
	/* after binding: each kind of core of a hybrid machine has a PMU */
	if (!ret)
		ret = open_counters(s, o, msg);
	if (!ret)
		ret = open_backend(s, o->backend, msg);
	if (ret) {
		counters_close(s->counters);
		cycle_counter_close(s->cycles);
		topology_close(s->topology);
		free(s->used);
		session_release_cpu(s);
		return ret;
	}
	s->backend.exact = o->icount || o->exact;
	id = cpu_id("", s->cpu.cpu);
	contention_open(&s->contention, id ? id : "unknown", clock_quantum());
	s->steal_started = environment_steal("", s->cpu.cpu);
	s->started = clock_pair();
	s->sampler = (struct sampler){
		.backend = &s->backend, .contention = &s->contention,
		.counters = s->counters, .cycles = s->cycles,
		.cpu = s->cpu.cpu,
		.target_ci = o->target_ci, .max_seconds = o->max_seconds,
		.patience = o->patience,
		/* a few ms show too little of a machine's noise */
		.min_seconds = o->max_seconds < 0.1 ? o->max_seconds / 2 : 0.05,
		.quantum = clock_quantum(),
		.sample_ns = o->sample_seconds * 1e9,
		.fixed_rounds = o->rounds ? o->rounds : o->icount ? 6 : 0,
		.icount = o->icount,
		.interrupted = o->interrupted ? : &not_interrupted,
		.move = o->cpu < 0 ? session_move : NULL, .move_arg = s,
	};
	/* the clock needs 10 ms, the level some hundred readings */
	for (start = clock_ns(); clock_ns() - start < 20000000;)
		contention_read(&s->contention);
	s->sampler.add_cycles = add_cycles_of(s, id);
	free(id);
	session_clock(s);
	ret = o->icount ? check_icount(s, msg) : 0;
	if (ret)
		session_close(s);
	return ret;
}

void session_clock(struct session *s)
{
	s->sampler.ns_per_tick = clock_ns_per_tick(s->started, clock_pair());
}

long long session_steal(const struct session *s)
{
	if (s->steal_started < 0)
		return -1;
	return environment_steal("", s->cpu.cpu) - s->steal_started;
}

void session_close(struct session *s)
{
	contention_close(&s->contention);
	s->backend.close(&s->backend);
	counters_close(s->counters);
	cycle_counter_close(s->cycles);
	twins_free(&s->twins);
	free(s->used);
	topology_close(s->topology);
	session_release_cpu(s);
}
