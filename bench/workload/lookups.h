/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The look-ups that a workload executes: the code of a kernel for
 * bench/plugin/lookups.c, and the plugin's counts.
 */
#ifndef PFBENCH_WORKLOAD_LOOKUPS_H
#define PFBENCH_WORKLOAD_LOOKUPS_H

#include <stdio.h>

#include "census/census.h"

/**
 * struct workload_count - counts of a site, or of several
 * @own: instructions executed in the code that belongs to the site itself
 * @whole: of a look-up: all its instructions; else 0
 * @tail, @head, @small: executions by what the look-up saw first
 * @tested: executions that read page[1] to tell a fake head
 * @fake: of these, pages that were fake heads, which are tails
 */
struct workload_count {
	uint64_t own, whole;
	uint64_t tail, head, small, tested, fake;
};

/**
 * struct workload - a kernel's code, and what was counted in it
 * @piece: of the sites, none overlapping, by address
 * @count: by number of the site; the counts of pages are those of the look-up,
 *	however many sites it consists of
 * @user, @kernel: instructions; one that repeats itself (rep movs) is one
 * @repeated, @iterations: such instructions, and how often they did
 * @starts: how often counting was started
 * @unread: look-ups whose page's flags could not be read
 * @open: the machine stopped while it counted
 */
struct workload {
	struct census census;
	struct census_range *piece;
	size_t nr_pieces;
	struct workload_count *count;
	uint64_t user, kernel, repeated, iterations, starts, unread;
	bool open;
};

/**
 * workload_open() - read the debug information of a kernel
 * @vmlinux: linked, with debug information
 *
 * workload_close() frees what was read, after an error too.
 *
 * Return: 0; a negative errno with a line in @msg: those of census_read();
 * -EINVAL if no struct page is described, or for an architecture without marks.
 */
int workload_open(struct workload *w, const char *vmlinux, struct errmsg *msg);
void workload_close(struct workload *w);

/** workload_write_sites() - write the plugin's file of sites; @arg is @w */
int workload_write_sites(FILE *f, const void *arg);

/**
 * workload_read_counts() - read the plugin's counts
 * Return: 0; a negative errno with a line in @msg: -ENODATA for a file that is
 * cut off.
 */
int workload_read_counts(struct workload *w, const char *path,
			 struct errmsg *msg);

/** workload_lookup_of() - the look-up that a site belongs to, or -1 */
int workload_lookup_of(struct workload *w, size_t site);

static inline uint64_t workload_executions(const struct workload_count *n)
{
	return n->tail + n->head + n->small;
}

#endif
