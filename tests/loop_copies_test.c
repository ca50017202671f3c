// SPDX-License-Identifier: GPL-2.0
/* The Makefile links the loops four times: all copies, at unlike addresses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "measure/loop_copies.h"

#define PAGE 4096

static const pf_loop_fn *loops_of(int generation, int copy)
{
	return &loop_copies[generation][copy][0][0][0];
}

#define LOOPS (PF_NR_ACCESSORS * PF_NR_LOWERINGS * PF_NR_FORMS)

static void test_all_loops_are_copied(void **state)
{
	int nr = 0;

	(void)state;
	for (int g = 0; g < PF_NR_REPLICAS; g++)
		for (int i = 0; i < LOOPS; i++)
			for (int c = 1; c < LOOP_COPIES; c++) {
				assert_int_equal(!loops_of(g, c)[i],
						 !loops_of(g, 0)[i]);
				nr += !!loops_of(g, c)[i];
			}
	assert_true(nr > PF_NR_REPLICAS);
}

static uintptr_t offset_of(int generation, int copy, int loop)
{
	return (uintptr_t)loops_of(generation, copy)[loop] % PAGE;
}

static void check_offsets(int g, int loop)
{
	for (int c = 0; c < LOOP_COPIES; c++)
		for (int d = 0; d < c; d++)
			assert_int_not_equal(offset_of(g, c, loop),
					     offset_of(g, d, loop));
}

/* Caches and predictors take the low bits of an address: they must differ. */
static void test_offsets_in_the_page_differ(void **state)
{
	(void)state;
	for (int g = 0; g < PF_NR_REPLICAS; g++)
		for (int i = 0; i < LOOPS; i++)
			if (loops_of(g, 0)[i])
				check_offsets(g, i);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_loops_are_copied),
		cmocka_unit_test(test_offsets_in_the_page_differ),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
