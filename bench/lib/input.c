// SPDX-License-Identifier: GPL-2.0
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/param.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/gzip.h"
#include "lib/input.h"

/* Read up to @size bytes, and count them. */
static ssize_t read_counted(struct input *in, char *buf, size_t size)
{
	ssize_t n;

	do {
		n = gzip_read(in->gzip, buf, size);
	} while (n < 0 && errno == EINTR);
	if (n > 0)
		in->total += n;
	if (n < 0 || in->total > INPUT_MAX) {
		in->err = n < 0 ? -errno : -EFBIG;
		return -1;
	}
	return n;
}

/* The stream begins with what input_open() has read. */
static ssize_t read_stream(void *cookie, char *buf, size_t size)
{
	struct input *in = cookie;
	size_t n = MIN(in->started - in->served, size);

	if (!n)
		return read_counted(in, buf, size);
	memcpy(buf, in->start + in->served, n);
	in->served += n;
	return n;
}

static int close_stream(void *cookie)
{
	return gzip_close(((struct input *)cookie)->gzip);
}

static int open_path(const char *path)
{
	static bool used;
	int fd;

	if (strcmp(path, "-")) {
		fd = open(path, O_RDONLY | O_CLOEXEC);
		return fd < 0 ? -errno : fd;
	}
	if (used)
		return -EALREADY;
	used = true;
	fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0);
	return fd < 0 ? -errno : fd;
}

static int check_file(int fd)
{
	struct stat st;

	if (fstat(fd, &st))
		return -errno;
	if (S_ISDIR(st.st_mode))
		return -EISDIR;
	return S_ISREG(st.st_mode) && st.st_size > (off_t)INPUT_MAX ?
		-EFBIG : 0;
}

static int start_gzip(struct input *in)
{
	in->gzip = gzip_open(in->fd);
	return in->gzip ? 0 : -ENOMEM;
}

static int read_start(struct input *in)
{
	ssize_t n = 1;

	while (n > 0 && in->started < INPUT_START - 1) {
		n = read_counted(in, in->start + in->started,
				 INPUT_START - 1 - in->started);
		in->started += n > 0 ? n : 0;
	}
	return in->err;
}

static int open_stream(struct input *in, const char *path)
{
	const cookie_io_functions_t io = { .read = read_stream,
					   .close = close_stream };
	int err;

	in->fd = open_path(path);
	if (in->fd < 0)
		return in->fd;
	err = check_file(in->fd);
	if (!err)
		err = start_gzip(in);
	if (!err)
		err = read_start(in);
	if (!err) {
		in->f = fopencookie(in, "r", io);
		err = in->f ? 0 : -ENOMEM;
	}
	if (err && in->gzip)
		gzip_close(in->gzip);
	else if (err)
		close(in->fd);
	return err;
}

/* Some errors need other words than strerror() has. */
static int refuse_input(const char *name, int err, struct errmsg *msg)
{
	if (err == -EFBIG)
		return errmsg_set(msg, err,
				  "%s: larger than %lu MiB, the largest file that is read",
				  name, INPUT_MAX >> 20);
	if (err == -EALREADY)
		return errmsg_set(msg, err, "%s: can be read once only", name);
	if (err == -EBADMSG)
		return errmsg_set(msg, err,
				  "%s: compressed data are damaged or cut off: copy the file again",
				  name);
	return errmsg_set(msg, err, "%s: %s", name, strerror(-err));
}

int input_open(struct input *in, const char *path, struct errmsg *msg)
{
	int err;

	*in = (struct input){
		.name = strcmp(path, "-") ? path : "standard input",
	};
	err = open_stream(in, path);
	return err ? refuse_input(in->name, err, msg) : 0;
}

void input_close(struct input *in)
{
	fclose(in->f);
}

bool input_is(const struct input *in, const char *magic)
{
	return !strncmp(in->start, magic, strlen(magic));
}

int input_error(const struct input *in, struct errmsg *msg)
{
	if (!ferror(in->f))
		return 0;
	return refuse_input(in->name, in->err ? in->err : -EIO, msg);
}
