// SPDX-License-Identifier: GPL-2.0
/*
 * Check a user's scheme of reference counts without other tasks, in a child.
 * PF_REF_try of pageflags/ref.h calls the functions of the file.
 */
#include <errno.h>

#include "cmd/try.h"
#include "lib/text.h"

#define MAX_SECONDS 20
/* attempts on a frozen page, one by one: 2 to this power */
#define ATTEMPTS_SHIFT 24

struct ref_check {
	struct try_found *found;
	atomic_t word;
};

static bool found_wrong(const struct ref_check *c)
{
	return *c->found->wrong.text;
}

static bool is_frozen(const struct ref_check *c)
{
	return pf_ref_is_frozen(PF_REF_try, atomic_read(&c->word));
}

static void set_count(struct ref_check *c, int nr)
{
	atomic_set(&c->word, pf_ref_word(PF_REF_try, nr));
}

static void check_formulas(struct ref_check *c, int nr)
{
	int word = pf_ref_word(PF_REF_try, nr);

	if (!pf_ref_is_frozen(PF_REF_try, pf_ref_frozen_word(PF_REF_try)))
		errmsg_set(&c->found->wrong, -EINVAL,
			   "PF_TRY_REF_IS_FROZEN() denies PF_TRY_REF_FROZEN, %#x",
			   pf_ref_frozen_word(PF_REF_try));
	else if (pf_ref_is_frozen(PF_REF_try, word))
		errmsg_set(&c->found->wrong, -EINVAL,
			   "PF_TRY_REF_WORD(%d), %#x, is frozen", nr, word);
}

/* @got: the function returned what it should for a page with @nr references. */
static void check_step(struct ref_check *c, const char *function, int nr,
		       bool got, int want)
{
	int word = pf_ref_word(PF_REF_try, want);

	if (found_wrong(c))
		return;
	if (!got)
		errmsg_set(&c->found->wrong, -EINVAL,
			   "%s() of a page with %d reference%s returns %s", function,
			   nr, nr == 1 ? "" : "s",
			   want > nr ? "false" : "true");
	else if (atomic_read(&c->word) != word)
		errmsg_set(&c->found->wrong, -EINVAL,
			   "%s() of a page with %d reference%s: the word is %#x then, not %#x",
			   function, nr, nr == 1 ? "" : "s",
			   atomic_read(&c->word), word);
	else
		c->found->right[want > nr ? TRY_TAKEN : TRY_PUT]++;
}

static void check_count(struct ref_check *c, int nr)
{
	check_formulas(c, nr);
	if (found_wrong(c))
		return;
	set_count(c, nr);
	check_step(c, "pf_ref_try_get", nr,
		   pf_ref_try_get(PF_REF_try, &c->word), nr + 1);
	if (found_wrong(c))
		return;
	check_step(c, "pf_ref_put", nr + 1,
		   !pf_ref_put(PF_REF_try, &c->word), nr);
}

/* An attempt on a frozen page, after @before of them. */
static void check_attempt(struct ref_check *c, unsigned long before)
{
	bool got = pf_ref_try_get(PF_REF_try, &c->word);

	if (got || !is_frozen(c))
		errmsg_set(&c->found->wrong, -EINVAL,
			   "attempt %lu to take a frozen page %s, and the word is %#x",
			   before + 1, got ? "succeeds" : "fails",
			   atomic_read(&c->word));
	else
		c->found->right[TRY_REFUSED]++;
}

/*
 * Attempts may add up in the word. Each power of two is tried as if so many
 * attempts had been made, until the scheme takes them back.
 */
static void check_sums(struct ref_check *c, unsigned int each)
{
	unsigned int frozen = pf_ref_frozen_word(PF_REF_try), before;

	for (unsigned int shift = ATTEMPTS_SHIFT; shift < 32; shift++) {
		unsigned int n = (1U << shift) - 8;

		atomic_set(&c->word, frozen + n * each);
		for (unsigned int i = 0; i < 16 && !found_wrong(c); i++) {
			before = atomic_read(&c->word) - frozen;
			check_attempt(c, n + (unsigned long)i);
			if (atomic_read(&c->word) - frozen < before)
				return;
		}
	}
}

static void check_frozen(struct ref_check *c)
{
	int frozen = pf_ref_frozen_word(PF_REF_try), each = 0;

	atomic_set(&c->word, frozen);
	for (unsigned long i = 0; i < 1UL << ATTEMPTS_SHIFT && !found_wrong(c);
	     i++) {
		check_attempt(c, i);
		if (!i)
			each = atomic_read(&c->word) - frozen;
	}
	/* in proportion, or they do not add up */
	if (each && atomic_read(&c->word) == frozen + (each << ATTEMPTS_SHIFT))
		check_sums(c, each);
}

/* The last reference: the page is frozen, and can be allocated again. */
static void check_last(struct ref_check *c)
{
	pf_ref_unfreeze(PF_REF_try, &c->word, 1);
	check_step(c, "pf_ref_try_get", 1,
		   pf_ref_try_get(PF_REF_try, &c->word), 2);
	check_step(c, "pf_ref_put", 2,
		   !pf_ref_put(PF_REF_try, &c->word), 1);
	if (found_wrong(c))
		return;
	if (!pf_ref_put(PF_REF_try, &c->word))
		errmsg_set(&c->found->wrong, -EINVAL,
			   "pf_ref_put() of a page with 1 reference returns false");
	else if (!is_frozen(c))
		errmsg_set(&c->found->wrong, -EINVAL,
			   "pf_ref_put() of the last reference: the word is %#x then, which is not frozen",
			   atomic_read(&c->word));
	else
		c->found->right[TRY_FREED]++;
}

static void check_scheme(const struct try *t, struct try_found *found)
{
	static const int counts[] = { 1, 2, 3, 1000, PF_REF_MANY };
	struct ref_check c = { .found = found };

	(void)t;
	for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++)
		if (!found_wrong(&c))
			check_count(&c, counts[i]);
	if (!found_wrong(&c))
		check_frozen(&c);
	for (int i = 0; i < 1000 && !found_wrong(&c); i++) {
		check_last(&c);
		if (!found_wrong(&c))
			check_attempt(&c, 0);
	}
	found->done = true;
}

void try_ref_right(struct try *t)
{
	try_in_child(t, TRY_RIGHT, MAX_SECONDS, check_scheme);
}

void try_ref_print_right(const struct try *t)
{
	const unsigned long *n = t->right;

	text_line(t->out, "right     taken %lu, put %lu, freed %lu; refused %lu",
		  n[TRY_TAKEN], n[TRY_PUT], n[TRY_FREED], n[TRY_REFUSED]);
}

void try_ref_claim_right(const struct try *t, FILE *f)
{
	const unsigned long *n = t->right;

	text_line(f, "right: %lu references taken, %lu freed; %lu attempts refused",
		  n[TRY_TAKEN], n[TRY_FREED], n[TRY_REFUSED]);
}
