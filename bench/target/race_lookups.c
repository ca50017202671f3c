// SPDX-License-Identifier: GPL-2.0
/* The look-ups unchanged; accessors call race_found() before their flag. */
struct pf_page;
void race_found(struct pf_page *page);
#define pf_delay(window, page) do { \
	if ((window) == PF_WINDOW_HEAD_FLAG) \
		race_found((struct pf_page *)(page)); \
} while (0)
#include "pageflags/race_ops.h"

PF_RACE_TABLE(race_lookups)
