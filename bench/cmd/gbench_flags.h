/* SPDX-License-Identifier: GPL-2.0 */
/* The flags of Google Benchmark that commands read, too. */
#ifndef PFBENCH_CMD_GBENCH_FLAGS_H
#define PFBENCH_CMD_GBENCH_FLAGS_H

#include <stdbool.h>

#include "cmd/cmd.h"
#include "cmd/gbench_filter.h"

/**
 * struct gbench_flags - flags from arguments and environment
 * @filter: NULL: none
 * @out_format: of --benchmark_out; NULL: no such file
 */
struct gbench_flags {
	bool list_tests;
	const char *filter;
	const char *out_format;
};

/**
 * gbench_flags_take() - read the flags and pass them to Google Benchmark
 * @cmd: shows its help for --help
 * @argc, @argv: the flags are removed, so that cmd_parse() does not see them
 *
 * BENCHMARK_FILTER and BENCHMARK_OUT in the environment are read, too.
 */
void gbench_flags_take(const struct cmd *cmd, struct gbench_flags *flags,
		       int *argc, char **argv);

#endif
