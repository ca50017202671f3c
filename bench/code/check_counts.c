// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "code/check_counts.h"
#include "lib/array.h"
#include "lib/text.h"

struct checked_generation {
	enum pf_generation gen;
	const struct code_loops *loops, *primitives;
};

/*
 * Does the point have a single, known path? With fake heads the path depends on
 * the page's position in its page of struct pages.
 */
static bool has_path(const struct point *p)
{
	enum pf_fakes fakes = pf_generations[p->generation].fakes;
	bool fake = fakes == PF_FAKES_ON ||
		(fakes == PF_FAKES_OFF &&
		 pf_accessors[p->accessor].policy == PF_POLICY_MARK);

	return p->population < PF_MIXED && p->generation < PF_NR_REPLICAS &&
		p->source == SOURCE_OWN &&
		(!fake || p->population == PF_TAILS);
}

/* Instructions per operation with the loop's; NaN if there is no such loop. */
static double gross_insns(const struct checked_generation *g,
			  const struct code_loops *loops, const struct point *p)
{
	const struct code_iteration *i = &loops->iteration[p->accessor]
		[p->lowering][p->form][p->population];
	double iterations = (double)point_counted_pages(p) / PF_UNROLL;

	return i->exists ? (i->insns + i->wrap / iterations) / PF_UNROLL : NAN;
}

static int check_generation(const struct checked_generation *g,
			    const struct result *r, struct code_check *check)
{
	struct code_difference *grown;
	double path;
	size_t i;

	for (i = 0; i < r->nr_points; i++) {
		const struct point *p = &r->point[i].point;
		struct point empty = point_empty(p);

		if (p->generation != g->gen || !has_path(p))
			continue;
		path = gross_insns(g, g->loops, p) -
			gross_insns(g, g->primitives, &empty);
		check->checked++;
		/* the clock may add 0.25 instructions per iteration */
		if (fabs(path - r->point[i].cost.mid) <=
		    fmax(0.25 / PF_UNROLL, r->quantum_ticks))
			continue;
		grown = array_grow(check->differ, check->nr, sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		check->differ = grown;
		check->differ[check->nr++] =
			(struct code_difference){ &r->point[i], path };
	}
	return 0;
}

int code_check_counts(struct code *code, const struct result *r,
		      struct code_check *check, struct errmsg *msg)
{
	struct code_loops *loops = malloc(2 * sizeof(*loops));
	struct checked_generation g = {
		.loops = loops, .primitives = loops + 1,
	};
	int gen, ret;
	size_t i;

	*check = (struct code_check){ 0 };
	if (!loops)
		return errmsg_set(msg, -ENOMEM, "out of memory");
	ret = code_loops(code, PF_GEN_primitive, &loops[1], msg);
	for (gen = 0; gen < PF_NR_REPLICAS && !ret; gen++) {
		if (pf_generations[gen].era == PF_ERA_SELFTEST)
			continue;
		g.gen = gen;
		ret = code_loops(code, gen, &loops[0], msg);
		if (!ret && check_generation(&g, r, check))
			ret = errmsg_set(msg, -ENOMEM, "out of memory");
	}
	for (i = 0; i < r->nr_points; i++)
		check->left_out += !has_path(&r->point[i].point);
	free(loops);
	return ret;
}

void code_check_print(FILE *f, const struct code_check *check)
{
	const struct code_difference *d;

	for (d = check->differ; d < check->differ + check->nr; d++) {
		if (isnan(d->path))
			fprintf(f, "%8.3f, no such loop  %s\n",
				d->point->cost.mid, d->point->name);
		else
			fprintf(f, "%8.3f, path %8.3f  %s\n",
				d->point->cost.mid, d->path, d->point->name);
	}
	text_line(f, "%zu counts: %zu as their paths, %zu not; %zu have no single path",
		  check->checked + check->left_out,
		  check->checked - check->nr, check->nr, check->left_out);
}

void code_check_close(struct code_check *check)
{
	free(check->differ);
}
