// SPDX-License-Identifier: GPL-2.0
#include <math.h>
#include <string.h>

#include "data/json.h"
#include "report/left_out_print.h"
#include "report/trend_internal.h"

static void print_trend_head(FILE *f, const struct trend *t)
{
	const struct trend_result *first = &t->result[0], *last;
	bool by_kernel = t->request.by == TREND_BY_KERNEL;
	char line[512];

	last = &t->result[t->nr - 1];
	text_wrapped(f, first->machine, 2);
	snprintf(line, sizeof(line),
		 "%zu result%s by %s, %.30s to %.30s; %s per operation",
		 t->nr, t->nr == 1 ? "" : "s",
		 by_kernel ? "kernel" : "date, with commits",
		 by_kernel ? first->label : first->date,
		 by_kernel ? last->label : last->date, t->unit_name);
	text_wrapped(f, line, 2);
	if (t->last_release < 0)
		text_line(f, "last release: none of the results: all changes count");
	else
		text_line(f, "last release: %s, result %zd",
			  t->result[t->last_release].label,
			  t->last_release + 1);
	if (t->counted)
		text_line(f, "counts are exact: each step is a change");
	else
		snprintf(line, sizeof(line),
			 "E-divisive with means, p < %.2g (0.05 over %zu point%s); interval of runs beyond %g %%",
			 t->level, t->nr_series, t->nr_series == 1 ? "" : "s",
			 100 * t->request.threshold);
	if (!t->counted)
		text_wrapped(f, line, 2);
}

/* "(R) +5.1 % (+4.9 to +5.3)" */
static void format_change(const struct trend *t, const struct trend_change *c,
			  char *text, size_t size)
{
	const struct estimate *v = &c->value;

	if (t->counted)
		snprintf(text, size, "(%c) %+.3f", c->mark, v->mid);
	else if (c->difference)
		snprintf(text, size, "(%c) %+.3f (%+.3f to %+.3f)", c->mark,
			 v->mid, v->lo, v->hi);
	else
		snprintf(text, size, "(%c) %+.1f %% (%+.1f to %+.1f)", c->mark,
			 100 * (v->mid - 1), 100 * (v->lo - 1),
			 100 * (v->hi - 1));
}

/* The value, and the name, which is long, behind it or below. */
static void print_change(FILE *f, const struct trend *t,
			 const struct trend_series *s,
			 const struct trend_change *c)
{
	size_t from = s->result[c->from] + 1, to = s->result[c->to] + 1;
	char value[80], place[64] = "", name[POINT_NAME_MAX];

	format_change(t, c, value, sizeof(value));
	if (from != to)
		snprintf(place, sizeof(place), ", at %zu to %zu", from, to);
	point_name(&s->point, name);
	if (strlen(value) + strlen(place) + strlen(name) + 4 <= TEXT_COLUMNS) {
		text_line(f, "  %s%s  %s", value, place, name);
		return;
	}
	text_line(f, "  %s%s", value, place);
	text_line(f, "      %s", name);
}

static void print_head_at(FILE *f, const struct trend *t, size_t at,
			  const struct trend_change *c)
{
	const struct trend_result *r = &t->result[at];
	bool dated = strncmp(r->date, "n/a", 3);

	fprintf(f, "\n");
	text_line(f, "result %zu, %s%s%.16s%s:", at + 1, r->label,
		  dated ? ", " : "", dated ? r->date : "",
		  c->since ? "" : ", before the release");
}

/* All changes at one result, below one head. */
static void print_changes_at(FILE *f, const struct trend *t, size_t at)
{
	bool head = false;

	for (size_t i = 0; i < t->nr_series; i++) {
		const struct trend_series *s = &t->series[i];

		for (size_t k = 0; k < s->nr_changes; k++) {
			const struct trend_change *c = &s->change[k];

			if (s->result[c->at] != at)
				continue;
			if (!head)
				print_head_at(f, t, at, c);
			head = true;
			print_change(f, t, s, c);
		}
	}
}

void trend_print(FILE *f, const struct trend *t)
{
	char before[64];
	size_t changed = 0;

	print_trend_head(f, t);
	for (size_t i = 0; i < t->nr_series; i++)
		changed += t->series[i].nr_changes > 0;
	for (size_t i = 0; i < t->nr; i++)
		print_changes_at(f, t, i);
	fprintf(f, "\n");
	snprintf(before, sizeof(before), " since the release, %zu before",
		 t->before);
	text_line(f, "%zu point%s: %zu change%s%s; %zu steady", t->nr_series,
		  t->nr_series == 1 ? "" : "s", t->since,
		  t->since == 1 ? "" : "s", t->last_release < 0 ? "" : before,
		  t->nr_series - changed - t->nr_few);
	if (t->nr_few)
		text_line(f, "%zu undecided: fewer than %zu results",
			  t->nr_few, t->least);
	left_out_print(f, &t->left_out);
}

static json_t *change_json(const struct trend_series *s,
			   const struct trend_change *c)
{
	char mark[] = { c->mark, '\0' };

	return json_pack("{s:I, s:I, s:I, s:s, s:f, s:o, s:o, s:f, s:b, s:s}",
			 "at", (json_int_t)s->result[c->at] + 1,
			 "from", (json_int_t)s->result[c->from] + 1,
			 "to", (json_int_t)s->result[c->to] + 1,
			 "kind", c->difference ? "difference" : "ratio",
			 "value", c->value.mid, "lo", json_finite(c->value.lo),
			 "hi", json_finite(c->value.hi), "p", c->p,
			 "since_release", c->since, "mark", mark);
}

static json_t *trend_series_json(const struct trend_series *s)
{
	json_t *changes = json_array(), *costs = json_array();
	char name[POINT_NAME_MAX];

	point_name(&s->point, name);
	for (size_t i = 0; i < s->nr_changes; i++)
		json_array_append_new(changes, change_json(s, &s->change[i]));
	for (size_t i = 0; i < s->nr; i++)
		json_array_append_new(costs, json_pack("{s:I, s:f, s:o, s:o}",
			"result", (json_int_t)s->result[i] + 1,
			"median", s->cost[i].mid,
			"lo", json_finite(s->cost[i].lo),
			"hi", json_finite(s->cost[i].hi)));
	return json_pack("{s:s, s:b, s:o, s:o}", "name", name, "undecided",
			 s->few, "changes", changes, "costs", costs);
}

static json_t *trend_result_json(const struct trend_result *r)
{
	return json_pack("{s:o, s:o, s:o, s:o, s:b}", "file",
			 json_text(r->path), "date", json_text(r->date),
			 "commit", json_text(r->commit), "kernel",
			 json_text(r->kernel), "release", r->release);
}

int trend_print_json(FILE *f, const struct trend *t)
{
	json_t *results = json_array(), *points = json_array();

	for (size_t i = 0; i < t->nr; i++)
		json_array_append_new(results,
				      trend_result_json(&t->result[i]));
	for (size_t i = 0; i < t->nr_series; i++)
		json_array_append_new(points, trend_series_json(&t->series[i]));
	return json_print(f, json_pack(
		"{s:i, s:o, s:s, s:s, s:o, s:f, s:f, s:I, s:I, s:o, s:o, s:o}",
		"format", 1, "machine", json_text(t->result[0].machine),
		"unit", t->unit_name, "by",
		t->request.by == TREND_BY_KERNEL ? "kernel" : "commit",
		"last_release", t->last_release < 0 ? json_null() :
		json_integer(t->last_release + 1),
		"threshold", t->request.threshold, "level", t->level,
		"changes_since", (json_int_t)t->since,
		"changes_before", (json_int_t)t->before, "results", results,
		"points", points, "left_out", left_out_json(&t->left_out)));
}
