// SPDX-License-Identifier: GPL-2.0
/* A comparison for programs: JSON, and the cases of a test report. */
#include <math.h>

#include "data/json.h"
#include "report/compare_internal.h"

json_t *compare_pair_json(const struct compare_pair *p)
{
	json_t *o = json_object();

	json_object_set_new(o, "name", json_string(p->a->name));
	json_object_set_new(o, "kind", json_string(p->difference ?
						   "difference" : "ratio"));
	json_object_set_new(o, "value", json_finite(p->value.mid));
	json_object_set_new(o, "lo", json_finite(p->value.lo));
	json_object_set_new(o, "hi", json_finite(p->value.hi));
	json_object_set_new(o, "a_cost", json_finite(p->a_cost));
	json_object_set_new(o, "b_cost", json_finite(p->b_cost));
	json_object_set_new(o, "a_ns", json_finite(p->a_ns));
	json_object_set_new(o, "b_ns", json_finite(p->b_ns));
	json_object_set_new(o, "a_runs", json_integer(p->a_runs));
	json_object_set_new(o, "b_runs", json_integer(p->b_runs));
	json_object_set_new(o, "p", json_finite(p->p));
	json_object_set_new(o, "p_holm", json_finite(p->p_holm));
	json_object_set_new(o, "verdict",
			    json_string(verdict_name(p->verdict)));
	json_object_set_new(o, "reason", json_string(p->reason));
	return o;
}

json_t *compare_counts_json(const struct comparison *c)
{
	return json_pack("{s:I, s:I, s:I, s:I, s:I}",
			 "same", (json_int_t)c->count[SAME],
			 "changed", (json_int_t)c->count[CHANGED],
			 "cannot_tell", (json_int_t)c->count[CANNOT_TELL],
			 "only_a", (json_int_t)c->only_a,
			 "only_b", (json_int_t)c->only_b);
}

int compare_print_json(FILE *f, const struct comparison *c)
{
	json_t *points = json_array();

	for (size_t i = 0; i < c->nr; i++)
		if (!c->only_changed || c->pair[i].verdict == CHANGED)
			json_array_append_new(points,
					      compare_pair_json(&c->pair[i]));
	return json_print(f, json_pack(
		"{s:i, s:s, s:o, s:o, s:I, s:I, s:f, s:s, s:o, s:o}",
		"format", 1, "unit", c->unit_name, "a", json_text(c->a.names),
		"b", json_text(c->b.names),
		"a_runs", (json_int_t)c->a.nr, "b_runs", (json_int_t)c->b.nr,
		"threshold", c->threshold,
		"verdict", verdict_name(comparison_verdict(c)),
		"counts", compare_counts_json(c), "points", points));
}

static void add_pair(struct test_report *report, const struct comparison *c,
		     const struct compare_pair *p)
{
	const char *unit = c->unit_name;
	char text[200];
	size_t n;

	n = snprintf(text, sizeof(text), "%.4g %s, was %.4g %s", p->b_cost, unit,
		     p->a_cost, unit);
	/* neither counts nor too few rounds have an interval */
	if (!c->counted && isfinite(p->value.hi - p->value.lo))
		snprintf(text + n, sizeof(text) - n,
			 "; %s %.4g (%.4g to %.4g)",
			 p->difference ? "difference" : "ratio",
			 p->value.mid, p->value.lo, p->value.hi);
	test_report_add(report, &(struct test_case){
		.name = p->a->name, .what = text, .reason = p->reason,
		.status = p->verdict == CHANGED ? TEST_FAIL :
			p->verdict == SAME ? TEST_PASS : TEST_SKIP,
		.value = p->b_cost, .unit = unit });
}

/* Points that the other side lacks: where points are counted, a change. */
static void add_lacking(struct test_report *report, const struct comparison *c,
			const struct compare_side *s,
			const struct compare_side *other, const char *reason)
{
	const struct result_point *p;
	size_t run = 0, i = 0;

	while ((p = compare_next(s, &run, &i))) {
		if (compare_find(other, &p->point))
			continue;
		test_report_add(report, &(struct test_case){
			.name = p->name, .value = NAN,
			.status = c->counted ? TEST_FAIL : TEST_SKIP,
			.reason = c->counted ? NULL : reason,
			.what = c->counted ? reason : NULL });
	}
}

void compare_test_report(struct test_report *report,
			 const struct comparison *c)
{
	char note[512], threshold[40] = "";

	if (!c->counted)
		snprintf(threshold, sizeof(threshold), ", threshold %g %%",
			 100 * c->threshold);
	snprintf(note, sizeof(note), "against %.400s%s%s", c->a.names,
		 threshold, compare_partial(&c->a) || compare_partial(&c->b) ?
		 ", one of them PARTIAL" : "");
	test_report_open(report, c->b.names, note);
	for (size_t i = 0; i < c->nr; i++)
		add_pair(report, c, &c->pair[i]);
	add_lacking(report, c, &c->a, &c->b, "only in the first file");
	add_lacking(report, c, &c->b, &c->a, "only in the second file");
}
