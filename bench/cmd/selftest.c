// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "cmd/cmd.h"
#include "cmd/session_options.h"
#include "cmd/test_report_options.h"
#include "cmd/verbosity.h"
#include "data/json.h"
#include "lib/progress.h"
#include "lib/text.h"
#include "measure/selftest.h"
#include "report/test_report.h"

struct selftest_input {
	struct session_options session;
	struct test_report *report;
	unsigned long repeats;
	bool json;
};

/* The next steps if a check cannot tell. */
struct advice {
	char line[4][TEXT_COLUMNS + 1];
	size_t nr;
};

enum { KEY_REPEATS = 1, KEY_JSON };

static const struct argp_option selftest_argp_options[] = {
	{ "repeats", KEY_REPEATS, "N", 0,
	  "repeat each check N times, 20 to 10000 (default 100)" },
	{ "json", KEY_JSON, NULL, 0, "print the answers as JSON" },
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
	case KEY_JSON:
		in->json = true;
		return 0;
	case ARGP_KEY_END:
		if (in->json && in->report->format != TEST_REPORT_NONE)
			return complain("selftest: --json excludes --ktap and --lava: give one of them");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_child selftest_argp_children[] = {
	{ &session_argp, 0, NULL, 0 }, { &test_report_argp, 0, NULL, 0 },
	{ &verbosity_argp, 0, NULL, 0 }, { 0 }
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
	"Exit status: 0 all checks passed; 1 a check failed; 2 bad input; 4 cannot tell (the core was never quiet for long enough); 130 interrupted.",
	selftest_argp_children, NULL, NULL
};

static void show_repeats(void *arg, unsigned int done, unsigned int total)
{
	progress_show(arg, done, total, "quiet repeats");
}

__attribute__((format(printf, 2, 3)))
static void advise(struct advice *a, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(a->line[a->nr++], sizeof(a->line[0]), fmt, ap);
	va_end(ap);
}

/* Find the steps that apply to these options on this machine. */
static void find_advice(struct advice *a, const struct selftest_input *in,
			const struct session *s,
			const struct selftest_answer *answers)
{
	const struct session_options *o = &in->session;
	bool unknown = false;

	for (int i = 0; i < SELFTEST_CHECKS; i++)
		unknown |= answers[i].verdict == SELFTEST_UNKNOWN;
	if (!unknown)
		return;
	if (s->sampler.fixed_rounds) {
		if (s->sampler.fixed_rounds < 6)
			advise(a, "fewer than 6 rounds have no interval: --rounds=6 or more");
		return;
	}
	advise(a, "see what disturbs CPU %d: pfbench doctor --cpu=%d",
	       s->cpu.cpu, s->cpu.cpu);
	advise(a, "give quiet rounds more time: --max-time=%g",
	       fmax(0.5, 4 * o->max_seconds));
	if (o->cpu >= 0)
		advise(a, "let the quietest CPU be chosen: without --cpu");
	if (session_steal(s) > 0)
		advise(a, "the hypervisor took time: pin the guest's CPUs on the host");
}

static const char *verdict_word(enum selftest_verdict verdict)
{
	static const char *const words[] = {
		[SELFTEST_UNKNOWN] = "cannot tell", [SELFTEST_OK] = "ok",
		[SELFTEST_FAILED] = "NOT OK",
	};

	return words[verdict];
}

static int answers_status(const struct selftest_answer *answers)
{
	bool failed = false, unknown = false;

	for (int i = 0; i < SELFTEST_CHECKS; i++) {
		failed |= answers[i].verdict == SELFTEST_FAILED;
		unknown |= answers[i].verdict == SELFTEST_UNKNOWN;
	}
	return failed ? EXIT_NO : unknown ? EXIT_UNKNOWN : EXIT_DONE;
}

/* "0.0042 cycles", or why not. */
static const char *resolution_text(char *text, size_t size, double cycles)
{
	if (isnan(cycles))
		return "n/a (too few quiet repeats)";
	snprintf(text, size, "%.2g cycles", cycles);
	return text;
}

/* Forms that the checks repeat. */
static const struct {
	enum pf_form form;
	const char *name;
} repeated[] = {
	{ PF_THROUGHPUT, "throughput" }, { PF_LATENCY, "latency" },
};

static void print_resolution(const struct selftest_result *result)
{
	char text[2][32];

	for (int i = 0; i < 2; i++) {
		const struct selftest_resolution *r =
			&result->resolution[repeated[i].form];

		printf("resolves   %-10s in %g s: %s\n", repeated[i].name,
		       SELFTEST_SHORT,
		       resolution_text(text[0], sizeof(text[0]), r->in_short));
		printf("%-21s in %g s: %s\n", "", SELFTEST_LONG,
		       resolution_text(text[1], sizeof(text[1]), r->in_long));
	}
}

static int print_answers(const struct selftest_result *result,
			 const struct advice *advice)
{
	const struct selftest_answer *answers = result->answer;

	for (int i = 0; i < SELFTEST_CHECKS; i++)
		printf("%-10s %s  %s\n", answers[i].name, answers[i].text,
		       verdict_word(answers[i].verdict));
	print_resolution(result);
	for (size_t i = 0; i < advice->nr; i++)
		printf("  %s\n", advice->line[i]);
	return cmd_flush("selftest") ? : answers_status(answers);
}

static json_t *selftest_resolution_json(const struct selftest_result *result)
{
	json_t *o = json_object();

	for (int i = 0; i < 2; i++) {
		const struct selftest_resolution *r =
			&result->resolution[repeated[i].form];
		const double seconds[] = { SELFTEST_SHORT, SELFTEST_LONG };
		const double cycles[] = { r->in_short, r->in_long };
		json_t *list = json_array();

		for (int k = 0; k < 2; k++)
			json_array_append_new(list, json_pack("{s:f, s:o}",
					"seconds", seconds[k], "cycles",
					json_finite(cycles[k])));
		json_object_set_new(o, repeated[i].name, list);
	}
	return o;
}

static int print_answers_json(const struct selftest_result *result,
			      const struct advice *advice, int cpu)
{
	const struct selftest_answer *answers = result->answer;
	json_t *checks = json_array(), *lines = json_array(), *root;
	int err = 0;

	for (int i = 0; i < SELFTEST_CHECKS; i++)
		err |= json_array_append_new(checks, json_pack(
			"{s:s, s:s, s:s}", "name", answers[i].name,
			"figures", answers[i].text,
			"verdict", verdict_word(answers[i].verdict)));
	for (size_t i = 0; i < advice->nr; i++)
		err |= json_array_append_new(lines,
					     json_string(advice->line[i]));
	root = json_pack("{s:i, s:o, s:o, s:o}", "cpu", cpu, "checks", checks,
			 "resolution", selftest_resolution_json(result),
			 "advice", lines);
	if (!root || err) {
		json_decref(root);
		return complain("selftest: out of memory");
	}
	json_dumpf(root, stdout, JSON_INDENT(1));
	json_decref(root);
	putchar('\n');
	return cmd_flush("selftest") ? : answers_status(answers);
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

static int print_or_report(const struct selftest_input *in,
			   const struct selftest_result *result,
			   const struct advice *advice, int cpu)
{
	if (in->report->format != TEST_REPORT_NONE)
		return report_answers(in->report, result->answer);
	return in->json ? print_answers_json(result, advice, cpu) :
		print_answers(result, advice);
}

static int selftest_main(int argc, char **argv)
{
	struct selftest_result result;
	struct selftest_answer *answers = result.answer;
	struct test_report report = { TEST_REPORT_NONE };
	struct selftest_input in = { .session = SESSION_DEFAULTS,
				     .report = &report, .repeats = 100 };
	struct progress line;
	struct selftest_progress progress = { show_repeats, &line };
	struct advice advice = { .nr = 0 };
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
	progress_open(&line, cmd_quiet);
	ret = selftest(&session, in.repeats, &result, &progress, &msg);
	progress_clear(&line);
	if (!ret)
		find_advice(&advice, &in, &session, answers);
	session_close(&session);
	if (ret == -EINTR)
		return EXIT_INTERRUPTED;
	if (ret)
		return complain("selftest: %s", msg.text);
	return print_or_report(&in, &result, &advice, session.cpu.cpu);
}

const struct cmd cmd_selftest = {
	"selftest", "check that figures can be trusted on this machine",
	&selftest_argp, selftest_main,
};
