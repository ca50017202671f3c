// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "lib/array.h"
#include "measure/twins.h"

#define EVERY 10

bool twins_due(struct twins *t, enum pf_form form)
{
	return t->groups[form]++ % EVERY == 0;
}

int twins_add(struct twins *t, const struct point *p,
	      const struct estimate *difference, double floor, double seconds)
{
	double half = (difference->hi - difference->lo) / 2;
	size_t *nr = &t->nr[p->form];
	double error, *grown;

	if (!isfinite(half))
		return 0;
	t->measured++;
	t->equal += difference->lo <= 0 && difference->hi >= 0;
	if (p->ws != WS_HOT)
		return 0;
	grown = array_grow(t->resolves[p->form], *nr, sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	t->resolves[p->form] = grown;
	error = fmax(half - floor, 0) / TWINS_FALSE;
	/* more time narrows the interval, but for the clock's step */
	grown[(*nr)++] = floor +
		(TWINS_FALSE + TWINS_MISSED) * error * sqrt(seconds);
	return 0;
}

double twins_resolution(const struct twins *t, enum pf_form form)
{
	return stats_median(t->resolves[form], t->nr[form]);
}

void twins_free(struct twins *t)
{
	for (int form = 0; form < PF_NR_FORMS; form++)
		free(t->resolves[form]);
}
