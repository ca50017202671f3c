/* SPDX-License-Identifier: GPL-2.0 */
/* A census's sites added up, in one of several ways. */
#ifndef PFBENCH_CENSUS_TABLE_H
#define PFBENCH_CENSUS_TABLE_H

#include "census/census.h"

enum census_by {
	CENSUS_BY_ACCESSOR,
	CENSUS_BY_CHAIN,	/* look-ups only: by what hides them */
	CENSUS_BY_FUNCTION,	/* that contains them */
	CENSUS_BY_FILE,		/* compiled */
	CENSUS_BY_LINE,		/* of the call */
	CENSUS_NR_BY
};

struct census_sum {
	uint64_t inlined, empty;	/* empty: inlined, and no code is left of it */
	uint64_t copies;		/* out of line */
	uint64_t lookups, hidden;	/* hidden: look-ups in other accessors */
	uint64_t own, whole;	/* bytes, of inlined and copies */
	uint64_t copy_bytes;	/* whole of the copies */
	uint64_t lookup_bytes, hidden_bytes;	/* whole of the look-ups */
};

struct census_row {
	/*
	 * Strings' numbers: accessor; look-up, chain; function, unit; unit;
	 * accessor, file, and the line's number itself.
	 */
	uint32_t key[3];
	struct census_sum sum;
};

struct census_table {
	struct census_row *row;
	size_t nr;
};

/*
 * census_table() - rows by what @by says, those with most bytes first
 * Bytes of sites inside each other are in a row's whole once.
 * Return: 0 or -ENOMEM
 */
int census_table(const struct census *c, enum census_by by,
		 struct census_table *t);
void census_table_free(struct census_table *t);

/* All of them, or of the file of that number. */
struct census_sum census_total(const struct census *c);
struct census_sum census_file_total(const struct census *c, size_t file);

/* "accessor", "chain", "function", "file", "line" */
extern const char *const census_by_name[CENSUS_NR_BY];

#endif
