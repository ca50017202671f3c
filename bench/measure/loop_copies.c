// SPDX-License-Identifier: GPL-2.0
#include "measure/loop_copies.h"

#define PF_G(id, ...) \
	extern const pf_loop_table pf_loops_##id##_1[PF_NR_ACCESSORS]; \
	extern const pf_loop_table pf_loops_##id##_2[PF_NR_ACCESSORS]; \
	extern const pf_loop_table pf_loops_##id##_3[PF_NR_ACCESSORS];
PF_REPLICAS(PF_G)
#undef PF_G

const pf_loop_table *loop_copies[PF_NR_SLOTS][LOOP_COPIES] = {
#define PF_G(id, ...) \
	[PF_GEN_##id] = { pf_loops_##id, pf_loops_##id##_1, \
			  pf_loops_##id##_2, pf_loops_##id##_3 },
	PF_REPLICAS(PF_G)
#undef PF_G
};
