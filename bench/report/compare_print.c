// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/json.h"
#include "lib/table.h"
#include "report/compare.h"
#include "report/format.h"

#define COMPARE_LABEL 27

/* The name of a block: a point's, with a star for what its rows differ in. */
static void block_name(const struct point *p, char *name, size_t size)
{
	bool primitive = p->generation == PF_GEN_primitive;
	char full[POINT_NAME_MAX], *first, *second;
	struct point q = *p;

	q.lowering = PF_AUTO;
	point_name(&q, full);
	first = strchr(full, '/');
	second = strchr(first + 1, '/');
	if (primitive)
		snprintf(name, size, "*%s", first);
	else
		snprintf(name, size, "%.*s/*%s", (int)(first - full), full,
			 second);
}

static void pair_label(const struct point *p, char *name, size_t size)
{
	if (p->generation == PF_GEN_primitive)
		snprintf(name, size, "%s", pf_accessors[p->accessor].name);
	else
		format_generation(p->generation, p->lowering, name, size);
}

static void format_p(char *text, size_t size, double p)
{
	if (isnan(p))
		snprintf(text, size, "-");
	else if (p < 0.001)
		snprintf(text, size, "<.001");
	else
		snprintf(text, size, "%.3f", p);
}

static void pair_row(struct table *text, const struct compare_pair *p)
{
	char label[64], holm[16];

	table_row(text);
	pair_label(&p->a->point, label, sizeof(label));
	table_cell(text, 0, "  %s", label);
	if (isnan(p->value.mid))
		table_cell(text, 1, "-  ");
	else
		table_cell(text, 1, p->difference ? "%+.3fns" : "%.3f  ",
			   p->value.mid);
	if (isfinite(p->value.hi - p->value.lo))
		table_cell(text, 2, p->difference ? "%+.3f %+.3f" : "%.3f %.3f",
			   p->value.lo, p->value.hi);
	else
		table_cell(text, 2, "-");
	format_p(holm, sizeof(holm), p->p_holm);
	table_cell(text, 3, "%s", holm);
	table_cell(text, 4, "%s%s", p->verdict == CANNOT_TELL ? "? " : "",
		   p->verdict == CHANGED ? "CHANGED" : *p->reason ?
		   p->reason : verdict_name(p->verdict));
}

/* A line for each property in which machines, kernels and builds differ. */
static void print_context_differences(FILE *f, const struct comparison *c)
{
	static const char *const keys[] = {
		"host_name", "cpu_model", "microcode", "kernel", "hypervisor",
		"mitigations", "hvo", "governor", "turbo", "smt",
		"transparent_hugepage", "backend", "commit", "compiler",
		"cflags",
	};
	char line[1024];

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		const char *a = result_context(&c->a, keys[i]);
		const char *b = result_context(&c->b, keys[i]);

		if (!strcmp(a, b))
			continue;
		snprintf(line, sizeof(line), "differs: %s: %.400s | %.400s",
			 keys[i], a, b);
		text_wrapped(f, line, 9);
	}
	if (c->a.partial || c->b.partial)
		text_line(f, "PARTIAL: %s", !c->b.partial ? "A" :
			  !c->a.partial ? "B" : "A and B");
}

/* Points of @r that the other file lacks, one per line. */
static void print_lacking(FILE *f, const struct result *r,
			  const struct result *other, const char *where)
{
	for (size_t i = 0; i < r->nr_points; i++)
		if (!result_find(other, &r->point[i].point))
			fprintf(f, "%-20s %s\n", where, r->point[i].name);
}

/* Figures first: names may be long. */
static int print_changed_counts(FILE *f, const struct comparison *c)
{
	text_line(f, "A: %s", c->a.path);
	text_line(f, "B: %s", c->b.path);
	print_context_differences(f, c);
	text_line(f, "Instructions per operation");
	for (size_t i = 0; i < c->nr; i++)
		if (c->pair[i].verdict == CHANGED)
			fprintf(f, "%8.3f -> %8.3f %s\n", c->pair[i].a_ns,
				c->pair[i].b_ns, c->pair[i].a->name);
	print_lacking(f, &c->a, &c->b, "  only in A");
	print_lacking(f, &c->b, &c->a, "  only in B");
	text_line(f, "%zu points: %zu changed, %zu the same, %zu only in A, %zu only in B",
		  c->nr + c->only_a + c->only_b, c->count[CHANGED],
		  c->count[SAME], c->only_a, c->only_b);
	return 0;
}

static int print_pairs(FILE *f, const struct comparison *c)
{
	char block[POINT_NAME_MAX] = "", name[POINT_NAME_MAX];
	struct table text;
	int err;

	table_open(&text, 5);
	table_column(&text, 0, TABLE_LEFT, 0, COMPARE_LABEL, true);
	table_column(&text, 1, TABLE_RIGHT, 0, 9, true);
	table_column(&text, 2, TABLE_RIGHT, 1, 13, true);
	table_column(&text, 3, TABLE_RIGHT, 2, 5, true);
	table_row(&text);
	table_cell(&text, 1, "B/A ");
	table_cell(&text, 2, "from to");
	table_cell(&text, 3, "p");
	for (size_t i = 0; i < c->nr; i++) {
		block_name(&c->pair[i].a->point, name, sizeof(name));
		if (strcmp(name, block)) {
			table_row(&text);
			table_row(&text);
			table_cell(&text, 0, "%s", name);
			strcpy(block, name);
		}
		pair_row(&text, &c->pair[i]);
	}
	err = table_print(&text, f, 1, 5);
	table_close(&text);
	return err;
}

static int print_samples(FILE *f, const struct comparison *c)
{
	int err;

	text_line(f, "A: %s, %s, %.16s", c->a.path,
		  result_context(&c->a, "host_name"),
		  result_context(&c->a, "date"));
	text_line(f, "B: %s, %s, %.16s", c->b.path,
		  result_context(&c->b, "host_name"),
		  result_context(&c->b, "date"));
	print_context_differences(f, c);
	text_line(f, "Ratio B/A, 95 %% interval, p after Holm over %zu; threshold %g %%",
		  c->tested, 100 * c->threshold);
	err = print_pairs(f, c);
	fprintf(f, "\n");
	text_line(f, "%zu point%s: %zu changed, %zu undecided, %zu the same",
		  c->nr, c->nr == 1 ? "" : "s", c->count[CHANGED],
		  c->count[CANNOT_TELL], c->count[SAME]);
	if (c->only_a || c->only_b)
		text_line(f, "left out: %zu only in A, %zu only in B",
			  c->only_a, c->only_b);
	return err;
}

int compare_print_text(FILE *f, const struct comparison *c)
{
	return c->counted ? print_changed_counts(f, c) : print_samples(f, c);
}

static json_t *pair_json(const struct compare_pair *p)
{
	json_t *o = json_object();

	json_object_set_new(o, "name", json_string(p->a->name));
	json_object_set_new(o, "kind", json_string(p->difference ?
						   "difference" : "ratio"));
	json_object_set_new(o, "value", json_finite(p->value.mid));
	json_object_set_new(o, "lo", json_finite(p->value.lo));
	json_object_set_new(o, "hi", json_finite(p->value.hi));
	json_object_set_new(o, "a_ns", json_finite(p->a_ns));
	json_object_set_new(o, "b_ns", json_finite(p->b_ns));
	json_object_set_new(o, "p", json_finite(p->p));
	json_object_set_new(o, "p_holm", json_finite(p->p_holm));
	json_object_set_new(o, "verdict",
			    json_string(verdict_name(p->verdict)));
	json_object_set_new(o, "reason", json_string(p->reason));
	return o;
}

int compare_print_json(FILE *f, const struct comparison *c)
{
	json_t *points = json_array(), *root;
	int err;

	for (size_t i = 0; i < c->nr; i++)
		json_array_append_new(points, pair_json(&c->pair[i]));
	/* a path that is not UTF-8 is null */
	root = json_pack("{s:i, s:o, s:o, s:f, s:s, s:{s:I, s:I, s:I, s:I, s:I}, s:o}",
			 "format", 1,
			 "a", json_string(c->a.path) ?: json_null(),
			 "b", json_string(c->b.path) ?: json_null(),
			 "threshold", c->threshold,
			 "verdict", verdict_name(comparison_verdict(c)),
			 "counts",
			 "same", (json_int_t)c->count[SAME],
			 "changed", (json_int_t)c->count[CHANGED],
			 "cannot_tell", (json_int_t)c->count[CANNOT_TELL],
			 "only_a", (json_int_t)c->only_a,
			 "only_b", (json_int_t)c->only_b,
			 "points", points);
	err = !root ? -ENOMEM : json_dumpf(root, f, JSON_INDENT(2) |
					   JSON_REAL_PRECISION(7)) ? -EIO : 0;
	fputc('\n', f);
	json_decref(root);
	return err;
}

static void add_pair(struct test_report *report, const struct comparison *c,
		     const struct compare_pair *p)
{
	enum unit ua = unit_resolve(&c->a, UNIT_DEFAULT);
	enum unit ub = unit_resolve(&c->b, UNIT_DEFAULT);
	char text[200];
	size_t n;

	n = snprintf(text, sizeof(text), "%.4g %s, was %.4g %s",
		     p->b->ticks.mid * unit_per_tick(&c->b, ub),
		     unit_name(ub),
		     p->a->ticks.mid * unit_per_tick(&c->a, ua),
		     unit_name(ua));
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
		.value = p->b->ticks.mid * unit_per_tick(&c->b, ub),
		.unit = unit_name(ub) });
}

/* Points of @r that @other lacks: where points are counted, a change. */
static void add_lacking(struct test_report *report, const struct comparison *c,
			const struct result *r, const struct result *other,
			const char *reason)
{
	for (size_t i = 0; i < r->nr_points; i++) {
		if (result_find(other, &r->point[i].point))
			continue;
		test_report_add(report, &(struct test_case){
			.name = r->point[i].name, .value = NAN,
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
	snprintf(note, sizeof(note), "against %.400s%s%s", c->a.path,
		 threshold, c->a.partial || c->b.partial ?
		 ", one of them PARTIAL" : "");
	test_report_open(report, c->b.path, note);
	for (size_t i = 0; i < c->nr; i++)
		add_pair(report, c, &c->pair[i]);
	add_lacking(report, c, &c->a, &c->b, "only in the first file");
	add_lacking(report, c, &c->b, &c->a, "only in the second file");
}
