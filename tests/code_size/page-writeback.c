// SPDX-License-Identifier: GPL-2.0
/* Dirty and write pages; modelled on mm/page-writeback.c and truncate.c. */
#include "code_size.h"

struct writeback_control {
	long nr_to_write;
	unsigned long index, end;
	bool sync;
};

void mark_inode_dirty(struct address_space *mapping);
void delete_from_page_cache(struct page *page);
int page_mkclean(struct page *page);
void balance_dirty_pages(struct address_space *mapping);

int set_page_dirty_nobuffers(struct page *page)
{
	struct address_space *mapping = page->mapping;

	if (TestSetPageDirty(page))
		return 0;
	if (!mapping)
		return 1;
	spin_lock(&mapping->tree_lock);
	if (page->mapping == mapping) {
		if (!page->private && !PageUptodate(page))
			bad_page(page, "dirty, and nothing in it");
		mapping->nrdirty++;
	}
	spin_unlock(&mapping->tree_lock);
	mark_inode_dirty(mapping);
	return 1;
}

int set_page_dirty(struct page *page)
{
	struct address_space *mapping = page->mapping;

	if (mapping && mapping->a_ops->set_page_dirty)
		return mapping->a_ops->set_page_dirty(page);
	if (!PageDirty(page) && !TestSetPageDirty(page))
		return 1;
	return 0;
}

int set_page_dirty_lock(struct page *page)
{
	int ret;

	lock_page(page);
	ret = set_page_dirty(page);
	unlock_page(page);
	return ret;
}

void account_page_redirty(struct page *page)
{
	struct address_space *mapping = page->mapping;

	if (mapping && PageDirty(page) && !PageWriteback(page))
		mapping->nrdirty--;
}

void cancel_dirty_page(struct page *page)
{
	struct address_space *mapping = page->mapping;

	if (TestClearPageDirty(page) && mapping)
		mapping->nrdirty--;
}

int clear_page_dirty_for_io(struct page *page)
{
	struct address_space *mapping = page->mapping;

	if (!PageLocked(page))
		bad_page(page, "to be written without its lock");
	if (!mapping)
		return TestClearPageDirty(page);
	if (page_mkclean(page))
		set_page_dirty(page);
	if (!TestClearPageDirty(page))
		return 0;
	mapping->nrdirty--;
	return 1;
}

static int write_or_skip(struct page *page, struct address_space *mapping,
			 struct writeback_control *wbc)
{
	int err;

	lock_page(page);
	if (page->mapping != mapping || !PageDirty(page))
		goto unlock;
	if (PageWriteback(page)) {
		if (!wbc->sync)
			goto unlock;
		wait_on_page_writeback(page);
	}
	if (PageWriteback(page) || !clear_page_dirty_for_io(page))
		goto unlock;
	err = mapping->a_ops->writepage(page);
	if (!err)
		wbc->nr_to_write--;
	return err;
unlock:
	unlock_page(page);
	return 0;
}

int write_cache_pages(struct address_space *mapping,
		      struct writeback_control *wbc)
{
	struct page *pages[PAGEVEC_SIZE];
	unsigned long index = wbc->index;
	unsigned int nr, i;
	int err = 0;

	while (!err && index <= wbc->end && wbc->nr_to_write > 0) {
		nr = find_get_pages(mapping, &index, PAGEVEC_SIZE, pages);
		if (!nr)
			break;
		for (i = 0; i < nr && !err; i++) {
			if (pages[i]->index > wbc->end)
				break;
			err = write_or_skip(pages[i], mapping, wbc);
		}
		release_pages(pages, nr);
		cond_resched();
	}
	wbc->index = index;
	return err;
}

int write_one_page(struct page *page, bool wait)
{
	struct address_space *mapping = page->mapping;
	int err = 0;

	if (wait)
		wait_on_page_writeback(page);
	if (!clear_page_dirty_for_io(page)) {
		unlock_page(page);
		return 0;
	}
	get_page(page);
	err = mapping->a_ops->writepage(page);
	if (!err && wait)
		wait_on_page_writeback(page);
	if (!PageUptodate(page))
		err = -5;
	put_page(page);
	return err;
}

long generic_perform_write(struct address_space *mapping, struct page **pages,
			   unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		struct page *page = pages[i];

		wait_on_page_writeback(page);
		if (!PageUptodate(page))
			SetPageUptodate(page);
		SetPageReferenced(page);
		set_page_dirty(page);
		unlock_page(page);
		put_page(page);
		balance_dirty_pages(mapping);
	}
	return nr;
}

int invalidate_page(struct address_space *mapping, struct page *page)
{
	if (page->mapping != mapping)
		return 0;
	if (PageDirty(page) || PageWriteback(page))
		return 0;
	if (page->private && !mapping->a_ops->releasepage(page))
		return 0;
	ClearPageUptodate(page);
	delete_from_page_cache(page);
	return 1;
}

unsigned long invalidate_mapping_pages(struct address_space *mapping,
				       unsigned long index, unsigned long end)
{
	struct page *pages[PAGEVEC_SIZE];
	unsigned long gone = 0;
	unsigned int nr, i;

	while (index <= end) {
		nr = find_get_pages(mapping, &index, PAGEVEC_SIZE, pages);
		if (!nr)
			break;
		for (i = 0; i < nr; i++) {
			struct page *page = pages[i];

			if (!trylock_page(page))
				continue;
			gone += invalidate_page(mapping, page);
			unlock_page(page);
		}
		release_pages(pages, nr);
		cond_resched();
	}
	return gone;
}

void truncate_inode_pages(struct address_space *mapping, unsigned long index,
			  unsigned long end)
{
	struct page *pages[PAGEVEC_SIZE];
	unsigned int nr, i;

	while (index <= end) {
		nr = find_get_pages(mapping, &index, PAGEVEC_SIZE, pages);
		if (!nr)
			break;
		for (i = 0; i < nr; i++) {
			struct page *page = pages[i];

			lock_page(page);
			wait_on_page_writeback(page);
			if (page->mapping == mapping) {
				cancel_dirty_page(page);
				delete_from_page_cache(page);
			}
			unlock_page(page);
		}
		release_pages(pages, nr);
		cond_resched();
	}
}
