// SPDX-License-Identifier: GPL-2.0
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/atomic_file.h"

/* All directories of @path, which ends at its last slash. */
static int make_parents(const char *path, struct errmsg *msg)
{
	char *copy = strdup(path), *slash;
	int err = copy ? 0 : -ENOMEM;

	for (slash = copy; !err && (slash = strchr(slash + 1, '/'));) {
		*slash = '\0';
		if (mkdir(copy, 0777) && errno != EEXIST)
			err = -errno;
		if (!err)
			*slash = '/';
	}
	if (err)
		errmsg_set(msg, err, "%s: %s", copy ? copy : path, strerror(-err));
	free(copy);
	return err;
}

int mkdir_p(const char *dir, struct errmsg *msg)
{
	char *path;
	int err;

	if (asprintf(&path, "%s/", dir) < 0)
		return errmsg_set(msg, -ENOMEM, "%s: out of memory", dir);
	err = make_parents(path, msg);
	free(path);
	return err;
}

/* Written and on the disk, or not: the descriptor is closed in any case. */
static int dump(int fd, int (*write)(FILE *f, const void *arg), const void *arg)
{
	FILE *f = fdopen(fd, "w");
	struct stat st;
	int err = 0;

	if (!f) {
		err = -errno;
		close(fd);
		return err;
	}
	errno = EIO;
	if (write(f, arg) || fflush(f))
		err = -errno;
	if (!err && !fstat(fd, &st) && S_ISREG(st.st_mode) && fsync(fd))
		err = -errno;
	if (fclose(f) && !err)
		err = -errno;
	return err;
}

int write_file_atomic(const char *path, int (*write)(FILE *f, const void *arg),
		 const void *arg, struct errmsg *msg)
{
	char *tmp = NULL, *real;
	struct stat st;
	int fd, err;

	err = make_parents(path, msg);
	if (err)
		return err;
	/* a terminal or a pipe is written to, not replaced */
	if (!stat(path, &st) && !S_ISREG(st.st_mode)) {
		fd = open(path, O_WRONLY | O_CLOEXEC);
		err = fd < 0 ? -errno : dump(fd, write, arg);
		goto out;
	}
	/* a link stays one, be it /dev/stdout: what it leads to is replaced */
	real = realpath(path, NULL);
	if (asprintf(&tmp, "%s.%ld.tmp", real ? real : path,
		     (long)getpid()) < 0) {
		free(real);
		return errmsg_set(msg, -ENOMEM, "%s: out of memory", path);
	}
	fd = open(tmp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	err = fd < 0 ? -errno : dump(fd, write, arg);
	if (!err && rename(tmp, real ? real : path))
		err = -errno;
	if (err && fd >= 0)
		unlink(tmp);
	free(tmp);
	free(real);
out:
	if (err)
		errmsg_set(msg, err, "%s: %s", path, strerror(-err));
	return err;
}
