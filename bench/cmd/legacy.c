// SPDX-License-Identifier: GPL-2.0
/* For commands that do not use cmd_parse() yet. */
#include <getopt.h>
#include <string.h>

#include "cmd/cmd.h"
#include "report/test_report.h"

bool wants_help(int argc, char **argv)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--"); i++)
		if (!strcmp(argv[i], "-h") || !strcmp(argv[i], "--help"))
			return true;
	return false;
}

int complain_option(int argc, char **argv, int c)
{
	/* getopt has stepped past a whole word, not past one of "-xyz" */
	const char *word = optind > 1 && optind <= argc ? argv[optind - 1] : "";

	if (c == ':')
		return complain("%s: %s needs an argument (see 'pfbench %s --help')",
				argv[0], word, argv[0]);
	if (optopt && (word[0] != '-' || word[1] != '-'))
		return complain("%s: unknown option -%c (see 'pfbench %s --help')",
				argv[0], optopt, argv[0]);
	return complain("%s: unknown option %s (see 'pfbench %s --help')",
			argv[0], word, argv[0]);
}

int test_report_option(struct test_report *report, int c)
{
	enum test_report_format format = c == 'K' ? TEST_REPORT_KTAP :
						    TEST_REPORT_LAVA;

	if (report->format != TEST_REPORT_NONE && report->format != format)
		return -1;
	report->format = format;
	return 0;
}
