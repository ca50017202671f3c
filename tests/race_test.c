// SPDX-License-Identifier: GPL-2.0
/*
 * The judge of the race: interleavings made by hand, one of each kind, and the
 * verdict of each; and the interval of a rate.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "race/delay.h"
#include "race/race.h"
#include "lib/stats.h"

struct scene {
	struct pf_race r;
	struct pf_race_block b;
	struct pf_race_reader reader;
	void (*step[PF_NR_WINDOWS])(struct scene *s);
};

static struct pf_page map[64] __attribute__((aligned(4096)));
static struct pf_page decoy[PF_RACE_DECOYS];
static struct scene scene;

static void make4(struct scene *s)
{
	assert_true(pf_race_take(&s->r, &s->b, 0, 2));
	pf_race_make(&s->r, &s->b, 0, 2);
}

static void make2(struct scene *s)
{
	assert_true(pf_race_take(&s->r, &s->b, 2, 1));
	pf_race_make(&s->r, &s->b, 2, 1);
}

static void split(struct scene *s)
{
	for (unsigned int i = 0; i < PF_RACE_PAGES; i++)
		if (s->b.order[i])
			assert_true(pf_race_try_split(&s->r, &s->b, i));
	pf_race_reuse(&s->r, &s->b, 0, PF_RACE_PAGES, 7);
}

static void split_make2(struct scene *s)
{
	split(s);
	make2(s);
}

static void split_make4(struct scene *s)
{
	split(s);
	make4(s);
}

static void on_window(void *arg, enum pf_window window, struct pf_page *page)
{
	struct scene *s = arg;

	if (s->step[window])
		s->step[window](s);
}

static struct scene *set_scene(enum pf_generation gen,
			       enum pf_race_protocol protocol,
			       enum pf_accessor acc)
{
	struct scene *s = &scene;

	memset(s, 0, sizeof(*s));
	s->r = (struct pf_race){ .gen = gen, .protocol = protocol,
				 .decoy = decoy };
	pf_race_init(&s->r, &s->b, map);
	s->reader.look = race_lookups_delayed[acc][gen];
	s->reader.flag = acc != PF_ACC_compound_head;
	s->reader.note = race_own_note();
	race_set_delay(on_window, s);
	return s;
}

/* One look-up at page 3, which must have @verdict. */
static void look(struct scene *s, enum pf_race_verdict verdict,
		 const char *what)
{
	unsigned long *seen = s->reader.counts.verdict;
	unsigned long was = seen[verdict], all = s->reader.counts.lookups;

	pf_race_look(&s->r, &s->b, 3, &s->reader);
	if (s->reader.counts.lookups != all + 1)
		fail_msg("%s, %s: no look-up", what,
			 pf_generations[s->r.gen].name);
	if (seen[verdict] != was + 1)
		fail_msg("%s, %s: %lu right, %lu itself, %lu stale, %lu garbage, %lu undecided",
			 what, pf_generations[s->r.gen].name, seen[0], seen[1],
			 seen[2], seen[3], seen[4]);
}

#define for_each_generation(gen) \
	for (int gen = 0; gen < PF_NR_REPLICAS; gen++) \
		if (race_can(gen, PF_ACC_compound_head))

/* Without a change during the look-up only the current head is right. */
static void quiet(void **state)
{
	for_each_generation(gen) {
		struct scene *s = set_scene(gen, PF_RACE_NONE,
					    PF_ACC_compound_head);

		look(s, PF_RACE_ITSELF, "at first");
		make4(s);
		look(s, PF_RACE_RIGHT, "made");
		split(s);
		look(s, PF_RACE_ITSELF, "split");
		make2(s);
		look(s, PF_RACE_RIGHT, "made otherwise");
		assert_int_equal(s->reader.counts.moving, 0);
	}
}

static unsigned long answer;

static unsigned long give_answer(struct pf_page *page)
{
	return answer;
}

/* Answers that no look-up gives. */
static void injected(void **state)
{
	struct scene *s = set_scene(PF_GEN_v4_4_word, PF_RACE_NONE,
				    PF_ACC_compound_head);

	s->reader.look = give_answer;
	answer = (unsigned long)&map[0];
	look(s, PF_RACE_GARBAGE, "a head that will be one");
	make4(s);
	answer = (unsigned long)&map[3];
	look(s, PF_RACE_STALE, "itself, of a tail");
	split_make2(s);
	answer = (unsigned long)&map[0];
	look(s, PF_RACE_STALE, "the head of before");
	answer = (unsigned long)&map[2];
	look(s, PF_RACE_RIGHT, "the head");
	answer = (unsigned long)&map[1];
	look(s, PF_RACE_GARBAGE, "a neighbour");
	answer = (unsigned long)&map[2] + 1;
	look(s, PF_RACE_GARBAGE, "into a page");
	answer = (unsigned long)&map[PF_RACE_PAGES];
	look(s, PF_RACE_GARBAGE, "behind the block");
	answer = (unsigned long)&map[0] - sizeof(*map);
	look(s, PF_RACE_GARBAGE, "before the block");
	answer = (unsigned long)&decoy[5];
	look(s, PF_RACE_GARBAGE, "a word");
	answer = 0;
	look(s, PF_RACE_GARBAGE, "nothing");
}

/*
 * Hugh Dickins's case in each generation: split and reused between the test and
 * the load, and made again between the load and the second test, if any.
 */
static void two_words(void **state)
{
	static const enum pf_generation one_test[] = {
		PF_GEN_v2_6_22_twobit, PF_GEN_v2_6_26_bit };
	struct scene *s;

	for (size_t i = 0; i < 2; i++) {
		s = set_scene(one_test[i], PF_RACE_NONE, PF_ACC_compound_head);
		make4(s);
		s->step[PF_WINDOW_FLAG_HEAD] = split;
		look(s, PF_RACE_GARBAGE, "split between test and load");
		s->step[PF_WINDOW_FLAG_HEAD] = NULL;
		make4(s);
		s->step[PF_WINDOW_FLAG_HEAD] = split_make2;
		look(s, PF_RACE_RIGHT, "made otherwise between them");
	}
	s = set_scene(PF_GEN_v3_14_rmb, PF_RACE_NONE, PF_ACC_compound_head);
	make4(s);
	s->step[PF_WINDOW_FLAG_HEAD] = split;
	look(s, PF_RACE_ITSELF, "split between test and load");
	make4(s);
	s->step[PF_WINDOW_HEAD_AGAIN] = make4;
	look(s, PF_RACE_GARBAGE, "and made again before the second test");
	s->step[PF_WINDOW_FLAG_HEAD] = NULL;
	s->step[PF_WINDOW_HEAD_AGAIN] = split_make2;
	look(s, PF_RACE_RIGHT, "the head when it was loaded");
}

/* Changes before the only load have no effect. */
static void one_word(void **state)
{
	for_each_generation(gen) {
		struct scene *s = set_scene(gen, PF_RACE_NONE,
					    PF_ACC_compound_head);

		if (race_windows(gen, PF_ACC_compound_head) !=
		    1U << PF_WINDOW_BEFORE)
			continue;
		race_set_delay(on_window, s);
		for (int window = 0; window < PF_NR_WINDOWS; window++)
			s->step[window] = split_make4;
		make4(s);
		look(s, PF_RACE_RIGHT, "one load");
	}
}

/* v2.6.26 marked a tail before it stored the head. */
static void half_made(void **state)
{
	struct scene *s = set_scene(PF_GEN_v2_6_26_bit, PF_RACE_NONE,
				    PF_ACC_compound_head);
	const struct pf_layout *l =
		&pf_layouts[pf_generations[s->r.gen].layout];

	pf_race_reuse(&s->r, &s->b, 0, PF_RACE_PAGES, 3);
	pf_race_begin(&s->b.page[3], 0);
	look(s, PF_RACE_ITSELF, "not yet marked");
	map[3].flags |= 1UL << l->tail;
	look(s, PF_RACE_GARBAGE, "marked, of nobody");
	map[3].word[l->word] = (unsigned long)&map[0];
	look(s, PF_RACE_RIGHT, "its head");
	pf_race_end(&s->b.page[3]);
	look(s, PF_RACE_RIGHT, "done");
}

/* Freed and marked again, while the word still has the former head. */
static void freed(void **state)
{
	struct scene *s = set_scene(PF_GEN_v2_6_26_bit, PF_RACE_NONE,
				    PF_ACC_compound_head);
	const struct pf_layout *l =
		&pf_layouts[pf_generations[s->r.gen].layout];

	make4(s);
	assert_true(pf_race_try_split(&s->r, &s->b, 0));
	pf_race_reuse(&s->r, &s->b, 0, PF_RACE_PAGES, 8);
	pf_race_begin(&s->b.page[3], 2);
	map[3].flags |= 1UL << l->tail;
	look(s, PF_RACE_STALE, "marked, of its old head");
}

static struct scene *busy;
static unsigned int iterations;

/* A look-up during which the writer makes changes; its result is @answer. */
static unsigned long slow_look(struct pf_page *page)
{
	for (unsigned int i = 0; i < iterations; i++)
		split_make2(busy);
	return answer;
}

/* More versions than the ring holds: undecided, unless the verdict is clear. */
static void long_ago(void **state)
{
	struct scene *s = set_scene(PF_GEN_v4_4_word, PF_RACE_NONE,
				    PF_ACC_compound_head);

	busy = s;
	s->reader.look = slow_look;
	make4(s);
	split_make2(s);
	/* head 0 was before; two versions per iteration */
	answer = (unsigned long)&map[0];
	iterations = PF_RACE_RING / 2 - 4;
	look(s, PF_RACE_STALE, "just remembered");
	iterations = PF_RACE_RING;
	look(s, PF_RACE_UNDECIDED, "forgotten");
	answer = (unsigned long)&map[3];
	look(s, PF_RACE_ITSELF, "remembered still");
	answer = (unsigned long)&decoy[1];
	look(s, PF_RACE_GARBAGE, "garbage at any time");
}

/* A reference on the head, as in v4.2: its tails may be split and made again. */
static void protocols(void **state)
{
	struct scene *s = set_scene(PF_GEN_v3_14_rmb, PF_RACE_REF,
				    PF_ACC_compound_head);

	make4(s);
	s->step[PF_WINDOW_FLAG_HEAD] = split;
	s->step[PF_WINDOW_HEAD_AGAIN] = make2;
	look(s, PF_RACE_GARBAGE, "a reference on the head");
	assert_int_equal(atomic_read(&s->b.page[0].refs), 0);

	/* but the head itself is not free */
	s = set_scene(PF_GEN_v3_14_rmb, PF_RACE_REF, PF_ACC_compound_head);
	make4(s);
	assert_true(pf_race_get(&s->b.page[0]));
	split(s);
	assert_false(pf_race_take(&s->r, &s->b, 0, 2));
	pf_race_put(&s->b.page[0]);
	assert_true(pf_race_take(&s->r, &s->b, 0, 2));

	s = set_scene(PF_GEN_v3_14_rmb, PF_RACE_FROZEN, PF_ACC_compound_head);
	make4(s);
	assert_true(pf_race_get(&s->b.page[0]));
	assert_false(pf_race_try_split(&s->r, &s->b, 0));
	pf_race_put(&s->b.page[0]);
	assert_true(pf_race_try_split(&s->r, &s->b, 0));
	assert_int_equal(s->b.refused, 1);

	s = set_scene(PF_GEN_v3_14_rmb, PF_RACE_PTL, PF_ACC_compound_head);
	make4(s);
	assert_true(pf_race_lock(&s->b));
	assert_false(pf_race_try_split(&s->r, &s->b, 0));
	pf_race_unlock(&s->b);
	assert_true(pf_race_try_split(&s->r, &s->b, 0));
	/* not mapped: no look-up */
	pf_race_look(&s->r, &s->b, 3, &s->reader);
	assert_int_equal(s->reader.counts.passed, 1);
	assert_int_equal(s->reader.counts.lookups, 0);
}

/* The head is right, but no longer the head when its flag is set. */
static void flags(void **state)
{
	struct scene *s;

	for_each_generation(gen) {
		if (!race_can(gen, PF_ACC_SetPageDirty))
			continue;
		s = set_scene(gen, PF_RACE_NONE, PF_ACC_SetPageDirty);
		make4(s);
		look(s, PF_RACE_RIGHT, "at rest");
		assert_int_equal(s->reader.counts.wrong_flags, 0);
		s->step[PF_WINDOW_HEAD_FLAG] = split;
		look(s, PF_RACE_RIGHT, "split before the flag");
		assert_int_equal(s->reader.counts.wrong_flags, 1);
		s->step[PF_WINDOW_HEAD_FLAG] = make4;
		look(s, PF_RACE_ITSELF, "made before the flag");
		assert_int_equal(s->reader.counts.wrong_flags, 2);
		s->step[PF_WINDOW_HEAD_FLAG] = split_make4;
		look(s, PF_RACE_RIGHT, "the same again");
		assert_int_equal(s->reader.counts.wrong_flags, 2);
	}
}

/* A judge that compares with the current state only would fail here. */
static void in_between(void **state)
{
	struct scene *s = set_scene(PF_GEN_v4_4_word, PF_RACE_NONE,
				    PF_ACC_compound_head);

	busy = s;
	s->reader.look = slow_look;
	split_make2(s);
	/* a tail at start and at end, and none in between */
	iterations = 1;
	answer = (unsigned long)&map[3];
	look(s, PF_RACE_ITSELF, "small in between");
	iterations = 0;
	look(s, PF_RACE_STALE, "not at all");
}

static void windows(void **state)
{
	assert_int_equal(race_windows(PF_GEN_v3_14_rmb, PF_ACC_compound_head),
			 1U << PF_WINDOW_BEFORE | 1U << PF_WINDOW_FLAG_HEAD |
			 1U << PF_WINDOW_HEAD_AGAIN);
	assert_int_equal(race_windows(PF_GEN_v7_1_mask, PF_ACC_compound_head),
			 1U << PF_WINDOW_BEFORE);
	assert_int_equal(race_windows(PF_GEN_v7_1_mask, PF_ACC_SetPageDirty),
			 1U << PF_WINDOW_BEFORE | 1U << PF_WINDOW_HEAD_FLAG);
}

/* Garwood's intervals, from published tables. */
static void rates(void **state)
{
	static const struct {
		unsigned long count;
		double lo, hi;
	} known[] = {
		{ 1, 0.0253, 5.5716 }, { 2, 0.2422, 7.2247 },
		{ 5, 1.6235, 11.6683 }, { 10, 4.7954, 18.3904 },
		{ 50, 37.1110, 65.9188 }, { 100, 81.3636, 121.6273 },
	};
	struct estimate e;

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++) {
		e = stats_poisson(known[i].count, 0.95);
		assert_true(e.mid == known[i].count);
		assert_true(e.lo > known[i].lo - 1e-3 &&
			    e.lo < known[i].lo + 1e-3);
		assert_true(e.hi > known[i].hi - 1e-3 &&
			    e.hi < known[i].hi + 1e-3);
	}
	e = stats_poisson(0, 0.95);
	assert_true(e.mid == 0 && e.lo == 0 && e.hi > 2.99 && e.hi < 3);
	e = stats_poisson(1000000, 0.95);
	assert_true(e.lo > 998000 && e.lo < 998100);
	assert_true(e.hi > 1001900 && e.hi < 1002000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(quiet),
		cmocka_unit_test(injected),
		cmocka_unit_test(two_words),
		cmocka_unit_test(one_word),
		cmocka_unit_test(half_made),
		cmocka_unit_test(freed),
		cmocka_unit_test(in_between),
		cmocka_unit_test(long_ago),
		cmocka_unit_test(protocols),
		cmocka_unit_test(flags),
		cmocka_unit_test(windows),
		cmocka_unit_test(rates),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
