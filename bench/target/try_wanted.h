/* SPDX-License-Identifier: GPL-2.0 */
/* The accessors that pfbench try shows and measures, and the empty loop. */
#ifdef PF_TRY_REF
#define PF_STAMP_WANTED(acc) \
	((int)(acc) == PF_ACC_folio_try_get || \
	 (int)(acc) == PF_ACC_folio_try_get_put || \
	 (int)(acc) == PF_ACC_folio_put || (int)(acc) == PF_ACC_empty)
#else
#define PF_STAMP_WANTED(acc) \
	((int)PF_ERA_TRY == PF_ERA_MEMDESC ? \
	 (int)(acc) == PF_ACC_page_folio_test_locked || \
	 (int)(acc) == PF_ACC_page_folio_set_dirty || \
	 (int)(acc) == PF_ACC_page_folio || (int)(acc) == PF_ACC_empty : \
	 (int)(acc) == PF_ACC_PageLocked || \
	 (int)(acc) == PF_ACC_SetPageDirty || \
	 (int)(acc) == PF_ACC_compound_head || (int)(acc) == PF_ACC_empty)
#endif
#include "pageflags/loop.h"
