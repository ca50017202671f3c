/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The race of include/pageflags/race.h between threads: who runs where, for how
 * long, and what holds a reader up.
 */
#ifndef PFBENCH_RACE_H
#define PFBENCH_RACE_H

#include <jansson.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "pageflags/race.h"
#include "lib/stats.h"
#include "lib/errmsg.h"


enum race_delay_kind {
	RACE_SPIN,		/* the reader spins */
	RACE_SLEEP,		/* it sleeps, of its own will */
	RACE_SIGNAL,		/* a handler runs on top of it, and spins */
	RACE_PREEMPT,		/* a thread that goes before it on its CPU spins */
	RACE_IRQ,		/* a real interrupt; in the kernel only */
	RACE_NR_DELAY_KINDS
};

enum race_inject { RACE_INJECT_NOTHING, RACE_INJECT_STALE, RACE_INJECT_GARBAGE,
		  RACE_NR_INJECTS };

#define RACE_MAX_THREADS 64
#define RACE_PARTS 20		/* of a run, to see how its counts scatter */

/* One run: one generation under one protocol, and one delay. */
struct race_request {
	bool kmod;			/* in the kernel */
	enum pf_generation gen;
	enum pf_accessor accessor;
	enum pf_race_protocol protocol;
	unsigned int readers, writers;
	int cpu[RACE_MAX_THREADS];	/* readers and writers in turn */
	size_t nr_cpus;
	unsigned int interrupts;	/* of a reader by a timer, a second; 0: none
					 * but what the machine has */
	double seconds;			/* at the longest */
	unsigned long lookups;		/* as many as that; 0: no such end */
	unsigned int windows;		/* a bit for each with a delay; 0: none */
	enum race_delay_kind kind;
	unsigned long ns;
	enum race_inject inject;		/* one in PF_RACE_INJECT_EVERY */
};

struct race_result {
	struct race_request of;
	struct pf_race_counts counts;
	unsigned long changes, refused, injected;
	unsigned long came, switches;	/* interrupts, and times that the reader
					 * lost its CPU; of the kernel only */
	double seconds;
	double first;			/* seconds to the first bad; NAN: none */
	double dispersion;		/* of what was found, or what was not if that
					 * is rarer, over the run's parts; NAN */
	double delay;			/* ns, measured, a look-up that was
					 * held up; NAN: none was */
	unsigned long delays;
	bool partial;			/* interrupted */
};

/* What each part of a run found, and what it did not. */
struct race_parts {
	struct scatter bad, good;
};

void race_add_part(struct race_parts *parts, unsigned long lookups,
		   unsigned long bad);
double race_dispersion(const struct race_parts *parts);

/*
 * race_run() - one run
 * @interrupted: looked at every few milliseconds; set, the run ends
 * Return: 0 or a negative errno with a line in @msg.
 */
int race_run(const struct race_request *ask, struct race_result *result,
	     const volatile sig_atomic_t *interrupted, struct errmsg *msg);
/* The same in the kernel; and whether that can be, with a line in @msg. */
int race_run_kmod(const struct race_request *ask, struct race_result *result,
		  const volatile sig_atomic_t *interrupted, struct errmsg *msg);
int race_check_kmod(const struct race_request *ask, struct errmsg *msg);

/*
 * race_windows() - a bit for each gap that this accessor of this generation comes
 * by: on a tail, a head and a small page. Found by running it.
 */
unsigned int race_windows(enum pf_generation gen, enum pf_accessor acc);

/* Does it look a head up, and can it be raced with? */
bool race_can(enum pf_generation gen, enum pf_accessor acc);

const char *race_window_name(enum pf_window window);
const char *race_delay_name(enum race_delay_kind kind);
const char *race_protocol_name(enum pf_race_protocol protocol);

/* For tests: what race_delay() does on this thread instead of a delay. */
void race_set_delay(void (*delay)(void *arg, enum pf_window window,
				  struct pf_page *page), void *arg);
/* What the look-ups of this thread leave word in. */
struct pf_race_note *race_own_note(void);

/* What was found: bad heads, or with a flag, flags on the wrong page. */
unsigned long race_found_bad(const struct race_result *r);
/* Of how many look-ups, those left out of which nobody can tell. */
unsigned long race_decided(const struct race_result *r);
/* Why a run that found nothing says nothing; NULL where it does. */
const char *race_idle(const struct race_result *r);

/*
 * race_json() - the file, as a new object
 * @partial: not all that was asked for was run; so it is if a run is partial
 * @machine: taken over
 */
json_t *race_json(const struct race_result *r, size_t nr, bool partial,
		  json_t *machine);
/*
 * race_load() - and back
 * @partial: as in race_json()
 * @machine: a new reference, or NULL
 * Return: 0 or -EINVAL with a line in @msg.
 */
int race_load(const char *path, struct race_result *r, size_t max, size_t *nr,
	      bool *partial, json_t **machine, struct errmsg *msg);

/* The report, in 72 columns. */
void race_print(FILE *f, const struct race_result *r, size_t nr,
		bool partial, const json_t *machine);
/* The data of the plot, for gnuplot and for people. */
void race_write_data(FILE *f, const struct race_result *r, size_t nr);

#endif
