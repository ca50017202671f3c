/* SPDX-License-Identifier: GPL-2.0 */
/* Files that a reader sees complete: as they were before, or as they are now. */
#ifndef PFBENCH_LIB_ATOMIC_FILE_H
#define PFBENCH_LIB_ATOMIC_FILE_H

#include <stdbool.h>
#include <stdio.h>

#include "lib/errmsg.h"

/**
 * output_check() - can write_file_atomic() write this file?
 *
 * Call this before the work whose result goes to the file. An existing file is
 * not touched, and none is left.
 *
 * Return: 0, or a negative errno with a line in @msg: for an empty name, a
 * directory, a block device, a symbolic link to a missing file, a missing
 * directory, or a directory or file that cannot be written.
 */
int output_check(const char *path, struct errmsg *msg);

/**
 * output_is_stream() - is a file written to, not replaced?
 *
 * True for a pipe, a terminal, /dev/null and what is open on a descriptor of
 * this program, as /dev/stdout is.
 */
bool output_is_stream(const char *path);

/** output_is_stdout() - does a path lead to standard output, not /dev/null? */
bool output_is_stdout(const char *path);

/**
 * write_file_atomic() - replace a file by a new one
 * @path: in an existing directory; "-": standard output. What
 *	output_is_stream() is true for is written to, not
 *	replaced; a symbolic link stays one, its target is replaced.
 * @write: writes the whole file; returns nonzero if it could not
 * @arg: passed to @write
 *
 * The file is written under a temporary name in the same directory, synced and
 * renamed. The mode of a file that is replaced is kept.
 *
 * Return: 0, or a negative errno with a line in @msg.
 */
int write_file_atomic(const char *path, int (*write)(FILE *f, const void *arg),
		      const void *arg, struct errmsg *msg);

/**
 * write_file_new() - write a file under a name that nothing else has
 * @path: the name. If something has it, "-2", "-3" and so on is put before the
 *	last dot, and @path is changed.
 * @size: of the memory of @path
 * Return: 0, or a negative errno with a line in @msg.
 */
int write_file_new(char *path, size_t size,
		   int (*write)(FILE *f, const void *arg), const void *arg,
		   struct errmsg *msg);

/**
 * make_parents() - make the missing directories above a file
 * Return: 0, or a negative errno with a line in @msg.
 */
int make_parents(const char *path, struct errmsg *msg);

/**
 * mkdir_p() - make a directory and its missing parents
 * Return: 0, or a negative errno with a line in @msg.
 */
int mkdir_p(const char *dir, struct errmsg *msg);

#endif
