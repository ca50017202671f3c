/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PFBENCH_CMD_RACE_OPTIONS_H
#define PFBENCH_CMD_RACE_OPTIONS_H

#include <argp.h>
#include <stdbool.h>

#include "race/race.h"

#define RACE_MAX_DELAYS 32

/**
 * struct race_options - the command line of 'pfbench race'
 * @request: what all runs have in common
 * @generation: generations to run; all that can race if @some_generations is
 *	false
 * @protocol: the same of protocols; none alone if @some_protocols is false
 * @delay: lengths of delays in ns, one run each
 * @windows: of --stall; 0: no delay
 * @out: JSON file, or NULL
 * @dir: directory for report and plot, or NULL
 * @run_option: the last option that only a new run takes, or NULL
 */
struct race_options {
	struct race_request request;
	bool generation[PF_NR_REPLICAS], some_generations;
	bool protocol[PF_RACE_NR_PROTOCOLS], some_protocols;
	unsigned long delay[RACE_MAX_DELAYS];
	size_t nr_delays;
	unsigned int windows;
	const char *out, *dir;
	bool list, some_accessor, some_by, some_interrupts;
	const char *run_option;
};

/* The defaults of the options. */
#define RACE_OPTIONS_DEFAULTS { \
	.request = { .readers = 1, .writers = 1, \
		     .accessor = PF_ACC_compound_head } }

/** race_argp - its input is a struct race_options */
extern const struct argp race_argp;

/**
 * race_options_complete() - fill in what was not given, check what was
 * Return: EXIT_DONE, or EXIT_BAD after a line.
 */
int race_options_complete(struct race_options *o);

#endif
