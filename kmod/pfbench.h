/* SPDX-License-Identifier: GPL-2.0 */
/* What the files of the module share. */
#ifndef PFBENCH_KMOD_H
#define PFBENCH_KMOD_H

#include <linux/mm.h>
#include <linux/types.h>

#include "pageflags/loop.h"
#include "uapi/pfbench.h"

#define PFBENCH_MAX_PLACES 16

/* A copy of a memmap, and the list of pages that a loop goes round. */
struct place {
	struct pf_page *map;		/* NULL where pages are real */
	struct pf_walk walk;
	enum pf_generation marked;
};

struct population {
	struct pfbench_populate as;	/* how it was asked for */
	unsigned long nr_pages;		/* of a memmap, or real ones */
	size_t charged;			/* bytes, against max_mb */
	void *memory;			/* maps, or visits where pages are real */
	struct page **pages;		/* real ones; NULL: a memmap */
	unsigned long nr_held;		/* of pages: allocated or pinned so far */
	u32 *chunk;			/* turns a stretch, by loop; 0: unknown */
	unsigned int nr_places;
	struct place place[PFBENCH_MAX_PLACES];
};

/* Maximum of a stretch with interrupts off, in microseconds. */
extern unsigned int pfbench_stretch_us;

/* The loop, or NULL if there is none; all arguments may be any number. */
pf_loop_fn pfbench_loop(u32 accessor, u32 generation, u32 lowering, u32 form);

void pfbench_info(struct pfbench_info *info);
/* -EINVAL if either number is too high. */
int pfbench_entry(struct pfbench_entry *entry);

/* What all files may take together, in bytes. */
u64 pfbench_max_bytes(void);
/* Take of that, or -ENOMEM; and give back. */
int pfbench_charge(u64 bytes);
void pfbench_uncharge(u64 bytes);

/* Make a population as said in @as, whose last two members are filled in. */
int pfbench_populate(struct pfbench_populate *as, struct population **new);
void pfbench_release(struct population *p);

int pfbench_run(struct population *p, struct pfbench_run *run);

/* Look heads up under writers, as said in @as, and fill its answers in. */
int pfbench_race(struct pfbench_race *as);

#endif
