// SPDX-License-Identifier: GPL-2.0
#include <math.h>

#include "measure/windows.h"

bool window_common(const struct stamps *threads, size_t nr, struct window *w)
{
	w->from = 0;
	w->to = UINT64_MAX;
	for (size_t i = 0; i < nr; i++) {
		const struct stamps *s = &threads[i];

		if (s->nr < 2)
			return false;
		if (s->at[0].ticks > w->from)
			w->from = s->at[0].ticks;
		if (s->at[s->nr - 1].ticks < w->to)
			w->to = s->at[s->nr - 1].ticks;
	}
	return nr && w->to > w->from;
}

/* Linear between two stamps. */
static struct window_share up_to(const struct stamps *s, uint64_t ticks)
{
	struct window_share d = { 0, 0 };

	for (size_t i = 1; i < s->nr && s->at[i - 1].ticks < ticks; i++) {
		const struct stamp *a = &s->at[i - 1], *b = &s->at[i];
		double part = b->ticks <= ticks ? 1 :
			(double)(ticks - a->ticks) / (b->ticks - a->ticks);

		d.operations += part * (b->operations - a->operations);
		d.cycles += part * (b->cycles - a->cycles);
	}
	return d;
}

struct window_share window_share(const struct stamps *s,
				 const struct window *w)
{
	struct window_share from = up_to(s, w->from), to = up_to(s, w->to);

	return (struct window_share){ to.operations - from.operations,
				      to.cycles - from.cycles };
}

double window_fairness(const double *rate, size_t nr)
{
	double sum = 0, squares = 0;

	for (size_t i = 0; i < nr; i++) {
		sum += rate[i];
		squares += rate[i] * rate[i];
	}
	return squares > 0 ? sum * sum / (nr * squares) : NAN;
}
