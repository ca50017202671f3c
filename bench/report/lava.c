// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "report/ktap.h"
#include "report/lava.h"

/*
 * A blank ends a value and '>' ends a signal. LAVA's web pages find only names
 * of these characters (lava_results_app/urls.py).
 */
static void lava_word(FILE *f, const char *word)
{
	for (; *word; word++)
		fputc(isalnum((unsigned char)*word) ||
		      strchr("-_.+", *word) ? *word :
		      *word == ':' ? '-' : '_', f);
}

static void lava_case(FILE *f, const struct test_case *c)
{
	static const char *const results[] = {
		[TEST_PASS] = "pass", [TEST_FAIL] = "fail", [TEST_SKIP] = "skip",
	};

	/* a signal has no room for text: the lines before it have */
	ktap_diagnostic(f, 0, c->what);
	ktap_diagnostic(f, 0, c->reason);
	fputs("<LAVA_SIGNAL_TESTCASE TEST_CASE_ID=", f);
	lava_word(f, c->name);
	fprintf(f, " RESULT=%s", results[c->status]);
	/* the figure of a skipped case is not to be compared */
	if (!isnan(c->value) && c->status != TEST_SKIP) {
		fputs(" UNITS=", f);
		lava_word(f, c->unit);
		fprintf(f, " MEASUREMENT=%.6g", c->value);
	}
	fputs(">\n", f);
}

void lava_write_skip(FILE *f, const char *name, const char *reason)
{
	lava_case(f, &(struct test_case){ .name = name, .status = TEST_SKIP,
					  .reason = reason, .value = NAN });
}

static void lava_test(FILE *f, const struct test_group *t, bool set)
{
	ktap_diagnostic(f, 0, t->note);
	if (set) {
		fputs("<LAVA_SIGNAL_TESTSET START ", f);
		lava_word(f, t->name);
		fputs(">\n", f);
	}
	for (size_t i = 0; i < t->nr; i++)
		lava_case(f, &t->cases[i]);
	if (!t->nr)
		lava_write_skip(f, t->name, "no cases");
	if (set)
		fputs("<LAVA_SIGNAL_TESTSET STOP>\n", f);
}

void lava_write(const struct test_report *report, FILE *f)
{
	for (size_t i = 0; i < report->nr; i++)
		lava_test(f, &report->tests[i], report->nr > 1);
}
