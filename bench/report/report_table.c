// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/table.h"
#include "report/report_table.h"

static const struct report_cell no_cell = { { NAN, NAN, NAN, 0 }, false };

void report_cell_text(struct report *rep, const struct report_cell *c,
		      bool narrow, char *text, size_t size)
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

static struct report_cell scaled_cell(struct estimate e, double scale,
				      bool contended)
{
	return (struct report_cell){
		{ e.mid * scale, e.lo * scale, e.hi * scale, e.n }, contended
	};
}

struct report_cell report_event_cell(const struct result_point *p,
					  const char *event)
{
	const json_t *counters = json_object_get(p->json, "counters");
	const json_t *v = json_object_get(counters, event);
	const json_t *lo = json_object_get(v, "lo");
	const json_t *hi = json_object_get(v, "hi");
	struct report_cell c = no_cell;

	if (!v)
		return c;
	c.e.mid = json_number_value(json_object_get(v, "per_op"));
	c.e.lo = lo ? json_number_value(lo) : -INFINITY;
	c.e.hi = hi ? json_number_value(hi) : INFINITY;
	c.contended = p->contended;
	return c;
}

struct report_cell report_median_cell(const struct report *rep,
				      const struct result_point *p)
{
	if (!p)
		return no_cell;
	return rep->counted ? report_event_cell(p, "cycles") :
		scaled_cell(p->cost, rep->scale, p->contended);
}

/* Were two points sampled in the same rounds? */
static bool same_rounds(const struct result_point *a,
			const struct result_point *b)
{
	const json_t *ga = json_object_get(a->json, "group");
	const json_t *gb = json_object_get(b->json, "group");

	return json_is_integer(ga) && json_is_integer(gb) &&
		json_integer_value(ga) == json_integer_value(gb);
}

struct report_cell report_added_cell(const struct report *rep,
				     const struct result_point *p,
				     const struct result_point *plain)
{
	struct estimate e;

	if (!plain || !same_rounds(p, plain))
		return no_cell;
	e = stats_paired_difference(p->sample, plain->sample,
				    p->nr_samples < plain->nr_samples ?
				    p->nr_samples : plain->nr_samples,
				    STATS_CONFIDENCE);
	return scaled_cell(e, rep->scale,
			   p->contended || plain->contended);
}

static const struct result_point *find_point(const struct report *rep,
					     const struct point *key,
					     enum pf_generation gen,
					     enum pf_lowering lowering)
{
	struct point p = *key;

	p.accessor = rep->accessor;
	p.generation = gen;
	p.lowering = lowering;
	for (size_t i = 0; i < rep->nr; i++) {
		if (point_equal(&rep->point[i]->point, &p)) {
			rep->shown[i] = true;
			return rep->point[i];
		}
	}
	return NULL;
}

static struct report_cell table_figure(struct report *rep,
				       const struct report_table *t,
				       const struct point *key,
				       enum pf_generation gen,
				       enum pf_lowering lowering)
{
	const struct result_point *p;

	p = find_point(rep, key, gen, lowering);
	if (!p || (t->figure == REPORT_ADDED && gen == PF_GEN_plain))
		return no_cell;
	if (t->figure == REPORT_EVENT)
		return report_event_cell(p, t->event);
	if (t->figure == REPORT_MEDIAN)
		return report_median_cell(rep, p);
	return report_added_cell(rep, p,
				 find_point(rep, key, PF_GEN_plain, PF_AUTO));
}

/* How a table is cut into parts that fit a line: as even as can be. */
static size_t nr_parts(const struct report_table *t)
{
	size_t max = t->narrow ? REPORT_MAX_NARROW : REPORT_MAX_WIDE;

	return (t->nr + max - 1) / max;
}

static bool starts_part(const struct report_table *t, size_t column)
{
	for (size_t part = 0; part < nr_parts(t); part++)
		if (column == part * t->nr / nr_parts(t))
			return true;
	return false;
}

const char *report_median_unit(const struct report *rep)
{
	return rep->counted ? "cycles, counted" : unit_name(rep->r, rep->unit);
}

static const char *table_unit(const struct report *rep,
			      const struct report_table *t)
{
	return t->figure == REPORT_EVENT ? "per operation" :
		t->figure == REPORT_MEDIAN ? report_median_unit(rep) :
		unit_name(rep->r, rep->unit);
}

static void head_rows(const struct report *rep, const struct report_table *t,
		      struct table *text)
{
	const struct report_column *c = t->column;

	/* a title names one mode; two modes are named over their columns */
	if (c[0].key.form != c[t->nr - 1].key.form) {
		table_row(text);
		for (size_t i = 0; i < t->nr; i++)
			if (starts_part(t, i) ||
			    c[i].key.form != c[i - 1].key.form)
				table_cell_aligned(text, i + 1, TABLE_LEFT,
						   "  %s",
						   format_mode(c[i].key.form));
	}
	table_row(text);
	table_cell(text, 0, "%s", table_unit(rep, t));
	for (size_t i = 0; i < t->nr; i++) {
		/* narrow heads end over the last digit */
		if (t->narrow)
			table_cell(text, i + 1, "%s ", c[i].head);
		else
			table_cell_aligned(text, i + 1, TABLE_LEFT, "%s%s",
					   strlen(c[i].head) < REPORT_WIDE - 1 ?
					   "  " : " ", c[i].head);
	}
}

/* One row; @widest is the reach of the widest interval so far. */
static void figure_row(struct report *rep, const struct report_table *t,
		       const struct report_cell *cell, const char *label,
		       struct table *text, double *widest)
{
	char figure[64];

	table_row(text);
	table_cell(text, 0, "%s", label);
	for (size_t i = 0; i < t->nr; i++) {
		report_cell_text(rep, &cell[i], t->narrow, figure,
				 sizeof(figure));
		table_cell(text, i + 1, "%s", figure);
		if (isfinite(cell[i].e.hi - cell[i].e.lo))
			*widest = fmax(*widest, format_reach(&cell[i].e, 2));
	}
}

static bool has_figure(const struct report_cell *cell, size_t nr)
{
	for (size_t i = 0; i < nr; i++)
		if (!isnan(cell[i].e.mid))
			return true;
	return false;
}

/* The rows of all generations that have a figure; returns how many. */
static size_t figure_rows(struct report *rep, const struct report_table *t,
			  struct report_cell *cell, struct table *text,
			  double *widest)
{
	char label[64];
	size_t nr = 0;

	for (int g = 0; g < PF_NR_GENERATIONS; g++) {
		const char *name = pf_generations[g].name;
		bool named = false;

		for (int l = 0; l < PF_NR_LOWERINGS; l++) {
			for (size_t i = 0; i < t->nr; i++)
				cell[i] = table_figure(rep, t,
						       &t->column[i].key, g, l);
			if (!has_figure(cell, t->nr))
				continue;
			/* a lowering is indented below its generation */
			if (l != PF_AUTO && !named) {
				table_row(text);
				table_cell(text, 0, "%s", name);
			}
			named = true;
			snprintf(label, sizeof(label), "  %s",
				 lowering_name(l));
			figure_row(rep, t, cell, l == PF_AUTO ? name : label,
				   text, widest);
			nr++;
		}
	}
	return nr;
}

static int print_parts(FILE *f, const struct report_table *t,
		       struct table *text)
{
	size_t parts = nr_parts(t);
	int err = 0;

	fprintf(f, "\n");
	text_line(f, "%s", t->title);
	for (size_t part = 0; part < parts && !err; part++)
		err = table_print(text, f, part * t->nr / parts + 1,
				  (part + 1) * t->nr / parts + 1);
	return err;
}

/* All rows that have a figure, for the sink. */
static int sink_figures(struct report *rep, const struct report_table *t)
{
	struct report_row rows[PF_NR_GENERATIONS * PF_NR_LOWERINGS];
	struct report_grid grid = {
		.table = t, .accessor = rep->accessor,
		.unit = table_unit(rep, t), .row = rows,
	};
	int err = 0;

	grid.cell = calloc(PF_NR_GENERATIONS * PF_NR_LOWERINGS * t->nr,
			   sizeof(*grid.cell));
	if (!grid.cell)
		return -ENOMEM;
	for (int g = 0; g < PF_NR_GENERATIONS; g++) {
		for (int l = 0; l < PF_NR_LOWERINGS; l++) {
			struct report_cell *cell =
				grid.cell + grid.nr_rows * t->nr;

			for (size_t i = 0; i < t->nr; i++)
				cell[i] = table_figure(rep, t,
						       &t->column[i].key, g, l);
			if (has_figure(cell, t->nr))
				rows[grid.nr_rows++] =
					(struct report_row){ g, l };
		}
	}
	if (grid.nr_rows)
		err = rep->sink->figures(rep->sink->arg, &grid);
	free(grid.cell);
	return err;
}

void report_table_print(struct report *rep, const struct report_table *t)
{
	struct report_cell *cell = calloc(t->nr + 1, sizeof(*cell));
	struct table text;
	double widest = 0;
	int err = cell ? 0 : -ENOMEM;

	if (err || !t->nr)
		goto out;
	if (rep->sink) {
		err = sink_figures(rep, t);
		goto out;
	}
	table_open(&text, t->nr + 1);
	table_column(&text, 0, TABLE_LEFT, 0, REPORT_LABEL, true);
	for (size_t i = 0; i < t->nr; i++)
		table_column(&text, i + 1, TABLE_RIGHT, 0,
			     t->narrow ? REPORT_NARROW : REPORT_WIDE, true);
	head_rows(rep, t, &text);
	if (figure_rows(rep, t, cell, &text, &widest)) {
		err = print_parts(rep->f, t, &text);
		if (t->narrow && t->figure != REPORT_EVENT && widest > 0)
			text_line(rep->f,
				  "(no 95 %% interval here is wider than +-%.2f)",
				  widest);
	}
	table_close(&text);
out:
	free(cell);
	rep->err = err ? err : rep->err;
}

int report_text_table(struct report *rep, const char *title, struct table *t,
		      size_t from, size_t to)
{
	if (rep->sink)
		return rep->sink->text(rep->sink->arg, title, t);
	fprintf(rep->f, "\n");
	for (size_t n; *title; title += n + (title[n] == '\n')) {
		n = strcspn(title, "\n");
		text_line(rep->f, "%.*s", (int)n, title);
	}
	return table_print(t, rep->f, from, to);
}

void report_table_columns(struct report *rep, struct report_table *t,
			  bool (*want)(const struct point *p, const void *arg),
			  const void *arg)
{
	struct point *key;
	long nr = result_columns(rep->r, rep->accessor, want, arg, &key);

	t->nr = 0;
	t->column = nr < 0 ? NULL : calloc(nr + 1, sizeof(*t->column));
	if (!t->column)
		rep->err = -ENOMEM;
	else
		t->nr = nr;
	for (size_t i = 0; i < t->nr; i++) {
		t->column[i].key = key[i];
		pages_name(&key[i], t->column[i].head);
	}
	free(key);
}

void report_table_close(struct report_table *t)
{
	free(t->column);
	t->column = NULL;
	t->nr = 0;
}
