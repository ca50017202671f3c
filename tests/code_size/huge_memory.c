// SPDX-License-Identifier: GPL-2.0
/* Collapse small pages, split huge pages; modelled on mm/huge_memory.c. */
#include "code_size.h"

#define HPAGE_NR 512

struct page *page_of_pte(unsigned long pte);
void copy_user_page(struct page *to, struct page *from);
void clear_compound(struct page *tail);

static void release_pte_page(struct page *page)
{
	unlock_page(page);
	putback_lru_page(page);
}

void release_pte_pages(unsigned long *pte, unsigned long *end)
{
	while (--end >= pte)
		if (*end)
			release_pte_page(page_of_pte(*end));
}

int collapse_isolate(unsigned long *pte)
{
	int none = 0, i;
	bool referenced = false;

	for (i = 0; i < HPAGE_NR; i++) {
		struct page *page;

		if (!pte[i]) {
			none++;
			continue;
		}
		page = page_of_pte(pte[i]);
		if (!page)
			goto fail;
		if (page_count(page) != 1 || !trylock_page(page))
			goto fail;
		if (isolate_lru_page(page)) {
			unlock_page(page);
			goto fail;
		}
		if (!PageLocked(page) || PageLRU(page))
			bad_page(page, "unlocked or still on a list");
		if (pte[i] & 32 || PageReferenced(page))
			referenced = true;
	}
	if (referenced)
		return none;
fail:
	release_pte_pages(pte, pte + i);
	return -1;
}

void collapse_copy(unsigned long *pte, struct page *huge)
{
	int i;

	for (i = 0; i < HPAGE_NR; i++) {
		struct page *from;

		if (!pte[i])
			continue;
		from = page_of_pte(pte[i]);
		copy_user_page(huge + i, from);
		ClearPageActive(from);
		release_pte_page(from);
		pte[i] = 0;
		put_page(from);
	}
	SetPageUptodate(huge);
	SetPageActive(huge);
}

/* Checks without locks whether the range can be collapsed. */
int scan_pmd(unsigned long *pte, int max_none)
{
	int none = 0, i;
	bool referenced = false;

	for (i = 0; i < HPAGE_NR; i++) {
		struct page *page;

		if (!pte[i]) {
			if (++none > max_none)
				return 0;
			continue;
		}
		page = page_of_pte(pte[i]);
		if (!page)
			return 0;
		page = compound_head(page);
		if (!PageLRU(page) || PageLocked(page) || page->mapping)
			return 0;
		if (page_count(page) != 1)
			return 0;
		if (pte[i] & 32 || PageReferenced(page))
			referenced = true;
	}
	return referenced;
}

void split_huge_page_refcount(struct page *head, struct lruvec *lruvec)
{
	int i, tails = 0;

	spin_lock(&lruvec->lock);
	for (i = HPAGE_NR - 1; i > 0; i--) {
		struct page *tail = head + i;

		tails += tail->mapcount;
		tail->refcount = tail->mapcount + head->mapcount + 1;
		clear_compound(tail);
		tail->mapping = head->mapping;
		tail->index = head->index + i;
		if (PageReferenced(head))
			SetPageReferenced(tail);
		if (PageUptodate(head))
			SetPageUptodate(tail);
		if (PageDirty(head))
			SetPageDirty(tail);
		if (PageActive(head))
			SetPageActive(tail);
		if (PageLRU(head) && !TestSetPageLRU(tail))
			add_page_to_lru(tail, lruvec, PageActive(head) ?
					LRU_ACTIVE : LRU_INACTIVE);
	}
	__atomic_fetch_sub(&head->refcount, tails, __ATOMIC_RELAXED);
	spin_unlock(&lruvec->lock);
	for (i = 1; i < HPAGE_NR; i++)
		put_page(head + i);
}

struct page *follow_trans_huge(struct page *head, unsigned long address,
			       bool write, bool take)
{
	struct page *page = head + (address >> 12 & (HPAGE_NR - 1));

	if (write && !PageDirty(page))
		SetPageDirty(page);
	if (take)
		get_page(page);
	if (trylock_page(page)) {
		if (page->mapping && PageUptodate(page))
			mark_page_accessed(page);
		unlock_page(page);
	}
	return page;
}

/* Take references to the pages of a range; modelled on mm/gup.c. */
int gup_range(unsigned long *pte, int nr, bool write, struct page **pages)
{
	int i;

	for (i = 0; i < nr; i++) {
		struct page *page = page_of_pte(pte[i]);

		if (!page || (write && !(pte[i] & 2)))
			break;
		if (!get_page_unless_zero(page))
			break;
		if (write && !PageDirty(page))
			SetPageDirty(page);
		if (!PageReferenced(page))
			SetPageReferenced(page);
		pages[i] = page;
	}
	return i;
}
