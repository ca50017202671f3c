// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "census/diff.h"
#include "census/print.h"
#include "report/format.h"

/* A census, and the directory that its tree is in. */
struct tree {
	const struct census *c;
	const char *above;	/* of this @len bytes, up to a '/' */
	size_t len;		/* 0: no unit's name is absolute */
};

/* What a table is of; which figures of a sum it shows. */
struct kind {
	enum census_by by;
	const char *title, *what;
	size_t (*count)(const struct census_sum *s);
	uint64_t (*bytes)(const struct census_sum *s);
};

static size_t instances(const struct census_sum *s)
{
	return s->inlined + s->copies;
}

static uint64_t whole(const struct census_sum *s)
{
	return s->whole;
}

static size_t lookups(const struct census_sum *s)
{
	return s->lookups;
}

static uint64_t lookup_bytes(const struct census_sum *s)
{
	return s->lookup_bytes;
}

static const struct kind kinds[] = {
	{ CENSUS_BY_ACCESSOR, "accessors", "instances", instances, whole },
	{ CENSUS_BY_FUNCTION, "look-ups by function", "look-ups", lookups,
	  lookup_bytes },
	{ CENSUS_BY_FILE, "look-ups by source file", "look-ups", lookups,
	  lookup_bytes },
};

#define NR_KINDS (sizeof(kinds) / sizeof(*kinds))

/* Return: its figures, all 0 at first; NULL: out of memory. */
static struct census_change *change_of(struct census_changes *all,
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

/* "mm/swap.c", wherever the tree is that was built */
static const char *in_tree(const struct tree *t, const char *unit)
{
	if (*unit == '/')
		return unit + t->len;
	while (!strncmp(unit, "../", 3))
		unit += 3;
	return unit;
}

static void go_up(struct tree *t)
{
	do
		t->len--;
	while (t->len && t->above[t->len - 1] != '/');
}

/* Above it is all that the absolute names have in common. */
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
			go_up(&t);
		}
		while (strncmp(unit, t.above, t.len))
			go_up(&t);
	}
	return t;
}

/* Names of units in both together, or -1. */
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
 * Where do the two trees begin, if most units of one are to be in the other? An
 * object's only unit may be mm/swap.c in one and /home/me/linux/mm/swap.c in
 * the other. A directory more above both makes no difference, so that one of
 * them is the smallest.
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
			go_up(&at[i]);
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

/* Functions of one name in two units are two. */
static int add_table(struct census_changes *all, const struct tree *tree,
		     const struct kind *kind, bool new)
{
	const struct census *c = tree->c;
	struct census_table t;
	struct census_change *change;
	const char *one;
	char key[1024];
	size_t i, unit;

	if (census_table(c, kind->by, &t))
		return -ENOMEM;
	for (i = 0; i < t.nr; i++) {
		const struct census_row *r = &t.row[i];

		one = census_text(c, r->key[0]);
		unit = snprintf(key, sizeof(key) / 2, "%s\t",
				in_tree(tree, census_text(c, r->key[1])));
		snprintf(key + unit, sizeof(key) - unit, "%s",
			 kind->by == CENSUS_BY_FILE ? in_tree(tree, one) : one);
		change = change_of(all, key, unit);
		if (!change)
			break;
		sum_add(&change->sum[new], &r->sum);
		(new ? change->new : change->old)[0] += kind->count(&r->sum);
		(new ? change->new : change->old)[1] += kind->bytes(&r->sum);
	}
	census_table_free(&t);
	return i < t.nr ? -ENOMEM : 0;
}

static int add_symbols(struct census_changes *all, const struct census *c,
		       bool new)
{
	for (size_t i = 0; i < c->nr_symbols; i++) {
		struct census_change *change = change_of(all,
				census_text(c, c->symbol[i].name), 0);

		if (!change)
			return -ENOMEM;
		(new ? change->new : change->old)[0] += 1;
		(new ? change->new : change->old)[1] += c->symbol[i].size;
	}
	return 0;
}

static int by_name(const void *a, const void *b)
{
	const struct census_change *x = a, *y = b;

	return strcmp(x->name, y->name);
}

/* Orders them anew. */
static void mark_twice(struct census_changes *all)
{
	struct census_change *c = all->c;

	qsort(c, all->nr, sizeof(*c), by_name);
	for (size_t i = 1; i < all->nr; i++)
		if (!by_name(&c[i - 1], &c[i]))
			c[i - 1].twice = c[i].twice = true;
}

/* What grew most first, as bloat-o-meter has it. */
static int by_growth(const void *a, const void *b)
{
	const struct census_change *x = a, *y = b;

	for (int i = 1; i >= 0; i--) {
		int64_t dx = x->new[i] - x->old[i], dy = y->new[i] - y->old[i];

		if (dx != dy)
			return dx > dy ? -1 : 1;
	}
	return by_name(x, y) ?: strcmp(x->unit, y->unit);
}

/* Nothing is looked up any more: a key may end where its unit does. */
static void finish(struct census_changes *all)
{
	if (!all->nr)
		return;
	for (size_t i = 0; i < all->nr; i++)
		all->key.text[i][strcspn(all->key.text[i], "\t")] = '\0';
	/* number 0 is "", which no name is */
	all->c[0] = all->c[--all->nr];
	mark_twice(all);
	qsort(all->c, all->nr, sizeof(*all->c), by_growth);
}

static int diff_table(struct census_changes *all, const struct tree tree[2],
		      const struct kind *kind)
{
	int err = add_table(all, &tree[0], kind, false);

	if (!err)
		err = add_table(all, &tree[1], kind, true);
	if (!err)
		finish(all);
	return err;
}

/* A symbol that only has more or fewer pieces has not changed in size. */
static void forget_pieces(struct census_changes *all)
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
		forget_pieces(all);
		finish(all);
	}
	return err;
}

static void sum_up(struct census_bloat *b, const struct census_changes *symbols)
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
			       "%s is for %s, %s for %s: a diff is of one architecture",
			       a->path, a->arch, b->path,
			       strcmp(a->arch, b->arch) ? b->arch :
			       "another size or byte order of it");
	err = match_trees(old, new, tree);
	for (size_t i = 0; !err && i < NR_KINDS; i++)
		err = diff_table(&d->table[kinds[i].by], tree, &kinds[i]);
	if (!err)
		err = diff_symbols(&d->symbols, old, new);
	if (err) {
		census_diff_free(d);
		return errmsg_set(msg, err, "out of memory");
	}
	sum_up(&d->bloat, &d->symbols);
	return 0;
}

void census_diff_free(struct census_diff *d)
{
	for (int by = 0; by < CENSUS_NR_BY; by++)
		changes_free(&d->table[by]);
	changes_free(&d->symbols);
}

static void print_signed(char *to, size_t size, int64_t old, int64_t new)
{
	snprintf(to, size, old == new ? "-" : "%+" PRId64, new - old);
}

static void print_change(FILE *f, const struct census_change *c)
{
	char count[24], bytes[24], name[1024];

	snprintf(name, sizeof(name), "%s", c->name);
	if (c->twice)
		snprintf(name, sizeof(name), "%s  %s", c->name, c->unit);
	print_signed(count, sizeof(count), c->old[0], c->new[0]);
	print_signed(bytes, sizeof(bytes), c->old[1], c->new[1]);
	text_line(f, "%-26s %5" PRId64 " %5" PRId64 " %6s %8" PRId64
		  " %8" PRId64 " %8s", census_column(f, name, 26), c->old[0],
		  c->new[0], count, c->old[1], c->new[1], bytes);
}

static bool changed(const struct census_change *c)
{
	return c->old[0] != c->new[0] || c->old[1] != c->new[1];
}

/*
 * So many of the most changed, up and down: those in the middle of the list,
 * which is in order of growth, are left out.
 */
static void print_most(FILE *f, const struct census_changes *all, size_t top,
		       void (*print)(FILE *f, const struct census_change *c))
{
	size_t nr = 0, i, k = 0;

	for (i = 0; i < all->nr; i++)
		nr += changed(&all->c[i]);
	for (i = 0; i < all->nr; i++) {
		if (!changed(&all->c[i]))
			continue;
		if (!top || k < (top + 1) / 2 || nr - k <= top / 2)
			print(f, &all->c[i]);
		else if (k == (top + 1) / 2)
			text_line(f, "...  %zu more (--top=0 shows all)",
				  nr - top);
		k++;
	}
}

static void print_kind(FILE *f, const struct census_changes *all,
		       const struct kind *kind, size_t top)
{
	bool any = false;

	for (size_t i = 0; i < all->nr; i++)
		any |= changed(&all->c[i]);
	fputc('\n', f);
	text_line(f, "%-26s %18s %26s", kind->title, kind->what, "bytes");
	if (any)
		text_line(f, "%-26s %5s %5s %6s %8s %8s %8s", "", "old", "new",
			  "delta", "old", "new", "delta");
	else
		text_line(f, "  none changed");
	print_most(f, all, top, print_change);
}

static void print_symbol(FILE *f, const struct census_change *c)
{
	char old[24] = "-", new[24] = "-";

	if (c->old[0])
		snprintf(old, sizeof(old), "%" PRId64, c->old[1]);
	if (c->new[0])
		snprintf(new, sizeof(new), "%" PRId64, c->new[1]);
	text_line(f, "%-44s %7s %7s %+7" PRId64, census_column(f, c->name, 44),
		  old, new, c->new[1] - c->old[1]);
}

static void print_symbols(FILE *f, const struct census_diff *d, size_t top)
{
	const struct census_bloat *b = &d->bloat;
	uint64_t old = d->of[0]->file[0].text, new = d->of[1]->file[0].text;
	char text[160];

	fputc('\n', f);
	snprintf(text, sizeof(text), "add/remove: %zu/%zu grow/shrink: %zu/%zu up/down: %" PRId64
		 "/%" PRId64 " (%" PRId64 ")", b->add, b->remove, b->grow,
		 b->shrink, b->up, b->down, b->up + b->down);
	text_wrapped(f, text, 4);
	text_line(f, "%-44s %7s %7s %7s", "Function", "old", "new", "delta");
	print_most(f, &d->symbols, top, print_symbol);
	text_line(f, "Text sections: Before=%" PRIu64 ", After=%" PRIu64
		  ", chg %+.2f%%", old, new,
		  old ? 100.0 * ((double)new - old) / old : 0);
}

static void print_totals(FILE *f, const struct census *old,
			 const struct census *new)
{
	const struct census_sum a = census_total(old), b = census_total(new);
	const struct census_change c[] = {
		{ .name = "look-ups", .old = { a.lookups, a.lookup_bytes },
		  .new = { b.lookups, b.lookup_bytes } },
		{ .name = "  of them hidden",
		  .old = { a.hidden, a.hidden_bytes },
		  .new = { b.hidden, b.hidden_bytes } },
		{ .name = "accessors, all",
		  .old = { a.inlined + a.copies, a.own },
		  .new = { b.inlined + b.copies, b.own } },
	};

	fputc('\n', f);
	text_line(f, "%-26s %18s %26s", "in all", "instances", "bytes");
	text_line(f, "%-26s %5s %5s %6s %8s %8s %8s", "", "old", "new",
		  "delta", "old", "new", "delta");
	for (size_t i = 0; i < sizeof(c) / sizeof(*c); i++)
		print_change(f, &c[i]);
}

int census_print_diff(FILE *f, const struct census_diff *d, size_t top)
{
	text_line(f, "Old:");
	census_print_file(f, d->of[0], d->of[0]->file);
	text_line(f, "New:");
	census_print_file(f, d->of[1], d->of[1]->file);
	print_totals(f, d->of[0], d->of[1]);
	for (size_t i = 0; i < NR_KINDS; i++)
		print_kind(f, &d->table[kinds[i].by], &kinds[i], top);
	print_symbols(f, d, top);
	return ferror(f) ? -EIO : 0;
}
