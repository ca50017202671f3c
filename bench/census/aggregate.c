// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "census/aggregate.h"

const char *const census_by_name[CENSUS_NR_BY] = {
	[CENSUS_BY_ACCESSOR] = "accessor", [CENSUS_BY_CHAIN] = "chain",
	[CENSUS_BY_FUNCTION] = "function", [CENSUS_BY_FILE] = "file",
	[CENSUS_BY_LINE] = "line",
};

struct keyed {
	uint32_t key[3];
	uint32_t site;
};

/* Return: false if the site belongs in no row of that table. */
static bool row_key(const struct census *c, enum census_by by, uint32_t site,
		    struct keyed *k)
{
	const struct census_site *s = &c->site[site];
	const struct census_function *f = &c->function[s->function];

	*k = (struct keyed){ .site = site };
	switch (by) {
	case CENSUS_BY_ACCESSOR:
		k->key[0] = s->name;
		return true;
	case CENSUS_BY_CHAIN:
		k->key[0] = s->name;
		k->key[1] = s->chain;
		return s->lookup;
	case CENSUS_BY_FUNCTION:
		k->key[0] = f->name;
		k->key[1] = f->unit;
		return true;
	case CENSUS_BY_FILE:
		k->key[0] = f->unit;
		return true;
	case CENSUS_BY_LINE:
		k->key[0] = s->name;
		k->key[1] = s->call_file;
		k->key[2] = s->call_line;
		return !s->copy;
	case CENSUS_NR_BY:
		break;
	}
	return false;
}

static int compare_keyed(const void *a, const void *b)
{
	const struct keyed *x = a, *y = b;
	int c = memcmp(x->key, y->key, sizeof(x->key));

	return c ? c : x->site < y->site ? -1 : x->site > y->site;
}

static void sum_add_site(struct census_sum *sum, const struct census_site *s,
		bool outermost)
{
	sum->inlined += !s->copy;
	sum->empty += !s->copy && !s->address;
	sum->copies += s->copy;
	sum->own += s->own;
	if (outermost)
		sum->whole += s->whole;
	if (s->copy)
		sum->copy_bytes += s->whole;
	if (!s->lookup)
		return;
	sum->lookups++;
	sum->lookup_bytes += s->whole;
	if (s->hidden) {
		sum->hidden++;
		sum->hidden_bytes += s->whole;
	}
}

/* Is it inside another site of the same row? */
static bool is_inside_same_row(const struct census *c, enum census_by by,
			const struct keyed *k)
{
	struct keyed around;
	int32_t i;

	for (i = c->site[k->site].outer; i >= 0; i = c->site[i].outer)
		if (row_key(c, by, i, &around) &&
		    !memcmp(around.key, k->key, sizeof(k->key)))
			return true;
	return false;
}

static int compare_bytes(const struct census_row *x, const struct census_row *y)
{
	if (x->sum.lookup_bytes != y->sum.lookup_bytes)
		return x->sum.lookup_bytes > y->sum.lookup_bytes ? -1 : 1;
	if (x->sum.whole != y->sum.whole)
		return x->sum.whole > y->sum.whole ? -1 : 1;
	if (x->sum.inlined != y->sum.inlined)
		return x->sum.inlined > y->sum.inlined ? -1 : 1;
	return 0;
}

/* Rows with equal figures are in the order of their names. */
static int compare_weight(const void *a, const void *b, void *arg)
{
	const struct census *c = arg;
	const struct census_row *x = a, *y = b;
	int cmp = compare_bytes(x, y);

	for (int i = 0; !cmp && i < 2; i++)
		cmp = strcmp(census_text(c, x->key[i]),
			     census_text(c, y->key[i]));
	return cmp ? cmp : (x->key[2] > y->key[2]) - (x->key[2] < y->key[2]);
}

static int compare_whole(const void *a, const void *b, void *arg)
{
	const struct census_row *x = a, *y = b;

	if (x->sum.whole != y->sum.whole)
		return x->sum.whole > y->sum.whole ? -1 : 1;
	return compare_weight(a, b, arg);
}

int census_table(const struct census *c, enum census_by by,
		 struct census_table *t)
{
	struct keyed *k = calloc(c->nr_sites + 1, sizeof(*k));
	size_t i, nr = 0;

	*t = (struct census_table){
		.row = calloc(c->nr_sites + 1, sizeof(*t->row)),
	};
	if (!k || !t->row) {
		free(k);
		census_table_free(t);
		return -ENOMEM;
	}
	for (i = 0; i < c->nr_sites; i++)
		nr += row_key(c, by, i, &k[nr]);
	qsort(k, nr, sizeof(*k), compare_keyed);
	for (i = 0; i < nr; i++) {
		if (!i || memcmp(k[i - 1].key, k[i].key, sizeof(k->key)))
			memcpy(t->row[t->nr++].key, k[i].key, sizeof(k->key));
		sum_add_site(&t->row[t->nr - 1].sum, &c->site[k[i].site],
			     !is_inside_same_row(c, by, &k[i]));
	}
	free(k);
	/* accessors and lines by all bytes, the others by those of look-ups */
	qsort_r(t->row, t->nr, sizeof(*t->row),
		by == CENSUS_BY_ACCESSOR || by == CENSUS_BY_LINE ?
		compare_whole : compare_weight, (void *)c);
	return 0;
}

void census_table_free(struct census_table *t)
{
	free(t->row);
	*t = (struct census_table){ 0 };
}

static struct census_sum sum_sites(const struct census *c, size_t first,
				   size_t nr)
{
	struct census_sum sum = { 0 };

	for (size_t i = first; i < first + nr; i++)
		sum_add_site(&sum, &c->site[i], c->site[i].outer < 0);
	return sum;
}

struct census_sum census_total(const struct census *c)
{
	return sum_sites(c, 0, c->nr_sites);
}

struct census_sum census_file_total(const struct census *c, size_t file)
{
	return sum_sites(c, c->file[file].first, c->file[file].nr);
}
