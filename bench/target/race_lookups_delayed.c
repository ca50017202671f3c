// SPDX-License-Identifier: GPL-2.0
/* The look-ups with a call in each of their gaps. */
struct pf_page;
void race_stall(int gap, struct pf_page *page);
#define pf_stall(gap, page) race_stall(gap, (struct pf_page *)(page))
#include "pageflags/race_ops.h"

PF_RACE_TABLE(race_stalled)
