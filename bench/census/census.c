// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "census/census.h"

#define UNKNOWN 0x80

/*
 * Names of all kernels from 2.6.22 on; include/linux/page-flags.h, mm.h,
 * page_ref.h, pagemap.h. A name has the bits of all that match.
 */
static const struct {
	const char *glob;
	unsigned int class;
} classes[] = {
	{ "compound_head", CENSUS_LOOKUP | CENSUS_ACCESSOR },
	{ "_compound_head", CENSUS_LOOKUP | CENSUS_ACCESSOR },
	{ "compound_head_by_tail", CENSUS_LOOKUP | CENSUS_ACCESSOR },
	{ "compound_head_fast", CENSUS_LOOKUP | CENSUS_ACCESSOR },
	{ "compound_trans_head", CENSUS_LOOKUP | CENSUS_ACCESSOR },
	{ "page_folio", CENSUS_LOOKUP | CENSUS_ACCESSOR },
	{ "page_fixed_fake_head", CENSUS_ACCESSOR },
	{ "page_is_fake_head", CENSUS_ACCESSOR },
	{ "Page[A-Z]*", CENSUS_ACCESSOR },
	{ "__Page[A-Z]*", CENSUS_ACCESSOR },
	{ "SetPage[A-Z]*", CENSUS_ACCESSOR },
	{ "__SetPage[A-Z]*", CENSUS_ACCESSOR },
	{ "ClearPage[A-Z]*", CENSUS_ACCESSOR },
	{ "__ClearPage[A-Z]*", CENSUS_ACCESSOR },
	{ "TestSetPage[A-Z]*", CENSUS_ACCESSOR },
	{ "TestClearPage[A-Z]*", CENSUS_ACCESSOR },
	{ "folio_test_*", CENSUS_ACCESSOR },
	{ "folio_set_*", CENSUS_ACCESSOR },
	{ "folio_clear_*", CENSUS_ACCESSOR },
	{ "folio_mark_uptodate", CENSUS_ACCESSOR },
	{ "folio_trylock", CENSUS_ACCESSOR },
	{ "folio_lock", CENSUS_ACCESSOR },
	{ "folio_unlock", CENSUS_ACCESSOR },
	{ "folio_get", CENSUS_ACCESSOR },
	{ "folio_put", CENSUS_ACCESSOR },
	{ "folio_try_get*", CENSUS_ACCESSOR },
	{ "__folio_set_*", CENSUS_ACCESSOR },
	{ "__folio_clear_*", CENSUS_ACCESSOR },
	{ "__folio_mark_uptodate", CENSUS_ACCESSOR },
	{ "get_page", CENSUS_ACCESSOR },
	{ "put_page", CENSUS_ACCESSOR },
	{ "try_get_page", CENSUS_ACCESSOR },
	{ "unpin_user_page", CENSUS_ACCESSOR },
	{ "page_count", CENSUS_ACCESSOR },
	{ "page_mapcount", CENSUS_ACCESSOR },
	{ "total_mapcount", CENSUS_ACCESSOR },
	{ "page_mapped", CENSUS_ACCESSOR },
	{ "page_mapping", CENSUS_ACCESSOR },
	{ "page_memcg", CENSUS_ACCESSOR },
	{ "page_is_file_lru", CENSUS_ACCESSOR },
	{ "page_is_young", CENSUS_ACCESSOR },
	{ "page_is_idle", CENSUS_ACCESSOR },
	{ "test_and_clear_page_young", CENSUS_ACCESSOR },
	{ "page_maybe_dma_pinned", CENSUS_ACCESSOR },
	{ "page_to_index", CENSUS_ACCESSOR },
	{ "page_to_pgoff", CENSUS_ACCESSOR },
	{ "mod_lruvec_page_state", CENSUS_ACCESSOR },
	{ "trylock_page", CENSUS_ACCESSOR },
	{ "lock_page", CENSUS_ACCESSOR },
	{ "unlock_page", CENSUS_ACCESSOR },
	{ "pfn_to_online_page", CENSUS_PFN },
	{ "pfn_to_page", CENSUS_PFN },
	{ "pfn_valid", CENSUS_PFN },
	{ "get_page_unless_zero", CENSUS_TRY_GET },
	{ "folio_try_get*", CENSUS_TRY_GET },
	{ "folio_ref_try_add*", CENSUS_TRY_GET },
	{ "try_get_page", CENSUS_TRY_GET },
	{ "try_get_folio", CENSUS_TRY_GET },
};

/* No flag accessors, although named like those that FOLIO_FLAG() and kin make. */
static const char *const others[] = {
	"__folio_clear_lru_flags", "__folio_set_anon",
	"__folio_set_owner_migrate_reason", "folio_clear_dirty_for_io",
	"folio_clear_hugetlb_hwpoison", "folio_clear_lru_refs", "folio_set_bh",
	"folio_set_compound_dtor", "folio_set_compound_order",
	"folio_set_count", "folio_set_hugetlb_cgroup",
	"folio_set_hugetlb_cgroup_rsvd", "folio_set_hugetlb_hwpoison",
	"folio_set_large_mapcount", "folio_set_mm_id", "folio_set_order",
	"folio_set_owner_migrate_reason", "folio_set_private_1",
	"folio_set_stable_node", "folio_set_swap_entry",
	"folio_set_zone_device_data", "folio_test_pmd_mappable",
};

static bool is_other(const char *name)
{
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (!strcmp(others[i], name))
			return true;
	return false;
}

static unsigned int class_of(const struct census *c, const char *name)
{
	size_t nr = is_other(name) ? 0 : sizeof(classes) / sizeof(*classes);
	unsigned int class = 0;

	for (size_t i = 0; i < nr; i++)
		if (!fnmatch(classes[i].glob, name, 0))
			class |= classes[i].class;
	for (const char *const *glob = c->extra; glob && *glob; glob++)
		if (!fnmatch(*glob, name, 0))
			class |= CENSUS_ACCESSOR;
	return class;
}

int census_class(struct census *c, uint32_t number)
{
	if (number >= c->nr_classes) {
		size_t room = c->strings.room;
		unsigned char *class = realloc(c->class, room);

		if (!class)
			return -ENOMEM;
		memset(class + c->nr_classes, UNKNOWN, room - c->nr_classes);
		c->class = class;
		c->nr_classes = room;
	}
	if (c->class[number] == UNKNOWN)
		c->class[number] = class_of(c, census_text(c, number));
	return c->class[number];
}

static int by_number(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static int by_site_down(const void *a, const void *b)
{
	const struct census_range *x = a, *y = b;

	return x->site > y->site ? -1 : x->site < y->site;
}

static size_t index_of(const uint64_t *edge, size_t nr, uint64_t address)
{
	const uint64_t *at = bsearch(&address, edge, nr, sizeof(*edge),
				     by_number);

	return at - edge;
}

/* The first piece from @i on that nobody has yet. */
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
	uint64_t *edge = calloc(2 * nr_ranges + 1, sizeof(*edge));
	size_t *next = calloc(2 * nr_ranges + 1, sizeof(*next));
	size_t i, k, to, edges = 0;

	if (!edge || !next) {
		free(edge);
		free(next);
		return -ENOMEM;
	}
	for (i = 0; i < nr_ranges; i++) {
		edge[2 * i] = range[i].start;
		edge[2 * i + 1] = range[i].end;
	}
	qsort(edge, 2 * nr_ranges, sizeof(*edge), by_number);
	for (i = 0; i < 2 * nr_ranges; i++)
		if (!i || edge[i] != edge[edges - 1])
			edge[edges++] = edge[i];
	for (i = 0; i < edges; i++)
		next[i] = i;
	/* an inner site has a higher number than those around it */
	qsort(range, nr_ranges, sizeof(*range), by_site_down);
	for (i = 0; i < nr_ranges; i++) {
		k = next_free(next, index_of(edge, edges, range[i].start));
		to = index_of(edge, edges, range[i].end);
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

void census_free(struct census *c)
{
	strtab_free(&c->strings);
	free(c->class);
	free(c->file);
	free(c->site);
	free(c->function);
	free(c->note);
	free(c->symbol);
	*c = (struct census){ 0 };
}
