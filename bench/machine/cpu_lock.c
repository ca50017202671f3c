// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "lib/auto_free.h"
#include "lib/read_file.h"
#include "machine/cpu_lock.h"

/*
 * Opened for reading: the file may belong to another user, and flock() needs no
 * more. O_CREAT on the file of another user fails in a sticky directory, see
 * fs.protected_regular.
 */
static int open_lock(const char *dir, int cpu)
{
	const int flags = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
	char path[PATH_MAX];
	int fd;

	if (snprintf(path, sizeof(path), "%s/pfbench-cpu%d.lock", dir, cpu) >=
	    (int)sizeof(path))
		return -1;
	fd = open(path, flags);
	if (fd >= 0 || errno != ENOENT)
		return fd;
	fd = open(path, flags | O_CREAT | O_EXCL, 0644);
	if (fd >= 0)
		fchmod(fd, 0644);
	/* another process was first */
	return fd < 0 && errno == EEXIST ? open(path, flags) : fd;
}

/* The process that holds a lock on @fd by /proc/locks; 0: unknown. */
static long lock_holder(int fd)
{
	auto_free char *text = read_file("/proc/locks");
	unsigned int major, minor;
	unsigned long inode;
	struct stat st;
	char *line, *rest = text;
	long pid;

	if (fstat(fd, &st))
		return 0;
	while ((line = strsep(&rest, "\n")))
		/* a line with "->" is of a process that waits */
		if (sscanf(line, "%*d: FLOCK %*s %*s %ld %x:%x:%lu", &pid,
			   &major, &minor, &inode) == 4 &&
		    inode == st.st_ino &&
		    makedev(major, minor) == st.st_dev)
			return pid > 0 ? pid : 0;
	return 0;
}

int cpu_lock(int cpu, struct errmsg *msg)
{
	const char *dirs[] = { getenv("PFBENCH_LOCKDIR"), "/run/lock", "/tmp" };
	char who[64] = "another pfbench";
	long pid;
	int fd = -1;

	if (dirs[0] && *dirs[0])
		fd = open_lock(dirs[0], cpu);
	else
		for (int i = 1; fd < 0 && i < 3; i++)
			fd = open_lock(dirs[i], cpu);
	if (fd < 0 || !flock(fd, LOCK_EX | LOCK_NB))
		return fd;
	/* a file system without locks */
	if (errno != EWOULDBLOCK) {
		close(fd);
		return -1;
	}
	pid = lock_holder(fd);
	close(fd);
	if (pid)
		snprintf(who, sizeof(who), "another pfbench, process %ld,",
			 pid);
	return errmsg_set(msg, -EBUSY,
			  "CPU %d: %s measures there: wait for its end, or choose another CPU",
			  cpu, who);
}
