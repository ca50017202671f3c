// SPDX-License-Identifier: GPL-2.0
/*
 * munmap [MIB] [small|huge|pieces]: unmap MIB MiB of anonymous memory, 2 MiB
 * per call, made of small pages, of huge pages mapped whole, or of huge pages
 * mapped page by page.
 */
#include "workload.h"

int main(int argc, char **argv)
{
	size_t size = size_argument(argc, argv, 1, 64) << 20, i;
	int pieces = argc > 2 && !strcmp(argv[2], "pieces");
	int huge = pieces || word_argument(argc, argv, 2, "huge", "small");
	char *p;

	size = (size + HUGE - 1) & ~(HUGE - 1);
	p = map_anonymous(size, huge ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
	mark(MARK_ONLY);
	touch(p, size, huge ? HUGE : PAGE);
	/* a page that is gone splits the mapping, not the folio */
	for (i = 0; pieces && i < size; i += HUGE)
		if (madvise(p + i, PAGE, MADV_DONTNEED))
			fail("madvise");
	mark(MARK_START);
	for (i = 0; i < size; i += HUGE)
		munmap(p + i, HUGE);
	mark(MARK_STOP);
	print_operations(size / HUGE, "munmap of 2 MiB");
	return 0;
}
