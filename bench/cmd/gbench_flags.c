// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/gbench_flags.h"
#include "lib/atomic_file.h"
#include "lib/nearest.h"

#define PREFIX "--benchmark_"
#define ENV_PREFIX "BENCHMARK_"
/* All repetitions are kept in memory until the end. */
#define MOST_REPETITIONS 1000

enum flag {
	FILTER, LIST_TESTS, REPETITIONS, FORMAT, OUT, OUT_FORMAT, SHUFFLE,
	AGGREGATES, SHOW_AGGREGATES, CONTEXT, COLOR, UNUSED,
};

/* Flags of Google Benchmark 1.7 to 1.9; @instead: why a flag is refused. */
static const struct flag_name {
	const char *name;
	enum flag flag;
	bool needs_value;
	const char *instead;
} flag_names[] = {
	{ "filter", FILTER, true },
	{ "list_tests", LIST_TESTS },
	{ "repetitions", REPETITIONS, true },
	{ "format", FORMAT, true },
	{ "out", OUT, true },
	{ "out_format", OUT_FORMAT, true },
	{ "enable_random_interleaving", SHUFFLE },
	{ "report_aggregates_only", AGGREGATES },
	{ "display_aggregates_only", SHOW_AGGREGATES },
	{ "context", CONTEXT, true },
	{ "color", COLOR, true },	/* the table has none */
	{ "min_time", UNUSED, true, "use --max-time" },
	{ "min_warmup_time", UNUSED, true, "each sample is warmed up" },
	{ "time_unit", UNUSED, true, "figures are in ns" },
	{ "perf_counters", UNUSED, true, "use --events" },
	{ "counters_tabular", UNUSED, false, "the table has no counters" },
	{ "dry_run", UNUSED, false, "use --benchmark_list_tests" },
};

/* A flag and its value, with the name for messages. */
struct given {
	const char *command;
	const struct flag_name *name;
	const char *source;	/* --benchmark_out or BENCHMARK_OUT */
	const char *value;
};

static bool parse_truth(const struct given *g)
{
	static const char *const yes[] = { "", "1", "true", "yes", "on", "t",
					   "y" };
	static const char *const no[] = { "0", "false", "no", "off", "f", "n" };

	for (size_t i = 0; i < sizeof(yes) / sizeof(*yes); i++)
		if (!strcasecmp(g->value, yes[i]))
			return true;
	for (size_t i = 0; i < sizeof(no) / sizeof(*no); i++)
		if (!strcasecmp(g->value, no[i]))
			return false;
	exit(complain("%s: %s=%.40s: not true or false", g->command, g->source,
		      g->value));
}

static const char *parse_format(const struct given *g)
{
	if (strcmp(g->value, "console") && strcmp(g->value, "json") &&
	    strcmp(g->value, "csv"))
		exit(complain("%s: %s=%.40s: no such format (console, json, csv)",
			      g->command, g->source, g->value));
	return g->value;
}

static int parse_repetitions(const struct given *g)
{
	char *end;
	long n = strtol(g->value, &end, 10);

	if (!isdigit(*g->value) || *end || n < 1 || n > MOST_REPETITIONS)
		exit(complain("%s: %s=%.40s: not a number from 1 to %d",
			      g->command, g->source, g->value,
			      MOST_REPETITIONS));
	return n;
}

static const char *parse_context(const struct given *g)
{
	const char *equals = strchr(g->value, '=');

	if (*g->value && (!equals || equals == g->value))
		exit(complain("%s: %s=%.40s: not KEY=VALUE", g->command,
			      g->source, g->value));
	return *g->value ? g->value : NULL;
}

static void set_flag(struct gbench_flags *flags, const struct given *g)
{
	switch (g->name->flag) {
	case FILTER:
		flags->filter = g->value;
		break;
	case LIST_TESTS:
		flags->list_tests = parse_truth(g);
		break;
	case REPETITIONS:
		flags->repetitions = parse_repetitions(g);
		break;
	case FORMAT:
		flags->output.format = parse_format(g);
		break;
	case OUT:
		flags->output.path = *g->value ? g->value : NULL;
		break;
	case OUT_FORMAT:
		flags->output.path_format = parse_format(g);
		break;
	case SHUFFLE:
		flags->shuffle = parse_truth(g);
		break;
	case AGGREGATES:
		flags->output.aggregates_only = parse_truth(g);
		break;
	case SHOW_AGGREGATES:
		flags->output.show_aggregates_only = parse_truth(g);
		break;
	case CONTEXT:
		flags->context = parse_context(g);
		break;
	case COLOR:
	case UNUSED:
		break;
	}
}

static void read_environment(struct gbench_flags *flags, struct given *g,
			     bool all)
{
	char name[64];

	for (size_t i = 0; i < sizeof(flag_names) / sizeof(*flag_names); i++) {
		g->name = &flag_names[i];
		if (!all && g->name->flag != FILTER)
			continue;
		snprintf(name, sizeof(name), ENV_PREFIX "%s", g->name->name);
		for (char *c = name; *c; c++)
			*c = toupper(*c);
		g->source = name;
		g->value = getenv(name);
		if (g->value)
			set_flag(flags, g);
	}
}

static const struct flag_name *find_flag(const struct given *g, size_t len)
{
	char word[NEAREST_MAX];
	struct nearest n = NEAREST(word);

	snprintf(word, sizeof(word), "%.*s", (int)len, g->source);
	for (size_t i = 0; i < sizeof(flag_names) / sizeof(*flag_names); i++) {
		if (strlen(flag_names[i].name) == len &&
		    !strncmp(flag_names[i].name, g->source, len))
			return &flag_names[i];
		if (flag_names[i].flag != UNUSED)
			nearest_offer(&n, flag_names[i].name);
	}
	exit(complain("%s: unknown flag " PREFIX "%.60s%s%s (see 'pfbench %s --help')",
		      g->command, g->source, n.name ? ": did you mean " PREFIX
		      : "", n.name ? n.name : "", g->command));
}

/* A flag of the command line; @next: the word behind it, or NULL. */
static void read_flag(struct gbench_flags *flags, struct given *g, char *word,
		      const char *next, bool all)
{
	size_t len = strcspn(word + strlen(PREFIX), "=");
	char *equals = word + strlen(PREFIX) + len;
	enum flag flag;

	g->source = word + strlen(PREFIX);
	g->name = find_flag(g, len);
	g->source = word;
	g->value = *equals ? equals + 1 : "";
	flag = g->name->flag;
	if (flag != FILTER && !all)
		exit(complain("%s: %.60s: a flag of 'pfbench run' only",
			      g->command, word));
	if (g->name->needs_value && !*equals)
		exit(complain("%s: %s needs a value behind '=': write %s=%.60s",
			      g->command, word, word,
			      next && *next != '-' ? next : "VALUE"));
	*equals = '\0';
	if (g->name->instead)
		exit(complain("%s: %s has no effect here: %s", g->command,
			      word, g->name->instead));
	if (flag == FORMAT || flag == SHOW_AGGREGATES || flag == LIST_TESTS)
		flags->given = word;
	if (flag == OUT_FORMAT || (flag == OUT && *g->value))
		flags->given_out = word;
	set_flag(flags, g);
}

/* Google Benchmark gets what it does itself; the rest is done here. */
static void pass_flags(const struct gbench_flags *flags)
{
	static char program[] = "pfbench-gbench";
	char repetitions[64], shuffle[64], context[1024];
	char *words[4] = { program, repetitions, shuffle };
	int n = 3;

	snprintf(repetitions, sizeof(repetitions), PREFIX "repetitions=%d",
		 flags->repetitions);
	snprintf(shuffle, sizeof(shuffle),
		 PREFIX "enable_random_interleaving=%s",
		 flags->shuffle ? "true" : "false");
	if (flags->context) {
		snprintf(context, sizeof(context), PREFIX "context=%s",
			 flags->context);
		words[n++] = context;
	}
	gbench_init(n, words);
}

void gbench_flags_take(const struct cmd *cmd, struct gbench_flags *flags,
		       int *argc, char **argv)
{
	struct given g = { .command = cmd->name };
	bool all = cmd == &cmd_run;
	struct errmsg msg;
	int ours = 1;

	cmd_handle_help(cmd, *argc, argv);
	*flags = (struct gbench_flags){
		.repetitions = 1,
		.output = { .format = "console", .unit = "ns",
			    .path_format = "json" },
	};
	read_environment(flags, &g, all);
	for (int i = 1; i < *argc; i++) {
		if (!strncmp(argv[i], PREFIX, strlen(PREFIX)))
			read_flag(flags, &g, argv[i], argv[i + 1], all);
		else
			argv[ours++] = argv[i];
	}
	argv[ours] = NULL;
	*argc = ours;
	if (flags->filter && (!*flags->filter || !strcmp(flags->filter, "all")))
		flags->filter = NULL;
	if (gbench_filter_set(flags->filter, &msg))
		exit(complain("%s: --benchmark_filter=%.100s: %s", cmd->name,
			      flags->filter, msg.text));
	if (all)
		pass_flags(flags);
}

static bool same_inode(const char *a, const char *b)
{
	struct stat x, y;

	return !stat(a, &x) && !stat(b, &y) && x.st_dev == y.st_dev &&
		x.st_ino == y.st_ino;
}

/* Two files that perhaps do not exist yet. */
static bool same_file(const char *a, const char *b)
{
	const char *slash_a = strrchr(a, '/'), *slash_b = strrchr(b, '/');
	char *dir_a, *dir_b;
	bool same;

	if (!access(a, F_OK) || !access(b, F_OK))
		return same_inode(a, b);
	dir_a = slash_a ? strndup(a, slash_a - a + 1) : strdup(".");
	dir_b = slash_b ? strndup(b, slash_b - b + 1) : strdup(".");
	same = dir_a && dir_b && same_inode(dir_a, dir_b) &&
		!strcmp(slash_a ? slash_a + 1 : a, slash_b ? slash_b + 1 : b);
	free(dir_a);
	free(dir_b);
	return same;
}

int gbench_flags_check(const struct gbench_flags *flags, const char *report,
		       const char *out)
{
	const char *path = flags->output.path;
	struct errmsg msg;

	if (report && flags->given)
		return complain("run: %s and %s: the report is all that is printed: give one of them",
				report, flags->given);
	if (flags->given_out && !path)
		return complain("run: %s without --benchmark_out: there is no such file",
				flags->given_out);
	if (flags->list_tests && (out || flags->given_out))
		return complain("run: --benchmark_list_tests and %s: nothing is measured: leave one of them out",
				out ? "--out" : flags->given_out);
	if ((flags->output.aggregates_only ||
	     flags->output.show_aggregates_only) && flags->repetitions == 1)
		return complain("run: aggregates of one repetition do not exist: use --benchmark_repetitions=2 or more");
	if (path && out && same_file(path, out))
		return complain("run: --out and --benchmark_out are one file, %.200s: give two",
				out);
	if (path && output_check(path, &msg))
		return complain("run: --benchmark_out=%s", msg.text);
	return EXIT_DONE;
}
