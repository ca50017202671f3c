/* SPDX-License-Identifier: GPL-2.0 */
/* Small files, as /proc and /sys have them, read into strings. */
#ifndef PFBENCH_LIB_READ_FILE_H
#define PFBENCH_LIB_READ_FILE_H

#include <stdbool.h>

/**
 * read_file() - read a whole file
 * @fmt: its path, as for printf()
 *
 * Blanks replace NUL bytes: the device tree separates its strings by them.
 *
 * Return: a string to free(); NULL if the file cannot be read, has more than
 * 16 MiB, or there is no memory.
 */
char *read_file(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/**
 * read_line() - read a whole file as one line, see clean_line()
 * @fmt: its path, as for printf()
 * Return: a string to free(); NULL if the file cannot be read or is blank.
 */
char *read_line(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/**
 * file_exists() - check for a file or a directory
 * @fmt: its path, as for printf()
 */
bool file_exists(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/**
 * clean_line() - make one line of printable ASCII, in place
 *
 * A blank replaces each tab and newline, '?' any other byte that is not
 * printable; blanks at both ends are removed.
 *
 * Return: @s.
 */
char *clean_line(char *s);

#endif
