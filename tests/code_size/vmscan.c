// SPDX-License-Identifier: GPL-2.0
/* Reclaim pages from the LRU lists; modelled on mm/vmscan.c. */
#include "code_size.h"

struct scan_control {
	unsigned long nr_scanned, nr_reclaimed, nr_dirty, nr_writeback;
	bool may_writepage, may_unmap;
};

enum page_references {
	PAGEREF_RECLAIM,
	PAGEREF_KEEP,
	PAGEREF_ACTIVATE,
};

void lru_add(struct page *page);
int add_to_swap(struct page *page);
void free_pages_list(struct list_head *list);

/* Checks that only the caller and the page cache hold references. */
static bool freeable(struct page *page)
{
	return page_count(page) - !!page->private == 2;
}

int isolate_lru_page(struct page *page)
{
	struct lruvec *lruvec;
	int ret = -16;

	if (!PageLRU(page))
		return ret;
	lruvec = page_lruvec(page);
	spin_lock(&lruvec->lock);
	if (TestClearPageLRU(page)) {
		get_page(page);
		del_page_from_lru(page, lruvec, PageActive(page) ?
				  LRU_ACTIVE : LRU_INACTIVE);
		ret = 0;
	}
	spin_unlock(&lruvec->lock);
	return ret;
}

void putback_lru_page(struct page *page)
{
	if (PageLRU(page))
		bad_page(page, "put back twice");
	lru_add(page);
	put_page(page);
}

/* Return: true if the page may be isolated; clean and async forbid waiting */
bool can_isolate(struct page *page, bool clean, bool async)
{
	if (!PageLRU(page))
		return false;
	if (!clean && !async)
		return true;
	if (PageWriteback(page))
		return false;
	if (PageDirty(page)) {
		if (clean)
			return false;
		if (page->mapping && !page->mapping->a_ops->migratepage)
			return false;
	}
	return true;
}

unsigned long isolate_lru_pages(unsigned long nr, struct lruvec *lruvec,
				struct list_head *to, enum lru_list lru)
{
	struct list_head *from = &lruvec->lists[lru];
	unsigned long taken = 0;

	while (taken < nr && !list_empty(from)) {
		struct page *page = page_of(from->prev);

		if (!can_isolate(page, false, true) ||
		    !get_page_unless_zero(page)) {
			list_move(&page->lru, from);
			continue;
		}
		if (!TestClearPageLRU(page)) {
			put_page(page);
			continue;
		}
		list_move(&page->lru, to);
		taken++;
	}
	lruvec->nr[lru] -= taken;
	return taken;
}

static enum page_references check_references(struct page *page)
{
	int ptes = page_referenced(page);
	bool referenced = PageReferenced(page);

	ClearPageReferenced(page);
	if (!ptes)
		return referenced && !PageDirty(page) ?
			PAGEREF_KEEP : PAGEREF_RECLAIM;
	SetPageReferenced(page);
	if (referenced || ptes > 1)
		return PAGEREF_ACTIVATE;
	return PAGEREF_KEEP;
}

/* Return: 0 written and clean, 1 to be kept, 2 to be activated */
static int pageout(struct page *page, struct address_space *mapping)
{
	if (!freeable(page))
		return 1;
	if (!mapping) {
		if (page->private)
			ClearPageDirty(page);
		return 1;
	}
	if (!mapping->a_ops->writepage)
		return 2;
	if (!clear_page_dirty_for_io(page))
		return 0;
	if (mapping->a_ops->writepage(page) < 0) {
		SetPageDirty(page);
		return 2;
	}
	if (PageWriteback(page) || PageDirty(page))
		return 1;
	return 0;
}

static int remove_mapping(struct address_space *mapping, struct page *page)
{
	int ret = 0;

	spin_lock(&mapping->tree_lock);
	if (freeable(page) && !PageDirty(page)) {
		mapping->slots[page->index] = NULL;
		mapping->nrpages--;
		page->mapping = NULL;
		ret = 1;
	}
	spin_unlock(&mapping->tree_lock);
	return ret;
}

unsigned long shrink_page_list(struct list_head *list, struct scan_control *sc)
{
	struct list_head keep = { &keep, &keep }, to_free = { &to_free, &to_free };
	struct address_space *mapping;
	unsigned long freed = 0;
	struct page *page;

	while (!list_empty(list)) {
		page = page_of(list->prev);
		list_del(&page->lru);
		cond_resched();
		if (!trylock_page(page))
			goto keep;
		sc->nr_scanned++;
		if (!sc->may_unmap && page->mapcount)
			goto keep_locked;
		if (PageDirty(page))
			sc->nr_dirty++;
		if (PageWriteback(page)) {
			sc->nr_writeback++;
			if (!PageReferenced(page)) {
				SetPageReferenced(page);
				goto keep_locked;
			}
			wait_on_page_writeback(page);
		}
		switch (check_references(page)) {
		case PAGEREF_ACTIVATE:
			goto activate;
		case PAGEREF_KEEP:
			goto keep_locked;
		case PAGEREF_RECLAIM:
			break;
		}
		mapping = page->mapping;
		if (!mapping && !add_to_swap(page))
			goto activate;
		if (page->mapcount && !try_to_unmap(page))
			goto activate;
		if (PageDirty(page)) {
			if (!sc->may_writepage)
				goto keep_locked;
			switch (pageout(page, mapping)) {
			case 1:
				goto keep_locked;
			case 2:
				goto activate;
			}
			if (PageWriteback(page) || PageDirty(page))
				goto keep;
			if (!trylock_page(page))
				goto keep;
			if (PageDirty(page) || PageWriteback(page))
				goto keep_locked;
		}
		if (page->private && !mapping->a_ops->releasepage(page))
			goto activate;
		if (!mapping || !remove_mapping(mapping, page))
			goto keep_locked;
		unlock_page(page);
		ClearPageActive(page);
		list_add(&page->lru, &to_free);
		freed++;
		continue;
activate:
		SetPageActive(page);
keep_locked:
		unlock_page(page);
keep:
		if (PageLRU(page))
			bad_page(page, "isolated, and on a list");
		list_add(&page->lru, &keep);
	}
	free_pages_list(&to_free);
	while (!list_empty(&keep))
		list_move(keep.next, list);
	sc->nr_reclaimed += freed;
	return freed;
}

void putback_inactive_pages(struct lruvec *lruvec, struct list_head *list,
			    struct list_head *to_free)
{
	while (!list_empty(list)) {
		struct page *page = page_of(list->prev);
		enum lru_list lru;

		list_del(&page->lru);
		if (TestSetPageLRU(page))
			bad_page(page, "isolated, and on a list");
		lru = PageActive(page) ? LRU_ACTIVE : LRU_INACTIVE;
		add_page_to_lru(page, lruvec, lru);
		if (page_count(page) == 1) {
			TestClearPageLRU(page);
			ClearPageActive(page);
			del_page_from_lru(page, lruvec, lru);
			list_add(&page->lru, to_free);
			continue;
		}
		put_page(page);
	}
}

void shrink_active_list(unsigned long nr, struct lruvec *lruvec)
{
	struct list_head hold = { &hold, &hold };
	struct page *page;

	spin_lock(&lruvec->lock);
	isolate_lru_pages(nr, lruvec, &hold, LRU_ACTIVE);
	spin_unlock(&lruvec->lock);
	while (!list_empty(&hold)) {
		page = page_of(hold.prev);
		list_del(&page->lru);
		cond_resched();
		if (page->private && trylock_page(page)) {
			if (page->mapping)
				page->mapping->a_ops->releasepage(page);
			unlock_page(page);
		}
		if (!page_referenced(page))
			ClearPageActive(page);
		putback_lru_page(page);
	}
}
