// SPDX-License-Identifier: GPL-2.0
/*
 * fault [MIB] [small|huge]: first writes to MIB MiB of anonymous memory, with
 * small pages or with transparent huge pages.
 */
#include "workload.h"

int main(int argc, char **argv)
{
	size_t size = size_argument(argc, argv, 1, 64) << 20;
	int huge = word_argument(argc, argv, 2, "huge", "small");
	char *p = map_anonymous(size, huge ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
	size_t step = huge ? HUGE : PAGE;

	mark(MARK_ONLY);
	mark(MARK_START);
	touch(p, size, step);
	mark(MARK_STOP);
	print_operations((size + step - 1) / step, huge ? "huge page fault" :
			 "page fault");
	return 0;
}
