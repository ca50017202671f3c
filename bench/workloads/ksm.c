// SPDX-License-Identifier: GPL-2.0
/* ksm [MIB]: let KSM merge MIB MiB of pages that are all the same. */
#include <fcntl.h>
#include <unistd.h>

#include "workload.h"

#define KSM "/sys/kernel/mm/ksm/"

static void set(const char *path, const char *value)
{
	int fd = open(path, O_WRONLY);

	if (fd < 0 || write(fd, value, strlen(value)) < 0)
		fail(path);
	close(fd);
}

static unsigned long get(const char *path)
{
	char text[32] = "";
	int fd = open(path, O_RDONLY);

	if (fd < 0 || read(fd, text, sizeof(text) - 1) < 0)
		fail(path);
	close(fd);
	return strtoul(text, NULL, 10);
}

int main(int argc, char **argv)
{
	size_t size = size_argument(argc, argv, 1, 16) << 20;
	char *p = map_anonymous(size, MADV_NOHUGEPAGE);
	unsigned long scans;

	mark(MARK_ONLY);
	touch(p, size, PAGE);
	if (madvise(p, size, MADV_MERGEABLE))
		fail("madvise");
	set(KSM "pages_to_scan", "4096");
	scans = get(KSM "full_scans");
	mark(MARK_START);
	set(KSM "run", "1");
	/* a page is merged in the second scan that finds it unchanged */
	while (get(KSM "full_scans") < scans + 3)
		usleep(100000);
	mark(MARK_STOP);
	if (get(KSM "pages_sharing") < size / PAGE / 2)
		fail("KSM merged less than half of the pages");
	print_operations(size / PAGE, "page of 4 KiB");
	return 0;
}
