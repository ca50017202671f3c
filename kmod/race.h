/* SPDX-License-Identifier: GPL-2.0 */
/* The look-ups that race, and the functions that they call in their windows. */
#ifndef PFBENCH_KMOD_RACE_H
#define PFBENCH_KMOD_RACE_H

#include "pageflags/race.h"

/* Both are called by the reader's thread. */
void race_found(struct pf_page *page);
void race_delay(int window, struct pf_page *page);

#endif
