// SPDX-License-Identifier: GPL-2.0
/* The path of each page through each use, and the instructions on a path. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "code/internal.h"
#include "lib/array.h"

/* A trace of all uses of a generation while it is read. */
struct use_trace {
	struct code_trace trace;
	struct code_uses *uses;
	size_t nr;			/* instructions read */
	uint64_t address;		/* read ahead */
	bool more;
};

static struct code_path *use_path(struct code *code, const struct code_use *use,
				  enum code_page page)
{
	return &code->uses[use->generation].path[use->accessor]
		[use->lowering][use->usage][page];
}

/* Read from a mark to the next: the path of @use, which may not exist. */
static int read_path(struct use_trace *t, const struct code_use *use,
		     struct code_path *path, struct errmsg *msg)
{
	const struct code_listing *l = *code_uses_listing(t->trace.code, use);
	const struct code_insn *insn, **grown;
	struct code_uses *u = t->uses;
	const struct code_symbol *s;
	char name[CODE_SYMBOL_MAX];
	size_t first = t->nr;

	code_symbol_name(use, name);
	s = code_object_symbol(&t->trace.program, name);
	if (!t->more || t->address != t->trace.mark)
		return errmsg_set(msg, -EIO, "%s: trace ends early", name);
	while ((t->more = code_trace_next(&t->trace, &t->address)) &&
	       t->address != t->trace.mark) {
		insn = s && l ? code_insn_at(l, t->address - s->address) :
			NULL;
		if (!insn || (t->nr == first && insn != l->insn))
			return errmsg_set(msg, -EIO,
					  "%s: trace is of another function",
					  name);
		grown = array_grow(u->trace, t->nr, sizeof(*u->trace));
		if (!grown)
			return errmsg_set(msg, -ENOMEM, "out of memory");
		u->trace = grown;
		u->trace[t->nr++] = insn;
	}
	path->nr = t->nr - first;
	if (l && (!path->nr || !(u->trace[t->nr - 1]->classes & CODE_RETURN)))
		return errmsg_set(msg, -EIO,
				  "%s: trace does not end in a return", name);
	return 0;
}

static int read_paths(struct use_trace *t, struct errmsg *msg)
{
	struct code *code = t->trace.code;
	struct code_use use = { .generation = t->trace.gen };
	size_t at = 0;
	int page, ret;

	t->more = code_trace_next(&t->trace, &t->address);
	do {
		for (page = 0; page < CODE_NR_PAGES; page++) {
			ret = read_path(t, &use, use_path(code, &use, page),
					msg);
			if (ret)
				return ret;
		}
	} while (code_use_next(&use));

	/* the trace moves no more: point the paths into it */
	use = (struct code_use){ .generation = t->trace.gen };
	do {
		for (page = 0; page < CODE_NR_PAGES; page++) {
			struct code_path *p = use_path(code, &use, page);

			p->insn = t->uses->trace + at;
			at += p->nr;
		}
	} while (code_use_next(&use));
	return 0;
}

static int trace_uses(struct code *code, enum pf_generation gen,
		      struct errmsg *msg)
{
	struct use_trace t = { .uses = &code->uses[gen], .trace = {
		.code = code, .gen = gen, .name = "trace_stubs", .with = "uses",
		.prefix = { "pf_use_", "pf_cond_" },
	} };
	int ret = code_trace_start(&t.trace, msg);

	if (!ret)
		ret = read_paths(&t, msg);
	code_trace_end(&t.trace);
	return ret;
}

int code_path(struct code *code, const struct code_use *use,
	      enum code_page page, const struct code_path **path,
	      struct errmsg *msg)
{
	struct code_uses *u = &code->uses[use->generation];
	char name[CODE_USE_NAME_MAX];

	if (!code_takes(use->accessor, page)) {
		code_use_name(use, name);
		return errmsg_set(msg, -EINVAL, "%s takes no %s page", name,
				  code_page_name(page));
	}
	if (!code_listing(code, use, msg))
		return -EIO;
	if (!u->traced)
		u->trace_err = trace_uses(code, use->generation,
					  &u->trace_msg);
	u->traced = true;
	if (u->trace_err)
		return errmsg_set(msg, u->trace_err, "%s", u->trace_msg.text);
	*path = use_path(code, use, page);
	return 0;
}

/* A conditional return stays: in inlined code it is the branch. */
static bool is_return(const struct code_insn *insn)
{
	return insn->classes & CODE_RETURN && !(insn->classes & CODE_BRANCH);
}

int code_tally(const struct code_path *path, struct code_tally *tally,
	       struct errmsg *msg)
{
	size_t i;

	memset(tally, 0, sizeof(*tally));
	for (i = 0; i < path->nr; i++) {
		const struct code_insn *insn = path->insn[i];

		if (insn->classes & CODE_UNKNOWN)
			return errmsg_set(msg, -EINVAL,
					  "'%s': unknown instruction",
					  insn->text);
		if (is_return(insn))
			continue;
		tally->insns++;
		tally->loads += !!(insn->classes & CODE_LOAD);
		tally->stores += !!(insn->classes & CODE_STORE);
		tally->branches += !!(insn->classes & CODE_BRANCH);
		tally->selects += !!(insn->classes & CODE_SELECT);
		tally->barriers += !!(insn->classes & CODE_BARRIER);
		tally->atomics += !!(insn->classes & CODE_ATOMIC);
	}
	return 0;
}

unsigned int code_bytes(const struct code_listing *listing)
{
	unsigned int bytes = 0;
	size_t i;

	for (i = 0; i < listing->nr; i++)
		if (!is_return(&listing->insn[i]))
			bytes += listing->insn[i].size;
	return bytes;
}
