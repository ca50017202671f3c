// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <unistd.h>

#include "data/sequence.h"
#include "measure/working_set.h"

/*
 * Visits to a mixed population, at random: more than a branch predictor
 * remembers. A Zen 4 learns 2^16 visits (a quarter of tails then costs
 * nothing), but not 2^18.
 */
#define MIXED_VISITS (1UL << 19)
/* For exact counts: each per cent is a whole number of visits. */
#define EXACT_VISITS (200UL * PF_UNROLL)

/*
 * Half of a cache leaves room for the list of visits and for other data; memory
 * is twice the last cache, in lines that are accessed.
 */
int working_set_span(const struct cache_sizes *caches, const struct point *p,
		     bool exact, unsigned long *span, struct errmsg *msg)
{
	size_t bytes = 0, available;

	switch (p->ws) {
	case WS_HOT:
		bytes = p->cold_tail ?
			PF_UNROLL * sizeof(struct pf_page) << p->order :
			p->one_page ? sizeof(struct pf_page) << p->order :
			exact ? POINT_COUNTED_PAGES * sizeof(struct pf_page) :
			(caches->l1d ? caches->l1d : 32 << 10) / 2;
		break;
	case WS_L2:
		bytes = caches->l2 / 2;
		break;
	case WS_LLC:
		/* no LLC if L2 is the last cache */
		if (caches->llc > caches->l2)
			bytes = caches->llc / 2;
		break;
	default:
		bytes = 2 * (caches->llc ? caches->llc :
			     caches->l2 ? caches->l2 : 8 << 20);
		if (p->population == PF_HEADS)
			bytes <<= p->order;
		else if (p->population == PF_MIXED)
			bytes *= 2;
	}
	if (!bytes)
		return errmsg_set(msg, -ENOTSUP,
				  "working set %s: this machine reports no such cache",
				  working_set_name(p->ws));
	available = (size_t)sysconf(_SC_AVPHYS_PAGES) * sysconf(_SC_PAGESIZE);
	if (p->ws != WS_HOT && bytes > available / 2)
		return errmsg_set(msg, -ENOMEM,
				  "working set %s: %zu MiB of struct pages do not fit in the %zu MiB that are free",
				  working_set_name(p->ws), bytes >> 20,
				  available >> 20);
	*span = bytes / sizeof(struct pf_page);
	return 0;
}

unsigned long working_set_visits(const struct point *p, unsigned long span,
				 bool exact)
{
	unsigned long least = exact ? EXACT_VISITS : MIXED_VISITS;

	if (p->replay)
		return sequence_get(p->replay)->nr;
	if (p->one_page && span < PF_UNROLL)
		return PF_UNROLL;
	return p->population == PF_MIXED && span < least ? least : span;
}

unsigned int working_set_places(const struct point *p, bool exact)
{
	return !exact && p->ws == WS_HOT && p->population != PF_MIXED ?
		HOT_PLACES : 1;
}

bool working_set_shared(const struct point *a, const struct point *b)
{
	bool real = a->generation == PF_GEN_native;

	if (real != (b->generation == PF_GEN_native))
		return false;
	/* the empty loop reads no page */
	return (real || a->ws != WS_MEMORY ||
		a->generation == b->generation ||
		b->accessor == PF_ACC_empty) &&
		a->population == b->population && a->tails == b->tails &&
		a->replay == b->replay &&
		a->ws == b->ws && a->shuffled == b->shuffled &&
		a->order == b->order && a->source == b->source &&
		a->one_page == b->one_page && a->cold_tail == b->cold_tail;
}
