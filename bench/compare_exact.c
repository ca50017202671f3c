// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "compare_exact.h"

bool result_is_exact(const struct result *r)
{
	for (size_t i = 0; i < r->nr_points; i++)
		if (r->point[i].nr_samples)
			return false;
	return r->nr_points && json_is_true(json_object_get(r->pfbench, "icount"));
}

/* By name: a lookup each in thousands of points would take a second. */
static int by_name(const void *pa, const void *pb)
{
	const struct result_point *const *a = pa, *const *b = pb;

	return strcmp((*a)->name, (*b)->name);
}

static const struct result_point **sorted(const struct result *r)
{
	const struct result_point **s = calloc(r->nr_points + 1, sizeof(*s));

	for (size_t i = 0; s && i < r->nr_points; i++)
		s[i] = &r->point[i];
	if (s)
		qsort(s, r->nr_points, sizeof(*s), by_name);
	return s;
}

static const struct result_point *find(const struct result_point **s, size_t n,
				       const struct result_point *p)
{
	const struct result_point **found = bsearch(&p, s, n, sizeof(*s),
						    by_name);

	return found ? *found : NULL;
}

long compare_exact(const struct result *a, const struct result *b,
		   struct exact_difference **d)
{
	double step = fmax(a->quantum_ticks, b->quantum_ticks);
	const struct result_point **of_a = sorted(a), **of_b = sorted(b), *q;
	long n = 0;
	size_t i;

	*d = calloc(a->nr_points + b->nr_points + 1, sizeof(**d));
	if (!*d || !of_a || !of_b)
		n = -ENOMEM;
	for (i = 0; n >= 0 && i < a->nr_points; i++) {
		const struct result_point *p = &a->point[i];

		q = find(of_b, b->nr_points, p);
		/* figures have three decimals: a step that is one is none */
		if (q && fabs(p->ticks.mid - q->ticks.mid) <= step + 0.0011)
			continue;
		(*d)[n++] = (struct exact_difference){
			q ? COUNT_CHANGED : COUNT_GONE, p, q };
	}
	for (i = 0; n >= 0 && i < b->nr_points; i++)
		if (!find(of_a, a->nr_points, &b->point[i]))
			(*d)[n++] = (struct exact_difference){
				COUNT_NEW, NULL, &b->point[i] };
	free(of_a);
	free(of_b);
	if (n < 0) {
		free(*d);
		*d = NULL;
	}
	return n;
}
