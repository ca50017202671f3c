// SPDX-License-Identifier: GPL-2.0
/*
 * kpageflags [MIB] [small|huge|hugetlb]: read /proc/kpageflags once, while MIB
 * MiB of memory are in small pages, in transparent huge pages, or in pages of
 * hugetlb whose struct pages are freed for the most part, where the kernel can.
 */
#include <fcntl.h>
#include <unistd.h>

#include "workload.h"

#ifndef MAP_HUGETLB
#define MAP_HUGETLB 0x40000
#endif

static char buffer[8 << 10];

/* Returns false if there is no such file. */
static int set_sysctl(const char *path, unsigned long number)
{
	FILE *f = fopen(path, "w");

	if (!f)
		return 0;
	fprintf(f, "%lu\n", number);
	if (fclose(f))
		fail(path);
	return 1;
}

static char *map_hugetlb(size_t size)
{
	char *p;

	size = (size + HUGE - 1) & ~(HUGE - 1);
	if (!set_sysctl("/proc/sys/vm/hugetlb_optimize_vmemmap", 1))
		printf("no hugetlb_optimize_vmemmap: struct pages stay\n");
	if (!set_sysctl("/proc/sys/vm/nr_hugepages", size / HUGE))
		fail("nr_hugepages");
	p = mmap(NULL, size, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, -1, 0);
	if (p == MAP_FAILED)
		fail("mmap of hugetlb");
	return p;
}

int main(int argc, char **argv)
{
	size_t size = size_argument(argc, argv, 1, 64) << 20;
	int hugetlb = argc > 2 && !strcmp(argv[2], "hugetlb");
	int huge = hugetlb || word_argument(argc, argv, 2, "huge", "small");
	char *p = hugetlb ? map_hugetlb(size) :
		map_anonymous(size, huge ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
	int fd = open("/proc/kpageflags", O_RDONLY);
	unsigned long pages = 0;
	ssize_t n;

	mark(MARK_ONLY);
	touch(p, size, PAGE);
	if (fd < 0)
		fail("/proc/kpageflags");
	mark(MARK_START);
	while ((n = read(fd, buffer, sizeof(buffer))) > 0)
		pages += n / 8;
	mark(MARK_STOP);
	print_operations(pages, "page frame");
	return 0;
}
