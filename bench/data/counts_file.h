/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The counts file: exact instructions as text, one point a line, so that a
 * change of a few reads well in a review. results/README.md describes it.
 */
#ifndef PFBENCH_COUNTS_H
#define PFBENCH_COUNTS_H

#include <jansson.h>
#include <stdio.h>

#include "measure/insn_count.h"
#include "lib/errmsg.h"

#define COUNTS_FORMAT 1
/* How such a file begins. */
#define COUNTS_MAGIC "# pfbench counts "

struct counts {
	const json_t *context;		/* strings: what is told of the run */
	const char *perf;		/* "ok", or why there is no second count */
	double resolution;
	const struct insn_count *counted;	/* in the order of the catalog */
	size_t nr;
	bool partial;
};

/* Put points into the order of the catalog, which files keep. */
void counts_sort(struct insn_count *counted, size_t nr);

/*
 * counts_write() - all of it to @f; for write_file_atomic()
 * @arg: a struct counts
 * Return: 0, or -1 if writing failed.
 */
int counts_write(FILE *f, const void *arg);

/*
 * counts_parse() - the other way round: a result as result_load() takes it
 * @f: at its beginning
 * Return: 0; -EINVAL with a line in @msg that has the line's number; -ENOMEM.
 */
int counts_parse(FILE *f, const char *path, json_t **root, struct errmsg *msg);

#endif
