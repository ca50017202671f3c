// SPDX-License-Identifier: GPL-2.0
/* The driver's table of generations; pfbench try fills in the last slot. */
#include "pageflags/catalog.h"

struct pf_generation_info pf_generations[PF_NR_SLOTS] = {
	PF_GENERATIONS(PF_GENERATION_INFO)
};
