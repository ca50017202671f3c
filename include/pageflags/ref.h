/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Reference counts of a folio: the schemes that linux-mm argued about in 2026.
 *
 * A scheme says which values of the count mean "frozen": nobody may take a
 * reference, because the page is free, or is being freed, split or moved. All
 * functions take one 32-bit word, which is _refcount in the kernel.
 *
 * A freshly zeroed word is frozen in all schemes but frozen-bit, whose pages
 * must be marked as frozen.
 */
#ifndef PAGEFLAGS_REF_H
#define PAGEFLAGS_REF_H

#include "pageflags/env.h"

/*
 * R(id, name, text)
 *
 * cas:	atomic_add_unless(count, 1, 0), include/linux/page_ref.h
 * cas_rcu: page_ref_add_unless() of v6.12: reads the count first, under
 *	rcu_read_lock(), where HVO may map the page's struct elsewhere; its test
 *	for that is a static key, which is off
 * assume_one: the first compare-and-swap assumes 1 and reads nothing (Linus
 *	Torvalds, 1 March 2026, https://lkml.iu.edu/2603.0/00393.html)
 * frozen_bit: bit 31 means frozen; an addition takes a reference (Gladyshev and
 *	Gorbunov, 26 February 2026,
 *	https://lkml.iu.edu/hypermail/linux/kernel/2602.3/05660.html)
 * inverted_high, inverted_low: the same, but a set bit means in use, so that
 *	zero is frozen (Gladyshev, 6 March 2026,
 *	https://lkml.iu.edu/2603.0/11477.html)
 */
#define PF_REF_SCHEMES(R) \
	R(cas, "ref-cas", "read, then compare and swap") \
	R(cas_rcu, "ref-cas-rcu", "the same under RCU, for HVO") \
	R(assume_one, "ref-assume-one", "compare and swap 1 first, unread") \
	R(frozen_bit, "ref-frozen-bit", "add; bit 31 says frozen") \
	R(inverted_high, "ref-inverted-high", "add; bit 31 says in use") \
	R(inverted_low, "ref-inverted-low", "add 2; bit 0 says in use")

#define PF_SCHEME(id, ...) PF_REF_##id,
/* one more than schemes, for pfbench try */
enum pf_ref_scheme {
	PF_REF_SCHEMES(PF_SCHEME)
	PF_NR_REF_SCHEMES,
	PF_REF_try = PF_NR_REF_SCHEMES
};
#undef PF_SCHEME

/* The functions of a user's scheme, and the word of a page. */
struct pf_ref_functions {
	bool (*try_get)(atomic_t *ref);
	bool (*put)(atomic_t *ref);
	int (*word)(int nr);
	bool (*is_frozen)(int word);
	int frozen;
};

/*
 * PF_REF_try: the scheme of the file PF_TRY_HEADER, with -DPF_TRY_REF. The
 * driver calls functions that it loads. No other code has the scheme.
 */
#ifdef PF_TRY_REF
#include "pageflags/head.h"
#include "pageflags/try.h"
/* the look-up of the file is tried by itself */
#define pf_head_try pf_head_plain
#elif defined(PF_CATALOG_EXTERN)
extern const struct pf_ref_functions *pf_try_functions;
#define pf_try_ref_get(ref) pf_try_functions->try_get(ref)
#define pf_try_ref_put(ref) pf_try_functions->put(ref)
#define PF_TRY_REF_WORD(nr) pf_try_functions->word(nr)
#define PF_TRY_REF_FROZEN pf_try_functions->frozen
#define PF_TRY_REF_IS_FROZEN(word) pf_try_functions->is_frozen(word)
#else
#define pf_try_ref_get(ref) false
#define pf_try_ref_put(ref) false
#endif
#ifndef PF_TRY_REF_WORD
#define PF_TRY_REF_WORD(nr) (nr)
#endif
#ifndef PF_TRY_REF_FROZEN
#define PF_TRY_REF_FROZEN 0
#endif
#ifndef PF_TRY_REF_IS_FROZEN
#define PF_TRY_REF_IS_FROZEN(word) ((word) == (int)(PF_TRY_REF_FROZEN))
#endif

#define PF_REF_HIGH ((int)(1U << 31))

/* The word of a page with @nr references, or of a frozen one. */
static __always_inline int pf_ref_word(enum pf_ref_scheme s, int nr)
{
	switch (s) {
	case PF_REF_inverted_high:
		return nr | PF_REF_HIGH;
	case PF_REF_inverted_low:
		return nr * 2 | 1;
	case PF_REF_try:
		return PF_TRY_REF_WORD(nr);
	default:
		return nr;
	}
}

/* A reference in units of the word. */
static __always_inline int pf_ref_one(enum pf_ref_scheme s)
{
	return pf_ref_word(s, 2) - pf_ref_word(s, 1);
}

static __always_inline int pf_ref_frozen_word(enum pf_ref_scheme s)
{
	if (s == PF_REF_try)
		return PF_TRY_REF_FROZEN;
	return s == PF_REF_frozen_bit ? PF_REF_HIGH : 0;
}

static __always_inline bool pf_ref_is_frozen(enum pf_ref_scheme s, int word)
{
	switch (s) {
	case PF_REF_frozen_bit:
		return word < 0;
	case PF_REF_inverted_high:
		return word >= 0;
	case PF_REF_inverted_low:
		return !(word & 1);
	case PF_REF_try:
		return PF_TRY_REF_IS_FROZEN(word);
	default:
		return !word;
	}
}

/** pf_ref_count() - folio_ref_count(): the references; of a frozen page, 0 */
static __always_inline int pf_ref_count(enum pf_ref_scheme s, atomic_t *ref)
{
	int word = atomic_read(ref);

	switch (s) {
	case PF_REF_frozen_bit:
		return word < 0 ? 0 : word;
	case PF_REF_inverted_high:
		return word < 0 ? word & ~PF_REF_HIGH : 0;
	case PF_REF_inverted_low:
		return word & 1 ? (int)((unsigned int)word >> 1) : 0;
	case PF_REF_try:
		return pf_ref_is_frozen(s, word) ? 0 :
			(unsigned int)(word - pf_ref_word(s, 0)) /
				(unsigned int)pf_ref_one(s);
	default:
		return word;
	}
}

/** pf_ref_get() - folio_get(): the caller has a reference already */
static __always_inline void pf_ref_get(enum pf_ref_scheme s, atomic_t *ref)
{
	if (pf_ref_one(s) == 1)
		atomic_inc(ref);
	else
		atomic_add(pf_ref_one(s), ref);
}

/* Failed additions to a frozen page may not reach the other bit. */
#define PF_REF_PAST (1 << 30)

/* Take the additions of failed attempts back, if nothing else happened. */
static noinline __maybe_unused void pf_ref_reset(enum pf_ref_scheme s,
						 atomic_t *ref, int word)
{
	while (pf_ref_is_frozen(s, word) &&
	       !atomic_try_cmpxchg(ref, &word, pf_ref_frozen_word(s)))
		;
}

/* An addition that is undone by nobody: the frozen word counts attempts. */
static __always_inline bool pf_ref_try_add(enum pf_ref_scheme s, atomic_t *ref)
{
	int word = atomic_add_return(pf_ref_one(s), ref);

	if (likely(!pf_ref_is_frozen(s, word)))
		return true;
	if (unlikely(word - pf_ref_frozen_word(s) >= PF_REF_PAST)) {
		pf_ref_reset(s, ref, word);
		/* not a tail call, which pfbench codegen cannot follow */
		pf_keep_branch();
	}
	return false;
}

/**
 * pf_ref_try_get() - folio_try_get(): take a reference unless frozen
 * Return: true if the caller has a reference now.
 */
static __always_inline bool pf_ref_try_get(enum pf_ref_scheme s, atomic_t *ref)
{
	int word;
	bool got;

	switch (s) {
	case PF_REF_cas:
		return atomic_add_unless(ref, 1, 0);
	case PF_REF_cas_rcu:
		rcu_read_lock();
		got = atomic_read(ref) && atomic_add_unless(ref, 1, 0);
		rcu_read_unlock();
		return got;
	case PF_REF_assume_one:
		word = 1;
		do {
			if (unlikely(!word))
				return false;
		} while (!atomic_try_cmpxchg(ref, &word, word + 1) &&
			 pf_retried());
		return true;
	case PF_REF_try:
		return pf_try_ref_get(ref);
	default:
		return pf_ref_try_add(s, ref);
	}
}

/**
 * pf_ref_put() - folio_put_testzero()
 * Return: true if that was the last reference: the word is frozen, and only this
 * caller frees the page.
 */
static __always_inline bool pf_ref_put(enum pf_ref_scheme s, atomic_t *ref)
{
	int none = pf_ref_word(s, 0);

	switch (s) {
	case PF_REF_try:
		return pf_try_ref_put(ref);
	case PF_REF_frozen_bit:
		if (likely(!atomic_dec_and_test(ref)))
			return false;
		break;
	case PF_REF_inverted_high:
	case PF_REF_inverted_low:
		if (likely(atomic_sub_return(pf_ref_one(s), ref) != none))
			return false;
		break;
	default:
		return atomic_dec_and_test(ref);
	}
	/* another one may have taken a reference since */
	return atomic_try_cmpxchg_relaxed(ref, &none, pf_ref_frozen_word(s));
}

/** pf_ref_unfreeze() - allocate: @nr references to a frozen page */
static __always_inline void pf_ref_unfreeze(enum pf_ref_scheme s, atomic_t *ref,
					    int nr)
{
	atomic_set_release(ref, pf_ref_word(s, nr));
}

#endif
