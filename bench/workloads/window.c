// SPDX-License-Identifier: GPL-2.0
/*
 * Run a command in a guest while bench/plugin/lookups.c counts.
 *
 *	window BUILD-ID COMMAND [ARGUMENT...]
 *
 * BUILD-ID is that of the vmlinux whose look-ups are counted. Prints the kernel
 * and the status of COMMAND in lines that scripts/workload reads.
 */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mark.h"

/* The build-id in the notes of the kernel, in hexadecimal; "": none. */
static void read_build_id(char id[41])
{
	char notes[65536];
	int fd = open("/sys/kernel/notes", O_RDONLY | O_CLOEXEC);
	ssize_t size = fd < 0 ? 0 : read(fd, notes, sizeof(notes));
	size_t at = 0, name, desc;

	*id = '\0';
	while (size > 0 && at + sizeof(Elf64_Nhdr) <= (size_t)size) {
		const Elf64_Nhdr *note = (void *)(notes + at);

		name = at + sizeof(*note);
		desc = name + ((note->n_namesz + 3) & ~3U);
		at = desc + ((note->n_descsz + 3) & ~3U);
		if (note->n_type == NT_GNU_BUILD_ID && note->n_descsz <= 20 &&
		    !strcmp(notes + name, "GNU"))
			for (size_t i = 0; i < note->n_descsz; i++)
				sprintf(id + 2 * i, "%02x",
					(unsigned char)notes[desc + i]);
	}
	if (fd >= 0)
		close(fd);
}

static int counted(char **argv)
{
	int status;
	pid_t pid;

	mark(MARK_START);
	pid = fork();
	if (!pid) {
		execvp(argv[0], argv);
		fprintf(stderr, "%s: %s\n", argv[0], strerror(errno));
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		status = 126 << 8;
	mark(MARK_STOP);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int main(int argc, char **argv)
{
	struct utsname u;
	char id[41];

	if (argc < 3) {
		fprintf(stderr, "usage: window BUILD-ID COMMAND...\n");
		return 2;
	}
	uname(&u);
	read_build_id(id);
	printf("window: kernel %s %s\nwindow: build-id %s\n", u.release,
	       u.version, id);
	fflush(stdout);
	if (strcmp(id, argv[1]))
		return 2;
	/* the plugin has until then to translate all code again */
	mark(MARK_SOON);
	/*
	 * The kernel finishes its boot in threads, in tens of milliseconds.
	 * Idle time of a guest that counts instructions takes no time.
	 */
	sleep(5);
	printf("\nwindow: status %d\n", counted(argv + 2));
	return 0;
}
