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
#include "measure/reference_loops.h"

/* Iterations of the loops. */
#define CHAIN_ITERATIONS 750
#define NOPS_ITERATIONS 1700
#define NOPS_WARM 50
#define WALK_ITERATIONS 1600
#define WALK_WARM 32

/* Loads must take some steps of the clock. */
#define MIN_LOADS_QUANTA 8

/* A chain takes this many steps of the clock, but is not longer than 30 us. */
#define MIN_QUANTA 300
#define MAX_LENGTH 10

/* The level needs so many readings, and this share of them in seven bins. */
#define LEARN_READINGS 200
#define LEARN_SHARE 0.4
/* Readings count half after so many. */
#define HALF_LIFE 8192

#define MIN_RATIO (1.0 / 16)
#define BIN 0.001

/* Adds in the time of a load; it takes few steps of the clock. */
#define MIN_LOAD 1
#define MAX_LOAD 20
#define LOAD_BIN 0.015

/* Adds in the time of a look-up. Readings of one state spread over 1.4 %. */
#define MIN_WALK 0.1
#define WALK_BIN 0.002

/* The level, then the ratios of loads and look-ups, which older files lack. */
struct kept {
	double level, hit, walk;
};

static struct kept read_kept(const char *path)
{
	FILE *f = *path ? fopen(path, "re") : NULL;
	struct kept k = { NAN, NAN, NAN };

	if (!f)
		return k;
	if (fscanf(f, "%lf", &k.level) != 1 ||
	    !(k.level > MIN_RATIO && k.level < 1))
		k.level = NAN;
	else if (fscanf(f, "%lf", &k.hit) != 1 ||
		 !(k.hit >= MIN_LOAD && k.hit <= MAX_LOAD))
		k.hit = NAN;
	else if (fscanf(f, "%lf", &k.walk) != 1 || !(k.walk >= MIN_WALK))
		k.walk = NAN;
	fclose(f);
	return k;
}

static int write_kept(FILE *f, const void *kept)
{
	const struct kept *k = kept;

	return fprintf(f, "%.6f\n", k->level) < 0 ||
	       (!isnan(k->hit) && fprintf(f, "%.3f\n", k->hit) < 0) ||
	       (!isnan(k->hit + k->walk) && fprintf(f, "%.4f\n", k->walk) < 0);
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
static unsigned int loop_length(double ticks, double quantum)
{
	double length = ticks > 0 ? ceil(MIN_QUANTA * quantum / ticks) :
		MAX_LENGTH;

	return length < 1 ? 1 : length > MAX_LENGTH ? MAX_LENGTH : length;
}

void contention_open(struct contention *q, const char *cpu_id, double quantum)
{
	struct kept kept;
	double chain;

	memset(q, 0, sizeof(*q));
	set_level_path(q, cpu_id);
	kept = read_kept(q->path);
	q->nops.level = kept.level;
	q->loads.level = kept.hit;
	q->walk.level = kept.walk;
	q->quantum = quantum;
	reference_link();
	q->overhead = clock_overhead();
	chain = reference_chain(CHAIN_ITERATIONS);
	q->length = loop_length(chain, quantum);
	q->quiet = CONTENTION_QUIET *
		fmax(1, MIN_QUANTA * quantum / (chain * q->length));
}

/* Is @now below @before, or the first one that is known? */
static bool is_news(double now, double before)
{
	return now < before || (isnan(before) && !isnan(now));
}

void contention_close(struct contention *q)
{
	struct kept kept = read_kept(q->path);
	struct kept lower = { fmin(q->nops.level, kept.level),
			      fmin(q->loads.level, kept.hit),
			      fmin(q->walk.level, kept.walk) };

	if (*q->path && !isnan(lower.level) &&
	    (is_news(lower.level, kept.level) || is_news(lower.hit, kept.hit) ||
	     is_news(lower.walk, kept.walk)) &&
	    !make_parents(q->path, NULL))
		write_file_atomic(q->path, write_kept, &lower, NULL);
}

static double ratio_of(const struct contention_reading *r)
{
	return 2 * r->nops / (r->before + r->after);
}

/* Adds in the time of a load. */
static double load_of(const struct contention_reading *r)
{
	return 2 * r->loads / (r->before + r->after);
}

double contention_walk(const struct contention_reading *r)
{
	return 2 * r->walk / (r->before + r->after);
}

/*
 * The middle of the lowest seven bins in which readings concentrate, counted in
 * bins; the lower of two neighbouring windows is not taken if the upper one has
 * more. NaN: none.
 */
static double concentration(const struct contention_level *q)
{
	float best = LEARN_SHARE * q->in_bins, n;
	double sum = 0;
	int at = -1;

	for (int i = 3; i + 3 < CONTENTION_BINS; i++) {
		n = 0;
		for (int k = i - 3; k <= i + 3; k++)
			n += q->bin[k];
		if (n > best && (at < 0 || i - at <= 6)) {
			best = n;
			at = i;
		}
	}
	if (at < 0)
		return NAN;
	for (int k = at - 3; k <= at + 3; k++)
		sum += q->bin[k] * (k + 0.5);
	return sum / best;
}

static void halve_bins(struct contention_level *q)
{
	for (int i = 0; i < CONTENTION_BINS; i++)
		q->bin[i] /= 2;
	q->in_bins /= 2;
}

/* A ratio in bins of @bin from @least on; @seek: look for a level. */
static void learn_level(struct contention_level *q, double ratio, double least,
			double bin, bool seek)
{
	double at = log(ratio / least) / bin, level;

	if (!(at >= 0 && at < CONTENTION_BINS))
		return;
	q->bin[(int)at]++;
	q->in_bins++;
	if (q->in_bins >= 2 * HALF_LIFE)
		halve_bins(q);
	if (!seek)
		return;
	level = least * exp(bin * concentration(q));
	/* a core that is shared steadily has a level too, but a higher one */
	if (!isnan(level) && !(level > q->level * (1 + 6 * bin)))
		q->level = level;
}

bool contention_steady(double a, double b)
{
	return fabs(a - b) <= CONTENTION_STEADY * (a < b ? a : b);
}

double contention_excess(const struct contention *q,
			 const struct contention_reading *r)
{
	double excess, evicted;

	if (isnan(q->nops.level) || !contention_steady(r->before, r->after))
		return INFINITY;
	excess = fabs(ratio_of(r) / q->nops.level - 1);
	evicted = load_of(r) / q->loads.level - 1;
	return evicted > CONTENTION_EVICTED ? fmax(excess, evicted) : excess;
}

double contention_state(const struct contention *q, double walk)
{
	double excess = walk / q->walk.level - 1;

	return isnan(excess) ? 0 : excess;
}

void contention_learn(struct contention *q, const struct contention_reading *r)
{
	bool seek, quiet = contention_excess(q, r) <= q->quiet;
	double load = load_of(r);

	q->last = *r;
	q->nr_read++;
	q->nr_quiet += quiet;
	if (!contention_steady(r->before, r->after))
		return;
	q->chain_sum += (r->before + r->after) / 2;
	q->nr_chains++;
	seek = q->nr_chains >= LEARN_READINGS && q->nr_chains % 64 == 0;
	learn_level(&q->nops, ratio_of(r), MIN_RATIO, BIN, seek);
	if (load <= MAX_LOAD)
		learn_level(&q->loads, load, MIN_LOAD, LOAD_BIN, seek);
	/* a shared core does not show its state */
	if (quiet)
		learn_level(&q->walk, contention_walk(r), MIN_WALK, WALK_BIN,
			    seek);
}

void contention_read(struct contention *q)
{
	unsigned long chain = CHAIN_ITERATIONS * q->length;
	unsigned long nops = NOPS_ITERATIONS * q->length;
	unsigned long walk = WALK_ITERATIONS * q->length;
	struct contention_reading r;
	double loads;

	/* the code and the lines: a sample may have evicted them */
	reference_chain(1);
	reference_nops(NOPS_WARM);
	reference_walk(WALK_WARM);
	reference_loads();
	r.before = (reference_chain(chain) - q->overhead) /
		(chain * REFERENCE_CHAINED);
	r.nops = (reference_nops(nops) - q->overhead) / (nops * REFERENCE_NOPS);
	r.walk = (reference_walk(walk) - q->overhead) /
		(walk * REFERENCE_WALKED);
	r.after = (reference_chain(chain) - q->overhead) /
		(chain * REFERENCE_CHAINED);
	loads = reference_loads() - q->overhead;
	r.loads = loads < MIN_LOADS_QUANTA * q->quantum ? NAN :
		loads / REFERENCE_LINES;
	contention_learn(q, &r);
}

double contention_cycle(const struct contention *q)
{
	return q->nr_chains ? q->chain_sum / q->nr_chains : NAN;
}
