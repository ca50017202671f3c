/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The accessors: what PageLocked() and the others do with a page, by the policy
 * of the flag and the era of the generation. All arguments but the page are
 * compile-time constants, so the compiled code is that of the kernel.
 */
#ifndef PAGEFLAGS_ACCESSOR_H
#define PAGEFLAGS_ACCESSOR_H

#include "pageflags/catalog.h"

/* The generation of an object with loops or uses; see loop.h */
#ifdef PF_STAMP_GEN
#define PF_STAMPED(prefix) PF_JOIN(prefix, PF_STAMP_GEN)
#endif

/* compound_head() of a generation */
static __always_inline struct pf_page *
pf_compound_head(struct pf_page *page, enum pf_generation gen,
		 enum pf_lowering lowering)
{
	const struct pf_layout *l = &pf_layouts[pf_generations[gen].layout];

#ifdef PF_STAMP_GEN
	/* the other generations would take time to compile */
	return (struct pf_page *)PF_STAMPED(pf_head_)(page, l, lowering);
#else
	switch (gen) {
#define PF_G(id, ...) \
	case PF_GEN_##id: \
		return (struct pf_page *)pf_head_##id(page, l, lowering);
	PF_REPLICAS(PF_G)
	PF_TRY(PF_G)
#undef PF_G
	default:
		return page;
	}
#endif
}

/* page_is_fake_head(), v5.18 to 8c846c879e22 */
static __always_inline bool pf_is_fake_head(const struct pf_page *page,
					    const struct pf_layout *l,
					    enum pf_generation gen)
{
	enum pf_fakes fakes = pf_generations[gen].fakes;

	return fakes != PF_FAKES_NONE &&
		pf_fixed_fake_head(page, l, PF_AUTO, fakes == PF_FAKES_ON) !=
			(unsigned long)page;
}

static __always_inline bool pf_page_tail(const struct pf_page *page,
					 enum pf_generation gen)
{
	const struct pf_layout *l = &pf_layouts[pf_generations[gen].layout];
	const unsigned long both = 1UL << l->head | 1UL << l->tail;

	switch (l->marking) {
	case PF_MARK_TWOBIT:
		return (page->flags & both) == both;
	case PF_MARK_BIT:
		return test_bit(l->tail, &page->flags);
	case PF_MARK_WORD:
	case PF_MARK_MASK:
		return READ_ONCE(page->word[l->word]) & 1 ||
			pf_is_fake_head(page, l, gen);
	default:
		return false;
	}
}

static __always_inline bool pf_page_head(const struct pf_page *page,
					 enum pf_generation gen)
{
	const struct pf_layout *l = &pf_layouts[pf_generations[gen].layout];
	const unsigned long both = 1UL << l->head | 1UL << l->tail;

	if (l->marking == PF_MARK_TWOBIT)
		return (page->flags & both) == 1UL << l->head;
	return test_bit(l->head, &page->flags) &&
		!pf_is_fake_head(page, l, gen);
}

static __always_inline bool pf_page_compound(const struct pf_page *page,
					     enum pf_generation gen)
{
	const struct pf_layout *l = &pf_layouts[pf_generations[gen].layout];

	switch (l->marking) {
	case PF_MARK_TWOBIT:
		return test_bit(l->head, &page->flags);
	case PF_MARK_BIT:
		return (page->flags & (1UL << l->head | 1UL << l->tail)) != 0;
	case PF_MARK_WORD:
	case PF_MARK_MASK:
		return test_bit(l->head, &page->flags) ||
			READ_ONCE(page->word[l->word]) & 1;
	default:
		return false;
	}
}

/* The page whose flags an accessor of @page reads or writes. */
static __always_inline struct pf_page *
pf_target(struct pf_page *page, enum pf_policy policy, enum pf_generation gen,
	  enum pf_lowering lowering)
{
	if (PF_LOOKS_UP(policy, pf_generations[gen].era))
		return pf_compound_head(page, gen, lowering);
	return page;
}

#define PF_PAGE_TYPE_OFFSET 0x30	/* v4.18 on; 64-bit kernels */
#define PF_HUGETLB_DTOR 2	/* HUGETLB_PAGE_DTOR */
#define PF_TYPE_HUGETLB 0xf4	/* PGTY_hugetlb */
#define PF_TYPE_BASE 0xf0000000	/* PAGE_TYPE_BASE, v4.18 to v6.11 */

static __always_inline bool pf_page_type(const struct pf_page *page,
					 unsigned int type)
{
	unsigned long at = (unsigned long)page + PF_PAGE_TYPE_OFFSET;

	return *(const unsigned int *)at >> 24 == type;
}

static __always_inline bool pf_page_type_bit(const struct pf_page *page,
					     unsigned int bit)
{
	unsigned long at = (unsigned long)page + PF_PAGE_TYPE_OFFSET;

	return (*(const unsigned int *)at & (PF_TYPE_BASE | bit)) ==
		PF_TYPE_BASE;
}

/* PageHuge(), v4.5 to v6.5: out of line in the kernel */
static __always_inline bool pf_page_huge(struct pf_page *page,
					 enum pf_generation gen,
					 enum pf_lowering lowering,
					 unsigned int dtor)
{
	if (!pf_page_compound(page, gen))
		return false;
	page = pf_compound_head(page, gen, lowering) + 1;
	return *((const unsigned char *)page + dtor) == PF_HUGETLB_DTOR;
}

/* PageAnonExclusive(), v6.12: two look-ups of a page of hugetlb */
static __always_inline bool pf_anon_exclusive(struct pf_page *page,
					      enum pf_generation gen,
					      enum pf_lowering lowering,
					      unsigned int nr)
{
	if (pf_page_type(pf_compound_head(page, gen, lowering),
			 PF_TYPE_HUGETLB))
		page = pf_compound_head(page, gen, lowering);
	return test_bit(nr, &page->flags);
}

/*
 * virt_to_page() where the memmap begins at address 0 and page 0 at address 0.
 * The compiler does not know that the address comes from a page. Kernels of
 * ppc64le have memory and memmap at 0xc..., which the shift would lose; theirs
 * adds the address of the memmap.
 */
#if defined(__KERNEL__) && defined(__powerpc64__)
#define PF_MEMMAP 0xc000000000000000UL
#else
#define PF_MEMMAP 0UL
#endif
static __always_inline struct pf_page *pf_virt_to_page(struct pf_page *page)
{
	long address = (long)((unsigned long)page << (12 - PF_PAGE_SHIFT));

	pf_hide(address);
	return (struct pf_page *)
		((unsigned long)(address >> 12) << PF_PAGE_SHIFT | PF_MEMMAP);
}

static __always_inline unsigned int
pf_test_four(struct pf_page *page, enum pf_policy policy, unsigned int nr,
	     enum pf_generation gen, enum pf_lowering lowering)
{
	unsigned int i, set = 0;

#pragma GCC unroll 4
	for (i = 0; i < 4; i++)
		set += test_bit(nr, &pf_target(page, policy, gen,
					       lowering)->flags);
	return set;
}

/* One primitive, on @page itself. */
static __always_inline unsigned long
pf_primitive(struct pf_page *page, enum pf_kind kind, unsigned int nr)
{
	unsigned long v = (unsigned long)page;

	switch (kind) {
	case PF_LOAD:
		return READ_ONCE(page->flags);
	case PF_PREDICTED:
	case PF_UNPREDICTABLE:
		v = READ_ONCE(page->flags);
		if (v & 1UL << nr) {
			pf_keep_branch();
			v++;
		}
		return v;
	case PF_SELECTED:
		v = READ_ONCE(page->flags);
		return pf_select(v, 1U << nr, (unsigned long)page, v);
	case PF_MASKED:
		v = READ_ONCE(page->flags);
		return (unsigned long)page & (((v & 1) - 1) | v);
	case PF_RMB:
		v = READ_ONCE(page->flags);
		smp_rmb();
		return v;
	case PF_WMB:
		v = READ_ONCE(page->flags);
		smp_wmb();
		return v;
	case PF_ACQUIRE:
		return smp_load_acquire(&page->flags);
	case PF_MB:
		v = READ_ONCE(page->flags);
		smp_mb();
		return v;
	case PF_LOCKED_OR:
		set_bit(nr, &page->flags);
		return READ_ONCE(page->flags);
	case PF_ADD1:
		return pf_and_self(v);
	case PF_ADD2:
		return pf_and_self(pf_and_self(v));
	case PF_ADD4:
		v = pf_and_self(pf_and_self(v));
		return pf_and_self(pf_and_self(v));
	default:
		return v;
	}
}

/*
 * PageUptodate(): loads after it must not be older than the flag. It returned
 * an int up to v5.15; since then it is folio_test_uptodate(), which returns a
 * bool and takes gcc two more instructions.
 */
static __always_inline int pf_test_uptodate(struct pf_page *page,
					    unsigned int nr)
{
	int ret = test_bit(nr, &page->flags);

	if (ret)
		smp_rmb();
	return ret;
}

static __always_inline bool pf_folio_test_uptodate(struct pf_page *page,
						   unsigned int nr)
{
	bool ret = test_bit(nr, &page->flags);

	if (ret)
		smp_rmb();
	return ret;
}

/*
 * _refcount, and two more words of the same cache line: the count of a page that
 * is frozen, and of one that has one reference.
 */
#define PF_REF_AT(page, offset) \
	((atomic_t *)((unsigned long)(page) + (offset)))
#define PF_REF_OFFSET 0x34
#define PF_REF_FROZEN_OFFSET 0x38
#define PF_REF_LAST_OFFSET 0x3c
/* Half of what the schemes can count: no loop runs long enough to leave it. */
#define PF_REF_MANY (1 << 29)

static __always_inline enum pf_ref_scheme pf_ref_scheme(enum pf_generation gen)
{
	switch (gen) {
#define PF_SCHEME(id, ...) case PF_GEN_ref_##id: return PF_REF_##id;
	PF_REF_SCHEMES(PF_SCHEME)
#undef PF_SCHEME
	case PF_GEN_try:
		return pf_generations[gen].era == PF_ERA_REF ? PF_REF_try :
			PF_REF_cas;
	default:
		return PF_REF_cas;
	}
}

/* Free the page and allocate it again: out of line, as __folio_put() is. */
static noinline __maybe_unused void pf_free_page(enum pf_ref_scheme s,
						 atomic_t *ref)
{
	pf_ref_unfreeze(s, ref, 1);
}

/* folio_put(): the test for the last reference is part of the cost. */
static __always_inline bool pf_do_put(enum pf_ref_scheme s, atomic_t *ref)
{
	bool last = pf_ref_put(s, ref);

	if (last) {
		pf_free_page(s, ref);
		/* not a tail call, which pfbench codegen cannot follow */
		pf_keep_branch();
	}
	return last;
}

static __always_inline unsigned long
pf_do_ref(struct pf_page *page, enum pf_kind kind, enum pf_generation gen,
	  bool want_result)
{
	enum pf_ref_scheme s = pf_ref_scheme(gen);
	atomic_t *ref = PF_REF_AT(page, PF_REF_OFFSET);
	atomic_t *last = PF_REF_AT(page, PF_REF_LAST_OFFSET);
	bool ret;

	switch (kind) {
	case PF_REF_COUNT:
		return pf_ref_count(s, ref);
	case PF_REF_PUT:
		return pf_do_put(s, ref);
	case PF_REF_TRY:
		return pf_ref_try_get(s, ref);
	case PF_REF_TRY_FROZEN:
		return pf_ref_try_get(s, PF_REF_AT(page, PF_REF_FROZEN_OFFSET));
	case PF_REF_TRY_PUT:
		/* from one reference to two and back */
		ret = pf_ref_try_get(s, last);
		if (ret)
			pf_do_put(s, last);
		return ret;
	case PF_REF_LAST_PUT:
		ret = pf_ref_put(s, last);
		if (ret)
			pf_ref_unfreeze(s, last, 1);
		return ret;
	case PF_REF_GET:
		pf_ref_get(s, ref);
		break;
	case PF_REF_GET_PUT:
		pf_ref_get(s, ref);
		pf_do_put(s, ref);
		break;
	default:
		break;
	}
	return want_result ? atomic_read(ref) : 0;
}

/**
 * pf_do() - one operation of one accessor
 * @nr: bit number of the flag
 * @want_result: if the accessor returns nothing, like SetPageDirty(), load the
 *	word that it wrote, so that the next operation can depend on it
 *
 * Return: the accessor's result, or the word, or 0.
 */
static __always_inline unsigned long
pf_do(struct pf_page *page, enum pf_kind kind, enum pf_policy policy,
      unsigned int nr, enum pf_generation gen, enum pf_lowering lowering,
      bool want_result)
{
	unsigned long ret;

	switch (kind) {
	case PF_IS_HEAD:
		return pf_page_head(page, gen);
	case PF_IS_TAIL:
		return pf_page_tail(page, gen);
	case PF_IS_COMPOUND:
		return pf_page_compound(page, gen);
	case PF_HUGE:
		return pf_page_huge(page, gen, lowering, nr);
	case PF_EXCLUSIVE:
		return pf_anon_exclusive(page, gen, lowering, nr);
	case PF_TEST_X4:
		return pf_test_four(page, policy, nr, gen, lowering);
	case PF_VIRT_HEAD:
		page = pf_virt_to_page(page);
		break;
	default:
		break;
	}
	if (policy == PF_POLICY_PRIMITIVE)
		return pf_primitive(page, kind, nr);
	/* unlock_page() and trylock_page() look up the head since v4.5 too */
	page = pf_target(page, policy, gen, lowering);
	if (pf_generations[gen].era == PF_ERA_MEMDESC && kind != PF_HEAD &&
	    !page)
		return 0;
	if (policy == PF_POLICY_REF || policy == PF_POLICY_REF_PAGE)
		return pf_do_ref(page, kind, gen, want_result);
	if (kind != PF_HEAD && kind != PF_VIRT_HEAD)
		pf_delay(PF_WINDOW_HEAD_FLAG, page);
	switch (kind) {
	case PF_HEAD:
	case PF_VIRT_HEAD:
		return (unsigned long)page;
	case PF_ANON:
		return *(unsigned long *)((unsigned long)page + nr) & 1;
	case PF_TYPE:
		return pf_page_type(page, nr);
	case PF_TYPE_BIT:
		return pf_page_type_bit(page, nr);
	case PF_ZONE:
		return page->flags >> nr & 7;
	case PF_NODE:
		return page->flags >> nr & 1023;
	case PF_TEST:
		return test_bit(nr, &page->flags);
	case PF_TEST_RMB:
		if (policy == PF_POLICY_FOLIO ||
		    pf_generations[gen].since >= PF_KV(5, 16, 0))
			return pf_folio_test_uptodate(page, nr);
		return pf_test_uptodate(page, nr);
	case PF_TESTSET:
		return test_and_set_bit(nr, &page->flags);
	case PF_TESTCLEAR:
		return test_and_clear_bit(nr, &page->flags);
	case PF_TRYLOCK:
		return !test_and_set_bit_lock(nr, &page->flags);
	case PF_LOCKUNLOCK:
		ret = !test_and_set_bit_lock(nr, &page->flags);
		if (ret)
			clear_bit_unlock(nr, &page->flags);
		return ret;
	case PF_WMB_SET:
		smp_wmb();
		set_bit(nr, &page->flags);
		break;
	case PF_SET:
		set_bit(nr, &page->flags);
		break;
	case PF_CLEAR:
		clear_bit(nr, &page->flags);
		break;
	case PF_SET_NONATOMIC:
		__set_bit(nr, &page->flags);
		break;
	case PF_UNLOCK:
		clear_bit_unlock(nr, &page->flags);
		break;
	default:
		break;
	}
	return want_result ? READ_ONCE(page->flags) : 0;
}

/* False if an accessor of this kind only writes. */
#define PF_RETURNS(kind) (!((kind) == PF_SET || (kind) == PF_WMB_SET || \
			    (kind) == PF_CLEAR || \
			    (kind) == PF_SET_NONATOMIC || \
			    (kind) == PF_UNLOCK || \
			    (kind) == PF_REF_GET || \
			    (kind) == PF_REF_GET_PUT))

/* True if an accessor of this kind writes nothing. */
#define PF_ONLY_READS(kind) ((kind) == PF_TEST || (kind) == PF_TEST_RMB || \
			     (kind) == PF_HEAD || (kind) == PF_IS_HEAD || \
			     (kind) == PF_IS_TAIL || \
			     (kind) == PF_IS_COMPOUND || (kind) == PF_EMPTY || \
			     (kind) == PF_REF_COUNT || PF_IS_STATE(kind))

/* False for operations on registers alone: threads cannot contend. */
#define PF_HAS_THREADS(kind) (!((kind) == PF_EMPTY || (kind) == PF_ADD1 || \
				(kind) == PF_ADD2 || (kind) == PF_ADD4))

/*
 * False if several threads may not run it on one page: a store that is not
 * atomic loses those of others, and only one thread can drop the last
 * reference.
 */
#define PF_HAS_SHARED(kind) (!((kind) == PF_SET_NONATOMIC || \
			       (kind) == PF_REF_LAST_PUT))

/* True if each operation moves the count of a page by one, in one direction. */
#define PF_MOVES_COUNT(kind) ((kind) == PF_REF_GET || (kind) == PF_REF_PUT || \
			      (kind) == PF_REF_TRY)

/* True if the result is a truth value, usable as the condition of a branch. */
#define PF_IS_TEST(kind) ((kind) == PF_TEST || (kind) == PF_TEST_RMB || \
			  (kind) == PF_IS_HEAD || (kind) == PF_IS_TAIL || \
			  (kind) == PF_IS_COMPOUND || (kind) == PF_TESTSET || \
			  (kind) == PF_TESTCLEAR || (kind) == PF_TRYLOCK || \
			  (kind) == PF_REF_PUT || (kind) == PF_REF_TRY || \
			  (kind) == PF_REF_TRY_FROZEN || \
			  (kind) == PF_REF_TRY_PUT || \
			  (kind) == PF_REF_LAST_PUT || \
			  (kind) == PF_ANON || (kind) == PF_TYPE || \
			  (kind) == PF_TYPE_BIT || (kind) == PF_HUGE || \
			  (kind) == PF_EXCLUSIVE)

#endif
