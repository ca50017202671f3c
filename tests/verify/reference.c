// SPDX-License-Identifier: GPL-2.0
/*
 * A page's reference count against two takers, for cbmc: the schemes of ref.h,
 * unchanged. The owner drops the last reference of its own; once somebody has
 * freed the page, it allocates the page again and drops that reference, too.
 *
 * Whoever was given a reference has a page that is allocated, until the put.
 * Each allocation is freed once, and not by two.
 *
 * -DSCHEME=ID, of ref.h. -DWITHOUT_RECHECK, -DOR_AT_ZERO: mistakes of the put,
 * which frees at zero without looking again, or ors the bit for frozen in.
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
#include "pageflags/ref.h"

#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)
enum { OF = JOIN(PF_REF_, SCHEME) };

static atomic_t ref;
static int allocated, frees, ended;

static void free_page(void)
{
	__CPROVER_atomic_begin();
	__CPROVER_assert(allocated, "a page is freed once");
	allocated = 0;
	frees++;
	__CPROVER_atomic_end();
	smp_mb();
}

static void taker(void)
{
	if (pf_ref_try_get(OF, &ref)) {
		__CPROVER_assert(allocated, "a taker has an allocated page");
		if (pf_ref_put(OF, &ref))
			free_page();
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
	__CPROVER_assert(frees == 1 + again, "each allocation is freed");
	__CPROVER_assert(pf_ref_is_frozen(OF, ref.counter), "frozen at the end");
	/* both must be reachable, or the proof says nothing */
	__CPROVER_assert(!again, "reachable: allocated again");
	return 0;
}
