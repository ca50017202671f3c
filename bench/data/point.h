/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A point is one thing that can be measured: a name, and the small struct
 * that the name stands for.
 *
 *   ACCESSOR/GENERATION/POPULATION/WORKINGSET/MODE[/more...]
 *   PageLocked/v4.4-word/tail/hot/latency
 *   PageLocked/v4.4-word/mixed:50/hot/throughput/select/cond/shuffled/order:9
 *   PageLocked/native/tail/hot/throughput/thp
 *   PageLocked/v4.4-word/tail/hot/throughput/reader:2
 *   PageLocked/v4.4-word/replay:munmap/hot/throughput
 *
 * The further parts stand in that order, and only where they differ from the
 * default (the compiler's lowering, used as a value, visited in order,
 * compound order PF_DEFAULT_ORDER, pages that the backend makes, one thread).
 */
#ifndef PFBENCH_DATA_POINT_H
#define PFBENCH_DATA_POINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/errmsg.h"
#include "pageflags/loop.h"

enum working_set { WS_HOT, WS_L2, WS_LLC, WS_MEMORY, NR_WORKING_SETS };

/* The origin of real pages: `native` points only. */
enum page_source {
	SOURCE_OWN,		/* the backend makes them */
	SOURCE_ANON,		/* anonymous memory, order 0 */
	SOURCE_THP,		/* transparent huge pages */
	SOURCE_HUGETLB,
	SOURCE_FAKE,		/* fake heads that HVO makes of hugetlb */
	SOURCE_FILE,		/* the page cache of a file */
	NR_SOURCES
};

/* How several threads run the loop of a point. */
enum point_threading {
	THREADS_NONE,		/* there is one thread, by the sampler */
	THREADS_SHARED,		/* all on the same pages */
	THREADS_PRIVATE,	/* each on pages of its own */
	THREADS_READER,		/* the first reads, others set another flag */
	THREADS_READER_REF,	/* the first reads, others take references */
	NR_THREADINGS
};

/* Two threads on CPUs that have this in common, or nothing nearer. */
enum point_pair {
	PAIR_NONE, PAIR_SMT, PAIR_CORE, PAIR_L3, PAIR_NUMA, PAIR_SOCKET,
	NR_PAIRS
};

#define POINT_MAX_THREADS 999

struct point {
	enum pf_accessor accessor;
	enum pf_generation generation;
	enum pf_lowering lowering;
	enum pf_form form;		/* mode and use: the kind of loop */
	enum pf_population population;
	unsigned int tails;		/* per cent, PF_MIXED only, else 0 */
	unsigned int replay;		/* PF_MIXED: number of the sequence
					   that is visited; 0: at random */
	enum working_set ws;
	bool shuffled;
	unsigned int order;		/* 1 to PF_MAX_ORDER; 0: PF_SMALL, or
					   the source decides */
	enum page_source source;
	enum point_threading threading;
	unsigned int threads;		/* 2 of a pair; 0: THREADS_NONE */
	enum point_pair pair;
	bool one_page;			/* of one page, or compound page */
	bool cold_tail;			/* page[1] of each head is in no cache */
};

#define POINT_NAME_MAX 128

/**
 * point_name() - write the name of a point
 * @name: takes POINT_NAME_MAX bytes
 */
void point_name(const struct point *p, char *name);

/**
 * point_parse() - read the name of a point
 * Return: 0; -EINVAL with a line in @msg that names the unknown part and lists
 * the known ones, or that says that the catalog has no such entry.
 */
int point_parse(const char *name, struct point *p, struct errmsg *msg);

/** point_exists() - true if the catalog has this combination */
bool point_exists(const struct point *p);

/** point_equal() - true if all members are equal */
bool point_equal(const struct point *a, const struct point *b);

/** point_compare() - below, equal to or above 0, in the catalog's order */
int point_compare(const struct point *a, const struct point *b);

/**
 * point_compare_columns() - compare all but accessor, generation and lowering
 *
 * The points of one column of a table differ in these three alone.
 *
 * Return: less than, equal to or more than 0, in the order of columns.
 */
int point_compare_columns(const struct point *a, const struct point *b);
static inline bool point_same_column(const struct point *a,
				     const struct point *b)
{
	return !point_compare_columns(a, b);
}

/**
 * point_is_default() - is the point measured on default pages?
 *
 * Default pages are hot, visited in order, and made by the backend in compound
 * pages of the default order, or small.
 */
bool point_is_default(const struct point *p);

/**
 * point_group_key() - a number that all points of one group share
 *
 * A group is the points that differ in generation or lowering only. They are
 * sampled together, round by round. (All primitives of one population, form
 * and working set are one group too.)
 */
uint64_t point_group_key(const struct point *p);
static inline bool point_same_group(const struct point *a,
				    const struct point *b)
{
	return point_group_key(a) == point_group_key(b);
}

/**
 * point_threads_parse() - read a further part that is about threads
 * @part: "shared:2", "reader:smt", "one-page"
 * Return: false if it is none.
 */
bool point_threads_parse(const char *part, struct point *p);

/** point_threads_name() - write these parts, each with its slash, or nothing */
void point_threads_name(const struct point *p, char *text, size_t size);

/**
 * point_threads_check() - has the point the threaded form that it asks for?
 * Return: NULL; the reason why not.
 */
const char *point_threads_check(const struct point *p);

/**
 * point_writer() - the loop of all threads but the first of a reader's point
 * @writer: has the same pages; set only on success
 * Return: false if the catalog has no such accessor.
 */
bool point_writer(const struct point *p, struct point *writer);

/** threading_name() - "shared", "private", "reader", "reader-ref" */
const char *threading_name(enum point_threading threading);

/** pair_name() - "smt", "core", "l3", "numa", "socket" */
const char *pair_name(enum point_pair pair);

/** point_empty() - the empty loop over the same pages, which is subtracted */
struct point point_empty(const struct point *p);

/* Pages of a hot working set where instructions are counted exactly. */
#define POINT_COUNTED_PAGES 1024UL

/**
 * point_counted_pages() - how many of POINT_COUNTED_PAGES a loop visits
 * @p: hot; any population but mixed
 */
unsigned long point_counted_pages(const struct point *p);

/** population_kind_name() - "small", "head", "tail", "mixed" or
 *	"runs" */
const char *population_kind_name(enum pf_population population);
const char *working_set_name(enum working_set ws);
const char *lowering_name(enum pf_lowering lowering);
const char *source_name(enum page_source source);

#define POPULATION_NAME_MAX 28
/**
 * population_name() - "small", "head", "tail", "mixed:50", "replay:NAME"
 * @buf: takes POPULATION_NAME_MAX bytes
 */
void population_name(const struct point *p, char *buf);

/** pages_name() - population and source: "tail", "tail/thp"; size as above */
void pages_name(const struct point *p, char *buf);
static inline bool point_is_latency(const struct point *p)
{
	return p->form == PF_LATENCY;
}

enum point_set {
	POINTS_DEFAULT,		/* takes a minute; in the README */
	POINTS_ALL,		/* all but the selftest's own */
	POINTS_COUNTED,		/* hot and in order, for exact counts */
};

/**
 * points_of() - the points of a set
 * @points: set to an array that the caller frees
 * @native: include the running kernel's own accessors
 * Return: the number of points; -ENOMEM.
 */
long points_of(enum point_set set, struct point **points, bool native);

#define THREAD_LIST_MAX 16

/**
 * struct thread_list - numbers of threads, or pairs
 * @threads: 2 for a pair
 */
struct thread_list {
	unsigned int nr;
	unsigned int threads[THREAD_LIST_MAX];
	enum point_pair pair[THREAD_LIST_MAX];
};

/**
 * thread_list_parse() - read "1,2,max" or "smt,core"
 * @max: the number that "max" is
 * Return: 0; -EINVAL with a line in @msg.
 */
int thread_list_parse(const char *text, unsigned int max,
		      struct thread_list *list, struct errmsg *msg);

/**
 * points_of_replay() - the points on a recorded sequence
 *
 * PageLocked() and compound_head() of all generations and lowerings, on the
 * sequence, on a random mix with the same share of tails, and on small pages.
 *
 * @nr: number of a sequence that was read
 * Return: as points_of().
 */
long points_of_replay(unsigned int nr, struct point **points);

/**
 * points_of_threads() - the points that threads run
 * @all: not only the default set
 * Return: as points_of().
 */
long points_of_threads(const struct thread_list *list, bool all,
		       struct point **points, bool native);

/**
 * point_parse_accessor() - find an accessor by its name
 * Return: 0, or -1 if the catalog has no accessor of that name.
 */
int point_parse_accessor(const char *name, enum pf_accessor *acc);

#endif
