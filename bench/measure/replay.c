// SPDX-License-Identifier: GPL-2.0
#include "measure/replay.h"

static enum sequence_kind page_kind(unsigned long i, unsigned int order)
{
	if (pf_is_tail_index(i, PF_MIXED, order))
		return SEQUENCE_TAIL;
	return pf_is_compound_block(i, PF_MIXED, order) ? SEQUENCE_HEAD :
		SEQUENCE_SMALL;
}

unsigned long replay_visits(struct pf_page *map, unsigned long nr,
			    unsigned int order, const struct sequence *s,
			    struct pf_page **visit)
{
	unsigned long at[SEQUENCE_NR_KINDS] = { 0 };

	for (size_t i = 0; i < s->nr; i++) {
		enum sequence_kind kind = s->kind[i];

		while (page_kind(at[kind], order) != kind)
			at[kind] = (at[kind] + 1) % nr;
		visit[i] = map + at[kind];
		at[kind] = (at[kind] + 1) % nr;
	}
	return s->nr;
}
