/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Compound pages made and split under the eyes of those who look their heads
 * up, and a judge of what they saw. Threads, clocks and delays are the caller's.
 *
 * Each page has one writer, who keeps its history: a word of state that reads
 * "head now; head next; version", and says whether a change from one to the
 * other is under way; and the heads of the last PF_RACE_RING versions.
 *
 *	writer					reader
 *	ring[v + 1] = next head			start = state
 *	smp_wmb()				smp_rmb()
 *	state = v, changing			the look-up's loads
 *	smp_wmb()				smp_rmb()
 *	the kernel's stores, in its order	end = state
 *	smp_wmb()
 *	state = v + 1
 *
 * Why the judge invents nothing: if start says v, changing or not, the stores
 * that ended version v - 1 came before it, and the look-up cannot see older
 * ones: v is the first version that it may answer by. If a load saw a store of
 * the change from w to w + 1, the state "w, changing" came before that store,
 * so end says so or is later: the last version is that of end, and the next
 * one if it says changing. Each version from first to last was true at a moment
 * between start and end, or in a change that was not over at start or had begun
 * at end, when either side of it may be seen. An answer that is the head in one
 * of them is right; no other one can be.
 *
 * Why it misses nothing else: an answer that is the head in none of them was
 * true at no moment in between. What may be missed is an answer that ceased to
 * be true while start was read, in the very change that start reports: some
 * stores long. A word that never was a head is never missed, since no
 * version has it.
 *
 * Where more versions went by than the ring holds, those that it holds are
 * looked at; if none has the answer it is undecided, and counted as that.
 *
 * The look-up itself runs between start and end as it is. The state lies in the
 * cache line that it reads anyway.
 */
#ifndef PAGEFLAGS_RACE_H
#define PAGEFLAGS_RACE_H

#include "pageflags/mark.h"
#include "pageflags/memmap.h"

#define PF_RACE_ORDER 2
#define PF_RACE_PAGES (1U << PF_RACE_ORDER)
#define PF_RACE_RING 4096UL	/* versions; a power of two */
#define PF_RACE_DECOYS 64
#define PF_RACE_STATE 6		/* index into pf_page.word */
#define PF_RACE_INJECT_EVERY 16	/* answers, where one of them is falsified */
#define PF_RACE_DWELL 64		/* turns of an empty loop, at most, that pages
					 * stay as they are */
#define PF_RACE_BURST 256	/* times, at most, that one of them changes to
				 * and fro at full speed */

/* Who keeps the page from being split during a look-up. */
enum pf_race_protocol {
	PF_RACE_NONE,		/* nobody */
	PF_RACE_REF,		/* v4.2: who refers to the head keeps the head
				 * from being freed, nothing from being split */
	PF_RACE_PTL,		/* readers and splitters share a lock */
	PF_RACE_FROZEN,		/* v4.5: no split but of a count frozen at 0 */
	PF_RACE_NR_PROTOCOLS
};

enum pf_race_verdict {
	PF_RACE_RIGHT,		/* the head, at some moment in between */
	PF_RACE_ITSELF,		/* the page itself, no tail at some moment */
	PF_RACE_STALE,		/* it was its head, but before the look-up */
	PF_RACE_GARBAGE,	/* it never was its head */
	PF_RACE_UNDECIDED,	/* too long ago to tell */
	PF_RACE_NR_VERDICTS
};

/* The history of a page; the writer's but for @refs. */
struct pf_race_page {
	unsigned long *state;		/* in a word that no layout uses: so it
					 * costs no cache line of its own */
	unsigned long ever;		/* a bit for each head it ever had */
	atomic_t refs __attribute__((aligned(64)));	/* -1: frozen */
	unsigned char ring[PF_RACE_RING] __attribute__((aligned(64)));
} __attribute__((aligned(64)));

/* Pages that become compound pages of different orders, in turn. */
struct pf_race_block {
	struct pf_page *map;		/* PF_RACE_PAGES, aligned to as many */
	atomic_t lock, mapped;		/* PF_RACE_PTL; a bit a head */
	/* the writer's own */
	unsigned char order[PF_RACE_PAGES] __attribute__((aligned(64)));
	unsigned long changes;		/* compound pages made or split */
	unsigned long refused;		/* not split: somebody was there */
	struct pf_race_page page[PF_RACE_PAGES];
};

struct pf_race {
	enum pf_generation gen;
	enum pf_race_protocol protocol;
	struct pf_page *decoy;		/* PF_RACE_DECOYS: what words mean that
					 * mean no head; may be written to */
};

/* What can be raced with; the first is the look-up alone. */
#define PF_RACE_ACCESSORS(A) \
	A(compound_head) A(PageLocked) A(PageDirty) A(PageUptodate) \
	A(SetPageDirty) A(ClearPageDirty) A(TestSetPageDirty)

typedef unsigned long (*pf_race_fn)(struct pf_page *page);
/* NULL where an accessor is not in PF_RACE_ACCESSORS */
typedef pf_race_fn pf_race_table[PF_NR_ACCESSORS][PF_NR_REPLICAS];
extern const pf_race_table race_lookups, race_lookups_delayed;

#define PF_RACE_NOWHERE PF_RACE_PAGES	/* no page of the block */

static inline unsigned long pf_race_state(unsigned long version,
					  unsigned int now, unsigned int next,
					  bool changing)
{
	return version << 9 | (unsigned long)next << 5 | now << 1 | changing;
}

static inline bool pf_race_changing(unsigned long state)
{
	return state & 1;
}

static inline unsigned int pf_race_now(unsigned long state)
{
	return state >> 1 & 15;
}

static inline unsigned int pf_race_next(unsigned long state)
{
	return state >> 5 & 15;
}

static inline unsigned long pf_race_version(unsigned long state)
{
	return state >> 9;
}

/* The writer is about to make page number @head the head of this page. */
static inline void pf_race_begin(struct pf_race_page *p, unsigned int head)
{
	unsigned long version = pf_race_version(*p->state);

	WRITE_ONCE(p->ring[(version + 1) % PF_RACE_RING], head);
	if (!(p->ever >> head & 1))
		WRITE_ONCE(p->ever, p->ever | 1UL << head);
	smp_wmb();
	WRITE_ONCE(*p->state, pf_race_state(version, pf_race_now(*p->state), head,
					   true));
	smp_wmb();
}

static inline void pf_race_end(struct pf_race_page *p)
{
	unsigned int head = pf_race_next(*p->state);

	smp_wmb();
	WRITE_ONCE(*p->state, pf_race_state(pf_race_version(*p->state) + 1, head,
					   head, false));
}

/* Small pages all of them, their words in use for something else. */
static inline void pf_race_init(const struct pf_race *r,
				struct pf_race_block *b, struct pf_page *map)
{
	const struct pf_layout *l = &pf_layouts[pf_generations[r->gen].layout];
	unsigned int i;

	pf_memmap_fill(map, PF_RACE_PAGES, r->gen, PF_SMALL, 0);
	b->map = map;
	atomic_set(&b->lock, 0);
	atomic_set(&b->mapped, 0);
	b->changes = b->refused = 0;
	for (i = 0; i < PF_RACE_PAGES; i++) {
		map[i].word[l->word] = (unsigned long)&r->decoy[i];
		b->order[i] = 0;
		atomic_set(&b->page[i].refs, 0);
		b->page[i].ever = 1UL << i;
		b->page[i].ring[0] = i;
		b->page[i].state = &map[i].word[PF_RACE_STATE];
		*b->page[i].state = pf_race_state(0, i, i, false);
	}
}

/* Nobody has a reference, and nobody gets one from here on. */
static inline bool pf_race_freeze(struct pf_race_page *p)
{
	int none = 0;

	return atomic_try_cmpxchg(&p->refs, &none, -1);
}

static inline void pf_race_thaw(struct pf_race_page *p)
{
	atomic_set_release(&p->refs, 0);
}

/* get_page_unless_zero() */
static inline bool pf_race_get(struct pf_race_page *p)
{
	int refs = atomic_read(&p->refs);

	while (refs >= 0)
		if (atomic_try_cmpxchg(&p->refs, &refs, refs + 1))
			return true;
	return false;
}

static inline void pf_race_put(struct pf_race_page *p)
{
	atomic_fetch_sub_release(1, &p->refs);
}

static inline bool pf_race_lock(struct pf_race_block *b)
{
	return !atomic_xchg_acquire(&b->lock, 1);
}

static inline void pf_race_unlock(struct pf_race_block *b)
{
	atomic_set_release(&b->lock, 0);
}

static inline bool pf_race_counts(const struct pf_race *r)
{
	return r->protocol == PF_RACE_REF || r->protocol == PF_RACE_FROZEN;
}

/* Pages that are free: small, and where it counts, without references. */
static inline bool pf_race_take(const struct pf_race *r,
				struct pf_race_block *b, unsigned int first,
				unsigned int order)
{
	unsigned int i, end = first + (1U << order);

	for (i = first; i < end; i++)
		if (pf_race_now(*b->page[i].state) != i || b->order[i])
			return false;
	if (!pf_race_counts(r))
		return true;
	for (i = first; i < end; i++)
		if (!pf_race_freeze(&b->page[i]))
			break;
	if (i == end)
		return true;
	while (i-- > first)
		pf_race_thaw(&b->page[i]);
	return false;
}

/* prep_compound_page(): the head first, then tail by tail. */
static inline void pf_race_make(const struct pf_race *r,
				struct pf_race_block *b, unsigned int first,
				unsigned int order)
{
	const struct pf_layout *l = &pf_layouts[pf_generations[r->gen].layout];
	unsigned int i, end = first + (1U << order);

	pf_mark_head(*l, &b->map[first], order);
	for (i = first + 1; i < end; i++) {
		pf_race_begin(&b->page[i], first);
		pf_mark_tail(*l, pf_generations[r->gen].since, &b->map[i],
			     &b->map[first], order);
		pf_race_end(&b->page[i]);
	}
	b->order[first] = order;
	b->changes++;
	if (pf_race_counts(r))
		pf_race_thaw(&b->page[first]);
	if (r->protocol == PF_RACE_PTL)
		atomic_fetch_or_release(1 << first, &b->mapped);
}

static inline void pf_race_split(const struct pf_race *r,
				 struct pf_race_block *b, unsigned int first)
{
	const struct pf_layout *l = &pf_layouts[pf_generations[r->gen].layout];
	unsigned int order = b->order[first], end = 1U << order, nth, i;

	for (nth = 0; nth < end; nth++) {
		i = first + pf_split_nth(*l, nth, order);
		if (i == first) {
			pf_unmark_head(*l, &b->map[first]);
			continue;
		}
		pf_race_begin(&b->page[i], i);
		pf_unmark_tail(*l, &b->map[i]);
		pf_race_end(&b->page[i]);
	}
	b->order[first] = 0;
	b->changes++;
	if (pf_race_counts(r))
		for (i = 1; i < end; i++)
			pf_race_thaw(&b->page[first + i]);
}

/*
 * A small page's words hold what a small page's words hold: private data, or
 * the next on a list, never with bit 0, which v4.4 forbade; or, where a bit of @n
 * is set, what they held when it was freed: nobody wipes them.
 */
static inline void pf_race_reuse(const struct pf_race *r,
				 struct pf_race_block *b, unsigned int first,
				 unsigned int end, unsigned long n)
{
	const struct pf_layout *l = &pf_layouts[pf_generations[r->gen].layout];
	unsigned int i;

	for (i = first; i < end; i++)
		if (pf_race_now(*b->page[i].state) == i && !(n >> i & 1))
			WRITE_ONCE(b->map[i].word[l->word],
				   (unsigned long)&r->decoy[(n + i) %
							    PF_RACE_DECOYS]);
}

/* Split one, unless the protocol keeps it whole. */
static inline bool pf_race_try_split(const struct pf_race *r,
				     struct pf_race_block *b,
				     unsigned int first)
{
	bool frozen = r->protocol == PF_RACE_FROZEN;

	if (r->protocol == PF_RACE_PTL ? !pf_race_lock(b) :
	    frozen && !pf_race_freeze(&b->page[first])) {
		b->refused++;
		return false;
	}
	if (r->protocol == PF_RACE_PTL)
		atomic_andnot(1 << first, &b->mapped);
	pf_race_split(r, b, first);
	if (frozen)
		pf_race_thaw(&b->page[first]);
	if (r->protocol == PF_RACE_PTL)
		pf_race_unlock(b);
	return true;
}

/* Where a writer may be held up, with pages compound or without. */
#ifndef pf_race_pause
#define pf_race_pause() do { } while (0)
#endif

static inline void pf_race_dwell(uint64_t *seed)
{
	unsigned long n = pf_random_below(seed, PF_RACE_DWELL);

	while (n--)
		barrier();
	pf_race_pause();
}

/*
 * One turn of a writer: compound pages of an order at random, one of them made
 * and split again and again with nothing in between, then all of them split.
 */
static inline void pf_race_turn(const struct pf_race *r,
				struct pf_race_block *b, uint64_t *seed)
{
	unsigned int order = 1 + pf_random_below(seed, PF_RACE_ORDER), first;
	unsigned int size = 1U << order;
	unsigned long n = pf_random_below(seed, PF_RACE_BURST);

	for (first = 0; first < PF_RACE_PAGES; first += size)
		if (pf_race_take(r, b, first, order))
			pf_race_make(r, b, first, order);
	pf_race_dwell(seed);
	first = pf_random_below(seed, PF_RACE_PAGES) & ~(size - 1);
	while (n-- && b->order[first] == order &&
	       pf_race_try_split(r, b, first)) {
		pf_race_reuse(r, b, first, first + size, n);
		if (pf_race_take(r, b, first, order))
			pf_race_make(r, b, first, order);
	}
	for (first = 0; first < PF_RACE_PAGES; first++)
		if (b->order[first])
			pf_race_try_split(r, b, first);
	pf_race_reuse(r, b, 0, PF_RACE_PAGES, pf_random(seed) >> 32);
	pf_race_dwell(seed);
}

/*
 * pf_race_was_head() - was page number @head the head at some moment between
 *	the states @start and @end?
 * Return: 1 yes, 0 no, -1 nobody can tell any more.
 */
static inline int pf_race_was_head(const struct pf_race_page *p,
				   unsigned long start, unsigned long end,
				   unsigned int head)
{
	unsigned long first = pf_race_version(start), v, newest;

	if (head == PF_RACE_NOWHERE)
		return 0;
	if (head == pf_race_now(start) || head == pf_race_now(end))
		return 1;
	if (pf_race_changing(end) && head == pf_race_next(end))
		return 1;
	for (v = pf_race_version(end); v > first; v--) {
		bool hit = READ_ONCE(p->ring[v % PF_RACE_RING]) == head;

		/*
		 * The writer may be one entry ahead of its state, and that
		 * one may be seen a version late: a change's end and the next
		 * entry have no barrier between.
		 */
		smp_rmb();
		newest = pf_race_version(READ_ONCE(*p->state)) + 1;
		if (newest - v >= PF_RACE_RING - 1)
			return -1;
		if (hit)
			return 1;
	}
	return 0;
}

/* The number of the page in the block at which @answer points. */
static inline unsigned int pf_race_number(const struct pf_race_block *b,
					  unsigned long answer)
{
	unsigned long offset = answer - (unsigned long)b->map;

	if (offset % sizeof(struct pf_page) ||
	    offset / sizeof(struct pf_page) >= PF_RACE_PAGES)
		return PF_RACE_NOWHERE;
	return offset / sizeof(struct pf_page);
}

/* What to think of @answer, given for page number @i between two states. */
static inline enum pf_race_verdict
pf_race_judge(const struct pf_race_block *b, unsigned int i,
	      unsigned long start, unsigned long end, unsigned long answer)
{
	const struct pf_race_page *p = &b->page[i];
	unsigned int head = pf_race_number(b, answer);
	int was;

	if (head == PF_RACE_NOWHERE)
		return PF_RACE_GARBAGE;
	was = pf_race_was_head(p, start, end, head);
	if (was < 0)
		return PF_RACE_UNDECIDED;
	if (was)
		return head == i ? PF_RACE_ITSELF : PF_RACE_RIGHT;
	return READ_ONCE(p->ever) >> head & 1 ? PF_RACE_STALE : PF_RACE_GARBAGE;
}

/*
 * What an accessor leaves of itself between the look-up and the flag: which
 * page it goes to, and how its history stood. pf_race_note() is called there.
 * A split between that and the flag is seen only where the flag is held up:
 * else wrong flags are a lower bound.
 */
struct pf_race_note {
	const struct pf_race_page *page;
	struct pf_page *target;
	unsigned long found, touched;	/* states: the head, the flag */
};

static inline void pf_race_note(struct pf_race_note *note,
				struct pf_page *target)
{
	note->target = target;
	smp_rmb();
	note->found = smp_load_acquire(note->page->state);
	note->touched = note->found;
}

/* The same after a delay in front of the flag. */
static inline void pf_race_note_touch(struct pf_race_note *note)
{
	note->touched = smp_load_acquire(note->page->state);
}

/* Does it look a head up, and can it be raced with? */
static inline bool pf_race_can(enum pf_accessor acc, enum pf_generation gen)
{
	/* the instrument's own are no generations */
	return pf_generations[gen].lookup != PF_LOOKUP_NONE &&
		pf_generations[gen].era != PF_ERA_SELFTEST &&
		pf_has(acc, gen, PF_AUTO) &&
		PF_LOOKS_UP(pf_accessors[acc].policy, pf_generations[gen].era);
}

/*
 * pf_race_falsify() - for tests of the judge: an answer that is wrong
 * @state: of page number @i before and after, and not changing: what is not the
 *	head in it is wrong
 * @stale: one that was the head once; else one that never was
 *
 * Return: it, or 0: there is none of that kind yet.
 */
static inline unsigned long pf_race_falsify(const struct pf_race *r,
					    const struct pf_race_block *b,
					    unsigned int i, unsigned long state,
					    bool stale)
{
	unsigned long ever = READ_ONCE(b->page[i].ever) &
		~(1UL << pf_race_now(state));

	if (!stale)
		return (unsigned long)&r->decoy[i];
	return ever ? (unsigned long)&b->map[__builtin_ctzl(ever)] : 0;
}

/* A page to look at: the first is no tail, ever: seldom. */
static inline unsigned int pf_race_some_page(uint64_t *seed)
{
	unsigned long n = pf_random_below(seed, 16);

	return n ? 1 + n % (PF_RACE_PAGES - 1) : 0;
}

struct pf_race_counts {
	unsigned long lookups;
	unsigned long verdict[PF_RACE_NR_VERDICTS];
	unsigned long wrong_flags;	/* on a page that was not the head then */
	unsigned long unknown_flags;	/* too long ago to tell */
	unsigned long moving;		/* look-ups that saw a change */
	unsigned long passed;		/* not looked up: no page to be had */
};

/* What was found: bad heads; of who goes on to a flag, flags on a wrong page. */
static inline unsigned long pf_race_bad(const struct pf_race_counts *c,
					bool flag)
{
	return flag ? c->wrong_flags :
		c->verdict[PF_RACE_STALE] + c->verdict[PF_RACE_GARBAGE];
}

struct pf_race_reader {
	unsigned long (*look)(struct pf_page *page);
	bool flag;			/* @look goes on to a flag */
	bool only_held, held;		/* count those that were held up */
	struct pf_race_note *note;	/* where it leaves word of that */
	/* for a test of the judge: falsify an answer where that is clear */
	unsigned long (*inject)(const struct pf_race_block *b, unsigned int i,
			       unsigned long state, unsigned long answer);
	struct pf_race_counts counts;
};

/*
 * Take what the protocol says; false if there is nothing to be had. With a
 * reference or the lock only tails are looked at: of a small page that is held
 * nothing changes.
 */
static inline bool pf_race_enter(const struct pf_race *r,
				 struct pf_race_block *b, unsigned int i,
				 unsigned int *head)
{
	unsigned long state;

	if (r->protocol == PF_RACE_NONE)
		return true;
	if (r->protocol == PF_RACE_PTL && !pf_race_lock(b))
		return false;
	state = smp_load_acquire(b->page[i].state);
	*head = pf_race_now(state);
	if (r->protocol == PF_RACE_PTL) {
		if (*head != i && atomic_read(&b->mapped) >> *head & 1)
			return true;
		pf_race_unlock(b);
		return false;
	}
	if (*head == i || !pf_race_get(&b->page[*head]))
		return false;
	/* no other head meanwhile */
	if (READ_ONCE(*b->page[i].state) == state)
		return true;
	pf_race_put(&b->page[*head]);
	return false;
}

static inline void pf_race_leave(const struct pf_race *r,
				 struct pf_race_block *b, unsigned int head)
{
	if (r->protocol == PF_RACE_PTL)
		pf_race_unlock(b);
	else if (r->protocol != PF_RACE_NONE)
		pf_race_put(&b->page[head]);
}

static inline void pf_race_count(struct pf_race_reader *me,
				 const struct pf_race_block *b, unsigned int i,
				 unsigned long start, unsigned long end,
				 unsigned long answer)
{
	struct pf_race_counts *c = &me->counts;
	unsigned long found = me->flag ? me->note->found : end;
	int was;

	if (me->flag)
		answer = (unsigned long)me->note->target;
	if (me->inject && start == end && !pf_race_changing(start))
		answer = me->inject(b, i, start, answer);
	c->lookups++;
	c->verdict[pf_race_judge(b, i, start, found, answer)]++;
	if (start != end || pf_race_changing(start))
		c->moving++;
	if (!me->flag)
		return;
	was = pf_race_was_head(&b->page[i], me->note->touched, end,
			       pf_race_number(b, answer));
	if (!was)
		c->wrong_flags++;
	else if (was < 0)
		c->unknown_flags++;
}

/* One look-up at page number @i, judged and counted. */
static inline void pf_race_look(const struct pf_race *r,
				struct pf_race_block *b, unsigned int i,
				struct pf_race_reader *me)
{
	unsigned long start, end, answer;
	unsigned int head = i;

	if (!pf_race_enter(r, b, i, &head)) {
		me->counts.passed++;
		return;
	}
	if (me->flag)
		me->note->page = &b->page[i];
	me->held = false;
	start = smp_load_acquire(b->page[i].state);
	answer = me->look(&b->map[i]);
	/* a flag that was written was so before end is read */
	if (me->flag)
		smp_mb();
	smp_rmb();
	end = READ_ONCE(*b->page[i].state);
	pf_race_leave(r, b, head);
	if (me->only_held && !me->held) {
		me->counts.passed++;
		return;
	}
	pf_race_count(me, b, i, start, end, answer);
}

/*
 * The same @times over, for a reader who holds nothing and wants no flag: where
 * one look-up ends the next one begins, and what is right at first sight is not
 * looked at twice.
 */
static inline void pf_race_look_on(struct pf_race_block *b, unsigned int i,
				   struct pf_race_reader *me,
				   unsigned long times)
{
	const unsigned long *state = b->page[i].state;
	unsigned long start = smp_load_acquire(state), end, answer;
	unsigned long right = 0, itself = 0;

	while (times--) {
		answer = me->look(&b->map[i]);
		smp_rmb();
		end = smp_load_acquire(state);
		if (start != end || pf_race_changing(start) ||
		    answer != (unsigned long)&b->map[pf_race_now(start)])
			pf_race_count(me, b, i, start, end, answer);
		else if (pf_race_now(start) == i)
			itself++;
		else
			right++;
		start = end;
	}
	me->counts.lookups += right + itself;
	me->counts.verdict[PF_RACE_RIGHT] += right;
	me->counts.verdict[PF_RACE_ITSELF] += itself;
}

#endif
