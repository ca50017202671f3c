/* SPDX-License-Identifier: GPL-2.0 */
/* The sites of a census, added up by accessor, function, file ... */
#ifndef PFBENCH_CENSUS_AGGREGATE_H
#define PFBENCH_CENSUS_AGGREGATE_H

#include "census/census.h"

enum census_by {
	CENSUS_BY_ACCESSOR,
	CENSUS_BY_CHAIN,	/* look-ups only: the inlines around them */
	CENSUS_BY_FUNCTION,	/* around the sites */
	CENSUS_BY_FILE,		/* compiled */
	CENSUS_BY_LINE,		/* of the call */
	CENSUS_NR_BY
};

struct census_sum {
	uint64_t inlined;
	uint64_t empty;		/* inlined, but without code */
	uint64_t copies;	/* out of line */
	uint64_t lookups;
	uint64_t hidden;	/* look-ups in other accessors */
	uint64_t own, whole;	/* bytes, of inlined and copies */
	uint64_t copy_bytes;	/* whole bytes of the copies */
	/* whole bytes of the look-ups */
	uint64_t lookup_bytes, hidden_bytes;
};

struct census_row {
	/*
	 * Numbers of strings, by census_by: accessor; look-up, chain;
	 * function, unit; unit; accessor, file, and the number of the line.
	 */
	uint32_t key[3];
	struct census_sum sum;
};

struct census_table {
	struct census_row *row;
	size_t nr;
};

/**
 * census_table() - add up sites that have the same key
 * @t: rows with most bytes first; a site inside another site of the same row
 *	adds nothing to the whole bytes
 * Return: 0 or -ENOMEM.
 */
int census_table(const struct census *c, enum census_by by,
		 struct census_table *t);
void census_table_free(struct census_table *t);

/** census_total() - add up all sites */
struct census_sum census_total(const struct census *c);
/** census_file_total() - add up the sites of the file of that number */
struct census_sum census_file_total(const struct census *c, size_t file);

/* "accessor", "chain", "function", "file", "line" */
extern const char *const census_by_name[CENSUS_NR_BY];

#endif
