// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>

#include "cmd/cmd.h"
#include "cmd/gbench_flags.h"
#include "cmd/session_options.h"
#include "data/names.h"
#include "data/point_filter.h"
#include "lib/text.h"

struct list_options {
	bool all;
	int names;			/* one of enum list_names; 0: none */
	struct session_options session;	/* its backend alone */
};

enum { KEY_ALL = 1, KEY_LIST_BACKEND, KEY_FILTER };

/* Parts of names, and the keys of their options. */
enum list_names {
	LIST_ACCESSORS = KEY_FILTER + 1, LIST_GENERATIONS, LIST_POPULATIONS,
};

static const struct argp_option list_argp_options[] = {
	{ "all", KEY_ALL, NULL, 0, "all points of the catalog, not only the default set" },
	{ "backend", KEY_LIST_BACKEND, "BACKEND", 0,
	  "user (the default), or kmod, which adds the kernel's own accessors" },
	{ "benchmark_filter", KEY_FILTER, "REGEX", 0,
	  "points of the whole catalog that match; with a leading minus, points that do not match" },
	{ NULL, 0, NULL, 0, "The names that points are made of, with one line on each:", 1 },
	{ "accessors", LIST_ACCESSORS, NULL, 0,
	  "all accessors, and the operation of each" },
	{ "generations", LIST_GENERATIONS, NULL, 0,
	  "all generations, how each finds the head, and where the look-up is from" },
	{ "populations", LIST_POPULATIONS, NULL, 0,
	  "all populations, and the pages of each" },
	{ 0 }
};

static error_t parse_list_option(int key, char *arg, struct argp_state *state)
{
	struct list_options *o = state->input;

	switch (key) {
	case KEY_ALL:
		o->all = true;
		break;
	case KEY_LIST_BACKEND:
		return session_set_backend(&o->session, "list", arg);
	case LIST_ACCESSORS:
	case LIST_GENERATIONS:
	case LIST_POPULATIONS:
		if (o->names && o->names != key)
			return complain("list: --accessors, --generations and --populations exclude each other: give one of them");
		o->names = key;
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static void list_accessors(void)
{
	char text[NAMES_TEXT_MAX];

	for (int i = 0; i < PF_NR_ACCESSORS; i++) {
		names_accessor_text(i, text);
		text_line(stdout, "%-22s  %s", pf_accessors[i].name, text);
	}
}

static void list_generations(void)
{
	char origin[NAMES_TEXT_MAX];

	for (int i = 0; i < PF_NR_GENERATIONS; i++) {
		names_generation_origin(i, origin);
		text_line(stdout, "%-18s  %s", pf_generations[i].name,
			  names_generation_text(i));
		text_line(stdout, "%-18s  %s", "", origin);
	}
}

static void list_populations(void)
{
	for (int i = 0; i < PF_NR_POPULATIONS; i++)
		text_line(stdout, "%-7s  %s", i == PF_MIXED ? "mixed:N" :
			  population_kind_name(i), names_population_text(i));
}

static int list_names(enum list_names names)
{
	if (names == LIST_ACCESSORS)
		list_accessors();
	else if (names == LIST_GENERATIONS)
		list_generations();
	else
		list_populations();
	return cmd_flush("list");
}

static const struct argp list_argp = {
	list_argp_options, parse_list_option, NULL,
	"List the points that 'pfbench run' with the same options measures, one per line."
	"\v"
	"A name is ACCESSOR/GENERATION/POPULATION/WORKINGSET/MODE, then branch or select, cond, shuffled, order:N, and anon, thp, hugetlb, fake or file, each only where it differs from the default. See pfbench-points(7).\n"
	"\n"
	"Example:\n"
	"  pfbench list --benchmark_filter='^PageLocked/.*/tail/hot/latency$'",
	NULL, NULL, NULL
};

static int list_main(int argc, char **argv)
{
	struct list_options o = { .session = SESSION_DEFAULTS };
	struct gbench_flags flags;
	struct point_filter s;
	struct errmsg msg = { "" };
	int ret;

	gbench_flags_take(&cmd_list, &flags, &argc, argv);
	ret = cmd_parse(&cmd_list, argc, argv, &o, NULL);
	if (ret)
		return ret;
	if (o.names && (o.all || flags.filter))
		return complain("list: --accessors, --generations and --populations list names, not points: drop --all and --benchmark_filter");
	if (o.names)
		return list_names(o.names);
	if (point_filter_open(&s, o.all ? POINTS_ALL : POINTS_DEFAULT,
			      !strcmp(o.session.backend, "kmod"), flags.filter,
			      gbench_matches, &msg))
		return complain("list: %s", msg.text);
	point_filter_print(&s);
	point_filter_close(&s);
	return cmd_flush("list");
}

const struct cmd cmd_list = {
	"list", "list the points that can be measured", &list_argp, list_main,
};
