// SPDX-License-Identifier: GPL-2.0
#include <math.h>

#include "report/history_internal.h"

/* A smaller share of the cost is no difference; selftest has the same limit. */
#define SAME_COST 0.001

/* Are the intervals apart by more than the tolerance? */
static bool intervals_differ(const struct estimate *a, const struct estimate *b)
{
	double slack = SAME_COST * fmin(fabs(a->mid), fabs(b->mid));

	return a->lo - b->hi > slack || b->lo - a->hi > slack;
}

static bool is_judged(const struct history_figure *f)
{
	return history_known(f) && !f->contended;
}

bool history_disagreement(const struct history *h, size_t step,
			  enum history_mode mode, enum pf_population pop,
			  const struct history_kernel **low,
			  const struct history_kernel **high)
{
	double most = 0;

	for (size_t i = 0; i < h->nr; i++) {
		const struct history_kernel *a = &h->kernel[i];
		const struct history_figure *fa =
			&a->replica[step][mode].at[pop];

		for (size_t k = 0; k < h->nr; k++) {
			const struct history_kernel *b = &h->kernel[k];
			const struct history_figure *fb =
				&b->replica[step][mode].at[pop];

			if (!is_judged(fa) || !is_judged(fb) ||
			    !intervals_differ(&fa->e, &fb->e) ||
			    fb->e.mid - fa->e.mid <= most)
				continue;
			most = fb->e.mid - fa->e.mid;
			*low = a;
			*high = b;
		}
	}
	return most > 0;
}

/* Round by round, or from both intervals if the rounds are too few. */
static struct estimate own_less_replica(const struct history *h,
					const struct history_kernel *k,
					enum history_mode mode,
					enum pf_population pop)
{
	const struct result_point *own, *replica;
	struct estimate e = { NAN, NAN, NAN, 0 };
	size_t n;

	own = history_find(h, k, PF_GEN_native, mode, pop);
	replica = history_find(h, k, history_steps[k->step].gen, mode, pop);
	if (!own || !replica)
		return e;
	n = own->nr_samples < replica->nr_samples ? own->nr_samples :
		replica->nr_samples;
	e = stats_paired_difference(own->sample, replica->sample, n,
				    STATS_CONFIDENCE);
	if (!isfinite(e.lo) || !isfinite(e.hi)) {
		e.mid = own->cost.mid - replica->cost.mid;
		e.lo = own->cost.lo - replica->cost.hi;
		e.hi = own->cost.hi - replica->cost.lo;
	}
	return history_scaled(e, k->scale);
}

enum history_verdict history_judge(const struct history *h,
				   const struct history_kernel *k,
				   enum history_mode mode,
				   enum pf_population pop,
				   struct estimate *difference)
{
	const struct history_figure *own = &k->own[mode].at[pop];
	const struct history_figure *replica =
		&k->replica[k->step][mode].at[pop];
	double slack = SAME_COST * fabs(replica->e.mid);
	struct estimate d = own_less_replica(h, k, mode, pop);

	*difference = d;
	if (own->contended || replica->contended || !isfinite(d.lo) ||
	    !isfinite(d.hi))
		return HISTORY_UNKNOWN;
	return d.lo > slack || d.hi < -slack ? HISTORY_DIFFERS : HISTORY_EQUAL;
}

enum history_verdict history_judge_kernel(const struct history *h,
					  const struct history_kernel *k)
{
	bool unknown = false, differs = false;

	for (int mode = 0; mode < HISTORY_MODES; mode++) {
		for (int pop = 0; pop < PF_MIXED; pop++) {
			enum history_verdict v;
			struct estimate d;

			if (!history_known(&k->own[mode].at[pop]))
				continue;
			v = history_judge(h, k, mode, pop, &d);
			unknown |= v == HISTORY_UNKNOWN;
			differs |= v == HISTORY_DIFFERS;
		}
	}
	return differs ? HISTORY_DIFFERS : unknown ? HISTORY_UNKNOWN :
		HISTORY_EQUAL;
}
