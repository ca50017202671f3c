// SPDX-License-Identifier: GPL-2.0
/*
 * Memory of populations: the limit of all files together, and allocations that
 * a fatal signal ends.
 */
#include <linux/mm.h>
#include <linux/moduleparam.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "pfbench.h"

/* The allocator clears all of it, uninterrupted. */
#define MAX_CONTIGUOUS (4UL << 20)

static unsigned int max_mb;
module_param(max_mb, uint, 0644);
MODULE_PARM_DESC(max_mb,
		 "MiB that all populations may take (0: a quarter of memory)");

static atomic64_t charged;

u64 pfbench_max_bytes(void)
{
	u64 mb = READ_ONCE(max_mb);

	return mb ? mb << 20 : (u64)totalram_pages() * (PAGE_SIZE / 4);
}

int pfbench_charge(u64 bytes)
{
	if (bytes > pfbench_max_bytes())
		return -ENOMEM;
	if (atomic64_add_return(bytes, &charged) > pfbench_max_bytes()) {
		pfbench_uncharge(bytes);
		return -ENOMEM;
	}
	return 0;
}

void pfbench_uncharge(u64 bytes)
{
	atomic64_sub(bytes, &charged);
}

static int map_single_pages(struct memory *m, unsigned long nr)
{
	m->pages = kvmalloc_array(nr, sizeof(*m->pages), GFP_POPULATION);
	if (!m->pages)
		return -ENOMEM;
	while (m->nr_pages < nr) {
		struct page *page = alloc_page(GFP_POPULATION);

		if (!page)
			return -ENOMEM;
		m->pages[m->nr_pages++] = page;
		if (fatal_signal_pending(current))
			return -EINTR;
		cond_resched_tasks_rcu_qs();
	}
	m->at = vmap(m->pages, nr, VM_MAP, PAGE_KERNEL);
	return m->at ? 0 : -ENOMEM;
}

int pfbench_get_memory(struct memory *m, size_t size)
{
	if (size <= MAX_CONTIGUOUS)
		m->at = kmalloc(size, GFP_KERNEL_ACCOUNT | __GFP_NOWARN |
				__GFP_NORETRY);
	return m->at ? 0 : map_single_pages(m, DIV_ROUND_UP(size, PAGE_SIZE));
}

void pfbench_put_memory(struct memory *m)
{
	unsigned long i;

	if (!m->pages) {
		kfree(m->at);
		return;
	}
	vunmap(m->at);
	for (i = 0; i < m->nr_pages; i++) {
		__free_page(m->pages[i]);
		(void)pf_relax(i);
	}
	kvfree(m->pages);
}
