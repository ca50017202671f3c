// SPDX-License-Identifier: GPL-2.0
#include <stdarg.h>
#include <stdio.h>

#include "lib/errmsg.h"

int why_set(struct why *why, int err, const char *fmt, ...)
{
	va_list ap;
	char *c;

	if (!why)
		return err;
	va_start(ap, fmt);
	vsnprintf(why->text, sizeof(why->text), fmt, ap);
	va_end(ap);
	/* one line, ASCII: it may end up in a log or a mail */
	for (c = why->text; *c; c++)
		if ((unsigned char)*c < ' ' || (unsigned char)*c > '~')
			*c = '?';
	return err;
}
