// SPDX-License-Identifier: GPL-2.0
/* From a page to its page-table entries; modelled on mm/rmap.c. */
#include "code_size.h"

#define PTE_PRESENT 1UL
#define PTE_WRITE 2UL
#define PTE_ACCESSED 32UL
#define PTE_DIRTY 64UL

struct mapper {
	struct mapper *next;
	unsigned long *pte;
	spinlock_t *ptl;
	unsigned long flags;
};

struct mapper *page_mappers(struct page *page);
void flush_tlb_page(struct mapper *m);
unsigned long swap_entry(struct page *page);

/* Return: the locked entry if it still maps the page, else NULL */
static unsigned long *check_address(struct page *page, struct mapper *m)
{
	unsigned long *pte = m->pte;

	if (!(READ_ONCE(*pte) & PTE_PRESENT))
		return NULL;
	spin_lock(m->ptl);
	if (*pte & PTE_PRESENT && *pte >> 12 == (unsigned long)page >> 6)
		return pte;
	spin_unlock(m->ptl);
	return NULL;
}

int page_referenced(struct page *page)
{
	struct mapper *m;
	bool locked = false;
	int referenced = 0;

	if (!page->mapcount)
		return 0;
	if (!PageLocked(page)) {
		if (!trylock_page(page))
			return 1;
		locked = true;
	}
	for (m = page_mappers(page); m; m = m->next) {
		unsigned long *pte = check_address(page, m);

		if (!pte)
			continue;
		if (*pte & PTE_ACCESSED) {
			*pte &= ~PTE_ACCESSED;
			flush_tlb_page(m);
			referenced++;
		}
		spin_unlock(m->ptl);
	}
	if (locked)
		unlock_page(page);
	return referenced;
}

int page_mkclean(struct page *page)
{
	struct mapper *m;
	int cleaned = 0;

	if (!PageLocked(page))
		bad_page(page, "to be cleaned without its lock");
	if (!page->mapcount || !page->mapping)
		return 0;
	for (m = page_mappers(page); m; m = m->next) {
		unsigned long *pte = check_address(page, m);

		if (!pte)
			continue;
		if (*pte & (PTE_DIRTY | PTE_WRITE)) {
			*pte &= ~(PTE_DIRTY | PTE_WRITE);
			flush_tlb_page(m);
			cleaned = 1;
		}
		spin_unlock(m->ptl);
	}
	return cleaned;
}

void page_add_rmap(struct page *page, struct mapper *m)
{
	page = compound_head(page);
	if (!__atomic_fetch_add(&page->mapcount, 1, __ATOMIC_RELAXED))
		m->flags |= 1;
}

void page_add_new_rmap(struct page *page, struct mapper *m)
{
	page->mapcount = 1;
	SetPageUptodate(page);
	if (!PageActive(page))
		SetPageActive(page);
	*m->pte = (unsigned long)page << 6 | PTE_PRESENT;
}

void page_remove_rmap(struct page *page)
{
	page = compound_head(page);
	if (__atomic_sub_fetch(&page->mapcount, 1, __ATOMIC_SEQ_CST))
		return;
	if (page->mapping && PageDirty(page))
		page->mapping->nrdirty++;
}

static bool try_to_unmap_one(struct page *page, struct mapper *m)
{
	unsigned long *pte = check_address(page, m), old;

	if (!pte)
		return true;
	if (*pte & PTE_ACCESSED && !PageReferenced(page)) {
		spin_unlock(m->ptl);
		return false;
	}
	old = *pte;
	*pte = 0;
	flush_tlb_page(m);
	if (old & PTE_DIRTY)
		set_page_dirty(page);
	if (!page->mapping) {
		if (!PageDirty(page) && !PageUptodate(page)) {
			*pte = old;
			spin_unlock(m->ptl);
			return false;
		}
		*pte = swap_entry(page);
	}
	page_remove_rmap(page);
	put_page(page);
	spin_unlock(m->ptl);
	return true;
}

int try_to_unmap(struct page *page)
{
	struct mapper *m;

	if (!PageLocked(page))
		bad_page(page, "to be unmapped without its lock");
	for (m = page_mappers(page); m; m = m->next)
		if (!try_to_unmap_one(page, m))
			return 0;
	return !page->mapcount;
}

/* Unmap a range, as munmap() and exit do in mm/memory.c. */
unsigned long zap_pte_range(unsigned long *pte, unsigned long *end,
			    struct page *memmap, struct pagevec *pvec)
{
	unsigned long zapped = 0;

	for (; pte < end; pte++) {
		struct page *page;
		unsigned long old = *pte;

		if (!(old & PTE_PRESENT))
			continue;
		page = memmap + (old >> 12);
		*pte = 0;
		if (page->mapping) {
			if (old & PTE_DIRTY)
				set_page_dirty(page);
			if (old & PTE_ACCESSED)
				mark_page_accessed(page);
		}
		page_remove_rmap(page);
		pvec->pages[pvec->nr++] = page;
		if (pvec->nr == PAGEVEC_SIZE) {
			release_pages(pvec->pages, pvec->nr);
			pvec->nr = 0;
		}
		zapped++;
	}
	return zapped;
}

/* Copy a range, as fork() does. */
void copy_pte_range(unsigned long *to, unsigned long *from, unsigned long nr,
		    struct page *memmap)
{
	unsigned long i;

	for (i = 0; i < nr; i++) {
		struct page *page;

		if (!(from[i] & PTE_PRESENT))
			continue;
		page = memmap + (from[i] >> 12);
		from[i] &= ~PTE_WRITE;
		get_page(page);
		__atomic_fetch_add(&compound_head(page)->mapcount, 1,
				   __ATOMIC_RELAXED);
		to[i] = from[i];
	}
}
