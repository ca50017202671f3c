// SPDX-License-Identifier: GPL-2.0
/*
 * A page's reference count against two takers, for cbmc: the schemes of ref.h,
 * unchanged. The owner drops the last reference of its own; once somebody has
 * freed the page, it allocates the page again and drops that reference, too.
 *
 * Whoever was given a reference has a page that is allocated, until the put.
 * Each allocation is freed once, and not by two.
 *
 * -DSCHEME=PF_REF_ID, of ref.h; PF_REF_try with -DPF_TRY_REF. Mistakes of the
 * put: -DWITHOUT_RECHECK frees at zero without looking again, -DOR_AT_ZERO ors
 * the bit for frozen in.
 */
#include "prover.h"

/* atomics are full barriers, or are used where that changes nothing */
#define ATOMIC(type, ...) do { \
	type result; \
	__CPROVER_atomic_begin(); \
	__VA_ARGS__ \
	__CPROVER_atomic_end(); \
	smp_mb(); \
	return result; \
} while (0)

static inline int model_add(atomic_t *v, int i)
{
	smp_mb();
	ATOMIC(int, v->counter += i; result = v->counter;);
}

static inline bool model_cmpxchg(atomic_t *v, int *old, int new)
{
	smp_mb();
	ATOMIC(bool, result = v->counter == *old;
	       if (result)
		       v->counter = new;
	       else
		       *old = v->counter;);
}

static inline bool model_add_unless(atomic_t *v, int i, int unless)
{
	smp_mb();
	ATOMIC(bool, result = v->counter != unless;
	       if (result)
		       v->counter += i;);
}

static inline bool model_or_at_zero(atomic_t *v, int bit)
{
	smp_mb();
	ATOMIC(bool, v->counter |= bit; result = true;);
}

#define atomic_inc(v) ((void)model_add(v, 1))
#define atomic_add(i, v) ((void)model_add(v, i))
#define atomic_add_return(i, v) model_add(v, i)
#undef atomic_sub_return
#define atomic_sub_return(i, v) model_add(v, -(i))
#define atomic_dec_and_test(v) (!model_add(v, -1))
#define atomic_try_cmpxchg(v, old, new) model_cmpxchg(v, old, new)
#define atomic_add_unless(v, i, unless) model_add_unless(v, i, unless)
#ifdef WITHOUT_RECHECK
#define atomic_try_cmpxchg_relaxed(v, old, new) \
	((v)->counter = (new), (void)(old), true)
#elif defined(OR_AT_ZERO)
#define atomic_try_cmpxchg_relaxed(v, old, new) model_or_at_zero(v, new)
#else
#define atomic_try_cmpxchg_relaxed(v, old, new) model_cmpxchg(v, old, new)
#endif
#define atomic_set(v, i) ((v)->counter = (i))
/* all that was written before is visible to whoever takes a reference */
#define atomic_set_release(v, i) (smp_mb(), (v)->counter = (i))
#define atomic_read(v) ((v)->counter)
/* not modelled: a user's scheme with one of these cannot be proved */
#ifdef PF_TRY_REF
#pragma GCC poison atomic_xchg_acquire atomic_fetch_sub_release
#pragma GCC poison atomic_fetch_or_release atomic_andnot
#pragma GCC poison __atomic_load_n __atomic_store_n __atomic_exchange_n
#pragma GCC poison __atomic_compare_exchange_n __atomic_add_fetch
#pragma GCC poison __atomic_sub_fetch __atomic_and_fetch __atomic_or_fetch
#pragma GCC poison __atomic_xor_fetch __atomic_fetch_add __atomic_fetch_sub
#pragma GCC poison __atomic_fetch_and __atomic_fetch_or __atomic_fetch_xor
#pragma GCC poison __sync_fetch_and_add __sync_fetch_and_sub
#pragma GCC poison __sync_add_and_fetch __sync_sub_and_fetch
#pragma GCC poison __sync_bool_compare_and_swap __sync_val_compare_and_swap
#pragma GCC poison set_bit clear_bit test_and_set_bit test_and_clear_bit
#pragma GCC poison test_and_set_bit_lock clear_bit_unlock asm __asm__
#endif
#include "pageflags/ref.h"

enum { OF = SCHEME };

static atomic_t ref;
static int allocated, frees, ended, takes, wrong;

/* The page is allocated, and nobody has freed it since there were @before. */
static void check_allocated(int before)
{
	__CPROVER_atomic_begin();
	if (!allocated || frees != before)
		wrong = 1;
	__CPROVER_atomic_end();
	smp_mb();
}

static void free_page(void)
{
	__CPROVER_atomic_begin();
	wrong |= !allocated;
	allocated = 0;
	frees++;
	__CPROVER_atomic_end();
	smp_mb();
}

static void taker(void)
{
	int before;

	if (pf_ref_try_get(OF, &ref)) {
		before = frees;
		check_allocated(before);
		check_allocated(before);
		if (pf_ref_put(OF, &ref))
			free_page();
		__CPROVER_atomic_begin();
		takes++;
		__CPROVER_atomic_end();
		smp_mb();
	}
	__CPROVER_atomic_begin();
	ended++;
	__CPROVER_atomic_end();
}

int main(void)
{
	int again;

	ref.counter = pf_ref_word(OF, 1);
	allocated = 1;
	smp_mb();
__CPROVER_ASYNC_1:
	taker();
__CPROVER_ASYNC_2:
	taker();
	if (pf_ref_put(OF, &ref))
		free_page();
	/* the allocator has the page, or has not yet */
	again = frees == 1;
	smp_mb();
	if (again) {
		allocated = 1;
		pf_ref_unfreeze(OF, &ref, 1);
		smp_mb();
		if (pf_ref_put(OF, &ref))
			free_page();
	}
	__CPROVER_assume(ended == 2);
	smp_mb();
	__CPROVER_assert(!wrong && frees == 1 + again &&
			 pf_ref_is_frozen(OF, ref.counter),
			 "a reference keeps the page; it is freed once");
	/* these check this file: both must fail */
	__CPROVER_assert(!again, "reach: allocated again");
	__CPROVER_assert(takes != 2, "reach: two took a reference");
	return 0;
}
