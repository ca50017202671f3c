// SPDX-License-Identifier: GPL-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "code/table.h"

#define MAGIC "# pfbench code 1\n"
#define HEAD MAGIC "# arch: arm64\n# compiler: gcc (Debian 14.2.0-19) 14.2.0\n"
#define USE "PageLocked/v4.4-word/value"

/* Load @text as a file; the name is left out of the line in @msg. */
static int load(const char *text, struct code_table *t, struct errmsg *msg)
{
	char path[] = "/tmp/code-table-XXXXXX";
	int fd = mkstemp(path), err;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	err = code_table_load(path, t, msg);
	unlink(path);
	if (!err)
		return 0;
	assert_memory_equal(msg->text, path, strlen(path));
	memmove(msg->text, msg->text + strlen(path),
		strlen(msg->text + strlen(path)) + 1);
	return err;
}

static void refuses(const char *text, const char *line)
{
	struct errmsg msg = { "" };
	struct code_table t;

	assert_true(load(text, &t, &msg) < 0);
	assert_string_equal(msg.text, line);
}

static void good(void **state)
{
	struct code_use use = {
		PF_ACC_PageLocked, PF_GEN_v4_4_word, PF_BRANCH, CODE_CONDITION,
	};
	const struct code_table_line *l;
	struct code_table t;

	assert_int_equal(load(HEAD "# use path bytes ...\n"
		USE " small 24 6 2 0 0 1 0 0\n"
		"PageLocked/v4.4-word/branch/condition tail 28 7 3 1 2 4 5 6\n"
		"SetPageDirty/v7.1-mask/value head 40 n/a n/a n/a n/a n/a n/a n/a\n",
		&t, NULL), 0);
	assert_int_equal(t.nr, 3);
	assert_string_equal(t.arch->name, "arm64");
	assert_string_equal(t.compiler, "gcc (Debian 14.2.0-19) 14.2.0");
	assert_true(t.walked);
	l = code_table_find(&t, &use, CODE_TAIL);
	assert_non_null(l);
	assert_int_equal(l->count[CODE_BYTES], 28);
	assert_int_equal(l->count[CODE_INSTRUCTIONS], 7);
	assert_int_equal(l->count[CODE_LOADS], 3);
	assert_int_equal(l->count[CODE_STORES], 1);
	assert_int_equal(l->count[CODE_BRANCHES], 2);
	assert_int_equal(l->count[CODE_SELECTS], 4);
	assert_int_equal(l->count[CODE_BARRIERS], 5);
	assert_int_equal(l->count[CODE_ATOMICS], 6);
	assert_null(code_table_find(&t, &use, CODE_SMALL));
	use.usage = CODE_VALUE;
	assert_null(code_table_find(&t, &use, CODE_TAIL));
	use = (struct code_use){ PF_ACC_SetPageDirty, PF_GEN_v7_1_mask,
				 PF_AUTO, CODE_VALUE };
	l = code_table_find(&t, &use, CODE_HEAD);
	assert_int_equal(l->count[CODE_BYTES], 40);
	assert_int_equal(l->count[CODE_BRANCHES], -1);
	code_table_free(&t);
}

static void unwalked(void **state)
{
	struct code_table t;

	assert_int_equal(load(HEAD USE
		" small 24 n/a n/a n/a n/a n/a n/a n/a\n", &t, NULL), 0);
	assert_false(t.walked);
	code_table_free(&t);
}

static void heads(void **state)
{
	refuses("", ": empty, not a code table");
	refuses(HEAD, ": no line of a use");
	refuses("pfbench code 1\n",
		":1: not a code table, which starts with '# pfbench code 1'");
	refuses("# pfbench code 2\n",
		":1: code table of version 2, but this pfbench reads version 1: use a later pfbench");
	refuses(MAGIC USE " small 24 6 2 0 0 1 0 0\n",
		":2: no '# arch: ' above this");
	refuses(MAGIC "# arch: arm64\n" USE " small 24 6 2 0 0 1 0 0\n",
		":3: no '# compiler: ' above this");
	refuses(MAGIC "# arch: vax\n", ":2: no architecture 'vax'");
	refuses(MAGIC "# arch: arm64\n# arch: s390x\n",
		":3: a second architecture");
	refuses(HEAD "# compiler: clang\n", ":4: a second compiler");
}

static void lines(void **state)
{
	refuses(HEAD USE " small 24 6 2 0 0 1 0 0",
		":4: cut off: the line has no end");
	refuses(HEAD "\t\n", ":4: not ASCII");
	refuses("# pfbench code 1\r\n",
		":1: the line ends in CR LF: convert the file (dos2unix)");
	refuses(HEAD "\n", ":4: not a use of an accessor: ''");
	refuses(HEAD "PageMagic/v4.4-word/value small 24 6 2 0 0 1 0 0\n",
		":4: not a use of an accessor: 'PageMagic/v4.4-word/value'");
	refuses(HEAD USE "/value small 24 6 2 0 0 1 0 0\n",
		":4: not a use of an accessor: '" USE "/value'");
	refuses(HEAD "PageLocked/plain/select/value small 24 6 2 0 0 1 0 0\n",
		":4: the catalog has no 'PageLocked/plain/select/value'");
	refuses(HEAD "SetPageDirty/plain/condition small 24 6 2 0 0 1 0 0\n",
		":4: the catalog has no 'SetPageDirty/plain/condition'");
	refuses(HEAD "PageLocked/native/value small 24 6 2 0 0 1 0 0\n",
		":4: the catalog has no 'PageLocked/native/value'");
	refuses(HEAD USE ": ldr x0, [x0]\n",
		":4: a listing: the table is the file without .listing");
	refuses(HEAD USE " mixed 24 6 2 0 0 1 0 0\n",
		":4: not small, head or tail: 'mixed'");
	refuses(HEAD USE "\n", ":4: not small, head or tail: ''");
	refuses(HEAD USE " small 24 6 2 0 0 1 0\n", ":4: counts are missing");
	refuses(HEAD USE " small 24 6 2 0 0 1 0 0 0\n",
		":4: more counts than columns");
	refuses(HEAD USE " small 24 -6 2 0 0 1 0 0\n", ":4: not a count: '-6'");
	refuses(HEAD USE " small 24 6.5 2 0 0 1 0 0\n",
		":4: not a count: '6.5'");
	refuses(HEAD USE " small 24 6 2 0 0 1 0 1000001\n",
		":4: not a count: '1000001'");
	refuses(HEAD USE " small 24 6 2 0 0 1 0 99999999999999999999\n",
		":4: not a count: '99999999999999999999'");
	refuses(HEAD USE " small n/a 6 2 0 0 1 0 0\n",
		":4: not a count: 'n/a'");
	refuses(HEAD USE " small 24 6 2 0 n/a 1 0 0\n",
		":4: only some counts of the path are n/a");
	refuses(HEAD USE " small 24 6 2 0 0 1 0 0\n"
		USE " small 24 6 2 0 0 1 0 0\n",
		":5: a second line of this use and page");
}

static void is_one(void **state)
{
	struct code_table t;
	struct errmsg msg;

	assert_true(code_table_load("/nowhere", &t, &msg) < 0);
	assert_string_equal(msg.text, "/nowhere: No such file or directory");
}

static void compilers(void **state)
{
	static const char *const names[][2] = {
		{ "gcc 12.2.0", "gcc 12.2.0" },
		{ "gcc (Debian 14.2.0-19) 14.2.0", "gcc 14.2.0" },
		{ "aarch64-linux-gnu-gcc-14 (Debian 14.2.0-19) 14.2.0",
		  "gcc 14.2.0" },
		{ "gcc (GCC) 15.1.1 20250521 (Red Hat 15.1.1-2)",
		  "gcc 15.1.1" },
		/* as objects have it */
		{ "GCC: (Debian 14.2.0-19) 14.2.0", "gcc 14.2.0" },
		{ "Debian clang version 19.1.7 (3+b1)", "clang 19.1.7" },
		{ "Debian Clang 19.1.7 (3+b1)", "clang 19.1.7" },
		{ "tcc version 0.9.27", "tcc version 0.9.27" },
		{ "n/a (not recorded)", "n/a (not recorded)" },
	};
	char name[64];

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		code_compiler_name(names[i][0], name, sizeof(name));
		assert_string_equal(name, names[i][1]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good),
		cmocka_unit_test(unwalked),
		cmocka_unit_test(heads),
		cmocka_unit_test(lines),
		cmocka_unit_test(is_one),
		cmocka_unit_test(compilers),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
