// SPDX-License-Identifier: GPL-2.0
/*
 * The number of instructions that an iteration of a loop executes, read from a
 * trace: a count by a clock must be equal to it.
 */
#include <errno.h>
#include <stdio.h>

#include "code/internal.h"

/* Count the instructions up to the next mark; all must be of @name. */
static int count_run(struct code_trace *t, const char *name, bool *more,
		     long *nr, struct errmsg *msg)
{
	const struct code_symbol *s = code_object_symbol(&t->program, name);
	const struct code_listing *l =
		s ? &t->program.listing[s - t->program.symbol] : NULL;
	uint64_t address;

	*nr = 0;
	while ((*more = code_trace_next(t, &address)) && address != t->mark) {
		if (!l || !code_insn_at(l, address - s->address))
			return errmsg_set(msg, -EIO,
					  "%s: trace is of another function",
					  name);
		++*nr;
	}
	return 0;
}

/*
 * The runs of walk_loop() in trace_stubs.c: one to warm up, then of 1 to 4
 * iterations; the fourth iteration wraps around.
 */
static int read_loop_runs(struct code_trace *t, const char *name,
			  struct code_iteration *iteration, bool *more,
			  struct errmsg *msg)
{
	long nr[5];
	int i, ret;

	for (i = 0; i < 5; i++) {
		if (!*more)
			return errmsg_set(msg, -EIO, "%s: trace ends early",
					  name);
		ret = count_run(t, name, more, &nr[i], msg);
		if (ret)
			return ret;
	}
	iteration->exists = nr[1] > 0;
	iteration->insns = nr[2] - nr[1];
	iteration->wrap = nr[4] - nr[3] - iteration->insns;
	return 0;
}

/* Read a loop for each kind of page. */
static int read_pages(struct code_trace *t, struct code_loops *loops, int acc,
		      int lowering, int form, bool *more, struct errmsg *msg)
{
	static const char *const forms[PF_NR_FORMS] = {
		"THROUGHPUT", "THROUGHPUT_COND", "LATENCY",
	};
	char name[CODE_SYMBOL_MAX];
	int page, ret = 0;

	snprintf(name, sizeof(name), "pf_loop_%s_%s_%s",
		 pf_accessors[acc].name, code_lowering_id(lowering),
		 forms[form]);
	for (page = 0; page < CODE_NR_PAGES && !ret; page++)
		ret = read_loop_runs(t, name,
				&loops->iteration[acc][lowering][form][page],
				more, msg);
	return ret;
}

static int read_loops(struct code_trace *t, struct code_loops *loops,
		      struct errmsg *msg)
{
	uint64_t address;
	bool more = code_trace_next(t, &address) && address == t->mark;
	int acc, lowering, form, ret = 0;

	for (acc = 0; acc < PF_NR_ACCESSORS; acc++)
		for (lowering = 0; lowering < PF_NR_LOWERINGS; lowering++)
			for (form = 0; form < PF_NR_FORMS && !ret; form++)
				ret = read_pages(t, loops, acc, lowering, form,
						 &more, msg);
	return ret;
}

int code_loops(struct code *code, enum pf_generation gen,
	       struct code_loops *loops, struct errmsg *msg)
{
	struct code_trace t = {
		.code = code, .gen = gen, .name = "trace_loops",
		.with = "loops", .prefix = { "pf_loop_", "pf_loop_" },
		.listed = true,
	};
	int ret = code_trace_start(&t, msg);

	if (!ret)
		ret = read_loops(&t, loops, msg);
	code_trace_end(&t);
	return ret;
}
