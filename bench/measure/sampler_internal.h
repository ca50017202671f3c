/* SPDX-License-Identifier: GPL-2.0 */
/* Shared by sampler.c and sampler_counters.c. */
#ifndef PFBENCH_MEASURE_SAMPLER_INTERNAL_H
#define PFBENCH_MEASURE_SAMPLER_INTERNAL_H

#include "measure/sampler.h"

#define CONFIDENCE 0.95

/* A loop of a group: a requested point, or the empty loop. */
struct member {
	struct point point;
	struct population *population;
	unsigned long warm, shorter, longer;	/* iterations */
	double *gross;		/* units per operation, by round */
	double *excess;		/* see contention_excess(), by round */
	double *walk;		/* see contention_walk(), by round */
	bool *kept;		/* undisturbed, by round */
	struct sampled *sampled;	/* NULL: the empty loop */
};

struct group {
	struct member *member;	/* the last one is the empty loop */
	size_t nr;
	size_t rounds, max_rounds;
	double *scratch;		/* of max_rounds */
	struct sampled twin;		/* of the first point, if it has a sample */
};

/* Cycles or ticks of @iterations of the loop, or a negative errno. */
static inline int64_t member_run(struct sampler *s, struct member *m,
				 unsigned long iterations)
{
	uint64_t start = s->cycles ? cycle_counter_read(s->cycles) : 0;
	int64_t ticks = s->backend->run(s->backend, m->population, &m->point,
					iterations);

	return s->cycles && ticks >= 0 && !m->point.cold_tail ?
		(int64_t)(cycle_counter_read(s->cycles) - start) : ticks;
}

/* Operations in the difference of a long and a short run. */
static inline double member_operations(const struct member *m)
{
	return (double)(m->longer - m->shorter) * PF_UNROLL;
}

/** sampler_rate() - count a point by what is to be said against its figures */
void sampler_rate(struct sampler *s, const struct sampled *out);

/**
 * sampler_count_group() - count the events of each point of a group
 * Return: 0; -ENOMEM.
 */
int sampler_count_group(struct sampler *s, struct group *g);

#endif
