/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Everything that a measurement needs: the CPU, the backend, the contention
 * detector, the counters, the sampler.
 */
#ifndef PFBENCH_MEASURE_SESSION_H
#define PFBENCH_MEASURE_SESSION_H

#include <signal.h>

#include "lib/errmsg.h"
#include "machine/counters.h"
#include "machine/topology.h"
#include "machine/tsc.h"
#include "measure/backend.h"
#include "measure/contention.h"
#include "measure/sampler.h"

/**
 * struct session_options - how to measure
 * @backend: "user" or "kmod"
 * @events: for counters_open(); "none": no counters
 * @cpu_kind: NULL: any
 * @cpu: -1: the quietest one, and another one while that is contended
 * @cpus: with @cpu -1: only one of these, "0,2-5"; NULL: any
 * @target_ci, @max_seconds, @patience: see struct sampler
 * @target_ci_given: not by default
 * @sample_seconds: duration of a long run
 * @sample_given: not by default
 * @rounds: 0: as many as needed
 * @icount: the clock counts instructions; it is checked
 * @exact: for counts of instructions, from any source
 * @interrupted: nonzero: stop soon; may be NULL
 */
struct session_options {
	const char *backend;
	const char *events;
	const char *cpu_kind;
	const char *cpus;
	int cpu;
	double target_ci, max_seconds, patience;
	bool target_ci_given;
	double sample_seconds;
	bool sample_given;
	long rounds;
	bool icount, exact;
	const volatile sig_atomic_t *interrupted;
};

/* Rounds of an emulator do not vary: a few long samples are finer. */
#define SESSION_FIXED_SAMPLE 80e-6

#define SESSION_DEFAULTS { .backend = "user", .events = COUNTERS_DEFAULT, \
			   .cpu = -1, .target_ci = 0.005, \
			   .max_seconds = 0.12, .patience = 10, \
			   .sample_seconds = 20e-6 }

/**
 * struct session - see session_open()
 * @cpu: the present one
 * @used: @nr_used CPUs that were in use, the first one first
 * @moves: how often the CPU changed
 * @twins: for @sampler, if the command wants them
 * @lock: see cpu_lock()
 */
struct session {
	struct topology *topology;
	struct cpu_choice cpu;
	struct backend backend;
	struct contention contention;
	struct sampler sampler;
	struct counters *counters;
	struct cycle_counter *cycles;	/* NULL: none */
	struct errmsg no_cycles;	/* why */
	struct clock_pair started;
	long long steal_started;
	int *used;
	size_t nr_used;
	unsigned long moves;
	struct twins twins;
	int lock;
};

/**
 * session_open() - get ready to measure, and bind this thread to a CPU
 *
 * No other pfbench measures on the CPU until session_close().
 *
 * Return: 0, or a negative errno with a line in @msg.
 */
int session_open(struct session *s, const struct session_options *o,
		 struct errmsg *msg);
void session_close(struct session *s);

/** session_clock() - update ns_per_tick from all the time since the start */
void session_clock(struct session *s);

/** session_steal() - steal since the start on the CPUs in use, in USER_HZ; -1: not reported */
long long session_steal(const struct session *s);

#endif
