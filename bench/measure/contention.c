// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/atomic_file.h"
#include "machine/tsc.h"
#include "measure/contention.h"

#define CHAIN_ITERATIONS 750
#define CHAINED_PER_ITERATION 16
#define ADDS_ITERATIONS 2500
#define ADDS_PER_ITERATION 32

/* A chain takes this many steps of the clock, but is not longer than 30 us. */
#define MIN_QUANTA 300
#define MAX_LENGTH 10

/* The level needs so many readings, and this share of them within a per cent. */
#define LEARN_READINGS 200
#define LEARN_SHARE 0.4
/* Readings count half after so many. */
#define HALF_LIFE 8192

#define MIN_RATIO (1.0 / 16)
#define BIN 0.0025

/*
 * The loops start at a cache line: the ratio depends on the layout of the code,
 * and the level is kept for other builds.
 */
#define ALIGN_LOOP() asm volatile(".p2align 6")
#define HIDE(v) asm volatile("" : "+r"(v))
#define CHAIN1 a++; HIDE(a);
#define CHAIN4 CHAIN1 CHAIN1 CHAIN1 CHAIN1
#define ADD4(a, b, c, d) a++; HIDE(a); b++; HIDE(b); c++; HIDE(c); d++; HIDE(d);
#define ADD8 ADD4(a, b, c, d) ADD4(e, f, g, h)

static double __attribute__((noinline))
chain_ticks(unsigned long iterations)
{
	unsigned long a = 0, i = iterations;
	uint64_t start = clock_start();

	HIDE(a);
	HIDE(i);
	ALIGN_LOOP();
	do {
		CHAIN4 CHAIN4 CHAIN4 CHAIN4
	} while (--i);
	return clock_stop() - start;
}

/* Eight chains at once: no core has as many units for additions. */
static double __attribute__((noinline))
adds_ticks(unsigned long iterations)
{
	unsigned long a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0;
	unsigned long i = iterations;
	uint64_t start = clock_start();

	ADD8
	HIDE(i);
	ALIGN_LOOP();
	do {
		ADD8 ADD8 ADD8 ADD8
	} while (--i);
	return clock_stop() - start;
}

static double read_level(const char *path)
{
	FILE *f = *path ? fopen(path, "re") : NULL;
	double level;

	if (!f)
		return NAN;
	if (fscanf(f, "%lf", &level) != 1 || !(level > MIN_RATIO && level < 1))
		level = NAN;
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
		n = snprintf(q->path, size, "%s/pfbench/quiet-", cache);
	else if (home && *home == '/')
		n = snprintf(q->path, size, "%s/.cache/pfbench/quiet-", home);
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

static int compare_ticks(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* Ticks between two readings of the clock, without those that took longest. */
static double clock_overhead(void)
{
	uint64_t ticks[400], start, sum = 0;
	const size_t n = sizeof(ticks) / sizeof(*ticks);

	for (size_t i = 0; i < n; i++) {
		start = clock_start();
		ticks[i] = clock_stop() - start;
	}
	qsort(ticks, n, sizeof(*ticks), compare_ticks);
	for (size_t i = 0; i < n * 3 / 4; i++)
		sum += ticks[i];
	return (double)sum / (n * 3 / 4);
}

/* Longer loops where the clock has large steps. */
static unsigned int loop_length(double quantum)
{
	double ticks = chain_ticks(CHAIN_ITERATIONS);
	double length = ticks > 0 ? ceil(MIN_QUANTA * quantum / ticks) :
		MAX_LENGTH;

	return length < 1 ? 1 : length > MAX_LENGTH ? MAX_LENGTH : length;
}

void contention_open(struct contention *q, const char *cpu_id, double quantum)
{
	memset(q, 0, sizeof(*q));
	set_level_path(q, cpu_id);
	q->level = read_level(q->path);
	q->overhead = clock_overhead();
	q->length = loop_length(quantum);
}

void contention_close(struct contention *q)
{
	double kept = read_level(q->path);

	if (*q->path && !isnan(q->level) && !(q->level >= kept) &&
	    !make_parents(q->path, NULL))
		write_file_atomic(q->path, write_level, &q->level, NULL);
}

static double ratio_of(const struct contention_reading *r)
{
	return 2 * r->adds / (r->before + r->after);
}

/*
 * The lowest ratio around which, within two bins, readings concentrate; the
 * lower of two neighbouring windows is not taken if the upper one has more.
 */
static double concentration(const struct contention *q)
{
	float best = LEARN_SHARE * q->in_bins, n;
	double sum = 0;
	int at = -1;

	for (int i = 2; i + 2 < CONTENTION_BINS; i++) {
		n = 0;
		for (int k = i - 2; k <= i + 2; k++)
			n += q->bin[k];
		if (n > best && (at < 0 || i - at <= 4)) {
			best = n;
			at = i;
		}
	}
	if (at < 0)
		return NAN;
	for (int k = at - 2; k <= at + 2; k++)
		sum += q->bin[k] * (k + 0.5);
	return MIN_RATIO * exp(BIN * sum / best);
}

static void halve_bins(struct contention *q)
{
	for (int i = 0; i < CONTENTION_BINS; i++)
		q->bin[i] /= 2;
	q->in_bins /= 2;
}

bool contention_steady(double a, double b)
{
	return fabs(a - b) <= CONTENTION_STEADY * (a < b ? a : b);
}

double contention_excess(const struct contention *q,
			 const struct contention_reading *r)
{
	if (isnan(q->level) || !contention_steady(r->before, r->after))
		return INFINITY;
	return fabs(ratio_of(r) / q->level - 1);
}

void contention_learn(struct contention *q, const struct contention_reading *r)
{
	double at = log(ratio_of(r) / MIN_RATIO) / BIN, level;

	q->last = *r;
	q->nr_read++;
	q->nr_quiet += contention_excess(q, r) <= CONTENTION_QUIET;
	if (!contention_steady(r->before, r->after))
		return;
	q->chain_sum += (r->before + r->after) / 2;
	q->nr_chains++;
	if (!(at >= 0 && at < CONTENTION_BINS))
		return;
	q->bin[(int)at]++;
	q->in_bins++;
	if (q->in_bins >= 2 * HALF_LIFE)
		halve_bins(q);
	if (q->nr_chains < LEARN_READINGS || q->nr_chains % 64)
		return;
	level = concentration(q);
	/* a core that is shared steadily has a level too, but a higher one */
	if (!isnan(level) && !(level > q->level * (1 + CONTENTION_QUIET)))
		q->level = level;
}

void contention_read(struct contention *q)
{
	unsigned long chain = CHAIN_ITERATIONS * q->length;
	unsigned long adds = ADDS_ITERATIONS * q->length;
	struct contention_reading r;

	r.before = (chain_ticks(chain) - q->overhead) /
		(chain * CHAINED_PER_ITERATION);
	r.adds = (adds_ticks(adds) - q->overhead) / (adds * ADDS_PER_ITERATION);
	r.after = (chain_ticks(chain) - q->overhead) /
		(chain * CHAINED_PER_ITERATION);
	contention_learn(q, &r);
}

double contention_cycle(const struct contention *q)
{
	return q->nr_chains ? q->chain_sum / q->nr_chains : NAN;
}
