// SPDX-License-Identifier: GPL-2.0
#include "report/palette.h"

static const char *const population_colours[PF_NR_POPULATIONS] = {
	[PF_SMALL] = "#56B4E9", [PF_HEADS] = "#0072B2",
	[PF_TAILS] = "#E69F00", [PF_MIXED] = "#CC79A7",
};

static const struct generation_look generation_looks[PF_NR_GENERATIONS] = {
	[PF_GEN_plain] = { "#000000", 7, 'P' },
	[PF_GEN_v2_6_22_twobit] = { "#999999", 1, 'T' },
	[PF_GEN_v2_6_26_bit] = { "#AA9900", 3, 'B' },
	[PF_GEN_v3_14_rmb] = { "#E69F00", 5, 'R' },
	[PF_GEN_v4_4_word] = { "#0072B2", 9, 'W' },
	[PF_GEN_v5_18_fakehead] = { "#56B4E9", 11, 'F' },
	[PF_GEN_v5_18_fakehead_hvo] = { "#009E73", 13, 'H' },
	[PF_GEN_v7_1_mask] = { "#D55E00", 7, 'M' },
	[PF_GEN_mask_branch] = { "#CC79A7", 5, 'X' },
	[PF_GEN_order_in_flags] = { "#882255", 15, 'O' },
	[PF_GEN_native] = { "#332288", 3, 'N' },
	[PF_GEN_primitive] = { "#777777", 1, 'I' },
	[PF_GEN_selftest_same] = { "#555555", 1, 'S' },
	[PF_GEN_selftest_plus1] = { "#bbbbbb", 2, 'Y' },
};

const char *population_colour(enum pf_population pop)
{
	return population_colours[pop];
}

const struct generation_look *generation_look(enum pf_generation gen)
{
	return &generation_looks[gen];
}
