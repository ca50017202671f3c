// SPDX-License-Identifier: GPL-2.0
/*
 * Run a loop in irq-off windows: interrupts are off for a limited time, and
 * other threads may run between two windows. A window begins without knowledge
 * of the ones before: it may run on another CPU, and other threads may have
 * taken the caches.
 */
#include <linux/moduleparam.h>
#include <linux/nospec.h>
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

static unsigned int irq_off_us = 500;

u64 pfbench_irq_off_ns(void)
{
	return READ_ONCE(irq_off_us) * (u64)NSEC_PER_USEC;
}

static int set_irq_off_us(const char *value, const struct kernel_param *param)
{
	return param_set_uint_minmax(value, param, 10, 100000);
}

static const struct kernel_param_ops irq_off_us_ops = {
	.set = set_irq_off_us, .get = param_get_uint,
};
module_param_cb(stretch_us, &irq_off_us_ops, &irq_off_us, 0644);
MODULE_PARM_DESC(stretch_us,
		 "longest irq-off window in microseconds (500)");

#define CLOCK_READS 1000

u64 pfbench_clock_step(u64 most)
{
	u64 last = ktime_get_raw_ns(), now;
	unsigned int i;

	for (i = 0; i < CLOCK_READS; i++) {
		now = ktime_get_raw_ns();
		if (now != last && now - last <= most)
			return now - last;
		last = now;
	}
	return 0;
}

/*
 * A visit of a page that this window has not visited yet may miss all caches,
 * however fast the loop was a moment ago. A miss is taken to last so long, on
 * average over a piece.
 */
#define MISS_NS 250

/* No loop makes as many visits per nanosecond. */
#define MAX_VISITS_PER_NS 20

/**
 * struct irq_off_window - some pieces of a run, with interrupts off
 * @limit: its longest duration in ns
 * @pass: iterations that visit each page of the population once
 * @step: of the clock in ns
 * @ran: iterations
 * @ticks: of the loop alone
 * @ns: so far, with the reads of the clock
 * @cpu: that it ran on
 * @threads: that may wait for one cache line with this one; 0: none
 */
struct irq_off_window {
	u64 limit, pass, step, ran, ticks, ns;
	u32 threads;
	int cpu;
};

/*
 * The iterations of the next piece; 0: the window is over. Half of the limit is
 * reserve. Until all pages but those of an iteration have been visited, a piece
 * fits the other half even if each visit is a miss. From then on the pace of
 * the window is known, and a piece takes half of the time that is left: a
 * window exceeds its limit only if the pace falls to less than a quarter.
 *
 * The ticks of a piece include the loop's entry and exit. A run of one pass and
 * a run of some passes have the same number of pieces, so their difference
 * does not.
 *
 * The pace of threads that contend says nothing: another one may begin at any
 * time. All their pieces fit even if each visit waits for all others.
 */
static u64 next_piece(const struct irq_off_window *w)
{
	u64 half = w->limit / 2, seen = max_t(u64, w->pass - 1, 1);

	if (w->ns >= half - half / 16 ||
	    w->ran >= w->limit * MAX_VISITS_PER_NS / PF_UNROLL)
		return 0;
	if (w->threads)
		return max_t(u64, div64_u64(half - w->ns, 2ULL * MISS_NS *
					    PF_UNROLL * w->threads), 1);
	if (w->ran < seen)
		return clamp_t(u64, half / (MISS_NS * PF_UNROLL), 1,
			       seen - w->ran);
	return max_t(u64, div64_u64(w->ran * ((half - w->ns) / 2),
				    max(w->ns, w->step)), 1);
}

static noinline void run_irq_off(pf_loop_fn loop, struct pf_walk *walk,
				 u64 iterations, struct irq_off_window *w)
{
	unsigned long flags;
	u64 start, ticks, piece;

	w->ran = w->ticks = w->ns = 0;
	local_irq_save(flags);
	hard_irq_disable();	/* on ppc64 local_irq_save() only sets a flag */
	w->cpu = raw_smp_processor_id();
	start = ktime_get_raw_ns();
	while (iterations > w->ran && (piece = next_piece(w))) {
		piece = min(piece, iterations - w->ran);
		ticks = pf_ticks_start();
		loop(walk, piece);
		w->ticks += pf_ticks_stop() - ticks;
		w->ran += piece;
		w->ns = ktime_get_raw_ns() - start;
	}
	local_irq_restore(flags);
}

/* Check that the population's pages allow the accessor. */
static int may_run(const struct population *p, const struct pfbench_run *run)
{
	const struct pf_accessor_info *acc = &pf_accessors[run->accessor];
	bool tails = p->as.which == PFBENCH_TAILS ||
		p->as.which >= PFBENCH_MIXED;
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
	if (acc->policy == PF_POLICY_FOLIO || acc->policy == PF_POLICY_REF ||
	    (writes && acc->policy == PF_POLICY_ANY))
		return -EOPNOTSUPP;
	if (writes && acc->policy == PF_POLICY_NO_TAIL &&
	    (IS_ENABLED(CONFIG_DEBUG_VM) ||
	     IS_ENABLED(CONFIG_DEBUG_VM_PGFLAGS)))
		return -EOPNOTSUPP;
	return 0;
}

/*
 * All numbers that index arrays, also in speculation, are bounded here and
 * nowhere else.
 */
static bool bound_run(struct pfbench_run *run)
{
	if (run->accessor >= PF_NR_ACCESSORS ||
	    run->generation >= PF_NR_GENERATIONS ||
	    run->lowering >= PF_NR_LOWERINGS || run->form >= PF_NR_FORMS)
		return false;
	run->accessor = array_index_nospec(run->accessor, PF_NR_ACCESSORS);
	run->generation = array_index_nospec(run->generation,
					     PF_NR_GENERATIONS);
	run->lowering = array_index_nospec(run->lowering, PF_NR_LOWERINGS);
	run->form = array_index_nospec(run->form, PF_NR_FORMS);
	return true;
}

/* Return: false if the caller is being killed. */
static bool mark_place(const struct population *p, struct place *place,
		       enum pf_generation generation)
{
	place->marked = PF_NR_GENERATIONS;
	if (!pf_memmap_fill(place->map, p->nr_pages, generation, p->as.which,
			    p->as.order))
		return false;
	place->marked = generation;
	return true;
}

static int run_windows(pf_loop_fn loop, struct pf_walk *walk,
		       struct irq_off_window *w, struct pfbench_run *run)
{
	u64 left = run->iterations;
	int cpu = -1;

	run->ticks = run->ns = run->longest_ns = 0;
	run->irq_off_windows = run->cpus = 0;
	do {
		w->limit = pfbench_irq_off_ns();
		run_irq_off(loop, walk, left, w);
		left -= w->ran;
		run->ticks += w->ticks;
		run->ns += w->ns;
		run->longest_ns = max_t(u64, run->longest_ns, w->ns);
		run->irq_off_windows++;
		run->cpus += w->cpu != cpu;
		cpu = w->cpu;
		if (!left)
			break;
		/* also true when the task is to be frozen */
		if (signal_pending(current))
			return -ERESTARTSYS;
		cond_resched_tasks_rcu_qs();
	} while (1);
	return 0;
}

static bool threads_are_valid(const struct pfbench_run *run)
{
	if (run->threads > PFBENCH_MAX_THREADS ||
	    run->flags & ~PFBENCH_ONLY_READS)
		return false;
	return !run->flags || (run->threads &&
		PF_ONLY_READS(pf_accessors[run->accessor].kind));
}

int pfbench_check_run(const struct population *p, struct pfbench_run *run)
{
	if (!bound_run(run) || !pfbench_loop(run->accessor, run->generation,
					     run->lowering, run->form))
		return -ENOENT;
	if (!p)
		return -ENXIO;
	if (!run->iterations || run->iterations > ULONG_MAX ||
	    run->place >= p->nr_places || !threads_are_valid(run))
		return -EINVAL;
	run->place = array_index_nospec(run->place, PFBENCH_MAX_PLACES);
	return may_run(p, run);
}

bool pfbench_must_mark(const struct population *p,
		       const struct pfbench_run *run)
{
	const struct place *place = &p->place[run->place];

	/* the empty loop reads no page */
	return place->map && place->marked != run->generation &&
		run->accessor != PF_ACC_empty;
}

int pfbench_mark(struct population *p, const struct pfbench_run *run)
{
	return mark_place(p, &p->place[run->place], run->generation) ? 0 :
		-EINTR;
}

/* Count a run among those that let others run; false: it has to be refused. */
static bool join_sharers(struct population *p, const struct pfbench_run *run)
{
	bool fits;

	spin_lock(&p->lock);
	fits = !p->sharers || (p->threads == run->threads &&
			       p->shared_flags == run->flags &&
			       p->sharers < run->threads);
	if (fits) {
		p->threads = run->threads;
		p->shared_flags = run->flags;
		p->sharers++;
	}
	spin_unlock(&p->lock);
	return fits;
}

static void leave_sharers(struct population *p)
{
	spin_lock(&p->lock);
	p->sharers--;
	spin_unlock(&p->lock);
}

/* With a position of its own: others may run on the place. */
static int run_beside(pf_loop_fn loop, struct population *p,
		      struct irq_off_window *w, struct pfbench_run *run)
{
	struct pf_walk walk = p->place[run->place].walk;
	int ret;

	if (!join_sharers(p, run))
		return -EBUSY;
	walk.at = walk.start;
	w->threads = run->flags & PFBENCH_ONLY_READS ? 0 : run->threads;
	ret = run_windows(loop, &walk, w, run);
	leave_sharers(p);
	return ret;
}

int pfbench_run(struct population *p, struct pfbench_run *run)
{
	pf_loop_fn loop = pfbench_loop(run->accessor, run->generation,
				       run->lowering, run->form);
	struct irq_off_window w = { .threads = 0 };

	w.step = pfbench_clock_step(min_t(u64, PFBENCH_MAX_STEP_NS,
					  pfbench_irq_off_ns() / 8));
	if (!w.step)
		return -ETIME;
	w.pass = p->as.visits / PF_UNROLL;
	if (run->threads)
		return run_beside(loop, p, &w, run);
	return run_windows(loop, &p->place[run->place].walk, &w, run);
}
