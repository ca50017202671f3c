// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <math.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <sys/resource.h>

#include "machine/environment.h"
#include "machine/tsc.h"
#include "measure/sampler_internal.h"
#include "measure/threads.h"

/* A sample takes at least this many steps of the clock. */
#define MIN_QUANTA 2000
/* The short run is a tenth of the long one: nine tenths of it count. */
#define LENGTHS 10
/* Intervals are checked from this many rounds on. */
#define MIN_ROUNDS 96
/* Iterations of a warm-up, at most. */
#define MAX_WARM 2048
/* Without a quiet round, one in so many is used: the best ones. */
#define BEST_SHARE 4
/*
 * A round waits at most this long for a quiet core, and is then taken anyway:
 * if no round is quiet, the best ones are used.
 */
#define WAIT_NS 2000000ULL
/* A core that is idle for so long may leave its state. */
#define IDLE_NS 20000
/* A CPU that is contended for so long is left for another one. */
#define MOVE_NS 100000000ULL

/* Disturbances of this thread so far. */
struct disturbed {
	long long steal;
	long long switches;
	int cpu;
};

/* Reading steal from /proc/stat takes too long around each short sample. */
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

/* False if something happened since; the first reason is counted. */
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

/* The shortest of a few runs: one alone may have been interrupted. */
static int64_t shortest(struct sampler *s, struct member *m,
			unsigned long iterations)
{
	int64_t best = member_run(s, m, iterations), ran;

	/* once is enough for the LLC or memory: its samples are long */
	for (int i = 0; i < 4 && best >= 0 && m->point.ws < WS_LLC &&
	     !s->fixed_rounds; i++) {
		ran = member_run(s, m, iterations);
		if (ran < best)
			best = ran;
	}
	return best;
}

/* Choose the iterations that make a sample long enough. */
static int calibrate(struct sampler *s, struct member *m)
{
	unsigned long pass = s->backend->iterations(m->population);
	unsigned long iterations = pass;
	double want = s->sample_ns / s->ns_per_tick, ticks;
	int64_t ran = 0;

	if (want < MIN_QUANTA * s->quantum)
		want = MIN_QUANTA * s->quantum;
	/*
	 * A pass over the LLC or memory takes seconds. No warm-up: marking the
	 * pages has filled the LLC.
	 */
	if (m->point.ws >= WS_LLC && !s->fixed_rounds) {
		if (iterations > MAX_WARM)
			iterations = MAX_WARM;
	} else {
		ran = member_run(s, m, pass);
	}
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
	/* samples with cache misses vary more: make them longer */
	if (m->point.ws >= WS_LLC && !s->fixed_rounds)
		want *= 12;
	m->shorter = want / ticks / LENGTHS;
	if (m->shorter < 1)
		m->shorter = 1;
	m->longer = m->shorter * LENGTHS;
	/*
	 * A working set in memory is not cached; others are cached again after
	 * another member ran. Marking the pages fills the LLC.
	 */
	m->warm = pass;
	if (m->point.ws == WS_MEMORY)
		m->warm = 0;
	else if (m->warm > MAX_WARM)
		m->warm = MAX_WARM;
	return 0;
}

/*
 * The long run is up to an eighth longer than necessary, by another amount in
 * each round: otherwise the clock's steps and periodic interrupts would hit all
 * rounds alike.
 */
static double sample(struct sampler *s, struct member *m, size_t round)
{
	unsigned long iterations = m->longer +
		m->longer * (round * 5 % 16) / 128;
	int64_t shorter, longer;

	shorter = member_run(s, m, m->shorter);
	longer = member_run(s, m, iterations);
	return (double)(longer - shorter) /
		((iterations - m->shorter) * PF_UNROLL);
}

static bool fastest_state(const struct contention *q, double walk)
{
	return contention_state(q, walk) <= CONTENTION_STATE;
}

/* Cache misses and dependent loads hide the states of a core. */
static bool has_states(const struct point *p)
{
	return p->ws < WS_LLC && p->form != PF_LATENCY;
}

/*
 * Wait for a quiet core, and for its fastest state if @fastest, at most @ns;
 * false: it was never quiet.
 */
static bool wait_quiet(struct sampler *s, bool fastest, uint64_t ns)
{
	const struct timespec idle = { .tv_nsec = IDLE_NS };
	struct contention *q = s->contention;
	uint64_t until = clock_ns() + ns;
	bool quiet = false;

	for (;;) {
		contention_read(q);
		if (contention_excess(q, &q->last) <= q->quiet) {
			if (!fastest ||
			    fastest_state(q, contention_walk(&q->last)))
				return true;
			quiet = true;
			nanosleep(&idle, NULL);
		}
		if (*s->interrupted || clock_ns() > until)
			return quiet;
	}
}

/*
 * Sample between two readings of the reference loops, which give the length of
 * a cycle in this sample and the share of the core that others took.
 */
static void sample_member(struct sampler *s, struct member *m, size_t round)
{
	struct contention *q = s->contention;
	struct contention_reading before = q->last;
	double a, b, ticks = sample(s, m, round);

	contention_read(q);
	a = contention_excess(q, &before);
	b = contention_excess(q, &q->last);
	m->excess[round] = a > b ? a : b;
	m->walk[round] = has_states(&m->point) ?
		fmax(contention_walk(&before), contention_walk(&q->last)) : NAN;
	if (!contention_steady(before.after, q->last.before))
		m->excess[round] = INFINITY;
	m->gross[round] = s->cycles ? ticks :
		2 * ticks / (before.after + q->last.before);
}

static void sample_round(struct sampler *s, struct group *g)
{
	/* a disturbed long sample does not discard the whole round */
	bool each = g->member[0].point.ws >= WS_LLC;
	struct disturbed before;
	long long steal = each ? 0 : environment_steal("", s->cpu);
	size_t round = g->rounds++, i;

	contention_read(s->contention);
	for (i = 0; i < g->nr; i++) {
		/* forward, then backward: drift cancels over two rounds */
		struct member *m = &g->member[round & 1 ? g->nr - 1 - i : i];

		/* both directions of a pair of rounds use one place */
		s->backend->move(s->backend, m->population, round / 2);
		if (m->warm)
			member_run(s, m, m->warm);
		before = disturbed_now(s, each);
		sample_member(s, m, round);
		m->kept[round] = undisturbed(s, before, each);
	}
	if (each || environment_steal("", s->cpu) == steal)
		return;
	for (i = 0; i < g->nr; i++) {
		s->steal += g->member[i].kept[round];
		g->member[i].kept[round] = false;
	}
}

/* Was round @i of @m as quiet as @limit? */
static bool quiet_round(const struct group *g, const struct member *m,
			double limit, size_t i)
{
	const struct member *empty = &g->member[g->nr - 1];

	return m->kept[i] && empty->kept[i] && m->excess[i] <= limit &&
		empty->excess[i] <= limit;
}

/*
 * Quiet lasts for many rounds: a quiet round beside one that was not quiet may
 * have been shared for a while between its readings.
 */
static bool beside_quiet(const struct group *g, const struct member *m,
			 double limit, size_t i)
{
	return (!i || quiet_round(g, m, limit, i - 1)) &&
		(i + 1 == g->rounds || quiet_round(g, m, limit, i + 1));
}

/* @fastest: only rounds in the fastest state of the core */
static size_t collect_net(const struct sampler *s, const struct group *g,
			  const struct member *m, double limit, bool beside,
			  bool fastest, double *net)
{
	const struct member *empty = &g->member[g->nr - 1];
	size_t n = 0;

	for (size_t i = 0; i < g->rounds; i++) {
		bool use = quiet_round(g, m, limit, i) &&
			(!beside || beside_quiet(g, m, limit, i)) &&
			(!fastest || (fastest_state(s->contention, m->walk[i]) &&
				      fastest_state(s->contention,
						    empty->walk[i])));

		net[i] = use ? m->gross[i] - empty->gross[i] : NAN;
		n += use;
	}
	return n;
}

/*
 * Net samples of @m by round; NaN: dropped, or with an excess above @limit. Of
 * rounds in the fastest state of the core, and of rounds beside quiet ones, if
 * there are enough of these. Returns how many are kept.
 */
static size_t net_samples(const struct sampler *s, const struct group *g,
			  const struct member *m, double limit, double *net)
{
	size_t n = 0;

	for (int way = 0; way < 4 && n < MIN_ROUNDS / 2; way++)
		n = collect_net(s, g, m, limit, !(way & 1), way < 2, net);
	return n;
}

/* False: too few quiet rounds in the fastest state, which are worth a wait. */
static bool enough_quiet(const struct sampler *s, const struct group *g,
			 const struct member *m)
{
	return collect_net(s, g, m, s->contention->quiet, false, true,
			   g->scratch) >= MIN_ROUNDS / 2;
}

double sampler_unit(const struct sampler *s)
{
	if (s->fixed_rounds)
		return 1;
	return contention_cycle(s->contention) /
		(s->cycles ? s->add_cycles : 1);
}

/* The clock's step in a sample of @m, in units per operation. */
static double floor_of(const struct sampler *s, const struct member *m)
{
	double step = s->cycles ? 1 : s->quantum / sampler_unit(s);

	return step / member_operations(m);
}

static bool tight(const struct sampler *s, const struct group *g,
		  const struct member *m)
{
	struct estimate e;
	double half, floor = 2 * floor_of(s, m);

	if (!enough_quiet(s, g, m))
		return false;
	net_samples(s, g, m, s->contention->quiet, g->scratch);
	e = stats_series(g->scratch, g->rounds, CONFIDENCE);
	half = (e.hi - e.lo) / 2;
	return half <= s->target_ci * fabs(e.mid) || half <= floor;
}

static bool all_quiet(const struct sampler *s, const struct group *g)
{
	for (size_t i = 0; i + 1 < g->nr; i++)
		if (!enough_quiet(s, g, &g->member[i]))
			return false;
	return true;
}

static bool all_tight(const struct sampler *s, const struct group *g)
{
	for (size_t i = 0; i + 1 < g->nr; i++)
		if (!tight(s, g, &g->member[i]))
			return false;
	return true;
}

void sampler_rate(struct sampler *s, const struct sampled *out)
{
	double half = (out->cost.hi - out->cost.lo) / 2;

	s->rounds += out->rounds;
	s->rounds_quiet += out->rounds_quiet;
	s->unquiet += out->rounds - out->rounds_quiet;
	if (out->point.ws == WS_HOT && out->floor > s->floor)
		s->floor = out->floor;
	if (out->err)
		return;
	s->sampled++;
	if (out->contended)
		s->contended++;
	else if (!isfinite(half))
		s->unbounded++;
	else if (half > SAMPLER_WIDE * fabs(out->cost.mid) &&
		 half > 2 * out->floor)
		s->wide++;
}

/*
 * No round was quiet: the excess of the best of them. A change of the clock
 * rate spoils a round, whatever is left.
 */
static double best_limit(const struct group *g, const struct member *m)
{
	const struct member *empty = &g->member[g->nr - 1];
	size_t n = 0, want = g->rounds / BEST_SHARE;

	for (size_t i = 0; i < g->rounds; i++)
		if (m->kept[i] && empty->kept[i] &&
		    isfinite(m->excess[i] + empty->excess[i]))
			g->scratch[n++] = fmax(m->excess[i], empty->excess[i]);
	if (!n)
		return INFINITY;
	stats_sort(g->scratch, n);
	if (want < SAMPLER_FEWEST_ROUNDS)
		want = SAMPLER_FEWEST_ROUNDS;
	return g->scratch[(want < n ? want : n) - 1];
}

/* How far the core was from its fastest state in the rounds of @out. */
static double slower_state(const struct sampler *s, const struct group *g,
			   const struct member *m, const struct sampled *out)
{
	double median;

	for (size_t i = 0; i < g->rounds; i++)
		g->scratch[i] = isnan(out->sample[i]) ? NAN :
			contention_state(s->contention, m->walk[i]);
	median = stats_median(g->scratch, g->rounds);
	return median > CONTENTION_STATE ? median : 0;
}

/* The figures of one point from all its rounds. */
static int conclude(const struct sampler *s, struct group *g,
		    struct member *m)
{
	struct sampled *out = m->sampled;
	double limit = s->contention->quiet;

	out->rounds = g->rounds;
	out->rounds_quiet = net_samples(s, g, m, limit, g->scratch);
	out->contended = out->rounds_quiet < SAMPLER_FEWEST_ROUNDS &&
		out->rounds_quiet < out->rounds;
	if (out->contended)
		limit = best_limit(g, m);
	out->sample = malloc((g->rounds + !g->rounds) * sizeof(double));
	if (!out->sample)
		return -ENOMEM;
	net_samples(s, g, m, limit, out->sample);
	/* fixed rounds are independent of each other */
	out->cost = s->fixed_rounds ?
		stats_estimate(out->sample, g->rounds, CONFIDENCE) :
		stats_series(out->sample, g->rounds, CONFIDENCE);
	/* samples are multiples of the clock's step: so are intervals */
	out->floor = floor_of(s, m);
	out->cost.lo -= out->floor / 2;
	out->cost.hi += out->floor / 2;
	/* the fastest state was not seen: the interval extends to it */
	out->cost.lo -= slower_state(s, g, m, out) * fabs(out->cost.mid);
	for (size_t i = 0; i < g->rounds; i++)
		g->scratch[i] = isnan(out->sample[i]) ? NAN : m->gross[i];
	out->gross = stats_median(g->scratch, g->rounds);
	return out->cost.n ? 0 : -EAGAIN;
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
	m->excess = calloc(g->max_rounds, sizeof(*m->excess));
	m->walk = calloc(g->max_rounds, sizeof(*m->walk));
	m->kept = calloc(g->max_rounds, sizeof(*m->kept));
	if (!m->gross || !m->excess || !m->walk || !m->kept)
		return errmsg_set(msg, -ENOMEM, "out of memory");
	ret = calibrate(s, m);
	if (ret)
		return errmsg_set(msg, ret, "%s: the loop could not be run: %s",
				  s->backend->name, strerror(-ret));
	return 0;
}

static void group_free(struct sampler *s, struct group *g)
{
	sampler_free(&g->twin, 1);
	for (size_t i = 0; i < g->nr; i++) {
		s->backend->release(s->backend, g->member[i].population);
		free(g->member[i].gross);
		free(g->member[i].excess);
		free(g->member[i].walk);
		free(g->member[i].kept);
	}
	free(g->member);
	free(g->scratch);
}

/*
 * An emulator's rounds do not vary: they are not interleaved, and the pages are
 * marked once for each generation.
 */
static int sample_fixed(struct sampler *s, struct group *g)
{
	g->rounds = s->fixed_rounds;
	for (size_t i = 0; i < g->nr; i++) {
		struct member *m = &g->member[i];

		for (size_t round = 0; round < g->rounds; round++) {
			if (*s->interrupted)
				return -EINTR;
			s->backend->move(s->backend, m->population, round / 2);
			if (m->warm)
				member_run(s, m, m->warm);
			m->gross[round] = sample(s, m, round);
			m->excess[round] = 0;
			m->walk[round] = NAN;
			m->kept[round] = true;
		}
	}
	return 0;
}

/* Wait for a quiet core until @end, and leave a CPU that stays contended. */
static void find_quiet(struct sampler *s, bool fastest,
		       uint64_t *contended_since, uint64_t now, uint64_t end)
{
	uint64_t left = end > now ? end - now : 0;

	if (wait_quiet(s, fastest, left < WAIT_NS ? left : WAIT_NS)) {
		*contended_since = 0;
		return;
	}
	if (!*contended_since)
		*contended_since = now;
	if (s->move && now - *contended_since >= MOVE_NS) {
		if (!s->move(s->move_arg))
			s->move = NULL;
		*contended_since = 0;
	}
}

static bool out_of_time(const struct sampler *s, const struct group *g,
			uint64_t now, uint64_t limit, uint64_t end)
{
	if (g->rounds < SAMPLER_FEWEST_ROUNDS || now < limit)
		return false;
	return now >= end || all_quiet(s, g);
}

static int sample_rounds(struct sampler *s, struct group *g, size_t n)
{
	uint64_t start = clock_ns(), now, contended_since = 0;
	uint64_t limit = s->max_seconds * n * 1e9;
	/* a neighbour of the core matters little beside misses of all caches */
	bool waits = g->member[0].point.ws < WS_LLC;
	uint64_t end = limit + (waits ? s->patience * 1e9 : 0);
	uint64_t least = s->min_seconds * 1e9;
	size_t check = MIN_ROUNDS;

	for (;;) {
		if (*s->interrupted)
			return -EINTR;
		now = clock_ns() - start;
		if (g->rounds >= g->max_rounds ||
		    out_of_time(s, g, now, limit, end))
			break;
		/*
		 * Frequent checks that stop at the first narrow interval would
		 * make intervals too narrow: check seldom.
		 */
		if (g->rounds >= check && now >= least) {
			if (all_tight(s, g))
				break;
			check += check / 2;
		}
		/* the first rounds do not wait: some must exist at the end */
		if (waits && g->rounds >= SAMPLER_FEWEST_ROUNDS)
			find_quiet(s, has_states(&g->member[0].point),
				   &contended_since, now, end);
		sample_round(s, g);
	}
	/* a group that is done early leaves its time to one that is not */
	s->patience += (limit - (double)(clock_ns() - start)) / 1e9;
	if (s->patience < 0)
		s->patience = 0;
	return 0;
}

/* The figures of all points and of the twin. */
static int conclude_group(struct sampler *s, struct group *g, double seconds)
{
	struct sampled *twin = &g->twin, *first = g->member[0].sampled;
	struct estimate e;

	for (size_t i = 0; i + 1 < g->nr; i++) {
		struct sampled *out = g->member[i].sampled;

		out->err = conclude(s, g, &g->member[i]);
		if (out->err)
			errmsg_set(&out->msg, out->err,
				   "every round was disturbed (steal, migration or context switches): use an idle CPU or a shorter --sample-time");
		if (out != twin)
			sampler_rate(s, out);
	}
	if (!twin->sample || twin->err || first->err || twin->contended ||
	    first->contended)
		return 0;
	e = sampled_difference(twin, first);
	return twins_add(s->twins, &twin->point, &e,
			 (twin->floor + first->floor) / 2, seconds * 3 / g->nr);
}

int sampler_group(struct sampler *s, const struct point *points, size_t n,
		  struct sampled *sampled, struct errmsg *msg)
{
	struct group g = { .max_rounds = SAMPLER_MAX_ROUNDS };
	struct point empty;
	uint64_t start;
	size_t i;
	int ret;

	memset(sampled, 0, n * sizeof(*sampled));
	g.member = calloc(n + 2, sizeof(*g.member));
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
	if (s->twins && twins_due(s->twins, g.member[0].point.form)) {
		g.twin.point = g.member[0].point;
		ret = add_member(s, &g, &g.twin.point, &g.twin, msg);
	}
	empty = point_empty(&g.member[0].point);
	if (!ret)
		ret = add_member(s, &g, &empty, NULL, msg);
	start = clock_ns();
	if (!ret)
		ret = s->fixed_rounds ? sample_fixed(s, &g) :
			sample_rounds(s, &g, n);
	if (!ret)
		ret = conclude_group(s, &g, (clock_ns() - start) / 1e9);
	if (!ret && s->counters && counters_passes(s->counters))
		ret = sampler_count_group(s, &g);
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
		threaded_free(sampled[i].threaded);
		sampled[i].sample = NULL;
		sampled[i].counted = NULL;
		sampled[i].threaded = NULL;
	}
}
