// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <math.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "machine/tsc.h"
#include "machine/environment.h"
#include "measure/sampler.h"

/* A sample is at least so many steps of the clock long. */
#define MIN_QUANTA 8000
/* The short run is a tenth of the long one: nine tenths of it count. */
#define LENGTHS 10
/* Before this many nobody looks whether the intervals are tight. */
#define MIN_ROUNDS 96
/* Rounds that there are at least, time or no time: fewer have no interval. */
#define FEWEST_ROUNDS 8
#define MAX_WARM 2048
/* How long one round may wait for a quiet core before it runs all the same. */
#define WAIT_NS 20000000ULL
#define CONFIDENCE 0.95
#define COUNTER_ROUNDS 9

/* A loop of the group: a point that was asked for, or the empty loop. */
struct member {
	struct point point;
	struct population *population;
	unsigned long warm, shorter, longer;	/* turns */
	double *gross;			/* ticks an operation, by round */
	bool *quiet;			/* was its bracket quiet */
	bool *kept;			/* no steal, migration, switch */
	struct sampled *sampled;	/* NULL: the empty loop */
};

struct group {
	struct member *member;		/* the last one is the empty loop */
	size_t nr;
	size_t rounds, max_rounds;
	double *scratch;		/* of max_rounds */
};

/* What has happened to us so far. */
struct disturbed {
	long long steal;
	long long switches;
	int cpu;
};

/* Steal costs a read of /proc/stat, too much around each short sample. */
static struct disturbed disturbed_now(const struct sampler *s, bool steal)
{
	struct disturbed d;
	struct rusage usage;

	d.steal = steal ? environment_steal("", s->cpu) : 0;
	getrusage(RUSAGE_THREAD, &usage);
	d.switches = usage.ru_nvcsw + usage.ru_nivcsw;
	d.cpu = sched_getcpu();
	return d;
}

/* Did anything happen since? Counted by the first reason that applies. */
static bool undisturbed(struct sampler *s, struct disturbed since, bool steal)
{
	struct disturbed now = disturbed_now(s, steal);

	if (now.cpu != since.cpu)
		s->migration++;
	else if (now.switches != since.switches)
		s->context_switch++;
	else if (now.steal != since.steal)
		s->steal++;
	else
		return true;
	return false;
}

static int64_t run(struct sampler *s, struct member *m, unsigned long iterations)
{
	return s->backend->run(s->backend, m->population, &m->point, iterations);
}

/* The shortest of a few runs: one alone may have been interrupted. */
static int64_t shortest(struct sampler *s, struct member *m,
			unsigned long iterations)
{
	int64_t best = run(s, m, iterations), ran;

	/* a pass over memory is long enough to be typical */
	for (int i = 0; i < 4 && best >= 0 && m->point.ws < WS_LLC &&
	     !s->fixed_rounds; i++) {
		ran = run(s, m, iterations);
		if (ran < best)
			best = ran;
	}
	return best;
}

/* How many turns make a sample long enough for the clock and the pages. */
static int calibrate(struct sampler *s, struct member *m)
{
	unsigned long pass = s->backend->iterations(m->population), iterations = pass;
	double want = s->sample_ns / s->ns_per_tick, ticks;
	int64_t ran;

	if (want < MIN_QUANTA * s->quantum)
		want = MIN_QUANTA * s->quantum;
	ran = run(s, m, pass);		/* warm up */
	if (ran < 0)
		return ran;
	while (iterations < 1UL << 24) {
		ran = shortest(s, m, iterations);
		if (ran < 0)
			return ran;
		if (ran >= want / 8)
			break;
		iterations *= 2;
	}
	ticks = (double)(ran ? ran : 1) / iterations;
	/* what misses a cache needs more of it to be typical */
	if (m->point.ws >= WS_LLC && !s->fixed_rounds)
		want *= 12;
	m->shorter = want / ticks / LENGTHS;
	if (m->shorter < 1)
		m->shorter = 1;
	m->longer = m->shorter * LENGTHS;
	/*
	 * Memory is cold by definition; a cache has to be filled again, the
	 * last one by the marking of its pages alone.
	 */
	m->warm = pass;
	if (m->point.ws == WS_MEMORY)
		m->warm = 0;
	else if (m->warm > MAX_WARM)
		m->warm = MAX_WARM;
	return 0;
}

/*
 * The long run is up to an eighth longer than it need be, by another bit each
 * round: else the steps of the clock, and whatever comes every so many
 * microseconds, would hit all rounds alike.
 */
static double sample(struct sampler *s, struct member *m, size_t round)
{
	unsigned long iterations = m->longer + m->longer * (round * 5 % 16) / 128;
	int64_t shorter, longer;

	shorter = run(s, m, m->shorter);
	longer = run(s, m, iterations);
	return (double)(longer - shorter) / ((iterations - m->shorter) * PF_UNROLL);
}

/* Wait until the core is ours, or long enough. */
static bool wait_quiet(struct sampler *s, uint64_t ns)
{
	uint64_t until = clock_ns() + ns;

	while (!contention_read(s->quiet))
		if (*s->interrupted || clock_ns() > until)
			return false;
	return true;
}

static void sample_round(struct sampler *s, struct group *g)
{
	/* a long sample is judged for itself, lest it take the round along */
	bool each = g->member[0].point.ws >= WS_LLC;
	struct disturbed before;
	long long steal = each ? 0 : environment_steal("", s->cpu);
	size_t round = g->rounds++, i;
	bool quiet, was_quiet;

	was_quiet = contention_read(s->quiet);
	for (i = 0; i < g->nr; i++) {
		/* there and back again: drift cancels over two rounds */
		struct member *m = &g->member[round & 1 ? g->nr - 1 - i : i];

		/* both directions of a pair of rounds in one place */
		if (s->backend->move)
			s->backend->move(s->backend, m->population, round / 2);
		if (m->warm)
			run(s, m, m->warm);
		before = disturbed_now(s, each);
		m->gross[round] = sample(s, m, round);
		m->kept[round] = undisturbed(s, before, each);
		quiet = contention_read(s->quiet);
		m->quiet[round] = quiet && was_quiet;
		was_quiet = quiet;
	}
	if (each || environment_steal("", s->cpu) == steal)
		return;
	for (i = 0; i < g->nr; i++) {
		s->steal += g->member[i].kept[round];
		g->member[i].kept[round] = false;
	}
}

/* Rounds that count for @m, net of the empty loop, into @net; NaN: dropped. */
static size_t net_samples(const struct group *g, const struct member *m,
			  bool contended, double *net)
{
	const struct member *empty = &g->member[g->nr - 1];
	size_t n = 0;

	for (size_t i = 0; i < g->rounds; i++) {
		bool use = m->kept[i] && empty->kept[i] &&
			(contended || (m->quiet[i] && empty->quiet[i]));

		net[i] = use ? m->gross[i] - empty->gross[i] : NAN;
		n += use;
	}
	return n;
}

/* The finest step that a sample of @m can show, in ticks an operation. */
static double floor_of(const struct sampler *s, const struct member *m)
{
	return s->quantum / ((m->longer - m->shorter) * PF_UNROLL);
}

static bool tight(const struct sampler *s, const struct group *g,
		  const struct member *m)
{
	struct estimate e;
	double half, floor = 2 * floor_of(s, m);

	if (net_samples(g, m, false, g->scratch) < MIN_ROUNDS / 2)
		return false;
	e = stats_series(g->scratch, g->rounds, CONFIDENCE);
	half = (e.hi - e.lo) / 2;
	return half <= s->target_ci * fabs(e.mid) || half <= floor;
}

static bool all_tight(const struct sampler *s, const struct group *g)
{
	for (size_t i = 0; i + 1 < g->nr; i++)
		if (!tight(s, g, &g->member[i]))
			return false;
	return true;
}

/* One run of @iterations under the counters of one pass. */
static int count_once(struct sampler *s, struct member *m, unsigned int pass,
		      unsigned long iterations, uint64_t *value)
{
	int ret = counters_start(s->counters, pass);

	if (ret)
		return ret;
	run(s, m, iterations);
	return counters_stop(s->counters, pass, value);
}

/* Events an operation of @m, gross, by counter and round; NaN: not counted. */
static void count_member(struct sampler *s, struct member *m, double **per_op)
{
	size_t nr = counters_nr(s->counters);
	uint64_t shorter[nr], longer[nr];
	double ops = (m->longer - m->shorter) * PF_UNROLL;
	int ret;

	for (unsigned int pass = 0; pass < counters_passes(s->counters);
	     pass++) {
		for (int r = 0; r < COUNTER_ROUNDS; r++) {
			if (m->warm)
				run(s, m, m->warm);
			ret = count_once(s, m, pass, m->shorter, shorter);
			if (!ret)
				ret = count_once(s, m, pass, m->longer, longer);
			for (size_t i = 0; i < nr; i++) {
				if (counters_get(s->counters, i)->pass != pass)
					continue;
				per_op[i][r] = ret ? NAN :
					((double)longer[i] - shorter[i]) / ops;
			}
		}
	}
}

static int count_group(struct sampler *s, struct group *g)
{
	size_t nr = counters_nr(s->counters), i, m;
	double *empty[nr], *mine[nr], net[COUNTER_ROUNDS];
	double *space = calloc(2 * nr * COUNTER_ROUNDS, sizeof(*space));

	if (!space)
		return -ENOMEM;
	for (i = 0; i < nr; i++) {
		empty[i] = space + 2 * i * COUNTER_ROUNDS;
		mine[i] = empty[i] + COUNTER_ROUNDS;
	}
	count_member(s, &g->member[g->nr - 1], empty);
	for (m = 0; m + 1 < g->nr; m++) {
		struct sampled *out = g->member[m].sampled;

		out->counted = calloc(nr, sizeof(*out->counted));
		if (!out->counted)
			break;
		count_member(s, &g->member[m], mine);
		for (i = 0; i < nr; i++) {
			if (!counters_get(s->counters, i)->available)
				continue;
			for (int r = 0; r < COUNTER_ROUNDS; r++)
				net[r] = mine[i][r] - empty[i][r];
			out->counted[i].per_op = stats_estimate(net,
							COUNTER_ROUNDS,
							CONFIDENCE);
			out->counted[i].available =
				out->counted[i].per_op.n > 0;
		}
	}
	free(space);
	return m + 1 < g->nr ? -ENOMEM : 0;
}

/* What the rounds say of one point. */
static int conclude(struct sampler *s, struct group *g, struct member *m)
{
	struct sampled *out = m->sampled;

	out->rounds = g->rounds;
	out->rounds_quiet = net_samples(g, m, false, g->scratch);
	out->contended = out->rounds_quiet == 0;
	out->sample = malloc((g->rounds + !g->rounds) * sizeof(double));
	if (!out->sample)
		return -ENOMEM;
	net_samples(g, m, out->contended, out->sample);
	/* what an emulator repeats has no weather */
	out->ticks = s->fixed_rounds ?
		stats_estimate(out->sample, g->rounds, CONFIDENCE) :
		stats_series(out->sample, g->rounds, CONFIDENCE);
	/* samples stand on the clock's steps; an interval is no finer */
	out->floor = floor_of(s, m);
	out->ticks.lo -= out->floor / 2;
	out->ticks.hi += out->floor / 2;
	for (size_t i = 0; i < g->rounds; i++)
		g->scratch[i] = isnan(out->sample[i]) ? NAN : m->gross[i];
	out->gross = stats_median(g->scratch, g->rounds);
	s->rounds += g->rounds;
	s->rounds_quiet += out->rounds_quiet;
	s->unquiet += g->rounds - out->rounds_quiet;
	if (m->point.ws == WS_HOT && floor_of(s, m) > s->floor)
		s->floor = floor_of(s, m);
	return out->ticks.n ? 0 : -EAGAIN;
}

static int add_member(struct sampler *s, struct group *g,
		      const struct point *p, struct sampled *sampled,
		      struct errmsg *msg)
{
	struct member *m = &g->member[g->nr];
	int ret;

	m->point = *p;
	m->sampled = sampled;
	ret = s->backend->populate(s->backend, p, &m->population, msg);
	if (ret)
		return ret;
	g->nr++;
	m->gross = calloc(g->max_rounds, sizeof(*m->gross));
	m->quiet = calloc(g->max_rounds, sizeof(*m->quiet));
	m->kept = calloc(g->max_rounds, sizeof(*m->kept));
	if (!m->gross || !m->quiet || !m->kept)
		return errmsg_set(msg, -ENOMEM, "out of memory");
	ret = calibrate(s, m);
	if (ret)
		return errmsg_set(msg, ret, "%s: the loop could not be run: %s",
				  s->backend->name, strerror(-ret));
	return 0;
}

static void group_free(struct sampler *s, struct group *g)
{
	for (size_t i = 0; i < g->nr; i++) {
		s->backend->release(s->backend, g->member[i].population);
		free(g->member[i].gross);
		free(g->member[i].quiet);
		free(g->member[i].kept);
	}
	free(g->member);
	free(g->scratch);
}

/*
 * Where there is no weather rounds need not take turns, and pages are marked
 * for each generation once.
 */
static int sample_fixed(struct sampler *s, struct group *g)
{
	g->rounds = s->fixed_rounds;
	for (size_t i = 0; i < g->nr; i++) {
		struct member *m = &g->member[i];

		for (size_t round = 0; round < g->rounds; round++) {
			if (*s->interrupted)
				return -EINTR;
			if (s->backend->move)
				s->backend->move(s->backend, m->population,
						 round / 2);
			if (m->warm)
				run(s, m, m->warm);
			m->gross[round] = sample(s, m, round);
			m->quiet[round] = true;
			m->kept[round] = true;
		}
	}
	return 0;
}

static int sample_rounds(struct sampler *s, struct group *g, size_t n)
{
	uint64_t start = clock_ns(), now;
	uint64_t limit = s->max_seconds * n * 1e9;
	uint64_t least = s->min_seconds * 1e9;
	size_t check = MIN_ROUNDS;

	for (;;) {
		if (*s->interrupted)
			return -EINTR;
		now = clock_ns() - start;
		if (g->rounds >= g->max_rounds ||
		    (g->rounds >= FEWEST_ROUNDS && now >= limit))
			return 0;
		/*
		 * Looking often and stopping at the first narrow interval
		 * would make them narrower than they are: look seldom.
		 */
		if (g->rounds >= check && now >= least) {
			if (all_tight(s, g))
				return 0;
			check += check / 2;
		}
		/* at the end of the time there must be rounds to fall back on */
		if (g->rounds >= FEWEST_ROUNDS &&
		    !wait_quiet(s, limit - now < WAIT_NS ? limit - now : WAIT_NS))
			continue;
		sample_round(s, g);
	}
}

int sampler_group(struct sampler *s, const struct point *points, size_t n,
		  struct sampled *sampled, struct errmsg *msg)
{
	struct group g = { .max_rounds = SAMPLER_MAX_ROUNDS };
	struct point empty;
	size_t i;
	int ret;

	memset(sampled, 0, n * sizeof(*sampled));
	g.member = calloc(n + 1, sizeof(*g.member));
	g.scratch = calloc(g.max_rounds, sizeof(*g.scratch));
	ret = g.member && g.scratch ? 0 :
		errmsg_set(msg, -ENOMEM, "out of memory");
	for (i = 0; i < n && !ret; i++) {
		sampled[i].point = points[i];
		sampled[i].err = add_member(s, &g, &points[i], &sampled[i],
					    &sampled[i].msg);
		if (*s->interrupted)
			ret = -EINTR;
	}
	if (ret || !g.nr)
		goto out;
	empty = point_empty(&g.member[0].point);
	ret = add_member(s, &g, &empty, NULL, msg);
	if (!ret)
		ret = s->fixed_rounds ? sample_fixed(s, &g) :
			sample_rounds(s, &g, n);
	for (i = 0; i + 1 < g.nr && !ret; i++) {
		struct sampled *out = g.member[i].sampled;

		out->err = conclude(s, &g, &g.member[i]);
		if (out->err)
			errmsg_set(&out->msg, out->err,
				   "every round was disturbed (steal, migration or context switches)");
	}
	if (!ret && s->counters && counters_passes(s->counters))
		ret = count_group(s, &g);
out:
	group_free(s, &g);
	if (ret)
		sampler_free(sampled, n);
	return ret;
}

struct estimate sampled_difference(const struct sampled *a,
				   const struct sampled *b)
{
	struct estimate e;
	size_t n = a->rounds < b->rounds ? a->rounds : b->rounds;

	e = stats_paired_difference(a->sample, b->sample, n, CONFIDENCE);
	e.lo -= (a->floor + b->floor) / 2;
	e.hi += (a->floor + b->floor) / 2;
	return e;
}

void sampler_free(struct sampled *sampled, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		free(sampled[i].sample);
		free(sampled[i].counted);
		sampled[i].sample = NULL;
		sampled[i].counted = NULL;
	}
}
