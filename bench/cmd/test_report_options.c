// SPDX-License-Identifier: GPL-2.0

#include "cmd/cmd.h"
#include "cmd/test_report_options.h"
#include "report/test_report.h"

enum { KEY_KTAP = 0x3000, KEY_LAVA };

static const struct argp_option test_report_argp_options[] = {
	{ NULL, 0, NULL, 0, "Test reports for kernel labs:", 3 },
	{ "ktap", KEY_KTAP, NULL, 0,
	  "print KTAP and nothing else; the exit status is that of kselftest: 0 pass, 1 fail, 4 all skipped" },
	{ "lava", KEY_LAVA, NULL, 0, "print signals for LAVA and nothing else; exit status as with --ktap" },
	{ 0 }
};

static error_t parse_test_report_option(int key, char *arg,
					struct argp_state *state)
{
	struct test_report *report = state->input;
	enum test_report_format format;

	if (key == KEY_KTAP)
		format = TEST_REPORT_KTAP;
	else if (key == KEY_LAVA)
		format = TEST_REPORT_LAVA;
	else
		return ARGP_ERR_UNKNOWN;
	if (report->format != TEST_REPORT_NONE && report->format != format)
		return complain("%s: --ktap or --lava, not both",
				state->argv[0]);
	report->format = format;
	return 0;
}

const struct argp test_report_argp = { test_report_argp_options,
				       parse_test_report_option, NULL, NULL,
				       NULL, NULL, NULL };

const char *test_report_name(const struct test_report *report)
{
	if (report->format == TEST_REPORT_NONE)
		return NULL;
	return report->format == TEST_REPORT_KTAP ? "--ktap" : "--lava";
}
