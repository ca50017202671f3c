// SPDX-License-Identifier: GPL-2.0
/* Reference counts: each scheme by itself, and two takers against one owner. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "pageflags/ref.h"

#define ROUNDS 200000

/* A constant scheme for each: the formulas are inlined, as in the loops. */
#define FOR_EACH_SCHEME(f) do { \
	f(PF_REF_cas); f(PF_REF_cas_rcu); f(PF_REF_assume_one); \
	f(PF_REF_frozen_bit); f(PF_REF_inverted_high); \
	f(PF_REF_inverted_low); \
} while (0)

static atomic_t word;

static void set_word(int v)
{
	atomic_set(&word, v);
}

static void count_one_scheme(enum pf_ref_scheme s)
{
	pf_ref_unfreeze(s, &word, 1);
	assert_int_equal(pf_ref_count(s, &word), 1);
	pf_ref_get(s, &word);
	assert_true(pf_ref_try_get(s, &word));
	assert_int_equal(pf_ref_count(s, &word), 3);
	assert_false(pf_ref_put(s, &word));
	assert_false(pf_ref_put(s, &word));
	assert_int_equal(pf_ref_count(s, &word), 1);
	assert_true(pf_ref_put(s, &word));
	assert_true(pf_ref_is_frozen(s, atomic_read(&word)));
	assert_int_equal(pf_ref_count(s, &word), 0);
	for (int i = 0; i < 100; i++)
		assert_false(pf_ref_try_get(s, &word));
	assert_int_equal(pf_ref_count(s, &word), 0);
	pf_ref_unfreeze(s, &word, 2);
	assert_int_equal(pf_ref_count(s, &word), 2);
}

static void test_each_scheme_counts(void **state)
{
	(void)state;
	FOR_EACH_SCHEME(count_one_scheme);
}

/* A scheme that pfbench try loaded: 2 per reference, 7 is frozen. */
static bool take_two(atomic_t *ref)
{
	return atomic_add_unless(ref, 2, 7);
}

static bool put_two(atomic_t *ref)
{
	int none = 0;

	return !atomic_sub_return(2, ref) &&
		atomic_try_cmpxchg(ref, &none, 7);
}

static int word_of_twos(int nr)
{
	return 2 * nr;
}

static bool is_seven(int word)
{
	return word == 7;
}

static void test_a_loaded_scheme_counts(void **state)
{
	static const struct pf_ref_functions twos = {
		take_two, put_two, word_of_twos, is_seven, 7,
	};

	(void)state;
	pf_try_functions = &twos;
	count_one_scheme(PF_REF_try);
	assert_int_equal(pf_ref_one(PF_REF_try), 2);
}

/* Attempts on a frozen page add up, but never to the other bit. */
static void freeze_one_scheme(enum pf_ref_scheme s)
{
	int frozen = pf_ref_frozen_word(s);

	if (s < PF_REF_frozen_bit)
		return;
	set_word(frozen + PF_REF_PAST - 3 * pf_ref_one(s));
	for (int i = 0; i < 10; i++) {
		assert_false(pf_ref_try_get(s, &word));
		assert_true(pf_ref_is_frozen(s, atomic_read(&word)));
	}
	assert_true(atomic_read(&word) - frozen <= 10 * pf_ref_one(s));
}

static void test_attempts_do_not_overflow(void **state)
{
	(void)state;
	FOR_EACH_SCHEME(freeze_one_scheme);
}

/* The page of the race: @owned says that the allocator has given it out. */
static struct {
	enum pf_ref_scheme scheme;
	int owned, frees, allocations;
	int taken_while_free, freed_twice;
	int stop;
} race;

static bool take(enum pf_ref_scheme s)
{
	switch (s) {
#define PF_SCHEME(id, ...) case PF_REF_##id: return pf_ref_try_get(PF_REF_##id, &word);
	PF_REF_SCHEMES(PF_SCHEME)
#undef PF_SCHEME
	default:
		return false;
	}
}

static bool put(enum pf_ref_scheme s)
{
	switch (s) {
#define PF_SCHEME(id, ...) case PF_REF_##id: return pf_ref_put(PF_REF_##id, &word);
	PF_REF_SCHEMES(PF_SCHEME)
#undef PF_SCHEME
	default:
		return false;
	}
}

static void free_page(void)
{
	if (__atomic_exchange_n(&race.owned, 0, __ATOMIC_SEQ_CST) != 1)
		__atomic_add_fetch(&race.freed_twice, 1, __ATOMIC_RELAXED);
	__atomic_add_fetch(&race.frees, 1, __ATOMIC_SEQ_CST);
}

static void *taker(void *arg)
{
	(void)arg;
	while (!__atomic_load_n(&race.stop, __ATOMIC_RELAXED)) {
		if (!take(race.scheme))
			continue;
		if (!__atomic_load_n(&race.owned, __ATOMIC_SEQ_CST))
			__atomic_add_fetch(&race.taken_while_free, 1,
					   __ATOMIC_RELAXED);
		if (put(race.scheme))
			free_page();
	}
	return NULL;
}

/* Allocate, drop the own reference, wait until somebody has freed the page. */
static void race_one_scheme(enum pf_ref_scheme s)
{
	pthread_t thread[2];

	race = (typeof(race)){ .scheme = s };
	set_word(pf_ref_frozen_word(s));
	for (int i = 0; i < 2; i++)
		assert_int_equal(pthread_create(&thread[i], NULL, taker, NULL),
				 0);
	for (int i = 0; i < ROUNDS; i++) {
		race.allocations++;
		__atomic_store_n(&race.owned, 1, __ATOMIC_SEQ_CST);
		pf_ref_unfreeze(s, &word, 1);
		if (put(s))
			free_page();
		while (__atomic_load_n(&race.frees, __ATOMIC_SEQ_CST) !=
		       race.allocations)
			;
	}
	__atomic_store_n(&race.stop, 1, __ATOMIC_RELAXED);
	for (int i = 0; i < 2; i++)
		pthread_join(thread[i], NULL);
	assert_int_equal(race.frees, ROUNDS);
	assert_int_equal(race.freed_twice, 0);
	assert_int_equal(race.taken_while_free, 0);
	assert_true(pf_ref_is_frozen(s, atomic_read(&word)));
}

static void test_two_takers_and_an_owner(void **state)
{
	(void)state;
	FOR_EACH_SCHEME(race_one_scheme);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_scheme_counts),
		cmocka_unit_test(test_a_loaded_scheme_counts),
		cmocka_unit_test(test_attempts_do_not_overflow),
		cmocka_unit_test(test_two_takers_and_an_owner),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
