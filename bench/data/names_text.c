// SPDX-License-Identifier: GPL-2.0
/* One line on each name, from the columns of the catalog where they say it. */
#include <stdio.h>
#include <string.h>

#include "data/names.h"

static const char *const accessor_flags[PF_NR_ACCESSORS] = {
#define PF_A(name, kind, flag, ...) [PF_ACC_##name] = #flag,
	PF_ACCESSORS(PF_A)
#undef PF_A
};

/* Before and after the flag; the primitives have no flag. */
static const struct {
	const char *before, *after;
} kind_texts[] = {
	[PF_TEST] = { "tests", "" },
	[PF_TEST_RMB] = { "tests", ", smp_rmb() if set" },
	[PF_SET] = { "sets", "" },
	[PF_WMB_SET] = { "smp_wmb(), sets", "" },
	[PF_CLEAR] = { "clears", "" },
	[PF_TESTSET] = { "tests and sets", "" },
	[PF_TESTCLEAR] = { "tests and clears", "" },
	[PF_SET_NONATOMIC] = { "sets", ", not atomically" },
	[PF_TRYLOCK] = { "takes the lock, if free:", "" },
	[PF_UNLOCK] = { "releases the lock:", "" },
	[PF_LOCKUNLOCK] = { "takes and releases:", "" },
	[PF_HEAD] = { "the look-up of the head alone" },
	[PF_IS_HEAD] = { "is the page a head?" },
	[PF_IS_TAIL] = { "is the page a tail?" },
	[PF_IS_COMPOUND] = { "is the page a head or a tail?" },
	[PF_ANON] = { "tests bit 0 of mapping", "" },
	[PF_TYPE] = { "compares a byte of page_type", "" },
	[PF_TYPE_BIT] = { "tests a bit of page_type", "" },
	[PF_HUGE] = { "compound, and page[1] of the head says hugetlb?" },
	[PF_EXCLUSIVE] = { "tests PG_anon_exclusive; the head's of hugetlb" },
	[PF_ZONE] = { "the zone, from the flags of the page itself" },
	[PF_NODE] = { "the node, from the flags", "" },
	[PF_VIRT_HEAD] = { "the look-up of the head, from an address" },
	[PF_TEST_X4] = { "tests PG_locked four times, each with a look-up" },
	[PF_EMPTY] = { "the empty loop, subtracted from all others" },
	[PF_LOAD] = { "a load of the flags word" },
	[PF_PREDICTED] = { "a load and a branch that is never taken" },
	[PF_UNPREDICTABLE] = { "a load and a branch on a random bit" },
	[PF_SELECTED] = { "a load and a conditional move" },
	[PF_MASKED] = { "a load and a mask made from a bit" },
	[PF_RMB] = { "a load, then smp_rmb()" },
	[PF_WMB] = { "a load, then smp_wmb()" },
	[PF_ACQUIRE] = { "a load by smp_load_acquire()" },
	[PF_MB] = { "a load, then smp_mb()" },
	[PF_LOCKED_OR] = { "set_bit(), then a load of the same word" },
	[PF_ADD1] = { "one addition" },
	[PF_ADD2] = { "two additions, each needs the one before" },
	[PF_ADD4] = { "four additions, each needs the one before" },
	[PF_REF_COUNT] = { "reads the reference count" },
	[PF_REF_GET] = { "takes one more reference" },
	[PF_REF_PUT] = { "drops a reference, never the last one" },
	[PF_REF_TRY] = { "takes a reference, unless the folio is frozen" },
	[PF_REF_TRY_FROZEN] = { "the same of a frozen folio: fails" },
	[PF_REF_TRY_PUT] = { "takes a second reference and drops it" },
	[PF_REF_LAST_PUT] = { "drops the last reference, sets it again" },
};

static const char *const policy_texts[] = {
	[PF_POLICY_ANY] = " of the page itself",
	[PF_POLICY_OWN] = " of the page itself",
	[PF_POLICY_HEAD] = " of the head",
	[PF_POLICY_NO_TAIL] = " of the head",
	[PF_POLICY_FOLIO] = " of a folio",
	[PF_POLICY_PAGE_FOLIO] = " of the folio",
};

void names_accessor_text(enum pf_accessor acc, char *text)
{
	const struct pf_accessor_info *a = &pf_accessors[acc];

	if (kind_texts[a->kind].after)
		snprintf(text, NAMES_TEXT_MAX, "%s%s%s%s%s",
			 kind_texts[a->kind].before,
			 PF_IS_STATE(a->kind) ? "" : " PG_",
			 PF_IS_STATE(a->kind) ? "" : accessor_flags[acc],
			 policy_texts[a->policy], kind_texts[a->kind].after);
	else
		snprintf(text, NAMES_TEXT_MAX, "%s",
			 kind_texts[a->kind].before);
}

const char *names_generation_text(enum pf_generation gen)
{
	static const char *const texts[PF_NR_GENERATIONS] = {
#define PF_G(id, name, since, until, layout, era, lookup, fakes, text, ...) \
		[PF_GEN_##id] = text,
		PF_GENERATIONS(PF_G)
#undef PF_G
	};

	return texts[gen];
}

void names_generation_origin(enum pf_generation gen, char *text)
{
	static const char *const origins[PF_NR_GENERATIONS][3] = {
#define PF_G(id, name, since, until, layout, era, lookup, fakes, text, ...) \
		[PF_GEN_##id] = { __VA_ARGS__ },
		PF_GENERATIONS(PF_G)
#undef PF_G
	};
	size_t n = 0;

	for (int i = 0; i < 3; i++)
		if (strcmp(origins[gen][i], "-"))
			n += snprintf(text + n, NAMES_TEXT_MAX - n, "%s%s",
				      n ? "; " : "", origins[gen][i]);
}

const char *names_population_text(enum pf_population population)
{
	static const char *const texts[PF_NR_POPULATIONS] = {
		[PF_SMALL] = "pages of order 0",
		[PF_HEADS] = "heads of compound pages",
		[PF_TAILS] = "tails of compound pages",
		[PF_MIXED] = "N per cent tails, the others of order 0, shuffled",
		[PF_RUNS] = "compound pages page by page, the head first",
	};

	return texts[population];
}
