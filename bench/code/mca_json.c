// SPDX-License-Identifier: GPL-2.0
/* The figures of llvm-mca as JSON. */
#include <stdlib.h>
#include <string.h>

#include "code/mca_rows.h"
#include "data/json.h"
#include "data/point.h"

/* The figure of a cell, as its table prints it; "n/a" is null. */
static json_t *figure_json(const char *cell)
{
	char *end;
	double v = strtod(cell, &end);

	return end == cell || *end ? json_null() : json_real(v);
}

/* Why a cell has no figure, or null: "n/a c" is note c. */
static json_t *reason_json(const struct mca_rows *m, const struct mca_row *row,
			   const char *cell)
{
	size_t note;

	if (*row->excluded)
		return json_string(row->excluded);
	if (strncmp(cell, "n/a ", 4))
		return json_null();
	note = cell[4] - 'a';
	return note < m->nr_notes ? json_string(m->note[note]) :
		json_string("n/a");
}

static json_t *cpus_of_path(const struct mca_rows *m, const struct mca_row *row)
{
	json_t *cpus = json_object();

	for (size_t c = 0; c < m->query.nr_cpus; c++)
		json_object_set_new(cpus, m->query.cpu[c]->name,
			json_pack("{s:o, s:o, s:o}",
				  "throughput", figure_json(row->cell[0][c]),
				  "latency", figure_json(row->cell[1][c]),
				  "reason", reason_json(m, row,
							row->cell[0][c])));
	return cpus;
}

static json_t *path_json(const struct mca_rows *m, const struct mca_row *row)
{
	json_t *pages = json_array();

	for (int page = 0; page < CODE_NR_PAGES; page++)
		if (row->pages >> page & 1)
			json_array_append_new(pages, json_string(
					      code_page_name(page)));
	return json_pack("{s:s, s:s, s:o, s:o}",
			 "generation", pf_generations[row->use.generation].name,
			 "lowering", row->use.lowering == PF_AUTO ? "" :
			 lowering_name(row->use.lowering),
			 "pages", pages, "cpus", cpus_of_path(m, row));
}

json_t *mca_json(const struct mca_rows *m)
{
	json_t *paths = json_array();

	for (size_t i = 0; i < m->nr; i++)
		json_array_append_new(paths, path_json(m, &m->row[i]));
	return json_pack("{s:s, s:o, s:s, s:s, s:o, s:[]}",
			 "arch", code_arch_of(m->code)->name,
			 "compiler", json_text(code_compiler(m->code)),
			 "accessor", pf_accessors[m->query.accessor].name,
			 "usage", code_usage_name(m->query.usage),
			 "paths", paths, "measured");
}
