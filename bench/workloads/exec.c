// SPDX-License-Identifier: GPL-2.0
/* exec [N]: N children that run this program again, which exits at once. */
#include <sys/wait.h>
#include <unistd.h>

#include "workload.h"

int main(int argc, char **argv)
{
	unsigned long n;
	pid_t pid;

	if (argc == 2 && !strcmp(argv[1], "exit"))
		return 0;
	n = size_argument(argc, argv, 1, 100);
	mark(MARK_ONLY);
	mark(MARK_START);
	for (unsigned long i = 0; i < n; i++) {
		pid = fork();
		if (!pid) {
			execl("/proc/self/exe", argv[0], "exit", (char *)NULL);
			_exit(127);
		}
		if (pid < 0 || waitpid(pid, NULL, 0) < 0)
			fail("fork");
	}
	mark(MARK_STOP);
	print_operations(n, "fork+exec+exit");
	return 0;
}
