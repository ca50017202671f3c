/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Result files of a lab: each is checked before it is believed. A file with a
 * fault is left out, with a line that states the fault; the others are read.
 */
#ifndef PFBENCH_DATA_COLLECTION_H
#define PFBENCH_DATA_COLLECTION_H

#include "data/result.h"
#include "lib/strtab.h"

/* Files that were left out, and why: "FILE: fault". */
struct left_out {
	char **text;
	size_t nr;
	bool lost;		/* out of memory: a line is missing */
};

/** left_out_add() - record a file and its fault */
void left_out_add(struct left_out *l, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void left_out_free(struct left_out *l);

/**
 * struct collection - result files that are to be read
 * @path: @nr of them
 */
struct collection {
	char **path;
	size_t nr;
	const char **checksum;		/* its fault, or NULL */
	struct strtab runs;		/* the runs that were loaded */
	char **run_path;
	struct left_out *left_out;
};

/**
 * collection_open() - find the files
 * @names: files, and directories. In a directory and those below it, files
 *	*.json and counts*.txt, gzipped or not, are taken, sorted by their
 *	paths, without race files.
 * @left_out: takes the files with faults, also later
 *
 * Checksums are verified here: see checksum_verify().
 *
 * collection_close() must be called even after an error.
 *
 * A name that does not exist is left out, like a file with a fault.
 *
 * Return: 0, or a negative errno with a line in @msg: -ENOMEM, or the error of
 * a directory.
 */
int collection_open(struct collection *c, size_t nr, char *const *names,
		    struct left_out *left_out, struct errmsg *msg);
void collection_close(struct collection *c);

/* The view needs no samples. */
#define COLLECTION_FIGURES 1

/**
 * collection_load() - load a file, if it is to be believed
 * @i: below @c->nr
 * @flags: COLLECTION_FIGURES is faster: see result_load_figures()
 *
 * A file is left out if it cannot be read, its checksum differs,
 * result_check() finds a fault, or the run was loaded from another file.
 *
 * Return: 0 if @r is to be freed; 1 if the file was left out; -ENOMEM.
 */
int collection_load(struct collection *c, size_t i, unsigned int flags,
		    struct result *r);

/**
 * collection_read_all() - load all files with COLLECTION_FIGURES, in threads
 * @take: gets file @i and its result, which is freed afterwards. It is called
 *	by several threads at a time, once per file, and must only change what
 *	belongs to @i. Returns 0, or -ENOMEM.
 * @taken: takes for each file whether it is to be used. Results that
 *	collection_load() would leave out are not; @take may have got them.
 * Return: 0, or -ENOMEM.
 */
int collection_read_all(struct collection *c,
			int (*take)(void *arg, size_t i,
				    const struct result *r),
			void *arg, bool *taken);

#endif
