/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Recorded sequences: the kinds of the pages that the look-ups of a workload
 * visited, in their order. pfbench-results(5) describes the file.
 */
#ifndef PFBENCH_DATA_SEQUENCE_H
#define PFBENCH_DATA_SEQUENCE_H

#include <stddef.h>

#include "lib/errmsg.h"

#define SEQUENCE_MAGIC "# pfbench sequence "
#define SEQUENCE_FORMAT 1

/* A process knows at most so many; a name has at most so many characters. */
#define SEQUENCE_MAX 31
#define SEQUENCE_NAME_MAX 12

/* Visits that are kept, as many as a mixed population has. */
#define SEQUENCE_VISITS (1UL << 19)

enum sequence_kind {
	SEQUENCE_SMALL, SEQUENCE_HEAD, SEQUENCE_TAIL, SEQUENCE_NR_KINDS
};

/**
 * struct sequence - a sequence that was read
 * @kind: of each visit that is kept; NULL if only the name is known
 * @nr: visits that are kept, a multiple of PF_UNROLL
 * @looked_up: all visits in the file, by kind
 * @kept: those that are kept, by kind
 * @workload, @kernel: as the file has them, or ""
 */
struct sequence {
	char name[SEQUENCE_NAME_MAX + 1];
	unsigned char *kind;
	size_t nr;
	unsigned long looked_up[SEQUENCE_NR_KINDS], kept[SEQUENCE_NR_KINDS];
	char workload[128], kernel[128];
};

/**
 * sequence_number() - the number of a name, which may be new
 * Return: 1 to SEQUENCE_MAX; -EINVAL if it is not 1 to SEQUENCE_NAME_MAX
 * letters, digits, dots and dashes; -ENOSPC.
 */
int sequence_number(const char *name);

/* Sites have numbers below this, and names of at most so many characters. */
#define SEQUENCE_SITES 4096
#define SEQUENCE_SITE_NAME_MAX 63

/**
 * struct sequence_reader - what a file calls for each of its lines
 * @site: a site and its name; NULL: not wanted
 * @run: @n look-ups of a site in a row, all on pages of one kind
 */
struct sequence_reader {
	void (*site)(void *arg, unsigned int site, const char *name);
	void (*run)(void *arg, unsigned int site, enum sequence_kind kind,
		    unsigned long n);
	void *arg;
};

/**
 * sequence_walk() - read a file line by line
 * @head: its name, workload and kernel are set
 * Return: 0; a negative errno with a line in @msg.
 */
int sequence_walk(const char *path, const struct sequence_reader *r,
		  struct sequence *head, struct errmsg *msg);

/** sequence_get() - the sequence of a number */
const struct sequence *sequence_get(unsigned int nr);

/**
 * sequence_read() - read a file
 * @site: only the look-ups of this site; -1: all
 * @nr: set to the number of its name
 * Return: 0; a negative errno with a line in @msg.
 */
int sequence_read(const char *path, int site, unsigned int *nr,
		  struct errmsg *msg);

/** sequence_tails() - per cent of tails among the visits that are kept */
unsigned int sequence_tails(unsigned int nr);

#endif
