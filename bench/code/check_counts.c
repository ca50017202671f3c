// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "code/check_counts.h"

/*
 * Whose path is one, and known. With fake heads it may be another for what begins
 * a page of struct pages, be the key on or the compiler of that mind.
 */
static bool has_path(const struct point *p)
{
	bool fake = p->generation == PF_GEN_v5_18_fakehead_hvo ||
		(p->generation == PF_GEN_v5_18_fakehead &&
		 pf_accessors[p->accessor].policy == PF_POLICY_MARK);

	return p->population < PF_MIXED && p->generation < PF_NR_REPLICAS &&
		p->source == SOURCE_OWN &&
		(!fake || p->population == PF_TAILS);
}

/* Instructions an operation, all in; NaN if there is no such loop. */
static double gross(const struct code_loops *loops, const struct point *p)
{
	const struct code_turn *t = &loops->iteration[p->accessor][p->lowering]
		[p->form][p->population];
	double iterations = (double)point_counted_pages(p) / PF_UNROLL;

	return t->there ? (t->insns + t->round / iterations) / PF_UNROLL : NAN;
}

/* Points of one generation. */
static long check_generation(const struct result *r, enum pf_generation gen,
			     const struct code_loops *loops,
			     const struct code_loops *primitives,
			     size_t *checked)
{
	long differ = 0;
	double path;
	size_t i;

	for (i = 0; i < r->nr_points; i++) {
		const struct point *p = &r->point[i].point;
		struct point e = point_empty(p);

		if (p->generation != gen || !has_path(p))
			continue;
		path = gross(loops, p) - gross(primitives, &e);
		++*checked;
		/* less than a quarter of an instruction a turn is the clock */
		if (fabs(path - r->point[i].ticks.mid) <=
		    fmax(0.25 / PF_UNROLL, r->quantum_ticks))
			continue;
		differ++;
		if (isnan(path))
			printf("%8.3f, no such loop  %s\n",
			       r->point[i].ticks.mid, r->point[i].name);
		else
			printf("%8.3f, path %8.3f  %s\n", r->point[i].ticks.mid,
			       path, r->point[i].name);
	}
	return differ;
}

long code_check(struct code *code, const struct result *r, size_t *checked,
		size_t *left_out, struct errmsg *msg)
{
	struct code_loops *loops = malloc(2 * sizeof(*loops));
	long differ = 0;
	size_t i;
	int gen, ret;

	*checked = *left_out = 0;
	if (!loops)
		return errmsg_set(msg, -ENOMEM, "out of memory");
	ret = code_loops(code, PF_GEN_primitive, &loops[1], msg);
	for (gen = 0; gen < PF_NR_REPLICAS && !ret; gen++) {
		if (pf_generations[gen].era == PF_ERA_SELFTEST)
			continue;
		ret = code_loops(code, gen, &loops[0], msg);
		if (!ret)
			differ += check_generation(r, gen, &loops[0],
						   &loops[1], checked);
	}
	for (i = 0; i < r->nr_points; i++)
		*left_out += !has_path(&r->point[i].point);
	free(loops);
	return ret ? ret : differ;
}
