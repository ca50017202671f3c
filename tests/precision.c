// SPDX-License-Identifier: GPL-2.0
/*
 * One process of 'make bench-precision': the difference between v4.4-word and
 * plain (PageLocked, small, hot) by our sampler, or by Google Benchmark alone on
 * the same loops and pages. Prints cycles (our sampler, with the share of quiet
 * readings) or nanoseconds (Google Benchmark) per operation, and "contended" if
 * our sampler found too few quiet rounds. Or samples one point.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "measure/session.h"
#include "precision_google.h"

static const enum pf_generation generations[2] = { PF_GEN_v4_4_word,
						   PF_GEN_plain };

static struct point point_of(int i, const char *mode)
{
	return (struct point){
		.accessor = PF_ACC_PageLocked, .generation = generations[i],
		.form = strcmp(mode, "latency") ? PF_THROUGHPUT : PF_LATENCY,
	};
}

static void fail(const struct errmsg *msg)
{
	fprintf(stderr, "precision: %s\n", msg->text);
	exit(2);
}

static void open_session(struct session *s)
{
	struct session_options o = SESSION_DEFAULTS;
	struct errmsg msg;

	o.events = "none";
	if (session_open(s, &o, &msg))
		fail(&msg);
}

/* The share of quiet readings, which are taken all the time. */
static double quiet_share(const struct session *s)
{
	return (double)s->contention.nr_quiet / s->contention.nr_read;
}

static int ours(const char *mode, const char *seconds)
{
	struct point points[2] = { point_of(0, mode), point_of(1, mode) };
	struct sampled sampled[2];
	struct session s;
	struct estimate d;
	struct errmsg msg;

	open_session(&s);
	/* use all of the time, as Google Benchmark does */
	s.sampler.min_seconds = atof(seconds);
	s.sampler.max_seconds = s.sampler.min_seconds / 2;
	s.sampler.patience = 0;
	if (sampler_group(&s.sampler, points, 2, sampled, &msg))
		fail(&msg);
	d = sampled_difference(&sampled[0], &sampled[1]);
	printf("%.6f %.4f%s\n", d.mid, quiet_share(&s),
	       sampled[0].contended || !isfinite(d.lo) ? " contended" : "");
	sampler_free(sampled, 2);
	session_close(&s);
	return 0;
}

/* One point as 'pfbench run' samples it: cycles, interval, seconds. */
static int one_point(const char *mode)
{
	struct point point = point_of(0, mode);
	struct sampled sampled;
	struct session s;
	struct errmsg msg;
	uint64_t start;

	open_session(&s);
	start = clock_ns();
	if (sampler_group(&s.sampler, &point, 1, &sampled, &msg))
		fail(&msg);
	printf("%.6f %.6f %.6f %.4f%s\n", sampled.cost.mid, sampled.cost.lo,
	       sampled.cost.hi, (clock_ns() - start) / 1e9,
	       sampled.contended ? " contended" : "");
	sampler_free(&sampled, 1);
	session_close(&s);
	return 0;
}

/* One loop under Google Benchmark. */
struct plain {
	struct session *session;
	struct population *population;
	struct point point;
	unsigned long iterations;
};

static void run_plain(void *arg)
{
	struct plain *p = arg;

	p->session->backend.run(&p->session->backend, p->population, &p->point,
				p->iterations);
}

static int google(const char *mode, int argc, char **argv)
{
	static struct google_loop loop[2];
	struct plain plain[2];
	struct session s;
	struct errmsg msg;

	open_session(&s);
	for (int i = 0; i < 2; i++) {
		plain[i].session = &s;
		plain[i].point = point_of(i, mode);
		if (s.backend.populate(&s.backend, &plain[i].point,
				       &plain[i].population, &msg)) {
			fprintf(stderr, "precision: %s\n", msg.text);
			return 2;
		}
		plain[i].iterations = 1024;
		loop[i].name = i ? "plain" : "word";
		loop[i].fn = run_plain;
		loop[i].arg = &plain[i];
		loop[i].ops = (int64_t)plain[i].iterations * PF_UNROLL;
	}
	google_time(argc, argv, loop, 2);
	printf("%.6f\n", stats_median(loop[0].ns, loop[0].nr) -
	       stats_median(loop[1].ns, loop[1].nr));
	session_close(&s);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 4 && !strcmp(argv[1], "ours"))
		return ours(argv[2], argv[3]);
	if (argc == 3 && !strcmp(argv[1], "point"))
		return one_point(argv[2]);
	if (argc >= 3 && !strcmp(argv[1], "google"))
		return google(argv[2], argc - 2, argv + 2);
	fputs("usage: precision ours latency|throughput SECONDS\n"
	      "       precision point latency|throughput\n"
	      "       precision google latency|throughput [--benchmark_...]\n",
	      stderr);
	return 2;
}
