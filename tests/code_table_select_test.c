// SPDX-License-Identifier: GPL-2.0
/*
 * A host without a conditional move (riscv64) reads the code tables of all
 * architectures. This program compiles the reader as for such a host.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pageflags/env.h"
#undef PF_HAVE_SELECT
#define PF_HAVE_SELECT 0

/* The other objects hold the same functions, compiled for this host. */
#define code_usage_name		select_usage_name
#define code_usage_find		select_usage_find
#define code_page_name		select_page_name
#define code_use_exists		select_use_exists
#define code_use_name		select_use_name
#define code_use_next		select_use_next
#define code_takes		select_takes
#define code_generation_id	select_generation_id
#define code_lowering_id	select_lowering_id
#define code_symbol_name	select_symbol_name
#define code_table_parse	select_table_parse
#define code_table_load		select_table_load
#define code_table_free		select_table_free
#define code_table_find		select_table_find
#define code_compiler_name	select_compiler_name
#include "code/use.c"
#include "code/table.c"

static void host_has_no_select(void **state)
{
	assert_false(pf_has(PF_ACC_select, PF_GEN_primitive, PF_AUTO));
}

/* Every use of a select that this project's tables hold */
static void kept_tables(void **state)
{
	static const char *const paths[] = {
		"results/code-amd64/gcc-14.txt", "results/code-arm64/gcc-14.txt",
		"results/code-ppc64el/gcc-14.txt",
		"results/code-riscv64/gcc-14.txt", "results/code-s390x/gcc-14.txt",
	};
	struct code_table t;
	struct errmsg msg;

	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		msg.text[0] = '\0';
		if (code_table_load(paths[i], &t, &msg))
			fail_msg("%s", msg.text);
		code_table_free(&t);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(host_has_no_select),
		cmocka_unit_test(kept_tables),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
