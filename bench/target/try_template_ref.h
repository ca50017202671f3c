/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A scheme of reference counts for 'pfbench try FILE.h'. This one is that of
 * ref-frozen-bit under another name: change it.
 *
 * A word is 32 bits. A page without an owner is frozen: nobody can take a
 * reference. The pieces of include/pageflags/env.h are there: likely(),
 * atomic_read(), atomic_inc(), atomic_add(), atomic_add_return(),
 * atomic_sub_return(), atomic_dec_and_test(), atomic_add_unless(),
 * atomic_try_cmpxchg(), atomic_try_cmpxchg_relaxed(), atomic_set(); a proof
 * knows no others.
 */
#define PF_TRY_NAME "my-frozen-bit"

/* The word of a page with so many references, and of a frozen page; the test. */
#define PF_TRY_REF_WORD(nr) (nr)
#define PF_TRY_REF_FROZEN ((int)(1U << 31))
#define PF_TRY_REF_IS_FROZEN(word) ((word) < 0)

/* Attempts on a frozen page add up; they may not reach bit 31. */
static noinline __maybe_unused void reset_attempts(atomic_t *ref, int word)
{
	while (PF_TRY_REF_IS_FROZEN(word) &&
	       !atomic_try_cmpxchg(ref, &word, PF_TRY_REF_FROZEN))
		;
}

/* folio_try_get(): true if the caller has a reference now */
static __always_inline bool pf_ref_try_get(atomic_t *ref)
{
	int word = atomic_add_return(1, ref);

	if (likely(!PF_TRY_REF_IS_FROZEN(word)))
		return true;
	if (unlikely(word - PF_TRY_REF_FROZEN >= 1 << 30)) {
		reset_attempts(ref, word);
		/* not a tail call, which pfbench cannot follow */
		pf_keep_branch();
	}
	return false;
}

/*
 * folio_put(): true if this was the last reference: the word is then frozen,
 * and only this caller frees the page
 */
static __always_inline bool pf_ref_put(atomic_t *ref)
{
	int none = PF_TRY_REF_WORD(0);

	if (likely(!atomic_dec_and_test(ref)))
		return false;
	/* another one may have taken a reference since */
	return atomic_try_cmpxchg_relaxed(ref, &none, PF_TRY_REF_FROZEN);
}
