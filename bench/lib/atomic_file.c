// SPDX-License-Identifier: GPL-2.0
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "lib/atomic_file.h"

static int refuse_output(const char *path, int err, struct errmsg *msg)
{
	return errmsg_set(msg, err, "%s: cannot be written: %s%s",
			  strcmp(path, "-") ? path : "standard output",
			  err == -ENOENT ? "no such directory" : strerror(-err),
			  err == -EFBIG ? " (see 'ulimit -f')" : "");
}

int make_parents(const char *path, struct errmsg *msg)
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
		errmsg_set(msg, err, "%s: %s", copy ? copy : path,
			   strerror(-err));
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

/* An output: a file to replace or make, or a stream to write to. */
struct target {
	char *real;	/* without symbolic links; NULL: a stream */
	int fd;		/* of the stream, if it is open already, or -1 */
	mode_t mode;	/* of a file to replace, or 0 */
};

/*
 * A descriptor of the caller of the program that writes to the same file:
 * /dev/stdout and /dev/fd/3 lead there. If the file were replaced, the
 * descriptor would be left with a file that has no name.
 */
static int open_already(const struct stat *st)
{
	struct stat own;

	for (int fd = 1; fd < 10; fd++)
		if (!fstat(fd, &own) && own.st_dev == st->st_dev &&
		    own.st_ino == st->st_ino &&
		    (fcntl(fd, F_GETFL) & O_ACCMODE) != O_RDONLY)
			return fd;
	return -1;
}

static int find_existing(const char *path, const struct stat *st,
			 struct target *t, struct errmsg *msg)
{
	if (S_ISDIR(st->st_mode))
		return refuse_output(path, -EISDIR, msg);
	if (S_ISBLK(st->st_mode))
		return errmsg_set(msg, -EINVAL,
				  "%s: cannot be written: a block device",
				  path);
	t->fd = open_already(st);
	if (t->fd >= 0)
		return 0;
	if (access(path, W_OK))
		return refuse_output(path, -errno, msg);
	if (!S_ISREG(st->st_mode))
		return 0;
	t->mode = st->st_mode & 07777;
	/* a link stays one: what it leads to is replaced */
	t->real = realpath(path, NULL);
	return t->real ? 0 : refuse_output(path, -errno, msg);
}

static int find_target(const char *path, struct target *t, struct errmsg *msg)
{
	struct stat st;

	*t = (struct target){ .fd = -1 };
	if (!*path)
		return errmsg_set(msg, -EINVAL,
				  "the name of the output file is empty");
	if (!strcmp(path, "-")) {
		t->fd = STDOUT_FILENO;
		return 0;
	}
	if (!stat(path, &st))
		return find_existing(path, &st, t, msg);
	if (errno != ENOENT)
		return refuse_output(path, -errno, msg);
	if (!lstat(path, &st))
		return errmsg_set(msg, -EINVAL,
				  "%s: a symbolic link to a missing file: remove the link",
				  path);
	t->real = strdup(path);
	return t->real ? 0 : refuse_output(path, -ENOMEM, msg);
}

/* Open a new file beside @real; sets @tmp, to be freed. */
static int open_temporary(const char *real, char **tmp)
{
	int fd, err;

	for (int i = 0; i < 100; i++) {
		if (asprintf(tmp, "%s.%ld-%d.tmp", real, (long)getpid(), i) < 0)
			break;
		fd = open(*tmp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
		if (fd >= 0)
			return fd;
		err = -errno;
		free(*tmp);
		if (err != -EEXIST)
			return err;
	}
	return -ENOMEM;
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

/* Sets @tmp to the file that was written, to be freed. */
static int dump_temporary(const char *real, mode_t mode, char **tmp,
			  int (*write)(FILE *f, const void *arg),
			  const void *arg)
{
	int fd = open_temporary(real, tmp), err;

	if (fd < 0)
		return fd;
	if (mode && fchmod(fd, mode)) {
		err = -errno;
		close(fd);
	} else {
		err = dump(fd, write, arg);
	}
	if (err) {
		unlink(*tmp);
		free(*tmp);
	}
	return err;
}

static int dump_stream(const char *path, int fd,
		       int (*write)(FILE *f, const void *arg), const void *arg)
{
	if (fd == STDOUT_FILENO && fflush(stdout))
		return -errno;
	fd = fd >= 0 ? dup(fd) : open(path, O_WRONLY | O_NOCTTY | O_CLOEXEC);
	return fd < 0 ? -errno : dump(fd, write, arg);
}

int output_check(const char *path, struct errmsg *msg)
{
	struct target t;
	char *tmp;
	int err = find_target(path, &t, msg), fd;

	if (err || !t.real)
		return err;
	fd = open_temporary(t.real, &tmp);
	if (fd >= 0) {
		close(fd);
		unlink(tmp);
		free(tmp);
	} else {
		err = refuse_output(path, fd, msg);
	}
	free(t.real);
	return err;
}

bool output_is_stream(const char *path)
{
	struct target t;
	bool stream = !find_target(path, &t, NULL) && !t.real;

	free(t.real);
	return stream;
}

bool output_is_stdout(const char *path)
{
	struct stat st, own;

	return !strcmp(path, "-") ||
		(!stat(path, &st) && !fstat(STDOUT_FILENO, &own) &&
		 st.st_dev == own.st_dev && st.st_ino == own.st_ino &&
		 st.st_rdev != makedev(1, 3));	/* /dev/null */
}

int write_file_atomic(const char *path, int (*write)(FILE *f, const void *arg),
		      const void *arg, struct errmsg *msg)
{
	struct target t;
	char *tmp;
	int err = find_target(path, &t, msg);

	if (err)
		return err;
	if (!t.real) {
		err = dump_stream(path, t.fd, write, arg);
		return err ? refuse_output(path, err, msg) : 0;
	}
	err = dump_temporary(t.real, t.mode, &tmp, write, arg);
	if (!err) {
		if (rename(tmp, t.real)) {
			err = -errno;
			unlink(tmp);
		}
		free(tmp);
	}
	free(t.real);
	return err ? refuse_output(path, err, msg) : 0;
}

/* Give the file at @from the name @to; -EEXIST: something has the name. */
static int rename_new(const char *from, const char *to)
{
	if (!renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE))
		return 0;
	/* NFS lacks this flag, and FAT lacks links */
	if (errno != EINVAL && errno != ENOSYS)
		return -errno;
	if (link(from, to))
		return -errno;
	unlink(from);
	return 0;
}

/* "results/1.json", 2: "results/1-2.json" */
static int number_name(char *name, size_t size, const char *path, int number)
{
	const char *base = strrchr(path, '/'), *dot;
	int stem = strlen(path), n;

	dot = strrchr(base ? base + 1 : path, '.');
	if (dot && dot != path && dot[-1] != '/')
		stem = dot - path;
	n = number == 1 ? snprintf(name, size, "%s", path) :
		snprintf(name, size, "%.*s-%d%s", stem, path, number,
			 path + stem);
	return n < 0 || (size_t)n >= size ? -ENAMETOOLONG : 0;
}

int write_file_new(char *path, size_t size,
		   int (*write)(FILE *f, const void *arg), const void *arg,
		   struct errmsg *msg)
{
	char *tmp, *name = malloc(size);
	int err = name ? dump_temporary(path, 0, &tmp, write, arg) : -ENOMEM;

	if (err) {
		free(name);
		return refuse_output(path, err, msg);
	}
	for (int i = 1; ; i++) {
		err = number_name(name, size, path, i);
		if (!err)
			err = rename_new(tmp, name);
		if (err != -EEXIST)
			break;
	}
	if (err)
		unlink(tmp);
	else
		strcpy(path, name);
	free(tmp);
	free(name);
	return err ? refuse_output(path, err, msg) : 0;
}
