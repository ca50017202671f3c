// SPDX-License-Identifier: GPL-2.0
#include <math.h>
#include <stdlib.h>

#include "data/json.h"
#include "lib/table.h"
#include "lib/text.h"
#include "report/format.h"
#include "report/model_beside.h"

#define LABEL 18			/* longest name of a generation */

bool model_beside_has(const struct model_beside *b, const struct result *r,
		      const struct model_beside_row *row)
{
	return result_find(r, &row->throughput) ||
		(b->latency && result_find(r, &row->latency));
}

/* In cycles; NaN if the file lacks the point. */
static struct estimate measured_cycles(const struct result *r,
				       const struct result_point *found)
{
	double scale = unit_scale(r, UNIT_CYCLES);

	if (!found)
		return (struct estimate){ NAN, NAN, NAN, 0 };
	return (struct estimate){ found->cost.mid * scale,
				  found->cost.lo * scale,
				  found->cost.hi * scale, found->cost.n };
}

/* "1.67 +-0.01", or "-" if the file lacks the point. */
static void measured_cell(struct table *t, size_t column,
			  const struct result *r, const struct point *p)
{
	const struct result_point *found = result_find(r, p);
	struct estimate e = measured_cycles(r, found);
	char text[64];

	format_estimate(&e, found && found->contended, text, sizeof(text));
	table_cell(t, column, "%s", text);
}

/* Does a measured figure lack its interval? */
static bool any_open(const struct model_beside *b, const struct result *r)
{
	for (size_t i = 0; i < b->nr; i++) {
		const struct result_point *p[] = {
			result_find(r, &b->row[i].throughput),
			b->latency ? result_find(r, &b->row[i].latency) : NULL,
		};

		for (size_t k = 0; k < 2; k++)
			if (p[k] && !isfinite(p[k]->cost.hi - p[k]->cost.lo))
				return true;
	}
	return false;
}

int model_beside_print(FILE *f, const struct model_beside *b,
		       const struct result *r)
{
	const struct model_beside_row *row;
	struct table t;
	int ret;

	fprintf(f, "\n");
	text_line(f, "%s", b->title);
	text_line(f, "measured, in %s: %s", unit_name(r, UNIT_CYCLES), r->path);
	format_context(f, r);
	text_line(f, "%-*s  throughput%s", LABEL + 6, "cycles per use",
		  b->latency ? "             latency" : "");
	text_line(f, "%-*s   model   measured%s", LABEL + 6, "",
		  b->latency ? "       model   measured" : "");
	table_open(&t, 6);
	table_column(&t, 0, TABLE_LEFT, 0, LABEL, true);
	table_column(&t, 1, TABLE_LEFT, 1, 5, true);
	for (size_t i = 0; i < 2; i++) {
		table_column(&t, 2 + 2 * i, TABLE_RIGHT, 2, 6, true);
		table_column(&t, 3 + 2 * i, TABLE_LEFT, 2, 12, true);
	}
	for (row = b->row; row < b->row + b->nr; row++) {
		table_row(&t);
		table_cell(&t, 0, "%s", row->label);
		table_cell(&t, 1, "%s", row->page);
		table_cell(&t, 2, "%s", row->model[0]);
		measured_cell(&t, 3, r, &row->throughput);
		table_cell(&t, 4, "%s", row->model[1]);
		measured_cell(&t, 5, r, &row->latency);
	}
	ret = table_print(&t, f, 1, b->latency ? 6 : 4);
	if (any_open(b, r))
		text_line(f, "( )  too few quiet rounds for a 95 %% interval");
	if (!b->nr)
		text_line(f, "(no hot points of %s in this file)", b->accessor);
	table_close(&t);
	return ret;
}

/* The point that a figure of the model is beside, or null. */
static json_t *measured_json(const struct result *r, const struct point *p,
			     const char *model)
{
	const struct result_point *found = result_find(r, p);
	struct estimate e = measured_cycles(r, found);
	char *end;
	double v = strtod(model, &end);

	return !found ? json_null() :
		json_pack("{s:s, s:o, s:o, s:o, s:o, s:b}",
			  "point", found->name, "model",
			  end == model || *end ? json_null() : json_real(v),
			  "median", json_finite(e.mid),
			  "lo", json_finite(e.lo), "hi", json_finite(e.hi),
			  "contended", found->contended);
}

json_t *model_beside_json(const struct model_beside *b, const struct result *r)
{
	json_t *rows = json_array();

	for (size_t i = 0; i < b->nr; i++) {
		const struct model_beside_row *row = &b->row[i];

		json_array_append_new(rows, json_pack("{s:s, s:o, s:o}",
			"page", row->page,
			"throughput", measured_json(r, &row->throughput,
						    row->model[0]),
			"latency", b->latency ?
			measured_json(r, &row->latency, row->model[1]) :
			json_null()));
	}
	return json_pack("{s:o, s:s, s:s, s:o}", "file", json_text(r->path),
			 "cpu_model", b->cpu, "unit", unit_name(r, UNIT_CYCLES),
			 "rows", rows);
}
