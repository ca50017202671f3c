// SPDX-License-Identifier: GPL-2.0
/* Repetitions of a point become one point with all samples. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/result_internal.h"

/* All samples of a file, padding included: half a gigabyte. */
#define MAX_SAMPLES (1UL << 26)

static int compare_entries(const void *pa, const void *pb)
{
	const struct result_entry *a = pa, *b = pb;
	int d = point_compare(&a->point, &b->point);

	if (!d)
		d = (a->repetition > b->repetition) -
			(a->repetition < b->repetition);
	return d ? d : (a->index > b->index) - (a->index < b->index);
}

/*
 * The index at which the samples of each repetition begin in a joined array:
 * after the longest of each earlier repetition, so that one index is one round
 * for all points, even if some lack a repetition.
 */
static size_t *repetition_offsets(const struct result_entry *e, size_t n,
				  size_t nr)
{
	size_t *offset = calloc(nr + 1, sizeof(*offset));
	size_t i, r, len;

	if (!offset)
		return NULL;
	for (i = 0; i < n; i++) {
		len = json_array_size(e[i].samples);
		r = e[i].repetition + 1;
		if (len > offset[r])
			offset[r] = len;
	}
	for (i = 1; i <= nr; i++)
		offset[i] += offset[i - 1];
	return offset;
}

/* Join the @n repetitions of one point from @e on. */
static int join_repetitions(const struct result_entry *e, size_t n,
			    const size_t *offset, struct result_point *p,
			    size_t *total)
{
	bool sampled = true, clean = false;
	double *mid;
	json_t *v;
	size_t i, k, size;

	p->point = e->point;
	point_name(&p->point, p->name);
	p->json = e->json;
	for (i = 0; i < n; i++) {
		sampled &= e[i].samples != NULL;
		clean |= !e[i].contended;
	}
	p->contended = !clean;
	size = n == 1 && !sampled ? 0 : offset[e[n - 1].repetition] +
		json_array_size(e[n - 1].samples);
	*total += size;
	if (*total > MAX_SAMPLES)
		return -EFBIG;
	p->sample = malloc((size + 1) * sizeof(*p->sample));
	mid = malloc(n * sizeof(*mid));
	if (!p->sample || !mid) {
		free(mid);
		return -ENOMEM;
	}
	p->nr_samples = size;
	for (i = 0; i < size; i++)
		p->sample[i] = NAN;
	for (i = 0; i < n; i++) {
		/* contended repetitions count only if all are contended */
		bool keep = !e[i].contended || !clean;

		mid[i] = keep ? e[i].cost.mid : NAN;
		json_array_foreach(e[i].samples, k, v)
			if (keep && !json_is_null(v))
				p->sample[offset[e[i].repetition] + k] =
					json_number_value(v);
	}
	if (n == 1)
		p->cost = e->cost;
	else if (sampled)
		p->cost = stats_series(p->sample, size, 0.95);
	else
		p->cost = stats_estimate(mid, n, 0.95);
	free(mid);
	return 0;
}

/* A point and its place in the file, the order of which is kept. */
struct placed {
	size_t index;
	struct result_point point;
};

static int compare_placed(const void *pa, const void *pb)
{
	const struct placed *a = pa, *b = pb;

	return (a->index > b->index) - (a->index < b->index);
}

static int refuse_duplicate(struct result_place *at,
			    const struct result_entry *e)
{
	char text[POINT_NAME_MAX + 80], name[POINT_NAME_MAX];

	point_name(&e->point, name);
	snprintf(at->in, sizeof(at->in), "benchmarks[%zu]", e->index);
	snprintf(text, sizeof(text), "repetition %lld of %s is there twice",
		 (long long)e->repetition, name);
	return result_refuse(at, "repetition_index", text);
}

static int compare_sorted(const void *pa, const void *pb)
{
	const struct result_point *const *a = pa, *const *b = pb;

	return point_compare(&(*a)->point, &(*b)->point);
}

static void sort_points(struct result *r)
{
	for (size_t i = 0; i < r->nr_points; i++)
		r->sorted[i] = &r->point[i];
	if (r->nr_points)
		qsort(r->sorted, r->nr_points, sizeof(*r->sorted),
		      compare_sorted);
}

int result_join(struct result_place *at, struct result_entry *e, size_t n,
		size_t nr, struct result *r)
{
	size_t *offset = repetition_offsets(e, n, nr);
	struct placed *placed = calloc(n + 1, sizeof(*placed));
	size_t i, k, points = 0, total = 0;
	int err = offset && placed ? 0 : -ENOMEM;

	if (n)
		qsort(e, n, sizeof(*e), compare_entries);
	for (i = 0; !err && i < n; i += k) {
		for (k = 1; i + k < n &&
		     point_equal(&e[i].point, &e[i + k].point); k++)
			if (e[i + k].repetition == e[i + k - 1].repetition)
				err = refuse_duplicate(at, &e[i + k]);
		placed[points].index = e[i].index;
		if (!err)
			err = join_repetitions(&e[i], k, offset,
					       &placed[points++].point, &total);
	}
	if (placed)
		qsort(placed, points, sizeof(*placed), compare_placed);
	r->point = calloc(points + 1, sizeof(*r->point));
	r->sorted = calloc(points + 1, sizeof(*r->sorted));
	if (!(r->point && r->sorted) && !err)
		err = -ENOMEM;
	for (i = 0; i < points; i++) {
		if (r->point)
			r->point[r->nr_points++] = placed[i].point;
		else
			free(placed[i].point.sample);
	}
	if (!err)
		sort_points(r);
	free(placed);
	free(offset);
	if (err == -ENOMEM || err == -EFBIG)
		errmsg_set(at->msg, err, "%s: more samples than fit in memory",
			   at->path);
	return err;
}
