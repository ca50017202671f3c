/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The look-ups that race, one function for each accessor and generation: what
 * includes this has said before what pf_stall() is, and says RACE_TABLE(name).
 */
#ifndef PFBENCH_RACE_OPS_H
#define PFBENCH_RACE_OPS_H

#include "race.h"

static __always_inline unsigned int race_flag(enum pf_accessor acc,
					      const struct pf_layout *l)
{
	switch (acc) {
#define PF_A(name, kind, flag, ...) case PF_ACC_##name: return l->flag;
	PF_ACCESSORS(PF_A)
#undef PF_A
	default:
		return 0;
	}
}

static __always_inline unsigned long race_op(struct pf_page *page,
					     enum pf_accessor acc,
					     enum pf_generation gen)
{
	const struct pf_layout *l = &pf_layouts[pf_generations[gen].layout];

	return pf_do(page, pf_accessors[acc].kind, pf_accessors[acc].policy,
		     race_flag(acc, l), gen, PF_AUTO, false);
}

#define RACE_OP(acc, id) \
	static noinline unsigned long \
	race_##acc##_##id(struct pf_page *page) \
	{ \
		return race_op(page, PF_ACC_##acc, PF_GEN_##id); \
	}
#define RACE_ROW(acc, id) [PF_GEN_##id] = race_##acc##_##id,

/* a line here, one below, for each of RACE_ACCESSORS in race.h */
#define RACE_FN_compound_head(id, ...) RACE_OP(compound_head, id)
#define RACE_FN_PageLocked(id, ...) RACE_OP(PageLocked, id)
#define RACE_FN_PageDirty(id, ...) RACE_OP(PageDirty, id)
#define RACE_FN_PageUptodate(id, ...) RACE_OP(PageUptodate, id)
#define RACE_FN_SetPageDirty(id, ...) RACE_OP(SetPageDirty, id)
#define RACE_FN_ClearPageDirty(id, ...) RACE_OP(ClearPageDirty, id)
#define RACE_FN_TestSetPageDirty(id, ...) RACE_OP(TestSetPageDirty, id)

#define RACE_ROW_compound_head(id, ...) RACE_ROW(compound_head, id)
#define RACE_ROW_PageLocked(id, ...) RACE_ROW(PageLocked, id)
#define RACE_ROW_PageDirty(id, ...) RACE_ROW(PageDirty, id)
#define RACE_ROW_PageUptodate(id, ...) RACE_ROW(PageUptodate, id)
#define RACE_ROW_SetPageDirty(id, ...) RACE_ROW(SetPageDirty, id)
#define RACE_ROW_ClearPageDirty(id, ...) RACE_ROW(ClearPageDirty, id)
#define RACE_ROW_TestSetPageDirty(id, ...) RACE_ROW(TestSetPageDirty, id)

#define RACE_FNS(acc) PF_REPLICAS(RACE_FN_##acc)
#define RACE_ROWS(acc) [PF_ACC_##acc] = { PF_REPLICAS(RACE_ROW_##acc) },

#define RACE_TABLE(name) \
	RACE_ACCESSORS(RACE_FNS) \
	const race_table name = { RACE_ACCESSORS(RACE_ROWS) };

#endif
