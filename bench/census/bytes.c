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

/* Give the pieces between two edges to the innermost of the ranges. */
static void own_pieces(const uint64_t *edge, size_t edges, size_t *next,
		       struct census_range *range, size_t nr,
		       struct census_range *piece)
{
	size_t i, k, to;

	for (i = 0; i < edges; i++)
		next[i] = i;
	/* an inner site has a higher number than those around it */
	qsort(range, nr, sizeof(*range), compare_sites_descending);
	for (i = 0; i < nr; i++) {
		k = next_free(next, edge_index(edge, edges, range[i].start));
		to = edge_index(edge, edges, range[i].end);
		for (; k < to; k = next_free(next, k)) {
			piece[k] = (struct census_range){
				edge[k], edge[k + 1], range[i].site,
			};
			next[k] = k + 1;
		}
	}
}

int census_pieces(struct census_range *range, size_t nr,
		  struct census_range **pieces, size_t *nr_pieces)
{
	uint64_t *edge = calloc(2 * nr + 1, sizeof(*edge));
	size_t *next = calloc(2 * nr + 1, sizeof(*next));
	struct census_range *piece = calloc(2 * nr + 1, sizeof(*piece));
	size_t i, n = 0, edges = 0;

	*pieces = piece;
	*nr_pieces = 0;
	if (!edge || !next || !piece) {
		free(edge);
		free(next);
		free(piece);
		*pieces = NULL;
		return -ENOMEM;
	}
	for (i = 0; i < nr; i++) {
		edge[2 * i] = range[i].start;
		edge[2 * i + 1] = range[i].end;
	}
	qsort(edge, 2 * nr, sizeof(*edge), compare_addresses);
	for (i = 0; i < 2 * nr; i++)
		if (!i || edge[i] != edge[edges - 1])
			edge[edges++] = edge[i];
	own_pieces(edge, edges, next, range, nr, piece);
	/* close the gaps between pieces; join those of one site */
	for (i = 0; i < edges; i++) {
		if (piece[i].start == piece[i].end)
			continue;
		if (n && piece[n - 1].end == piece[i].start &&
		    piece[n - 1].site == piece[i].site)
			piece[n - 1].end = piece[i].end;
		else
			piece[n++] = piece[i];
	}
	*nr_pieces = n;
	free(edge);
	free(next);
	return 0;
}

int census_share(struct census_site *site, size_t first, size_t nr,
		 struct census_range *range, size_t nr_ranges)
{
	struct census_range *piece;
	size_t i, nr_pieces;

	if (!nr_ranges)
		return 0;	/* no site has code: every sum stays zero */
	if (census_pieces(range, nr_ranges, &piece, &nr_pieces))
		return -ENOMEM;
	for (i = 0; i < nr_pieces; i++)
		site[piece[i].site].own += piece[i].end - piece[i].start;
	free(piece);
	for (i = first + nr; i-- > first;) {
		site[i].whole += site[i].own;
		if (site[i].outer >= 0)
			site[site[i].outer].whole += site[i].whole;
	}
	return 0;
}
