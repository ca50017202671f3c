// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/atomic_file.h"
#include "lib/stats.h"
#include "machine/tsc.h"
#include "measure/contention.h"

#define CHAIN_ITERATIONS 750
#define ADDS_ITERATIONS 2500
#define ADDS_PER_ITERATION 32

/*
 * A half of the chain that takes longer than this multiple of the least reading
 * was interrupted or contended: undisturbed, it repeats to 0.3 %.
 */
#define STEADY 1.005

#define HIDE(v) asm volatile("" : "+r"(v))
#define CHAIN1 a++; HIDE(a);
#define CHAIN4 CHAIN1 CHAIN1 CHAIN1 CHAIN1
#define ADD4 a++; HIDE(a); b++; HIDE(b); c++; HIDE(c); d++; HIDE(d);
#define ADD16 ADD4 ADD4 ADD4 ADD4

static double __attribute__((noinline, aligned(64))) chain_ticks(void)
{
	unsigned long a = 0, i;
	uint64_t start = clock_start();

	for (i = 0; i < CHAIN_ITERATIONS; i++) {
		CHAIN4 CHAIN4 CHAIN4 CHAIN4
	}
	return (double)(clock_stop() - start) / (CHAIN_ITERATIONS * 16);
}

static double __attribute__((noinline, aligned(64))) adds_ticks(void)
{
	unsigned long a = 0, b = 0, c = 0, d = 0, i;
	uint64_t start = clock_start();

	for (i = 0; i < ADDS_ITERATIONS; i++) {
		ADD16 ADD16
	}
	return (double)(clock_stop() - start) /
	       (ADDS_ITERATIONS * ADDS_PER_ITERATION);
}

static double read_level(const char *path)
{
	FILE *f = *path ? fopen(path, "re") : NULL;
	double level;

	if (!f)
		return 1;
	if (fscanf(f, "%lf", &level) != 1 || !(level > 0.05 && level < 1))
		level = 1;
	fclose(f);
	return level;
}

static int write_level(FILE *f, const void *level)
{
	return fprintf(f, "%.6f\n", *(const double *)level) < 0;
}

static void set_level_path(struct contention *q, const char *cpu_id)
{
	const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
	const size_t size = sizeof(q->path);
	size_t n;
	char *c;

	if (cache && *cache == '/')
		n = snprintf(q->path, size, "%s/pfbench/level-", cache);
	else if (home && *home == '/')
		n = snprintf(q->path, size, "%s/.cache/pfbench/level-", home);
	else
		return;
	if (n + strlen(cpu_id) >= size) {
		q->path[0] = '\0';
		return;
	}
	c = strcpy(q->path + n, cpu_id);
	for (; *c; c++)
		if (!isalnum((unsigned char)*c) && *c != '-')
			*c = '_';
}

void contention_open(struct contention *q, const char *cpu_id)
{
	memset(q, 0, sizeof(*q));
	set_level_path(q, cpu_id);
	q->level = read_level(q->path);
	q->cycle = NAN;
}

void contention_close(struct contention *q)
{
	if (*q->path && q->level < read_level(q->path) &&
	    !make_parents(q->path, NULL))
		write_file_atomic(q->path, write_level, &q->level, NULL);
}

/* The least reading counts: an interrupt only makes a reading longer. */
static void keep_cycle(struct contention *q, double ticks)
{
	const unsigned int max = sizeof(q->cycles) / sizeof(*q->cycles);
	size_t n;

	q->cycles[q->nr_cycles++ % max] = ticks;
	n = q->nr_cycles < max ? q->nr_cycles : max;
	q->cycle = q->cycles[0];
	for (size_t i = 1; i < n; i++)
		if (q->cycles[i] < q->cycle)
			q->cycle = q->cycles[i];
}

bool contention_read(struct contention *q)
{
	double before = chain_ticks(), adds = adds_ticks();
	double after = chain_ticks(), median;

	keep_cycle(q, before < after ? before : after);
	/*
	 * Nothing follows from a disturbed chain. The ratio is then too small,
	 * and would make the level too low.
	 */
	if (before > q->cycle * STEADY || after > q->cycle * STEADY)
		return false;
	q->ratio = 2 * adds / (before + after);
	q->ratios[q->nr_ratios++ % 5] = q->ratio;
	if (q->nr_ratios >= 5) {
		median = stats_median(q->ratios, 5);
		if (median < q->level)
			q->level = median;
	}
	return q->ratio <= q->level * QUIET_TOLERANCE;
}

double contention_cycle(const struct contention *q)
{
	return q->cycle;
}
