// SPDX-License-Identifier: GPL-2.0
/* A table of the instructions on the paths of an accessor. */
#include <stdio.h>
#include <string.h>

#include "code/print.h"
#include "lib/table.h"

#define NR_COLUMNS 9

static void count_columns(struct table *t)
{
	static const struct {
		const char *name;
		int width;
	} columns[NR_COLUMNS] = {
		{ "", 18 }, { "bytes", 5 }, { "insns", 5 }, { "loads", 5 },
		{ "stores", 6 }, { "branch", 6 }, { "select", 6 },
		{ "barrier", 7 }, { "atomic", 6 },
	};

	table_open(t, NR_COLUMNS);
	table_row(t);
	for (size_t i = 0; i < NR_COLUMNS; i++) {
		table_column(t, i, i ? TABLE_RIGHT : TABLE_LEFT, !!i,
			     columns[i].width, true);
		table_cell(t, i, "%s", columns[i].name);
	}
}

/* Count both paths; a reason is kept if one of them is unknown. */
static bool count_paths(struct code_view *v, struct code *code,
			const struct code_use *use, struct code_tally *fast,
			struct code_tally *tail)
{
	const struct code_path *path;
	struct errmsg msg = { "" };

	memset(tail, 0, sizeof(*tail));
	if (!code_path(code, use, CODE_SMALL, &path, &msg) &&
	    !code_tally(path, fast, &msg) &&
	    (!code_takes(use->accessor, CODE_TAIL) ||
	     (!code_path(code, use, CODE_TAIL, &path, &msg) &&
	      !code_tally(path, tail, &msg))))
		return true;
	code_skip(&v->skipped, &msg);
	return false;
}

/* "2/9"; "2/-" if the accessor takes no tail */
static void count_cells(struct table *t, enum pf_accessor accessor,
			const struct code_tally *f, const struct code_tally *l)
{
	const unsigned int fast[] = { f->insns, f->loads, f->stores,
		f->branches, f->selects, f->barriers, f->atomics };
	const unsigned int tail[] = { l->insns, l->loads, l->stores,
		l->branches, l->selects, l->barriers, l->atomics };

	for (size_t i = 0; i < sizeof(fast) / sizeof(*fast); i++) {
		if (code_takes(accessor, CODE_TAIL))
			table_cell(t, 2 + i, "%u/%u", fast[i], tail[i]);
		else
			table_cell(t, 2 + i, "%u/-", fast[i]);
	}
}

static void count_row(struct code_view *v, struct code *code,
		      const struct code_use *use, struct table *t)
{
	const struct code_listing *l;
	struct code_tally fast, tail;
	struct errmsg msg = { "" };

	table_row(t);
	table_cell(t, 0, "%s", pf_generations[use->generation].name);
	for (size_t i = 1; i < NR_COLUMNS; i++)
		table_cell(t, i, "n/a");
	l = code_listing(code, use, &msg);
	if (!l) {
		code_skip(&v->skipped, &msg);
		return;
	}
	v->shown++;
	table_cell(t, 1, "%u", code_bytes(l));
	if (count_paths(v, code, use, &fast, &tail))
		count_cells(t, use->accessor, &fast, &tail);
}

int code_print_counts(struct code_view *v, struct code *code)
{
	unsigned int before = v->shown;
	unsigned long generations = 0;
	struct code_use use;
	struct table t;
	size_t i;
	int ret = 0;

	for (i = 0; i < v->nr; i++)
		generations |= 1UL << v->generation[i];
	/* code_listing() reports errors again, one per generation */
	code_prepare(code, generations, NULL);
	count_columns(&t);
	for (i = 0; i < v->nr; i++) {
		use = code_view_use(v, i);
		count_row(v, code, &use, &t);
	}
	if (v->shown > before) {
		code_print_heading(v, code);
		ret = table_print(&t, v->out, 1, NR_COLUMNS);
	}
	table_close(&t);
	return ret;
}
