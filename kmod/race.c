// SPDX-License-Identifier: GPL-2.0
/*
 * The race of pageflags/race.h between kernel threads, in a memmap of its own:
 * the threads, and the delays of the reader.
 */
#include <linux/capability.h>
#include <linux/completion.h>
#include <linux/cpu.h>
#include <linux/hrtimer.h>
#include <linux/kthread.h>
#include <linux/nospec.h>
#include <linux/sched/signal.h>
#include <linux/timekeeping.h>
#include <linux/topology.h>
#include <linux/vmalloc.h>

#include "compat.h"
#include "pfbench.h"
/* Called by the writer between its changes. */
void race_pause(void);
#define pf_race_pause() race_pause()
#include "race.h"

/* look-ups between two checks whether the race is over */
#define BATCH 64
#define MAX_THREADS 3

struct race {
	/* page-aligned: map[0] may be taken for a fake head */
	struct pf_page map[PF_RACE_PAGES];
	struct pf_page decoy[PF_RACE_DECOYS];
	struct pf_race_block block;
	/* shared by all threads, which only read it */
	struct pf_race shared;
	struct pfbench_race as;
	u64 start;
	struct task_struct *competitor, *thread[MAX_THREADS];
	unsigned int nr_threads;
	bool stop, lost;		/* lost: a thread's CPU went offline */
	struct completion done;
	/* the reader's */
	struct pf_race_reader reader ____cacheline_aligned;
	struct pf_race_note note;
	bool plain;			/* no protocol, no flag, no delay */
	u64 seed, delayed_ns, delays, injected, switches, first_ns;
	/* delays: requested and completed */
	struct hrtimer timer, ticker;
	unsigned long interrupts, ticks, requested, competed;
	u64 rest_at;			/* for the writer as competitor */
};

static bool stopped(const struct race *r)
{
	return READ_ONCE(r->stop);
}

static void spin(u64 ns)
{
	u64 end = ktime_get_ns() + ns;

	while (ktime_get_ns() < end)
		cpu_relax();
}

/* The interrupt that delays the reader. */
static enum hrtimer_restart delaying_interrupt(struct hrtimer *timer)
{
	struct race *r = container_of(timer, struct race, timer);

	spin(r->as.delay_ns);
	smp_store_release(&r->interrupts, r->interrupts + 1);
	return HRTIMER_NORESTART;
}

/* Start a timer that expires at once, and wait for its interrupt. */
static void delay_by_interrupt(struct race *r)
{
	unsigned long before = READ_ONCE(r->interrupts);

	hrtimer_start(&r->timer, 0, HRTIMER_MODE_REL_PINNED_HARD);
	while (READ_ONCE(r->interrupts) == before && !stopped(r))
		cpu_relax();
}

/* The periodic interrupt, which does nothing. */
static enum hrtimer_restart tick(struct hrtimer *timer)
{
	struct race *r = container_of(timer, struct race, ticker);

	r->ticks++;
	hrtimer_forward_now(timer, ns_to_ktime(NSEC_PER_SEC / r->as.timer_hz));
	return HRTIMER_RESTART;
}

/* The competitor ends a delay, and sleeps until the next one or its stop. */
static void end_competition(struct race *r)
{
	smp_store_release(&r->competed, r->requested);
	for (;;) {
		set_current_state(TASK_IDLE);
		if (kthread_should_stop() ||
		    READ_ONCE(r->requested) != r->competed)
			break;
		schedule();
	}
	__set_current_state(TASK_RUNNING);
}

static int compete(void *arg)
{
	struct race *r = arg;

	end_competition(r);
	while (!kthread_should_stop()) {
		spin(r->as.delay_ns);
		end_competition(r);
	}
	return 0;
}

void race_pause(void)
{
	struct race *r = kthread_data(current);

	if (current != r->competitor) {
		cond_resched_tasks_rcu_qs();
	} else if (ktime_get_ns() >= r->rest_at) {
		end_competition(r);
		r->rest_at = ktime_get_ns() + r->as.delay_ns;
	}
}

/*
 * A preemptible kernel runs the competitor when it is woken, other kernels run
 * it in cond_resched_tasks_rcu_qs().
 */
static void delay_by_preemption(struct race *r)
{
	WRITE_ONCE(r->requested, r->requested + 1);
	wake_up_process(r->competitor);
	while (READ_ONCE(r->competed) != r->requested && !stopped(r)) {
		cond_resched_tasks_rcu_qs();
		cpu_relax();
	}
}

static void sleep_ns(u64 ns)
{
	ktime_t time = ns_to_ktime(ns);

	set_current_state(TASK_IDLE);
	schedule_hrtimeout(&time, HRTIMER_MODE_REL);
}

static void delay_reader(struct race *r)
{
	u64 start = ktime_get_ns();

	switch (r->as.delay) {
	case PFBENCH_DELAY_SPIN:
		spin(r->as.delay_ns);
		break;
	case PFBENCH_DELAY_SLEEP:
		sleep_ns(r->as.delay_ns);
		break;
	case PFBENCH_DELAY_IRQ:
		delay_by_interrupt(r);
		break;
	case PFBENCH_DELAY_PREEMPT:
		delay_by_preemption(r);
		break;
	}
	r->delayed_ns += ktime_get_ns() - start;
	r->delays++;
	r->reader.delayed = true;
}

void race_found(struct pf_page *page)
{
	struct race *r = kthread_data(current);

	pf_race_note(&r->note, page);
}

void race_delay(int window, struct pf_page *page)
{
	struct race *r = kthread_data(current);

	if (window == PF_WINDOW_HEAD_FLAG)
		pf_race_note(&r->note, page);
	if (!(r->as.windows >> window & 1))
		return;
	delay_reader(r);
	if (window == PF_WINDOW_HEAD_FLAG)
		pf_race_note_touch(&r->note);
}

/* Falsify one answer in PF_RACE_INJECT_EVERY. */
static unsigned long inject_answer(const struct pf_race_block *b,
				   unsigned int i, unsigned long state,
				   unsigned long answer)
{
	struct race *r = kthread_data(current);
	unsigned long wrong;

	if (r->reader.counts.lookups % PF_RACE_INJECT_EVERY)
		return answer;
	wrong = pf_race_falsify(&r->shared, b, i, state,
				r->as.inject == PFBENCH_INJECT_STALE);
	r->injected += wrong != 0;
	return wrong ?: answer;
}

/* Let others run; false if the race is over or this thread left its CPU. */
static bool go_on(struct race *r, u32 cpu)
{
	cond_resched_tasks_rcu_qs();
	if (raw_smp_processor_id() == cpu)
		return !stopped(r);
	WRITE_ONCE(r->lost, true);
	return false;
}

/* kthread_stop() needs a thread that still exists. */
static int wait_for_stop(void)
{
	for (;;) {
		set_current_state(TASK_IDLE);
		if (kthread_should_stop())
			break;
		schedule();
	}
	__set_current_state(TASK_RUNNING);
	return 0;
}

static int write_block(void *arg)
{
	struct race *r = arg;
	u64 seed = r->as.seed << 1 | 1;

	while (go_on(r, r->as.writer_cpu))
		pf_race_write(&r->shared, &r->block, &seed);
	if (READ_ONCE(r->lost))
		complete(&r->done);
	return wait_for_stop();
}

static void look_up_batch(struct race *r, unsigned int times)
{
	unsigned int page = pf_race_some_page(&r->seed);

	if (r->plain) {
		pf_race_look_on(&r->block, page, &r->reader, times);
		times = 0;
	}
	while (times--) {
		if (r->as.windows & PFBENCH_WINDOW_BEFORE)
			delay_reader(r);
		pf_race_look(&r->shared, &r->block, page, &r->reader);
		/* on one CPU only a delay lets the writer run */
		if (!r->reader.delayed && r->competitor == r->thread[0])
			delay_by_preemption(r);
	}
	if (!r->first_ns && pf_race_bad(&r->reader.counts, r->reader.flag))
		r->first_ns = ktime_get_ns() - r->start;
}

static int read_heads(void *arg)
{
	struct race *r = arg;
	/* delays take long: check after each one whether the race is over */
	unsigned int batch = r->as.windows ? 1 : BATCH;
	unsigned long switches = current->nvcsw + current->nivcsw;
	u64 most = r->as.most_lookups ?: U64_MAX;

	if (r->as.timer_hz)
		hrtimer_start(&r->ticker, 0, HRTIMER_MODE_REL_PINNED_HARD);
	while (go_on(r, r->as.reader_cpu) &&
	       r->reader.counts.lookups < most &&
	       ktime_get_ns() - r->start < r->as.most_ns)
		look_up_batch(r, batch);
	hrtimer_cancel(&r->timer);
	hrtimer_cancel(&r->ticker);
	r->switches = current->nvcsw + current->nivcsw - switches;
	complete(&r->done);
	return wait_for_stop();
}

static int add_thread(struct race *r, int (*fn)(void *), u32 cpu,
		      const char *name)
{
	struct task_struct *t;

	t = kthread_create_on_node(fn, r, cpu_to_node(cpu), "pfbench-%s", name);
	if (IS_ERR(t))
		return PTR_ERR(t);
	kthread_bind(t, cpu);
	r->thread[r->nr_threads++] = t;
	return 0;
}

static int make_threads(struct race *r)
{
	const struct pfbench_race *as = &r->as;
	bool compete_for_cpu = as->windows &&
		as->delay == PFBENCH_DELAY_PREEMPT;
	int ret;

	ret = add_thread(r, write_block, as->writer_cpu, "write");
	/* on one CPU the writer is the competitor */
	if (!ret && compete_for_cpu && as->reader_cpu != as->writer_cpu)
		ret = add_thread(r, compete, as->reader_cpu, "compete");
	if (!ret && compete_for_cpu) {
		r->competitor = r->thread[r->nr_threads - 1];
		sched_set_fifo(r->competitor);
	}
	/* the reader is the last: the first to be stopped */
	return ret ?: add_thread(r, read_heads, as->reader_cpu, "read");
}

static void run_threads(struct race *r)
{
	unsigned int i;

	r->start = ktime_get_ns();
	for (i = 0; i < r->nr_threads; i++)
		wake_up_process(r->thread[i]);
	/* the reader ends the race, unless it never gets its CPU */
	wait_for_completion_interruptible_timeout(&r->done,
			nsecs_to_jiffies(r->as.most_ns) + HZ);
	r->as.ns = ktime_get_ns() - r->start;
}

/*
 * The last one first: the reader wakes the competitor, so that must not be
 * freed before the reader has ended.
 */
static void stop_threads(struct race *r)
{
	WRITE_ONCE(r->stop, true);
	while (r->nr_threads)
		kthread_stop(r->thread[--r->nr_threads]);
}

static void fill_in_results(struct pfbench_race *as, const struct race *r)
{
	const struct pf_race_counts *c = &r->reader.counts;

	as->lookups = c->lookups;
	as->right = c->verdict[PF_RACE_RIGHT];
	as->itself = c->verdict[PF_RACE_ITSELF];
	as->stale = c->verdict[PF_RACE_STALE];
	as->garbage = c->verdict[PF_RACE_GARBAGE];
	as->undecided = c->verdict[PF_RACE_UNDECIDED];
	as->wrong_flags = c->wrong_flags;
	as->unknown_flags = c->unknown_flags;
	as->moving = c->moving;
	as->passed = c->passed;
	as->injected = r->injected;
	as->changes = r->block.changes;
	as->refused = r->block.refused;
	as->delays = r->delays;
	as->delayed_ns = r->delayed_ns;
	as->interrupts = r->interrupts + r->ticks;
	as->switches = r->switches;
	as->first_ns = r->first_ns;
	as->ns = r->as.ns;
}

static bool race_is_valid(const struct pfbench_race *as)
{
	if (as->timer_hz > PFBENCH_RACE_MAX_HZ ||
	    as->protocol > PFBENCH_RACE_FROZEN ||
	    as->windows & ~PFBENCH_WINDOWS ||
	    as->delay > PFBENCH_DELAY_PREEMPT ||
	    as->inject > PFBENCH_INJECT_GARBAGE)
		return false;
	if (as->windows ? !as->delay_ns : as->delay || as->delay_ns)
		return false;
	return as->delay_ns <= PFBENCH_RACE_MAX_DELAY_NS && as->most_ns &&
		as->most_ns <= PFBENCH_RACE_MAX_NS;
}

/* Check all numbers, and bound those that index arrays. */
static int check_race(struct pfbench_race *as)
{
	BUILD_BUG_ON((int)PFBENCH_RACE_FROZEN != (int)PF_RACE_FROZEN);
	BUILD_BUG_ON(PFBENCH_WINDOW_HEAD_FLAG != 1U << PF_WINDOW_HEAD_FLAG);
	BUILD_BUG_ON(PFBENCH_WINDOWS != (1U << PF_NR_WINDOWS) - 2);

	if (!race_is_valid(as) || (as->delay == PFBENCH_DELAY_IRQ &&
				   as->delay_ns > pfbench_irq_off_ns()))
		return -EINVAL;
	if (as->accessor >= PF_NR_ACCESSORS ||
	    as->generation >= PF_NR_REPLICAS)
		return -ENOENT;
	as->accessor = array_index_nospec(as->accessor, PF_NR_ACCESSORS);
	as->generation = array_index_nospec(as->generation, PF_NR_REPLICAS);
	if (!race_lookups[as->accessor][as->generation] ||
	    !pf_race_can(as->accessor, as->generation))
		return -ENOENT;
	if (as->reader_cpu >= nr_cpu_ids || as->writer_cpu >= nr_cpu_ids)
		return -ENODEV;
	as->reader_cpu = array_index_nospec(as->reader_cpu, nr_cpu_ids);
	as->writer_cpu = array_index_nospec(as->writer_cpu, nr_cpu_ids);
	return 0;
}

static void prepare_race(struct race *r, const struct pfbench_race *as)
{
	bool delayed = as->windows & ~PFBENCH_WINDOW_BEFORE;

	r->as = *as;
	r->seed = ~(as->seed << 1);
	r->shared.gen = as->generation;
	r->shared.protocol = as->protocol;
	r->shared.decoy = r->decoy;
	pf_race_init(&r->shared, &r->block, r->map);
	r->reader.look = (delayed ? race_lookups_delayed : race_lookups)
		[as->accessor][as->generation];
	r->reader.only_delayed = delayed;
	r->reader.flag = pf_accessors[as->accessor].kind != PF_HEAD;
	r->reader.note = &r->note;
	r->reader.inject = as->inject ? inject_answer : NULL;
	r->plain = !as->protocol && !as->windows && !as->inject &&
		!r->reader.flag;
	init_completion(&r->done);
	pfbench_hrtimer_setup(&r->timer, delaying_interrupt, CLOCK_MONOTONIC,
			      HRTIMER_MODE_REL_PINNED_HARD);
	pfbench_hrtimer_setup(&r->ticker, tick, CLOCK_MONOTONIC,
			      HRTIMER_MODE_REL_PINNED_HARD);
}

/* The threads are bound, and one may be of real time: as the caller may. */
static bool may_use_cpus(const struct pfbench_race *as)
{
	return cpumask_test_cpu(as->reader_cpu, current->cpus_ptr) &&
		cpumask_test_cpu(as->writer_cpu, current->cpus_ptr) &&
		(as->delay != PFBENCH_DELAY_PREEMPT || capable(CAP_SYS_NICE));
}

/*
 * Return: 0; -ENODEV if a CPU is offline or went offline; -EPERM if the caller
 * may not use it so; -EINTR.
 */
static int run_race(struct race *r)
{
	int ret = -ENODEV;

	cpus_read_lock();
	if (cpu_online(r->as.reader_cpu) && cpu_online(r->as.writer_cpu))
		ret = may_use_cpus(&r->as) ? make_threads(r) : -EPERM;
	cpus_read_unlock();
	if (!ret)
		run_threads(r);
	stop_threads(r);
	if (ret)
		return ret;
	if (fatal_signal_pending(current))
		return -EINTR;
	return READ_ONCE(r->lost) ? -ENODEV : 0;
}

int pfbench_race(struct pfbench_race *as)
{
	const u64 bytes = sizeof(struct race) + MAX_THREADS * THREAD_SIZE;
	struct race *r;
	int ret = check_race(as);

	/* with a clock that stands still no delay ends */
	if (!ret && !pfbench_clock_step(PFBENCH_MAX_STEP_NS))
		ret = -ETIME;
	if (!ret)
		ret = pfbench_charge(bytes);
	if (ret)
		return ret;
	ret = -ENOMEM;
	/* vmalloc() is page-aligned for any size */
	r = __vmalloc(sizeof(*r), GFP_KERNEL_ACCOUNT | __GFP_ZERO |
		      __GFP_NOWARN);
	if (r) {
		prepare_race(r, as);
		ret = run_race(r);
		fill_in_results(as, r);
		vfree(r);
	}
	pfbench_uncharge(bytes);
	return ret;
}
