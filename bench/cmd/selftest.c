// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "cmd/session_options.h"
#include "cmd/test_report_options.h"
#include "measure/selftest.h"
#include "report/test_report.h"

struct selftest_input {
	struct session_options session;
	struct test_report *report;
	unsigned long repeats;
};

enum { KEY_REPEATS = 1 };

static const struct argp_option selftest_argp_options[] = {
	{ "repeats", KEY_REPEATS, "N", 0,
	  "repeat each check N times, 20 to 10000 (default 100)" },
	{ 0 }
};

static error_t parse_selftest_option(int key, char *arg,
				     struct argp_state *state)
{
	struct selftest_input *in = state->input;
	char *end;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &in->session;
		state->child_inputs[1] = in->report;
		return 0;
	case KEY_REPEATS:
		in->repeats = strtoul(arg, &end, 10);
		if (*end || in->repeats < 20 || in->repeats > 10000)
			return complain("selftest: --repeats=%.40s: not a number from 20 to 10000",
					arg);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_child selftest_argp_children[] = {
	{ &session_argp, 0, NULL, 0 }, { &test_report_argp, 0, NULL, 0 }, { 0 }
};

static const struct argp selftest_argp = {
	selftest_argp_options, parse_selftest_option, NULL,
	"Check that figures can be trusted on this machine, in four ways:\n"
	"\n"
	"  chains     1, 2 and 4 dependent adds are in proportion, within 2 %\n"
	"  A/A        one accessor under two names is called equal in 95 % of\n"
	"             pairs: the interval of the difference comes within\n"
	"             0.1 % of the cost of zero\n"
	"  +1         an additional dependent instruction in an accessor is\n"
	"             found in 95 % of runs\n"
	"  intervals  95 % intervals contain the long-run median in 90 % of\n"
	"             repeats"
	"\v"
	"Exit status: 0 all checks passed; 1 a check failed; 2 cannot tell (the core was never quiet for long enough), or bad input; 130 interrupted.",
	selftest_argp_children, NULL, NULL
};

static void show_repeats(unsigned int done, unsigned int repeats)
{
	fprintf(stderr, "\r\033[K%u/%u ", done, repeats);
}

/* Print the answers; returns the exit status. */
static int print_answers(const struct selftest_answer *answers)
{
	static const char *const words[] = {
		[SELFTEST_UNKNOWN] = "cannot tell", [SELFTEST_OK] = "ok",
		[SELFTEST_FAILED] = "NOT OK",
	};
	bool failed = false, unknown = false;

	for (int i = 0; i < SELFTEST_CHECKS; i++) {
		const struct selftest_answer *a = &answers[i];

		printf("%-10s %s  %s\n", a->name, a->text, words[a->verdict]);
		failed |= a->verdict == SELFTEST_FAILED;
		unknown |= a->verdict == SELFTEST_UNKNOWN;
	}
	return failed ? EXIT_NO : unknown ? EXIT_BAD : cmd_flush("selftest");
}

/* Print the answers as a test report; returns the exit status. */
static int report_answers(struct test_report *report,
			  const struct selftest_answer *answers)
{
	static const enum test_status status[] = {
		[SELFTEST_UNKNOWN] = TEST_SKIP, [SELFTEST_OK] = TEST_PASS,
		[SELFTEST_FAILED] = TEST_FAIL,
	};
	char name[32];
	int ret;

	test_report_open(report, "pfbench", NULL);
	for (int i = 0; i < SELFTEST_CHECKS; i++) {
		const struct selftest_answer *a = &answers[i];

		snprintf(name, sizeof(name), "selftest/%s", a->name);
		test_report_add(report, &(struct test_case){
			.name = name, .what = a->text, .value = NAN,
			.status = status[a->verdict],
			.reason = "the core was never quiet for long enough" });
	}
	ret = test_report_write(report, stdout) ?
		complain("selftest: standard output could not be written") :
		test_report_exit(report);
	test_report_free(report);
	return ret;
}

static int selftest_main(int argc, char **argv)
{
	struct selftest_answer answers[SELFTEST_CHECKS];
	struct test_report report = { TEST_REPORT_NONE };
	struct selftest_input in = { .session = SESSION_DEFAULTS,
				     .report = &report, .repeats = 100 };
	bool terminal = isatty(STDERR_FILENO);
	struct session session;
	struct errmsg msg = { "" };
	int ret;

	in.session.events = "none";
	in.session.interrupted = &cmd_interrupted;
	ret = cmd_parse(&cmd_selftest, argc, argv, &in, NULL);
	if (ret)
		return ret;
	cmd_catch_signals();
	ret = session_open(&session, &in.session, &msg);
	/* missing hardware is SKIP; invalid arguments are errors */
	if (ret && ret != -EINVAL && report.format != TEST_REPORT_NONE)
		return test_report_skip_all(&report, "selftest", msg.text);
	if (ret)
		return complain("selftest: %s", msg.text);
	ret = selftest(&session, in.repeats, answers,
		       terminal ? show_repeats : NULL, &msg);
	if (terminal)
		fputs("\r\033[K", stderr);
	session_close(&session);
	if (ret == -EINTR)
		return EXIT_INTERRUPTED;
	if (ret)
		return complain("selftest: %s", msg.text);
	return report.format == TEST_REPORT_NONE ? print_answers(answers) :
		report_answers(&report, answers);
}

const struct cmd cmd_selftest = {
	"selftest", "check that figures can be trusted on this machine",
	&selftest_argp, selftest_main,
};
