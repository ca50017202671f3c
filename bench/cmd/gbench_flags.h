/* SPDX-License-Identifier: GPL-2.0 */
/* Google Benchmark's flags, as far as we must know them ourselves. */
#ifndef PFBENCH_CMD_GBENCH_FLAGS_H
#define PFBENCH_CMD_GBENCH_FLAGS_H

#include <stdbool.h>

#include "cmd/cmd.h"

struct gbench_flags {
	bool list_tests;
	const char *filter;		/* NULL: none */
	const char *out_format;		/* NULL: no --benchmark_out */
};

/**
 * gbench_flags_take() - read them and hand them to Google Benchmark
 * @cmd: whose help is shown for --help
 * @argc, @argv: the flags are taken out, so that argp does not see them
 *
 * The environment counts too: BENCHMARK_FILTER, BENCHMARK_OUT.
 */
void gbench_flags_take(const struct cmd *cmd, struct gbench_flags *flags,
		       int *argc, char **argv);

#endif
