// SPDX-License-Identifier: GPL-2.0
/*
 * Run a loop in irq-off windows: interrupts are off for a limited time, and
 * other threads may run between two windows.
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

unsigned int pfbench_irq_off_us = 500;

static int set_irq_off_us(const char *value, const struct kernel_param *param)
{
	return param_set_uint_minmax(value, param, 10, 100000);
}

static const struct kernel_param_ops irq_off_us_ops = {
	.set = set_irq_off_us, .get = param_get_uint,
};
module_param_cb(stretch_us, &irq_off_us_ops, &pfbench_irq_off_us, 0644);
MODULE_PARM_DESC(stretch_us,
		 "longest irq-off window in microseconds (500)");

/* iterations of a loop's first window, when its speed is unknown */
#define FIRST_CHUNK 16

struct irq_off_window {
	u64 ticks, ns;
	int cpu;
};

static noinline void run_irq_off(pf_loop_fn loop, struct pf_walk *walk,
				 unsigned long iterations,
				 struct irq_off_window *w)
{
	unsigned long flags;
	u64 ns, ticks;

	local_irq_save(flags);
	hard_irq_disable();	/* on ppc64 local_irq_save() only sets a flag */
	w->cpu = raw_smp_processor_id();
	ns = ktime_get_raw_ns();
	ticks = pf_ticks_start();
	loop(walk, iterations);
	w->ticks = pf_ticks_stop() - ticks;
	w->ns = ktime_get_raw_ns() - ns;
	local_irq_restore(flags);
}

/*
 * The iterations of the next window: half of what fits, judging by the last
 * window, because the next one may be slower. At most 16 times as many as
 * before: a short window may be inexact, or fast by chance.
 */
static u32 next_chunk(u32 chunk, unsigned long ran, u64 ns)
{
	u64 limit = READ_ONCE(pfbench_irq_off_us) * (u64)(NSEC_PER_USEC / 2);
	u64 fit = div64_u64(limit * ran, ns ?: 1);

	fit = clamp_t(u64, fit, 1, min_t(u64, 16 * (u64)ran, U32_MAX));
	/* the last window of a run may be short: keep the old chunk then */
	if (ran < chunk && fit == 16 * (u64)ran)
		fit = max_t(u64, fit, chunk);
	return fit;
}

/* Check that the population's pages allow the accessor. */
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
	/* a folio is not a tail; a tail's flags word has other uses too */
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
	struct irq_off_window w;
	unsigned long left = run->iterations, iterations;
	int cpu = -1, ret;
	u32 *chunk;

	if (!loop)
		return -ENOENT;
	if (!p)
		return -ENXIO;
	if (!run->iterations || run->iterations > ULONG_MAX ||
	    run->place >= p->nr_places)
		return -EINVAL;
	ret = may_run(p, run);
	if (ret)
		return ret;
	place = &p->place[run->place];
	/* the empty loop reads no page */
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
		run_irq_off(loop, &place->walk, iterations, &w);
		*chunk = next_chunk(*chunk, iterations, w.ns);
		left -= iterations;
		run->ticks += w.ticks;
		run->ns += w.ns;
		run->longest_ns = max_t(u64, run->longest_ns, w.ns);
		run->irq_off_windows++;
		run->cpus += w.cpu != cpu;
		cpu = w.cpu;
		if (!left)
			break;
		if (fatal_signal_pending(current))
			return -EINTR;
		cond_resched();
	} while (1);
	return 0;
}
