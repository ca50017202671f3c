// SPDX-License-Identifier: GPL-2.0
/* Look up pages, wait for them and read them; modelled on mm/filemap.c. */
#include "code_size.h"

void wake_up_page(struct page *page);
void page_cache_readahead(struct address_space *mapping, unsigned long index);
struct page *page_cache_alloc(struct address_space *mapping);
int copy_page_to_user(struct page *page, char *to, unsigned long bytes);

void unlock_page(struct page *page)
{
	USE(unlock_page, page);
	wake_up_page(page);
}

struct page *find_get_page(struct address_space *mapping, unsigned long index)
{
	struct page *page;

	if (index >= mapping->nr)
		return NULL;
again:
	page = READ_ONCE(mapping->slots[index]);
	if (!page)
		return NULL;
	if (!get_page_unless_zero(page))
		goto again;
	if (unlikely(page != READ_ONCE(mapping->slots[index]))) {
		put_page(page);
		goto again;
	}
	return page;
}

struct page *find_lock_page(struct address_space *mapping, unsigned long index)
{
	struct page *page;

again:
	page = find_get_page(mapping, index);
	if (!page)
		return NULL;
	lock_page(page);
	if (unlikely(page->mapping != mapping)) {
		unlock_page(page);
		put_page(page);
		goto again;
	}
	return page;
}

unsigned int find_get_pages(struct address_space *mapping, unsigned long *index,
			    unsigned int nr, struct page **pages)
{
	unsigned int found = 0;
	struct page *page;

	while (found < nr && *index < mapping->nr) {
		page = READ_ONCE(mapping->slots[*index]);
		if (!page || !get_page_unless_zero(page)) {
			++*index;
			continue;
		}
		if (page->mapping != mapping) {
			put_page(page);
			continue;
		}
		pages[found++] = page;
		++*index;
	}
	return found;
}

int add_to_page_cache(struct page *page, struct address_space *mapping,
		      unsigned long index)
{
	int err = -17;

	lock_page(page);
	get_page(page);
	page->mapping = mapping;
	page->index = index;
	spin_lock(&mapping->tree_lock);
	if (!mapping->slots[index]) {
		mapping->slots[index] = page;
		mapping->nrpages++;
		err = 0;
	}
	spin_unlock(&mapping->tree_lock);
	if (err) {
		page->mapping = NULL;
		unlock_page(page);
		put_page(page);
	}
	return err;
}

void delete_from_page_cache(struct page *page)
{
	struct address_space *mapping = page->mapping;

	if (!PageLocked(page))
		bad_page(page, "deleted from the cache without its lock");
	spin_lock(&mapping->tree_lock);
	mapping->slots[page->index] = NULL;
	mapping->nrpages--;
	page->mapping = NULL;
	if (PageDirty(page) && !PageUptodate(page))
		mapping->nrdirty--;
	spin_unlock(&mapping->tree_lock);
	put_page(page);
}

int wait_on_page_read(struct page *page)
{
	wait_on_page_locked(page);
	if (PageUptodate(page))
		return 0;
	put_page(page);
	return -5;
}

int filemap_fdatawait(struct address_space *mapping, unsigned long index,
		      unsigned long end)
{
	struct page *pages[PAGEVEC_SIZE];
	unsigned int nr, i;
	int err = 0;

	while (index <= end) {
		nr = find_get_pages(mapping, &index, PAGEVEC_SIZE, pages);
		if (!nr)
			break;
		for (i = 0; i < nr; i++) {
			struct page *page = pages[i];

			if (page->index > end)
				continue;
			wait_on_page_writeback(page);
			if (!PageUptodate(page))
				err = -5;
		}
		release_pages(pages, nr);
		cond_resched();
	}
	return err;
}

static int read_page(struct address_space *mapping, struct page *page)
{
	int err;

	if (PageUptodate(page))
		return 0;
	lock_page(page);
	if (!page->mapping) {
		unlock_page(page);
		return 1;
	}
	if (PageUptodate(page)) {
		unlock_page(page);
		return 0;
	}
	err = mapping->a_ops->readpage(page);
	if (err)
		return err;
	wait_on_page_locked(page);
	return PageUptodate(page) ? 0 : -5;
}

long generic_file_read(struct address_space *mapping, unsigned long index,
		       char *to, long bytes)
{
	unsigned long last = -1UL;
	struct page *page;
	long done = 0;
	int err;

	while (done < bytes) {
		page = find_get_page(mapping, index);
		if (!page) {
			page_cache_readahead(mapping, index);
			page = find_get_page(mapping, index);
			if (!page)
				return done ? done : -12;
		}
		err = read_page(mapping, page);
		if (err) {
			put_page(page);
			if (err > 0)
				continue;
			return done ? done : err;
		}
		if (last != index)
			mark_page_accessed(page);
		last = index++;
		copy_page_to_user(page, to + done, 4096);
		put_page(page);
		done += 4096;
	}
	return done;
}

struct page *filemap_fault(struct address_space *mapping, unsigned long index)
{
	struct page *page = find_get_page(mapping, index);

	if (!page) {
		page_cache_readahead(mapping, index);
		return NULL;
	}
	if (!trylock_page(page)) {
		put_page(page);
		return NULL;
	}
	if (page->mapping != mapping) {
		unlock_page(page);
		put_page(page);
		return NULL;
	}
	if (unlikely(!PageUptodate(page))) {
		mapping->a_ops->readpage(page);
		wait_on_page_locked(page);
		if (!PageUptodate(page)) {
			put_page(page);
			return NULL;
		}
	}
	return page;
}

unsigned long filemap_map_pages(struct address_space *mapping,
				unsigned long index, unsigned long end,
				struct page **map)
{
	unsigned long mapped = 0;
	struct page *page;

	for (; index < end; index++) {
		page = READ_ONCE(mapping->slots[index]);
		if (!page || !get_page_unless_zero(page))
			continue;
		if (!PageUptodate(page) || PageLocked(page))
			goto skip;
		if (!trylock_page(page))
			goto skip;
		if (page->mapping != mapping || !PageUptodate(page)) {
			unlock_page(page);
			goto skip;
		}
		map[mapped++] = page;
		unlock_page(page);
		continue;
skip:
		put_page(page);
	}
	return mapped;
}

int read_cache_page(struct address_space *mapping, unsigned long index,
		    struct page **ret)
{
	struct page *page = find_get_page(mapping, index);
	int err;

	if (!page) {
		page = page_cache_alloc(mapping);
		if (!page)
			return -12;
		err = add_to_page_cache(page, mapping, index);
		if (err) {
			put_page(page);
			return err;
		}
	} else if (PageUptodate(page)) {
		mark_page_accessed(page);
		*ret = page;
		return 0;
	} else {
		lock_page(page);
	}
	ClearPageUptodate(page);
	err = mapping->a_ops->readpage(page);
	if (err)
		return err;
	*ret = page;
	return wait_on_page_read(page);
}
