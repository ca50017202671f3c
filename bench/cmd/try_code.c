// SPDX-License-Identifier: GPL-2.0
/* The code of a user's look-up beside the newest generation's. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/cmd.h"
#include "cmd/try.h"
#include "code/shared.h"
#include "code/table.h"
#include "lib/table.h"
#include "lib/text.h"

static const enum pf_generation shown[2] = { TRY_NEWEST, PF_GEN_try };

static struct code_view view_of(const struct try *t)
{
	return (struct code_view){
		.out = t->out, .accessor = PF_ACC_compound_head,
		.usage = CODE_VALUE, .generation = { shown[0], shown[1] },
		.nr = 2,
	};
}

static int count_path(struct code *code, const struct code_use *use,
		      enum code_page page, struct code_tally *tally,
		      struct errmsg *msg)
{
	const struct code_path *path;

	return code_path(code, use, page, &path, msg) ? :
		code_tally(path, tally, msg);
}

/* Counts, and the weight, of both look-ups. */
static void count_code(struct try *t, struct code *code, struct try_arch *a)
{
	struct errmsg msg = { "" };
	int ret = 0;

	for (int i = 0; i < 2; i++) {
		struct code_use use = { .accessor = PF_ACC_compound_head,
					.generation = shown[i] };

		a->bytes[i] = code_bytes(code_listing(code, &use, NULL));
		if (!ret)
			ret = count_path(code, &use, CODE_SMALL, &a->fast[i],
					 &msg);
		if (!ret)
			ret = count_path(code, &use, CODE_TAIL, &a->tail[i],
					 &msg);
	}
	a->walked = !ret;
	if (ret)
		code_skip(&t->skipped, &msg);
	ret = code_weight(code, shown, a->weight, &msg);
	a->weighed = !ret;
	if (ret)
		code_skip(&t->skipped, &msg);
}

static void show_arch(struct try *t, const struct code_arch *arch)
{
	struct try_arch *a = &t->arch[t->nr_archs];
	struct code_view v = view_of(t);
	struct errmsg msg = { "" };
	struct code *code;

	if (code_open(&code, arch, t->cc, NULL, &cmd_interrupted, &msg)) {
		code_skip(&t->skipped, &msg);
		return;
	}
	code_set_header(code, t->path);
	if (code_prepare(code, 1UL << shown[0] | 1UL << shown[1], &msg)) {
		code_skip(&t->skipped, &msg);
	} else {
		fprintf(t->out, "\n");
		code_print_listings(&v, code);
		a->arch = arch;
		code_compiler_name(code_compiler(code), a->compiler,
				   sizeof(a->compiler));
		count_code(t, code, a);
		t->nr_archs++;
	}
	code_close(code);
}

enum { ARCH, NAME, BYTES, INSNS, BRANCHES, SELECTS, BARRIERS, WEIGHT, NR };

static void pair_cell(struct table *t, size_t column, const struct try_arch *a,
		      unsigned int fast, unsigned int tail)
{
	if (a->walked)
		table_cell(t, column, "%u/%u", fast, tail);
	else
		table_cell(t, column, "n/a");
}

static void arch_row(struct table *table, const struct try_arch *a, int i)
{
	const struct code_tally *f = &a->fast[i], *l = &a->tail[i];

	table_row(table);
	table_cell(table, ARCH, "%s", i ? "" : a->arch->name);
	table_cell(table, NAME, "%s", pf_generations[shown[i]].name);
	table_cell(table, BYTES, "%u", a->bytes[i]);
	pair_cell(table, INSNS, a, f->insns, l->insns);
	pair_cell(table, BRANCHES, a, f->branches, l->branches);
	pair_cell(table, SELECTS, a, f->selects, l->selects);
	pair_cell(table, BARRIERS, a, f->barriers, l->barriers);
	if (a->weighed)
		table_cell(table, WEIGHT, "%.1f", a->weight[i]);
	else
		table_cell(table, WEIGHT, "n/a");
}

static void print_counts(const struct try *t)
{
	static const char *const heads[NR] = {
		"", "", "bytes", "insns", "branch", "select", "barrier",
		"b/look-up",
	};
	struct table table;

	table_open(&table, NR);
	table_row(&table);
	for (int i = 0; i < NR; i++) {
		table_column(&table, i, i < BYTES ? TABLE_LEFT : TABLE_RIGHT,
			     i ? 1 : 0, 0, false);
		table_cell(&table, i, "%s", heads[i]);
	}
	for (size_t i = 0; i < t->nr_archs; i++)
		for (int k = 0; k < 2; k++)
			arch_row(&table, &t->arch[i], k);
	fprintf(t->out, "\n");
	text_line(t->out, "One use of compound_head(), fast path/tail path; and bytes of code that");
	text_line(t->out, "a look-up adds to code modelled on mm/ (b/look-up)");
	fprintf(t->out, "\n");
	table_print(&table, t->out, 1, NR);
	table_close(&table);
}

void try_code(struct try *t)
{
	for (size_t i = 0; i < CODE_NR_ARCHS && !cmd_interrupted; i++)
		if (!t->only || t->only == &code_archs[i])
			show_arch(t, &code_archs[i]);
	if (t->nr_archs)
		print_counts(t);
	else
		errmsg_set(&t->na[TRY_CODE], -ENOENT, "%s",
			   t->skipped.nr ? t->skipped.reason[0].text :
			   "interrupted");
	for (size_t i = 0; i < t->skipped.nr; i++) {
		char line[sizeof(t->na->text) + 16];

		snprintf(line, sizeof(line), "n/a: %s",
			 t->skipped.reason[i].text);
		text_wrapped(t->out, line, 2);
	}
}
