/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The race of include/pageflags/race.h between threads: requests, results and
 * what follows from a result.
 */
#ifndef PFBENCH_RACE_RACE_H
#define PFBENCH_RACE_RACE_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

#include "lib/errmsg.h"
#include "lib/stats.h"
#include "pageflags/race.h"

#define RACE_CONFIDENCE 0.95
#define RACE_MAX_THREADS 64
#define RACE_PARTS 20		/* per run, to measure how its counts scatter */

/* The way in which a reader is delayed. */
enum race_delay_kind {
	RACE_SPIN,		/* the reader spins */
	RACE_SLEEP,		/* the reader sleeps */
	RACE_SIGNAL,		/* a signal handler of the reader spins */
	RACE_PREEMPT,		/* a thread of higher priority spins */
	RACE_IRQ,		/* an interrupt handler spins; kernel only */
	RACE_NR_DELAY_KINDS
};

enum race_inject {
	RACE_INJECT_NOTHING,
	RACE_INJECT_STALE,
	RACE_INJECT_GARBAGE,
};

/**
 * struct race_request - one run: one generation, one protocol, one delay
 * @kmod: run in the kernel module, not in user space
 * @gen: generation of the look-up and of the writers' stores
 * @accessor: one for which race_can() is true
 * @protocol: what a reader holds
 * @readers: reading threads
 * @writers: writing threads
 * @cpu: allowed CPUs, assigned to readers and writers alternately
 * @nr_cpus: entries of @cpu, at least 1
 * @interrupts: timer interrupts per second and reader; 0: no timer
 * @seconds: longest duration
 * @lookups: the run ends after this many; 0: no limit
 * @windows: a bit per enum pf_window with a delay; 0: no delay
 * @kind: what delays the reader
 * @ns: length of a delay
 * @inject: falsify one answer in PF_RACE_INJECT_EVERY, to test the judge
 */
struct race_request {
	bool kmod;
	enum pf_generation gen;
	enum pf_accessor accessor;
	enum pf_race_protocol protocol;
	unsigned int readers, writers;
	int cpu[RACE_MAX_THREADS];
	size_t nr_cpus;
	unsigned int interrupts;
	double seconds;
	unsigned long lookups;
	unsigned int windows;
	enum race_delay_kind kind;
	unsigned long ns;
	enum race_inject inject;
};

/**
 * struct race_result - what a run found
 * @of: the request
 * @counts: verdicts of all readers
 * @changes: compound pages made or split
 * @refused: splits that the protocol prevented
 * @injected: falsified answers
 * @came: interrupts of the reader; kernel only
 * @switches: times that the reader lost its CPU; kernel only
 * @seconds: duration
 * @first: seconds until the first bad answer; NaN: none
 * @dispersion: of the bad answers per part of the run, or of the good ones if
 *	these are rarer; 1 is Poisson's; NaN: unknown
 * @delay: mean measured delay in ns; NaN: no look-up was delayed
 * @delays: delayed look-ups
 * @partial: the run was interrupted
 */
struct race_result {
	struct race_request of;
	struct pf_race_counts counts;
	unsigned long changes, refused, injected;
	unsigned long came, switches;
	double seconds;
	double first;
	double dispersion;
	double delay;
	unsigned long delays;
	bool partial;
};

/* Bad and good answers per part of a run. */
struct race_parts {
	struct scatter bad, good;
};

/** race_add_part() - add the counts of one part of a run */
void race_add_part(struct race_parts *parts, unsigned long lookups,
		   unsigned long bad);

/** race_dispersion() - struct race_result.dispersion of all parts */
double race_dispersion(const struct race_parts *parts);

/**
 * race_run() - race in user space
 * @interrupted: the run ends a few milliseconds after this is set
 * Return: 0, or a negative errno with a line in @msg.
 */
int race_run(const struct race_request *request, struct race_result *result,
	     const volatile sig_atomic_t *interrupted, struct errmsg *msg);

/** race_run_kmod() - race_run() in the kernel module */
int race_run_kmod(const struct race_request *request,
		  struct race_result *result,
		  const volatile sig_atomic_t *interrupted, struct errmsg *msg);

/**
 * race_check_kmod() - check that race_run_kmod() accepts a request
 * Return: 0, or -EINVAL with a line in @msg.
 */
int race_check_kmod(const struct race_request *request, struct errmsg *msg);

/**
 * race_set_try() - the look-up of PF_GEN_try, compound_head() or page_folio()
 *
 * Its other accessors do not race, and it has no delays.
 */
void race_set_try(pf_race_fn look, enum pf_accessor acc);

/** race_look() - the look-up of an accessor; @delayed: with windows */
pf_race_fn race_look(enum pf_generation gen, enum pf_accessor acc,
		     bool delayed);

/** race_can() - true if this accessor looks a head up and can be raced with */
bool race_can(enum pf_generation gen, enum pf_accessor acc);

/**
 * race_windows() - windows of an accessor of a generation
 *
 * Runs the look-up on a tail, a head and a small page, in the calling thread.
 *
 * Return: a bit per enum pf_window; PF_WINDOW_BEFORE is always set.
 */
unsigned int race_windows(enum pf_generation gen, enum pf_accessor acc);

/* Names as options and files have them. */
const char *race_window_name(enum pf_window window);
const char *race_delay_name(enum race_delay_kind kind);
const char *race_protocol_name(enum pf_race_protocol protocol);

/** race_has_flag() - true if the accessor goes on to a flag */
bool race_has_flag(const struct race_result *r);

/** race_found_bad() - bad heads; with a flag, flags on the wrong page */
unsigned long race_found_bad(const struct race_result *r);

/** race_decided() - look-ups without the undecided ones */
unsigned long race_decided(const struct race_result *r);

/**
 * race_rate() - bad answers per 10^9 look-ups
 *
 * Poisson's interval (Garwood's) of the rarer of bad and good answers, widened
 * by the dispersion.
 */
struct estimate race_rate(const struct race_result *r);

/**
 * race_idle() - why a run that found nothing is no evidence
 * Return: the reason, or NULL if the run is evidence.
 */
const char *race_idle(const struct race_result *r);

#endif
