// SPDX-License-Identifier: GPL-2.0
/*
 * Populations: the marks, the order of the visits, and a check that finds
 * wrong marks.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "pageflags/memmap.h"

#define NR (4UL << PF_MAX_ORDER)
#define MAX_VISITS (1UL << 15)

struct memory {
	struct pf_page *map;
	struct pf_page *visit[MAX_VISITS], *again[MAX_VISITS];
	unsigned int times[NR];
};

static int get_memory(void **state)
{
	static struct memory m;

	m.map = aligned_alloc(64UL << PF_MAX_ORDER, NR * sizeof(*m.map));
	*state = &m;
	return !m.map;
}

static int put_memory(void **state)
{
	free(((struct memory *)*state)->map);
	return 0;
}

/* Once for every generation, population and order. */
#define for_each_population(gen, pop, order) \
	for (int gen = 0; gen < PF_NR_REPLICAS; gen++) \
		for (int pop = 0; pop < PF_NR_POPULATIONS; pop++) \
			for (unsigned int order = pop == PF_SMALL ? 0 : 1; \
			     order <= (pop == PF_SMALL ? 0 : PF_MAX_ORDER); \
			     order++)

static void wrong(int gen, int pop, unsigned int order, unsigned long i,
		  const char *what)
{
	fail_msg("%s, population %d, order %u, page %lu: %s",
		 pf_generations[gen].name, pop, order, i, what);
}

/* True if a page is in a compound block, written without memmap.h. */
static bool is_compound(unsigned long i, int pop, unsigned int order)
{
	return pop != PF_SMALL &&
		(pop != PF_MIXED || i / (1UL << order) % 2 == 0);
}

/* Every page leads to its folio, which is up to date; all else is zero. */
static void filled_memdescs(struct memory *m, int gen, int pop,
			    unsigned int order, unsigned long nr)
{
	const struct pf_layout *l = &pf_layouts[pf_generations[gen].layout];
	bool small = gen == PF_GEN_memdesc_8;

	for (unsigned long i = 0; i < nr; i++) {
		unsigned long head = is_compound(i, pop, order) ?
			i & ~((1UL << order) - 1) : i;
		unsigned long want[8] = { 0 };

		want[small ? 2 : 4] = 1UL << l->uptodate;
		want[small ? 0 : 1] = (unsigned long)&m->map[head] +
			(small ? 16 : 32) + 2;
		if (memcmp(want, &m->map[i], sizeof(want)))
			wrong(gen, pop, order, i, "not its folio");
		if (pf_compound_head(&m->map[i], gen, PF_AUTO) !=
		    (void *)((unsigned long)&m->map[head] + (small ? 16 : 32)))
			wrong(gen, pop, order, i, "leads to another folio");
	}
}

/* The counts of references, and the word that leads to the head; else zero. */
static bool right_words(const struct pf_page *page, int gen, bool tail)
{
	const struct pf_generation_info *g = &pf_generations[gen];
	const struct pf_layout *l = &pf_layouts[g->layout];
	unsigned int many = 1U << 29, frozen = 0, last = 1;
	unsigned int want[16] = { 0 }, got[16];

	/* nothing looks up the head, and the word is the type of a page */
	tail = tail && strcmp(g->name, "plain");
	if (!strcmp(g->name, "ref-frozen-bit")) {
		frozen = 1U << 31;
	} else if (!strcmp(g->name, "ref-inverted-high")) {
		many |= 1U << 31;
		last |= 1U << 31;
	} else if (!strcmp(g->name, "ref-inverted-low")) {
		many = many * 2 + 1;
		last = 3;
	}
	if (g->era == PF_ERA_REF || g->era == PF_ERA_POLICY) {
		want[13] = many;
		want[14] = frozen;
		want[15] = last;
	}
	if (tail && l->marking != PF_MARK_ORDER) {
		if (!page->word[l->word])
			return false;
		memcpy(&want[2 + 2 * l->word], &page->word[l->word],
		       sizeof(long));
	}
	memcpy(got, page, sizeof(got));
	return !memcmp(got + 2, want + 2, sizeof(got) - sizeof(long));
}

static void filled(void **state)
{
	struct memory *m = *state;

	for_each_population(gen, pop, order) {
		const struct pf_layout *l =
			&pf_layouts[pf_generations[gen].layout];
		unsigned long nr = 4UL << order, known;

		memset(m->map, 0xff, NR * sizeof(*m->map));
		pf_memmap_fill(m->map, nr, gen, pop, order);
		if (pf_memmap_check(m->map, nr, gen, pop, order) != nr)
			wrong(gen, pop, order, 0, "not as it was filled");
		/* nothing is written after the end */
		if (nr < NR && (~m->map[nr].flags || ~m->map[nr].word[0]))
			wrong(gen, pop, order, nr, "overwritten");
		if (l->marking == PF_MARK_MEMDESC) {
			filled_memdescs(m, gen, pop, order, nr);
			continue;
		}

		known = 1UL << l->uptodate | 1UL << l->head;
		if (l->marking == PF_MARK_BIT || l->marking == PF_MARK_TWOBIT)
			known |= 1UL << l->tail;
		if (l->marking == PF_MARK_ORDER)
			known |= 15UL << l->tail;
		for (unsigned long i = 0; i < nr; i++) {
			unsigned long head = i & ~((1UL << order) - 1);
			bool tail = is_compound(i, pop, order) && i != head;

			if (!(m->map[i].flags & 1UL << l->uptodate))
				wrong(gen, pop, order, i, "not up to date");
			if (m->map[i].flags & ~known)
				wrong(gen, pop, order, i, "another flag is set");
			if (!right_words(&m->map[i], gen, tail))
				wrong(gen, pop, order, i,
				      "a word is not as it should be");
			if (pf_generations[gen].lookup == PF_LOOKUP_NONE)
				continue;
			if (pf_compound_head(&m->map[i], gen, PF_AUTO) !=
			    &m->map[tail ? head : i])
				wrong(gen, pop, order, i, "not its head");
		}
	}
}

/* Page @i has a wrong mark: the check must find it. */
static void assert_seen(struct memory *m, unsigned long nr, int gen, int pop,
			unsigned int order, unsigned long i, const char *what)
{
	if (pf_memmap_check(m->map, nr, gen, pop, order) == nr)
		wrong(gen, pop, order, i, what);
}

static void damage_flags(struct memory *m, unsigned long nr, int gen, int pop,
			 unsigned int order, unsigned long i)
{
	const struct pf_layout *l = &pf_layouts[pf_generations[gen].layout];
	unsigned long *flags = &pf_folio(&m->map[i], l)->flags, was = *flags;

	*flags = was ^ 1UL << l->uptodate;
	assert_seen(m, nr, gen, pop, order, i, "not up to date, unseen");
	*flags = was;
	if (pf_generations[gen].lookup == PF_LOOKUP_NONE ||
	    l->marking == PF_MARK_MEMDESC)
		return;
	if (l->marking == PF_MARK_ORDER) {
		*flags = was & ~(15UL << l->tail);
		if (is_compound(i, pop, order) && i % (1UL << order))
			assert_seen(m, nr, gen, pop, order, i,
				    "a lost order, unseen");
		*flags = was;
		return;
	}
	/* at the start of a page: a fake head, which the look-up resolves */
	if (pf_generations[gen].fakes != PF_FAKES_ON || i % 64 ||
	    i % (1UL << order) == 0) {
		*flags = was ^ 1UL << l->head;
		assert_seen(m, nr, gen, pop, order, i,
			    "PG_head turned, unseen");
	}
	/* PG_reclaim has no meaning on a small page */
	if (l->marking == PF_MARK_BIT ||
	    (l->marking == PF_MARK_TWOBIT && is_compound(i, pop, order))) {
		*flags = was ^ 1UL << l->tail;
		assert_seen(m, nr, gen, pop, order, i, "a tail's mark, unseen");
	}
	*flags = was;
}

static void damage_word(struct memory *m, unsigned long nr, int gen, int pop,
			unsigned int order, unsigned long i)
{
	const struct pf_layout *l = &pf_layouts[pf_generations[gen].layout];
	unsigned long *word = pf_word(&m->map[i], l), was = *word;
	bool tail = is_compound(i, pop, order) && i % (1UL << order);

	if (pf_generations[gen].lookup == PF_LOOKUP_NONE ||
	    l->marking == PF_MARK_ORDER)
		return;
	if (l->marking == PF_MARK_WORD || l->marking == PF_MARK_MASK) {
		*word = was ^ 1;
		assert_seen(m, nr, gen, pop, order, i, "bit 0 turned, unseen");
	}
	if (l->marking == PF_MARK_MEMDESC) {
		*word = was ^ 2;
		assert_seen(m, nr, gen, pop, order, i, "no folio, unseen");
	}
	if (tail || l->marking == PF_MARK_MEMDESC) {
		*word = was + (l->marking == PF_MARK_MASK ? 64UL << order : 64);
		assert_seen(m, nr, gen, pop, order, i, "a false head, unseen");
		*word = 0;
		assert_seen(m, nr, gen, pop, order, i, "a lost word, unseen");
	}
	*word = was;
}

static void damage(void **state)
{
	struct memory *m = *state;

	for_each_population(gen, pop, order) {
		unsigned long nr = 4UL << order;

		pf_memmap_fill(m->map, nr, gen, pop, order);
		for (unsigned long i = 0; i < nr; i++) {
			damage_flags(m, nr, gen, pop, order, i);
			damage_word(m, nr, gen, pop, order, i);
		}
		if (pf_memmap_check(m->map, nr, gen, pop, order) != nr)
			wrong(gen, pop, order, 0, "not as it was filled");
	}
}

static unsigned long visits(struct memory *m, struct pf_page **list, int pop,
			    unsigned int order, unsigned int tails,
			    bool shuffled, uint64_t seed, unsigned long max)
{
	unsigned long n = pf_memmap_visits(m->map, NR, pop, order, tails,
					   shuffled, seed, list, max);

	assert_int_equal(n % PF_UNROLL, 0);
	assert_true(n <= max);
	for (unsigned long i = 0; i < n; i++)
		if (list[i] < m->map || list[i] >= m->map + NR)
			fail_msg("visit %lu is outside of the memmap", i);
	return n;
}

static void count(struct memory *m, struct pf_page **list, unsigned long n)
{
	memset(m->times, 0, sizeof(m->times));
	for (unsigned long i = 0; i < n; i++)
		m->times[list[i] - m->map]++;
}

/* Each page of the kind once, except the rest below PF_UNROLL. */
static void once_each(void **state)
{
	struct memory *m = *state;

	for (int pop = 0; pop < PF_MIXED; pop++) {
		for (unsigned int order = !!pop; order <= PF_MAX_ORDER;
		     order += pop ? 1 : 100) {
			unsigned long per = 1UL << order, n, should = 0, seen;

			n = visits(m, m->visit, pop, order, 0, false, 1,
				   MAX_VISITS);
			count(m, m->visit, n);
			for (unsigned long i = 0; i < NR; i++) {
				bool wanted = pop == PF_SMALL ||
					!(i % per) == (pop == PF_HEADS);

				should += wanted;
				if (m->times[i] && !wanted)
					fail_msg("population %d, order %u: page %lu is visited",
						 pop, order, i);
			}
			if (should < PF_UNROLL) {
				assert_int_equal(n, PF_UNROLL);
				seen = 0;
				for (unsigned long i = 0; i < NR; i++)
					seen += m->times[i] != 0;
				assert_int_equal(seen, should);
				continue;
			}
			assert_int_equal(n, should - should % PF_UNROLL);
			for (unsigned long i = 0; i < NR; i++)
				assert_true(m->times[i] < 2);
			for (unsigned long i = 1; i < n; i++)
				assert_true(m->visit[i - 1] < m->visit[i]);
		}
	}
}

/* Runs are all pages in the order of the memmap; each starts with its head. */
static void in_runs(void **state)
{
	struct memory *m = *state;

	for (unsigned int order = 1; order <= PF_MAX_ORDER; order++) {
		unsigned long n = visits(m, m->visit, PF_RUNS, order, 0, false,
					 1, MAX_VISITS);

		assert_int_equal(n, NR < MAX_VISITS ? NR : MAX_VISITS);
		for (unsigned long i = 0; i < n; i++)
			assert_ptr_equal(m->visit[i], m->map + i);
	}
}

/* Heads of order 6 and more begin a page: each may be a fake head. */
static void aligned_heads(void **state)
{
	struct memory *m = *state;

	for (unsigned int order = 1; order <= PF_MAX_ORDER; order++) {
		unsigned long n = visits(m, m->visit, PF_HEADS, order, 0, false,
					 1, MAX_VISITS), i, aligned = 0;

		for (i = 0; i < n; i++)
			aligned += (unsigned long)m->visit[i] % 4096 == 0;
		assert_true(order >= 6 ? aligned == n : aligned < n);
	}
}

static void limited(void **state)
{
	struct memory *m = *state;

	for (int pop = 0; pop < PF_NR_POPULATIONS; pop++) {
		unsigned int order = pop == PF_SMALL ? 0 : 2;

		assert_int_equal(visits(m, m->visit, pop, order, 50, false, 1,
					0), 0);
		assert_int_equal(visits(m, m->visit, pop, order, 50, false, 1,
					PF_UNROLL - 1), 0);
		for (unsigned long max = PF_UNROLL; max < 70; max++) {
			m->visit[max] = NULL;
			assert_int_equal(visits(m, m->visit, pop, order, 50,
						true, 1, max),
					 max - max % PF_UNROLL);
			assert_null(m->visit[max]);
		}
	}
}

/* A list is repeated in its order, and ends with a whole iteration. */
static void repeated(void **state)
{
	struct memory *m = *state;

	for (int pop = 0; pop < PF_MIXED; pop++) {
		unsigned long n = visits(m, m->again, pop, pop ? 2 : 0, 0,
					 true, 1, 64), max;

		for (max = n; max < 5 * n; max++) {
			memcpy(m->visit, m->again, n * sizeof(*m->visit));
			m->visit[max] = NULL;
			assert_int_equal(pf_memmap_repeat(m->visit, n, max),
					 max - max % PF_UNROLL);
			for (unsigned long i = 0; i < max - max % PF_UNROLL;
			     i++)
				assert_ptr_equal(m->visit[i], m->again[i % n]);
			assert_null(m->visit[max]);
		}
		assert_int_equal(pf_memmap_repeat(m->visit, 0, max), 0);
	}
}

static void shuffled(void **state)
{
	struct memory *m = *state;

	for (int pop = 0; pop < PF_MIXED; pop++) {
		for (unsigned int order = !!pop; order <= (pop ? 5 : 0);
		     order++) {
			unsigned long n, i, same = 0;

			n = visits(m, m->again, pop, order, 0, false, 7,
				   MAX_VISITS);
			count(m, m->again, n);
			assert_int_equal(visits(m, m->visit, pop, order, 0,
						true, 7, MAX_VISITS), n);
			for (i = 0; i < n; i++) {
				same += m->visit[i] == m->again[i];
				assert_true(m->times[m->visit[i] - m->map]--);
			}
			/* on average one page keeps its position */
			assert_true(same < 10);
		}
	}
}

static bool same_lists(struct memory *m, unsigned long n)
{
	return !memcmp(m->visit, m->again, n * sizeof(*m->visit));
}

static void seeds(void **state)
{
	struct memory *m = *state;

	for (int pop = 0; pop < PF_NR_POPULATIONS; pop++) {
		unsigned int order = pop == PF_SMALL ? 0 : 3;
		unsigned long n;

		n = visits(m, m->visit, pop, order, 50, true, 4, 512);
		visits(m, m->again, pop, order, 50, true, 4, 512);
		assert_true(same_lists(m, n));
		visits(m, m->again, pop, order, 50, true, 6, 512);
		assert_false(same_lists(m, n));
		/* xorshift needs a seed other than 0 */
		visits(m, m->visit, pop, order, 50, true, 0, 512);
		assert_true(m->visit[0] != m->visit[1] ||
			    m->visit[1] != m->visit[2]);
	}
}

static void shares(void **state)
{
	struct memory *m = *state;

	for (unsigned int order = 1; order <= PF_MAX_ORDER; order++) {
		for (unsigned int share = 0; share <= 100; share++) {
			unsigned long tails = 0, first = 0, n, max = 3200;

			n = visits(m, m->visit, PF_MIXED, order, share, false,
				   share + 1, max);
			assert_int_equal(n, max);
			for (unsigned long i = 0; i < n; i++) {
				unsigned long p = m->visit[i] - m->map;
				bool compound = p >> order & 1 ? false : true;
				bool tail = compound && p % (1UL << order);

				/* the others have order 0 */
				assert_true(tail || !compound);
				tails += tail;
				first += i < n / 2 && tail;
			}
			assert_int_equal(tails, max * share / 100);
			/* hypergeometric: 5 sigma */
			if (labs((long)(2 * first - tails)) > 2 * 71)
				fail_msg("mixed:%u, order %u: %lu of %lu tails in the first half",
					 share, order, first, tails);
		}
	}
	/* a percentage that is not whole is rounded down */
	count(m, m->visit, visits(m, m->visit, PF_MIXED, 1, 33, false, 1, 8));
	for (unsigned long i = 0, tails = 0; i <= NR; i++) {
		if (i == NR)
			assert_int_equal(tails, 2);
		else if (i % 4 == 1)
			tails += m->times[i];
	}
}

/* A predictor must not learn the list: mixed:50 would look cheap. */
static void no_pattern(void **state)
{
	struct memory *m = *state;
	unsigned long n, i;

	n = visits(m, m->visit, PF_MIXED, 2, 50, false, 20150805, MAX_VISITS);
	for (unsigned int lag = 1; lag <= 64; lag++) {
		long equal = 0;

		for (i = lag; i < n; i++)
			equal += ((m->visit[i] - m->map) >> 2 & 1) ==
				((m->visit[i - lag] - m->map) >> 2 & 1);
		/* half of them; sigma is sqrt(n) / 2 = 90 */
		if (labs(equal - (long)(n - lag) / 2) > 5 * 91)
			fail_msg("lag %u: %ld of %lu are equal", lag, equal,
				 n - lag);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(filled),
		cmocka_unit_test(damage),
		cmocka_unit_test(once_each),
		cmocka_unit_test(in_runs),
		cmocka_unit_test(aligned_heads),
		cmocka_unit_test(limited),
		cmocka_unit_test(repeated),
		cmocka_unit_test(shuffled),
		cmocka_unit_test(seeds),
		cmocka_unit_test(shares),
		cmocka_unit_test(no_pattern),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, get_memory, put_memory);
}
