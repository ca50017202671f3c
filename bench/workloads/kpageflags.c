// SPDX-License-Identifier: GPL-2.0
/*
 * kpageflags [MIB] [small|huge]: read /proc/kpageflags once, while MIB MiB of
 * memory are in small pages or in transparent huge pages.
 */
#include <fcntl.h>
#include <unistd.h>

#include "workload.h"

static char buffer[8 << 10];

int main(int argc, char **argv)
{
	size_t size = size_argument(argc, argv, 1, 64) << 20;
	int huge = word_argument(argc, argv, 2, "huge", "small");
	char *p = map_anonymous(size, huge ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
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
