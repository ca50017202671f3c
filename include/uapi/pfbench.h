/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * The ioctls of /dev/pfbench.
 *
 * Every struct begins with its size as the caller knows it. The module takes
 * what it knows of it; a longer one is -E2BIG unless the unknown rest is zero,
 * a shorter one than the first version's is -EINVAL (copy_struct_from_user()).
 * What is not said to be filled in stays as it was; reserved and unknown bits
 * must be zero. A new field goes to the end, and zero means as before; only
 * what breaks that changes PFBENCH_ABI.
 *
 * One open file holds one population. All calls but PFBENCH_RUN and
 * PFBENCH_RACE take no longer than their memory takes to be had; all end at a
 * fatal signal with -EINTR. Two callers of one file wait for each other.
 */
#ifndef _UAPI_PFBENCH_H
#define _UAPI_PFBENCH_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define PFBENCH_ABI 1
#define PFBENCH_DEVICE "/dev/pfbench"
#define PFBENCH_NAME_MAX 40

/* The size of a struct is in the struct, not in the number. */
#define PFBENCH_INFO _IO(0xB7, 0x50)
#define PFBENCH_ENTRY _IO(0xB7, 0x51)
#define PFBENCH_POPULATE _IO(0xB7, 0x52)
#define PFBENCH_RUN _IO(0xB7, 0x53)
#define PFBENCH_TEARDOWN _IO(0xB7, 0x54)
#define PFBENCH_RACE _IO(0xB7, 0x55)

/* struct pfbench_info.facts: how the running kernel was built, and is */
#define PFBENCH_FACT_HVO (1ULL << 0)		/* HugeTLB vmemmap optimisation */
#define PFBENCH_FACT_HVO_KEY (1ULL << 1)	/* a static key guards look-ups */
#define PFBENCH_FACT_HVO_KEY_ON (1ULL << 2)
#define PFBENCH_FACT_DEBUG_VM (1ULL << 3)
#define PFBENCH_FACT_DEBUG_VM_PGFLAGS (1ULL << 4)
#define PFBENCH_FACT_KASAN (1ULL << 5)
#define PFBENCH_FACT_KCSAN (1ULL << 6)
#define PFBENCH_FACT_LOCKDEP (1ULL << 7)
#define PFBENCH_FACT_THP (1ULL << 8)
#define PFBENCH_FACT_HUGETLB (1ULL << 9)

/* PFBENCH_INFO: what is there. All but size is filled in. */
struct pfbench_info {
	__u32 size;
	__u32 abi;
	__u32 nr_accessors;		/* for PFBENCH_ENTRY, from 0 */
	__u32 nr_generations;
	__u32 native_is;		/* generation of the kernel's own look-up */
	__u32 unroll;			/* operations a turn */
	__u32 max_order;
	__u32 max_places;
	__u32 page_size;
	__u32 struct_page_size;
	__u32 stretch_us;		/* interrupts are off no longer at a time */
	__u32 reserved;
	__aligned_u64 facts;
	__aligned_u64 max_bytes;	/* all populations of all files together */
	char version[PFBENCH_NAME_MAX];	/* of the module */
	char commit[PFBENCH_NAME_MAX];
	char compiler[2 * PFBENCH_NAME_MAX];
};

/* A loop of an entry: its bit in struct pfbench_entry.loops */
#define PFBENCH_LOOP(lowering, form) (1U << ((lowering) * 8 + (form)))

/* PFBENCH_ENTRY: one accessor of one generation, and its loops. */
struct pfbench_entry {
	__u32 size;
	__u32 accessor;			/* in, below nr_accessors */
	__u32 generation;		/* in, below nr_generations */
	__u32 loops;			/* 0: it has no such entry */
	char accessor_name[PFBENCH_NAME_MAX];
	char generation_name[PFBENCH_NAME_MAX];
};

enum pfbench_lowering { PFBENCH_AUTO, PFBENCH_BRANCH, PFBENCH_SELECT };
enum pfbench_form { PFBENCH_THROUGHPUT, PFBENCH_THROUGHPUT_COND,
		    PFBENCH_LATENCY };

enum pfbench_which { PFBENCH_SMALL, PFBENCH_HEADS, PFBENCH_TAILS,
		     PFBENCH_MIXED };

enum pfbench_source {
	PFBENCH_MEMMAP,		/* a memmap of the module's own, for replicas */
	PFBENCH_PAGES,		/* pages that it allocates, for `native` */
	PFBENCH_USER,		/* the caller's memory, pinned: `native` tests */
};

#define PFBENCH_SHUFFLED (1U << 0)
#define PFBENCH_FAKE_HEADS (1U << 1)	/* of PFBENCH_USER, tails: those alone */

/*
 * PFBENCH_POPULATE: make the file's population, in place of one it has.
 *
 * -ENOMEM if there is no memory or it is more than max_bytes leaves; -ENODATA
 * if the caller's range has no such pages; -EFAULT if it cannot be read.
 */
struct pfbench_populate {
	__u32 size;
	__u32 source;
	__u32 generation;	/* that a memmap is marked for at first */
	__u32 which;
	__u32 order;		/* of compound pages: 0 for PFBENCH_SMALL */
	__u32 tails;		/* per cent, PFBENCH_MIXED only */
	__u32 places;		/* copies elsewhere, 1 to max_places; memmap only */
	__u32 flags;
	__aligned_u64 seed;
	__aligned_u64 nr_pages;	/* struct pages that it spans; rounded up */
	__aligned_u64 max_visits;
	__aligned_u64 address;	/* PFBENCH_USER: whole pages of the caller's */
	__aligned_u64 length;	/* in bytes; nr_pages must be 0 */
	__aligned_u64 visits;	/* out: a loop goes round so many */
	__aligned_u64 bytes;	/* out: memory that it holds */
};

/*
 * PFBENCH_RUN: run a loop of turns * unroll operations.
 *
 * A memmap that is marked for another generation is marked anew first, outside
 * what is timed. -ENOENT: no such loop; -EPERM: a loop that would write to
 * memory that is only read; -EOPNOTSUPP: this kernel forbids it on a tail;
 * -ENXIO: nothing is populated.
 */
struct pfbench_run {
	__u32 size;
	__u32 accessor;
	__u32 generation;
	__u32 lowering;
	__u32 form;
	__u32 place;
	__aligned_u64 iterations;	/* at least 1 */
	__aligned_u64 ticks;	/* out: of the time-stamp counter, all stretches */
	__aligned_u64 ns;	/* out: of CLOCK_MONOTONIC_RAW, the same */
	__aligned_u64 longest_ns;	/* out: the longest stretch */
	__u32 irq_off_windows;	/* out: with interrupts off, one after another */
	__u32 cpus;		/* out: 1, or more if it was moved in between */
};

/* PFBENCH_TEARDOWN: give the population back. No argument. */

enum pfbench_race_protocol { PFBENCH_RACE_NONE, PFBENCH_RACE_REF,
			     PFBENCH_RACE_PTL, PFBENCH_RACE_FROZEN };

/* Where a look-up is held up: bits of struct pfbench_race.gaps. */
#define PFBENCH_WINDOW_BEFORE (1U << 1)
#define PFBENCH_WINDOW_FLAG_HEAD (1U << 2)
#define PFBENCH_WINDOW_HEAD_AGAIN (1U << 3)
#define PFBENCH_WINDOW_WORD_FLAG (1U << 4)
#define PFBENCH_WINDOW_FLAG_NEXT (1U << 5)
#define PFBENCH_WINDOW_HEAD_FLAG (1U << 6)
#define PFBENCH_WINDOWS 0x7eU

enum pfbench_race_delay {
	PFBENCH_DELAY_SPIN,	/* the reader spins */
	PFBENCH_DELAY_SLEEP,	/* it sleeps */
	PFBENCH_DELAY_IRQ,	/* an interrupt comes, whose handler spins */
	PFBENCH_DELAY_PREEMPT,	/* a SCHED_FIFO thread on its CPU spins */
};

enum pfbench_race_inject { PFBENCH_INJECT_NOTHING, PFBENCH_INJECT_STALE,
			  PFBENCH_INJECT_GARBAGE };

#define PFBENCH_RACE_MAX_DELAY_NS 10000000ULL
#define PFBENCH_RACE_MAX_NS 60000000000ULL
#define PFBENCH_RACE_MAX_HZ 100000

/*
 * PFBENCH_RACE: look heads up while compound pages are made and split.
 *
 * One thread of the kernel reads, one writes, each bound to its CPU; the
 * memmap is theirs, the population is not touched. Ends after most_ns, after
 * so many look-ups, or at a signal, with what was counted until then. -ENOENT:
 * this accessor of this generation looks no head up, or cannot be raced with;
 * -ENODEV: a CPU is not online, or went; -ENOMEM as above.
 */
struct pfbench_race {
	__u32 size;
	__u32 accessor;
	__u32 generation;
	__u32 protocol;
	__u32 windows;		/* PFBENCH_WINDOW_...; 0: no delay */
	__u32 delay;		/* its kind; 0 without gaps */
	__u32 reader_cpu;
	__u32 writer_cpu;	/* may be the same */
	__u32 inject;		/* one answer in 16 is falsified: tests the judge */
	__u32 timer_hz;		/* interrupts of the reader, besides: at most
				 * PFBENCH_RACE_MAX_HZ */
	__aligned_u64 delay_ns;	/* 1 to PFBENCH_RACE_MAX_DELAY_NS; 0 without gaps */
	__aligned_u64 most_ns;	/* 1 to PFBENCH_RACE_MAX_NS */
	__aligned_u64 most_lookups;	/* 0: no such end */
	__aligned_u64 seed;
	/* out: answers, by what the judge made of them */
	__aligned_u64 lookups;
	__aligned_u64 right;
	__aligned_u64 itself;
	__aligned_u64 stale;
	__aligned_u64 garbage;
	__aligned_u64 undecided;
	__aligned_u64 wrong_flags;
	__aligned_u64 unknown_flags;
	__aligned_u64 moving;	/* look-ups that saw a change */
	__aligned_u64 passed;	/* not counted: not held up, or no page to be had */
	__aligned_u64 injected;
	/* out: what went on meanwhile */
	__aligned_u64 changes;	/* compound pages made or split */
	__aligned_u64 refused;	/* not split: somebody was there */
	__aligned_u64 delays;
	__aligned_u64 delayed_ns;	/* in all of them */
	__aligned_u64 interrupts;	/* of both kinds that came */
	__aligned_u64 switches;	/* times that the reader lost its CPU */
	__aligned_u64 first_ns;	/* until the first bad one; 0: there was none */
	__aligned_u64 ns;	/* that it took in all */
};

#endif
