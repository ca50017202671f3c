// SPDX-License-Identifier: GPL-2.0
/*
 * The loops of schemes that compare and swap, again: they count the attempts
 * that failed. Counting costs time, so these loops are not timed.
 */
static __thread unsigned long retries;
#define pf_retried() (retries++, 1)

#include "pageflags/loop.h"
#include "pageflags/retry.h"

#define RETRY_LOOP(acc, id) \
	static __always_inline unsigned long \
	op_##acc##_##id(struct pf_page *page, bool want_result) \
	{ \
		return pf_do(page, pf_accessors[PF_ACC_##acc].kind, \
			     PF_POLICY_REF, 0, PF_GEN_##id, PF_AUTO, \
			     want_result); \
	} \
	static noinline __attribute__((__flatten__)) unsigned long \
	loop_##acc##_##id(struct pf_walk *walk, unsigned long iterations) \
	{ \
		retries = 0; \
		PF_LOOP_BODY(walk, iterations, op_##acc##_##id, true, \
			     PF_THROUGHPUT); \
		return retries; \
	}

#define RETRY_SCHEME(id, ...) \
	RETRY_LOOP(folio_try_get, ref_##id) \
	RETRY_LOOP(folio_try_get_put, ref_##id)
PF_REF_SCHEMES(RETRY_SCHEME)

pf_retry_fn retry_loop(enum pf_accessor acc, enum pf_generation gen)
{
#define ENTRY(id, ...) [PF_GEN_ref_##id] = loop_folio_try_get_ref_##id,
	static const pf_retry_fn try_get[PF_NR_GENERATIONS] = {
		PF_REF_SCHEMES(ENTRY)
	};
#undef ENTRY
#define ENTRY(id, ...) [PF_GEN_ref_##id] = loop_folio_try_get_put_ref_##id,
	static const pf_retry_fn try_get_put[PF_NR_GENERATIONS] = {
		PF_REF_SCHEMES(ENTRY)
	};
#undef ENTRY
	return acc == PF_ACC_folio_try_get ? try_get[gen] :
		acc == PF_ACC_folio_try_get_put ? try_get_put[gen] : NULL;
}
