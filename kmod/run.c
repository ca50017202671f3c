// SPDX-License-Identifier: GPL-2.0
/*
 * Running a loop: in stretches with interrupts off, each bounded, with others
 * let in between.
 */
#include <linux/moduleparam.h>
#include <linux/sched/signal.h>
#include <linux/timekeeping.h>

#include "compat.h"
#include "pageflags/ticks.h"
#include "pfbench.h"

#ifndef PF_TICK_SOURCE
#include <linux/timex.h>
#define pf_ticks_start() get_cycles()
#define pf_ticks_stop() get_cycles()
#endif

unsigned int pfbench_stretch_us = 500;
static int set_stretch(const char *value, const struct kernel_param *param)
{
	return param_set_uint_minmax(value, param, 10, 100000);
}
static const struct kernel_param_ops stretch_ops = {
	.set = set_stretch, .get = param_get_uint,
};
module_param_cb(stretch_us, &stretch_ops, &pfbench_stretch_us, 0644);
MODULE_PARM_DESC(stretch_us,
		 "microseconds that interrupts may be off at a time (500)");

/* So many turns before we know how long a turn of this loop takes here. */
#define FIRST_CHUNK 16

struct stretch {
	u64 ticks, ns;
	int cpu;
};

static noinline void run_stretch(pf_loop_fn loop, struct pf_walk *walk,
				 unsigned long iterations, struct stretch *s)
{
	unsigned long flags;
	u64 ns, ticks;

	local_irq_save(flags);
	hard_irq_disable();		/* ppc64's other one is soft */
	s->cpu = raw_smp_processor_id();
	ns = ktime_get_raw_ns();
	ticks = pf_ticks_start();
	loop(walk, iterations);
	s->ticks = pf_ticks_stop() - ticks;
	s->ns = ktime_get_raw_ns() - ns;
	local_irq_restore(flags);
}

/*
 * Half of what is allowed, by the last stretch: the next one may be slower.
 * A stretch so short that the clock tells little of it, or one that may have
 * gone well by luck, allows no more than some times as many.
 */
static u32 next_chunk(u32 chunk, unsigned long ran, u64 ns)
{
	u64 limit = READ_ONCE(pfbench_stretch_us) * (u64)(NSEC_PER_USEC / 2);
	u64 fit = div64_u64(limit * ran, ns ?: 1);

	fit = clamp_t(u64, fit, 1, min_t(u64, 16 * (u64)ran, U32_MAX));
	/* a short last stretch is no reason for shorter ones */
	if (ran < chunk && fit == 16 * (u64)ran)
		fit = max_t(u64, fit, chunk);
	return fit;
}

/* What cannot be done with real pages, or with the caller's. */
static int may_run(const struct population *p, const struct pfbench_run *run)
{
	const struct pf_accessor_info *acc = &pf_accessors[run->accessor];
	bool tails = p->as.which == PFBENCH_TAILS ||
		p->as.which == PFBENCH_MIXED;
	bool native = run->generation == PF_GEN_native;
	bool writes = !PF_ONLY_READS(acc->kind);

	if (native != (p->pages != NULL))
		return -EINVAL;
	if (!native)
		return 0;
	if (writes && p->as.source == PFBENCH_USER)
		return -EPERM;
	if (!tails)
		return 0;
	/* a folio is no tail, and a tail's flags word is not all flags */
	if (acc->policy == PF_POLICY_FOLIO ||
	    (writes && acc->policy == PF_POLICY_ANY))
		return -EOPNOTSUPP;
	if (writes && acc->policy == PF_POLICY_NO_TAIL &&
	    (IS_ENABLED(CONFIG_DEBUG_VM) ||
	     IS_ENABLED(CONFIG_DEBUG_VM_PGFLAGS)))
		return -EOPNOTSUPP;
	return 0;
}

int pfbench_run(struct population *p, struct pfbench_run *run)
{
	pf_loop_fn loop = pfbench_loop(run->accessor, run->generation,
				       run->lowering, run->form);
	struct place *place;
	struct stretch s;
	unsigned long left = run->iterations, iterations;
	int cpu = -1, ret;
	u32 *chunk;

	if (!loop)
		return -ENOENT;
	if (!p)
		return -ENXIO;
	if (!run->iterations || run->iterations > ULONG_MAX || run->place >= p->nr_places)
		return -EINVAL;
	ret = may_run(p, run);
	if (ret)
		return ret;
	place = &p->place[run->place];
	/* the empty loop looks at no page */
	if (place->map && place->marked != run->generation &&
	    run->accessor != PF_ACC_empty) {
		place->marked = run->generation;
		pf_memmap_fill(place->map, p->nr_pages, run->generation,
			       p->as.which, p->as.order);
	}
	chunk = &p->chunk[((run->generation * PF_NR_ACCESSORS + run->accessor) *
			   PF_NR_LOWERINGS + run->lowering) * PF_NR_FORMS +
			  run->form];
	if (!*chunk)
		*chunk = FIRST_CHUNK;
	run->ticks = run->ns = run->longest_ns = 0;
	run->irq_off_windows = run->cpus = 0;
	do {
		iterations = min_t(unsigned long, left, *chunk);
		run_stretch(loop, &place->walk, iterations, &s);
		*chunk = next_chunk(*chunk, iterations, s.ns);
		left -= iterations;
		run->ticks += s.ticks;
		run->ns += s.ns;
		run->longest_ns = max_t(u64, run->longest_ns, s.ns);
		run->irq_off_windows++;
		run->cpus += s.cpu != cpu;
		cpu = s.cpu;
		if (!left)
			break;
		if (fatal_signal_pending(current))
			return -EINTR;
		cond_resched();
	} while (1);
	return 0;
}
