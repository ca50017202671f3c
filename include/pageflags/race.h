/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Compound pages that are made and split while readers look their heads up,
 * and a judge of the readers' answers. The caller provides threads, clocks and
 * delays.
 *
 * Each page has one writer, which keeps the page's history: a state word with
 * the head now, the next head, the version and a bit that is set during a
 * change; and a ring with the heads of the last PF_RACE_RING versions.
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
 * No right answer is called bad. If start has version v, changing or not, the
 * stores that ended version v - 1 came before start, and the look-up cannot see
 * older stores: v is the first version that an answer may be based on. If a
 * load saw a store of the change from w to w + 1, the state "w, changing" came
 * before that store, so end has that state or a later one: the last version is
 * that of end, or the next one if end is changing. Each version from first to
 * last was true at a moment between start and end, or is one side of a change
 * that was not over at start or had begun at end, when both sides may be seen.
 * An answer is right if it is the head in one of these versions.
 *
 * An answer that is the head in none of these versions was true at no moment in
 * between: it is bad. A bad answer is missed only if it ceased to be true while
 * start was read, during the change that start reports, which takes a few
 * stores. A word that never was a head is never missed: no version has it.
 *
 * If more versions passed than the ring holds, the judge compares with those in
 * the ring; if none has the answer, the answer is counted as undecided.
 *
 * The look-up runs unchanged between start and end. The state is in the cache
 * line that the look-up reads anyway.
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
#define PF_RACE_INJECT_EVERY 16	/* one of so many answers is falsified */
#define PF_RACE_DWELL 64	/* empty iterations, at most, between changes */
#define PF_RACE_BURST 256	/* changes in a row, at most, without a pause */

/* The lock or reference that prevents a split during a look-up. */
enum pf_race_protocol {
	PF_RACE_NONE,		/* nothing */
	PF_RACE_REF,		/* v4.2: a reference on the head, which prevents
				 * freeing, but no split */
	PF_RACE_PTL,		/* a lock that readers and splits share */
	PF_RACE_FROZEN,		/* v4.5: a reference; a split needs a count that
				 * it can freeze at 0 */
	PF_RACE_NR_PROTOCOLS
};

enum pf_race_verdict {
	PF_RACE_RIGHT,		/* the head at some moment in between */
	PF_RACE_ITSELF,		/* the page itself, not a tail at some moment */
	PF_RACE_STALE,		/* formerly the head, before the look-up */
	PF_RACE_GARBAGE,	/* never the head */
	PF_RACE_UNDECIDED,	/* the ring does not reach back far enough */
	PF_RACE_NR_VERDICTS
};

/**
 * struct pf_race_page - the history of a page; only the writer writes it
 * @state: in a word of the page that no layout uses, so the state needs no
 *	cache line of its own
 * @ever: a bit per page that ever was the head
 * @refs: references, of readers too; -1: frozen
 * @ring: the head by version
 */
struct pf_race_page {
	unsigned long *state;
	unsigned long ever;
	atomic_t refs __attribute__((aligned(64)));
	unsigned char ring[PF_RACE_RING] __attribute__((aligned(64)));
} __attribute__((aligned(64)));

/**
 * struct pf_race_block - pages that become compound pages of varying orders
 * @map: PF_RACE_PAGES struct pages, aligned to their size
 * @folio: offset of an answer from its page
 * @lock: PF_RACE_PTL's
 * @mapped: a bit per head, for PF_RACE_PTL
 * @order: of the compound page at this head; this and the rest is the writer's
 * @changes: compound pages made or split
 * @refused: splits that the protocol prevented
 * @page: the history
 */
struct pf_race_block {
	struct pf_page *map;
	unsigned long folio;
	atomic_t lock, mapped;
	unsigned char order[PF_RACE_PAGES] __attribute__((aligned(64)));
	unsigned long changes;
	unsigned long refused;
	struct pf_race_page page[PF_RACE_PAGES];
};

/**
 * struct pf_race - what all threads share
 * @gen: generation of the marks and the look-ups
 * @protocol: what readers hold
 * @decoy: PF_RACE_DECOYS pages; the words of small pages point to them; an
 *	accessor may write to them
 */
struct pf_race {
	enum pf_generation gen;
	enum pf_race_protocol protocol;
	struct pf_page *decoy;
};

/*
 * The accessors that can race; the first one is the look-up alone. The memdescs
 * have page_folio() only.
 */
#define PF_RACE_ACCESSORS(A) \
	A(compound_head) A(PageLocked) A(PageDirty) A(PageUptodate) \
	A(SetPageDirty) A(ClearPageDirty) A(TestSetPageDirty) \
	A(page_folio) A(page_folio_set_dirty)

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

/* The writer is about to make page number @head the head of @p. */
static inline void pf_race_begin(struct pf_race_page *p, unsigned int head)
{
	unsigned long version = pf_race_version(*p->state);

	WRITE_ONCE(p->ring[(version + 1) % PF_RACE_RING], head);
	if (!(p->ever >> head & 1))
		WRITE_ONCE(p->ever, p->ever | 1UL << head);
	smp_wmb();
	WRITE_ONCE(*p->state, pf_race_state(version, pf_race_now(*p->state),
					    head, true));
	smp_wmb();
}

static inline void pf_race_end(struct pf_race_page *p)
{
	unsigned int head = pf_race_next(*p->state);

	smp_wmb();
	WRITE_ONCE(*p->state, pf_race_state(pf_race_version(*p->state) + 1,
					    head, head, false));
}

/* Make a block of small pages, whose words hold pointers to decoys. */
static inline void pf_race_init(const struct pf_race *r,
				struct pf_race_block *b, struct pf_page *map)
{
	const struct pf_layout *l = &pf_layouts[pf_generations[r->gen].layout];
	unsigned int i;

	pf_memmap_fill(map, PF_RACE_PAGES, r->gen, PF_SMALL, 0);
	b->map = map;
	b->folio = l->folio;
	atomic_set(&b->lock, 0);
	atomic_set(&b->mapped, 0);
	b->changes = b->refused = 0;
	for (i = 0; i < PF_RACE_PAGES; i++) {
		if (l->marking != PF_MARK_MEMDESC)
			*pf_word(&map[i], l) = (unsigned long)&r->decoy[i];
		b->order[i] = 0;
		atomic_set(&b->page[i].refs, 0);
		b->page[i].ever = 1UL << i;
		b->page[i].ring[0] = i;
		b->page[i].state = &map[i].word[PF_RACE_STATE];
		*b->page[i].state = pf_race_state(0, i, i, false);
	}
}

/* True if there was no reference; from then on nobody gets one. */
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

/* True if the pages are free: small and, if references count, without any. */
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
 * Reuse the word of small pages: for private data or a list pointer, always
 * without bit 0, as v4.4 demands. If the page's bit of @n is set the word stays
 * as it was when the page was freed: the kernel does not clear words. A memdesc
 * is not reused: the page has a folio of its own.
 */
static inline void pf_race_reuse(const struct pf_race *r,
				 struct pf_race_block *b, unsigned int first,
				 unsigned int end, unsigned long n)
{
	const struct pf_layout *l = &pf_layouts[pf_generations[r->gen].layout];
	unsigned int i;

	if (l->marking == PF_MARK_MEMDESC)
		return;
	for (i = first; i < end; i++)
		if (pf_race_now(*b->page[i].state) == i && !(n >> i & 1))
			WRITE_ONCE(*pf_word(&b->map[i], l),
				   (unsigned long)&r->decoy[(n + i) %
							    PF_RACE_DECOYS]);
}

/* Split the compound page at @first unless the protocol prevents that. */
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

/* Called by a writer between its changes; the includer may define it. */
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
 * One iteration of a writer: make compound pages of a random order, split and
 * make one of them repeatedly without a pause, then split all of them.
 */
static inline void pf_race_write(const struct pf_race *r,
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

/**
 * pf_race_was_head() - check if a page was the head between two states
 * @head: the page's number in the block
 * Return: 1 if it was at some moment, 0 if not, -1 if the ring does not reach
 * back far enough.
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
		 * The writer may have written one more ring entry than its
		 * state says, and the state may be seen a version late: there
		 * is no barrier between the end of a change and the next entry.
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

/* The number of the page in the block to which @answer points. */
static inline unsigned int pf_race_number(const struct pf_race_block *b,
					  unsigned long answer)
{
	unsigned long offset = answer - (unsigned long)b->map - b->folio;

	if (offset % sizeof(struct pf_page) ||
	    offset / sizeof(struct pf_page) >= PF_RACE_PAGES)
		return PF_RACE_NOWHERE;
	return offset / sizeof(struct pf_page);
}

/* Judge @answer, given for page number @i between two states. */
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

/**
 * struct pf_race_note - recorded by an accessor between look-up and flag
 * @page: the page that is looked up
 * @target: the head that was found, whose flag is touched next
 * @found: state after the look-up
 * @touched: state before the flag is touched
 *
 * Without a delay before the flag both states are the same, and a split between
 * look-up and flag is not seen: wrong flags are then a lower bound.
 */
struct pf_race_note {
	const struct pf_race_page *page;
	struct pf_page *target;
	unsigned long found, touched;
};

static inline void pf_race_note(struct pf_race_note *note,
				struct pf_page *target)
{
	note->target = target;
	smp_rmb();
	note->found = smp_load_acquire(note->page->state);
	note->touched = note->found;
}

/* To be called after a delay before the flag. */
static inline void pf_race_note_touch(struct pf_race_note *note)
{
	note->touched = smp_load_acquire(note->page->state);
}

/* True if the accessor looks a head up; the selftest's generations are out. */
static inline bool pf_race_can(enum pf_accessor acc, enum pf_generation gen)
{
	return pf_generations[gen].lookup != PF_LOOKUP_NONE &&
		pf_generations[gen].era != PF_ERA_SELFTEST &&
		pf_has(acc, gen, PF_AUTO) &&
		PF_LOOKS_UP(pf_accessors[acc].policy, pf_generations[gen].era);
}

/**
 * pf_race_falsify() - a wrong answer, to test the judge
 * @state: state of page number @i before and after, not changing; the head in
 *	it is the only right answer
 * @stale: answer a former head; else a page that never was the head
 * Return: the answer; 0 if the page has no former head yet.
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
	return ever ? (unsigned long)&b->map[__builtin_ctzl(ever)] + b->folio :
		      0;
}

/* A random page; seldom the first one, which never is a tail. */
static inline unsigned int pf_race_some_page(uint64_t *seed)
{
	unsigned long n = pf_random_below(seed, 16);

	return n ? 1 + n % (PF_RACE_PAGES - 1) : 0;
}

struct pf_race_counts {
	unsigned long lookups;
	unsigned long verdict[PF_RACE_NR_VERDICTS];
	unsigned long wrong_flags;	/* on a page that is no head any more */
	unsigned long unknown_flags;	/* undecided */
	unsigned long moving;		/* look-ups during a change */
	unsigned long passed;		/* not counted: no delay, or no page */
};

/* Bad heads, or if the accessor goes on to a flag, flags on a wrong page. */
static inline unsigned long pf_race_bad(const struct pf_race_counts *c,
					bool flag)
{
	return flag ? c->wrong_flags :
		c->verdict[PF_RACE_STALE] + c->verdict[PF_RACE_GARBAGE];
}

/**
 * struct pf_race_reader - one reading thread
 * @look: the look-up, or the accessor
 * @flag: @look goes on to a flag, and writes @note before
 * @only_delayed: count only look-ups that were delayed
 * @delayed: set by a delay during @look
 * @note: see there
 * @inject: NULL, or falsifies an answer, to test the judge
 * @counts: the verdicts
 */
struct pf_race_reader {
	unsigned long (*look)(struct pf_page *page);
	bool flag;
	bool only_delayed, delayed;
	struct pf_race_note *note;
	unsigned long (*inject)(const struct pf_race_block *b, unsigned int i,
			       unsigned long state, unsigned long answer);
	struct pf_race_counts counts;
};

/*
 * Take what the protocol demands; false if that is not available. With a
 * reference or the lock, only tails are looked up: a small page does not change
 * while it is held.
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

static inline void pf_race_count(struct pf_race_reader *reader,
				 const struct pf_race_block *b, unsigned int i,
				 unsigned long start, unsigned long end,
				 unsigned long answer)
{
	struct pf_race_counts *c = &reader->counts;
	unsigned long found = reader->flag ? reader->note->found : end;
	int was;

	if (reader->flag)
		answer = (unsigned long)reader->note->target;
	if (reader->inject && start == end && !pf_race_changing(start))
		answer = reader->inject(b, i, start, answer);
	c->lookups++;
	c->verdict[pf_race_judge(b, i, start, found, answer)]++;
	if (start != end || pf_race_changing(start))
		c->moving++;
	if (!reader->flag)
		return;
	was = pf_race_was_head(&b->page[i], reader->note->touched, end,
			       pf_race_number(b, answer));
	if (!was)
		c->wrong_flags++;
	else if (was < 0)
		c->unknown_flags++;
}

/* One look-up at page number @i, judged and counted. */
static inline void pf_race_look(const struct pf_race *r,
				struct pf_race_block *b, unsigned int i,
				struct pf_race_reader *reader)
{
	unsigned long start, end, answer;
	unsigned int head = i;

	if (!pf_race_enter(r, b, i, &head)) {
		reader->counts.passed++;
		return;
	}
	if (reader->flag)
		reader->note->page = &b->page[i];
	reader->delayed = false;
	start = smp_load_acquire(b->page[i].state);
	answer = reader->look(&b->map[i]);
	/* a flag is written before end is read */
	if (reader->flag)
		smp_mb();
	smp_rmb();
	end = READ_ONCE(*b->page[i].state);
	pf_race_leave(r, b, head);
	if (reader->only_delayed && !reader->delayed) {
		reader->counts.passed++;
		return;
	}
	pf_race_count(reader, b, i, start, end, answer);
}

/*
 * @times look-ups of a reader without protocol, flag and delay: the end state
 * of one look-up is the start state of the next one, and the judge is called
 * only if the answer is not obviously right.
 */
static inline void pf_race_look_on(struct pf_race_block *b, unsigned int i,
				   struct pf_race_reader *reader,
				   unsigned long times)
{
	const unsigned long *state = b->page[i].state;
	unsigned long start = smp_load_acquire(state), end, answer;
	unsigned long right = 0, itself = 0;

	while (times--) {
		answer = reader->look(&b->map[i]);
		smp_rmb();
		end = smp_load_acquire(state);
		if (start != end || pf_race_changing(start) ||
		    answer != (unsigned long)&b->map[pf_race_now(start)] +
			      b->folio)
			pf_race_count(reader, b, i, start, end, answer);
		else if (pf_race_now(start) == i)
			itself++;
		else
			right++;
		start = end;
	}
	reader->counts.lookups += right + itself;
	reader->counts.verdict[PF_RACE_RIGHT] += right;
	reader->counts.verdict[PF_RACE_ITSELF] += itself;
}

#endif
