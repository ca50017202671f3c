/* SPDX-License-Identifier: GPL-2.0 */
/* The flags of Google Benchmark, checked before Google Benchmark has them. */
#ifndef PFBENCH_CMD_GBENCH_FLAGS_H
#define PFBENCH_CMD_GBENCH_FLAGS_H

#include <stdbool.h>

#include "cmd/cmd.h"
#include "cmd/gbench_filter.h"
#include "measure/gbench.h"

/**
 * struct gbench_flags - flags from arguments and environment
 * @filter: NULL: none
 * @repetitions: at least 1
 * @shuffle: repeat the points in random order
 * @context: KEY=VALUE[,...] for Google Benchmark's own files; NULL: none
 * @output: for gbench_run()
 * @given: the flag on the command line that concerns what is printed, and
 *	@given_out the one that concerns a file; NULL: none
 */
struct gbench_flags {
	bool list_tests;
	const char *filter;
	int repetitions;
	bool shuffle;
	const char *context;
	struct gbench_output output;
	const char *given, *given_out;
};

/**
 * gbench_flags_take() - read the flags and pass them to Google Benchmark
 * @cmd: shows its help for --help. All commands but run take only the filter.
 * @argc, @argv: the flags are removed, so that cmd_parse() does not see them
 *
 * The variables that Google Benchmark reads, from BENCHMARK_FILTER to
 * BENCHMARK_OUT_FORMAT, count as flags before all others.
 *
 * Exits with EXIT_BAD after one line on stderr if a flag is wrong.
 */
void gbench_flags_take(const struct cmd *cmd, struct gbench_flags *flags,
		       int *argc, char **argv);

/**
 * gbench_flags_check() - refuse flags that contradict other options
 * @report: "--ktap" or "--lava"; NULL: none
 * @out: the result file; NULL: a name of its own
 * Return: EXIT_DONE; EXIT_BAD after one line on stderr.
 */
int gbench_flags_check(const struct gbench_flags *flags, const char *report,
		       const char *out);

#endif
