/* SPDX-License-Identifier: GPL-2.0 */
/*
 * "Physical memory scanners: this code requires audit" (Kirill A. Shutemov,
 * August 2015): functions that come from a pfn and hide a look-up.
 */
#ifndef PFBENCH_CENSUS_AUDIT_H
#define PFBENCH_CENSUS_AUDIT_H

#include <stdio.h>

#include "census/census.h"

struct census_walker {
	uint32_t function;
	bool walks;		/* has a page from a pfn */
	bool named;		/* by a function, not by its code alone */
	size_t hidden;		/* look-ups, here and in what it calls */
	size_t guarded;		/* of them, below a reference taken */
};

struct census_walkers {
	const struct census *census;
	struct census_walker *w;	/* those to be looked at first, first */
	size_t nr;
	bool *unread;	/* by file: is pfn_to_page(), a macro, not known there? */
};

/* Names, and how often each. */
struct census_tally {
	struct census_tallied {
		uint32_t name;
		size_t count;
	} *t;
	size_t nr;
};

/* What is known of one of them. */
struct census_evidence {
	struct census_tally pfn;	/* by what it has the pfn's page */
	struct census_tally hidden;	/* what hides a look-up: accessors, and
					   functions that are called */
	struct census_tally reference;	/* what takes one */
};

/* @c: read with notes. Return: 0, or -ENOMEM with nothing to free. */
int census_walkers(struct census_walkers *all, const struct census *c);
void census_walkers_free(struct census_walkers *all);

/* Return: 0, or -ENOMEM with nothing to free. */
int census_evidence(struct census_evidence *e, const struct census *c,
		    const struct census_walker *w);
void census_evidence_free(struct census_evidence *e);
/* "NAME, NAME*2", to be freed; NULL: out of memory. */
char *census_tally_text(const struct census *c, const struct census_tally *t);

/*
 * census_print_walkers() - the audit's starting list, 72 columns
 * @top: so many functions; 0: all
 * Return: 0, -ENOMEM or -EIO
 */
int census_print_walkers(FILE *f, const struct census_walkers *all, size_t top);

#endif
