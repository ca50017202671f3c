// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "lib/array.h"
#include "machine/tsc.h"
#include "measure/selftest.h"

enum { WORD, SAME, PLUS1, NR_TWINS };

/*
 * Differences of SAME and WORD, by round. The median of all rounds of some
 * repeats in a row that took a span of time is what a run of that length finds.
 */
struct span {
	double seconds;			/* of a run */
	double spent;			/* of the present one */
	size_t start;			/* its first round */
	double *found;			/* by run */
	size_t nr;
};

struct differences {
	double *round;
	size_t nr;
	struct span in_short, in_long;
};

/* Samples of one form of the three twins, over all repeats. */
struct series {
	struct estimate *estimate;	/* of WORD, by repeat */
	double *sample;			/* of WORD, all of them */
	size_t nr_samples, max_samples;
	unsigned int repeats, equal, found;
	struct differences differences;
};

__attribute__((format(printf, 5, 6)))
static void set_answer(struct selftest_answer *a, const char *name, bool known,
		       bool good, const char *fmt, ...)
{
	va_list ap;

	a->name = name;
	a->verdict = !known ? SELFTEST_UNKNOWN :
		good ? SELFTEST_OK : SELFTEST_FAILED;
	va_start(ap, fmt);
	vsnprintf(a->text, sizeof(a->text), fmt, ap);
	va_end(ap);
}

/*
 * Copies of one loop at different addresses differ by some hundredths of a per
 * cent: this share of the cost is not a difference between accessors.
 */
#define SAME_COST 0.001

/* Equal: the interval comes within SAME_COST of zero. */
static bool is_equal(const struct estimate *difference,
		     const struct sampled *of)
{
	double slack = SAME_COST * of->gross;

	return difference->lo <= slack && difference->hi >= -slack;
}

/* End the present run of a span if it is long enough. */
static int end_span(struct span *s, const struct differences *d, double seconds)
{
	double *grown;

	s->spent += seconds;
	if (s->spent < s->seconds)
		return 0;
	if (d->nr > s->start) {
		grown = array_grow(s->found, s->nr, sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		s->found = grown;
		s->found[s->nr++] = stats_median(d->round + s->start,
						 d->nr - s->start);
	}
	s->start = d->nr;
	s->spent = 0;
	return 0;
}

/* NULL instead of twins: time without a quiet core. */
static int keep_differences(struct differences *d, const struct sampled *same,
			    const struct sampled *word, double seconds)
{
	double *grown;

	for (size_t i = 0; word && i < word->rounds; i++) {
		if (isnan(same->sample[i] - word->sample[i]))
			continue;
		grown = array_grow(d->round, d->nr, sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		d->round = grown;
		d->round[d->nr++] = same->sample[i] - word->sample[i];
	}
	if (end_span(&d->in_short, d, seconds))
		return -ENOMEM;
	return end_span(&d->in_long, d, seconds);
}

/* Fewer runs say too little of how far apart runs are. */
#define FEWEST_RUNS 10

/*
 * The smallest difference that is resolved: the test for a difference allows
 * for all that equal accessors differ by, the offset of their addresses, too.
 */
static double resolved_in(const struct span *s)
{
	double sum = 0, squares = 0, mean, rms, sd;

	if (s->nr < FEWEST_RUNS)
		return NAN;
	for (size_t i = 0; i < s->nr; i++) {
		sum += s->found[i];
		squares += s->found[i] * s->found[i];
	}
	mean = sum / s->nr;
	rms = sqrt(squares / s->nr);
	sd = sqrt(fmax(squares - sum * mean, 0) / (s->nr - 1));
	return TWINS_FALSE * rms + TWINS_MISSED * sd;
}

static int keep_samples(struct series *s, const struct sampled *word)
{
	double *grown;

	if (s->nr_samples + word->rounds > s->max_samples) {
		s->max_samples = 2 * (s->nr_samples + word->rounds);
		grown = realloc(s->sample, s->max_samples * sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		s->sample = grown;
	}
	for (size_t i = 0; i < word->rounds; i++)
		if (!isnan(word->sample[i]))
			s->sample[s->nr_samples++] = word->sample[i];
	return 0;
}

/* Below six quiet rounds every interval is infinite: it would hold anything. */
static bool has_interval(const struct estimate *e)
{
	return isfinite(e->hi - e->lo);
}

static bool any_contended(const struct sampled *sampled, int n)
{
	for (int i = 0; i < n; i++)
		if (sampled[i].contended)
			return true;
	return false;
}

/* One repeat; contended ones do not count. */
static int sample_repeat(struct session *session, const struct point *twins,
			 struct series *s, struct errmsg *msg)
{
	struct sampled sampled[NR_TWINS];
	struct estimate same, more;
	uint64_t start = clock_ns();
	bool quiet;
	int ret = sampler_group(&session->sampler, twins, NR_TWINS, sampled,
				msg);

	if (ret)
		return ret;
	same = sampled_difference(&sampled[SAME], &sampled[WORD]);
	more = sampled_difference(&sampled[PLUS1], &sampled[WORD]);
	quiet = !any_contended(sampled, NR_TWINS) && has_interval(&same) &&
		has_interval(&more);
	ret = keep_differences(&s->differences, quiet ? &sampled[SAME] : NULL,
			       quiet ? &sampled[WORD] : NULL,
			       (clock_ns() - start) / 1e9);
	if (quiet) {
		s->estimate[s->repeats++] = sampled[WORD].cost;
		ret |= keep_samples(s, &sampled[WORD]);
		s->equal += is_equal(&same, &sampled[WORD]);
		s->found += more.mid > 0 && !is_equal(&more, &sampled[WORD]);
	}
	sampler_free(sampled, NR_TWINS);
	return ret ? errmsg_set(msg, -ENOMEM, "out of memory") : 0;
}

static int sample_twins(struct session *session, enum pf_form form,
			unsigned int repeats, struct series *s,
			const struct selftest_progress *progress,
			unsigned int before, struct errmsg *msg)
{
	static const enum pf_generation gens[NR_TWINS] = {
		[WORD] = PF_GEN_v4_4_word, [SAME] = PF_GEN_selftest_same,
		[PLUS1] = PF_GEN_selftest_plus1,
	};
	struct point twins[NR_TWINS];
	int ret = 0;

	for (int i = 0; i < NR_TWINS; i++)
		twins[i] = (struct point){ .accessor = PF_ACC_PageLocked,
					   .form = form,
					   .generation = gens[i] };
	s->differences.in_short.seconds = SELFTEST_SHORT;
	s->differences.in_long.seconds = SELFTEST_LONG;
	s->estimate = calloc(repeats, sizeof(*s->estimate));
	if (!s->estimate)
		return errmsg_set(msg, -ENOMEM, "out of memory");
	/* a busy core gets half as many tries again */
	for (unsigned int i = 0; !ret && i < repeats + repeats / 2 &&
	     s->repeats < repeats; i++) {
		ret = sample_repeat(session, twins, s, msg);
		if (progress->show)
			progress->show(progress->arg, before + s->repeats,
				       2 * repeats);
	}
	return ret;
}

/* The number of intervals that contain the median of all samples. */
static unsigned int intervals_containing(const struct series *s)
{
	double median = stats_median(s->sample, s->nr_samples);
	unsigned int n = 0;

	for (unsigned int i = 0; i < s->repeats; i++)
		n += s->estimate[i].lo <= median && median <= s->estimate[i].hi;
	return n;
}

static int check_chains(struct session *session, struct selftest_answer *a,
			struct errmsg *msg)
{
	static const enum pf_accessor adds[3] = { PF_ACC_add1, PF_ACC_add2,
						  PF_ACC_add4 };
	struct point points[3];
	struct sampled sampled[3];
	double one, two, four;
	bool known = false;
	int ret;

	for (int i = 0; i < 3; i++)
		points[i] = (struct point){ .accessor = adds[i],
					    .generation = PF_GEN_primitive,
					    .form = PF_LATENCY };
	for (int tries = 0; tries < 20 && !known; tries++) {
		if (tries)
			sampler_free(sampled, 3);
		ret = sampler_group(&session->sampler, points, 3, sampled, msg);
		if (ret)
			return ret;
		known = !any_contended(sampled, 3);
		for (int i = 0; i < 3; i++)
			known &= has_interval(&sampled[i].cost);
	}
	one = sampled[0].cost.mid;
	two = sampled[1].cost.mid / one;
	four = sampled[2].cost.mid / one;
	set_answer(a, "chains", known,
		   fabs(two - 2) <= 0.04 && fabs(four - 4) <= 0.08,
		   "1 : %.3f : %.3f for 1, 2, 4 adds, %.3f %s", two, four,
		   one, session->sampler.fixed_rounds ? "ticks" : "cycles");
	sampler_free(sampled, 3);
	return 0;
}

static struct selftest_resolution resolution_of(const struct series *s)
{
	return (struct selftest_resolution){
		resolved_in(&s->differences.in_short),
		resolved_in(&s->differences.in_long),
	};
}

static void free_series(struct series *s)
{
	free(s->estimate);
	free(s->sample);
	free(s->differences.round);
	free(s->differences.in_short.found);
	free(s->differences.in_long.found);
}

int selftest(struct session *session, unsigned int repeats,
	     struct selftest_result *result,
	     const struct selftest_progress *progress, struct errmsg *msg)
{
	struct selftest_answer *answers = result->answer;
	struct series throughput = { 0 }, latency = { 0 };
	struct sampler *sampler = &session->sampler;
	unsigned int pairs, contained, equal;
	bool known;
	int ret;

	sampler->min_seconds = fmin(SELFTEST_SHORT,
				    NR_TWINS * sampler->max_seconds);
	ret = check_chains(session, &answers[0], msg);
	if (!ret)
		ret = sample_twins(session, PF_THROUGHPUT, repeats,
				   &throughput, progress, 0, msg);
	if (!ret)
		ret = sample_twins(session, PF_LATENCY, repeats, &latency,
				   progress, repeats, msg);
	if (!ret) {
		result->resolution[PF_THROUGHPUT] = resolution_of(&throughput);
		result->resolution[PF_LATENCY] = resolution_of(&latency);
		known = throughput.repeats == repeats &&
			latency.repeats == repeats;
		pairs = throughput.repeats + latency.repeats;
		equal = throughput.equal + latency.equal;
		contained = intervals_containing(&throughput) +
			intervals_containing(&latency);
		set_answer(&answers[1], "A/A", known, equal >= 0.95 * pairs,
			   "%u of %u equal (throughput %u, latency %u)",
			   equal, pairs, throughput.equal, latency.equal);
		set_answer(&answers[2], "+1", latency.repeats == repeats,
			   latency.found >= 0.95 * repeats,
			   "%u of %u runs found it", latency.found,
			   latency.repeats);
		set_answer(&answers[3], "intervals", known,
			   contained >= 0.90 * pairs,
			   "%u of %u contain the long-run median", contained, pairs);
	}
	free_series(&throughput);
	free_series(&latency);
	return ret;
}
