// SPDX-License-Identifier: GPL-2.0
/*
 * Populations: memmaps, allocated pages, and pinned pages of the caller.
 * pfbench_release() frees half-made ones too.
 */
#include <linux/capability.h>
#include <linux/nospec.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include "compat.h"
#include "pfbench.h"

#define PIN_BATCH 512

static int charge(struct population *p, u64 bytes)
{
	int ret = pfbench_charge(bytes);

	if (ret)
		return ret;
	p->charged = bytes;
	p->as.bytes = bytes;
	return 0;
}

static void set_visits(struct place *place, struct pf_page **visit,
		       unsigned long nr)
{
	place->walk.start = visit;
	place->walk.end = visit + nr;
	place->walk.at = visit;
}

static unsigned long repeat_visits(const struct pfbench_populate *as,
				   struct pf_page **visit, unsigned long nr)
{
	return as->flags & PFBENCH_REPEAT ?
		pf_memmap_repeat(visit, nr, as->max_visits) : nr;
}

/* Return: as pf_memmap_visits(). */
static unsigned long list_visits(const struct population *p,
				 struct pf_page *map, struct pf_page **visit)
{
	const struct pfbench_populate *as = &p->as;
	unsigned long nr = as->flags & PFBENCH_ONE_PAGE ? 1UL << as->order :
		p->nr_pages;

	nr = pf_memmap_visits(map, nr, as->which, as->order,
			      as->tails, as->flags & PFBENCH_SHUFFLED,
			      as->seed, visit, as->max_visits);
	return repeat_visits(as, visit, nr);
}

static int make_memmap(struct population *p)
{
	const size_t align = sizeof(struct pf_page) << PF_MAX_ORDER;
	const struct pfbench_populate *as = &p->as;
	unsigned long visits = 0;
	struct pf_page **visit;
	unsigned int i;
	char *start;
	u64 each;
	int ret;

	p->nr_pages = roundup(as->nr_pages, 2UL << as->order);
	each = ALIGN(p->nr_pages * sizeof(struct pf_page) +
		     as->max_visits * sizeof(*visit), align);
	ret = charge(p, each * as->places + align);
	if (ret)
		return ret;
	ret = pfbench_get_memory(&p->memory, p->charged);
	if (ret)
		return ret;
	start = PTR_ALIGN((char *)p->memory.at, align);
	for (i = 0; i < as->places; i++) {
		struct place *place = &p->place[i];

		place->map = (struct pf_page *)(start + i * each);
		place->marked = as->generation;
		if (!pf_memmap_fill(place->map, p->nr_pages, as->generation,
				    as->which, as->order))
			return -EINTR;
		visit = (struct pf_page **)(place->map + p->nr_pages);
		visits = list_visits(p, place->map, visit);
		if (!visits)
			return -EINTR;
		set_visits(place, visit, visits);
		p->nr_places++;
	}
	p->as.visits = visits;
	return 0;
}

/* Clear the flags that a measured accessor may have set. */
static void clear_flags(struct page *page)
{
	static const unsigned char flags[] = {
		PG_locked, PG_referenced, PG_uptodate, PG_dirty, PG_lru,
		PG_active,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(flags); i++)
		clear_bit(flags[i], pfbench_flags(page));
}

static bool is_compound(const struct population *p, unsigned long i)
{
	return pf_is_compound_block(i, p->as.which, p->as.order);
}

static void free_pages_held(struct population *p)
{
	unsigned long i, step;

	for (i = 0; i < p->nr_held; i += step) {
		unsigned int order = is_compound(p, i) ? p->as.order : 0;

		step = 1UL << order;
		clear_flags(p->pages[i]);
		put_page(p->pages[i]);
		__free_pages(p->pages[i], order);
		(void)pf_relax(i / step);
	}
}

/*
 * Allocate pages and take a second reference: walkers of all pages, above all
 * compaction, then do not move them, whatever flags a loop sets.
 */
static int hold_pages(struct population *p)
{
	unsigned long i, j, step;

	for (i = 0; i < p->nr_pages; i += step) {
		unsigned int order = is_compound(p, i) ? p->as.order : 0;
		struct page *page;

		step = 1UL << order;
		page = alloc_pages(GFP_POPULATION | (order ? __GFP_COMP : 0),
				   order);
		if (!page)
			return -ENOMEM;
		get_page(page);
		set_bit(PG_uptodate, pfbench_flags(page));
		for (j = 0; j < step; j++)
			p->pages[i + j] = page + j;
		p->nr_held = i + step;
		if (fatal_signal_pending(current))
			return -EINTR;
		(void)pf_relax(i / step);
	}
	return 0;
}

/* Charge all bytes, then allocate the lists of pages and of visits. */
static int get_lists(struct population *p)
{
	int ret = charge(p, p->nr_pages * (PAGE_SIZE + sizeof(*p->pages)) +
			 p->as.max_visits * sizeof(struct pf_page *));

	if (ret)
		return ret;
	ret = pfbench_get_memory(&p->list, p->nr_pages * sizeof(*p->pages));
	if (ret)
		return ret;
	p->pages = p->list.at;
	return pfbench_get_memory(&p->memory,
				  p->as.max_visits * sizeof(struct pf_page *));
}

static int make_pages(struct population *p)
{
	const struct pfbench_populate *as = &p->as;
	unsigned long i, nr, block = 1UL << as->order;
	struct pf_page **visit;
	int ret;

	if (as->which == PFBENCH_MIXED)
		block *= 2;
	p->nr_pages = roundup(as->nr_pages, block);
	ret = get_lists(p);
	if (!ret)
		ret = hold_pages(p);
	if (ret)
		return ret;
	visit = p->memory.at;
	nr = list_visits(p, NULL, visit);
	if (!nr)
		return -EINTR;
	for (i = 0; i < nr; i++) {
		visit[i] = (struct pf_page *)
			p->pages[(unsigned long)visit[i] >> PF_PAGE_SHIFT];
		if (pf_relax(i))
			return -EINTR;
	}
	set_visits(&p->place[0], visit, nr);
	p->nr_places = 1;
	p->as.visits = nr;
	return 0;
}

static bool is_selected(struct page *page, const struct pfbench_populate *as)
{
	switch (as->which) {
	case PFBENCH_SMALL:
		return !PageCompound(page);
	case PFBENCH_HEADS:
		return PageHead(page);
	default:
		/* a tail that has PG_head is a fake head */
		return PageTail(page) &&
			(!(as->flags & PFBENCH_FAKE_HEADS) ||
			 test_bit(PG_head, pfbench_flags(page)));
	}
}

/* As other drivers do with pinned memory: the process sees it as VmPin. */
static int charge_pins(struct population *p)
{
	struct mm_struct *mm = current->mm;
	u64 pinned = atomic64_add_return(p->nr_pages, &mm->pinned_vm);

	if (pinned > rlimit(RLIMIT_MEMLOCK) >> PAGE_SHIFT &&
	    !capable(CAP_IPC_LOCK)) {
		atomic64_sub(p->nr_pages, &mm->pinned_vm);
		return -ENOMEM;
	}
	mmgrab(mm);
	p->mm = mm;
	return 0;
}

static int pin_pages(struct population *p)
{
	while (p->nr_held < p->nr_pages) {
		unsigned long nr = min_t(unsigned long, PIN_BATCH,
					 p->nr_pages - p->nr_held);
		int ret = pin_user_pages_fast(p->as.address +
					      p->nr_held * PAGE_SIZE, nr,
					      FOLL_LONGTERM,
					      p->pages + p->nr_held);

		if (ret <= 0)
			return ret ?: -EFAULT;
		p->nr_held += ret;
		if (fatal_signal_pending(current))
			return -EINTR;
		cond_resched_tasks_rcu_qs();
	}
	return 0;
}

static int make_pinned(struct population *p)
{
	const struct pfbench_populate *as = &p->as;
	unsigned long i, j, nr = 0;
	struct pf_page **visit, *tmp;
	u64 seed = as->seed | 1;
	int ret;

	p->nr_pages = as->length / PAGE_SIZE;
	ret = get_lists(p);
	if (!ret)
		ret = charge_pins(p);
	if (!ret)
		ret = pin_pages(p);
	if (ret)
		return ret;
	visit = p->memory.at;
	for (i = 0; i < p->nr_pages && nr < as->max_visits; i++) {
		if (is_selected(p->pages[i], as))
			visit[nr++] = (struct pf_page *)p->pages[i];
		if (pf_relax(i))
			return -EINTR;
	}
	if (!nr)
		return -ENODATA;
	/* fewer than an iteration needs: repeat them */
	for (i = 0; nr < PF_UNROLL; i++)
		visit[nr++] = visit[i];
	nr -= nr % PF_UNROLL;
	for (i = nr; (as->flags & PFBENCH_SHUFFLED) && i > 1; i--) {
		j = pf_random_below(&seed, i);
		tmp = visit[i - 1];
		visit[i - 1] = visit[j];
		visit[j] = tmp;
		if (pf_relax(i))
			return -EINTR;
	}
	nr = repeat_visits(as, visit, nr);
	if (!nr)
		return -EINTR;
	set_visits(&p->place[0], visit, nr);
	p->nr_places = 1;
	p->as.visits = nr;
	return 0;
}

static void unpin_pages(struct population *p)
{
	unsigned long nr;

	for (; p->nr_held; p->nr_held -= nr) {
		nr = min_t(unsigned long, PIN_BATCH, p->nr_held);
		unpin_user_pages(p->pages + p->nr_held - nr, nr);
		cond_resched_tasks_rcu_qs();
	}
	if (!p->mm)
		return;
	atomic64_sub(p->nr_pages, &p->mm->pinned_vm);
	mmdrop(p->mm);
}

/* These limits keep every size below a quarter of 2^64 bytes. */
static bool populate_is_valid(const struct pfbench_populate *as)
{
	const u32 known = PFBENCH_SHUFFLED | PFBENCH_FAKE_HEADS |
		PFBENCH_REPEAT | PFBENCH_ONE_PAGE;

	if (as->which > PFBENCH_RUNS || as->flags & ~known)
		return false;
	if (as->flags & PFBENCH_ONE_PAGE &&
	    (as->which == PFBENCH_MIXED || as->source == PFBENCH_USER))
		return false;
	if (as->tails > (as->which == PFBENCH_MIXED ? 100 : 0))
		return false;
	if (as->max_visits < PF_UNROLL || as->max_visits > U32_MAX)
		return false;
	if (as->source == PFBENCH_USER)
		return as->generation == PF_GEN_native && !as->nr_pages &&
			!as->order && as->places == 1 &&
			as->which < PFBENCH_MIXED &&
			(!(as->flags & PFBENCH_FAKE_HEADS) ||
			 as->which == PFBENCH_TAILS) &&
			as->length && PAGE_ALIGNED(as->length) &&
			PAGE_ALIGNED(as->address) &&
			as->length / PAGE_SIZE <= U32_MAX &&
			as->address <= ULONG_MAX &&
			as->address + as->length > as->address;
	if (as->address || as->length || as->flags & PFBENCH_FAKE_HEADS ||
	    !as->nr_pages || as->nr_pages > U32_MAX)
		return false;
	if (as->which == PFBENCH_SMALL ? as->order :
	    !as->order || as->order > PF_MAX_ORDER)
		return false;
	if (as->source == PFBENCH_PAGES)
		return as->generation == PF_GEN_native && as->places == 1;
	return as->source == PFBENCH_MEMMAP &&
		as->generation < PF_NR_REPLICAS && as->places >= 1 &&
		as->places <= PFBENCH_MAX_PLACES;
}

bool pfbench_check_populate(struct pfbench_populate *as)
{
	if (!populate_is_valid(as))
		return false;
	as->generation = array_index_nospec(as->generation, PF_NR_GENERATIONS);
	return true;
}

int pfbench_populate(struct pfbench_populate *as, struct population **new)
{
	struct population *p;
	int ret;

	p = kzalloc(sizeof(*p), GFP_KERNEL_ACCOUNT);
	if (!p)
		return -ENOMEM;
	p->as = *as;
	spin_lock_init(&p->lock);
	if (as->source == PFBENCH_MEMMAP)
		ret = make_memmap(p);
	else if (as->source == PFBENCH_PAGES)
		ret = make_pages(p);
	else
		ret = make_pinned(p);
	if (ret) {
		pfbench_release(p);
		return ret;
	}
	as->visits = p->as.visits;
	as->bytes = p->as.bytes;
	*new = p;
	return 0;
}

void pfbench_release(struct population *p)
{
	if (!p)
		return;
	if (p->as.source == PFBENCH_USER)
		unpin_pages(p);
	else if (p->pages)
		free_pages_held(p);
	pfbench_put_memory(&p->list);
	pfbench_put_memory(&p->memory);
	pfbench_uncharge(p->charged);
	kfree(p);
}
