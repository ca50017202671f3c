// SPDX-License-Identifier: GPL-2.0
/*
 * The loops over the running kernel's own accessors: every function of the
 * catalog that this kernel has, by name, on real struct pages.
 */
#include "compat.h"

#define PF_STAMP_GEN native
#include "pageflags/loop.h"

static __always_inline bool trylock_unlock_page(struct page *page)
{
	bool locked = trylock_page(page);

	if (locked)
		unlock_page(page);
	return locked;
}

#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 16, 0)
static __always_inline bool page_folio_test_locked(struct page *page)
{
	return folio_test_locked(page_folio(page));
}

static __always_inline void page_folio_set_dirty(struct page *page)
{
	folio_set_dirty(page_folio(page));
}
#endif

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)
static __always_inline int PageAnonExclusive_huge(struct page *page)
{
	return PageAnonExclusive(page);
}
#endif
#if LINUX_VERSION_CODE >= KERNEL_VERSION(7, 1, 0)
static __always_inline int PageSlab_type(struct page *page)
{
	return PageSlab(page);
}
#endif

static __always_inline void get_put_page(struct page *page)
{
	get_page(page);
	put_page(page);
}

#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 16, 0)
static __always_inline bool folio_try_get_put(struct folio *folio)
{
	bool got = folio_try_get(folio);

	if (got)
		folio_put(folio);
	return got;
}
#endif

/* The argument of a function with that policy. */
#define NATIVE_ARG_FOLIO(page) ((struct folio *)(page))
#define NATIVE_ARG_ANY(page) ((struct page *)(page))
#define NATIVE_ARG_OWN NATIVE_ARG_ANY
#define NATIVE_ARG_REF NATIVE_ARG_FOLIO
#define NATIVE_ARG_REF_PAGE NATIVE_ARG_ANY
#define NATIVE_ARG_HEAD NATIVE_ARG_ANY
#define NATIVE_ARG_NO_TAIL NATIVE_ARG_ANY
#define NATIVE_ARG_MARK NATIVE_ARG_ANY
#define NATIVE_ARG_LOOKUP NATIVE_ARG_ANY
#define NATIVE_ARG_PAGE_FOLIO NATIVE_ARG_ANY

/* The use of the result of a function of that kind. */
#define NATIVE_CALL(call) return (unsigned long)(call)
#define NATIVE_CALL_VOID(call) do { \
	call; \
	return want_result ? READ_ONCE(page->flags) : 0; \
} while (0)
#define NATIVE_TEST NATIVE_CALL
#define NATIVE_TEST_RMB NATIVE_CALL
#define NATIVE_IS_HEAD NATIVE_CALL
#define NATIVE_IS_TAIL NATIVE_CALL
#define NATIVE_IS_COMPOUND NATIVE_CALL
#define NATIVE_TESTSET NATIVE_CALL
#define NATIVE_TESTCLEAR NATIVE_CALL
#define NATIVE_TRYLOCK NATIVE_CALL
#define NATIVE_LOCKUNLOCK NATIVE_CALL
#define NATIVE_HEAD NATIVE_CALL
#define NATIVE_ANON NATIVE_CALL
#define NATIVE_TYPE NATIVE_CALL
#define NATIVE_TYPE_BIT NATIVE_CALL
#define NATIVE_HUGE NATIVE_CALL
#define NATIVE_EXCLUSIVE NATIVE_CALL
#define NATIVE_ZONE NATIVE_CALL
#define NATIVE_NODE NATIVE_CALL
#define NATIVE_REF_COUNT NATIVE_CALL
#define NATIVE_REF_TRY_PUT NATIVE_CALL
#define NATIVE_REF_GET_PUT NATIVE_CALL_VOID
#define NATIVE_SET NATIVE_CALL_VOID
#define NATIVE_WMB_SET NATIVE_CALL_VOID
#define NATIVE_CLEAR NATIVE_CALL_VOID

#define NATIVE_STAMP(acc, kind, flag, policy, since, until) \
	static __always_inline unsigned long \
	pf_op_##acc##_AUTO(struct pf_page *page, bool want_result) \
	{ \
		NATIVE_##kind(acc(NATIVE_ARG_##policy(page))); \
	} \
	NATIVE_STAMP_LOOPS(acc, kind)
/* native_uses.c has single uses instead */
#ifndef NATIVE_STAMP_LOOPS
#define NATIVE_STAMP_LOOPS(acc, kind) \
	PF_STAMP_LOOP(acc, kind, AUTO, THROUGHPUT) \
	PF_STAMP_LOOP(acc, kind, AUTO, THROUGHPUT_COND) \
	PF_STAMP_LOOP(acc, kind, AUTO, LATENCY)
#define NATIVE_TABLE
#endif

/*
 * A function that returns nothing and may write to another page than its
 * argument has no result to wait for, so no latency.
 */
#define NATIVE_HAS_LATENCY(kind, policy) \
	(PF_RETURNS(kind) || (policy) == PF_POLICY_FOLIO || \
	 (policy) == PF_POLICY_REF || \
	 (policy) == PF_POLICY_ANY)

#define NATIVE_ENTRY(acc, kind, flag, policy, ...) \
	[PF_ACC_##acc][PF_AUTO] = { \
		[PF_THROUGHPUT] = pf_loop_##acc##_AUTO_THROUGHPUT, \
		[PF_THROUGHPUT_COND] = PF_IS_TEST(PF_##kind) ? \
			pf_loop_##acc##_AUTO_THROUGHPUT_COND : NULL, \
		[PF_LATENCY] = NATIVE_HAS_LATENCY(PF_##kind, \
						  PF_POLICY_##policy) ? \
			pf_loop_##acc##_AUTO_LATENCY : NULL, \
	},

#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 11, 0)
#define NATIVE_V5_11(A) PF_PAGE_ACCESSORS_V5_11(A)
#else
#define NATIVE_V5_11(A)
#endif
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 16, 0)
#define NATIVE_FOLIO(A) PF_FOLIO_ACCESSORS(A) PF_FOLIO_REF_ACCESSORS(A)
#else
#define NATIVE_FOLIO(A)
#endif
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 12, 0)
#define NATIVE_TO_V6_12(A) PF_PAGE_ACCESSORS_TO_V6_12(A)
#else
#define NATIVE_TO_V6_12(A)
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 6, 0)
#define NATIVE_TO_V6_6(A) PF_STATE_ACCESSORS_TO_V6_6(A)
#else
#define NATIVE_TO_V6_6(A)
#endif
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 10, 0)
#define NATIVE_TO_V6_10(A) PF_STATE_ACCESSORS_TO_V6_10(A)
#else
#define NATIVE_TO_V6_10(A)
#endif
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 12, 0)
#define NATIVE_OWN_TO_V6_12(A) PF_OWN_ACCESSORS_TO_V6_12(A)
#else
#define NATIVE_OWN_TO_V6_12(A)
#endif
#if LINUX_VERSION_CODE >= KERNEL_VERSION(7, 1, 0)
#define NATIVE_SLAB_TYPE(A) PF_OWN_ACCESSORS_V7_1(A)
#else
#define NATIVE_SLAB_TYPE(A)
#endif
/* with the checks, a BUG on pages that are not anonymous */
#if IS_ENABLED(CONFIG_DEBUG_VM_PGFLAGS) || \
	LINUX_VERSION_CODE < KERNEL_VERSION(5, 19, 0)
#define NATIVE_EXCLUSIVES(A)
#elif LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)
#define NATIVE_EXCLUSIVES(A) PF_STATE_ACCESSORS_V6_12(A)
#elif LINUX_VERSION_CODE >= KERNEL_VERSION(6, 10, 0)
#define NATIVE_EXCLUSIVES(A)
#else
#define NATIVE_EXCLUSIVES(A) PF_OWN_ACCESSORS_V5_19(A)
#endif
/* constants without these options: no instruction is left to measure */
#ifdef CONFIG_MEMORY_FAILURE
#define NATIVE_HWPOISON(A) PF_OWN_ACCESSORS_HWPOISON(A)
#else
#define NATIVE_HWPOISON(A)
#endif
#ifdef CONFIG_NUMA
#define NATIVE_NUMA(A) PF_OWN_ACCESSORS_NUMA(A)
#else
#define NATIVE_NUMA(A)
#endif
#define NATIVE_STATES(A) \
	PF_OWN_ACCESSORS(A) NATIVE_HWPOISON(A) NATIVE_NUMA(A) \
	PF_STATE_ACCESSORS(A) NATIVE_TO_V6_6(A) NATIVE_TO_V6_10(A) NATIVE_OWN_TO_V6_12(A) NATIVE_SLAB_TYPE(A) \
	NATIVE_EXCLUSIVES(A)

#define NATIVE_ACCESSORS(A) \
	PF_PAGE_ACCESSORS(A) PF_PAGE_REF_ACCESSORS(A) NATIVE_V5_11(A) \
	NATIVE_TO_V6_12(A) \
	NATIVE_STATES(A) NATIVE_FOLIO(A)

/* the empty loop, for real pages */
static __always_inline unsigned long
pf_op_empty_AUTO(struct pf_page *page, bool want_result)
{
	return (unsigned long)page;
}
NATIVE_STAMP_LOOPS(empty, EMPTY)

NATIVE_ACCESSORS(NATIVE_STAMP)

#ifdef NATIVE_TABLE
const pf_loop_table pf_loops_native[PF_NR_ACCESSORS] = {
	NATIVE_ACCESSORS(NATIVE_ENTRY)
	NATIVE_ENTRY(empty, EMPTY, head, PRIMITIVE)
};
#endif
