/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Shared by the workloads: each prepares, counts its operations alone, and
 * prints how many there were.
 */
#ifndef PFBENCH_WORKLOADS_WORKLOAD_H
#define PFBENCH_WORKLOADS_WORKLOAD_H

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "mark.h"
#include "timed.h"

#define PAGE (4096UL)
#define HUGE (512 * PAGE)

static inline void __attribute__((noreturn)) fail(const char *what)
{
	fprintf(stderr, "%s: %s\n", what, strerror(errno));
	exit(1);
}

/* The argument with that number, from 1 to a million; or a default. */
static inline unsigned long size_argument(int argc, char **argv, int number,
					  unsigned long otherwise)
{
	unsigned long n;
	char *end;

	if (number >= argc)
		return otherwise;
	n = strtoul(argv[number], &end, 10);
	if (*end || !n || n > 1000000) {
		fprintf(stderr, "%s: %s: not a number from 1 to 1000000\n",
			argv[0], argv[number]);
		exit(2);
	}
	return n;
}

/* Whether the argument with that number is @word, one of two. */
static inline int word_argument(int argc, char **argv, int number,
				const char *word, const char *other)
{
	if (number >= argc || !strcmp(argv[number], other))
		return 0;
	if (!strcmp(argv[number], word))
		return 1;
	fprintf(stderr, "%s: %s: not %s or %s\n", argv[0], argv[number], other,
		word);
	exit(2);
}

static inline void print_operations(unsigned long n, const char *unit)
{
	printf("operations: %lu %s\n", n, unit);
	print_time();
}

/* Memory of that many bytes, aligned for large folios, not yet touched. */
static inline char *map_anonymous(size_t size, int advice)
{
	char *p = mmap(NULL, size + HUGE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *start;

	if (p == MAP_FAILED)
		fail("mmap");
	start = (char *)(((unsigned long)p + HUGE - 1) & ~(HUGE - 1));
	if (madvise(start, size, advice))
		fail("madvise");
	return start;
}

static inline void touch(char *p, size_t size, size_t step)
{
	for (size_t i = 0; i < size; i += step)
		((volatile char *)p)[i] = 1;
}

#endif
