/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The look-ups that race, one function per accessor and generation. A file
 * defines pf_delay(), includes this header and has PF_RACE_TABLE(name).
 */
#ifndef PAGEFLAGS_RACE_OPS_H
#define PAGEFLAGS_RACE_OPS_H

#include "pageflags/race.h"

static __always_inline unsigned int pf_race_flag(enum pf_accessor acc,
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

static __always_inline unsigned long pf_race_op(struct pf_page *page,
						enum pf_accessor acc,
						enum pf_generation gen)
{
	const struct pf_layout *l = &pf_layouts[pf_generations[gen].layout];

	return pf_do(page, pf_accessors[acc].kind, pf_accessors[acc].policy,
		     pf_race_flag(acc, l), gen, PF_AUTO, false);
}

#define PF_RACE_OP(acc, id) \
	static noinline unsigned long \
	race_##acc##_##id(struct pf_page *page) \
	{ \
		return pf_race_op(page, PF_ACC_##acc, PF_GEN_##id); \
	}
#define PF_RACE_ROW(acc, id) [PF_GEN_##id] = race_##acc##_##id,

/* one line here and one below per entry of PF_RACE_ACCESSORS in race.h */
#define PF_RACE_FN_compound_head(id, ...) PF_RACE_OP(compound_head, id)
#define PF_RACE_FN_PageLocked(id, ...) PF_RACE_OP(PageLocked, id)
#define PF_RACE_FN_PageDirty(id, ...) PF_RACE_OP(PageDirty, id)
#define PF_RACE_FN_PageUptodate(id, ...) PF_RACE_OP(PageUptodate, id)
#define PF_RACE_FN_SetPageDirty(id, ...) PF_RACE_OP(SetPageDirty, id)
#define PF_RACE_FN_ClearPageDirty(id, ...) PF_RACE_OP(ClearPageDirty, id)
#define PF_RACE_FN_TestSetPageDirty(id, ...) PF_RACE_OP(TestSetPageDirty, id)
#define PF_RACE_FN_page_folio(id, ...) PF_RACE_OP(page_folio, id)
#define PF_RACE_FN_page_folio_set_dirty(id, ...) \
	PF_RACE_OP(page_folio_set_dirty, id)

#define PF_RACE_ROW_compound_head(id, ...) PF_RACE_ROW(compound_head, id)
#define PF_RACE_ROW_PageLocked(id, ...) PF_RACE_ROW(PageLocked, id)
#define PF_RACE_ROW_PageDirty(id, ...) PF_RACE_ROW(PageDirty, id)
#define PF_RACE_ROW_PageUptodate(id, ...) PF_RACE_ROW(PageUptodate, id)
#define PF_RACE_ROW_SetPageDirty(id, ...) PF_RACE_ROW(SetPageDirty, id)
#define PF_RACE_ROW_ClearPageDirty(id, ...) PF_RACE_ROW(ClearPageDirty, id)
#define PF_RACE_ROW_TestSetPageDirty(id, ...) PF_RACE_ROW(TestSetPageDirty, id)
#define PF_RACE_ROW_page_folio(id, ...) PF_RACE_ROW(page_folio, id)
#define PF_RACE_ROW_page_folio_set_dirty(id, ...) \
	PF_RACE_ROW(page_folio_set_dirty, id)

#define PF_RACE_FNS(acc) PF_REPLICAS(PF_RACE_FN_##acc)
#define PF_RACE_ROWS(acc) \
	[PF_ACC_##acc] = { PF_REPLICAS(PF_RACE_ROW_##acc) },

#define PF_RACE_TABLE(name) \
	PF_RACE_ACCESSORS(PF_RACE_FNS) \
	const pf_race_table name = { PF_RACE_ACCESSORS(PF_RACE_ROWS) };

#endif
