/* SPDX-License-Identifier: GPL-2.0 */
/* An error message for a person: the fault, the place and the remedy. */
#ifndef PFBENCH_LIB_ERRMSG_H
#define PFBENCH_LIB_ERRMSG_H

/** struct errmsg - one line of ASCII without a newline */
struct errmsg {
	char text[512];
};

/**
 * errmsg_set() - write the message and return the error
 * @msg: may be NULL
 * @err: a negative errno
 * @fmt: '?' replaces control bytes and bytes that are not ASCII: paths and
 *	names from files can contain terminal sequences
 *
 * Callers write: return errmsg_set(msg, -EINVAL, "%s: ...", path);
 *
 * Return: @err.
 */
int errmsg_set(struct errmsg *msg, int err, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#endif
