// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "census/diff.h"

/* A census with the directory above its source tree. */
struct tree {
	const struct census *c;
	const char *above;	/* the first @len bytes, up to a '/' */
	size_t len;		/* 0: no unit has an absolute name */
};

static const enum census_by compared[] = {
	CENSUS_BY_ACCESSOR, CENSUS_BY_FUNCTION, CENSUS_BY_FILE,
};

/* Find a row or add one of zeros. Return: NULL if there is no memory. */
static struct census_change *find_change(struct census_changes *all,
				       const char *key, size_t name)
{
	size_t before = all->key.nr;
	int n = strtab_add(&all->key, key);
	struct census_change *c;

	if (n < 0)
		return NULL;
	if (all->key.nr > before) {
		c = reallocarray(all->c, all->key.room, sizeof(*c));
		if (!c)
			return NULL;
		all->c = c;
		memset(c + before, 0, (all->key.nr - before) * sizeof(*c));
		c[n].unit = name ? all->key.text[n] : "";
		c[n].name = all->key.text[n] + name;
		all->nr = all->key.nr;
	}
	return &all->c[n];
}

static void changes_free(struct census_changes *all)
{
	strtab_free(&all->key);
	free(all->c);
	*all = (struct census_changes){ 0 };
}

/* "mm/swap.c", for any directory of the tree */
static const char *in_tree(const struct tree *t, const char *unit)
{
	if (*unit == '/')
		return unit + t->len;
	while (!strncmp(unit, "../", 3))
		unit += 3;
	return unit;
}

static void tree_go_up(struct tree *t)
{
	do
		t->len--;
	while (t->len && t->above[t->len - 1] != '/');
}

/* The tree below the directory that all absolute names have in common. */
static struct tree smallest_tree(const struct census *c)
{
	struct tree t = { .c = c };

	for (size_t i = 0; i < c->nr_functions; i++) {
		const char *unit = census_text(c, c->function[i].unit);

		if (*unit != '/')
			continue;
		if (!t.above) {
			t.above = unit;
			t.len = strlen(unit);
			tree_go_up(&t);
		}
		while (strncmp(unit, t.above, t.len))
			tree_go_up(&t);
	}
	return t;
}

/* Return: the number of different units in both trees, or -1. */
static int count_units(const struct tree tree[2])
{
	struct strtab units = { 0 };
	int ret = 0;

	for (int i = 0; i < 2; i++) {
		const struct census *c = tree[i].c;

		for (size_t k = 0; ret >= 0 && k < c->nr_functions; k++)
			ret = strtab_add(&units, in_tree(&tree[i],
				census_text(c, c->function[k].unit)));
	}
	if (ret >= 0)
		ret = units.nr;
	strtab_free(&units);
	return ret;
}

/*
 * Choose the top directories so that most units of one tree are in the other:
 * the only unit may be mm/swap.c in one and /home/me/linux/mm/swap.c in the
 * other. Going up in both trees changes nothing, so one stays the smallest.
 */
static int match_trees(const struct census *old, const struct census *new,
		       struct tree tree[2])
{
	const struct tree small[2] = {
		smallest_tree(old), smallest_tree(new),
	};
	int least = count_units(small), n;

	memcpy(tree, small, sizeof(small));
	for (int i = 0; i < 2; i++) {
		struct tree at[2] = { small[0], small[1] };

		while (at[i].len && least >= 0) {
			tree_go_up(&at[i]);
			n = count_units(at);
			if (n < least) {
				least = n;
				memcpy(tree, at, sizeof(at));
			}
		}
	}
	return least < 0 ? -ENOMEM : 0;
}

static void sum_add(struct census_sum *to, const struct census_sum *s)
{
	to->inlined += s->inlined;
	to->empty += s->empty;
	to->copies += s->copies;
	to->lookups += s->lookups;
	to->hidden += s->hidden;
	to->own += s->own;
	to->whole += s->whole;
	to->copy_bytes += s->copy_bytes;
	to->lookup_bytes += s->lookup_bytes;
	to->hidden_bytes += s->hidden_bytes;
}

/* The two figures of a row in the text. */
static void add_figures(int64_t figure[2], enum census_by by,
			const struct census_sum *s)
{
	if (by == CENSUS_BY_ACCESSOR) {
		figure[0] += s->inlined + s->copies;
		figure[1] += s->whole;
	} else {
		figure[0] += s->lookups;
		figure[1] += s->lookup_bytes;
	}
}

/* Functions of one name in two units are two rows. */
static int add_rows(struct census_changes *all, const struct tree *tree,
		     enum census_by by, bool new)
{
	const struct census *c = tree->c;
	struct census_table t;
	struct census_change *change;
	const char *one;
	char key[1024];
	size_t i, unit;

	if (census_table(c, by, &t))
		return -ENOMEM;
	for (i = 0; i < t.nr; i++) {
		const struct census_row *r = &t.row[i];

		one = census_text(c, r->key[0]);
		unit = snprintf(key, sizeof(key) / 2, "%s\t",
				in_tree(tree, census_text(c, r->key[1])));
		snprintf(key + unit, sizeof(key) - unit, "%s",
			 by == CENSUS_BY_FILE ? in_tree(tree, one) : one);
		change = find_change(all, key, unit);
		if (!change)
			break;
		sum_add(&change->sum[new], &r->sum);
		add_figures(new ? change->new : change->old, by, &r->sum);
	}
	census_table_free(&t);
	return i < t.nr ? -ENOMEM : 0;
}

static int add_symbols(struct census_changes *all, const struct census *c,
		       bool new)
{
	for (size_t i = 0; i < c->nr_symbols; i++) {
		struct census_change *change = find_change(all,
				census_text(c, c->symbol[i].name), 0);

		if (!change)
			return -ENOMEM;
		(new ? change->new : change->old)[0] += 1;
		(new ? change->new : change->old)[1] += c->symbol[i].size;
	}
	return 0;
}

static int compare_names(const void *a, const void *b)
{
	const struct census_change *x = a, *y = b;

	return strcmp(x->name, y->name);
}

/* Changes the order. */
static void mark_twice(struct census_changes *all)
{
	struct census_change *c = all->c;

	qsort(c, all->nr, sizeof(*c), compare_names);
	for (size_t i = 1; i < all->nr; i++)
		if (!compare_names(&c[i - 1], &c[i]))
			c[i - 1].twice = c[i].twice = true;
}

/* Largest growth first, as in bloat-o-meter. */
static int compare_growth(const void *a, const void *b)
{
	const struct census_change *x = a, *y = b;

	for (int i = 1; i >= 0; i--) {
		int64_t dx = x->new[i] - x->old[i], dy = y->new[i] - y->old[i];

		if (dx != dy)
			return dx > dy ? -1 : 1;
	}
	return compare_names(x, y) ?: strcmp(x->unit, y->unit);
}

/* Sort after the last find_change(): keys are cut after the unit here. */
static void sort_changes(struct census_changes *all)
{
	if (!all->nr)
		return;
	for (size_t i = 0; i < all->nr; i++)
		all->key.text[i][strcspn(all->key.text[i], "\t")] = '\0';
	/* number 0 is "", the name of no row */
	all->c[0] = all->c[--all->nr];
	mark_twice(all);
	qsort(all->c, all->nr, sizeof(*all->c), compare_growth);
}

static int diff_table(struct census_changes *all, const struct tree tree[2],
		      enum census_by by)
{
	int err = add_rows(all, &tree[0], by, false);

	if (!err)
		err = add_rows(all, &tree[1], by, true);
	if (!err)
		sort_changes(all);
	return err;
}

/* A symbol in more or fewer pieces of the same size has not changed. */
static void ignore_pieces(struct census_changes *all)
{
	for (size_t i = 0; i < all->nr; i++) {
		struct census_change *c = &all->c[i];

		if (c->old[0] && c->new[0])
			c->old[0] = c->new[0] = 1;
	}
}

static int diff_symbols(struct census_changes *all, const struct census *old,
			const struct census *new)
{
	int err = add_symbols(all, old, false);

	if (!err)
		err = add_symbols(all, new, true);
	if (!err) {
		ignore_pieces(all);
		sort_changes(all);
	}
	return err;
}

static void sum_bloat(struct census_bloat *b,
		      const struct census_changes *symbols)
{
	for (size_t i = 0; i < symbols->nr; i++) {
		const struct census_change *c = &symbols->c[i];
		int64_t d = c->new[1] - c->old[1];

		b->add += !c->old[0] && c->new[0];
		b->remove += c->old[0] && !c->new[0];
		b->grow += c->old[0] && c->new[0] && d > 0;
		b->shrink += c->old[0] && c->new[0] && d < 0;
		*(d > 0 ? &b->up : &b->down) += d;
		b->nr[0] += !!c->old[0];
		b->nr[1] += !!c->new[0];
		b->bytes[0] += c->old[1];
		b->bytes[1] += c->new[1];
	}
}

int census_diff(struct census_diff *d, const struct census *old,
		const struct census *new, struct errmsg *msg)
{
	const struct census_file *a = old->file, *b = new->file;
	struct tree tree[2];
	int err;

	*d = (struct census_diff){ .of = { old, new } };
	if (a->machine != b->machine || a->elf_class != b->elf_class ||
	    a->data != b->data)
		return errmsg_set(msg, -EINVAL,
			       "%s is for %s, %s for %s: a diff covers one architecture",
			       a->path, a->arch, b->path,
			       strcmp(a->arch, b->arch) ? b->arch :
			       "another size or byte order of it");
	err = match_trees(old, new, tree);
	for (size_t i = 0; !err && i < sizeof(compared) / sizeof(*compared);
	     i++)
		err = diff_table(&d->table[compared[i]], tree, compared[i]);
	if (!err)
		err = diff_symbols(&d->symbols, old, new);
	if (err) {
		census_diff_free(d);
		return errmsg_set(msg, err, "out of memory");
	}
	sum_bloat(&d->bloat, &d->symbols);
	return 0;
}

void census_diff_free(struct census_diff *d)
{
	for (int by = 0; by < CENSUS_NR_BY; by++)
		changes_free(&d->table[by]);
	changes_free(&d->symbols);
}
