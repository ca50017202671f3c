// SPDX-License-Identifier: GPL-2.0
/* fork [N] [KIB]: N children that exit at once, of a process of KIB KiB. */
#include <sys/wait.h>
#include <unistd.h>

#include "workload.h"

int main(int argc, char **argv)
{
	unsigned long n = size_argument(argc, argv, 1, 100);
	unsigned long kib = size_argument(argc, argv, 2, 256);
	char *memory = map_anonymous(kib << 10, MADV_NOHUGEPAGE);

	mark(MARK_ONLY);
	touch(memory, kib << 10, PAGE);
	mark(MARK_START);
	for (unsigned long i = 0; i < n; i++) {
		pid_t pid = fork();

		if (!pid)
			_exit(0);
		if (pid < 0 || waitpid(pid, NULL, 0) < 0)
			fail("fork");
	}
	mark(MARK_STOP);
	print_operations(n, "fork+exit");
	return 0;
}
