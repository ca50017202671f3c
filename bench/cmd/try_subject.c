// SPDX-License-Identifier: GPL-2.0
/* The subjects of 'pfbench try': a look-up, or a scheme of reference counts. */
#include "cmd/try.h"

const struct try_subject try_look_up = {
	.what = "look-up",
	.shown = { PF_ACC_compound_head }, .nr_shown = 1,
	.timed = { PF_ACC_PageLocked, PF_ACC_SetPageDirty,
		   PF_ACC_compound_head }, .nr_timed = 3,
	.beside = { PF_GEN_plain, PF_GEN_v4_4_word, PF_GEN_v5_18_fakehead,
		    PF_GEN_v7_1_mask }, .nr_beside = 4,
	.scenarios = "make split again head shrink fake unfake",
	.proof = "\nmake: ",
	.refuted = "an order of loads and stores with an unsafe answer",
	.right = try_right, .race = try_race,
	.print_right = try_print_right, .print_race = try_print_race,
	.claim_right = try_claim_right, .claim_race = try_claim_race,
	.print_replace = try_look_up_print_replace,
};

/* page_folio() of a layout with a memdesc per page */
const struct try_subject try_memdesc = {
	.what = "look-up",
	.shown = { PF_ACC_page_folio }, .nr_shown = 1,
	.timed = { PF_ACC_page_folio_test_locked, PF_ACC_page_folio_set_dirty,
		   PF_ACC_page_folio }, .nr_timed = 3,
	.beside = { PF_GEN_v4_4_word, PF_GEN_v7_1_mask, PF_GEN_memdesc_8,
		    PF_GEN_memdesc_32 }, .nr_beside = 4,
	.scenarios = "make split again head shrink",
	.proof = "\nmake: ",
	.refuted = "an order of loads and stores with an unsafe answer",
	.right = try_right, .race = try_race,
	.print_right = try_print_right, .print_race = try_print_race,
	.claim_right = try_claim_right, .claim_race = try_claim_race,
	.print_replace = try_look_up_print_replace,
};

const struct try_subject try_scheme = {
	.what = "scheme", .scheme = true,
	.shown = { PF_ACC_folio_try_get, PF_ACC_folio_put }, .nr_shown = 2,
	.timed = { PF_ACC_folio_try_get, PF_ACC_folio_try_get_put,
		   PF_ACC_folio_put }, .nr_timed = 3,
	.beside = { PF_GEN_ref_assume_one, PF_GEN_ref_frozen_bit,
		    PF_GEN_ref_cas }, .nr_beside = 3,
	.scenarios = "reference",
	.proof = "\nreference: the ",
	.proved = "2 tasks, 2 allocations, SC/TSO/PSO",
	.refuted = "an order in which a reference does not keep the page, or the page is not freed once",
	.right = try_ref_right, .race = try_ref_race,
	.print_right = try_ref_print_right,
	.print_race = try_ref_print_race,
	.claim_right = try_ref_claim_right,
	.claim_race = try_ref_claim_race,
	.print_replace = try_ref_print_replace,
};

enum pf_generation try_newest(const struct try *t)
{
	return t->subject->beside[t->subject->nr_beside - 1];
}
