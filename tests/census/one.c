// SPDX-License-Identifier: GPL-2.0
/* Counted by hand in counts.txt. */
#include "page.h"

struct page *written_out(struct page *page, struct page *other)
{
	page = compound_head(page);
	other = compound_head(other);
	return READ(page->flags) ? page : other;
}

int hidden(struct page *page)
{
	SetPageDirty(page);
	return PageLocked(page);
}

void hidden_deeper(struct page *page, struct page *other)
{
	release(page);
	put_page(other);
}

struct page *one_in_another(struct page *page)
{
	return compound_head_fast(page);
}

#define LOCKED_OR(page, what) \
	(PageLocked(page) || (READ((page)->flags) & (what)))

int in_a_macro(struct page *page)
{
	return LOCKED_OR(page, DIRTY);
}

/* the same, but of the look-up nobody but the preprocessor knows */
#define HEAD_OF(page) \
	((READ((page)->head) & 1) ? (struct page *)((page)->head - 1) : (page))

int written_in_a_macro(struct page *page)
{
	return folio_test_dirty(HEAD_OF(page));
}

/* it cannot be inlined through a pointer */
void address_taken(void)
{
	tester = folio_test_dirty;
}

/* out of line, as PageHuge() is */
int PageHuge(struct page *page)
{
	page = compound_head(page);
	return (READ(page->flags) >> 8) == 2;
}

int dead(struct page *page)
{
	if (sizeof(struct page) < 8)
		SetPageDirty(page);
	return PageTransCompound(page) ? PageLocked(page) : 1;
}

int cold(struct page *page)
{
	int ret = READ(page->references);

	if (__builtin_expect(ret < 0, 0)) {
		waited(page);
		put_page(page);
		waited(page);
	}
	if (folio_test_dirty(page))
		ret++;
	return ret;
}

static __attribute__((noinline)) void scan(struct page *page)
{
	SetPageDirty(page);
}

void scan_one(struct page *page)
{
	scan(page);
	scan(page + 1);
}
