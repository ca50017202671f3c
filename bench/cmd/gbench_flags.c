// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "cmd/gbench_flags.h"
#include "measure/gbench.h"

/* The value of --flag=value, "" for --flag; NULL: not this flag. */
static const char *flag_value(const char *arg, const char *flag)
{
	size_t n = strlen(flag);

	if (strncmp(arg, flag, n))
		return NULL;
	if (arg[n] == '=')
		return arg + n + 1;
	return arg[n] ? NULL : "";
}

/*
 * Google Benchmark gets its own flags alone: it takes --help=x for --help. It
 * takes out the flags that it knows; the others stay for cmd_parse() to refuse.
 */
static void give_flags(int *argc, char **argv)
{
	int ours = 1, flags = 1;
	char *words[*argc + 1];

	words[0] = argv[0];
	for (int i = 1; i < *argc; i++) {
		if (!strncmp(argv[i], "--benchmark_", strlen("--benchmark_")))
			words[flags++] = argv[i];
		else
			argv[ours++] = argv[i];
	}
	words[flags] = NULL;
	gbench_init(&flags, words);
	for (int i = 1; i < flags; i++)
		argv[ours++] = words[i];
	argv[ours] = NULL;
	*argc = ours;
}

void gbench_flags_take(const struct cmd *cmd, struct gbench_flags *flags,
		       int *argc, char **argv)
{
	const char *format = "json", *v;
	struct errmsg msg;
	bool out = getenv("BENCHMARK_OUT") && *getenv("BENCHMARK_OUT");

	cmd_handle_help(cmd, *argc, argv);
	memset(flags, 0, sizeof(*flags));
	flags->filter = getenv("BENCHMARK_FILTER");
	for (int i = 1; i < *argc; i++) {
		v = flag_value(argv[i], "--benchmark_filter");
		if (v)
			flags->filter = v;
		v = flag_value(argv[i], "--benchmark_list_tests");
		if (v)
			flags->list_tests = !strchr("0fFnN", *v) || !*v;
		v = flag_value(argv[i], "--benchmark_out");
		if (v)
			out = *v;
		v = flag_value(argv[i], "--benchmark_out_format");
		if (v)
			format = v;
	}
	if (flags->filter && (!*flags->filter || !strcmp(flags->filter, "all")))
		flags->filter = NULL;
	if (gbench_filter_set(flags->filter, &msg))
		exit(complain("%s: --benchmark_filter=%.100s: %s", cmd->name,
			      flags->filter, msg.text));
	flags->out_format = out ? format : NULL;
	give_flags(argc, argv);
}
