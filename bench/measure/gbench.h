/* SPDX-License-Identifier: GPL-2.0 */
/* Google Benchmark for C. gbench.cc is the only C++ of this project. */
#ifndef PFBENCH_MEASURE_GBENCH_H
#define PFBENCH_MEASURE_GBENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct gbench_state;		/* benchmark::State */

/**
 * struct gbench_run - a finished repetition, as Google Benchmark reports it
 * @name, @arg: as registered
 * @real_ns, @cpu_ns: per iteration
 * @skipped: by gbench_skip()
 */
struct gbench_run {
	const char *name;
	void *arg;
	int64_t iterations;
	int64_t repetition;
	int64_t repetitions;
	double real_ns, cpu_ns;
	bool skipped;
};

/** gbench_init() - remove Google Benchmark's flags from the arguments */
void gbench_init(int *argc, char **argv);

/**
 * gbench_register() - register a benchmark that measures its own time
 * @fn: called once per repetition; calls gbench_result() or gbench_skip()
 */
void gbench_register(const char *name,
		     void (*fn)(struct gbench_state *state, void *arg),
		     void *arg);

/**
 * gbench_register_plain() - register a benchmark that Google Benchmark times
 * @fn: called as often as Google Benchmark wants
 * @ops: operations per call
 */
void gbench_register_plain(const char *name, void (*fn)(void *arg), void *arg,
			   int64_t ops);

/**
 * gbench_result() - report the result of a repetition
 * @ns: net time per operation
 * @loop: run once under Google Benchmark's own CPU timer
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

/** gbench_silence() - print nothing to standard output */
void gbench_silence(void);

/**
 * gbench_run() - run all registered benchmarks
 * @each: called after each repetition
 * @out_format: of --benchmark_out: "json", "csv", "console"; NULL: no file
 */
void gbench_run(void (*each)(void *arg, const struct gbench_run *run),
		void *arg, const char *out_format);

#ifdef __cplusplus
}
#endif

#endif
