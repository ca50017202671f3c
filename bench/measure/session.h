/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What every measuring command sets up and takes down: the CPU, the backend,
 * the reference loop, the counters, the sampler.
 */
#ifndef PFBENCH_SESSION_H
#define PFBENCH_SESSION_H

#include <signal.h>

#include "measure/backend.h"
#include "machine/tsc.h"
#include "machine/counters.h"
#include "measure/contention.h"
#include "measure/sampler.h"
#include "machine/topology.h"
#include "lib/errmsg.h"

struct session_options {
	const char *backend;
	const char *events;		/* "none": no counters */
	const char *cpu_kind;
	int cpu;			/* -1: the quietest */
	double target_ci, max_seconds;
	double sample_seconds;
	long rounds;			/* 0: as many as it takes */
	bool icount;			/* the clock counts instructions */
};

#define SESSION_DEFAULTS { .backend = "user", .events = COUNTERS_DEFAULT, \
			   .cpu = -1, .target_ci = 0.005, \
			   .max_seconds = 0.12, \
			   .sample_seconds = 80e-6 }

struct session {
	struct topology *topology;
	struct cpu_choice cpu;
	struct backend backend;
	struct contention quiet;
	struct sampler sampler;
	struct counters *counters;
	struct clock_pair started;
	long long steal_started;
};

/* Set by SIGINT and SIGTERM; a second signal kills. */
extern volatile sig_atomic_t session_interrupted;

/*
 * session_open() - get ready to measure, on a CPU to which we are then bound
 * Return: 0, or a negative errno with a line in @msg.
 */
int session_open(struct session *s, const struct session_options *o,
		 struct errmsg *msg);
void session_close(struct session *s);

/* The clock against CLOCK_MONOTONIC_RAW, over all the time so far. */
void session_clock(struct session *s);

/* Steal since session_open(), in USER_HZ; -1 if that is not told. */
long long session_steal(const struct session *s);

/*
 * session_option() - one of --backend, --events, --cpu, --cpu-kind,
 * --target-ci, --max-time, --sample-time, --rounds, --icount; @name without the dashes
 * Return: 0; -EINVAL with a line in @msg.
 */
int session_option(struct session_options *o, const char *name,
		   const char *value, struct errmsg *msg);

#define SESSION_LONG_OPTIONS \
	{ "backend", required_argument, NULL, 's' }, \
	{ "events", required_argument, NULL, 's' }, \
	{ "cpu", required_argument, NULL, 's' }, \
	{ "cpu-kind", required_argument, NULL, 's' }, \
	{ "target-ci", required_argument, NULL, 's' }, \
	{ "max-time", required_argument, NULL, 's' }, \
	{ "sample-time", required_argument, NULL, 's' }, \
	{ "rounds", required_argument, NULL, 's' }, \
	{ "icount", no_argument, NULL, 's' }

#define SESSION_HELP \
"      --backend=BACKEND    where the loops run: user (the default), or kmod: in\n" \
"                           the kernel, by the module, which is to be loaded\n" \
"      --cpu=N              bind to CPU N (default: the quietest allowed one)\n" \
"      --cpu-kind=KIND      on a hybrid machine: performance, efficiency\n" \
"      --events=LIST        counters to read, by their perf, sysfs or libpfm4\n" \
"                           names; default cycles,instructions,branches,\n" \
"                           branch-misses; none for none\n" \
"      --target-ci=PERCENT  a point is done when its 95 % interval is within\n" \
"                           so much of its median (default 0.5)\n" \
"      --max-time=SECONDS   ... or after so long a point (default 0.12)\n" \
"      --sample-time=SECONDS  one sample takes about so long (default 0.00008)\n" \
"      --rounds=N           take N rounds, no more, no fewer, and judge none:\n" \
"                           for what repeats exactly; below 6 there is no\n" \
"                           interval\n" \
"      --icount             on an emulator whose clock counts instructions, one\n" \
"                           ns each (QEMU -icount shift=0): 6 rounds if\n" \
"                           --rounds says no other, called instructions\n"

#endif
