// SPDX-License-Identifier: GPL-2.0
/*
 * One look-up against one writer, for cbmc: compound_head() of head.h,
 * unchanged, on a page that becomes part of a compound page, or is split, or
 * both. The writer's stores and barriers are those of mark.h.
 *
 * scripts/verify compiles it with -DGENERATION=ID, of the catalog, and
 * -DSCENARIO=NAME, and reads cbmc's output.
 */
#include "prover.h"
#include "pageflags/mark.h"

#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)

/* This generation's row of the tables, as constants: tables are slow here. */
enum {
#define L(id, mark, offset, fo, lk, rf, up, di, lr, ac, wb, hd, tl, ...) \
	FOLIO_OF_##id = fo, HEAD_OF_##id = hd, TAIL_OF_##id = tl,
	PF_LAYOUTS(L)
#undef L
#define G(id, name, since, until, layout, ...) \
	FOLIO_##id = FOLIO_OF_##layout, HEAD_##id = HEAD_OF_##layout, \
	TAIL_##id = TAIL_OF_##layout,
	PF_REPLICAS(G)
	PF_TRY(G)
#undef G
	FOLIO = JOIN(FOLIO_, GENERATION),
	HEAD = JOIN(HEAD_, GENERATION),
	TAIL = JOIN(TAIL_, GENERATION),
	MARKING = JOIN(PF_MARKING_OF_, GENERATION),
	SINCE = JOIN(PF_SINCE_, GENERATION),
};

#define LAYOUT \
	{ .marking = MARKING, .word = 0, .folio = FOLIO, .head = HEAD, \
	  .tail = TAIL }

static const struct pf_layout layout = LAYOUT;
/* as a constant expression: cbmc does not take the variable for a constant */
#define CONST_LAYOUT ((struct pf_layout)LAYOUT)

enum scenario {
	make,		/* a small page becomes a tail */
	split,		/* a tail becomes a small page, its word is reused */
	again,		/* both: a tail of one page, then of a larger one */
	head,		/* a head is split and becomes a tail of a larger page */
	shrink,		/* a tail is split and becomes the head of a smaller one */
	fake,		/* HVO: a tail's struct page becomes that of its head */
	unfake,		/* HVO: and its own again */
};

/* the page that is looked up; number 2 starts a page of struct pages */
enum { PAGE = SCENARIO >= head ? 2 : 3 };

static struct pf_page memmap[4];

/*
 * The word of a page that is not a tail: anything in two-word generations
 * (page->private), a value with bit 0 clear in one-word generations. steps.awk
 * has both values.
 */
#define PRIVATE 0xbadUL
#define LIST 0xadd8UL
enum { TWO_WORDS = MARKING == PF_MARK_BIT || MARKING == PF_MARK_TWOBIT };

static inline unsigned long address(unsigned int nr)
{
	return (unsigned long)&memmap[nr] + FOLIO;
}

static inline void reuse(struct pf_page *page)
{
	/* not reused: each page has a folio */
	if (MARKING == PF_MARK_MEMDESC) {
		pf_mark_folio(CONST_LAYOUT, page, page);
		return;
	}
	page->word[0] = TWO_WORDS ? PRIVATE : LIST;
}

static inline void make_compound(unsigned int nr_head, unsigned int order)
{
	struct pf_page *head = &memmap[nr_head];
	unsigned int i;

	pf_mark_head(CONST_LAYOUT, head, order);
	for (i = 1; i < 1U << order; i++)
		pf_mark_tail(CONST_LAYOUT, SINCE, head + i, head, order);
}

/* A word is reused as soon as the page is no tail. */
static inline void split_compound(unsigned int nr_head, unsigned int order)
{
	unsigned int nth, i;

	for (nth = 0; nth < 1U << order; nth++) {
		i = nr_head + pf_split_nth(CONST_LAYOUT, nth, order);
		if (i == nr_head) {
			pf_unmark_head(CONST_LAYOUT, &memmap[i]);
			continue;
		}
		pf_unmark_tail(CONST_LAYOUT, &memmap[i]);
		reuse(&memmap[i]);
	}
}

/* The struct pages 2 and 3 are mapped to those of 0 and 1, or to their own. */
static inline void map_fake(bool is_fake)
{
	memmap[2].flags = is_fake ? 1UL << HEAD : 0;
	memmap[2].word[0] = is_fake ? LIST : address(0) + 1;
}

/*
 * The writer's changes, numbered from 1, and the head of PAGE before, between
 * and after them. Between two changes the allocator's locks are a full barrier;
 * within a change there are only the kernel's own barriers.
 */
static int begun, done;

enum {
	CHANGES = SCENARIO == again || SCENARIO == head ||
		  SCENARIO == shrink ? 2 : 1,
	BEFORE = SCENARIO == make ? 3 :
		 SCENARIO == split || SCENARIO == again || SCENARIO == head ? 2 : 0,
	BETWEEN = SCENARIO == again ? 3 : 2,
	AFTER = SCENARIO == make || SCENARIO == shrink ? 2 :
		SCENARIO == split ? 3 : 0,
};

static inline void change(int nr)
{
	if (SCENARIO == make)
		make_compound(2, 1);
	else if (SCENARIO == fake || SCENARIO == unfake) {
		__CPROVER_atomic_begin();
		map_fake(SCENARIO == fake);
		__CPROVER_atomic_end();
	} else if (nr == 1)
		split_compound(SCENARIO == shrink ? 0 : 2,
			       SCENARIO == shrink ? 2 : 1);
	else
		make_compound(SCENARIO == shrink ? 2 : 0,
			      SCENARIO == shrink ? 1 : 2);
}

static void writer(void)
{
	int nr;

	for (nr = 1; nr <= CHANGES; nr++) {
		begun = nr;
		smp_mb();
		change(nr);
		smp_mb();
		done = nr;
	}
}

/*
 * Reordered loads, for which cbmc has no model: a load may be executed at any
 * time since the last smp_rmb(). The reader reads a copy; another thread fetches
 * words from memory into the copy at any time, at most three: a look-up has at
 * most three loads.
 */
#ifdef LOADS_REORDERED
static struct pf_page seen[4];
#define FETCHES 3

static void fetch(int what)
{
	__CPROVER_atomic_begin();
	if (what == 0)
		seen[PAGE].flags = memmap[PAGE].flags;
	else if (what == 1)
		seen[PAGE].word[0] = memmap[PAGE].word[0];
	else if (PAGE < 3)
		seen[PAGE + 1].word[0] = memmap[PAGE + 1].word[0];
	__CPROVER_atomic_end();
}

static void fetch_all(void)
{
	fetch(0);
	fetch(1);
	fetch(2);
}

int nondet_int(void);

static void fetcher(void)
{
	int i;

	for (i = 0; i < FETCHES; i++)
		fetch(nondet_int());
}

/* the page of memory that an address in the copy stands for */
static unsigned long in_memory(unsigned long answer)
{
	unsigned long offset = answer - (unsigned long)seen;

	return offset < sizeof(seen) ? address(0) + offset : answer;
}
#else
#define seen memmap
#define fetch_all() do { } while (0)
#define in_memory(answer) (answer)
#endif

static void prepare(void)
{
	unsigned int i;

	for (i = 0; i < 4; i++)
		reuse(&memmap[i]);
	if (SCENARIO == fake || SCENARIO == unfake || SCENARIO == shrink)
		make_compound(0, 2);
	else if (SCENARIO != make)
		make_compound(2, 1);
	if (SCENARIO == unfake)
		map_fake(true);
}

int main(void)
{
	/* for steps.awk */
	int bit_head = HEAD, bit_tail = TAIL;
	enum pf_marking marking = MARKING;
	unsigned long answer;
	int from, to;
	bool good;

	prepare();
__CPROVER_ASYNC_1:
	writer();

	from = done;
	smp_mb();
	fetch_all();
#ifdef LOADS_REORDERED
__CPROVER_ASYNC_2:
	fetcher();
#endif
	answer = JOIN(pf_head_, GENERATION)(&seen[PAGE], &layout, PF_AUTO);
	answer = in_memory(answer);
	smp_mb();
	to = begun;

	/* right at some moment in between? */
	good = (from == 0 && answer == address(BEFORE)) ||
		(CHANGES == 2 && from <= 1 && to >= 1 &&
		 answer == address(BETWEEN)) ||
		(to == CHANGES && answer == address(AFTER));
	__CPROVER_assert(good, "the answer was right at some moment");
	/* these check this file: both must fail */
	__CPROVER_assert(answer != address(BEFORE), "reach: before");
	__CPROVER_assert(answer != address(AFTER), "reach: after");
	return 0;
}
