// SPDX-License-Identifier: GPL-2.0
/*
 * A look-up of the user's, pf_head_try() of the file PF_TRY_HEADER, as pfbench
 * try loads it, or, with -DPF_TRY_REF, a scheme of reference counts: facts for
 * the driver. It does not compile if there are no such functions, or of another
 * type.
 */
#include "pageflags/loop.h"

#define STRING_(x) #x
#define STRING(x) STRING_(x)

/* The copies of the loops are at unlike offsets, as in loops.copy*.o */
asm(".text\n\t.skip 64 + 1088 * " STRING(PF_TRY_COPY));

#ifdef PF_TRY_REF
static int ref_word(int nr)
{
	return pf_ref_word(PF_REF_try, nr);
}

static bool ref_is_frozen(int word)
{
	return pf_ref_is_frozen(PF_REF_try, word);
}

const struct pf_ref_functions pf_try_functions = {
	.try_get = pf_try_ref_get, .put = pf_try_ref_put, .word = ref_word,
	.is_frozen = ref_is_frozen, .frozen = PF_TRY_REF_FROZEN,
};
#else
unsigned long (*const pf_try_head)(const struct pf_page *page,
				   const struct pf_layout *l,
				   enum pf_lowering how) = pf_head_try;
#endif

const struct pf_generation_info *const pf_try_info =
	&pf_generations[PF_GEN_try];
const char pf_try_layout[] = STRING(PF_TRY_LAYOUT);

/* The driver compares these: its tables must have the same form. */
const unsigned int pf_try_form[] = {
	PF_NR_ACCESSORS, PF_NR_SLOTS, PF_NR_LAYOUTS,
	sizeof(struct pf_generation_info), sizeof(struct pf_ref_functions),
	sizeof(pf_loop_table),
};
