// SPDX-License-Identifier: GPL-2.0
/* The figures of a point, from the windows of a crew. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/stats.h"
#include "measure/sampler_internal.h"
#include "measure/threads_internal.h"

/* A common window shorter than this share of a window says little. */
#define LEAST_COMMON 0.5

static void record_thread(struct crew *c, struct crew_member *m,
			  unsigned int i, size_t window,
			  const struct window *w, double *cycles)
{
	const struct crew_thread *t = &c->thread[i];
	const struct stamps s = { (struct stamp *)t->stamp, t->nr_stamps };
	struct window_share d = window_share(&s, w);
	double ticks = w->to - w->from;
	size_t at = i * c->windows + window;

	*cycles = c->cycles ? d.cycles : ticks / t->ticks_per_cycle;
	m->rate[at] = d.operations / ticks;
	m->cost[at] = d.operations > 0 ? *cycles / d.operations : NAN;
	m->kept[window] &= !t->switched;
	m->quiet[window] &= t->quiet;
}

void crew_record(struct crew *c, struct crew_member *m, size_t window)
{
	double rate[c->nr], cycles, sum = 0, all = 0;
	struct stamps stamps[c->nr];
	struct window w;
	unsigned int i, nr = m->first_alone ? 1 : c->nr;

	for (i = 0; i < c->nr; i++)
		stamps[i] = (struct stamps){ c->thread[i].stamp,
					     c->thread[i].nr_stamps };
	m->total[window] = m->all[window] = m->fairness[window] = NAN;
	m->kept[window] = window_common(stamps, c->nr, &w);
	for (i = 0; i < c->nr; i++)
		m->rate[i * c->windows + window] =
			m->cost[i * c->windows + window] = NAN;
	if (!m->kept[window])
		return;
	m->kept[window] = w.to - w.from > LEAST_COMMON * c->window_ticks;
	m->quiet[window] = true;
	for (i = 0; i < c->nr; i++) {
		record_thread(c, m, i, window, &w, &cycles);
		rate[i] = m->rate[i * c->windows + window];
		if (i < nr) {
			sum += rate[i];
			all += cycles;
		}
	}
	m->quiet[window] &= m->kept[window];
	m->total[window] = sum;
	m->all[window] = all / (sum * (w.to - w.from));
	m->fairness[window] = nr > 1 ? window_fairness(rate, nr) : NAN;
}

void crew_record_retries(struct crew *c, struct crew_member *m, size_t window)
{
	struct stamps stamps[c->nr];
	struct window_share d;
	struct window w;
	double operations = 0, retries = 0;
	bool kept;

	for (unsigned int i = 0; i < c->nr; i++)
		stamps[i] = (struct stamps){ c->thread[i].stamp,
					     c->thread[i].nr_stamps };
	kept = window_common(stamps, c->nr, &w) &&
		w.to - w.from > LEAST_COMMON * c->window_ticks;
	for (unsigned int i = 0; i < c->nr && kept; i++) {
		d = window_share(&stamps[i], &w);
		operations += d.operations;
		retries += d.cycles;
		kept = !c->thread[i].switched;
	}
	m->retries[window] = kept ? retries / operations : NAN;
}

/* Median and interval of the windows in @use, or of all, times @unit. */
static struct estimate of_windows(const struct crew *c, const bool *use,
				  const double *v, double unit,
				  double *scratch)
{
	for (size_t w = 0; w < c->done; w++)
		scratch[w] = !use || use[w] ? v[w] * unit : NAN;
	return stats_series(scratch, c->done, CONFIDENCE);
}

static void conclude_threads(const struct crew *c, const struct crew_member *m,
			     struct sampled *out, const bool *use)
{
	struct threaded *t = out->threaded;
	double per_second = 1e9 / c->session->sampler.ns_per_tick;

	t->total = of_windows(c, use, m->total, per_second, out->sample);
	t->retries = m->retries ?
		stats_series(m->retries, c->retry_windows, CONFIDENCE) :
		(struct estimate){ NAN, NAN, NAN };
	t->fairness = of_windows(c, use, m->fairness, 1, out->sample);
	for (unsigned int i = 0; i < c->nr; i++) {
		const double *rate = m->rate + i * c->windows;
		const double *cost = m->cost + i * c->windows;

		t->thread[i].cpu = c->thread[i].cpu.cpu;
		t->thread[i].rate = of_windows(c, use, rate, per_second,
					       out->sample);
		t->thread[i].cost = of_windows(c, use, cost, 1, out->sample);
	}
	/* last: the samples stay */
	out->cost = of_windows(c, use, m->all, 1, out->sample);
}

static size_t count_windows(const struct crew *c, const bool *use)
{
	size_t n = 0;

	for (size_t w = 0; w < c->done; w++)
		n += use[w];
	return n;
}

int crew_conclude(const struct crew *c, const struct crew_member *m,
		  struct sampled *out)
{
	const bool *use;
	struct threaded *t = calloc(1, sizeof(*t));

	out->threaded = t;
	out->sample = calloc(c->windows + 1, sizeof(*out->sample));
	if (t)
		t->thread = calloc(c->nr, sizeof(*t->thread));
	if (!t || !out->sample || !t->thread)
		return -ENOMEM;
	t->nr = c->nr;
	t->oversubscribed = c->oversubscribed;
	t->writer = m->first_alone && c->nr > 1 ? m->point[1].accessor :
						 PF_NR_ACCESSORS;
	out->rounds = c->done;
	out->rounds_quiet = count_windows(c, m->quiet);
	if (out->rounds_quiet >= SAMPLER_FEWEST_ROUNDS) {
		use = m->quiet;
	} else {
		/* a neighbour, or two threads of one core */
		out->rounds_quiet = count_windows(c, m->kept);
		use = out->rounds_quiet ? m->kept : NULL;
	}
	out->contended = !use || (c->nr == 1 && use != m->quiet);
	out->gross = NAN;
	conclude_threads(c, m, out, use);
	return 0;
}

void threaded_free(struct threaded *t)
{
	if (t)
		free(t->thread);
	free(t);
}
