// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "report/format.h"
#include "report/matrix_internal.h"

/* The column of a code table that has a metric; -1: none */
static const int code_counts[MATRIX_NR_METRICS] = {
	[MATRIX_INSTRUCTIONS] = CODE_INSTRUCTIONS,
	[MATRIX_BRANCHES] = CODE_BRANCHES, [MATRIX_SELECTS] = CODE_SELECTS,
	[MATRIX_BARRIERS] = CODE_BARRIERS, [MATRIX_NS] = -1,
	[MATRIX_CYCLES] = -1,
};

const char *matrix_metric_name(enum matrix_metric metric)
{
	static const char *const names[MATRIX_NR_METRICS] = {
		[MATRIX_INSTRUCTIONS] = "instructions",
		[MATRIX_BRANCHES] = "branches", [MATRIX_SELECTS] = "selects",
		[MATRIX_BARRIERS] = "barriers", [MATRIX_NS] = "ns",
		[MATRIX_CYCLES] = "cycles",
	};

	return names[metric];
}

static const struct matrix_figure no_figure = { .e = { NAN, NAN, NAN, 0 } };

#define NR_CELLS (PF_NR_ACCESSORS * PF_NR_GENERATIONS * PF_NR_LOWERINGS * \
		  PF_MIXED)

static size_t cell_index(const struct matrix_row *row, enum pf_population pop)
{
	size_t i = row->accessor;

	i = i * PF_NR_GENERATIONS + row->generation;
	i = i * PF_NR_LOWERINGS + row->lowering;
	return i * PF_MIXED + pop;
}

const struct matrix_cell *matrix_cell(const struct matrix_column *c,
				      const struct matrix_row *row,
				      enum pf_population pop)
{
	return &c->cell[cell_index(row, pop)];
}

/* A file has thousands of points: each is looked at once. */
static void index_points(struct matrix_column *c, enum pf_form form)
{
	for (size_t i = 0; i < c->result.nr_points; i++) {
		const struct result_point *p = &c->result.point[i];
		enum pf_population pop = p->point.population;
		struct matrix_row row = {
			p->point.accessor, p->point.generation,
			p->point.lowering,
		};
		struct point shown = {
			.accessor = row.accessor, .generation = row.generation,
			.lowering = row.lowering, .form = form,
			.population = pop,
			.order = pop == PF_SMALL ? 0 : PF_DEFAULT_ORDER,
		};

		if (pop < PF_MIXED && point_equal(&p->point, &shown))
			c->cell[cell_index(&row, pop)].point = p;
	}
}

static void index_code(struct matrix_column *c, enum code_usage usage)
{
	static const enum pf_population pops[CODE_NR_PAGES] = {
		[CODE_SMALL] = PF_SMALL, [CODE_HEAD] = PF_HEADS,
		[CODE_TAIL] = PF_TAILS,
	};

	for (size_t i = 0; i < c->code->nr; i++) {
		const struct code_table_line *l = &c->code->line[i];
		struct matrix_row row = {
			l->use.accessor, l->use.generation, l->use.lowering,
		};

		if (l->use.usage == usage)
			c->cell[cell_index(&row, pops[l->page])].line = l;
	}
}

int matrix_index(struct matrix_column *c, enum pf_form form)
{
	c->cell = calloc(NR_CELLS, sizeof(*c->cell));
	if (!c->cell)
		return -ENOMEM;
	if (c->measured)
		index_points(c, form);
	if (c->code)
		index_code(c, form == PF_THROUGHPUT_COND ? CODE_CONDITION :
			   CODE_VALUE);
	return 0;
}

static struct matrix_figure clock_figure(const struct matrix_column *c,
					 const struct result_point *p,
					 enum matrix_metric metric)
{
	double scale = unit_scale(&c->result, metric == MATRIX_CYCLES ?
				  UNIT_CYCLES : UNIT_NS);
	struct matrix_figure f = { p->cost, p->contended };

	f.e.mid *= scale;
	f.e.lo *= scale;
	f.e.hi *= scale;
	return f;
}

static struct matrix_figure counter_figure(const struct result_point *p,
					   enum matrix_metric metric)
{
	const json_t *counters = json_object_get(p->json, "counters");
	const json_t *v = json_object_get(counters,
					  matrix_counter_name(metric));
	const json_t *lo = json_object_get(v, "lo");
	const json_t *hi = json_object_get(v, "hi");
	struct matrix_figure f = { .contended = p->contended };

	if (!v)
		return no_figure;
	f.e.mid = json_number_value(json_object_get(v, "per_op"));
	f.e.lo = lo ? json_number_value(lo) : -INFINITY;
	f.e.hi = hi ? json_number_value(hi) : INFINITY;
	return f;
}

static struct matrix_figure code_figure(const struct code_table_line *line,
					enum matrix_metric metric)
{
	struct matrix_figure f = no_figure;
	long count = line->count[code_counts[metric]];

	if (count >= 0)
		f.e.mid = f.e.lo = f.e.hi = count;
	return f;
}

struct matrix_figure matrix_figure(const struct matrix_column *c,
				   const struct matrix_row *row,
				   enum pf_population pop,
				   enum matrix_metric metric)
{
	const struct matrix_cell *cell = matrix_cell(c, row, pop);
	enum matrix_source source = c->source[metric];

	/* beside a result only the code of points that were measured */
	if (source == MATRIX_CODE && cell->line &&
	    (cell->point || !c->measured))
		return code_figure(cell->line, metric);
	if (source == MATRIX_COUNTER && cell->point)
		return counter_figure(cell->point, metric);
	if ((source == MATRIX_CLOCK || source == MATRIX_ESTIMATE) &&
	    cell->point)
		return clock_figure(c, cell->point, metric);
	return no_figure;
}

double matrix_added(const struct matrix_column *c, const struct matrix_row *row,
		    enum pf_population pop, enum matrix_metric metric)
{
	struct matrix_row plain = { row->accessor, PF_GEN_plain, PF_AUTO };
	double v = matrix_figure(c, row, pop, metric).e.mid;

	if (!pf_has(row->accessor, PF_GEN_plain, PF_AUTO))
		return v;
	return v - matrix_figure(c, &plain, pop, metric).e.mid;
}

enum matrix_metric matrix_table_of(enum matrix_metric metric)
{
	return metric < MATRIX_NS ? MATRIX_INSTRUCTIONS : metric;
}

static bool column_has_row(const struct matrix *m, const struct matrix_row *row,
			   enum matrix_metric metric, size_t column)
{
	for (size_t p = 0; p < m->request.nr_populations; p++)
		if (!isnan(matrix_figure(&m->column[column], row,
					 m->request.population[p],
					 metric).e.mid))
			return true;
	return false;
}

bool matrix_has_row(const struct matrix *m, const struct matrix_row *row,
		    enum matrix_metric table, size_t from, size_t to)
{
	if (pf_generations[row->generation].era == PF_ERA_SELFTEST)
		return false;
	for (size_t k = 0; k < m->request.nr_metrics; k++) {
		enum matrix_metric metric = m->request.metric[k];

		if (table != MATRIX_NR_METRICS &&
		    matrix_table_of(metric) != table)
			continue;
		for (size_t i = from; i < to; i++)
			if (column_has_row(m, row, metric, i))
				return true;
	}
	return false;
}

bool matrix_next_row(const struct matrix *m, struct matrix_row *row)
{
	for (; row->generation < PF_NR_GENERATIONS; row->generation++) {
		for (; row->lowering < PF_NR_LOWERINGS; row->lowering++)
			if (matrix_has_row(m, row, MATRIX_NR_METRICS, 0, m->nr))
				return true;
		row->lowering = 0;
	}
	return false;
}

bool matrix_row_named(const struct matrix *m, const struct matrix_row *row)
{
	struct matrix_row above = *row;

	above.lowering = 0;
	return matrix_next_row(m, &above) &&
		above.generation == row->generation &&
		above.lowering < row->lowering;
}

bool matrix_requests(const struct matrix *m, enum matrix_metric metric)
{
	for (size_t i = 0; i < m->request.nr_metrics; i++)
		if (m->request.metric[i] == metric)
			return true;
	return false;
}

bool matrix_has_metric(const struct matrix *m, enum matrix_metric metric)
{
	for (size_t i = 0; i < m->nr; i++)
		if (m->column[i].source[metric] != MATRIX_NOWHERE)
			return true;
	return false;
}
