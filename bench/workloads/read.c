// SPDX-License-Identifier: GPL-2.0
/*
 * read [MIB] [buffered|mmap]: read a file of MIB MiB in the page cache of a
 * ramfs, by read() of 64 KiB or through a mapping.
 */
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "workload.h"

#define CHUNK (64UL << 10)

static char buffer[CHUNK];

static void read_mapped(int fd, size_t size)
{
	char *p = mmap(NULL, size, PROT_READ, MAP_SHARED, fd, 0);

	if (p == MAP_FAILED)
		fail("mmap");
	for (size_t i = 0; i < size; i += PAGE)
		(void)((volatile char *)p)[i];
	munmap(p, size);
}

int main(int argc, char **argv)
{
	size_t size = size_argument(argc, argv, 1, 32) << 20, i;
	int mapped = word_argument(argc, argv, 2, "mmap", "buffered"), fd;

	mark(MARK_ONLY);
	mkdir("/ram", 0700);
	if (mount("none", "/ram", "ramfs", 0, NULL))
		fail("mount /ram");
	fd = open("/ram/file", O_RDWR | O_CREAT, 0600);
	memset(buffer, 1, sizeof(buffer));
	for (i = 0; i < size; i += CHUNK)
		if (write(fd, buffer, CHUNK) != CHUNK)
			fail("/ram/file");
	lseek(fd, 0, SEEK_SET);
	mark(MARK_START);
	if (mapped)
		read_mapped(fd, size);
	else
		while (read(fd, buffer, CHUNK) > 0)
			;
	mark(MARK_STOP);
	print_operations(size / PAGE, "page of 4 KiB");
	return 0;
}
