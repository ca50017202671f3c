/* SPDX-License-Identifier: GPL-2.0 */
/* Read files that gzip may have compressed. */
#ifndef PFBENCH_LIB_GZIP_H
#define PFBENCH_LIB_GZIP_H

#include <stddef.h>
#include <sys/types.h>

struct gzip;

/**
 * gzip_open() - read from a descriptor
 * @fd: belongs to the result until gzip_close(), which closes it
 *
 * A file that is not compressed is read as it is. So is every file in a build
 * without zlib, that of the guests.
 *
 * Return: NULL without memory; @fd is open then.
 */
struct gzip *gzip_open(int fd);

/**
 * gzip_read() - read the next bytes
 * Return: their number, 0 at the end; -1 with an errno: EBADMSG if compressed
 * data are damaged or cut off.
 */
ssize_t gzip_read(struct gzip *gzip, char *buf, size_t size);
int gzip_close(struct gzip *gzip);

#endif
