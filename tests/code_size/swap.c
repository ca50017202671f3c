// SPDX-License-Identifier: GPL-2.0
/* Move vectors of pages to and from the LRU lists; modelled on mm/swap.c. */
#include "code_size.h"

void free_pages_list(struct list_head *list);

void lru_add(struct page *page)
{
	struct lruvec *lruvec = page_lruvec(page);

	spin_lock(&lruvec->lock);
	if (TestSetPageLRU(page))
		bad_page(page, "on a list already");
	add_page_to_lru(page, lruvec,
			PageActive(page) ? LRU_ACTIVE : LRU_INACTIVE);
	spin_unlock(&lruvec->lock);
}

void __put_page(struct page *page)
{
	struct lruvec *lruvec;

	if (PageLRU(page)) {
		lruvec = page_lruvec(page);
		spin_lock(&lruvec->lock);
		if (TestClearPageLRU(page))
			del_page_from_lru(page, lruvec, PageActive(page) ?
					  LRU_ACTIVE : LRU_INACTIVE);
		spin_unlock(&lruvec->lock);
	}
	ClearPageActive(page);
	if (PageLocked(page) || PageWriteback(page))
		bad_page(page, "freed while in use");
}

void put_pages_list(struct list_head *pages)
{
	struct page *page;

	while (!list_empty(pages)) {
		page = page_of(pages->prev);
		list_del(&page->lru);
		put_page(page);
	}
}

static void activate(struct page *page, struct lruvec *lruvec)
{
	if (!PageLRU(page) || PageActive(page))
		return;
	del_page_from_lru(page, lruvec, LRU_INACTIVE);
	SetPageActive(page);
	add_page_to_lru(page, lruvec, LRU_ACTIVE);
}

void activate_page(struct page *page)
{
	struct lruvec *lruvec;

	page = compound_head(page);
	if (!PageLRU(page) || PageActive(page))
		return;
	lruvec = page_lruvec(page);
	spin_lock(&lruvec->lock);
	activate(page, lruvec);
	spin_unlock(&lruvec->lock);
}

void mark_page_accessed(struct page *page)
{
	if (!PageReferenced(page)) {
		SetPageReferenced(page);
	} else if (!PageActive(page)) {
		if (PageLRU(page))
			activate_page(page);
		else
			SetPageActive(page);
		ClearPageReferenced(page);
	}
}

void deactivate_page(struct page *page)
{
	struct lruvec *lruvec = page_lruvec(page);

	spin_lock(&lruvec->lock);
	if (PageLRU(page) && PageActive(page)) {
		del_page_from_lru(page, lruvec, LRU_ACTIVE);
		ClearPageActive(page);
		ClearPageReferenced(page);
		add_page_to_lru(page, lruvec, LRU_INACTIVE);
	}
	spin_unlock(&lruvec->lock);
}

/* Deactivate pages, except dirty pages and pages under writeback. */
void deactivate_file_pages(struct pagevec *pvec)
{
	struct lruvec *lruvec = NULL, *last = NULL;
	unsigned int i;

	for (i = 0; i < pvec->nr; i++) {
		struct page *page = pvec->pages[i];

		lruvec = page_lruvec(page);
		if (lruvec != last) {
			if (last)
				spin_unlock(&last->lock);
			spin_lock(&lruvec->lock);
			last = lruvec;
		}
		if (!PageLRU(page) || page->mapcount)
			continue;
		del_page_from_lru(page, lruvec, PageActive(page) ?
				  LRU_ACTIVE : LRU_INACTIVE);
		ClearPageActive(page);
		ClearPageReferenced(page);
		if (PageWriteback(page) || PageDirty(page))
			add_page_to_lru(page, lruvec, LRU_ACTIVE);
		else
			add_page_to_lru(page, lruvec, LRU_INACTIVE);
	}
	if (last)
		spin_unlock(&last->lock);
	release_pages(pvec->pages, pvec->nr);
	pvec->nr = 0;
}

void rotate_reclaimable_page(struct page *page, struct pagevec *pvec)
{
	if (PageLocked(page) || PageDirty(page) || PageActive(page) ||
	    !PageLRU(page))
		return;
	get_page(page);
	pvec->pages[pvec->nr++] = page;
	if (pvec->nr == PAGEVEC_SIZE)
		deactivate_file_pages(pvec);
}

void release_pages(struct page **pages, int nr)
{
	struct list_head to_free = { &to_free, &to_free };
	struct lruvec *locked = NULL, *lruvec;
	int i;

	for (i = 0; i < nr; i++) {
		struct page *page = compound_head(pages[i]);

		if (__atomic_sub_fetch(&page->refcount, 1, __ATOMIC_SEQ_CST))
			continue;
		if (PageLRU(page)) {
			lruvec = page_lruvec(page);
			if (lruvec != locked) {
				if (locked)
					spin_unlock(&locked->lock);
				locked = lruvec;
				spin_lock(&locked->lock);
			}
			if (TestClearPageLRU(page))
				del_page_from_lru(page, lruvec,
						  PageActive(page) ?
						  LRU_ACTIVE : LRU_INACTIVE);
		}
		ClearPageActive(page);
		list_add(&page->lru, &to_free);
	}
	if (locked)
		spin_unlock(&locked->lock);
	free_pages_list(&to_free);
}

/* Remove shadow entries, which have bit 1 set and are not pages. */
void pagevec_remove_exceptionals(struct pagevec *pvec)
{
	unsigned int i, j = 0;

	for (i = 0; i < pvec->nr; i++) {
		if ((unsigned long)pvec->pages[i] & 2)
			continue;
		pvec->pages[j++] = pvec->pages[i];
	}
	pvec->nr = j;
}
