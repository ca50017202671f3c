// SPDX-License-Identifier: GPL-2.0
/* Events per operation, by the counters of the CPU. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "measure/sampler_internal.h"

#define COUNTER_ROUNDS 9

/* One run of @iterations under the counters of one pass. */
static int count_events(struct sampler *s, struct member *m, unsigned int pass,
			unsigned long iterations, uint64_t *value)
{
	int ret = counters_start(s->counters, pass);

	if (ret)
		return ret;
	member_run(s, m, iterations);
	return counters_stop(s->counters, pass, value);
}

/* Gross events per operation, by counter and round; NaN: not counted. */
static void count_member(struct sampler *s, struct member *m, double **per_op)
{
	size_t nr = counters_nr(s->counters);
	uint64_t shorter[nr], longer[nr];
	int ret;

	for (unsigned int pass = 0; pass < counters_passes(s->counters);
	     pass++) {
		for (int r = 0; r < COUNTER_ROUNDS; r++) {
			if (m->warm)
				member_run(s, m, m->warm);
			ret = count_events(s, m, pass, m->shorter, shorter);
			if (!ret)
				ret = count_events(s, m, pass, m->longer,
						   longer);
			for (size_t i = 0; i < nr; i++) {
				if (counters_get(s->counters, i)->pass != pass)
					continue;
				per_op[i][r] = ret ? NAN :
					((double)longer[i] - shorter[i]) /
					member_operations(m);
			}
		}
	}
}

/* Net events of one counter. */
static struct counted net_events(const double *gross, const double *empty)
{
	double net[COUNTER_ROUNDS];
	struct counted c;

	for (int r = 0; r < COUNTER_ROUNDS; r++)
		net[r] = gross[r] - empty[r];
	c.per_op = stats_estimate(net, COUNTER_ROUNDS, CONFIDENCE);
	c.available = c.per_op.n > 0;
	return c;
}

int sampler_count_group(struct sampler *s, struct group *g)
{
	size_t nr = counters_nr(s->counters), i, m;
	double *empty[nr], *gross[nr];
	double *space = calloc(2 * nr * COUNTER_ROUNDS, sizeof(*space));

	if (!space)
		return -ENOMEM;
	for (i = 0; i < nr; i++) {
		empty[i] = space + 2 * i * COUNTER_ROUNDS;
		gross[i] = empty[i] + COUNTER_ROUNDS;
	}
	count_member(s, &g->member[g->nr - 1], empty);
	for (m = 0; m + 1 < g->nr; m++) {
		struct sampled *out = g->member[m].sampled;

		out->counted = calloc(nr, sizeof(*out->counted));
		if (!out->counted)
			break;
		count_member(s, &g->member[m], gross);
		for (i = 0; i < nr; i++)
			if (counters_get(s->counters, i)->available)
				out->counted[i] = net_events(gross[i],
							     empty[i]);
	}
	free(space);
	return m + 1 < g->nr ? -ENOMEM : 0;
}
