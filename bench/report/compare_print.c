// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/compare_internal.h"
#include "report/format.h"

#define COMPARE_LABEL 27

void compare_block_name(const struct point *p, char *name, size_t size)
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

void compare_label_cell(struct table *text, const struct point *p,
			enum pf_generation *above)
{
	const char *name = pf_generations[p->generation].name;

	if (p->lowering != PF_AUTO && *above != p->generation) {
		table_cell(text, 0, "  %s", name);
		table_row(text);
	}
	*above = p->generation;
	if (p->generation == PF_GEN_primitive)
		table_cell(text, 0, "  %s", pf_accessors[p->accessor].name);
	else if (p->lowering == PF_AUTO)
		table_cell(text, 0, "  %s", name);
	else
		table_cell(text, 0, "    %s", lowering_name(p->lowering));
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

static void pair_row(struct table *text, const struct comparison *c,
		     const struct compare_pair *p, enum pf_generation *above)
{
	char holm[16];

	table_row(text);
	compare_label_cell(text, &p->a->point, above);
	if (isnan(p->value.mid))
		table_cell(text, 1, "-  ");
	else if (p->difference)
		table_cell(text, 1, "%+.3f%s", p->value.mid,
			   c->unit == UNIT_CYCLES ? "cy" : "ns");
	else
		table_cell(text, 1, "%.3f  ", p->value.mid);
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

/* The length of an item of a list, up to "; " or the end. */
static size_t item_length(const char *list)
{
	const char *end = strstr(list, "; ");

	return end ? (size_t)(end - list) : strlen(list);
}

static bool has_item(const char *list, const char *item, size_t len)
{
	for (; *list; list += strspn(list, "; ")) {
		if (item_length(list) == len && !strncmp(list, item, len))
			return true;
		list += item_length(list);
	}
	return false;
}

/* The items of @list that @other lacks: all of it if there is one item. */
static char *items_lacking(const char *list, const char *other)
{
	char *text = strdup("");

	for (; *list && text; list += strspn(list, "; ")) {
		size_t len = item_length(list);
		char *longer;

		if (!has_item(other, list, len)) {
			longer = text_format("%s%s%.*s", text,
					     *text ? "; " : "", (int)len, list);
			free(text);
			text = longer;
		}
		list += len;
	}
	return text;
}

static void print_difference(FILE *f, const char *where, const char *key,
			     const char *a, const char *b)
{
	char *in_a = items_lacking(a, b), *in_b = items_lacking(b, a);
	char *line = in_a && in_b ?
		text_format("%s: %s: %s | %s", where, key, *in_a ? in_a : "-",
			    *in_b ? in_b : "-") : NULL;

	if (line)
		text_wrapped(f, line, strlen(where) + 2);
	free(line);
	free(in_a);
	free(in_b);
}

void compare_print_differs(FILE *f, const char *where, const struct result *a,
			   const struct result *b)
{
	static const char *const keys[] = {
		"host_name", "cpu_model", "microcode", "kernel", "hypervisor",
		"mitigations", "hvo", "governor", "turbo", "smt",
		"transparent_hugepage", "backend", "commit", "compiler",
		"cflags",
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		const char *in_a = result_context(a, keys[i]);
		const char *in_b = result_context(b, keys[i]);

		if (strcmp(in_a, in_b))
			print_difference(f, where, keys[i], in_a, in_b);
	}
}

static void print_context_differences(FILE *f, const struct comparison *c)
{
	bool a = compare_partial(&c->a), b = compare_partial(&c->b);

	compare_print_differs(f, "differs", c->a.run, c->b.run);
	for (size_t i = 1; i < c->a.nr; i++)
		compare_print_differs(f, "differs within A", c->a.run,
				      &c->a.run[i]);
	for (size_t i = 1; i < c->b.nr; i++)
		compare_print_differs(f, "differs within B", c->b.run,
				      &c->b.run[i]);
	if (a || b)
		text_line(f, "PARTIAL: %s", !b ? "A" : !a ? "B" : "A and B");
}

/* Points that the other side lacks, one per line. */
static void print_lacking(FILE *f, const struct compare_side *s,
			  const struct compare_side *other, const char *where)
{
	const struct result_point *p;
	size_t run = 0, i = 0;

	while ((p = compare_next(s, &run, &i)))
		if (!compare_find(other, &p->point))
			fprintf(f, "%-20s %s\n", where, p->name);
}

/* Figures first: names may be long. */
static int print_changed_counts(FILE *f, const struct comparison *c)
{
	text_line(f, "A: %s", c->a.names);
	text_line(f, "B: %s", c->b.names);
	print_context_differences(f, c);
	text_line(f, "Instructions per operation");
	for (size_t i = 0; i < c->nr; i++)
		if (c->pair[i].verdict == CHANGED)
			fprintf(f, "%8.3f -> %8.3f %s\n", c->pair[i].a_cost,
				c->pair[i].b_cost, c->pair[i].a->name);
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
	enum pf_generation above = PF_NR_GENERATIONS;
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
		if (c->only_changed && c->pair[i].verdict != CHANGED)
			continue;
		compare_block_name(&c->pair[i].a->point, name, sizeof(name));
		if (strcmp(name, block)) {
			above = PF_NR_GENERATIONS;
			table_row(&text);
			table_row(&text);
			table_cell(&text, 0, "%s", name);
			strcpy(block, name);
		}
		pair_row(&text, c, &c->pair[i], &above);
	}
	err = table_print(&text, f, 1, 5);
	table_close(&text);
	return err;
}

static void print_side(FILE *f, const char *letter,
		       const struct compare_side *s)
{
	for (size_t i = 0; i < s->nr; i++) {
		char number[24] = "";

		if (s->nr > 1)
			snprintf(number, sizeof(number), "%zu", i + 1);
		text_line(f, "%s%s: %s, %s, %.16s", letter, number,
			  s->run[i].path,
			  result_context(&s->run[i], "host_name"),
			  result_context(&s->run[i], "date"));
	}
}

/* The origin of the intervals, for one run tells nothing of the next. */
static void print_intervals(FILE *f, const struct comparison *c)
{
	if (c->a.nr + c->b.nr < 3)
		text_line(f, "The interval is of the rounds of one run: two runs can differ by more");
	else
		text_line(f, "The interval has the variance between runs: %zu of A, %zu of B",
			  c->a.nr, c->b.nr);
}

static int print_samples(FILE *f, const struct comparison *c)
{
	int err = 0;

	print_side(f, "A", &c->a);
	print_side(f, "B", &c->b);
	print_context_differences(f, c);
	text_line(f, "Ratio B/A, 95 %% interval, p after Holm over %zu; threshold %g %%",
		  c->tested, 100 * c->threshold);
	text_line(f, "Unit: %s%s", c->unit_name,
		  c->unit == UNIT_CYCLES ? " (cy)" : "");
	print_intervals(f, c);
	if (!c->only_changed || c->count[CHANGED])
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
