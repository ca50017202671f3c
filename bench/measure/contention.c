// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "machine/tsc.h"
#include "lib/atomic_file.h"
#include "measure/contention.h"
#include "lib/stats.h"

#define CHAIN_ITERATIONS 750
#define ADDS_ITERATIONS 2500
#define ADDS_PER_ITERATION 32

/*
 * Halves of the chain further above the best of late were slowed by an
 * interrupt or a neighbour: left alone, they repeat to the clock's step, 0.3 %.
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
	return (double)(clock_stop() - start) / (ADDS_ITERATIONS * ADDS_PER_ITERATION);
}

/* Where the level of this CPU model is kept; "" if there is no home. */
static void level_path(char *path, size_t size, const char *cpu_model)
{
	const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
	char dir[256], model[64], *c;
	int n;

	path[0] = '\0';
	if (cache && cache[0] == '/')
		n = snprintf(dir, sizeof(dir), "%s", cache);
	else if (home && home[0] == '/')
		n = snprintf(dir, sizeof(dir), "%s/.cache", home);
	else
		return;
	if (n < 0 || (size_t)n + sizeof("/pfbench") > sizeof(dir) )
		return;
	strcat(dir, "/pfbench");
	if (mkdir_p(dir, NULL))
		return;
	snprintf(model, sizeof(model), "%s", cpu_model);
	for (c = model; *c; c++)
		if (!strchr("abcdefghijklmnopqrstuvwxyz"
			    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", *c))
			*c = '_';
	snprintf(path, size, "%s/level-%s", dir, model);
}

void contention_open(struct contention *q, const char *cpu_model)
{
	double kept;
	FILE *f;

	memset(q, 0, sizeof(*q));
	q->level = 1;
	level_path(q->path, sizeof(q->path), cpu_model);
	f = q->path[0] ? fopen(q->path, "r") : NULL;
	if (f) {
		if (fscanf(f, "%lf", &kept) == 1 && kept > 0.05 && kept < 1)
			q->level = kept;
		fclose(f);
	}
	q->cycle = NAN;
}

void contention_close(struct contention *q)
{
	char tmp[sizeof(q->path) + 8];
	double kept = 1;
	FILE *f;

	if (!q->path[0] || q->level >= 1)
		return;
	f = fopen(q->path, "r");
	if (f) {
		if (fscanf(f, "%lf", &kept) != 1)
			kept = 1;
		fclose(f);
	}
	if (kept <= q->level && kept > 0.05)
		return;
	snprintf(tmp, sizeof(tmp), "%s.tmp", q->path);
	f = fopen(tmp, "w");
	if (!f)
		return;
	fprintf(f, "%.6f\n", q->level);
	if (fclose(f) || rename(tmp, q->path))
		remove(tmp);
}

/* An interrupt makes a reading longer, nothing makes it shorter. */
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
	double before = chain_ticks(), adds = adds_ticks(),
	       after = chain_ticks(), median;

	keep_cycle(q, before < after ? before : after);
	/*
	 * A chain that was slowed says nothing: not that the core is quiet,
	 * and least of all what its level is, since it makes the ratio small.
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
