// SPDX-License-Identifier: GPL-2.0
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/test_report.h"
#include "report/format.h"

/* One more element of @size, zeroed, behind @nr of them; NULL: no memory. */
static void *grow(void **array, size_t *nr, size_t size)
{
	char *grown = *array;

	/* doubled at each power of two */
	if (!(*nr & (*nr - 1))) {
		grown = realloc(*array, (*nr ? 2 * *nr : 1) * size);
		if (!grown)
			return NULL;
		*array = grown;
	}
	return memset(grown + (*nr)++ * size, 0, size);
}

/* Lines stay lines, and what is no ASCII is none for a console either. */
static char *copy(struct test_report *lab, const char *text)
{
	char *new = text ? strdup(text) : NULL, *c;

	lab->lost |= text && !new;
	for (c = new; c && *c; c++)
		if ((*c < ' ' && *c != '\n') || *c > '~')
			*c = '?';
	return new;
}

/* The same on one line and without the '#' that would end a name. */
static char *copy_name(struct test_report *lab, const char *name)
{
	char *new = copy(lab, name), *c;

	for (c = new; c && *c; c++)
		if (*c == '#' || *c == '\n')
			*c = '_';
	return new;
}

void test_report_open(struct test_report *lab, const char *name, const char *note)
{
	struct test_group *t = grow((void **)&lab->tests, &lab->nr, sizeof(*t));

	if (!t) {
		lab->lost = true;
		return;
	}
	t->name = copy_name(lab, name);
	t->note = copy(lab, note);
}

void test_report_add(struct test_report *lab, const struct test_case *c)
{
	struct test_group *t;
	struct test_case *new;

	if (lab->lost)
		return;
	t = &lab->tests[lab->nr - 1];
	new = grow((void **)&t->cases, &t->nr, sizeof(*new));
	if (!new) {
		lab->lost = true;
		return;
	}
	*new = *c;
	new->name = copy_name(lab, c->name);
	new->reason = copy_name(lab, c->reason);
	new->what = copy(lab, c->what);
}

void test_report_skip(struct test_report *lab, const char *name, const char *reason)
{
	test_report_add(lab, &(struct test_case){ .name = name, .status = TEST_SKIP,
					 .reason = reason, .value = NAN });
}

void test_report_free(struct test_report *lab)
{
	for (size_t i = 0; i < lab->nr; i++) {
		struct test_group *t = &lab->tests[i];

		for (size_t k = 0; k < t->nr; k++) {
			free((char *)t->cases[k].name);
			free((char *)t->cases[k].reason);
			free((char *)t->cases[k].what);
		}
		free(t->cases);
		free(t->name);
		free(t->note);
	}
	free(lab->tests);
}

/* "0.354 ns (0.352 to 0.356), 1.3 estimated cycles, counted instructions 5" */
static void describe(const struct result *r, const struct result_point *p,
		     char *text, size_t size)
{
	enum unit unit = unit_resolve(r, UNIT_DEFAULT);
	double scale = unit_per_tick(r, unit), cycles;
	const json_t *event;
	const char *name;
	size_t n;

	n = snprintf(text, size, "%.4g %s", p->ticks.mid * scale,
		     unit_name(unit));
	if (isfinite(p->ticks.hi - p->ticks.lo))
		n += snprintf(text + n, size - n, " (%.4g to %.4g)",
			      p->ticks.lo * scale, p->ticks.hi * scale);
	cycles = p->ticks.mid * unit_per_tick(r, UNIT_CYCLES);
	if (unit == UNIT_NS && !isnan(cycles))
		n += snprintf(text + n, size - n, ", %.4g %s", cycles,
			      unit_name(UNIT_CYCLES));
	json_object_foreach(json_object_get(p->json, "counters"), name, event)
		if (n < size)
			n += snprintf(text + n, size - n, ", counted %s %.4g",
				      name, json_number_value(
				      json_object_get(event, "per_op")));
}

/* Why a point that is in the file is no answer all the same, or NULL. */
static const char *doubt(const struct result *r, const struct result_point *p)
{
	/* fixed rounds, and counts, are as they are */
	bool judged = isnan(result_number(r, "fixed_rounds")) &&
		unit_resolve(r, UNIT_DEFAULT) == UNIT_NS;

	if (isnan(p->ticks.mid))
		return "no round counted";
	if (p->contended)
		return "contended: no round saw a quiet core";
	if (judged && !isfinite(p->ticks.hi - p->ticks.lo))
		return "too few quiet rounds for an interval";
	return NULL;
}

void test_report_add_result(struct test_report *lab, const struct result *r)
{
	double scale = unit_per_tick(r, unit_resolve(r, UNIT_DEFAULT));
	char text[1024];

	snprintf(text, sizeof(text), "%.200s: %.200s, Linux %.200s, %.40s backend",
		 result_context(r, "host_name"), result_context(r, "cpu_model"),
		 result_context(r, "kernel"), result_context(r, "backend"));
	test_report_open(lab, r->path, text);
	for (size_t i = 0; i < r->nr_points; i++) {
		const struct result_point *p = &r->point[i];
		const char *reason = doubt(r, p);

		describe(r, p, text, sizeof(text));
		test_report_add(lab, &(struct test_case){
			.name = p->name, .reason = reason, .what = text,
			.status = reason ? TEST_SKIP : TEST_PASS,
			.value = p->ticks.mid * scale,
			.unit = unit_name(unit_resolve(r, UNIT_DEFAULT)),
		});
	}
}

/* Each line of @text as a diagnostic one. */
static void diagnose(FILE *f, int indent, const char *text)
{
	while (text && *text) {
		int len = strcspn(text, "\n");

		fprintf(f, "%*s# %.*s\n", indent, "", len, text);
		text += len + (text[len] == '\n');
	}
}

static void plan(FILE *f, int indent, size_t nr)
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

	diagnose(f, indent, c->what);
	ktap_line(f, indent, c->status, n, name, strlen(name), c->reason);
}

/* How long the name of the subtest is that a case is in; 0: in none. */
static int parent_len(const struct test_case *c)
{
	const char *slash = strchr(c->name, '/');

	return slash ? slash - c->name : 0;
}

static bool siblings(const struct test_case *a, const struct test_case *b)
{
	int len = parent_len(a);

	return len && len == parent_len(b) && !memcmp(a->name, b->name, len);
}

/* What becomes of the test that these cases are in. */
static void bubble(enum test_status *status, const struct test_case *c)
{
	if (c->status == TEST_FAIL ||
	    (c->status == TEST_PASS && *status == TEST_SKIP))
		*status = c->status;
}

/* Case @first, or all of the subtest that it is the first one of. */
static void ktap_group(FILE *f, const struct test_group *t, size_t first,
		       size_t number)
{
	const struct test_case *c = &t->cases[first];
	enum test_status status = TEST_SKIP;
	size_t nr = 0;

	if (!parent_len(c)) {
		ktap_case(f, 2, c, number);
		return;
	}
	for (size_t i = first; i < t->nr; i++)
		nr += siblings(c, &t->cases[i]);
	plan(f, 4, nr);
	nr = 0;
	for (size_t i = first; i < t->nr; i++) {
		if (!siblings(c, &t->cases[i]))
			continue;
		ktap_case(f, 4, &t->cases[i], ++nr);
		bubble(&status, &t->cases[i]);
	}
	ktap_line(f, 2, status, number, c->name, parent_len(c),
		  "all of it was skipped");
}

static bool first_of_group(const struct test_group *t, size_t n)
{
	/* mostly they stand together, from the last one back */
	for (size_t i = n; i-- > 0;)
		if (siblings(&t->cases[i], &t->cases[n]))
			return false;
	return true;
}

static void ktap_test(FILE *f, const struct test_group *t, size_t number)
{
	enum test_status status = TEST_SKIP;
	size_t groups = 0;

	for (size_t i = 0; i < t->nr; i++) {
		groups += first_of_group(t, i);
		bubble(&status, &t->cases[i]);
	}
	if (groups)
		plan(f, 2, groups);
	groups = 0;
	for (size_t i = 0; i < t->nr; i++)
		if (first_of_group(t, i))
			ktap_group(f, t, i, ++groups);
	diagnose(f, 0, t->note);
	ktap_line(f, 0, status, number, t->name, strlen(t->name),
		  t->nr ? "all of it was skipped" : "nothing in it");
}

/*
 * A word for LAVA: what ends a value or a signal must not be in it, and its web
 * pages find names of these characters only (lava_results_app/urls.py).
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

	/* what a signal cannot carry stands on the console before it */
	diagnose(f, 0, c->what);
	diagnose(f, 0, c->reason);
	fputs("<LAVA_SIGNAL_TESTCASE TEST_CASE_ID=", f);
	lava_word(f, c->name);
	fprintf(f, " RESULT=%s", results[c->status]);
	/* a figure that is in doubt is none */
	if (!isnan(c->value) && c->status != TEST_SKIP) {
		fputs(" UNITS=", f);
		lava_word(f, c->unit);
		fprintf(f, " MEASUREMENT=%.6g", c->value);
	}
	fputs(">\n", f);
}

static void lava_test(FILE *f, const struct test_group *t, bool set)
{
	diagnose(f, 0, t->note);
	if (set) {
		fputs("<LAVA_SIGNAL_TESTSET START ", f);
		lava_word(f, t->name);
		fputs(">\n", f);
	}
	for (size_t i = 0; i < t->nr; i++)
		lava_case(f, &t->cases[i]);
	if (!t->nr)
		lava_case(f, &(struct test_case){
			.name = t->name, .status = TEST_SKIP,
			.reason = "nothing in it", .value = NAN });
	if (set)
		fputs("<LAVA_SIGNAL_TESTSET STOP>\n", f);
}

int test_report_write(const struct test_report *lab, FILE *f)
{
	if (lab->lost)
		return -ENOMEM;
	if (lab->format == TEST_REPORT_KTAP)
		plan(f, 0, lab->nr);
	for (size_t i = 0; i < lab->nr; i++) {
		if (lab->format == TEST_REPORT_KTAP)
			ktap_test(f, &lab->tests[i], i + 1);
		else
			lava_test(f, &lab->tests[i], lab->nr > 1);
	}
	return fflush(f) || ferror(f) ? -EIO : 0;
}

int test_report_skip_all(const struct test_report *lab, const char *name, const char *reason)
{
	if (lab->format == TEST_REPORT_KTAP)
		printf("KTAP version 1\n1..0 # SKIP %s\n", reason);
	else
		lava_case(stdout, &(struct test_case){
			.name = name, .status = TEST_SKIP, .reason = reason,
			.value = NAN });
	return KSFT_SKIP;
}

int test_report_exit(const struct test_report *lab)
{
	enum test_status status = TEST_SKIP;

	for (size_t i = 0; i < lab->nr; i++)
		for (size_t k = 0; k < lab->tests[i].nr; k++)
			bubble(&status, &lab->tests[i].cases[k]);
	return status == TEST_SKIP ? KSFT_SKIP :
		status == TEST_FAIL ? KSFT_FAIL : KSFT_PASS;
}
