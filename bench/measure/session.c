// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "machine/environment.h"
#include "measure/session.h"

volatile sig_atomic_t session_interrupted;

static void on_signal(int sig)
{
	session_interrupted = sig;
}

static void catch_signals(void)
{
	struct sigaction sa = { .sa_handler = on_signal,
				.sa_flags = SA_RESETHAND };

	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
}

static bool parse_number(const char *text, double min, double max, double *value)
{
	char *end;

	errno = 0;
	*value = strtod(text, &end);
	return end != text && !*end && !errno && *value >= min && *value <= max;
}

int session_option(struct session_options *o, const char *name,
		   const char *value, struct errmsg *msg)
{
	double v;

	if (!strcmp(name, "backend")) {
		if (strcmp(value, "user") && strcmp(value, "kmod"))
			return errmsg_set(msg, -EINVAL,
				       "--backend=%.40s: no such backend (user, kmod)",
				       value);
		o->backend = value;
	} else if (!strcmp(name, "events")) {
		o->events = value;
	} else if (!strcmp(name, "cpu-kind")) {
		o->cpu_kind = value;
	} else if (!strcmp(name, "cpu")) {
		if (!parse_number(value, 0, 1 << 20, &v) || v != (int)v)
			return errmsg_set(msg, -EINVAL,
				       "--cpu=%.40s: not a CPU number", value);
		o->cpu = v;
	} else if (!strcmp(name, "target-ci")) {
		if (!parse_number(value, 0, 100, &v))
			return errmsg_set(msg, -EINVAL,
				       "--target-ci=%.40s: not a percentage from 0 to 100",
				       value);
		o->target_ci = v / 100;
	} else if (!strcmp(name, "max-time")) {
		if (!parse_number(value, 0.001, 3600, &v))
			return errmsg_set(msg, -EINVAL,
				       "--max-time=%.40s: not a number of seconds from 0.001 to 3600",
				       value);
		o->max_seconds = v;
	} else if (!strcmp(name, "sample-time")) {
		if (!parse_number(value, 1e-6, 1, &v))
			return errmsg_set(msg, -EINVAL,
				       "--sample-time=%.40s: not a number of seconds from 0.000001 to 1",
				       value);
		o->sample_seconds = v;
	} else if (!strcmp(name, "icount")) {
		o->icount = true;
	} else if (!strcmp(name, "rounds")) {
		if (!parse_number(value, 1, SAMPLER_MAX_ROUNDS, &v) ||
		    v != (long)v)
			return errmsg_set(msg, -EINVAL,
				       "--rounds=%.40s: not a number from 1 to %d",
				       value, SAMPLER_MAX_ROUNDS);
		o->rounds = v;
	}
	return 0;
}

/* Each counts where its loops run: the module's in the kernel alone. */
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

int session_open(struct session *s, const struct session_options *o,
		 struct errmsg *msg)
{
	json_t *environment;
	const char *model;
	int ret;

	memset(s, 0, sizeof(*s));
	ret = topology_open(&s->topology, NULL, msg);
	if (ret)
		return ret;
	ret = topology_choose(s->topology, o->cpu, o->cpu_kind, 50, &s->cpu,
			      msg);
	if (!ret)
		ret = topology_bind(s->topology, &s->cpu, msg);
	/* after binding: a hybrid machine has a PMU for each kind of core */
	if (!ret)
		ret = open_counters(s, o, msg);
	if (!ret)
		ret = open_backend(s, o->backend, msg);
	if (ret) {
		counters_close(s->counters);
		topology_close(s->topology);
		return ret;
	}
	s->backend.exact = o->icount;
	environment = environment_context("", &s->cpu);
	model = json_string_value(json_object_get(environment, "cpu_model"));
	contention_open(&s->quiet, model ? model : "unknown");
	json_decref(environment);
	catch_signals();
	s->steal_started = environment_steal("", s->cpu.cpu);
	s->started = clock_pair();
	s->sampler = (struct sampler){
		.backend = &s->backend, .quiet = &s->quiet,
		.counters = s->counters, .cpu = s->cpu.cpu,
		.target_ci = o->target_ci, .max_seconds = o->max_seconds,
		/* tens of rounds of one loop alone see too little weather */
		.min_seconds = o->max_seconds < 0.1 ? o->max_seconds / 2 : 0.05,
		.quantum = clock_quantum(),
		.sample_ns = o->sample_seconds * 1e9,
		.fixed_rounds = o->rounds ? o->rounds : o->icount ? 6 : 0,
		.icount = o->icount,
		.interrupted = &session_interrupted,
	};
	nanosleep(&(struct timespec){ .tv_nsec = 20000000 }, NULL);
	session_clock(s);
	return 0;
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
	contention_close(&s->quiet);
	s->backend.close(&s->backend);
	counters_close(s->counters);
	topology_close(s->topology);
}
