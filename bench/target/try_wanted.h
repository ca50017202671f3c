/* SPDX-License-Identifier: GPL-2.0 */
/* The accessors that pfbench try shows and measures, and the empty loop. */
#define PF_STAMP_WANTED(acc) \
	((int)(acc) == PF_ACC_PageLocked || \
	 (int)(acc) == PF_ACC_SetPageDirty || \
	 (int)(acc) == PF_ACC_compound_head || (int)(acc) == PF_ACC_empty)
#include "pageflags/loop.h"
