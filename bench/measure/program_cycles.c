// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/auto_free.h"
#include "lib/read_file.h"
#include "lib/subprocess.h"
#include "machine/environment.h"
#include "measure/program_cycles.h"

#define MAX_RUNS 400
/* The first run reads files and grows caches of the kernel. */
#define WARM_RUNS 1

struct run {
	double cycles;		/* per operation */
	bool quiet;
};

/* The rest of the line that starts with @key, or NULL. */
static const char *line_of(const char *output, const char *key)
{
	const char *at = output;

	while (at && strncmp(at, key, strlen(key))) {
		at = strchr(at, '\n');
		at += !!at;
	}
	return at ? at + strlen(key) : NULL;
}

/* Nanoseconds per operation from what a program printed. */
static int parse_output(const char *program, const char *output, char unit[64],
			double *ns, struct errmsg *msg)
{
	const char *operations = line_of(output, "operations: ");
	const char *time = line_of(output, "time: ");
	char *end = NULL;
	double n = operations ? strtod(operations, &end) : 0;

	*ns = time ? strtod(time, NULL) / n : NAN;
	if (!(n >= 1) || !(*ns > 0) || !isfinite(*ns))
		return errmsg_set(msg, -EINVAL,
				  "%s: no lines 'operations: N UNIT' and 'time: NS': is it a program of bench/workloads, built by make workloads?",
				  program);
	snprintf(unit, 64, "%.*s", (int)strcspn(end, "\n"), end);
	clean_line(unit);
	return 0;
}

static int run_program(const char *const argv[], char unit[64], double *ns,
		       struct errmsg *msg)
{
	auto_free char *out = NULL, *err = NULL;
	int status = subprocess_run(argv, &out, &err);

	if (status < 0)
		return errmsg_set(msg, status, "%s: %s", argv[0],
				  strerror(-status));
	if (status)
		return errmsg_set(msg, -EIO, "%s ended with status %d: %s",
				  argv[0], status, clean_line(err));
	return parse_output(argv[0], out, unit, ns, msg);
}

static int measure_run(struct session *s, const char *const argv[],
		       char unit[64], struct run *run, struct errmsg *msg)
{
	struct contention *q = &s->contention;
	long long steal = environment_steal("", s->cpu.cpu);
	struct contention_reading before;
	double ns, tick;
	int err;

	contention_read(q);
	before = q->last;
	err = run_program(argv, unit, &ns, msg);
	if (err)
		return err;
	contention_read(q);
	session_clock(s);
	/* ticks per cycle, of the chains next to the run */
	tick = (before.after + q->last.before) / 2 / s->sampler.add_cycles;
	run->cycles = ns / s->sampler.ns_per_tick / tick;
	run->quiet = contention_excess(q, &before) <= q->quiet &&
		contention_excess(q, &q->last) <= q->quiet &&
		contention_steady(before.after, q->last.before) &&
		environment_steal("", s->cpu.cpu) == steal;
	return 0;
}

static void conclude_runs(const struct run *run, struct program_cycles *out)
{
	double cycles[MAX_RUNS];
	size_t n = 0;

	for (size_t i = 0; i < out->runs; i++)
		out->quiet += run[i].quiet;
	out->contended = out->quiet < SAMPLER_FEWEST_ROUNDS;
	for (size_t i = 0; i < out->runs; i++)
		if (run[i].quiet || out->contended)
			cycles[n++] = run[i].cycles;
	out->per_op = stats_series(cycles, n, STATS_CONFIDENCE);
}

int program_cycles(struct session *s, const char *const argv[], double seconds,
		   struct program_cycles *out, struct errmsg *msg)
{
	uint64_t start;
	struct run run[MAX_RUNS];
	double ns;
	int err = 0;

	memset(out, 0, sizeof(*out));
	if (isnan(s->sampler.add_cycles))
		return errmsg_set(msg, -ENOTSUP,
				  "cycles of an operation: no counter of cycles, and the cycles per add of this CPU are not known: use --op-ns");
	for (int i = 0; i < WARM_RUNS && !err; i++)
		err = run_program(argv, out->unit, &ns, msg);
	start = clock_ns();
	while (!err && out->runs < MAX_RUNS &&
	       (out->runs < 2 * SAMPLER_FEWEST_ROUNDS ||
		clock_ns() - start < seconds * 1e9)) {
		if (*s->sampler.interrupted)
			return errmsg_set(msg, -EINTR, "interrupted");
		err = measure_run(s, argv, out->unit, &run[out->runs], msg);
		out->runs += !err;
	}
	if (!err)
		conclude_runs(run, out);
	return err;
}
