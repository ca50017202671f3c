// SPDX-License-Identifier: GPL-2.0
/*
 * The race of pageflags/race.h between threads of the kernel, over a memmap of
 * its own: who runs where, for how long, and what holds the reader up.
 */
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
/* The writer, between its changes. */
void race_pause(void);
#define pf_race_pause() race_pause()
#include "race.h"

/* so many look-ups until the reader looks up */
#define BATCH 64
#define MAX_THREADS 3

struct race {
	/* at the start of a page: its first one may be taken for a fake head */
	struct pf_page map[PF_RACE_PAGES];
	struct pf_page decoy[PF_RACE_DECOYS];
	struct pf_race_block block;
	/* of all, and only read */
	struct pf_race shared;
	struct pfbench_race as;
	u64 began;
	struct task_struct *rival, *thread[MAX_THREADS];
	unsigned int nr_threads;
	bool stop, lost;		/* lost: a CPU went under a thread */
	struct completion done;
	/* the reader's */
	struct pf_race_reader reader ____cacheline_aligned;
	struct pf_race_note note;
	bool plainly;			/* nothing held, no flag, no delay */
	u64 seed, delayed_ns, delays, injected, switches, first_ns;
	/* what holds it up, and how often it did */
	struct hrtimer timer, ticker;
	unsigned long interrupts, ticks, asked, competed;
	u64 due;			/* when the rival rests again, if it writes */
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

/* An interrupt, on top of the reader. */
static enum hrtimer_restart interrupt(struct hrtimer *timer)
{
	struct race *r = container_of(timer, struct race, timer);

	spin(r->as.delay_ns);
	smp_store_release(&r->interrupts, r->interrupts + 1);
	return HRTIMER_NORESTART;
}

/* It is due at once, and the reader waits where it is until it was. */
static void be_interrupted(struct race *r)
{
	unsigned long had = READ_ONCE(r->interrupts);

	hrtimer_start(&r->timer, 0, HRTIMER_MODE_REL_PINNED_HARD);
	while (READ_ONCE(r->interrupts) == had && !stopped(r))
		cpu_relax();
}

/* Interrupts that come when they come, and do nothing. */
static enum hrtimer_restart tick(struct hrtimer *timer)
{
	struct race *r = container_of(timer, struct race, ticker);

	r->ticks++;
	hrtimer_forward_now(timer, ns_to_ktime(NSEC_PER_SEC / r->as.timer_hz));
	return HRTIMER_RESTART;
}

/* The rival has done its part: it sleeps until it is asked again, or stopped. */
static void rest(struct race *r)
{
	smp_store_release(&r->competed, r->asked);
	for (;;) {
		set_current_state(TASK_IDLE);
		if (kthread_should_stop() || READ_ONCE(r->asked) != r->competed)
			break;
		schedule();
	}
	__set_current_state(TASK_RUNNING);
}

static int compete(void *arg)
{
	struct race *r = arg;

	rest(r);
	while (!kthread_should_stop()) {
		spin(r->as.delay_ns);
		rest(r);
	}
	return 0;
}

void race_pause(void)
{
	struct race *r = kthread_data(current);

	if (current != r->rival) {
		cond_resched();
	} else if (ktime_get_ns() >= r->due) {
		rest(r);
		r->due = ktime_get_ns() + r->as.delay_ns;
	}
}

/*
 * Where the kernel preempts itself the rival runs as it is woken, elsewhere as
 * soon as the reader offers its CPU.
 */
static void be_preempted(struct race *r)
{
	WRITE_ONCE(r->asked, r->asked + 1);
	wake_up_process(r->rival);
	while (READ_ONCE(r->competed) != r->asked && !stopped(r)) {
		cond_resched();
		cpu_relax();
	}
}

static void sleep_ns(u64 ns)
{
	ktime_t time = ns_to_ktime(ns);

	set_current_state(TASK_IDLE);
	schedule_hrtimeout(&time, HRTIMER_MODE_REL);
}

static void hold_up(struct race *r)
{
	u64 began = ktime_get_ns();

	switch (r->as.delay) {
	case PFBENCH_DELAY_SPIN:
		spin(r->as.delay_ns);
		break;
	case PFBENCH_DELAY_SLEEP:
		sleep_ns(r->as.delay_ns);
		break;
	case PFBENCH_DELAY_IRQ:
		be_interrupted(r);
		break;
	case PFBENCH_DELAY_PREEMPT:
		be_preempted(r);
		break;
	}
	r->delayed_ns += ktime_get_ns() - began;
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
	hold_up(r);
	if (window == PF_WINDOW_HEAD_FLAG)
		pf_race_note_touch(&r->note);
}

/* Falsify one answer in PF_RACE_INJECT_EVERY. */
static unsigned long inject(const struct pf_race_block *b, unsigned int i,
			   unsigned long state, unsigned long answer)
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

/* Let others run; false if this thread is where it was not put. */
static bool go_on(struct race *r, u32 cpu)
{
	cond_resched();
	if (raw_smp_processor_id() == cpu)
		return !stopped(r);
	WRITE_ONCE(r->lost, true);
	return false;
}

/* Who ends by itself is still waited for. */
static int wait_to_be_stopped(void)
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
	return wait_to_be_stopped();
}

static void look_up_to(struct race *r, unsigned int times)
{
	unsigned int page = pf_race_some_page(&r->seed);

	if (r->plainly) {
		pf_race_look_on(&r->block, page, &r->reader, times);
		times = 0;
	}
	while (times--) {
		if (r->as.windows & PFBENCH_WINDOW_BEFORE)
			hold_up(r);
		pf_race_look(&r->shared, &r->block, page, &r->reader);
		if (!r->reader.delayed && r->rival == r->thread[0])
			be_preempted(r);	/* or nothing would change */
	}
	if (!r->first_ns && pf_race_bad(&r->reader.counts, r->reader.flag))
		r->first_ns = ktime_get_ns() - r->began;
}

static int read_heads(void *arg)
{
	struct race *r = arg;
	/* a look-up that is held up is enough at a time */
	unsigned int batch = r->as.windows ? 1 : BATCH;
	unsigned long switches = current->nvcsw + current->nivcsw;
	u64 most = r->as.most_lookups ?: U64_MAX;

	if (r->as.timer_hz)
		hrtimer_start(&r->ticker, 0, HRTIMER_MODE_REL_PINNED_HARD);
	while (go_on(r, r->as.reader_cpu) &&
	       r->reader.counts.lookups < most &&
	       ktime_get_ns() - r->began < r->as.most_ns)
		look_up_to(r, batch);
	hrtimer_cancel(&r->timer);
	hrtimer_cancel(&r->ticker);
	r->switches = current->nvcsw + current->nivcsw - switches;
	complete(&r->done);
	return wait_to_be_stopped();
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
	bool rival = as->windows && as->delay == PFBENCH_DELAY_PREEMPT;
	int ret;

	ret = add_thread(r, write_block, as->writer_cpu, "write");
	if (!ret)
		ret = add_thread(r, read_heads, as->reader_cpu, "read");
	/* on one CPU only what the writer does meanwhile matters */
	if (!ret && rival && as->reader_cpu != as->writer_cpu)
		ret = add_thread(r, compete, as->reader_cpu, "rival");
	if (ret || !rival)
		return ret;
	r->rival = r->thread[r->nr_threads == MAX_THREADS ? 2 : 0];
	sched_set_fifo(r->rival);
	return 0;
}

static void run_threads(struct race *r)
{
	unsigned int i;

	r->began = ktime_get_ns();
	for (i = 0; i < r->nr_threads; i++)
		wake_up_process(r->thread[i]);
	/* the reader ends by itself, unless it never gets its CPU */
	wait_for_completion_interruptible_timeout(&r->done,
			nsecs_to_jiffies(r->as.most_ns) + HZ);
	r->as.ns = ktime_get_ns() - r->began;
}

static void stop_threads(struct race *r)
{
	WRITE_ONCE(r->stop, true);
	while (r->nr_threads)
		kthread_stop(r->thread[--r->nr_threads]);
}

static void fill_in(struct pfbench_race *as, const struct race *r)
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

static bool is_sane(const struct pfbench_race *as)
{
	if (as->timer_hz > PFBENCH_RACE_MAX_HZ ||
	    as->protocol > PFBENCH_RACE_FROZEN ||
	    as->windows & ~PFBENCH_WINDOWS || as->delay > PFBENCH_DELAY_PREEMPT ||
	    as->inject > PFBENCH_INJECT_GARBAGE)
		return false;
	if (as->windows ? !as->delay_ns : as->delay || as->delay_ns)
		return false;
	return as->delay_ns <= PFBENCH_RACE_MAX_DELAY_NS && as->most_ns &&
		as->most_ns <= PFBENCH_RACE_MAX_NS;
}

/* The numbers may be any; from here on they are those of something. */
static int check(struct pfbench_race *as)
{
	BUILD_BUG_ON((int)PFBENCH_RACE_FROZEN != (int)PF_RACE_FROZEN);
	BUILD_BUG_ON(PFBENCH_WINDOW_HEAD_FLAG != 1U << PF_WINDOW_HEAD_FLAG);
	BUILD_BUG_ON(PFBENCH_WINDOWS != (1U << PF_NR_WINDOWS) - 2);

	if (!is_sane(as))
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

static void prepare(struct race *r, const struct pfbench_race *as)
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
	r->reader.inject = as->inject ? inject : NULL;
	r->plainly = !as->protocol && !as->windows && !as->inject &&
		!r->reader.flag;
	init_completion(&r->done);
	pfbench_hrtimer_setup(&r->timer, interrupt, CLOCK_MONOTONIC,
			      HRTIMER_MODE_REL_PINNED_HARD);
	pfbench_hrtimer_setup(&r->ticker, tick, CLOCK_MONOTONIC,
			      HRTIMER_MODE_REL_PINNED_HARD);
}

/* -ENODEV if a CPU is not there, or went. */
static int race(struct race *r)
{
	int ret = -ENODEV;

	cpus_read_lock();
	if (cpu_online(r->as.reader_cpu) && cpu_online(r->as.writer_cpu))
		ret = make_threads(r);
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
	int ret = check(as);

	if (!ret)
		ret = pfbench_charge(bytes);
	if (ret)
		return ret;
	ret = -ENOMEM;
	/* page-aligned, whatever its size */
	r = __vmalloc(sizeof(*r), GFP_KERNEL_ACCOUNT | __GFP_ZERO |
		      __GFP_NOWARN);
	if (r) {
		prepare(r, as);
		ret = race(r);
		fill_in(as, r);
		vfree(r);
	}
	pfbench_uncharge(bytes);
	return ret;
}
