// SPDX-License-Identifier: GPL-2.0
/* Migrate pages; modelled on mm/migrate.c. */
#include "code_size.h"

enum { MIGRATE_OK = 0, MIGRATE_AGAIN = -11, MIGRATE_BUSY = -16 };

typedef struct page *new_page_t(struct page *page);

void copy_highpage(struct page *to, struct page *from);
void remove_migration_ptes(struct page *old, struct page *to);

void putback_movable_pages(struct list_head *list)
{
	while (!list_empty(list)) {
		struct page *page = page_of(list->next);

		list_del(&page->lru);
		putback_lru_page(page);
	}
}

/* A page fault waits for a page under migration. */
void migration_entry_wait(struct page *page, spinlock_t *ptl)
{
	if (!get_page_unless_zero(page)) {
		spin_unlock(ptl);
		return;
	}
	spin_unlock(ptl);
	wait_on_page_locked(page);
	put_page(page);
}

int migrate_page_move_mapping(struct address_space *mapping,
			      struct page *newpage, struct page *page)
{
	int expected = 2 + !!page->private;

	if (!mapping)
		return page_count(page) == 1 ? MIGRATE_OK : MIGRATE_AGAIN;
	spin_lock(&mapping->tree_lock);
	if (page_count(page) != expected ||
	    mapping->slots[page->index] != page) {
		spin_unlock(&mapping->tree_lock);
		return MIGRATE_AGAIN;
	}
	get_page(newpage);
	newpage->index = page->index;
	newpage->mapping = mapping;
	newpage->private = page->private;
	if (PageDirty(page)) {
		ClearPageDirty(page);
		SetPageDirty(newpage);
	}
	mapping->slots[page->index] = newpage;
	spin_unlock(&mapping->tree_lock);
	put_page(page);
	return MIGRATE_OK;
}

void migrate_page_copy(struct page *newpage, struct page *page)
{
	copy_highpage(newpage, page);
	if (PageReferenced(page))
		SetPageReferenced(newpage);
	if (PageUptodate(page))
		SetPageUptodate(newpage);
	if (PageActive(page)) {
		ClearPageActive(page);
		SetPageActive(newpage);
	}
	if (TestClearPageDirty(page))
		set_page_dirty(newpage);
	page->private = 0;
	if (PageWriteback(newpage))
		bad_page(newpage, "written back before it is there");
}

int migrate_page(struct address_space *mapping, struct page *newpage,
		 struct page *page)
{
	int err;

	if (PageWriteback(page))
		bad_page(page, "moved while it is written back");
	err = migrate_page_move_mapping(mapping, newpage, page);
	if (err)
		return err;
	migrate_page_copy(newpage, page);
	return MIGRATE_OK;
}

static int writeout(struct address_space *mapping, struct page *page)
{
	int err;

	if (!mapping->a_ops->writepage)
		return -22;
	if (!clear_page_dirty_for_io(page))
		return MIGRATE_AGAIN;
	remove_migration_ptes(page, page);
	err = mapping->a_ops->writepage(page);
	if (!PageLocked(page))
		lock_page(page);
	return err < 0 ? -5 : MIGRATE_AGAIN;
}

int move_to_new_page(struct page *newpage, struct page *page)
{
	struct address_space *mapping = page->mapping;
	int err;

	if (!trylock_page(newpage))
		bad_page(newpage, "new, and locked");
	if (!mapping)
		err = migrate_page(mapping, newpage, page);
	else if (mapping->a_ops->migratepage)
		err = mapping->a_ops->migratepage(mapping, newpage, page);
	else if (PageDirty(page))
		err = writeout(mapping, page);
	else
		err = migrate_page(mapping, newpage, page);
	if (err)
		newpage->mapping = NULL;
	else
		page->mapping = NULL;
	unlock_page(newpage);
	return err;
}

int unmap_and_move(new_page_t *get_new, struct page *page, bool force,
		   bool sync)
{
	struct page *newpage = get_new(page);
	int err = MIGRATE_AGAIN;

	if (!newpage)
		return -12;
	if (page_count(page) == 1) {
		ClearPageActive(page);
		err = MIGRATE_OK;
		goto put;
	}
	if (!trylock_page(page)) {
		if (!force || !sync)
			goto put;
		lock_page(page);
	}
	if (PageWriteback(page)) {
		if (!sync) {
			err = MIGRATE_BUSY;
			goto unlock;
		}
		if (!force)
			goto unlock;
		wait_on_page_writeback(page);
	}
	if (page->mapcount)
		try_to_unmap(page);
	if (!page->mapcount)
		err = move_to_new_page(newpage, page);
	remove_migration_ptes(page, err ? page : newpage);
unlock:
	unlock_page(page);
put:
	if (err != MIGRATE_AGAIN)
		putback_lru_page(page);
	if (!err)
		putback_lru_page(newpage);
	else
		put_page(newpage);
	return err;
}

int migrate_pages(struct list_head *from, new_page_t *get_new, bool sync)
{
	struct list_head *at, *next;
	int failed = 0, pass;

	for (pass = 0; pass < 10 && !list_empty(from); pass++) {
		failed = 0;
		for (at = from->next; at != from; at = next) {
			next = at->next;
			cond_resched();
			if (unmap_and_move(get_new, page_of(at), pass > 2, sync))
				failed++;
		}
	}
	return failed;
}

/* Isolate pages by page frame number; modelled on mm/compaction.c. */
unsigned long isolate_migratepages(struct page *page, struct page *end,
				   struct list_head *to)
{
	unsigned long taken = 0;

	for (; page < end; page++) {
		if (!PageLRU(page))
			continue;
		if (!page->mapping && page_count(page) > page->mapcount)
			continue;
		if (PageWriteback(page) || PageLocked(page))
			continue;
		if (isolate_lru_page(page))
			continue;
		list_add(&page->lru, to);
		taken++;
	}
	return taken;
}
