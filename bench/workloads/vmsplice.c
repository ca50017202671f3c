// SPDX-License-Identifier: GPL-2.0
/*
 * vmsplice [N] [small|huge]: put N pages of anonymous memory into a pipe, 16
 * per call, and splice them to /dev/null.
 */
#include <fcntl.h>
#include <sys/uio.h>
#include <unistd.h>

#include "workload.h"

#define BATCH 16

int main(int argc, char **argv)
{
	unsigned long n = size_argument(argc, argv, 1, 4096), i;
	int huge = word_argument(argc, argv, 2, "huge", "small");
	char *p = map_anonymous(HUGE, huge ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
	int null = open("/dev/null", O_WRONLY), fd[2];

	mark(MARK_ONLY);
	touch(p, HUGE, PAGE);
	if (null < 0 || pipe(fd))
		fail("pipe");
	n = (n + BATCH - 1) / BATCH * BATCH;
	mark(MARK_START);
	for (i = 0; i < n; i += BATCH) {
		struct iovec v = { p + i * PAGE % HUGE, BATCH * PAGE };

		if (vmsplice(fd[1], &v, 1, 0) != (ssize_t)v.iov_len ||
		    splice(fd[0], NULL, null, NULL, v.iov_len, 0) !=
		    (ssize_t)v.iov_len)
			fail("vmsplice");
	}
	mark(MARK_STOP);
	print_operations(n, "page of 4 KiB");
	return 0;
}
