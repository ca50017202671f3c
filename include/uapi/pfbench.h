/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/**
 * DOC: The ioctls of /dev/pfbench
 *
 * Every struct begins with the size that the caller knows, and follows
 * copy_struct_from_user(): a longer struct is -E2BIG unless the bytes that the
 * module does not know are zero, a struct shorter than its first version is
 * -EINVAL. Fields without (out) are only read. Reserved fields and unknown bits
 * must be zero. New fields go to the end of a struct, and zero means the
 * behaviour without them; any other change raises PFBENCH_ABI.
 *
 * An open file holds one population. All calls but PFBENCH_RUN and PFBENCH_RACE
 * last only as long as their allocations take. A fatal signal ends each call
 * with -EINTR. Any signal ends PFBENCH_RACE, and PFBENCH_RUN after an irq-off
 * window: after a handler without SA_RESTART with -EINTR, else the run starts
 * again. Two callers of one file wait for each other, but for PFBENCH_RUN with
 * threads.
 */
#ifndef _UAPI_PFBENCH_H
#define _UAPI_PFBENCH_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define PFBENCH_ABI 4
#define PFBENCH_DEVICE "/dev/pfbench"
#define PFBENCH_NAME_MAX 40

/* struct pfbench_info.facts: configuration and state of the running kernel */
#define PFBENCH_FACT_HVO (1ULL << 0)		/* vmemmap optimisation */
#define PFBENCH_FACT_HVO_KEY (1ULL << 1)	/* its static key */
#define PFBENCH_FACT_HVO_KEY_ON (1ULL << 2)
#define PFBENCH_FACT_DEBUG_VM (1ULL << 3)
#define PFBENCH_FACT_DEBUG_VM_PGFLAGS (1ULL << 4)
#define PFBENCH_FACT_KASAN (1ULL << 5)
#define PFBENCH_FACT_KCSAN (1ULL << 6)
#define PFBENCH_FACT_LOCKDEP (1ULL << 7)
#define PFBENCH_FACT_THP (1ULL << 8)
#define PFBENCH_FACT_HUGETLB (1ULL << 9)
#define PFBENCH_FACT_COARSE_CLOCK (1ULL << 10)	/* PFBENCH_RUN is -ETIME */

/**
 * struct pfbench_info - PFBENCH_INFO: properties of the module and the kernel
 * @size: bytes that the caller knows; all other fields are (out) and must be
 *	zero
 * @abi: PFBENCH_ABI of the module
 * @nr_accessors: PFBENCH_ENTRY accepts accessors below
 * @nr_generations: PFBENCH_ENTRY accepts generations below
 * @native_is: generation of the kernel's own look-up
 * @unroll: operations per iteration of a loop
 * @max_order: largest order of a compound page
 * @max_places: largest number of places of a population
 * @page_size: PAGE_SIZE
 * @struct_page_size: sizeof(struct page)
 * @stretch_us: longest irq-off window in microseconds, and longest delay by an
 *	interrupt
 * @reserved: zero
 * @facts: PFBENCH_FACT_* bits
 * @max_bytes: memory that all populations of all files may take together
 * @version: of the module
 * @commit: the module was built from
 * @compiler: of the module
 */
struct pfbench_info {
	__u32 size;
	__u32 abi;
	__u32 nr_accessors;
	__u32 nr_generations;
	__u32 native_is;
	__u32 unroll;
	__u32 max_order;
	__u32 max_places;
	__u32 page_size;
	__u32 struct_page_size;
	__u32 stretch_us;
	__u32 reserved;
	__aligned_u64 facts;
	__aligned_u64 max_bytes;
	char version[PFBENCH_NAME_MAX];
	char commit[PFBENCH_NAME_MAX];
	char compiler[2 * PFBENCH_NAME_MAX];
};

/* A loop's bit in struct pfbench_entry.loops */
#define PFBENCH_LOOP(lowering, form) (1U << ((lowering) * 8 + (form)))

/**
 * struct pfbench_entry - PFBENCH_ENTRY: loops of an accessor of a generation
 * @size: bytes that the caller knows
 * @accessor: number of the accessor
 * @generation: number of the generation
 * @loops: (out) PFBENCH_LOOP() bits; 0: no such entry
 * @accessor_name: (out)
 * @generation_name: (out)
 *
 * -EINVAL if a number is not below its limit in struct pfbench_info.
 */
struct pfbench_entry {
	__u32 size;
	__u32 accessor;
	__u32 generation;
	__u32 loops;
	char accessor_name[PFBENCH_NAME_MAX];
	char generation_name[PFBENCH_NAME_MAX];
};

enum pfbench_lowering { PFBENCH_AUTO, PFBENCH_BRANCH, PFBENCH_SELECT };
enum pfbench_form { PFBENCH_THROUGHPUT, PFBENCH_THROUGHPUT_COND,
		    PFBENCH_LATENCY };

enum pfbench_which { PFBENCH_SMALL, PFBENCH_HEADS, PFBENCH_TAILS,
		     PFBENCH_MIXED, PFBENCH_RUNS };

/**
 * enum pfbench_source - the struct pages of a population
 * @PFBENCH_MEMMAP: a memmap of the module's own, for replicas
 * @PFBENCH_PAGES: pages that the module allocates, for native
 * @PFBENCH_USER: pinned memory of the caller, for native accessors that only
 *	read
 */
enum pfbench_source {
	PFBENCH_MEMMAP,
	PFBENCH_PAGES,
	PFBENCH_USER,
};

#define PFBENCH_SHUFFLED (1U << 0)	/* visit pages in random order */
#define PFBENCH_FAKE_HEADS (1U << 1)	/* PFBENCH_USER: only fake heads */
#define PFBENCH_REPEAT (1U << 2)	/* repeat the list up to max_visits */
#define PFBENCH_ONE_PAGE (1U << 3)	/* visit the first (compound) page only */

/**
 * struct pfbench_populate - PFBENCH_POPULATE: replace the file's population
 * @size: bytes that the caller knows
 * @source: enum pfbench_source
 * @generation: a memmap is first marked for this generation
 * @which: enum pfbench_which
 * @order: of the compound pages; 0 for PFBENCH_SMALL
 * @tails: percentage of tails; PFBENCH_MIXED only
 * @places: copies of the memmap in other places, 1 to max_places
 * @flags: PFBENCH_SHUFFLED, PFBENCH_FAKE_HEADS, PFBENCH_REPEAT,
 *	PFBENCH_ONE_PAGE
 * @seed: of the random order
 * @nr_pages: struct pages, rounded up; 0 for PFBENCH_USER
 * @max_visits: most pages that a loop visits before it starts again; with
 *	PFBENCH_REPEAT, rounded down to a multiple of unroll, as many
 * @address: PFBENCH_USER: start of the caller's memory, page-aligned
 * @length: PFBENCH_USER: its bytes, a multiple of the page size
 * @visits: (out) pages that a loop visits before it starts again
 * @bytes: (out) memory that the population holds
 *
 * -EINVAL leaves the old population as it is; after another error the file has
 * none.
 * -ENOMEM without memory, above max_bytes, or if the caller's pinned memory would
 * exceed RLIMIT_MEMLOCK (without CAP_IPC_LOCK); -ENODATA if the caller's memory
 * has no such pages; -EFAULT if it cannot be pinned.
 */
struct pfbench_populate {
	__u32 size;
	__u32 source;
	__u32 generation;
	__u32 which;
	__u32 order;
	__u32 tails;
	__u32 places;
	__u32 flags;
	__aligned_u64 seed;
	__aligned_u64 nr_pages;
	__aligned_u64 max_visits;
	__aligned_u64 address;
	__aligned_u64 length;
	__aligned_u64 visits;
	__aligned_u64 bytes;
};

/**
 * struct pfbench_run - PFBENCH_RUN: run a loop
 * @size: bytes that the caller knows
 * @accessor: number of the accessor
 * @generation: number of the generation
 * @lowering: enum pfbench_lowering
 * @form: enum pfbench_form
 * @place: copy of the memmap, below the population's places
 * @iterations: of unroll operations each; at least 1
 * @ticks: (out) of the time-stamp counter, over all irq-off windows
 * @ns: (out) of CLOCK_MONOTONIC_RAW, over all irq-off windows
 * @longest_ns: (out) the longest irq-off window
 * @irq_off_windows: (out) number of irq-off windows
 * @cpus: (out) 1, plus the number of moves to another CPU between windows
 * @threads: 0: no other call on the file runs; else so many callers may run at
 *	the same time, 1 to PFBENCH_MAX_THREADS
 * @flags: PFBENCH_ONLY_READS: none of the callers writes; only with @threads
 *
 * Callers that run at the same time give the same @threads and @flags: irq-off
 * windows are then short enough for the slowest that so many can make each
 * other. -EBUSY: another number, or more callers than that.
 *
 * A memmap that is marked for another generation is first marked again, which
 * is not timed. -ENOENT: no such loop; -EPERM: the loop writes, and the
 * population is the caller's memory; -EOPNOTSUPP: this kernel forbids the
 * accessor on tails; -ENXIO: the file has no population; -ETIME: the kernel's
 * clock advances in steps that are too long for stretch_us.
 */
struct pfbench_run {
	__u32 size;
	__u32 accessor;
	__u32 generation;
	__u32 lowering;
	__u32 form;
	__u32 place;
	__aligned_u64 iterations;
	__aligned_u64 ticks;
	__aligned_u64 ns;
	__aligned_u64 longest_ns;
	__u32 irq_off_windows;
	__u32 cpus;
	__u32 threads;
	__u32 flags;
};

#define PFBENCH_MAX_THREADS 4096
#define PFBENCH_ONLY_READS (1U << 0)

enum pfbench_race_protocol { PFBENCH_RACE_NONE, PFBENCH_RACE_REF,
			     PFBENCH_RACE_PTL, PFBENCH_RACE_FROZEN };

/* struct pfbench_race.windows: enum pf_window of pageflags/head.h */
#define PFBENCH_WINDOW_BEFORE (1U << 1)
#define PFBENCH_WINDOW_FLAG_HEAD (1U << 2)
#define PFBENCH_WINDOW_HEAD_AGAIN (1U << 3)
#define PFBENCH_WINDOW_WORD_FLAG (1U << 4)
#define PFBENCH_WINDOW_FLAG_NEXT (1U << 5)
#define PFBENCH_WINDOW_HEAD_FLAG (1U << 6)
#define PFBENCH_WINDOWS 0x7eU

/**
 * enum pfbench_race_delay - what delays the reader
 * @PFBENCH_DELAY_SPIN: the reader spins
 * @PFBENCH_DELAY_SLEEP: the reader sleeps
 * @PFBENCH_DELAY_IRQ: an interrupt handler on its CPU spins
 * @PFBENCH_DELAY_PREEMPT: a SCHED_FIFO thread on its CPU spins
 */
enum pfbench_race_delay {
	PFBENCH_DELAY_SPIN,
	PFBENCH_DELAY_SLEEP,
	PFBENCH_DELAY_IRQ,
	PFBENCH_DELAY_PREEMPT,
};

enum pfbench_race_inject { PFBENCH_INJECT_NOTHING, PFBENCH_INJECT_STALE,
			  PFBENCH_INJECT_GARBAGE };

#define PFBENCH_RACE_MAX_DELAY_NS 10000000ULL
#define PFBENCH_RACE_MAX_NS 60000000000ULL
#define PFBENCH_RACE_MAX_HZ 100000

/**
 * struct pfbench_race - PFBENCH_RACE: look up heads that a writer changes
 * @size: bytes that the caller knows
 * @accessor: number of the accessor
 * @generation: number of the generation
 * @protocol: enum pfbench_race_protocol
 * @windows: PFBENCH_WINDOW_* in which look-ups are delayed; 0: no delay
 * @delay: enum pfbench_race_delay; 0 without windows
 * @reader_cpu: CPU of the reader
 * @writer_cpu: CPU of the writer; may be the reader's
 * @inject: enum pfbench_race_inject: falsify one answer in 16, a test
 * @timer_hz: additional timer interrupts of the reader per second, at most
 *	PFBENCH_RACE_MAX_HZ
 * @delay_ns: 1 to PFBENCH_RACE_MAX_DELAY_NS, with PFBENCH_DELAY_IRQ to stretch_us
 *	of struct pfbench_info; 0 without windows
 * @most_ns: longest duration, 1 to PFBENCH_RACE_MAX_NS
 * @most_lookups: the race ends after so many; 0: no limit
 * @seed: of reader and writer
 * @lookups: (out) judged look-ups
 * @right: (out) answers that were the head
 * @itself: (out) answers that were the page itself, not a tail
 * @stale: (out) answers that were formerly the head
 * @garbage: (out) answers that never were the head
 * @undecided: (out) answers without a verdict
 * @wrong_flags: (out) flags touched on a page that was no longer the head
 * @unknown_flags: (out) flags without a verdict
 * @moving: (out) look-ups during a change
 * @passed: (out) look-ups that are not counted: not delayed, or no page
 * @injected: (out) falsified answers
 * @changes: (out) compound pages made or split
 * @refused: (out) splits that the protocol prevented
 * @delays: (out) number of delays
 * @delayed_ns: (out) total length of the delays
 * @interrupts: (out) interrupts of delays and of the timer
 * @switches: (out) times that the reader lost its CPU
 * @first_ns: (out) time until the first bad answer; 0: none
 * @ns: (out) total duration
 *
 * One kernel thread reads, one writes, each bound to its CPU, in a memmap of
 * their own: the population stays as it is. The race ends after @most_ns, after
 * @most_lookups, or at a signal, with the counts so far. -ENOENT: this accessor
 * of this generation looks up no head, or cannot race; -ENODEV: a CPU is
 * offline, or went offline; -EPERM: the caller may not run on a CPU, or asks for
 * PFBENCH_DELAY_PREEMPT without CAP_SYS_NICE; -ENOMEM as in struct pfbench_populate; -ETIME as in
 * struct pfbench_run.
 */
struct pfbench_race {
	__u32 size;
	__u32 accessor;
	__u32 generation;
	__u32 protocol;
	__u32 windows;
	__u32 delay;
	__u32 reader_cpu;
	__u32 writer_cpu;
	__u32 inject;
	__u32 timer_hz;
	__aligned_u64 delay_ns;
	__aligned_u64 most_ns;
	__aligned_u64 most_lookups;
	__aligned_u64 seed;
	__aligned_u64 lookups;
	__aligned_u64 right;
	__aligned_u64 itself;
	__aligned_u64 stale;
	__aligned_u64 garbage;
	__aligned_u64 undecided;
	__aligned_u64 wrong_flags;
	__aligned_u64 unknown_flags;
	__aligned_u64 moving;
	__aligned_u64 passed;
	__aligned_u64 injected;
	__aligned_u64 changes;
	__aligned_u64 refused;
	__aligned_u64 delays;
	__aligned_u64 delayed_ns;
	__aligned_u64 interrupts;
	__aligned_u64 switches;
	__aligned_u64 first_ns;
	__aligned_u64 ns;
};

/*
 * The module ignores the size in a number: a struct may grow, and says its size
 * itself.
 */
#define PFBENCH_INFO _IOWR(0xB7, 0x50, struct pfbench_info)
#define PFBENCH_ENTRY _IOWR(0xB7, 0x51, struct pfbench_entry)
#define PFBENCH_POPULATE _IOWR(0xB7, 0x52, struct pfbench_populate)
#define PFBENCH_RUN _IOWR(0xB7, 0x53, struct pfbench_run)
#define PFBENCH_TEARDOWN _IO(0xB7, 0x54)	/* free the population */
#define PFBENCH_RACE _IOWR(0xB7, 0x55, struct pfbench_race)

#endif
