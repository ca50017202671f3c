// SPDX-License-Identifier: GPL-2.0
/* Several sides for programs: JSON, and the tests of a test report. */
#include <math.h>
#include <stdio.h>

#include "data/json.h"
#include "report/compare_internal.h"
#include "report/compare_many.h"
#include "report/left_out_print.h"

static json_t *side_json(const struct compare_many *m, size_t k)
{
	const struct comparison *c = &m->of[k];
	json_t *points = json_array(), *point;

	for (size_t i = 0; i < c->nr; i++) {
		if (m->only_changed && c->pair[i].verdict != CHANGED)
			continue;
		point = compare_pair_json(&c->pair[i]);
		json_object_set_new(point, "mark",
				    json_string(compare_mark(&c->pair[i])));
		json_array_append_new(points, point);
	}
	return json_pack("{s:I, s:o, s:I, s:s, s:o, s:o}",
			 "side", (json_int_t)m->number[k],
			 "files", json_text(c->b.names),
			 "runs", (json_int_t)c->b.nr,
			 "verdict", verdict_name(comparison_verdict(c)),
			 "counts", compare_counts_json(c), "points", points);
}

int compare_many_json(FILE *f, const struct compare_many *m)
{
	const struct comparison *c = &m->of[0];
	json_t *sides = json_array();

	for (size_t k = 0; k < m->nr; k++)
		json_array_append_new(sides, side_json(m, k));
	return json_print(f, json_pack(
		"{s:i, s:s, s:o, s:I, s:f, s:I, s:s, s:o, s:o}",
		"format", 1, "unit", c->unit_name,
		"base", json_text(m->base.names),
		"base_runs", (json_int_t)m->base.nr,
		"threshold", c->threshold, "tested", (json_int_t)c->tested,
		"verdict", verdict_name(compare_many_verdict(m)),
		"sides", sides, "left_out", left_out_json(&m->left_out)));
}

void compare_many_test_report(struct test_report *report,
			      const struct compare_many *m)
{
	char name[32];

	for (size_t k = 0; k < m->nr; k++)
		compare_test_report(report, &m->of[k]);
	if (m->left_out.nr)
		test_report_open(report, "left out", NULL);
	for (size_t i = 0; i < m->left_out.nr; i++) {
		snprintf(name, sizeof(name), "file-%zu", i + 1);
		test_report_skip(report, name, m->left_out.text[i]);
	}
}
