// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "cmd/cmd.h"
#include "cmd/run_group.h"
#include "cmd/run_notes.h"
#include "cmd/verbosity.h"
#include "measure/gbench.h"

static void release_populations(struct run *r, struct population **kept,
				size_t nr)
{
	while (nr)
		r->session.backend.release(&r->session.backend, kept[--nr]);
	free(kept);
}

/*
 * Sampling and Google Benchmark's timing share the populations of a group: in
 * memory there is one for each generation, and making it takes seconds. The
 * next group may use them as well, so they are released after it has its own.
 * The sampler reports a point that cannot be populated.
 */
static void populate_group(struct run *r, const struct run_group *g)
{
	struct backend *b = &r->session.backend;
	struct population **kept = calloc(g->nr, sizeof(*kept));
	struct errmsg msg;
	size_t nr = 0;

	for (size_t i = 0; kept && i < g->nr && !cmd_interrupted; i++)
		nr += !b->populate(b, &g->first[i], &kept[nr], &msg);
	release_populations(r, r->kept, r->nr_kept);
	r->kept = kept;
	r->nr_kept = nr;
}

static void free_repetition(struct repetition *rep)
{
	free(rep->sampled);
	free(rep);
}

static int sample_group(struct run *r, struct run_group *g)
{
	struct repetition *rep = calloc(1, sizeof(*rep));
	uint64_t start = clock_ns();
	char name[POINT_NAME_MAX];
	int ret;

	if (rep)
		rep->sampled = calloc(g->nr, sizeof(*rep->sampled));
	if (!rep || !rep->sampled) {
		free(rep);
		return errmsg_set(&r->msg, -ENOMEM, "out of memory");
	}
	point_name(g->first, name);
	progress_show(&r->progress, r->points_done,
		      r->selection.nr * r->repetitions, name);
	session_clock(&r->session);
	if (g->first->threading) {
		ret = threads_group(&r->session, &r->threads, g->first, g->nr,
				    rep->sampled, &r->msg);
	} else {
		populate_group(r, g);
		ret = sampler_group(&r->session.sampler, g->first, g->nr,
				    rep->sampled, &r->msg);
	}
	progress_clear(&r->progress);
	if (ret) {
		free_repetition(rep);
		return ret;
	}
	note_group(rep->sampled, g->nr, (clock_ns() - start) / 1e9);
	*g->last = rep;
	g->last = &rep->next;
	r->points_done += g->nr;
	return 0;
}

/* Repetition @n of an entry; NULL: not sampled. */
static struct sampled *find_sampled(const struct run_entry *e, int64_t n)
{
	struct repetition *rep = e->group->reps;

	while (rep && n-- > 0)
		rep = rep->next;
	return rep ? &rep->sampled[e->index] : NULL;
}

/* The same, sampled if necessary; NULL after an error, which is in the run. */
static struct sampled *get_sampled(struct run_entry *e, unsigned int n)
{
	struct sampled *sampled;

	while (!(sampled = find_sampled(e, n))) {
		e->run->err = sample_group(e->run, e->group);
		if (e->run->err)
			return NULL;
	}
	return sampled;
}

/* The loop that Google Benchmark times for its CPU column. */
struct gross_run {
	struct session *session;
	struct population *population;
	const struct point *point;
	unsigned long iterations;
};

static void run_gross(void *arg)
{
	struct gross_run *g = arg;

	g->session->backend.run(&g->session->backend, g->population, g->point,
				g->iterations);
}

static void report_gross(struct gbench_state *state, struct run_entry *e)
{
	struct session *s = &e->run->session;
	struct gross_run g = { .session = s, .point = &e->now->point };
	unsigned long least = s->sampler.fixed_rounds ? 0 : 100000;

	e->now->err = s->backend.populate(&s->backend, g.point, &g.population,
					  &e->now->msg);
	if (e->now->err) {
		gbench_skip(state, e->now->msg.text);
		return;
	}
	g.iterations = s->backend.iterations(g.population);
	/* a pass over memory takes seconds */
	if (least && g.iterations * PF_UNROLL > least)
		g.iterations = least / PF_UNROLL;
	run_gross(&g);
	/* some 100 us */
	while (g.iterations * PF_UNROLL < least)
		g.iterations *= 2;
	gbench_result(state, e->now->cost.mid * e->run->ns_per_unit, run_gross,
		      &g, (int64_t)g.iterations * PF_UNROLL);
	s->backend.release(&s->backend, g.population);
}

/* NULL, which prints nothing, after an interruption. */
static const char *point_skip_reason(const struct run *r)
{
	return r->err == -EINTR ? NULL : r->msg.text;
}

/* Called by Google Benchmark, once per repetition of an entry. */
static void measure_entry(struct gbench_state *state, void *arg)
{
	struct run_entry *e = arg;
	struct run *r = e->run;
	const struct counters *counters = r->session.counters;
	const struct sampled *now;

	if (cmd_interrupted)
		r->err = -EINTR;
	if (r->err) {
		gbench_skip(state, point_skip_reason(r));
		return;
	}
	e->now = get_sampled(e, e->called++);
	now = e->now;
	if (!now) {
		gbench_skip(state, point_skip_reason(r));
		return;
	}
	if (now->err) {
		gbench_skip(state, now->msg.text);
		complain("%s: %s", e->name, now->msg.text);
		return;
	}
	r->ns_per_unit = sampler_unit(&r->session.sampler) *
		r->session.sampler.ns_per_tick;
	r->ns_per_cycle = r->ns_per_unit / r->session.sampler.add_cycles;
	report_gross(state, e);
	gbench_counter(state, "lo_ns", now->cost.lo * r->ns_per_unit);
	gbench_counter(state, "hi_ns", now->cost.hi * r->ns_per_unit);
	gbench_counter(state, "rounds", now->rounds);
	gbench_counter(state, "quiet", now->rounds_quiet);
	for (size_t i = 0; counters && i < counters_nr(counters); i++) {
		const struct counter *c = counters_get(counters, i);

		if (c->available)
			gbench_counter(state, c->name, now->counted ?
				       now->counted[i].per_op.mid : NAN);
	}
	if (now->contended)
		gbench_label(state, "contended");
}

/* Add a repetition to the result; false: it has no figure. */
static bool add_entry(struct run *r, const struct gbench_run *run)
{
	struct run_entry *e = run->arg;
	const struct sampled *sampled = find_sampled(e, run->repetition);

	/* a point without all its repetitions would not be measured again */
	if (run->skipped && r->err == -EINTR) {
		result_writer_drop(&r->writer, e->added);
		r->points_measured -= e->added;
		e->added = 0;
		e->measured = false;
	}
	if (run->skipped || !sampled || sampled->err)
		return false;
	if (result_writer_add(&r->writer, &(struct result_writer_entry){
			.sampled = sampled, .counters = r->session.counters,
			.cycles = !r->session.sampler.fixed_rounds,
			.ns_per_unit = sampler_unit(&r->session.sampler) *
				r->session.sampler.ns_per_tick,
			.cpu_ns = run->cpu_ns, .iterations = run->iterations,
			.repetition = run->repetition,
			.repetitions = run->repetitions,
			.group = e->group->number })) {
		r->err = errmsg_set(&r->msg, -ENOMEM, "out of memory");
		return false;
	}
	r->points_measured++;
	e->added++;
	e->measured = true;
	return true;
}

/*
 * Called by Google Benchmark for each repetition, after the last one of its
 * entry. The result is written when the last entry of a group is in it.
 */
static void record_entry(void *arg, const struct gbench_run *run)
{
	struct run_group *g = ((struct run_entry *)run->arg)->group;
	struct run *r = arg;
	struct errmsg msg;

	g->some |= add_entry(r, run);
	if (++g->recorded < g->nr * run->repetitions || !g->some || r->err)
		return;
	result_writer_progress(&r->writer, &r->session);
	if (result_writer_write(&r->writer, true, false, &msg)) {
		r->err = -EIO;
		r->msg = msg;
	}
}

int run_groups_open(struct run *r)
{
	struct point_filter *s = &r->selection;

	r->group = calloc(s->nr, sizeof(*r->group));
	r->entry = calloc(s->nr, sizeof(*r->entry));
	if (!r->group || !r->entry)
		return errmsg_set(&r->msg, -ENOMEM, "out of memory");
	for (size_t i = 0; i < s->nr; i++) {
		struct run_entry *e = &r->entry[i];
		struct run_group *g;

		if (!i || !point_same_group(&s->point[i], &s->point[i - 1])) {
			g = &r->group[r->nr_groups];
			g->first = &s->point[i];
			g->number = r->nr_groups++;
			g->last = &g->reps;
		}
		g = &r->group[r->nr_groups - 1];
		e->run = r;
		e->group = g;
		e->index = g->nr++;
		point_name(&s->point[i], e->name);
		if (gbench_register(e->name, measure_entry, e))
			return errmsg_set(&r->msg, -ENOMEM, "out of memory");
	}
	return 0;
}

void run_groups_measure(struct run *r, const struct gbench_output *output)
{
	struct errmsg msg;
	int ret;

	progress_open(&r->progress, cmd_quiet);
	ret = gbench_run(record_entry, r, output, &msg);
	if (ret && !r->err) {
		r->err = ret;
		r->msg = msg;
	}
	release_populations(r, r->kept, r->nr_kept);
}

const char *run_entry_reason(const struct run_entry *e)
{
	const struct sampled *sampled = find_sampled(e, 0);

	if (sampled && sampled->err)
		return sampled->msg.text;
	return e->run->err == -EINTR ? "interrupted" : e->run->msg.text;
}

void run_groups_close(struct run *r)
{
	struct repetition *rep;

	for (size_t i = 0; i < r->nr_groups; i++) {
		while ((rep = r->group[i].reps)) {
			r->group[i].reps = rep->next;
			sampler_free(rep->sampled, r->group[i].nr);
			free_repetition(rep);
		}
	}
	free(r->group);
	free(r->entry);
}
