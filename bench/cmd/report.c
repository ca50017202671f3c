// SPDX-License-Identifier: GPL-2.0
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/cmd.h"
#include "report/format.h"

static const char help[] =
"Usage: pfbench report [OPTION...] FILE...\n"
"\n"
"Print result files as tables for a plain-text mail: one report after the\n"
"other, at most 72 columns, ASCII.\n"
"\n"
"      --unit=UNIT      ns (the default), ticks or cycles; cycles are counted\n"
"                       where the file has that counter, else estimated from\n"
"                       the length of a dependent add\n"
"      --accessor=NAME  this accessor only\n"
"  -h, --help           this text\n"
"\n"
"Figures are net of the empty loop, per operation: the median and how far its\n"
"95 % interval reaches. What a look-up adds is taken round by round against\n"
"the plain bit operation sampled beside it.\n"
"\n"
"Exit status: 0 done; 2 a file could not be read, or has nothing to show.\n"
"\n"
"Example: pfbench report --accessor=PageLocked results/*/*.json\n";

#define LABEL 18		/* the longest name of a generation */
#define WIDE_CELL 13		/* " 14.05!+-0.01" */
#define NARROW_CELL 6		/* " 14.05" */
#define MAX_WIDE ((TEXT_COLUMNS - LABEL) / WIDE_CELL)
#define MAX_NARROW ((TEXT_COLUMNS - LABEL) / NARROW_CELL)
/* More shares of tails than this, and they get a table of their own. */
#define MAX_SHARES 2

struct report {
	const struct result *r;
	enum unit unit;
	double scale;		/* of a tick in that unit */
	bool counted;		/* cycles: there is a counter of them */
	/* of the accessor at hand */
	enum pf_accessor accessor;
	const struct result_point **point;
	bool *shown;
	size_t nr;
	/* what the legend has to explain */
	bool contended, open, missing;
};

/* A column is all of a point but accessor, generation and lowering. */
struct column {
	struct point key;
	char head[24];
};

enum source { MEDIAN, ADDED, EVENT };

struct table {
	char title[160];
	struct column *column;
	size_t nr;
	enum source source;
	const char *event;
	bool narrow;		/* no intervals in the cells */
};

struct cell {
	struct estimate e;
	bool contended;
};

static const struct cell no_cell = { { NAN, NAN, NAN, 0 }, false };

static void format_cell(struct report *rep, const struct cell *c, bool narrow,
			char *text, size_t size)
{
	rep->missing |= isnan(c->e.mid);
	rep->contended |= c->contended;
	rep->open |= !narrow && !isnan(c->e.mid) &&
		     !isfinite(c->e.hi - c->e.lo);
	if (narrow)
		format_median(&c->e, c->contended, text, size);
	else
		format_estimate(&c->e, c->contended, text, size);
}

static const struct result_point *find(const struct report *rep,
				       const struct column *column,
				       enum pf_generation gen,
				       enum pf_lowering how)
{
	struct point p = column->key;
	size_t i;

	p.accessor = rep->accessor;
	p.generation = gen;
	p.lowering = how;
	for (i = 0; i < rep->nr; i++) {
		if (point_equal(&rep->point[i]->point, &p)) {
			rep->shown[i] = true;
			return rep->point[i];
		}
	}
	return NULL;
}

static struct cell scaled(struct estimate e, double scale, bool contended)
{
	struct cell c = { e, contended };

	c.e.mid *= scale;
	c.e.lo *= scale;
	c.e.hi *= scale;
	return c;
}

static struct cell event_cell(const struct result_point *p, const char *event)
{
	const json_t *v = json_object_get(p->json, "counters"), *lo, *hi;
	struct cell c = no_cell;

	v = json_object_get(v, event);
	if (!v)
		return c;
	lo = json_object_get(v, "lo");
	hi = json_object_get(v, "hi");
	c.e.mid = json_number_value(json_object_get(v, "per_op"));
	c.e.lo = lo ? json_number_value(lo) : -INFINITY;
	c.e.hi = hi ? json_number_value(hi) : INFINITY;
	c.contended = p->contended;
	return c;
}

/* Two points that were sampled in the same rounds. */
static bool paired(const struct result_point *a, const struct result_point *b)
{
	const json_t *ga = json_object_get(a->json, "group");
	const json_t *gb = json_object_get(b->json, "group");

	return json_is_integer(ga) && json_is_integer(gb) &&
		json_integer_value(ga) == json_integer_value(gb);
}

static struct cell cell_of(struct report *rep, const struct table *t,
			   const struct column *column, enum pf_generation gen,
			   enum pf_lowering how)
{
	const struct result_point *p = find(rep, column, gen, how), *plain;
	struct estimate e;

	if (!p)
		return no_cell;
	if (t->source == EVENT)
		return event_cell(p, t->event);
	if (t->source == MEDIAN && rep->counted)
		return event_cell(p, "cycles");
	if (t->source == MEDIAN)
		return scaled(p->ticks, rep->scale, p->contended);
	plain = find(rep, column, PF_GEN_plain, PF_AUTO);
	if (!plain || !paired(p, plain))
		return no_cell;
	e = stats_paired_difference(p->sample, plain->sample,
				    p->nr_samples < plain->nr_samples ?
				    p->nr_samples : plain->nr_samples,
				    STATS_CONFIDENCE);
	return scaled(e, rep->scale, p->contended || plain->contended);
}

static bool has_row(struct report *rep, const struct table *t,
		    enum pf_generation gen, enum pf_lowering how)
{
	size_t i;

	if (t->source == ADDED && gen == PF_GEN_plain)
		return false;
	for (i = 0; i < t->nr; i++)
		if (!isnan(cell_of(rep, t, &t->column[i], gen, how).e.mid))
			return true;
	return false;
}

static void print_row(struct report *rep, const struct table *t, size_t from,
		      size_t to, const char *label, enum pf_generation gen,
		      enum pf_lowering how, double *widest)
{
	int width = t->narrow ? NARROW_CELL : WIDE_CELL;
	char line[512], text[64];
	size_t i, len;

	len = snprintf(line, sizeof(line), "%-*s", LABEL, label);
	for (i = from; i < to; i++) {
		struct cell c = cell_of(rep, t, &t->column[i], gen, how);

		format_cell(rep, &c, t->narrow, text, sizeof(text));
		len += snprintf(line + len, sizeof(line) - len, "%*s", width,
				text);
		if (isfinite(c.e.hi - c.e.lo))
			*widest = fmax(*widest, format_reach(&c.e, 2));
	}
	text_line(stdout, "%s", line);
}

static void print_rows(struct report *rep, const struct table *t, size_t from,
		       size_t to, double *widest)
{
	char label[64];
	int g, l;

	for (g = 0; g < PF_NR_GENERATIONS; g++) {
		bool named = false;

		for (l = 0; l < PF_NR_LOWERINGS; l++) {
			if (!has_row(rep, t, g, l))
				continue;
			/* a lowering hangs below its generation */
			if (l != PF_AUTO && !named)
				text_line(stdout, "%s", pf_generations[g].name);
			named = true;
			snprintf(label, sizeof(label), "  %s",
				 lowering_name(l));
			print_row(rep, t, from, to, l == PF_AUTO ?
				  pf_generations[g].name : label, g, l,
				  widest);
		}
	}
}

static const char *mode_name(enum pf_form form)
{
	static const char *const names[PF_NR_FORMS] = {
		"throughput", "throughput, cond", "latency",
	};

	return names[form];
}

static void print_heads(const struct table *t, size_t from, size_t to,
			const char *unit)
{
	int width = t->narrow ? NARROW_CELL : WIDE_CELL;
	char line[512], over[512];
	size_t i, len, olen;
	bool two = false;

	len = snprintf(line, sizeof(line), "%-*s", LABEL, unit);
	olen = snprintf(over, sizeof(over), "%-*s", LABEL, "");
	for (i = from; i < to; i++) {
		enum pf_form form = t->column[i].key.form;
		bool first = i == from || form != t->column[i - 1].key.form;
		int gap = strlen(t->column[i].head) < WIDE_CELL - 1 ? 2 : 1;

		two |= form != t->column[0].key.form;
		/* narrow heads stand over the last digit, wide ones are left */
		len += t->narrow ?
			snprintf(line + len, sizeof(line) - len, "%*s ",
				 width - 1, t->column[i].head) :
			snprintf(line + len, sizeof(line) - len, "%*s%-*s",
				 gap, "", width - gap, t->column[i].head);
		olen += snprintf(over + olen, sizeof(over) - olen, "  %-*s",
				 width - 2, first ? mode_name(form) : "");
	}
	two |= t->column[t->nr - 1].key.form != t->column[0].key.form;
	if (two)
		text_line(stdout, "%s", over);
	text_line(stdout, "%s", line);
}

static void print_table(struct report *rep, const struct table *t)
{
	const char *unit = unit_name(rep->unit);
	size_t max = t->narrow ? MAX_NARROW : MAX_WIDE, parts, part, from, to;
	double widest = 0;
	bool any = false;
	int g, l;

	for (g = 0; g < PF_NR_GENERATIONS; g++)
		for (l = 0; l < PF_NR_LOWERINGS; l++)
			any |= has_row(rep, t, g, l);
	if (!any)
		return;
	if (t->source == EVENT)
		unit = "per operation";
	else if (rep->counted && t->source == MEDIAN)
		unit = "cycles, counted";
	printf("\n");
	text_line(stdout, "%s", t->title);
	parts = (t->nr + max - 1) / max;
	for (part = 0; part < parts; part++) {
		from = part * t->nr / parts;
		to = (part + 1) * t->nr / parts;
		print_heads(t, from, to, unit);
		print_rows(rep, t, from, to, &widest);
	}
	if (t->narrow && t->source != EVENT && widest > 0)
		text_line(stdout, "(no 95 %% interval here is wider than +-%.2f)",
			  widest);
}

static int compare_columns(const void *pa, const void *pb)
{
	const struct column *a = pa, *b = pb;

	return point_compare_columns(&a->key, &b->key);
}

/*
 * collect() - the columns of a table: each combination once, of the points
 * that @want says belong in it
 */
static int collect(const struct report *rep, struct table *t,
		   bool (*want)(const struct point *p, const void *arg),
		   const void *arg)
{
	size_t i, k;

	t->nr = 0;
	t->column = calloc(rep->nr + 1, sizeof(*t->column));
	if (!t->column)
		return -1;
	for (i = 0; i < rep->nr; i++) {
		const struct point *p = &rep->point[i]->point;

		if (!want(p, arg))
			continue;
		for (k = 0; k < t->nr; k++)
			if (point_same_column(&t->column[k].key, p))
				break;
		if (k == t->nr)
			t->column[t->nr++].key = *p;
	}
	qsort(t->column, t->nr, sizeof(*t->column), compare_columns);
	for (i = 0; i < t->nr; i++)
		pages_name(&t->column[i].key, t->column[i].head);
	return 0;
}

struct choice {
	const struct report *rep;
	struct point like;
	enum pf_form form, form2;
	bool some_shares;	/* of the mixed populations 50 only */
};

static bool want_base(const struct point *p, const void *arg)
{
	const struct choice *c = arg;

	if (p->form != c->form && p->form != c->form2)
		return false;
	return point_is_default(p) && (p->population != PF_MIXED ||
				       p->tails == 50 || !c->some_shares);
}

static bool want_sources(const struct point *p, const void *arg)
{
	const struct choice *c = arg;
	struct point own = *p;

	own.source = SOURCE_OWN;
	return p->source != SOURCE_OWN && point_is_default(&own) &&
		(p->form == c->form || p->form == c->form2);
}

static bool want_shares(const struct point *p, const void *arg)
{
	const struct choice *c = arg;

	return p->form == c->form && p->population == PF_MIXED &&
		point_is_default(p);
}

static bool want_working_sets(const struct point *p, const void *arg)
{
	struct point like = ((const struct choice *)arg)->like;

	like.ws = p->ws;
	return point_same_column(p, &like);
}

static bool want_orders(const struct point *p, const void *arg)
{
	struct point like = ((const struct choice *)arg)->like;

	like.order = p->order;
	return point_same_column(p, &like);
}

static bool want_populations(const struct point *p, const void *arg)
{
	const struct point *like = &((const struct choice *)arg)->like;

	return p->form == like->form && p->ws == like->ws &&
		p->shuffled == like->shuffled &&
		(p->order == like->order || !p->order || !like->order);
}

static size_t count_shares(const struct report *rep, enum pf_form form)
{
	struct choice c = { .form = form };
	struct table t;
	size_t nr;

	if (collect(rep, &t, want_shares, &c))
		return 0;
	nr = t.nr;
	free(t.column);
	return nr;
}

static void print_added(struct report *rep, struct table *t)
{
	bool counted = rep->counted;

	t->source = ADDED;
	rep->counted = false;
	if (!isnan(rep->scale))
		print_table(rep, t);
	rep->counted = counted;
	t->source = MEDIAN;
}

/* One or both modes, and what the look-ups add, below. */
static void print_base(struct report *rep, enum pf_form form,
		       enum pf_form form2, bool some_shares)
{
	const char *name = pf_accessors[rep->accessor].name, *mode;
	struct choice c = { .form = form, .form2 = form2,
			    .some_shares = some_shares };
	struct table t = { .source = MEDIAN };

	if (collect(rep, &t, want_base, &c))
		return;
	if (t.nr) {
		/* two modes are named in the heads instead */
		mode = t.column[0].key.form == t.column[t.nr - 1].key.form ?
			mode_name(t.column[0].key.form) : "";
		snprintf(t.title, sizeof(t.title), "%s%s%s", name,
			 *mode ? ", " : "", mode);
		print_table(rep, &t);
		snprintf(t.title, sizeof(t.title),
			 "%s%s%s: what the look-up adds to plain", name,
			 *mode ? ", " : "", mode);
		print_added(rep, &t);
	}
	free(t.column);
}

static void print_shares(struct report *rep, enum pf_form form)
{
	struct choice c = { .form = form };
	struct table t = { .source = MEDIAN, .narrow = true };
	size_t i;

	if (collect(rep, &t, want_shares, &c))
		return;
	snprintf(t.title, sizeof(t.title),
		 "%s, %s, by share of tail pages (%%), at random",
		 pf_accessors[rep->accessor].name, mode_name(form));
	for (i = 0; i < t.nr; i++)
		snprintf(t.column[i].head, sizeof(t.column[i].head), "%u",
			 t.column[i].key.tails);
	if (t.nr)
		print_table(rep, &t);
	free(t.column);
}

static void print_sources(struct report *rep, enum pf_form form)
{
	struct choice c = { .form = form, .form2 = form };
	struct table t = { .source = MEDIAN };

	if (collect(rep, &t, want_sources, &c))
		return;
	snprintf(t.title, sizeof(t.title), "%s, %s, by source of the pages",
		 pf_accessors[rep->accessor].name, mode_name(form));
	if (t.nr)
		print_table(rep, &t);
	free(t.column);
}

/* What a point that has not been shown yet differs in, for a title. */
static void particulars(const struct point *p, bool population, char *text,
			size_t size)
{
	char pop[POPULATION_NAME_MAX];
	size_t len;

	pages_name(p, pop);
	len = snprintf(text, size, "%s, %s", pf_accessors[p->accessor].name,
		       mode_name(p->form));
	if (population)
		len += snprintf(text + len, size - len, ", %s", pop);
	if (p->shuffled)
		snprintf(text + len, size - len, ", shuffled");
}

static void print_working_sets(struct report *rep, const struct point *like)
{
	struct choice c = { .like = *like };
	struct table t = { .source = MEDIAN };
	char what[100];
	size_t i;

	if (collect(rep, &t, want_working_sets, &c))
		return;
	particulars(like, true, what, sizeof(what));
	snprintf(t.title, sizeof(t.title), "%s, by working set", what);
	for (i = 0; i < t.nr; i++)
		snprintf(t.column[i].head, sizeof(t.column[i].head), "%s",
			 working_set_name(t.column[i].key.ws));
	print_table(rep, &t);
	free(t.column);
}

static void print_orders(struct report *rep, const struct point *like)
{
	struct choice c = { .like = *like };
	struct table t = { .source = MEDIAN, .narrow = true };
	char what[100];
	size_t i;

	if (collect(rep, &t, want_orders, &c))
		return;
	particulars(like, true, what, sizeof(what));
	snprintf(t.title, sizeof(t.title), "%s, by compound order", what);
	for (i = 0; i < t.nr; i++)
		snprintf(t.column[i].head, sizeof(t.column[i].head), "%u",
			 t.column[i].key.order);
	print_table(rep, &t);
	free(t.column);
}

static void print_populations(struct report *rep, const struct point *like)
{
	struct choice c = { .like = *like };
	struct table t = { .source = MEDIAN };
	char what[100];

	if (collect(rep, &t, want_populations, &c))
		return;
	particulars(like, false, what, sizeof(what));
	snprintf(t.title, sizeof(t.title), "%s, %s%s", what,
		 working_set_name(like->ws), like->order ==
		 PF_DEFAULT_ORDER || !like->order ? "" : ", other order");
	t.narrow = t.nr > 2 * MAX_WIDE;
	for (size_t i = 0; i < t.nr; i++)
		t.narrow &= t.column[i].key.source == SOURCE_OWN;
	print_table(rep, &t);
	free(t.column);
}

/* Every counter over some columns, throughput and latency side by side. */
static void print_events(struct report *rep, bool narrow,
			 bool (*want)(const struct point *p, const void *arg))
{
	const json_t *counters = json_object_get(rep->r->pfbench, "counters");
	struct choice c = { .form = PF_THROUGHPUT, .form2 = PF_LATENCY,
			    .some_shares = true };
	struct table t = { .source = EVENT, .narrow = narrow };
	const char *event;
	json_t *v;

	if (collect(rep, &t, want, &c))
		return;
	for (size_t i = 0; narrow && i < t.nr; i++)
		if (t.column[i].key.population == PF_MIXED)
			strcpy(t.column[i].head, "mixed");
	json_object_foreach((json_t *)counters, event, v) {
		t.event = event;
		snprintf(t.title, sizeof(t.title), "%s: %s%s",
			 pf_accessors[rep->accessor].name, event,
			 narrow ? "" : ", by source of the pages");
		if (t.nr)
			print_table(rep, &t);
	}
	free(t.column);
}

/* Whatever else there is of an accessor, by what it differs in. */
static void print_rest(struct report *rep)
{
	size_t i;

	for (i = 0; i < rep->nr; i++)
		if (!rep->shown[i] && rep->point[i]->point.ws != WS_HOT)
			print_working_sets(rep, &rep->point[i]->point);
	for (i = 0; i < rep->nr; i++)
		if (!rep->shown[i] && !point_is_default(&rep->point[i]->point) &&
		    rep->point[i]->point.order != PF_DEFAULT_ORDER &&
		    rep->point[i]->point.order)
			print_orders(rep, &rep->point[i]->point);
	for (i = 0; i < rep->nr; i++)
		if (!rep->shown[i])
			print_populations(rep, &rep->point[i]->point);
}

static size_t base_columns(const struct report *rep, enum pf_form form,
			   enum pf_form form2, bool some_shares)
{
	struct choice c = { .form = form, .form2 = form2,
			    .some_shares = some_shares };
	struct table t;
	size_t nr;

	if (collect(rep, &t, want_base, &c))
		return 0;
	nr = t.nr;
	free(t.column);
	return nr;
}

static void print_accessor(struct report *rep)
{
	bool some = count_shares(rep, PF_THROUGHPUT) > MAX_SHARES ||
		    count_shares(rep, PF_LATENCY) > MAX_SHARES;
	static const enum pf_form forms[] = { PF_THROUGHPUT, PF_LATENCY,
					      PF_THROUGHPUT_COND };
	size_t i;

	if (base_columns(rep, PF_THROUGHPUT, PF_LATENCY, some) <= MAX_WIDE) {
		print_base(rep, PF_THROUGHPUT, PF_LATENCY, some);
	} else {
		print_base(rep, PF_THROUGHPUT, PF_THROUGHPUT, some);
		print_base(rep, PF_LATENCY, PF_LATENCY, some);
	}
	print_base(rep, PF_THROUGHPUT_COND, PF_THROUGHPUT_COND, some);
	for (i = 0; i < 3; i++)
		if (some && count_shares(rep, forms[i]) > 1)
			print_shares(rep, forms[i]);
	for (i = 0; i < 3; i++)
		print_sources(rep, forms[i]);
	print_events(rep, true, want_base);
	print_events(rep, false, want_sources);
	print_rest(rep);
}

/* All points of @accessor, in the order of the file. */
static int select_accessor(struct report *rep, enum pf_accessor accessor)
{
	size_t i;

	rep->accessor = accessor;
	rep->nr = 0;
	for (i = 0; i < rep->r->nr_points; i++)
		if (rep->r->point[i].point.accessor == accessor)
			rep->point[rep->nr++] = &rep->r->point[i];
	memset(rep->shown, 0, rep->r->nr_points * sizeof(*rep->shown));
	return rep->nr;
}

static bool is_primitive(enum pf_accessor accessor)
{
	return pf_accessors[accessor].policy == PF_POLICY_PRIMITIVE;
}

/* "branch_unpredictable, mixed:50": a row of the table of primitives */
static void primitive_label(const struct point *p, char *text, size_t size)
{
	char pop[POPULATION_NAME_MAX];
	size_t len;

	population_name(p, pop);
	len = snprintf(text, size, "%s", pf_accessors[p->accessor].name);
	if (p->population != PF_SMALL)
		len += snprintf(text + len, size - len, ", %s", pop);
	if (p->ws != WS_HOT)
		len += snprintf(text + len, size - len, ", %s",
				working_set_name(p->ws));
	if (p->shuffled)
		len += snprintf(text + len, size - len, ", shuffled");
	if (p->order && p->order != PF_DEFAULT_ORDER)
		snprintf(text + len, size - len, ", order %u", p->order);
}

static void print_primitive(struct report *rep, const struct result_point *p)
{
	const enum pf_form forms[] = { PF_THROUGHPUT, PF_LATENCY };
	char label[100], text[2][64];
	size_t i;

	primitive_label(&p->point, label, sizeof(label));
	for (i = 0; i < 2; i++) {
		struct point q = p->point;
		const struct result_point *other;
		struct cell c = no_cell;

		q.form = forms[i];
		other = result_find(rep->r, &q);
		if (other && rep->counted)
			c = event_cell(other, "cycles");
		else if (other)
			c = scaled(other->ticks, rep->scale, other->contended);
		format_cell(rep, &c, false, text[i], sizeof(text[i]));
	}
	text_line(stdout, "%-42s%*s%*s", label, WIDE_CELL, text[0], WIDE_CELL,
		  text[1]);
}

static void print_primitives(struct report *rep, int only)
{
	bool headed = false;
	size_t i;

	for (i = 0; i < rep->r->nr_points; i++) {
		const struct result_point *p = &rep->r->point[i];
		struct point q = p->point;

		if (!is_primitive(q.accessor) ||
		    (only >= 0 && (int)q.accessor != only))
			continue;
		/* a row has both modes: printed with the first that is there */
		q.form = PF_THROUGHPUT;
		if (p->point.form == PF_LATENCY && result_find(rep->r, &q))
			continue;
		if (!headed) {
			printf("\nPrimitives, on the flags word of the page\n");
			text_line(stdout, "%-42s  %-*s  %s", rep->counted ?
				  "cycles, counted" :
				  unit_name(rep->unit), WIDE_CELL - 2,
				  "throughput", "latency");
			headed = true;
		}
		print_primitive(rep, p);
	}
}

/* Is @event the first of those that are not counted for @reason? */
static bool first_of_reason(json_t *counters, const char *event,
			    const char *reason)
{
	const char *other;
	json_t *v;

	json_object_foreach(counters, other, v)
		if (!strcmp(json_string_value(v), reason))
			return !strcmp(other, event);
	return false;
}

/* "Not counted: cycles, branches: n/a (no PMU)": each reason once */
static void print_not_counted(const struct report *rep)
{
	json_t *counters = json_object_get(rep->r->pfbench, "counters");
	const char *event, *other, *reason;
	char line[1024];
	json_t *v, *w;
	size_t len;

	json_object_foreach(counters, event, v) {
		reason = json_string_value(v);
		if (!strcmp(reason, "ok") ||
		    !first_of_reason(counters, event, reason))
			continue;
		len = snprintf(line, sizeof(line), "Not counted");
		json_object_foreach(counters, other, w)
			if (!strcmp(json_string_value(w), reason) &&
			    len < sizeof(line) / 2)
				len += snprintf(line + len, sizeof(line) - len,
						"%s %s", strchr(line, ':') ?
						"," : ":", other);
		snprintf(line + len, sizeof(line) - len, ": %s", reason);
		text_wrapped(stdout, line, 2);
	}
}

static void print_remarks(const struct report *rep)
{
	const json_t *list = json_object_get(rep->r->pfbench, "disturbances");
	double steal = result_number(rep->r, "steal_ticks");
	json_t *v;
	size_t i;

	printf("\n");
	if (rep->contended)
		text_line(stdout, "!    contended: no round was quiet, the core was shared");
	if (rep->open)
		text_line(stdout, "+-?  too few quiet rounds for a 95 %% interval");
	if (rep->missing)
		text_line(stdout, "-    not measured, or nothing to take it from");
	print_not_counted(rep);
	if (steal > 0)
		text_line(stdout, "Stolen from this CPU during the run: %.0f USER_HZ ticks",
			  steal);
	json_array_foreach(list, i, v) {
		char line[1024];

		snprintf(line, sizeof(line), "Disturbance: %s",
			 json_string_value(v));
		text_wrapped(stdout, line, 2);
	}
}

static bool counts_cycles(const struct result *r)
{
	size_t i;

	for (i = 0; i < r->nr_points; i++)
		if (json_object_get(json_object_get(r->point[i].json,
						    "counters"), "cycles"))
			return true;
	return false;
}

static int print_report(struct report *rep, int only)
{
	const struct result *r = rep->r;
	bool done[PF_NR_ACCESSORS] = { false };
	size_t i;

	rep->point = calloc(r->nr_points + 1, sizeof(*rep->point));
	rep->shown = calloc(r->nr_points + 1, sizeof(*rep->shown));
	if (!rep->point || !rep->shown) {
		free(rep->point);
		free(rep->shown);
		return complain("report: out of memory");
	}
	text_line(stdout, "pageflags-bench: %s, %.16s",
		  result_context(r, "host_name"), result_context(r, "date"));
	format_context(stdout, r);
	text_line(stdout, "Median and 95 %% interval, per operation, net of the empty loop");
	if (r->partial)
		text_line(stdout, "PARTIAL: the run was interrupted, or is under way");
	for (i = 0; i < r->nr_points; i++) {
		enum pf_accessor a = r->point[i].point.accessor;

		if (done[a] || is_primitive(a) || (only >= 0 && (int)a != only))
			continue;
		done[a] = true;
		if (select_accessor(rep, a))
			print_accessor(rep);
	}
	print_primitives(rep, only);
	if (!r->nr_points)
		printf("\nno points in this file\n");
	print_remarks(rep);
	free(rep->point);
	free(rep->shown);
	return EXIT_DONE;
}

static int report_file(const char *path, enum unit unit, int only, bool first)
{
	struct report rep = { .unit = unit };
	struct result r;
	struct errmsg msg = { "" };
	bool there = only < 0;
	size_t i;
	int ret;

	if (result_load(path, &r, &msg))
		return complain("report: %s", msg.text);
	unit = unit_resolve(&r, unit);
	rep.unit = unit;
	rep.r = &r;
	rep.scale = unit_per_tick(&r, unit);
	rep.counted = unit == UNIT_CYCLES && counts_cycles(&r);
	for (i = 0; i < r.nr_points; i++)
		there |= (int)r.point[i].point.accessor == only;
	if (!there) {
		ret = complain("report: %s: has no points of %s", path,
			       pf_accessors[only].name);
	} else if (isnan(rep.scale) && !rep.counted) {
		ret = complain("report: %s: does not know the length of a cycle: --unit=ns or ticks",
			       path);
	} else {
		if (!first)
			printf("\n");
		ret = print_report(&rep, only);
	}
	result_free(&r);
	return ret;
}

static int report_main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "unit", required_argument, NULL, 'u' },
		{ "accessor", required_argument, NULL, 'a' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 }
	};
	enum unit unit = UNIT_DEFAULT;
	enum pf_accessor accessor;
	int c, only = -1, i, err;

	if (wants_help(argc, argv)) {
		fputs(help, stdout);
		return EXIT_DONE;
	}
	opterr = 0;
	while ((c = getopt_long(argc, argv, ":h", options, NULL)) != -1) {
		switch (c) {
		case 'u':
			if (unit_parse(optarg, &unit))
				return complain("report: no unit '%s' (ns, ticks, cycles)",
						optarg);
			break;
		case 'a':
			if (point_parse_accessor(optarg, &accessor))
				return complain("report: no accessor '%s' (see 'pfbench list --all')",
						optarg);
			only = accessor;
			break;
		default:
			return complain_option(argc, argv, c);
		}
	}
	if (optind == argc)
		return complain("report: which result file? (see 'pfbench report --help')");
	for (i = optind; i < argc; i++) {
		err = report_file(argv[i], unit, only, i == optind);
		if (err)
			return err;
	}
	return fflush(stdout) ? complain("report: writing failed") : EXIT_DONE;
}

const struct cmd cmd_report = {
	"report", "result files as a table for a mail", &(const struct argp){ 0 },
	report_main,
};
