// SPDX-License-Identifier: GPL-2.0
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cmd/cmd.h"
#include "measure/gbench.h"
#include "data/point_filter.h"
#include "measure/session.h"

static const char help[] =
"Usage: pfbench list [--all] [--backend=BACKEND] [--benchmark_filter=REGEX]\n"
"\n"
"List points, one a line: what 'pfbench run' with the same options measures.\n"
"\n"
"      --all                     every point, not just the default set\n"
"      --backend=BACKEND         user (the default), or kmod: with the kernel's\n"
"                                own accessors\n"
"      --benchmark_filter=REGEX  of all points those that match; with a minus\n"
"                                in front, those that do not\n"
"  -h, --help                    this text\n"
"\n"
"A name is ACCESSOR/GENERATION/POPULATION/WORKINGSET/MODE, then branch or\n"
"select, cond, shuffled, order:N, anon, thp, hugetlb, fake or file where they\n"
"differ from the default. See pfbench(1).\n"
"\n"
"Example: pfbench list --benchmark_filter='^PageLocked/.*/tail/hot/latency$'\n";

int cmd_list(int argc, char **argv)
{
	static const struct option options[] = {
		{ "all", no_argument, NULL, 'a' },
		{ "backend", required_argument, NULL, 'b' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 }
	};
	struct gbench_flags flags;
	struct point_filter s;
	char name[POINT_NAME_MAX];
	struct errmsg msg = { "" };
	struct session_options o = SESSION_DEFAULTS;
	bool all = false;
	int c, ret;

	if (wants_help(argc, argv)) {
		fputs(help, stdout);
		return EXIT_DONE;
	}
	point_filter_flags(&flags, argc, argv);
	gbench_init(&argc, argv);
	opterr = 0;
	while ((c = getopt_long(argc, argv, ":h", options, NULL)) != -1) {
		if (c == 'a')
			all = true;
		else if (c != 'b')
			return complain_option(argc, argv, c);
		else if (session_option(&o, "backend", optarg, &msg))
			return complain("list: %s", msg.text);
	}
	if (optind < argc)
		return complain("list: '%s': no arguments are taken (--benchmark_filter selects)",
				argv[optind]);
	ret = point_filter_open(&s, &flags, all ? POINTS_ALL : POINTS_DEFAULT,
			     !strcmp(o.backend, "kmod"), &msg);
	if (ret)
		return complain("list: %s", msg.text);
	for (size_t i = 0; i < s.nr; i++) {
		point_name(&s.point[i], name);
		puts(name);
	}
	point_filter_close(&s);
	return fflush(stdout) ? complain("list: writing failed") : EXIT_DONE;
}
