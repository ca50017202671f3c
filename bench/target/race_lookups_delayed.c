// SPDX-License-Identifier: GPL-2.0
/* The look-ups with a call of race_delay() in each of their windows. */
struct pf_page;
void race_delay(int window, struct pf_page *page);
#define pf_delay(window, page) race_delay(window, (struct pf_page *)(page))
#include "pageflags/race_ops.h"

PF_RACE_TABLE(race_lookups_delayed)
