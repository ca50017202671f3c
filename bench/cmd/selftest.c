// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "cmd/session_options.h"
#include "cmd/test_report_options.h"
#include "report/test_report.h"
#include "measure/session.h"

enum { WORD, SAME, PLUS1, NR_TWINS };

/* One form of the three twins, sampled again and again. */
struct series {
	struct estimate *estimate;	/* of WORD, a repeat */
	double *sample;			/* of WORD, all of them */
	size_t nr_samples, max_samples;
	unsigned int repeats, equal, found;
};

struct answers {
	bool bad, unknown;
	struct test_report lab;			/* --ktap, --lava */
};

__attribute__((format(printf, 5, 6)))
static void answer(struct answers *a, const char *name, bool known, bool good,
		   const char *fmt, ...)
{
	char text[128], full[32];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	a->unknown |= !known;
	a->bad |= known && !good;
	if (a->lab.format == TEST_REPORT_NONE) {
		printf("%-10s %s  %s\n", name, text, !known ? "cannot tell" :
		       good ? "ok" : "NOT OK");
		return;
	}
	snprintf(full, sizeof(full), "selftest/%s", name);
	test_report_add(&a->lab, &(struct test_case){
		.name = full, .what = text, .value = NAN,
		.status = !known ? TEST_SKIP : good ? TEST_PASS : TEST_FAIL,
		.reason = "the core was never quiet for long enough" });
}

/*
 * Two copies of one loop at different addresses do differ, by some hundredths
 * of a per cent: so much of the cost is no difference between accessors.
 */
#define SAME_COST 0.001

/* The interval reaches what is no difference: the two are called equal. */
static bool equal(const struct estimate *difference, const struct sampled *of)
{
	double slack = SAME_COST * of->gross;

	return difference->lo <= slack && difference->hi >= -slack;
}

static int keep_samples(struct series *s, const struct sampled *word)
{
	double *grown;

	if (s->nr_samples + word->rounds > s->max_samples) {
		s->max_samples = 2 * (s->nr_samples + word->rounds);
		grown = realloc(s->sample, s->max_samples * sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		s->sample = grown;
	}
	for (size_t i = 0; i < word->rounds; i++)
		if (!isnan(word->sample[i]))
			s->sample[s->nr_samples++] = word->sample[i];
	return 0;
}

static int sample_twins(struct session *session, enum pf_form form,
			unsigned int repeats, struct series *s, struct errmsg *msg)
{
	struct point twins[NR_TWINS];
	struct sampled sampled[NR_TWINS];
	struct estimate d;
	int ret;

	for (int i = 0; i < NR_TWINS; i++)
		twins[i] = (struct point){
			.accessor = PF_ACC_PageLocked, .form = form,
			.generation = i == WORD ? PF_GEN_v4_4_word :
				i == SAME ? PF_GEN_selftest_same :
				PF_GEN_selftest_plus1,
		};
	s->estimate = calloc(repeats, sizeof(*s->estimate));
	if (!s->estimate)
		return errmsg_set(msg, -ENOMEM, "out of memory");
	/* a busy core gets half as many tries again */
	for (unsigned int i = 0; i < repeats + repeats / 2 &&
	     s->repeats < repeats; i++) {
		ret = sampler_group(&session->sampler, twins, NR_TWINS, sampled,
				    msg);
		if (ret)
			return ret;
		if (!sampled[WORD].contended && !sampled[SAME].contended &&
		    !sampled[PLUS1].contended) {
			s->estimate[s->repeats++] = sampled[WORD].ticks;
			ret = keep_samples(s, &sampled[WORD]);
			d = sampled_difference(&sampled[SAME], &sampled[WORD]);
			s->equal += equal(&d, &sampled[WORD]);
			d = sampled_difference(&sampled[PLUS1],
					       &sampled[WORD]);
			s->found += d.mid > 0 &&
				!equal(&d, &sampled[WORD]);
		}
		sampler_free(sampled, NR_TWINS);
		if (ret)
			return errmsg_set(msg, ret, "out of memory");
		if (isatty(STDERR_FILENO))
			fprintf(stderr, "\r%u/%u ", s->repeats, repeats);
	}
	if (isatty(STDERR_FILENO))
		fputs("\r\033[K", stderr);
	return 0;
}

/* How many of the intervals hold the median of all samples together. */
static unsigned int intervals_holding(const struct series *s)
{
	double median = stats_median(s->sample, s->nr_samples);
	unsigned int n = 0;

	for (unsigned int i = 0; i < s->repeats; i++)
		n += s->estimate[i].lo <= median && median <= s->estimate[i].hi;
	return n;
}

static int chains(struct session *session, struct answers *a, struct errmsg *msg)
{
	static const enum pf_accessor adds[3] = { PF_ACC_add1, PF_ACC_add2,
						  PF_ACC_add4 };
	struct point points[3];
	struct sampled sampled[3];
	double one, two, four;
	bool known = false;
	int ret;

	for (int i = 0; i < 3; i++)
		points[i] = (struct point){ .accessor = adds[i],
					    .generation = PF_GEN_primitive,
					    .form = PF_LATENCY };
	for (int tries = 0; tries < 20 && !known; tries++) {
		if (tries)
			sampler_free(sampled, 3);
		ret = sampler_group(&session->sampler, points, 3, sampled, msg);
		if (ret)
			return ret;
		known = !sampled[0].contended && !sampled[1].contended &&
			!sampled[2].contended;
	}
	one = sampled[0].ticks.mid;
	two = sampled[1].ticks.mid / one;
	four = sampled[2].ticks.mid / one;
	answer(a, "chains", known,
	       fabs(two - 2) <= 0.04 && fabs(four - 4) <= 0.08,
	       "1 : %.3f : %.3f for 1, 2, 4 adds of %.4f ticks", two, four, one);
	sampler_free(sampled, 3);
	return 0;
}

static int selftest(struct session *session, unsigned int repeats,
		    struct answers *a, struct errmsg *msg)
{
	struct series throughput = { 0 }, latency = { 0 };
	unsigned int pairs, held, equal_pairs;
	bool known;
	int ret;

	ret = chains(session, a, msg);
	if (!ret)
		ret = sample_twins(session, PF_THROUGHPUT, repeats,
				   &throughput, msg);
	if (!ret)
		ret = sample_twins(session, PF_LATENCY, repeats, &latency, msg);
	if (!ret) {
		known = throughput.repeats == repeats &&
			latency.repeats == repeats;
		pairs = throughput.repeats + latency.repeats;
		equal_pairs = throughput.equal + latency.equal;
		answer(a, "A/A", known, equal_pairs >= 0.95 * pairs,
		       "%u of %u pairs called equal (throughput %u, latency %u)",
		       equal_pairs, pairs, throughput.equal, latency.equal);
		answer(a, "+1", latency.repeats == repeats,
		       latency.found >= 0.95 * repeats,
		       "%u of %u runs found it", latency.found,
		       latency.repeats);
		held = intervals_holding(&throughput) +
			intervals_holding(&latency);
		answer(a, "intervals", known, held >= 0.90 * pairs,
		       "%u of %u hold the long-run median", held, pairs);
	}
	free(throughput.estimate);
	free(throughput.sample);
	free(latency.estimate);
	free(latency.sample);
	return ret;
}

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
	"Show that the instrument can be trusted on this machine, by four checks:\n"
	"\n"
	"  chains     1, 2 and 4 dependent adds are in proportion, within 2 %\n"
	"  A/A        one accessor under two names is called equal in 95 % of\n"
	"             pairs; equal: the interval of the difference comes within\n"
	"             0.1 % of the cost of zero\n"
	"  +1         one more dependent instruction in an accessor is found in\n"
	"             95 % of runs\n"
	"  intervals  95 % intervals hold the long-run median in 90 % of repeats"
	"\v"
	"Exit status: 0 all four hold; 1 one does not; 2 cannot tell (the core was never quiet for long enough), or bad input; 130 interrupted.",
	selftest_argp_children, NULL, NULL
};

/* The answers in the form that was asked for; returns the exit status. */
static int report_answers(const struct answers *a)
{
	if (a->lab.format == TEST_REPORT_NONE)
		return a->bad ? EXIT_NO : a->unknown ? EXIT_BAD : EXIT_DONE;
	if (test_report_write(&a->lab, stdout))
		return complain("selftest: standard output could not be written");
	return test_report_exit(&a->lab);
}

static int selftest_main(int argc, char **argv)
{
	struct answers a = { 0 };
	struct selftest_input in = { .session = SESSION_DEFAULTS,
				     .report = &a.lab, .repeats = 100 };
	struct session session;
	struct errmsg msg = { "" };
	int ret, first;

	in.session.events = "none";
	in.session.interrupted = &cmd_interrupted;
	ret = cmd_parse(&cmd_selftest, argc, argv, &in, &first);
	if (ret)
		return ret;
	if (first < argc)
		return complain("selftest: '%s': no arguments are taken",
				argv[first]);
	cmd_catch_signals();
	ret = session_open(&session, &in.session, &msg);
	/* missing hardware is SKIP; invalid arguments are errors */
	if (ret && ret != -EINVAL && a.lab.format != TEST_REPORT_NONE)
		return test_report_skip_all(&a.lab, "selftest", msg.text);
	if (ret)
		return complain("selftest: %s", msg.text);
	test_report_open(&a.lab, "pfbench", NULL);
	ret = selftest(&session, in.repeats, &a, &msg);
	session_close(&session);
	if (ret == -EINTR)
		ret = EXIT_INTERRUPTED;
	else if (ret)
		ret = complain("selftest: %s", msg.text);
	else
		ret = report_answers(&a);
	test_report_free(&a.lab);
	return ret;
}

const struct cmd cmd_selftest = {
	"selftest", "can the instrument be trusted here?", &selftest_argp,
	selftest_main,
};
