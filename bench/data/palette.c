// SPDX-License-Identifier: GPL-2.0
#include "data/palette.h"

static const char *const population_colours[PF_NR_POPULATIONS] = {
	[PF_SMALL] = "#56B4E9", [PF_HEADS] = "#0072B2",
	[PF_TAILS] = "#E69F00", [PF_MIXED] = "#CC79A7",
	[PF_RUNS] = "#009E73",
};

/*
 * The shapes differ too: a reader without colours can distinguish all lines.
 * gnuplot repeats them after 15; schemes of references are in plots of their
 * own.
 */
static const struct generation_look generation_looks[PF_NR_GENERATIONS] = {
	[PF_GEN_plain] = { "#000000", 7, 'P', '0' },
	[PF_GEN_v2_6_22_twobit] = { "#888888", 1, 'T', '1' },
	[PF_GEN_v2_6_26_bit] = { "#999933", 3, 'B', '2' },
	[PF_GEN_v3_14_rmb] = { "#E69F00", 5, 'R', '3' },
	[PF_GEN_v4_4_word] = { "#0072B2", 9, 'W', '4' },
	[PF_GEN_v5_18_fakehead] = { "#56B4E9", 11, 'F', '5' },
	[PF_GEN_v5_18_fakehead_hvo] = { "#009E73", 13, 'H', '6' },
	[PF_GEN_v7_1_mask] = { "#D55E00", 15, 'M', '7' },
	[PF_GEN_v7_1_pointer] = { "#117733", 6, 'V', '&' },
	[PF_GEN_v7_1_mask_fakehead] = { "#AA4499", 10, 'K', '$' },
	[PF_GEN_mask_branch] = { "#CC79A7", 4, 'X', '8' },
	[PF_GEN_order_in_flags] = { "#882255", 8, 'O', '9' },
	[PF_GEN_memdesc_32] = { "#44AA99", 2, 'D', '@' },
	[PF_GEN_memdesc_8] = { "#661100", 18, 'E', '#' },
	[PF_GEN_ref_cas] = { "#4477AA", 19, 'C', '/' },
	[PF_GEN_ref_cas_rcu] = { "#66CCEE", 20, 'U', ':' },
	[PF_GEN_ref_assume_one] = { "#EE6677", 21, 'A', ';' },
	[PF_GEN_ref_frozen_bit] = { "#228833", 22, 'Z', '^' },
	[PF_GEN_ref_inverted_high] = { "#CCBB44", 23, 'G', '<' },
	[PF_GEN_ref_inverted_low] = { "#AA3377", 24, 'L', '>' },
	[PF_GEN_native] = { "#332288", 12, 'N', '%' },
	[PF_GEN_primitive] = { "#666666", 14, 'I', '=' },
	[PF_GEN_selftest_same] = { "#555555", 16, 'S', '+' },
	[PF_GEN_selftest_plus1] = { "#bbbbbb", 17, 'Y', '~' },
};

const char *population_colour(enum pf_population pop)
{
	return population_colours[pop];
}

const struct generation_look *generation_look(enum pf_generation gen)
{
	return &generation_looks[gen];
}
