// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "lib/lines.h"

int lines_refuse(const struct lines *l, const char *fmt, ...)
{
	char text[400];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return errmsg_set(l->msg, -EINVAL, "%s:%lu: %s", l->in->name, l->number,
			  text);
}

int lines_next(struct lines *l)
{
	size_t n;

	if (!fgets(l->line, sizeof(l->line), l->in->f))
		return input_error(l->in, l->msg);
	l->number++;
	n = strlen(l->line);
	if (!n || l->line[n - 1] != '\n')
		return lines_refuse(l, n + 1 < sizeof(l->line) ?
				    "cut off: the line has no end" :
				    "longer than a line can be");
	l->line[--n] = '\0';
	if (n && l->line[n - 1] == '\r')
		return lines_refuse(l, "the line ends in CR LF: convert the file (dos2unix)");
	while (n--)
		if (l->line[n] < ' ' || l->line[n] > '~')
			return lines_refuse(l, "not ASCII");
	return 1;
}

int lines_first(struct lines *l, const char *magic, const char *what,
		unsigned int version)
{
	size_t n = strlen(magic);
	unsigned long found;
	char *end;
	int ret = lines_next(l);

	if (ret < 0)
		return ret;
	if (!ret)
		return errmsg_set(l->msg, -EINVAL, "%s: empty, not a %s",
				  l->in->name, what);
	if (strncmp(l->line, magic, n))
		return lines_refuse(l, "not a %s, which starts with '%s%u'",
				    what, magic, version);
	errno = 0;
	found = strtoul(l->line + n, &end, 10);
	if (!isdigit((unsigned char)l->line[n]) || *end || errno)
		return lines_refuse(l, "'%.40s' is not the version of a %s",
				    l->line + n, what);
	if (found > version)
		return lines_refuse(l, "%s of version %lu, but this pfbench reads version %u: use a later pfbench",
				    what, found, version);
	return found == version ? 0 :
		lines_refuse(l, "there is no version %lu of a %s: the first one is %u",
			     found, what, version);
}
