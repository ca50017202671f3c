// SPDX-License-Identifier: GPL-2.0
/* The verdict on each pair of points. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "report/compare_internal.h"

#define SIGNIFICANT 0.05

const char *verdict_name(enum verdict verdict)
{
	static const char *const names[NR_VERDICTS] = {
		"same", "changed", "cannot tell",
	};

	return names[verdict];
}

static enum verdict judge_pair(const struct comparison *c,
			       struct compare_pair *p)
{
	double lo, hi, middle = p->difference ? 0 : 1, limit, room;
	double unit = p->difference ? 1 : fabs(p->a_cost);

	if (c->counted)
		return fabs(p->value.mid) <= c->floor ? SAME : CHANGED;
	if (*p->reason)
		return CANNOT_TELL;
	limit = p->difference ? c->floor : c->threshold;
	/* of a difference each bound of each file may be a step off */
	room = p->difference ? 4 * c->floor : c->threshold;
	lo = p->value.lo - middle;
	hi = p->value.hi - middle;
	if (lo >= -limit && hi <= limit)
		return SAME;
	if (lo > limit || hi < -limit) {
		/* below the clock's resolution nothing has changed */
		if (fabs(p->b_cost - p->a_cost) <= c->floor)
			return SAME;
		if (p->p_holm < SIGNIFICANT)
			return CHANGED;
		p->reason = "unsure";
		return CANNOT_TELL;
	}
	/* a narrow interval around the limit is at the limit, not beyond */
	if (hi - lo <= room || (hi - lo) * unit <= 2 * c->floor)
		return SAME;
	p->reason = "too wide";
	return CANNOT_TELL;
}

/* Holm's correction is over all pairs of all comparisons. */
int compare_judge(struct comparison *c, size_t nr)
{
	size_t room = 0, n = 0, tested = 0, i, k;
	double *p;

	for (i = 0; i < nr; i++)
		room += c[i].nr;
	p = malloc((room + 1) * sizeof(*p));
	if (!p)
		return -ENOMEM;
	for (i = 0; i < nr; i++) {
		for (k = 0; k < c[i].nr; k++) {
			p[n] = c[i].pair[k].p;
			tested += !isnan(p[n++]);
		}
	}
	stats_holm(p, n);
	for (i = n = 0; i < nr; i++) {
		c[i].tested = tested;
		for (k = 0; k < c[i].nr; k++) {
			c[i].pair[k].p_holm = p[n++];
			c[i].pair[k].verdict = judge_pair(&c[i], &c[i].pair[k]);
			c[i].count[c[i].pair[k].verdict]++;
		}
	}
	free(p);
	return 0;
}
