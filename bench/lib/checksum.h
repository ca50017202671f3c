/* SPDX-License-Identifier: GPL-2.0 */
/* Checksums beside files, as sha256sum(1) writes and checks them. */
#ifndef PFBENCH_LIB_CHECKSUM_H
#define PFBENCH_LIB_CHECKSUM_H

#include <stddef.h>

/**
 * checksum_verify() - check files against the checksums beside them
 * @path: @nr files. The checksum of FILE is in FILE.sha256, the output of
 *	'sha256sum FILE'; the name in that output is ignored, so that both
 *	files can move.
 * @fault: takes @nr texts: NULL if the checksum is right or there is none;
 *	otherwise the fault, a constant
 *
 * sha256sum(1) runs once for many files. A checksum that cannot be verified is
 * a fault.
 *
 * Return: 0, or -ENOMEM.
 */
int checksum_verify(char *const *path, size_t nr, const char **fault);

#endif
