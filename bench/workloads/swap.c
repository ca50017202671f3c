// SPDX-License-Identifier: GPL-2.0
/*
 * swap [MIB] [out|in] [small|huge]: write MIB MiB of anonymous memory to swap
 * space on a RAM disk, or read it back by a write to each page.
 */
#include <sys/swap.h>

#include "ramdisk.h"

#ifndef MADV_PAGEOUT
#define MADV_PAGEOUT 21
#endif

/* Pages that are in swap space. */
static unsigned long pages_out(void)
{
	unsigned long in = 0, out = 0, n;
	char line[256], name[64];
	FILE *f = fopen("/proc/vmstat", "r");

	if (!f)
		fail("/proc/vmstat");
	while (fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%63s %lu", name, &n) != 2)
			continue;
		if (!strcmp(name, "pswpin"))
			in = n;
		if (!strcmp(name, "pswpout"))
			out = n;
	}
	fclose(f);
	return out - in;
}

static void add_swap(size_t size)
{
	load_ramdisk((size >> 20) + 16);
	shell("mkswap " RAM_DISK " >/dev/null");
	if (swapon(RAM_DISK, 0))
		fail("swapon " RAM_DISK);
}

int main(int argc, char **argv)
{
	size_t size = size_argument(argc, argv, 1, 32) << 20;
	int in = word_argument(argc, argv, 2, "in", "out");
	int huge = word_argument(argc, argv, 3, "huge", "small");
	char *p;

	mark(MARK_ONLY);
	add_swap(size);
	p = map_anonymous(size, huge ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
	touch(p, size, PAGE);
	if (!in)
		mark(MARK_START);
	if (madvise(p, size, MADV_PAGEOUT))
		fail("madvise");
	if (!in)
		mark(MARK_STOP);
	if (pages_out() < size / PAGE / 10 * 9) {
		fprintf(stderr, "%s: %lu of %lu pages are in swap space\n",
			argv[0], pages_out(), size / PAGE);
		return 1;
	}
	if (in) {
		mark(MARK_START);
		touch(p, size, PAGE);
		mark(MARK_STOP);
	}
	print_operations(size / PAGE, "page of 4 KiB");
	return 0;
}
