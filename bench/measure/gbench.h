/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Google Benchmark, which runs in a program of its own, pfbench-gbench: it asks
 * for one measurement after the other, and prints them.
 */
#ifndef PFBENCH_MEASURE_GBENCH_H
#define PFBENCH_MEASURE_GBENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct errmsg;
struct gbench_state;		/* a measurement that Google Benchmark asked for */

/**
 * struct gbench_run - a finished repetition, as Google Benchmark reports it
 * @arg: as registered
 * @cpu_ns: per iteration
 * @skipped: by gbench_skip()
 */
struct gbench_run {
	void *arg;
	int64_t iterations;
	int64_t repetition;
	int64_t repetitions;
	double cpu_ns;
	bool skipped;
};

/**
 * gbench_init() - set Google Benchmark's flags
 * @argv: the name of the program and the flags; copied
 */
void gbench_init(int argc, char **argv);

/**
 * gbench_register() - register a benchmark that measures its own time
 * @name: copied
 * @fn: called once per repetition; calls gbench_result() or gbench_skip()
 * Return: 0 or -ENOMEM.
 */
int gbench_register(const char *name,
		    void (*fn)(struct gbench_state *state, void *arg),
		    void *arg);

/**
 * gbench_result() - report the result of a repetition
 * @ns: net time per operation
 * @loop: run once, for the CPU time of Google Benchmark's reports
 * @ops: operations of @loop
 */
void gbench_result(struct gbench_state *state, double ns,
		   void (*loop)(void *arg), void *arg, int64_t ops);
void gbench_counter(struct gbench_state *state, const char *name, double value);
void gbench_label(struct gbench_state *state, const char *label);

/**
 * gbench_skip() - report that a repetition has no result
 * @reason: NULL: the run was interrupted, which is not printed for each point
 */
void gbench_skip(struct gbench_state *state, const char *reason);

/**
 * struct gbench_output - where and how the figures are printed
 * @format: of standard output: "console", "json" or "csv"; NULL: nothing
 * @unit: of the table: "ns", "cycles", or "instructions" if that is what a ns
 *	stands for
 * @unit_ns: a unit in ns, which may change from point to point; NULL: 1
 * @path: a file of Google Benchmark's own; NULL: none
 * @path_format: of that file
 * @aggregates_only: with repetitions, print their mean, median and so on only
 * @show_aggregates_only: the same for standard output alone
 */
struct gbench_output {
	const char *format;
	const char *unit;
	const double *unit_ns;
	const char *path;
	const char *path_format;
	bool aggregates_only;
	bool show_aggregates_only;
};

/**
 * gbench_run() - run all registered benchmarks, and forget them
 * @each: called after each repetition
 *
 * pfbench-gbench is $PFBENCH_GBENCH, or is beside this program, or in
 * PFBENCH_LIBEXECDIR.
 *
 * JSON and CSV have null, or nothing, for figures that are not finite.
 *
 * Return: 0; a negative errno with a line in @msg if pfbench-gbench cannot be
 * run, or standard output or the file could not be written. The file is written
 * at the end, and only if something was measured.
 */
int gbench_run(void (*each)(void *arg, const struct gbench_run *run),
	       void *arg, const struct gbench_output *output,
	       struct errmsg *msg);

#endif
