// SPDX-License-Identifier: GPL-2.0
#include <stdarg.h>
#include <stdio.h>

#include "lib/errmsg.h"

int errmsg_set(struct errmsg *msg, int err, const char *fmt, ...)
{
	va_list ap;
	char *c;

	if (!msg)
		return err;
	va_start(ap, fmt);
	vsnprintf(msg->text, sizeof(msg->text), fmt, ap);
	va_end(ap);
	/* the message may go to a terminal, a log or a mail */
	for (c = msg->text; *c; c++)
		if ((unsigned char)*c < ' ' || (unsigned char)*c > '~')
			*c = '?';
	return err;
}
