// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "census/diff.h"
#include "census/print.h"
#include "lib/text.h"

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

static const struct kind {
	enum census_by by;
	const char *title, *what;
} kinds[] = {
	{ CENSUS_BY_ACCESSOR, "accessors", "instances" },
	{ CENSUS_BY_FUNCTION, "look-ups by function", "look-ups" },
	{ CENSUS_BY_FILE, "look-ups by source file", "look-ups" },
};

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
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		print_kind(f, &d->table[kinds[i].by], &kinds[i], top);
	print_symbols(f, d, top);
	return ferror(f) ? -EIO : 0;
}
