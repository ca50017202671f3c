// SPDX-License-Identifier: GPL-2.0
/*
 * The look-ups as they are. Where they go on to a flag, they leave word in
 * between of the page that they go to.
 */
struct pf_page;
void race_found(struct pf_page *page);
#define pf_delay(window, page) do { \
	if ((window) == PF_WINDOW_HEAD_FLAG) \
		race_found((struct pf_page *)(page)); \
} while (0)
#include "pageflags/race_ops.h"

PF_RACE_TABLE(race_lookups)
