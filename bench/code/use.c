// SPDX-License-Identifier: GPL-2.0
/* Names of the uses of an accessor, and which of them exist. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "code/internal.h"
#include "data/point.h"

const char *code_usage_name(enum code_usage usage)
{
	return usage == CODE_CONDITION ? "condition" : "value";
}

int code_usage_find(const char *name, enum code_usage *usage)
{
	for (*usage = 0; *usage < CODE_NR_USAGES; ++*usage)
		if (!strcmp(name, code_usage_name(*usage)))
			return 0;
	return -EINVAL;
}

const char *code_page_name(enum code_page page)
{
	static const char *const names[CODE_NR_PAGES] = {
		[CODE_SMALL] = "small", [CODE_HEAD] = "head",
		[CODE_TAIL] = "tail",
	};

	return names[page];
}

/* pf_has() without PF_HAVE_SELECT, which is that of this program's CPU. */
bool code_use_exists(const struct code_use *use)
{
	const struct pf_accessor_info *a = &pf_accessors[use->accessor];
	const struct pf_generation_info *g = &pf_generations[use->generation];

	if (use->generation == PF_GEN_native ||
	    (use->usage == CODE_CONDITION && !PF_IS_TEST(a->kind)))
		return false;
	if (a->kind == PF_SELECTED)
		return g->era == PF_ERA_PRIMITIVE && use->lowering == PF_AUTO;
	return pf_has(use->accessor, use->generation, PF_AUTO) &&
		(use->lowering == PF_AUTO ||
		 (g->lookup == PF_LOOKUP_CHOICE &&
		  PF_LOOKS_UP(a->policy, g->era)));
}

bool code_takes(enum pf_accessor accessor, enum code_page page)
{
	enum pf_policy policy = pf_accessors[accessor].policy;

	if (policy == PF_POLICY_PRIMITIVE)
		return page == CODE_SMALL;
	return page != CODE_TAIL ||
		(policy != PF_POLICY_FOLIO && policy != PF_POLICY_REF);
}

void code_use_name(const struct code_use *use, char *name)
{
	snprintf(name, CODE_USE_NAME_MAX, "%s/%s%s%s/%s",
		 pf_accessors[use->accessor].name,
		 pf_generations[use->generation].name,
		 use->lowering == PF_AUTO ? "" : "/",
		 use->lowering == PF_AUTO ? "" : lowering_name(use->lowering),
		 code_usage_name(use->usage));
}

const char *code_generation_id(enum pf_generation gen)
{
	static const char *const ids[PF_NR_SLOTS] = {
#define PF_G(id, ...) [PF_GEN_##id] = #id,
		PF_GENERATIONS(PF_G)
#undef PF_G
		[PF_GEN_try] = "try",
	};

	return ids[gen];
}

const char *code_lowering_id(enum pf_lowering lowering)
{
	static const char *const ids[PF_NR_LOWERINGS] = {
		"AUTO", "BRANCH", "SELECT",
	};

	return ids[lowering];
}

void code_symbol_name(const struct code_use *use, char *name)
{
	snprintf(name, CODE_SYMBOL_MAX, "pf_%s_%s_%s_%s",
		 use->usage == CODE_VALUE ? "use" : "cond",
		 pf_accessors[use->accessor].name,
		 code_generation_id(use->generation),
		 code_lowering_id(use->lowering));
}

bool code_use_next(struct code_use *use)
{
	if (++use->usage < CODE_NR_USAGES)
		return true;
	use->usage = 0;
	if (++use->lowering < PF_NR_LOWERINGS)
		return true;
	use->lowering = 0;
	return ++use->accessor < PF_NR_ACCESSORS;
}
