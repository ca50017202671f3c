// SPDX-License-Identifier: GPL-2.0
/*
 * Paths through the loops: how many instructions of their listing a turn
 * executes. It is what a count by a clock has to come to.
 */
#include <errno.h>
#include <stdio.h>

#include "code/internal.h"

/* From one mark to the next, all of it in the listing of @name. */
static int read_run(struct code_run *r, const char *name, bool *more,
		    long *nr, struct errmsg *msg)
{
	const struct code_symbol *s = code_object_symbol(&r->program, name);
	const struct code_listing *l =
		s ? &r->program.listing[s - r->program.symbol] : NULL;
	uint64_t address;

	*nr = 0;
	while ((*more = code_run_next(r, &address)) && address != r->mark) {
		if (!l || !code_insn_at(l, address - s->address))
			return errmsg_set(msg, -EIO,
				       "%s: trace is of something else", name);
		++*nr;
	}
	return 0;
}

/* Two turns less one; and the fourth one, which goes round. */
static int read_loop(struct code_run *r, const char *name,
		     struct code_turn *iteration, bool *more, struct errmsg *msg)
{
	long nr[5];
	int i, ret;

	for (i = 0; i < 5; i++) {
		if (!*more)
			return errmsg_set(msg, -EIO, "%s: trace ends early", name);
		ret = read_run(r, name, more, &nr[i], msg);
		if (ret)
			return ret;
	}
	iteration->there = nr[1] > 0;
	iteration->insns = nr[2] - nr[1];
	iteration->round = nr[4] - nr[3] - iteration->insns;
	return 0;
}

/* A loop for pages of each kind. */
static int read_pages(struct code_run *r, struct code_loops *loops, int acc,
		      int how, int form, bool *more, struct errmsg *msg)
{
	static const char *const forms[PF_NR_FORMS] = {
		"THROUGHPUT", "THROUGHPUT_COND", "LATENCY",
	};
	char name[CODE_SYMBOL_MAX];
	int page, ret = 0;

	snprintf(name, sizeof(name), "pf_loop_%s_%s_%s",
		 pf_accessors[acc].name, code_lowering_id(how), forms[form]);
	for (page = 0; page < CODE_NR_PAGES && !ret; page++)
		ret = read_loop(r, name, &loops->iteration[acc][how][form][page],
				more, msg);
	return ret;
}

static int read_loops(struct code_run *r, struct code_loops *loops,
		      struct errmsg *msg)
{
	uint64_t address;
	bool more = code_run_next(r, &address) && address == r->mark;
	int acc, how, form, ret = 0;

	for (acc = 0; acc < PF_NR_ACCESSORS; acc++)
		for (how = 0; how < PF_NR_LOWERINGS; how++)
			for (form = 0; form < PF_NR_FORMS && !ret; form++)
				ret = read_pages(r, loops, acc, how, form,
						 &more, msg);
	return ret;
}

int code_loops(struct code *code, enum pf_generation gen,
	       struct code_loops *loops, struct errmsg *msg)
{
	struct code_run r = {
		.code = code, .gen = gen, .name = "trace_loops",
		.with = "loops", .prefix = { "pf_loop_", "pf_loop_" },
		.listed = true,
	};
	int ret = code_run_start(&r, msg);

	if (!ret)
		ret = read_loops(&r, loops, msg);
	code_run_end(&r);
	return ret;
}
