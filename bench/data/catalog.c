// SPDX-License-Identifier: GPL-2.0
/* The driver's table of generations; pfbench try fills in the last slot. */
#include "pageflags/catalog.h"

struct pf_generation_info pf_generations[PF_NR_SLOTS] = {
	PF_GENERATIONS(PF_GENERATION_INFO)
};

/* The scheme that pfbench try loads; the code under test has its functions. */
const struct pf_ref_functions *pf_try_functions;
