// SPDX-License-Identifier: GPL-2.0
/* Words that people type, and the names that they mean. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/nearest.h"

static const char *const names[] = {
	"PageLocked", "PageDirty", "PageLRU", "SetPageDirty", "compound_head",
	"v3.14-rmb", "v4.4-word", "v5.18-fakehead", "v5.18-fakehead-hvo",
	"v7.1-mask", "mask-branch", "run", "report", "compare", "select",
};

static const char *nearest(const char *word, unsigned int *distance)
{
	struct nearest n = NEAREST(word);

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		nearest_offer(&n, names[i]);
	if (distance)
		*distance = n.distance;
	return n.name;
}

static void each_edit(void **state)
{
	static const struct {
		const char *word, *name;
		unsigned int distance;
	} known[] = {
		{ "PageLocked", "PageLocked", 0 },
		{ "pagelocked", "PageLocked", 0 },
		{ "PageLockd", "PageLocked", 1 },	/* deleted */
		{ "PageLoccked", "PageLocked", 1 },	/* inserted */
		{ "PageLacked", "PageLocked", 1 },	/* replaced */
		{ "PageLokced", "PageLocked", 1 },	/* swapped */
		{ "aPgeLocekd", "PageLocked", 2 },	/* both ends */
		{ "PagLokced", "PageLocked", 2 },
		{ "setpagedrity", "SetPageDirty", 1 },
		{ "compund_haed", "compound_head", 2 },
		{ "rnu", "run", 1 },
		{ "v4.4word", "v4.4-word", 1 },
	};
	unsigned int distance;
	const char *name;

	(void)state;
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++) {
		name = nearest(known[i].word, &distance);
		if (!name || strcmp(name, known[i].name) ||
		    distance != known[i].distance)
			fail_msg("%s: %s at %u", known[i].word,
				 name ? name : "none", distance);
	}
}

static void too_far(void **state)
{
	char word[NEAREST_MAX + 2];

	(void)state;
	assert_null(nearest("", NULL));
	assert_null(nearest("x", NULL));
	assert_null(nearest("PageMagic", NULL));
	/* three of eight characters: one more than 1 + 8 / 5 */
	assert_null(nearest("PgeLokxd", NULL));
	memset(word, 'a', sizeof(word) - 1);
	word[sizeof(word) - 1] = '\0';
	assert_null(nearest(word, NULL));
	/* as long as a word may be */
	word[NEAREST_MAX] = '\0';
	assert_null(nearest(word, NULL));
}

static void part_of_a_name(void **state)
{
	(void)state;
	assert_string_equal(nearest("mask", NULL), "v7.1-mask");
	assert_string_equal(nearest("v5.18", NULL), "v5.18-fakehead");
	assert_string_equal(nearest("RMB", NULL), "v3.14-rmb");
	/* two letters are in too many names */
	assert_null(nearest("rm", NULL));
	/* a near name is better than one that contains the word */
	assert_string_equal(nearest("compar", NULL), "compare");
}

static void the_first_of_equals(void **state)
{
	struct nearest n = NEAREST("word");

	(void)state;
	nearest_offer(&n, "lord");
	nearest_offer(&n, NULL);
	nearest_offer(&n, "ward");
	assert_string_equal(n.name, "lord");
	nearest_offer(&n, "WORD");
	assert_string_equal(n.name, "WORD");
}

static void hints(void **state)
{
	struct nearest n = NEAREST("wrod");

	(void)state;
	assert_string_equal(nearest_hint(&n), "");
	nearest_offer(&n, "word");
	assert_string_equal(nearest_hint(&n), "; the nearest is word");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_edit),
		cmocka_unit_test(too_far),
		cmocka_unit_test(part_of_a_name),
		cmocka_unit_test(the_first_of_equals),
		cmocka_unit_test(hints),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
