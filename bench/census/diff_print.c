// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "census/diff.h"
#include "census/print.h"
#include "lib/table.h"
#include "lib/text.h"

#define CHANGE_WIDTH 26	/* of the names */
#define SYMBOL_WIDTH 44

/* "old new delta" of counts and of bytes */
static void open_change_table(struct table *t)
{
	static const int width[] = { CHANGE_WIDTH, 5, 5, 6, 8, 8, 8 };

	table_open(t, 7);
	for (size_t i = 0; i < 7; i++)
		table_column(t, i, i ? TABLE_RIGHT : TABLE_LEFT, !!i, width[i],
			     true);
	table_row(t);
	for (size_t i = 1; i < 7; i++)
		table_cell(t, i, "%s", i % 3 == 1 ? "old" :
			   i % 3 == 2 ? "new" : "delta");
}

static void add_change(struct table *t, const struct census_change *c)
{
	census_name_row(t, CHANGE_WIDTH, "%s%s%s", c->name,
			c->twice ? "  " : "", c->twice ? c->unit : "");
	for (int i = 0; i < 2; i++) {
		table_cell(t, 3 * i + 1, "%" PRId64, c->old[i]);
		table_cell(t, 3 * i + 2, "%" PRId64, c->new[i]);
		table_cell(t, 3 * i + 3, c->old[i] == c->new[i] ? "-" :
			   "%+" PRId64, c->new[i] - c->old[i]);
	}
}

static bool changed(const struct census_change *c)
{
	return c->old[0] != c->new[0] || c->old[1] != c->new[1];
}

/*
 * Add  changed rows; the rest, in the middle of the list, is left out: the
 * list is in the order of growth.
 */
static void add_most(struct table *t, const struct census_changes *all,
		     size_t top, void (*add)(struct table *t,
					     const struct census_change *c))
{
	size_t nr = 0, i, k = 0;

	for (i = 0; i < all->nr; i++)
		nr += changed(&all->c[i]);
	for (i = 0; i < all->nr; i++) {
		if (!changed(&all->c[i]))
			continue;
		if (!top || k < (top + 1) / 2 || nr - k <= top / 2) {
			add(t, &all->c[i]);
		} else if (k == (top + 1) / 2) {
			table_row(t);
			table_cell(t, 0, "...  %zu more (--top=0 shows all)",
				   nr - top);
		}
		k++;
	}
}

static const struct kind {
	enum census_by by;
	const char *title, *what;
} kinds[] = {
	{ CENSUS_BY_ACCESSOR, "accessors", "instances" },
	{ CENSUS_BY_FUNCTION, "look-ups by function", "look-ups" },
	{ CENSUS_BY_FILE, "look-ups by source file", "look-ups" },
};

static int print_changes(FILE *f, const struct kind *kind,
			 const struct census_changes *all, size_t top)
{
	bool any = false;
	struct table t;
	int err = 0;

	for (size_t i = 0; i < all->nr; i++)
		any |= changed(&all->c[i]);
	fputc('\n', f);
	text_line(f, "%-26s %18s %26s", kind->title, kind->what, "bytes");
	if (!any) {
		text_line(f, "  none changed");
		return 0;
	}
	open_change_table(&t);
	add_most(&t, all, top, add_change);
	err = table_print(&t, f, 1, 7);
	table_close(&t);
	return err;
}

static void add_symbol(struct table *t, const struct census_change *c)
{
	census_name_row(t, SYMBOL_WIDTH, "%s", c->name);
	table_cell(t, 1, c->old[0] ? "%" PRId64 : "-", c->old[1]);
	table_cell(t, 2, c->new[0] ? "%" PRId64 : "-", c->new[1]);
	table_cell(t, 3, "%+" PRId64, c->new[1] - c->old[1]);
}

static int print_symbols(FILE *f, const struct census_diff *d, size_t top)
{
	static const char *const headings[] = {
		"Function", "old", "new", "delta",
	};
	const struct census_bloat *b = &d->bloat;
	uint64_t old = d->of[0]->file[0].text, new = d->of[1]->file[0].text;
	char text[160];
	struct table t;
	int err;

	snprintf(text, sizeof(text), "add/remove: %zu/%zu grow/shrink: %zu/%zu up/down: %" PRId64
		 "/%" PRId64 " (%" PRId64 ")", b->add, b->remove, b->grow,
		 b->shrink, b->up, b->down, b->up + b->down);
	fputc('\n', f);
	text_wrapped(f, text, 4);
	table_open(&t, 4);
	table_row(&t);
	for (size_t i = 0; i < 4; i++) {
		table_column(&t, i, i ? TABLE_RIGHT : TABLE_LEFT, !!i,
			     i ? 7 : SYMBOL_WIDTH, true);
		table_cell(&t, i, "%s", headings[i]);
	}
	add_most(&t, &d->symbols, top, add_symbol);
	err = table_print(&t, f, 1, 4);
	table_close(&t);
	text_line(f, "Text sections: Before=%" PRIu64 ", After=%" PRIu64
		  ", chg %+.2f%%", old, new,
		  old ? 100.0 * ((double)new - old) / old : 0);
	return err;
}

static int print_diff_totals(FILE *f, const struct census *old,
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

	struct table t;
	int err;

	open_change_table(&t);
	for (size_t i = 0; i < sizeof(c) / sizeof(*c); i++)
		add_change(&t, &c[i]);
	fputc('\n', f);
	text_line(f, "%-26s %18s %26s", "in all", "instances", "bytes");
	err = table_print(&t, f, 1, 7);
	table_close(&t);
	return err;
}

int census_print_diff(FILE *f, const struct census_diff *d, size_t top)
{
	int err;

	text_line(f, "Old:");
	census_print_file(f, d->of[0], d->of[0]->file);
	text_line(f, "New:");
	census_print_file(f, d->of[1], d->of[1]->file);
	err = print_diff_totals(f, d->of[0], d->of[1]);
	for (size_t i = 0; !err && i < sizeof(kinds) / sizeof(*kinds); i++)
		err = print_changes(f, &kinds[i], &d->table[kinds[i].by], top);
	if (!err)
		err = print_symbols(f, d, top);
	return err ? err : ferror(f) ? -EIO : 0;
}
