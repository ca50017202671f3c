/* SPDX-License-Identifier: GPL-2.0 */
/* Declarations that the files of the module share. */
#ifndef PFBENCH_KMOD_H
#define PFBENCH_KMOD_H

#include <linux/mm.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#include "pageflags/loop.h"
#include "uapi/pfbench.h"

#define PFBENCH_MAX_PLACES 16

#define GFP_POPULATION (GFP_KERNEL_ACCOUNT | __GFP_NOWARN | \
			__GFP_RETRY_MAYFAIL)

/**
 * struct memory - virtually contiguous memory
 * @at: its start; NULL: none
 * @pages: single pages that @at maps; NULL: physically contiguous
 * @nr_pages: of these allocated so far
 */
struct memory {
	void *at;
	struct page **pages;
	unsigned long nr_pages;
};

/**
 * struct place - one copy of a memmap, or the real pages
 * @map: the memmap; NULL for real pages
 * @walk: the list of pages that a loop visits
 * @marked: generation for which the memmap is marked; PF_NR_GENERATIONS: none
 */
struct place {
	struct pf_page *map;
	struct pf_walk walk;
	enum pf_generation marked;
};

/**
 * struct population - the pages of an open file
 * @as: the request; visits and bytes filled in
 * @nr_pages: struct pages of a memmap, or real pages
 * @charged: bytes, counted against max_mb
 * @memory: memmaps with their visits, or the visits of real pages
 * @list: of @pages
 * @pages: real pages; NULL: a memmap
 * @nr_held: real pages allocated or pinned so far
 * @mm: whose limit the pins are charged to; NULL: none
 * @lock: of the next three
 * @sharers: runs at this time that let others run
 * @threads: that each of these gave, and @shared_flags
 * @nr_places: places made so far
 * @place: the places
 */
struct population {
	struct pfbench_populate as;
	unsigned long nr_pages;
	size_t charged;
	struct memory memory, list;
	struct page **pages;
	unsigned long nr_held;
	struct mm_struct *mm;
	spinlock_t lock;
	u32 sharers, threads, shared_flags;
	unsigned int nr_places;
	struct place place[PFBENCH_MAX_PLACES];
};

/** pfbench_irq_off_ns() - longest irq-off time: module parameter stretch_us */
u64 pfbench_irq_off_ns(void);

/* A clock with larger steps, like jiffies, cannot keep interrupts off briefly */
#define PFBENCH_MAX_STEP_NS 100000

/**
 * pfbench_clock_step() - measure a step of the kernel's clock
 * Return: ns; 0 if its steps are longer than @most.
 */
u64 pfbench_clock_step(u64 most);

/**
 * pfbench_loop() - find a loop
 * Return: the loop, or NULL. The arguments are below their limits.
 */
pf_loop_fn pfbench_loop(u32 accessor, u32 generation, u32 lowering, u32 form);

/** pfbench_info() - fill in everything but the size */
void pfbench_info(struct pfbench_info *info);

/**
 * pfbench_entry() - fill in loops and names
 * Return: 0; -EINVAL if a number is too high.
 */
int pfbench_entry(struct pfbench_entry *entry);

/** pfbench_max_bytes() - limit of the memory of all files together */
u64 pfbench_max_bytes(void);

/**
 * pfbench_charge() - reserve bytes of that limit
 * Return: 0 or -ENOMEM.
 */
int pfbench_charge(u64 bytes);
void pfbench_uncharge(u64 bytes);

/**
 * pfbench_get_memory() - allocate, physically contiguous if possible: that has
 * fewer TLB misses
 * @m: zeroed
 * Return: 0, -ENOMEM, or -EINTR if the caller is being killed; @m then has to
 * be freed nevertheless.
 */
int pfbench_get_memory(struct memory *m, size_t size);

/** pfbench_put_memory() - free also half-made memory, or none */
void pfbench_put_memory(struct memory *m);

/**
 * pfbench_check_populate() - check all numbers, and bound those that index
 * arrays
 * Return: false if the request is not valid.
 */
bool pfbench_check_populate(struct pfbench_populate *as);

/**
 * pfbench_populate() - make a population
 * @as: the checked request; visits and bytes are filled in
 * Return: 0, or an error of PFBENCH_POPULATE.
 */
int pfbench_populate(struct pfbench_populate *as, struct population **new);

/** pfbench_release() - free a population, also a half-made one, or NULL */
void pfbench_release(struct population *p);

/**
 * pfbench_check_run() - check a request, and bound all numbers that index arrays
 * @p: the file's population, or NULL
 * Return: 0, or an error of PFBENCH_RUN.
 */
int pfbench_check_run(const struct population *p, struct pfbench_run *run);

/** pfbench_must_mark() - must the place be marked for this checked request? */
bool pfbench_must_mark(const struct population *p,
		       const struct pfbench_run *run);

/**
 * pfbench_mark() - mark the place; nobody else may use the population
 * Return: 0; -EINTR if the caller is being killed.
 */
int pfbench_mark(struct population *p, const struct pfbench_run *run);

/**
 * pfbench_run() - run a loop; callers with threads may run at the same time
 * @run: the checked request; the results are filled in
 * Return: 0, or an error of PFBENCH_RUN.
 */
int pfbench_run(struct population *p, struct pfbench_run *run);

/**
 * pfbench_race() - look up heads that a writer changes
 * @as: the request; the results are filled in
 * Return: 0, or an error of PFBENCH_RACE.
 */
int pfbench_race(struct pfbench_race *as);

#endif
