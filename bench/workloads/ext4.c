// SPDX-License-Identifier: GPL-2.0
/*
 * ext4 [MIB] [copy|fsync]: on an ext4 with a journal, over a RAM disk: copy a
 * file of MIB MiB that is in the page cache, 64 KiB per call, and sync the copy;
 * or write a new file of MIB MiB, with an fsync() after each page.
 */
#include <sys/mount.h>
#include <sys/stat.h>

#include "ramdisk.h"

#define CHUNK (64UL << 10)
#define DISK_MIB 128	/* as scripts/workload-fetch makes the image */

static char buffer[CHUNK];

static int create(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);

	if (fd < 0)
		fail(path);
	return fd;
}

static void append_to_file(int fd, size_t size)
{
	if (write(fd, buffer, size) != (ssize_t)size)
		fail("write to the ext4");
}

static void copy(int from, size_t size)
{
	int to = create("/ext4/copy");

	mark(MARK_START);
	for (size_t i = 0; i < size; i += CHUNK) {
		if (read(from, buffer, CHUNK) != (ssize_t)CHUNK)
			fail("read from the ext4");
		append_to_file(to, CHUNK);
	}
	if (fsync(to))
		fail("fsync");
	mark(MARK_STOP);
	print_operations(size / PAGE, "page of 4 KiB");
}

static void write_and_sync(int fd, size_t size)
{
	mark(MARK_START);
	for (size_t i = 0; i < size; i += PAGE) {
		append_to_file(fd, PAGE);
		if (fsync(fd))
			fail("fsync");
	}
	mark(MARK_STOP);
	print_operations(size / PAGE, "write of 4 KiB and fsync");
}

int main(int argc, char **argv)
{
	size_t size = size_argument(argc, argv, 1, 8) << 20, i;
	int synced = word_argument(argc, argv, 2, "fsync", "copy"), fd;

	mark(MARK_ONLY);
	if (size > DISK_MIB / 4 << 20) {
		fprintf(stderr, "%s: more than %d MiB\n", argv[0],
			DISK_MIB / 4);
		return 2;
	}
	load_ramdisk(DISK_MIB);
	shell("zcat /bin/ext4.img.gz >" RAM_DISK);
	mkdir("/ext4", 0700);
	if (mount(RAM_DISK, "/ext4", "ext4", 0, NULL))
		fail("mount /ext4");
	memset(buffer, 1, sizeof(buffer));
	fd = create("/ext4/file");
	for (i = 0; !synced && i < size; i += CHUNK)
		append_to_file(fd, CHUNK);
	sync();
	lseek(fd, 0, SEEK_SET);
	if (synced)
		write_and_sync(fd, size);
	else
		copy(fd, size);
	return 0;
}
