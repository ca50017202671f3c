// SPDX-License-Identifier: GPL-2.0
/* The pages and CPUs of threads. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "machine/cpu_lock.h"
#include "machine/topology_threads.h"
#include "measure/sampler_internal.h"
#include "measure/threads_internal.h"
#include "pageflags/retry.h"

/* Reading the length of a cycle, and waiting for each other. */
#define BETWEEN_NS 150000.0
#define MOST_WINDOWS 4000

static const enum cpu_pair pairs[NR_PAIRS] = {
	[PAIR_SMT] = CPU_PAIR_SMT, [PAIR_CORE] = CPU_PAIR_CORE,
	[PAIR_L3] = CPU_PAIR_L3, [PAIR_NUMA] = CPU_PAIR_NUMA,
	[PAIR_SOCKET] = CPU_PAIR_SOCKET,
};

/* The CPUs of the threads of @p; @cpus takes p->threads. */
static int choose_thread_cpus(struct session *s, const struct threads_options *o,
		       const struct point *p, int *cpus, struct errmsg *msg)
{
	char only[16];
	int ret = 0;

	topology_readmit(s->topology);
	if (o->cpu >= 0) {
		snprintf(only, sizeof(only), "%d", o->cpu);
		ret = topology_restrict(s->topology, only, msg);
	}
	if (ret)
		return ret;
	if (p->pair)
		return topology_pair(s->topology, s->cpu.cpu, o->cpu_kind,
				     pairs[p->pair], cpus, msg);
	return topology_threads(s->topology, s->cpu.cpu, o->cpu_kind,
				p->threads, cpus, o->oversubscribe, msg);
}

int threads_check(struct session *s, const struct threads_options *o,
		  const struct point *p, struct errmsg *msg)
{
	int cpus[POINT_MAX_THREADS], ret;
	struct errmsg why;

	if (s->sampler.icount)
		return errmsg_set(msg, -EINVAL,
				  "threads: --icount counts instructions of one CPU: leave out --icount");
	ret = choose_thread_cpus(s, o, p, cpus, &why);
	if (!ret)
		return 0;
	return errmsg_set(msg, ret, "%s:%s%.0u: %s",
			  threading_name(p->threading),
			  p->pair ? pair_name(p->pair) : "",
			  p->pair ? 0 : p->threads, why.text);
}

/* No other pfbench measures there; the session has a lock of its own CPU. */
static int lock_thread_cpus(const struct crew *c, int *lock, struct errmsg *msg)
{
	for (unsigned int i = 0; i < c->nr; i++) {
		bool again = c->thread[i].cpu.cpu == c->session->cpu.cpu;

		for (unsigned int k = 0; k < i; k++)
			again |= c->thread[k].cpu.cpu == c->thread[i].cpu.cpu;
		if (again)
			continue;
		lock[i] = cpu_lock(c->thread[i].cpu.cpu, msg);
		if (lock[i] == -EBUSY)
			return -EBUSY;
	}
	return 0;
}

static void unlock_thread_cpus(const struct crew *c, const int *lock)
{
	for (unsigned int i = 0; i < c->nr; i++)
		if (lock[i] >= 0)
			close(lock[i]);
}

static int find_thread_cpus(struct crew *c, const struct threads_options *o,
		     const struct point *p, struct errmsg *msg)
{
	int cpus[POINT_MAX_THREADS];
	int ret = choose_thread_cpus(c->session, o, p, cpus, msg);

	for (unsigned int i = 0; i < c->nr && !ret; i++) {
		ret = topology_choose(c->session->topology, cpus[i], NULL, 0,
				      &c->thread[i].cpu, msg);
		for (unsigned int k = 0; k < i; k++)
			c->oversubscribed |= cpus[i] == cpus[k];
	}
	return ret;
}

/* Each thread runs the point, or beside a reader the writer. */
static void set_points(const struct crew *c, struct crew_member *m,
		       const struct point *p)
{
	m->first_alone = p->threading == THREADS_READER ||
		p->threading == THREADS_READER_REF;
	for (unsigned int i = 0; i < c->nr; i++) {
		m->point[i] = *p;
		if (i && m->first_alone)
			point_writer(p, &m->point[i]);
	}
}

/* Does the backend count the failed compare-and-swaps of all threads? */
static bool counts_retries(const struct crew *c, const struct point *p)
{
	return c->session->backend.retries && !c->oversubscribed &&
		retry_loop(p->accessor, p->generation);
}

/* Pages are made on the node of their thread, which the kernel looks at too. */
static int populate_member(struct crew *c, struct crew_member *m,
			   struct errmsg *msg)
{
	struct backend *b = &c->session->backend;
	int ret = 0;

	for (unsigned int i = 0; i < c->nr && !ret; i++) {
		const struct crew_thread *t = &c->thread[i];
		bool own = !i || m->point[0].threading == THREADS_PRIVATE;

		ret = topology_bind(c->session->topology, &t->cpu, msg);
		if (!ret)
			ret = b->populate_own(b, &m->point[0], &t->cpu,
					      own ? NULL : m->population[0],
					      &m->population[i], msg);
	}
	return ret;
}

static int open_member(struct crew *c, struct crew_member *m,
		       const struct point *p, struct errmsg *msg)
{
	size_t nr = c->windows + 1;

	m->population = calloc(c->nr, sizeof(*m->population));
	m->point = calloc(c->nr, sizeof(*m->point));
	m->rate = calloc(c->nr * nr, sizeof(*m->rate));
	m->cost = calloc(c->nr * nr, sizeof(*m->cost));
	m->total = calloc(nr, sizeof(*m->total));
	m->all = calloc(nr, sizeof(*m->all));
	m->fairness = calloc(nr, sizeof(*m->fairness));
	m->kept = calloc(nr, sizeof(*m->kept));
	m->quiet = calloc(nr, sizeof(*m->quiet));
	if (counts_retries(c, p))
		m->retries = calloc(RETRY_WINDOWS, sizeof(*m->retries));
	if (!m->population || !m->point || !m->rate || !m->cost || !m->total ||
	    !m->all || !m->fairness || !m->kept || !m->quiet)
		return errmsg_set(msg, -ENOMEM, "out of memory");
	set_points(c, m, p);
	return populate_member(c, m, msg);
}

static void close_member(struct crew *c, struct crew_member *m)
{
	struct backend *b = &c->session->backend;

	/* the first one owns the pages of the others */
	for (unsigned int i = c->nr; m->population && i--;)
		if (m->population[i])
			b->release(b, m->population[i]);
	free(m->population);
	free(m->point);
	free(m->rate);
	free(m->cost);
	free(m->total);
	free(m->all);
	free(m->fairness);
	free(m->kept);
	free(m->quiet);
	free(m->retries);
}

static int open_threads(struct crew *c, const struct threads_options *o,
			const struct point *p, size_t n, struct errmsg *msg)
{
	double tick = c->session->sampler.ns_per_tick;

	c->nr = p->threads;
	c->chunk_ticks = CHUNK_NS / tick;
	c->window_ticks = WINDOW_NS / tick;
	c->cycles = c->session->cycles != NULL;
	c->windows = o->windows ? o->windows :
		o->seconds * 1e9 / (WINDOW_NS + BETWEEN_NS);
	if (!o->windows && c->windows < SAMPLER_FEWEST_ROUNDS)
		c->windows = SAMPLER_FEWEST_ROUNDS;
	if (c->windows > MOST_WINDOWS)
		c->windows = MOST_WINDOWS;
	c->thread = calloc(c->nr, sizeof(*c->thread));
	c->member = calloc(n, sizeof(*c->member));
	if (!c->thread || !c->member)
		return errmsg_set(msg, -ENOMEM, "out of memory");
	c->nr_members = n;
	for (unsigned int i = 0; i < c->nr; i++) {
		struct crew_thread *t = &c->thread[i];

		t->crew = c;
		t->number = i;
		t->contention = c->session->contention;
		t->iterations = calloc(n, sizeof(*t->iterations));
		if (!t->iterations)
			return errmsg_set(msg, -ENOMEM, "out of memory");
		for (size_t k = 0; k < n; k++)
			t->iterations[k] = 1;
	}
	return find_thread_cpus(c, o, p, msg);
}

static void close_crew(struct crew *c)
{
	for (size_t i = 0; i < c->nr_members; i++)
		close_member(c, &c->member[i]);
	for (unsigned int i = 0; c->thread && i < c->nr; i++)
		free(c->thread[i].iterations);
	free(c->thread);
	free(c->member);
}

/* Pages, windows, figures; the session's thread waits for the others. */
static int measure_members(struct crew *c, const struct point *points,
			   struct sampled *sampled, struct errmsg *msg)
{
	struct errmsg ignored;
	size_t i;
	int ret = 0;

	for (i = 0; i < c->nr_members && !ret; i++)
		ret = open_member(c, &c->member[i], &points[i], msg);
	if (!ret)
		ret = crew_run(c, msg);
	topology_bind(c->session->topology, &c->session->cpu, &ignored);
	for (i = 0; i < c->nr_members && !ret; i++) {
		sampled[i].point = points[i];
		if (!c->done)
			sampled[i].err = errmsg_set(&sampled[i].msg, -ENODATA,
						    "no window was complete");
		else if (crew_conclude(c, &c->member[i], &sampled[i]))
			ret = errmsg_set(msg, -ENOMEM, "out of memory");
		if (!ret)
			sampler_rate(&c->session->sampler, &sampled[i]);
	}
	return ret;
}

int threads_group(struct session *s, const struct threads_options *o,
		  const struct point *points, size_t n,
		  struct sampled *sampled, struct errmsg *msg)
{
	struct crew c = { .session = s };
	int lock[POINT_MAX_THREADS], ret;

	memset(lock, -1, sizeof(lock));
	memset(sampled, 0, n * sizeof(*sampled));
	ret = open_threads(&c, o, points, n, msg);
	if (!ret)
		ret = lock_thread_cpus(&c, lock, msg);
	if (!ret)
		ret = measure_members(&c, points, sampled, msg);
	unlock_thread_cpus(&c, lock);
	close_crew(&c);
	if (ret)
		sampler_free(sampled, n);
	return ret;
}
