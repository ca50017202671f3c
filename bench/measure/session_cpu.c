// SPDX-License-Identifier: GPL-2.0
/* The CPU of a session: a free one, and another one while that is contended. */
#include <errno.h>
#include <unistd.h>

#include "lib/array.h"
#include "machine/cpu_lock.h"
#include "machine/environment.h"
#include "measure/session_internal.h"

/* Watch how busy the CPUs are for so long; /proc/stat counts in 10 ms. */
#define WATCH_MS 50
#define MOVE_WATCH_MS 20

static bool suits(const struct cpu_choice *now, const struct cpu_choice *new)
{
	return new->node == now->node && new->cpu != now->cpu;
}

/* The least busy CPU on which no other pfbench measures, and its lock. */
static int choose_free_cpu(struct session *s, int cpu, const char *kind,
			   unsigned int watch_ms, struct cpu_choice *choice,
			   int *lock, struct errmsg *msg)
{
	struct errmsg busy = { "" };
	int ret;

	for (;;) {
		ret = topology_choose(s->topology, cpu, kind, watch_ms, choice,
				      msg);
		if (ret && !busy.text[0])
			return ret;
		if (ret)
			return errmsg_set(msg, -EBUSY, "%s", busy.text);
		*lock = cpu_lock(choice->cpu, &busy);
		if (*lock != -EBUSY)
			return 0;
		if (cpu >= 0)
			return errmsg_set(msg, -EBUSY, "%s", busy.text);
		topology_exclude(s->topology, choice->cpu);
	}
}

/* Remember that the CPU was in use; without memory, the list lacks it. */
static void add_used(struct session *s)
{
	int *grown;

	for (size_t i = 0; i < s->nr_used; i++)
		if (s->used[i] == s->cpu.cpu)
			return;
	grown = array_grow(s->used, s->nr_used, sizeof(*grown));
	if (!grown)
		return;
	s->used = grown;
	s->used[s->nr_used++] = s->cpu.cpu;
}

int session_choose_cpu(struct session *s, const struct session_options *o,
		       struct errmsg *msg)
{
	int ret = 0;

	if (o->cpus)
		ret = topology_restrict(s->topology, o->cpus, msg);
	if (!ret)
		ret = choose_free_cpu(s, o->cpu, o->cpu_kind, WATCH_MS, &s->cpu,
				      &s->lock, msg);
	if (!ret)
		add_used(s);
	return ret;
}

void session_release_cpu(struct session *s)
{
	if (s->lock >= 0)
		close(s->lock);
	s->lock = -1;
}

static void take_cpu(struct session *s, const struct cpu_choice *cpu, int lock)
{
	long long steal = session_steal(s);

	session_release_cpu(s);
	s->lock = lock;
	s->cpu = *cpu;
	s->sampler.cpu = cpu->cpu;
	s->moves++;
	add_used(s);
	/* session_steal() goes on from what it is now */
	if (steal >= 0)
		s->steal_started = environment_steal("", cpu->cpu) - steal;
}

/*
 * CPUs that were left are tried again when all others were: the topology
 * excludes them until then.
 */
bool session_move(void *arg)
{
	struct session *s = arg;
	struct cpu_choice choice;
	struct errmsg msg;
	int lock;

	for (int tries = 0; tries < 2; tries++) {
		topology_exclude(s->topology, s->cpu.cpu);
		while (!choose_free_cpu(s, -1, s->cpu.kind, MOVE_WATCH_MS,
					&choice, &lock, &msg)) {
			if (suits(&s->cpu, &choice) &&
			    !topology_bind(s->topology, &choice, &msg)) {
				take_cpu(s, &choice, lock);
				return true;
			}
			if (lock >= 0)
				close(lock);
			topology_exclude(s->topology, choice.cpu);
		}
		topology_readmit(s->topology);
	}
	return false;
}
