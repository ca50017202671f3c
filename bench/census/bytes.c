// SPDX-License-Identifier: GPL-2.0
/* Share the bytes of a file between its sites. */
#include <errno.h>
#include <stdlib.h>

#include "census/census.h"

static int compare_addresses(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static int compare_sites_descending(const void *a, const void *b)
{
	const struct census_range *x = a, *y = b;

	return x->site > y->site ? -1 : x->site < y->site;
}

static size_t edge_index(const uint64_t *edge, size_t nr, uint64_t address)
{
	const uint64_t *at = bsearch(&address, edge, nr, sizeof(*edge),
				     compare_addresses);

	return at - edge;
}

/* The first piece from @i on that belongs to no site yet. */
static size_t next_free(size_t *next, size_t i)
{
	while (next[i] != i) {
		next[i] = next[next[i]];
		i = next[i];
	}
	return i;
}

int census_share(struct census_site *site, size_t first, size_t nr,
		 struct census_range *range, size_t nr_ranges)
{
	uint64_t *edge;
	size_t i, k, to, *next, edges = 0;

	if (!nr_ranges)
		return 0;	/* no site has code: every sum stays zero */
	edge = calloc(2 * nr_ranges, sizeof(*edge));
	next = calloc(2 * nr_ranges, sizeof(*next));
	if (!edge || !next) {
		free(edge);
		free(next);
		return -ENOMEM;
	}
	for (i = 0; i < nr_ranges; i++) {
		edge[2 * i] = range[i].start;
		edge[2 * i + 1] = range[i].end;
	}
	qsort(edge, 2 * nr_ranges, sizeof(*edge), compare_addresses);
	for (i = 0; i < 2 * nr_ranges; i++)
		if (!i || edge[i] != edge[edges - 1])
			edge[edges++] = edge[i];
	for (i = 0; i < edges; i++)
		next[i] = i;
	/* an inner site has a higher number than those around it */
	qsort(range, nr_ranges, sizeof(*range), compare_sites_descending);
	for (i = 0; i < nr_ranges; i++) {
		k = next_free(next, edge_index(edge, edges, range[i].start));
		to = edge_index(edge, edges, range[i].end);
		for (; k < to; k = next_free(next, k)) {
			site[range[i].site].own += edge[k + 1] - edge[k];
			next[k] = k + 1;
		}
	}
	free(edge);
	free(next);
	for (i = first + nr; i-- > first;) {
		site[i].whole += site[i].own;
		if (site[i].outer >= 0)
			site[site[i].outer].whole += site[i].whole;
	}
	return 0;
}
