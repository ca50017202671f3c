// SPDX-License-Identifier: GPL-2.0
/*
 * compact [MIB]: compact all memory, after every second page of MIB MiB was
 * freed.
 */
#include <fcntl.h>
#include <unistd.h>

#include "workload.h"

int main(int argc, char **argv)
{
	size_t size = size_argument(argc, argv, 1, 64) << 20, i;
	char *p = map_anonymous(size, MADV_NOHUGEPAGE);
	int fd = open("/proc/sys/vm/compact_memory", O_WRONLY);

	mark(MARK_ONLY);
	touch(p, size, PAGE);
	for (i = 0; i < size; i += 2 * PAGE)
		if (madvise(p + i, PAGE, MADV_DONTNEED))
			fail("madvise");
	if (fd < 0)
		fail("/proc/sys/vm/compact_memory");
	mark(MARK_START);
	if (write(fd, "1", 1) != 1)
		fail("compact_memory");
	mark(MARK_STOP);
	print_operations(size / PAGE / 2, "page that is left");
	return 0;
}
