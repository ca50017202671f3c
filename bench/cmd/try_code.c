// SPDX-License-Identifier: GPL-2.0
/* The code of a user's look-up or scheme beside the newest generation's. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/cmd.h"
#include "cmd/try.h"
#include "code/shared.h"
#include "code/table.h"
#include "lib/table.h"
#include "lib/text.h"

/* Two columns, or rows. */
static enum pf_generation generation_of(const struct try *t, int i)
{
	return i ? PF_GEN_try : try_newest(t);
}

static void print_listings(const struct try *t, enum pf_accessor accessor,
			   struct code *code)
{
	struct code_view v = {
		.out = t->out, .accessor = accessor, .usage = CODE_VALUE,
		.generation = { try_newest(t), PF_GEN_try }, .nr = 2,
	};

	fprintf(t->out, "\n");
	code_print_listings(&v, code);
}

static int count_path(struct code *code, const struct code_use *use,
		      enum code_page page, struct code_tally *tally,
		      struct errmsg *msg)
{
	const struct code_path *path;

	return code_path(code, use, page, &path, msg) ? :
		code_tally(path, tally, msg);
}

/* Counts of both. */
static void count_use(struct try *t, enum pf_accessor accessor,
		      struct code *code, struct try_use *u)
{
	struct errmsg msg = { "" };
	int ret = 0;

	for (int i = 0; i < 2; i++) {
		struct code_use use = { .accessor = accessor,
					.generation = generation_of(t, i) };
		const struct code_listing *l = code_listing(code, &use, &msg);

		u->bytes[i] = l ? code_bytes(l) : 0;
		if (!ret)
			ret = count_path(code, &use, CODE_SMALL, &u->fast[i],
					 &msg);
		if (!ret && code_takes(accessor, CODE_TAIL))
			ret = count_path(code, &use, CODE_TAIL, &u->tail[i],
					 &msg);
	}
	u->walked = !ret;
	if (ret)
		code_skip(&t->skipped, &msg);
}

static void weigh_code(struct try *t, struct code *code, struct try_arch *a)
{
	const enum pf_generation both[2] = { try_newest(t), PF_GEN_try };
	struct errmsg msg = { "" };

	/* the model of mm/ looks heads up */
	if (t->subject != &try_look_up)
		return;
	a->weighed = !code_weight(code, both, a->weight, &msg);
	if (!a->weighed)
		code_skip(&t->skipped, &msg);
}

static void show_arch(struct try *t, const struct code_arch *arch)
{
	struct try_arch *a = &t->arch[t->nr_archs];
	struct errmsg msg = { "" };
	struct code *code;

	if (code_open(&code, arch, t->cc, NULL, &cmd_interrupted, &msg)) {
		code_skip(&t->skipped, &msg);
		return;
	}
	code_set_header(code, t->path, t->subject->scheme);
	if (code_prepare(code, 1UL << try_newest(t) | 1UL << PF_GEN_try,
			 &msg)) {
		code_skip(&t->skipped, &msg);
	} else {
		a->arch = arch;
		code_compiler_name(code_compiler(code), a->compiler,
				   sizeof(a->compiler));
		for (size_t i = 0; i < t->subject->nr_shown; i++) {
			print_listings(t, t->subject->shown[i], code);
			count_use(t, t->subject->shown[i], code, &a->use[i]);
		}
		weigh_code(t, code, a);
		t->nr_archs++;
	}
	code_close(code);
}

enum { ARCH, NAME, BYTES, INSNS, BRANCHES, SELECTS, BARRIERS, WEIGHT, NR };

/* A scheme has no tails. */
static void pair_cell(const struct try *t, struct table *table, size_t column,
		      bool walked, unsigned int fast, unsigned int tail)
{
	if (!walked)
		table_cell(table, column, "n/a");
	else if (t->subject->scheme)
		table_cell(table, column, "%u", fast);
	else
		table_cell(table, column, "%u/%u", fast, tail);
}

static void arch_row(const struct try *t, struct table *table,
		     const struct try_arch *a, const struct try_use *u, int i)
{
	const struct code_tally *f = &u->fast[i], *l = &u->tail[i];

	table_row(table);
	table_cell(table, ARCH, "%s", i ? "" : a->arch->name);
	table_cell(table, NAME, "%s",
		   pf_generations[generation_of(t, i)].name);
	table_cell(table, BYTES, "%u", u->bytes[i]);
	pair_cell(t, table, INSNS, u->walked, f->insns, l->insns);
	pair_cell(t, table, BRANCHES, u->walked, f->branches, l->branches);
	pair_cell(t, table, SELECTS, u->walked, f->selects, l->selects);
	pair_cell(t, table, BARRIERS, u->walked, f->barriers, l->barriers);
	if (a->weighed)
		table_cell(table, WEIGHT, "%.1f", a->weight[i]);
	else
		table_cell(table, WEIGHT, "n/a");
}

static void print_title(const struct try *t, size_t shown)
{
	fprintf(t->out, "\n");
	if (t->subject->scheme) {
		text_line(t->out, "One use of %s(), fast path",
			  pf_accessors[t->subject->shown[shown]].name);
	} else {
		text_line(t->out, "One use of %s(), fast path/tail path%s",
			  pf_accessors[t->subject->shown[shown]].name,
			  t->subject == &try_look_up ?
			  "; and bytes of code that" : "");
		if (t->subject == &try_look_up)
			text_line(t->out, "a look-up adds to code modelled on mm/ (b/look-up)");
	}
	fprintf(t->out, "\n");
}

static void print_counts(const struct try *t, size_t shown)
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
			arch_row(t, &table, &t->arch[i],
				 &t->arch[i].use[shown], k);
	print_title(t, shown);
	table_print(&table, t->out, 1,
		    t->subject == &try_look_up ? NR : WEIGHT);
	table_close(&table);
}

void try_code(struct try *t)
{
	for (size_t i = 0; i < CODE_NR_ARCHS && !cmd_interrupted; i++)
		if (!t->only || t->only == &code_archs[i])
			show_arch(t, &code_archs[i]);
	for (size_t i = 0; t->nr_archs && i < t->subject->nr_shown; i++)
		print_counts(t, i);
	if (!t->nr_archs)
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
