/* SPDX-License-Identifier: GPL-2.0 */
/* The look-ups that race, and what they call in their gaps. */
#ifndef PFBENCH_KMOD_RACE_H
#define PFBENCH_KMOD_RACE_H

#include "pageflags/race.h"


/* Both on the thread that looks up. */
void race_found(struct pf_page *page);
void race_delay(int window, struct pf_page *page);

#endif
