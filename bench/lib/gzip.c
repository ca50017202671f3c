// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "lib/gzip.h"

#ifdef PFBENCH_WITHOUT_CENSUS
struct gzip {
	int fd;
};

struct gzip *gzip_open(int fd)
{
	struct gzip *gzip = malloc(sizeof(*gzip));

	if (gzip)
		gzip->fd = fd;
	return gzip;
}

ssize_t gzip_read(struct gzip *gzip, char *buf, size_t size)
{
	return read(gzip->fd, buf, size);
}

int gzip_close(struct gzip *gzip)
{
	int ret = close(gzip->fd);

	free(gzip);
	return ret;
}
#else
#include <zlib.h>

/* The type is incomplete: all pointers are zlib's. */
struct gzip *gzip_open(int fd)
{
	return (struct gzip *)gzdopen(fd, "r");
}

ssize_t gzip_read(struct gzip *gzip, char *buf, size_t size)
{
	gzFile f = (gzFile)gzip;
	int n = gzread(f, buf, size), err = Z_OK;

	/* data that are cut off are an error after their last byte */
	if (n <= 0)
		gzerror(f, &err);
	if (err == Z_OK)
		return n;
	if (err == Z_ERRNO)
		gzclearerr(f);
	else
		errno = err == Z_MEM_ERROR ? ENOMEM : EBADMSG;
	return -1;
}

int gzip_close(struct gzip *gzip)
{
	return gzclose((gzFile)gzip) == Z_OK ? 0 : -1;
}
#endif
