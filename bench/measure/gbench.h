/* SPDX-License-Identifier: GPL-2.0 */
/* Google Benchmark as C sees it. gbench.cc is the only C++ here. */
#ifndef PFBENCH_GBENCH_H
#define PFBENCH_GBENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct gbench_state;		/* benchmark::State */

/* A finished repetition, as Google Benchmark reports it. */
struct gbench_run {
	const char *name;	/* as registered */
	void *arg;		/* as registered */
	int64_t iterations;
	int64_t repetition;
	int64_t repetitions;
	double real_ns, cpu_ns;	/* an iteration */
	bool skipped;		/* gbench_skip() */
};

/* Take Google Benchmark's own flags out of the arguments. */
void gbench_init(int *argc, char **argv);

/*
 * Register one benchmark that times itself: @fn is called once a repetition,
 * and reports by gbench_result() or gbench_skip().
 */
void gbench_register(const char *name,
		     void (*fn)(struct gbench_state *state, void *arg),
		     void *arg);

/*
 * Register one in Google Benchmark's own way: it chooses the iterations and
 * takes the time, of @fn called again and again, @ops operations a call.
 */
void gbench_register_plain(const char *name, void (*fn)(void *arg), void *arg,
			   int64_t ops);

/*
 * gbench_result() - what a repetition measured
 * @ns: net time of an operation
 * @loop: is run once under Google Benchmark's own CPU timer
 * @ops: operations that it does
 */
void gbench_result(struct gbench_state *state, double ns,
		   void (*loop)(void *arg), void *arg, int64_t ops);
void gbench_counter(struct gbench_state *state, const char *name, double value);
void gbench_label(struct gbench_state *state, const char *label);
/* @reason: NULL if the run was interrupted, which is not said of each point. */
void gbench_skip(struct gbench_state *state, const char *reason);

/*
 * gbench_matches() - does --benchmark_filter select this name?
 * Google Benchmark's own rules (an extended regular expression found anywhere,
 * a leading minus turns it round), on the name without the "/manual_time" that
 * it would put behind it.
 * Return: 1, 0, or -EINVAL for what is no regular expression.
 */
int gbench_matches(const char *name);

/* Have it write nothing to standard output. */
void gbench_silence(void);

/*
 * gbench_run() - run all that is registered
 * @each: is told of every finished repetition
 * @out_format: of --benchmark_out: "json", "csv", "console"; NULL without it
 */
void gbench_run(void (*each)(void *arg, const struct gbench_run *run),
		void *arg, const char *out_format);

#ifdef __cplusplus
}
#endif

#endif
