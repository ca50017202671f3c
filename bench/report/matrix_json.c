// SPDX-License-Identifier: GPL-2.0
#include "data/json.h"
#include "report/matrix_internal.h"

static json_t *metric_sources(const struct matrix *m,
			      const struct matrix_column *c)
{
	static const char *const names[] = {
		[MATRIX_CLOCK] = "clock", [MATRIX_COUNTER] = "counter",
		[MATRIX_ESTIMATE] = "estimate", [MATRIX_CODE] = "code",
	};
	json_t *sources = json_object();

	for (size_t k = 0; k < m->request.nr_metrics; k++) {
		enum matrix_metric metric = m->request.metric[k];

		json_object_set_new(sources, matrix_metric_name(metric),
				    json_text(c->source[metric] ?
					      names[c->source[metric]] :
					      c->reason[metric]));
	}
	return sources;
}

static json_t *column_json(const struct matrix *m, size_t i)
{
	const struct matrix_column *c = &m->column[i];

	return json_pack("{s:I, s:o, s:o, s:s, s:o, s:o, s:o, s:o, s:b}",
			 "column", (json_int_t)i + 1,
			 "file", json_text(c->path),
			 "code", c->code ? json_text(c->code->path) :
			 json_null(),
			 "arch", c->arch, "compiler", json_text(c->compiler),
			 "kernel", c->measured ? json_text(result_context(
				 &c->result, "kernel")) : json_null(),
			 "backend", c->measured ? json_text(result_context(
				 &c->result, "backend")) : json_null(),
			 "sources", metric_sources(m, c),
			 "partial", c->measured && c->result.partial);
}

/* The figures of a cell; NULL if all are unknown, or there is no memory. */
static json_t *matrix_cell_json(const struct matrix *m, size_t column,
				const struct matrix_row *row,
				enum pf_population pop)
{
	json_t *cell = json_pack("{s:I, s:s}", "column", (json_int_t)column + 1,
				 "population", population_kind_name(pop));
	bool any = false, contended = false;

	for (size_t k = 0; k < m->request.nr_metrics; k++) {
		enum matrix_metric metric = m->request.metric[k];
		struct matrix_figure f = matrix_figure(&m->column[column], row,
						       pop, metric);

		any |= !isnan(f.e.mid);
		contended |= f.contended;
		json_object_set_new(cell, matrix_metric_name(metric),
			isnan(f.e.mid) ? json_null() :
			json_pack("{s:f, s:o, s:o}", "median", f.e.mid,
				  "lo", json_finite(f.e.lo),
				  "hi", json_finite(f.e.hi)));
	}
	json_object_set_new(cell, "contended", json_boolean(contended));
	if (any)
		return cell;
	json_decref(cell);
	return NULL;
}

static json_t *row_json(const struct matrix *m, const struct matrix_row *row)
{
	json_t *cells = json_array(), *cell;

	for (size_t i = 0; i < m->nr; i++) {
		for (size_t p = 0; p < m->request.nr_populations; p++) {
			cell = matrix_cell_json(m, i, row,
						m->request.population[p]);
			if (cell)
				json_array_append_new(cells, cell);
		}
	}
	return json_pack("{s:s, s:s, s:s, s:o}",
			 "accessor", pf_accessors[row->accessor].name,
			 "generation", pf_generations[row->generation].name,
			 "lowering", row->lowering == PF_AUTO ? "" :
			 lowering_name(row->lowering), "cells", cells);
}

int matrix_print_json(FILE *f, const struct matrix *m)
{
	json_t *columns = json_array(), *rows = json_array();

	for (size_t i = 0; i < m->nr; i++)
		json_array_append_new(columns, column_json(m, i));
	for (size_t a = 0; a < m->request.nr_accessors; a++)
		matrix_for_each_row(m, row, m->request.accessor[a])
			json_array_append_new(rows, row_json(m, &row));
	return json_print(f, json_pack("{s:i, s:s, s:o, s:o}", "format", 1,
				       "form",
				       matrix_form_name(m->request.form),
				       "columns", columns, "rows", rows));
}
