/* SPDX-License-Identifier: GPL-2.0 */
/*
 * "Physical memory scanners: this code requires audit" (Kirill A. Shutemov,
 * August 2015): functions that get a page from a pfn and hide a look-up.
 */
#ifndef PFBENCH_CENSUS_PFN_WALKERS_H
#define PFBENCH_CENSUS_PFN_WALKERS_H

#include <stdio.h>

#include "census/census.h"

struct census_walker {
	uint32_t function;
	bool walks;		/* gets a page from a pfn */
	bool named;		/* not only by the code of pfn_to_page() */
	size_t hidden;		/* look-ups, here and in the callees */
	size_t guarded;		/* look-ups above a reference, by address */
	uint64_t pfn;		/* lowest address that gets a page from a pfn */
	uint64_t reference;	/* lowest that takes a reference after @pfn */
};

/* The numbers of notes or sites, grouped by their functions. */
struct census_by_function {
	uint32_t *first;	/* by function: its first item; then the end */
	uint32_t *item;
};

struct census_walkers {
	const struct census *census;
	struct census_walker *w;	/* in the order of an audit */
	size_t nr;
	bool *unread;		/* by file: pfn_to_page() is not known there */
	struct census_by_function notes, sites;
	size_t *hidden_below;	/* by note: look-ups hidden in the callee */
};

/* Names with counts. */
struct census_tally {
	struct census_tallied {
		uint32_t name;
		size_t count;
	} *t;
	size_t nr;
};

/* The reasons why a function is in the list. */
struct census_evidence {
	struct census_tally pfn;	/* get a page from a pfn */
	struct census_tally hidden;	/* hide a look-up: accessor, callee */
	struct census_tally reference;	/* take a reference */
};

/**
 * census_walkers() - find the functions that get a page from a pfn and hide a
 *	look-up
 * @c: read with notes
 * Return: 0, or -ENOMEM with nothing to free.
 */
int census_walkers(struct census_walkers *all, const struct census *c);
void census_walkers_free(struct census_walkers *all);

/**
 * census_evidence() - list the reasons why one walker was found
 * @w: element of @all
 * Return: 0, or -ENOMEM with nothing to free.
 */
int census_evidence(struct census_evidence *e, const struct census_walkers *all,
		    const struct census_walker *w);
void census_evidence_free(struct census_evidence *e);

/**
 * census_tally_text() - write a tally as "NAME, NAME*2"
 * Return: text to be freed; NULL if there is no memory.
 */
char *census_tally_text(const struct census *c, const struct census_tally *t);

/**
 * census_print_walkers() - print the starting list of an audit, 72 columns
 * @top: number of functions; 0: all
 * Return: 0, -ENOMEM or -EIO.
 */
int census_print_walkers(FILE *f, const struct census_walkers *all, size_t top);

#endif
