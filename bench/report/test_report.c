// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "report/format.h"
#include "report/ktap.h"
#include "report/lava.h"
#include "report/test_report.h"

/* A console shows printable ASCII; line ends stay. */
static char *copy_text(struct test_report *report, const char *text)
{
	char *new = text ? strdup(text) : NULL, *c;

	report->lost |= text && !new;
	for (c = new; c && *c; c++)
		if ((*c < ' ' && *c != '\n') || *c > '~')
			*c = '?';
	return new;
}

/* On one line, and without the '#' that would end a name in KTAP. */
static char *copy_name(struct test_report *report, const char *name)
{
	char *new = copy_text(report, name), *c;

	for (c = new; c && *c; c++)
		if (*c == '#' || *c == '\n')
			*c = '_';
	return new;
}

void test_report_open(struct test_report *report, const char *name,
		      const char *note)
{
	struct test_group *t = array_grow(report->tests, report->nr,
					  sizeof(*t));

	if (!t) {
		report->lost = true;
		return;
	}
	report->tests = t;
	t += report->nr++;
	t->name = copy_name(report, name);
	t->note = copy_text(report, note);
}

void test_report_add(struct test_report *report, const struct test_case *c)
{
	struct test_group *t;
	struct test_case *new;

	if (report->lost)
		return;
	t = &report->tests[report->nr - 1];
	new = array_grow(t->cases, t->nr, sizeof(*new));
	if (!new) {
		report->lost = true;
		return;
	}
	t->cases = new;
	new += t->nr++;
	*new = *c;
	new->name = copy_name(report, c->name);
	new->reason = copy_name(report, c->reason);
	new->what = copy_text(report, c->what);
}

void test_report_skip(struct test_report *report, const char *name,
		      const char *reason)
{
	test_report_add(report, &(struct test_case){
			.name = name, .status = TEST_SKIP, .reason = reason,
			.value = NAN });
}

void test_report_free(struct test_report *report)
{
	for (size_t i = 0; i < report->nr; i++) {
		struct test_group *t = &report->tests[i];

		for (size_t k = 0; k < t->nr; k++) {
			free((char *)t->cases[k].name);
			free((char *)t->cases[k].reason);
			free((char *)t->cases[k].what);
		}
		free(t->cases);
		free(t->name);
		free(t->note);
	}
	free(report->tests);
}

/* "0.354 ns (0.352 to 0.356), 1.3 estimated cycles, counted instructions 5" */
static void describe_point(const struct result *r, const struct result_point *p,
			   char *text, size_t size)
{
	enum unit unit = unit_of_time(r);
	double scale = unit_scale(r, unit), cycles;
	const json_t *event;
	const char *name;
	size_t n;

	n = snprintf(text, size, "%.4g %s", p->cost.mid * scale,
		     unit_name(r, unit));
	if (isfinite(p->cost.hi - p->cost.lo))
		n += snprintf(text + n, size - n, " (%.4g to %.4g)",
			      p->cost.lo * scale, p->cost.hi * scale);
	cycles = p->cost.mid * unit_scale(r, UNIT_CYCLES);
	if (unit == UNIT_NS && !isnan(cycles))
		n += snprintf(text + n, size - n, ", %.4g %s", cycles,
			      unit_name(r, UNIT_CYCLES));
	json_object_foreach(json_object_get(p->json, "counters"), name, event)
		if (n < size)
			n += snprintf(text + n, size - n, ", counted %s %.4g",
				      name, json_number_value(
				      json_object_get(event, "per_op")));
}

/* Why a point of the file is skipped, or NULL. */
static const char *skip_reason(const struct result *r,
			       const struct result_point *p)
{
	/* fixed rounds and counts were not judged when they were taken */
	bool judged = isnan(result_number(r, "fixed_rounds")) &&
		unit_of_time(r) == UNIT_NS;

	if (isnan(p->cost.mid))
		return "no round was usable";
	if (p->contended)
		return "contended: no round saw a quiet core";
	if (judged && !isfinite(p->cost.hi - p->cost.lo))
		return "too few quiet rounds for an interval";
	return NULL;
}

void test_report_add_result(struct test_report *report, const struct result *r)
{
	enum unit unit = unit_of_time(r);
	double scale = unit_scale(r, unit);
	char text[1024];

	snprintf(text, sizeof(text), "%.200s: %.200s, Linux %.200s, %.40s backend",
		 result_context(r, "host_name"), result_context(r, "cpu_model"),
		 result_context(r, "kernel"), result_context(r, "backend"));
	test_report_open(report, r->path, text);
	for (size_t i = 0; i < r->nr_points; i++) {
		const struct result_point *p = &r->point[i];
		const char *reason = skip_reason(r, p);

		describe_point(r, p, text, sizeof(text));
		test_report_add(report, &(struct test_case){
			.name = p->name, .reason = reason, .what = text,
			.status = reason ? TEST_SKIP : TEST_PASS,
			.value = p->cost.mid * scale,
			.unit = unit_name(r, unit),
		});
	}
}

int test_report_write(const struct test_report *report, FILE *f)
{
	if (report->lost)
		return -ENOMEM;
	if (report->format == TEST_REPORT_KTAP)
		ktap_write(report, f);
	else
		lava_write(report, f);
	return fflush(f) || ferror(f) ? -EIO : 0;
}

int test_report_skip_all(const struct test_report *report, const char *name,
			 const char *reason)
{
	if (report->format == TEST_REPORT_KTAP)
		ktap_write_skip(stdout, reason);
	else
		lava_write_skip(stdout, name, reason);
	return KSFT_SKIP;
}

enum test_status test_status_merge(enum test_status a, enum test_status b)
{
	if (a == TEST_FAIL || b == TEST_FAIL)
		return TEST_FAIL;
	return a == TEST_PASS || b == TEST_PASS ? TEST_PASS : TEST_SKIP;
}

int test_report_exit(const struct test_report *report)
{
	enum test_status status = TEST_SKIP;

	for (size_t i = 0; i < report->nr; i++)
		for (size_t k = 0; k < report->tests[i].nr; k++)
			status = test_status_merge(status,
					report->tests[i].cases[k].status);
	return status == TEST_SKIP ? KSFT_SKIP :
		status == TEST_FAIL ? KSFT_FAIL : KSFT_PASS;
}
