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
	const volatile sig_atomic_t *interrupted;	/* set: end soon; or NULL */
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

#endif
