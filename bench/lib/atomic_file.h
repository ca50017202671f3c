/* SPDX-License-Identifier: GPL-2.0 */
/* Files that a reader sees as they were or as they are, whole. */
#ifndef PFBENCH_REPLACE_H
#define PFBENCH_REPLACE_H

#include <stdio.h>

#include "lib/errmsg.h"

/*
 * write_file_atomic() - write @path by way of a temporary file in the same directory
 * and rename(). Missing directories are made. A pipe or a terminal is written
 * to; what a link leads to is replaced, not the link.
 * @write: writes all of it; returns nonzero if it could not
 * Return: 0, or a negative errno with a line in @msg.
 */
int write_file_atomic(const char *path, int (*write)(FILE *f, const void *arg),
		 const void *arg, struct errmsg *msg);

#endif
