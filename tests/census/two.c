// SPDX-License-Identifier: GPL-2.0
/* Another unit, with a static function of the same name. */
#include "page.h"

int (*tester)(const struct page *page);

static __attribute__((noinline)) int scan(struct page *page)
{
	return PageLocked(page) + PageLocked(page + 1);
}

int scan_two(struct page *page)
{
	return scan(page) + scan(page + 2);
}

void waited(struct page *page)
{
	READ(page->flags);
}

void scan_one(struct page *page);

void _start(struct page *page)
{
	scan_one(page);
	scan_two(page);
}
