/* SPDX-License-Identifier: GPL-2.0 */
/* Files that a reader sees complete: as they were before, or as they are now. */
#ifndef PFBENCH_LIB_ATOMIC_FILE_H
#define PFBENCH_LIB_ATOMIC_FILE_H

#include <stdio.h>

#include "lib/errmsg.h"

/**
 * write_file_atomic() - replace a file by a new one
 * @path: missing directories are made. A pipe or a terminal is written to, not
 *	replaced; a symbolic link stays one, its target is replaced.
 * @write: writes the whole file; returns nonzero if it could not
 * @arg: passed to @write
 *
 * The file is written under a temporary name in the same directory, synced and
 * renamed.
 *
 * Return: 0, or a negative errno with a line in @msg.
 */
int write_file_atomic(const char *path, int (*write)(FILE *f, const void *arg),
		      const void *arg, struct errmsg *msg);

/**
 * mkdir_p() - make a directory and its missing parents
 * Return: 0, or a negative errno with a line in @msg.
 */
int mkdir_p(const char *dir, struct errmsg *msg);

#endif
