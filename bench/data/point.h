/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A point is one thing that can be measured: its name and the small struct
 * that the name stands for.
 *
 *   ACCESSOR/GENERATION/POPULATION/WORKINGSET/MODE[/more...]
 *   PageLocked/v4.4-word/tail/hot/latency
 *   PageLocked/v4.4-word/mixed:50/hot/throughput/select/cond/shuffled/order:9
 *   PageLocked/native/tail/hot/throughput/thp
 *
 * The further parts stand in that order, and only where they differ from the
 * default (the compiler's lowering, used as a value, visited in order,
 * compound order PF_DEFAULT_ORDER, pages that the backend makes).
 */
#ifndef PFBENCH_POINT_H
#define PFBENCH_POINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pageflags/loop.h"
#include "lib/errmsg.h"

enum working_set { WS_HOT, WS_L2, WS_LLC, WS_MEMORY, NR_WORKING_SETS };

/* Where real pages come from: `native` points only. */
enum page_source {
	SOURCE_OWN,		/* the backend makes them */
	SOURCE_ANON,		/* anonymous memory of ours, order 0 */
	SOURCE_THP,		/* the same in transparent huge pages */
	SOURCE_HUGETLB,
	SOURCE_FAKE,		/* of hugetlb, the fake heads that HVO makes */
	SOURCE_FILE,		/* the page cache of a file */
	NR_SOURCES
};

struct point {
	enum pf_accessor accessor;
	enum pf_generation generation;
	enum pf_lowering lowering;
	enum pf_form form;		/* mode and use in one: what a loop is */
	enum pf_population population;
	unsigned int tails;		/* per cent, for PF_MIXED only, else 0 */
	enum working_set ws;
	bool shuffled;
	unsigned int order;		/* 1 to PF_MAX_ORDER; 0 for PF_SMALL, and
					   where the source decides */
	enum page_source source;
};

#define POINT_NAME_MAX 128

/* Write the name of @p; @name takes POINT_NAME_MAX bytes. */
void point_name(const struct point *p, char *name);

/*
 * point_parse() - the other way round
 * Return: 0; -EINVAL with a line in @msg that says which part is unknown and
 * what is known, or that the catalog has no such entry.
 */
int point_parse(const char *name, struct point *p, struct errmsg *msg);

/* Is this combination in the catalog, and does it make sense? */
bool point_exists(const struct point *p);

bool point_equal(const struct point *a, const struct point *b);

/* Less than, equal to or more than 0: in the order of the catalog. */
int point_compare(const struct point *a, const struct point *b);

/*
 * Points that differ in generation or lowering only are one group, and have
 * one key: they are sampled together, round by round. (All primitives of one
 * population, form and working set are one group too.)
 */
uint64_t point_group_key(const struct point *p);
static inline bool point_same_group(const struct point *a,
				    const struct point *b)
{
	return point_group_key(a) == point_group_key(b);
}

/* The empty loop over the same pages: what a figure is net of. */
struct point point_empty(const struct point *p);

const char *working_set_name(enum working_set ws);
const char *lowering_name(enum pf_lowering how);
const char *source_name(enum page_source source);

#define POPULATION_NAME_MAX 16
/* "small", "head", "tail", "mixed:50" into @buf of that size */
void population_name(const struct point *p, char *buf);
static inline bool point_is_latency(const struct point *p)
{
	return p->form == PF_LATENCY;
}

/*
 * points_of() - the points of a set
 * @native: with the running kernel's own, too
 * Return: how many, and an array to free(); or a negative errno.
 */
enum point_set {
	POINTS_DEFAULT,		/* answers the questions of the README in a minute */
	POINTS_ALL,		/* all but the selftest's own */
	POINTS_COUNTED,		/* what differs where no time passes: hot, in order */
};
long points_of(enum point_set set, struct point **points, bool native);

/**
 * point_parse_accessor() - find an accessor by its name
 * Return: 0, or -1 if the catalog has no accessor of that name.
 */
int point_parse_accessor(const char *name, enum pf_accessor *acc);

#endif
