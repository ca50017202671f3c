// SPDX-License-Identifier: GPL-2.0
/*
 * compile [N]: N times, tcc compiles munmap.c with the headers of the C library
 * into an object. scripts/workload copies both to the guest.
 */
#include <sys/wait.h>
#include <unistd.h>

#include "workload.h"

#define SOURCE "/compile/munmap.c"

static void compile(void)
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		execl("/usr/bin/tcc", "tcc", "-O2", "-D_GNU_SOURCE", "-c",
		      SOURCE, "-o", "/tmp/munmap.o", (char *)NULL);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		fail("fork");
	if (status) {
		fprintf(stderr, "tcc: status %d\n", WEXITSTATUS(status));
		exit(1);
	}
}

int main(int argc, char **argv)
{
	unsigned long n = size_argument(argc, argv, 1, 5);

	mark(MARK_ONLY);
	/* its files are in the page cache of the initramfs, and its pages known */
	compile();
	mark(MARK_START);
	for (unsigned long i = 0; i < n; i++)
		compile();
	mark(MARK_STOP);
	print_operations(n, "compilation");
	return 0;
}
