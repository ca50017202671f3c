// SPDX-License-Identifier: GPL-2.0
/* Test the line of progress: its text and its width. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/progress.h"
#include "lib/text.h"

static const char *line_of(size_t columns, double done, size_t total,
			   double seconds, const char *what)
{
	static char line[200];

	progress_format(line, sizeof(line), columns, done, total, seconds,
			what);
	return line;
}

static const char *duration(double seconds)
{
	static char text[32];

	return format_duration(text, sizeof(text), seconds);
}

static void formats_durations(void **state)
{
	assert_string_equal(duration(0), "0 s");
	assert_string_equal(duration(-1), "0 s");
	assert_string_equal(duration(59.4), "59 s");
	assert_string_equal(duration(59.6), "1 min 0 s");
	assert_string_equal(duration(3599), "59 min 59 s");
	assert_string_equal(duration(3600), "1 h 0 min");
	assert_string_equal(duration(12345), "3 h 25 min");
	assert_string_equal(duration(1e300), "9999 h 0 min");
}

static void estimates_the_time_left(void **state)
{
	/* nothing is known before something is done */
	assert_string_equal(line_of(80, 0, 10, 3, "a"), "[0/10] 3 s, a");
	assert_string_equal(line_of(80, 1, 10, 3, "a"),
			    "[1/10] 3 s, 27 s left, a");
	assert_string_equal(line_of(80, 2.5, 10, 3, ""),
			    "[2/10] 3 s, 9 s left");
	assert_string_equal(line_of(80, 10, 10, 75, ""),
			    "[10/10] 1 min 15 s, 0 s left");
	assert_string_equal(line_of(80, 4, 0, 75, "b"), "[4] 1 min 15 s, b");
	/* more than was expected */
	assert_string_equal(line_of(80, 12, 10, 9, ""), "[12/10] 9 s");
}

static void fits_the_terminal(void **state)
{
	char what[300];

	memset(what, 'x', sizeof(what) - 1);
	what[sizeof(what) - 1] = '\0';
	for (size_t columns = 0; columns < 200; columns++) {
		const char *line = line_of(columns, 5, 398, 5000, what);
		size_t most = columns ? columns - 1 : 0;

		if (most > TEXT_COLUMNS)
			most = TEXT_COLUMNS;
		assert_int_equal(strlen(line), most);
		if (most > 3)
			assert_string_equal(line + most - 3, "...");
	}
	assert_string_equal(line_of(80, 5, 398, 5, "a"),
			    "[5/398] 5 s, 6 min 33 s left, a");
	assert_string_equal(line_of(80, 0, 1, 0, "a\x1b[2Jb\xc3\xa4"),
			    "[0/1] 0 s, a?[2Jb??");
}

static void fits_the_buffer(void **state)
{
	char line[16] = "";

	progress_format(line, sizeof(line), 80, 5, 398, 5, "abc");
	assert_string_equal(line, "[5/398] 5 s,...");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(formats_durations),
		cmocka_unit_test(estimates_the_time_left),
		cmocka_unit_test(fits_the_terminal),
		cmocka_unit_test(fits_the_buffer),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
