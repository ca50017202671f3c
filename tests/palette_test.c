// SPDX-License-Identifier: GPL-2.0
/* Every generation can be told from the others: by colour, shape and letter. */
#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "data/palette.h"

static void generations_differ(void **state)
{
	(void)state;
	for (int a = 0; a < PF_NR_GENERATIONS; a++) {
		const struct generation_look *p = generation_look(a);

		assert_non_null(p->colour);
		assert_int_equal(strspn(p->colour + 1, "0123456789ABCDEFabcdef"),
				 6);
		assert_true(isupper((unsigned char)p->letter));
		assert_true(p->point > 0);
		for (int b = 0; b < a; b++) {
			const struct generation_look *q = generation_look(b);

			assert_string_not_equal(p->colour, q->colour);
			assert_int_not_equal(p->point, q->point);
			assert_int_not_equal(p->letter, q->letter);
			assert_int_not_equal(p->other, q->other);
		}
	}
}

/* Other characters have meanings of their own in text plots */
static void marks_are_free(void **state)
{
	(void)state;
	for (int a = 0; a < PF_NR_GENERATIONS; a++) {
		char other = generation_look(a)->other;

		assert_false(isalpha((unsigned char)other));
		assert_null(strchr("!.|-*", other));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(generations_differ),
		cmocka_unit_test(marks_are_free),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
