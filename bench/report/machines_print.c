// SPDX-License-Identifier: GPL-2.0
#include <math.h>
#include <string.h>
#include <sys/param.h>

#include "lib/table.h"
#include "report/format.h"
#include "report/left_out_print.h"
#include "report/machines_internal.h"

#define LABEL_WIDTH 22

void machines_variant_name(const struct machines_variant *v, char *text,
			   size_t size)
{
	format_generation(v->generation, v->lowering, text, size);
}

/* The accessor and population of a table, and the variants that it has. */
struct machines_table {
	enum pf_accessor accessor;
	enum pf_population population;
	size_t variant[PF_NR_GENERATIONS * PF_NR_LOWERINGS], nr;
};

static bool any_machine_has(const struct machines *m,
			    const struct machines_table *t, size_t variant)
{
	for (size_t i = 0; i < m->nr; i++)
		if (machines_figure(&m->machine[i], t->accessor, t->population,
				    &m->variant[variant]))
			return true;
	return false;
}

static void set_table_variants(const struct machines *m,
			       struct machines_table *t)
{
	t->nr = 0;
	for (size_t i = 0; i < m->nr_variants; i++)
		if (any_machine_has(m, t, i))
			t->variant[t->nr++] = i;
}

const char *machines_name(const struct machine *machine)
{
	return *machine->host && !machine->emulated ? machine->host :
		machine->kernel;
}

/* "[12] testbox" */
static void machine_label(const struct machines *m, size_t i, char *text,
			  size_t size)
{
	snprintf(text, size, "[%zu] %s", i + 1, machines_name(&m->machine[i]));
}

static void group_label(const struct machines *m,
			const struct machines_group *g, char *text, size_t size)
{
	const struct machine *n = &m->machine[g->first];

	snprintf(text, size, "%.30s, %s: %zu machine%s, %s%s", n->uarch, n->arch,
		 g->nr, g->nr == 1 ? "" : "s", n->unit_name,
		 n->emulated ? ", emulated" : "");
}

static void figure_cell(struct table *cells, size_t column,
			const struct machines *m,
			const struct machines_table *t, size_t machine,
			size_t variant)
{
	const struct machine_figure *f = machines_figure(&m->machine[machine],
		t->accessor, t->population, &m->variant[t->variant[variant]]);
	char text[32];

	if (f)
		format_median(&f->e, f->contended, text, sizeof(text));
	table_cell(cells, column, "%s", f ? text : "- ");
}

static void open_machines_table(struct table *cells, size_t columns, int width)
{
	table_open(cells, columns + 1);
	table_column(cells, 0, TABLE_LEFT, 0, LABEL_WIDTH, true);
	for (size_t i = 1; i <= columns; i++)
		table_column(cells, i, TABLE_RIGHT, 1, width, true);
	table_row(cells);
}

/* Machines down, below the names of their groups; variants by number. */
static void fill_down(struct table *cells, const struct machines *m,
		      const struct machines_table *t)
{
	char text[256];

	open_machines_table(cells, t->nr, 6);
	for (size_t v = 0; v < t->nr; v++)
		table_cell(cells, v + 1, "%zu ", t->variant[v] + 1);
	for (size_t g = 0; g < m->nr_groups; g++) {
		const struct machines_group *group = &m->group[g];

		group_label(m, group, text, sizeof(text));
		table_row(cells);
		table_cell(cells, 0, "%s", text);
		for (size_t i = group->first; i < group->first + group->nr;
		     i++) {
			machine_label(m, i, text, sizeof(text));
			table_row(cells);
			table_cell(cells, 0, "  %.20s", text);
			for (size_t v = 0; v < t->nr; v++)
				figure_cell(cells, v + 1, m, t, i, v);
		}
	}
}

/* Variants down, machines across; the group is above its first machine. */
static void fill_across(struct table *cells, const struct machines *m,
			const struct machines_table *t)
{
	char text[256];

	open_machines_table(cells, m->nr, 8);
	/* in two lines: "Golden", "Cove" */
	for (int line = 0; line < 2; line++) {
		for (size_t g = 0; g < m->nr_groups; g++) {
			const char *name = m->machine[m->group[g].first].uarch;
			size_t n = strcspn(name, " ");

			table_cell(cells, m->group[g].first + 1, "%.*s",
				   (int)(line ? 8 : MIN(n, 8)),
				   name + (line && name[n] ? n + 1 :
					   line ? n : 0));
		}
		table_row(cells);
	}
	for (size_t i = 0; i < m->nr; i++)
		table_cell(cells, i + 1, "[%zu]", i + 1);
	for (size_t v = 0; v < t->nr; v++) {
		machines_variant_name(&m->variant[t->variant[v]], text,
				      sizeof(text));
		table_row(cells);
		table_cell(cells, 0, "%.22s", text);
		for (size_t i = 0; i < m->nr; i++)
			figure_cell(cells, i + 1, m, t, i, v);
	}
}

/* As many columns as fit, then another table with the next ones. */
static int print_machines_table(FILE *f, const struct machines *m,
				const struct machines_table *t)
{
	struct table cells;
	size_t from = 1, to;
	int err = 0;

	(m->request.across ? fill_across : fill_down)(&cells, m, t);
	while (!err && from < cells.nr_columns) {
		to = table_fit(&cells, from);
		fprintf(f, "\n");
		text_line(f, "%s, %s pages", pf_accessors[t->accessor].name,
			  population_kind_name(t->population));
		err = table_print(&cells, f, from, to);
		from = to;
	}
	table_close(&cells);
	return err;
}

static void print_variants(FILE *f, const struct machines *m)
{
	char line[1024], name[64];
	size_t n = 0;

	for (size_t i = 0; i < m->nr_variants && n < sizeof(line); i++) {
		machines_variant_name(&m->variant[i], name, sizeof(name));
		n += snprintf(line + n, sizeof(line) - n, "%s%zu %s",
			      i ? ", " : "", i + 1, name);
	}
	text_wrapped(f, line, 2);
}

static void print_one_machine(FILE *f, const struct machines *m, size_t i)
{
	const struct machine *n = &m->machine[i];
	char line[512];

	snprintf(line, sizeof(line),
		 "[%zu] %s%s%.44s, Linux %.40s, %.10s backend%s%.10s%s: %.200s",
		 i + 1, n->host, *n->host ? ", " : "", n->model, n->kernel,
		 n->backend, *n->date ? ", " : "", n->date,
		 n->emulated ? ", emulated" : "", n->path);
	text_wrapped(f, line, 4);
}

static int print_all_tables(FILE *f, const struct machines *m)
{
	const struct machines_request *request = &m->request;
	struct machines_table t;
	int err = 0;

	for (size_t a = 0; a < request->nr_accessors; a++) {
		for (size_t p = 0; p < request->nr_populations; p++) {
			t.accessor = request->accessor[a];
			t.population = request->population[p];
			set_table_variants(m, &t);
			if (!err && t.nr)
				err = print_machines_table(f, m, &t);
		}
	}
	return err;
}

int machines_print(FILE *f, const struct machines *m)
{
	int err;

	text_line(f, "%zu machine%s of %zu microarchitecture%s; cost per operation, %s",
		  m->nr, m->nr == 1 ? "" : "s", m->nr_groups,
		  m->nr_groups == 1 ? "" : "s", format_mode(m->request.form));
	print_variants(f, m);
	err = print_all_tables(f, m);
	machines_print_conclusions(f, m);
	fprintf(f, "\n");
	for (size_t i = 0; i < m->nr; i++)
		print_one_machine(f, m, i);
	text_line(f, "- no such point; ! contended: no round was quiet");
	left_out_print(f, &m->left_out);
	return err;
}
