// SPDX-License-Identifier: GPL-2.0
/* tmpfs [MIB]: write a new file of MIB MiB to a tmpfs, 4 KiB per call. */
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "workload.h"

static char page[PAGE];

int main(int argc, char **argv)
{
	size_t n = size_argument(argc, argv, 1, 32) << 8;
	int fd;

	mark(MARK_ONLY);
	mkdir("/ram", 0700);
	if (mount("none", "/ram", "tmpfs", 0, NULL))
		fail("mount /ram");
	fd = open("/ram/file", O_WRONLY | O_CREAT, 0600);
	memset(page, 1, sizeof(page));
	mark(MARK_START);
	for (size_t i = 0; i < n; i++)
		if (write(fd, page, PAGE) != (ssize_t)PAGE)
			fail("/ram/file");
	mark(MARK_STOP);
	print_operations(n, "page of 4 KiB");
	return 0;
}
