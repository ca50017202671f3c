/* SPDX-License-Identifier: GPL-2.0 */
/* One line for a person: what failed, where, and what to do about it. */
#ifndef PFBENCH_LIB_ERRMSG_H
#define PFBENCH_LIB_ERRMSG_H

struct errmsg {
	char text[512];
};

/*
 * errmsg_set() - fill in the line and hand the error back
 * @msg: where to put it; may be NULL
 * @err: a negative errno, returned unchanged, so that a caller can write
 *	 return errmsg_set(msg, -EINVAL, "%s: ...", path);
 *
 * The text is one line without a final newline. Whatever comes from outside
 * (a path, a name out of a file) has its control bytes replaced by '?'.
 */
int errmsg_set(struct errmsg *msg, int err, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#endif
