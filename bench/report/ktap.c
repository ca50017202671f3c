// SPDX-License-Identifier: GPL-2.0
#include <stdbool.h>
#include <string.h>

#include "report/ktap.h"

void ktap_diagnostic(FILE *f, int indent, const char *text)
{
	while (text && *text) {
		int len = strcspn(text, "\n");

		fprintf(f, "%*s# %.*s\n", indent, "", len, text);
		text += len + (text[len] == '\n');
	}
}

static void ktap_plan(FILE *f, int indent, size_t nr)
{
	fprintf(f, "%*sKTAP version 1\n%*s1..%zu\n", indent, "", indent, "",
		nr);
}

static void ktap_line(FILE *f, int indent, enum test_status status, size_t n,
		      const char *name, int len, const char *reason)
{
	fprintf(f, "%*s%s %zu %.*s", indent, "",
		status == TEST_FAIL ? "not ok" : "ok", n, len, name);
	if (status == TEST_SKIP)
		fprintf(f, " # SKIP %s", reason);
	fputc('\n', f);
}

static void ktap_case(FILE *f, int indent, const struct test_case *c, size_t n)
{
	const char *slash = strchr(c->name, '/');
	const char *name = slash ? slash + 1 : c->name;

	ktap_diagnostic(f, indent, c->what);
	ktap_line(f, indent, c->status, n, name, strlen(name), c->reason);
}

/* Length of the name of the subtest that has the case; 0: no subtest */
static int subtest_length(const struct test_case *c)
{
	const char *slash = strchr(c->name, '/');

	return slash ? slash - c->name : 0;
}

static bool same_subtest(const struct test_case *a, const struct test_case *b)
{
	int len = subtest_length(a);

	return len && len == subtest_length(b) &&
		!memcmp(a->name, b->name, len);
}

/* Case @first, or all of the subtest that begins with case @first. */
static void ktap_subtest(FILE *f, const struct test_group *t, size_t first,
			 size_t number)
{
	const struct test_case *c = &t->cases[first];
	enum test_status status = TEST_SKIP;
	size_t nr = 0;

	if (!subtest_length(c)) {
		ktap_case(f, 2, c, number);
		return;
	}
	for (size_t i = first; i < t->nr; i++)
		nr += same_subtest(c, &t->cases[i]);
	ktap_plan(f, 4, nr);
	nr = 0;
	for (size_t i = first; i < t->nr; i++) {
		if (!same_subtest(c, &t->cases[i]))
			continue;
		ktap_case(f, 4, &t->cases[i], ++nr);
		status = test_status_merge(status, t->cases[i].status);
	}
	ktap_line(f, 2, status, number, c->name, subtest_length(c),
		  "all cases were skipped");
}

static bool begins_subtest(const struct test_group *t, size_t n)
{
	/* backwards: the cases of a subtest mostly follow each other */
	for (size_t i = n; i-- > 0;)
		if (same_subtest(&t->cases[i], &t->cases[n]))
			return false;
	return true;
}

static void ktap_test(FILE *f, const struct test_group *t, size_t number)
{
	enum test_status status = TEST_SKIP;
	size_t subtests = 0;

	for (size_t i = 0; i < t->nr; i++) {
		subtests += begins_subtest(t, i);
		status = test_status_merge(status, t->cases[i].status);
	}
	if (subtests)
		ktap_plan(f, 2, subtests);
	subtests = 0;
	for (size_t i = 0; i < t->nr; i++)
		if (begins_subtest(t, i))
			ktap_subtest(f, t, i, ++subtests);
	ktap_diagnostic(f, 0, t->note);
	ktap_line(f, 0, status, number, t->name, strlen(t->name),
		  t->nr ? "all cases were skipped" : "no cases");
}

void ktap_write(const struct test_report *report, FILE *f)
{
	ktap_plan(f, 0, report->nr);
	for (size_t i = 0; i < report->nr; i++)
		ktap_test(f, &report->tests[i], i + 1);
}

void ktap_write_skip(FILE *f, const char *reason)
{
	fprintf(f, "KTAP version 1\n1..0 # SKIP %s\n", reason);
}
