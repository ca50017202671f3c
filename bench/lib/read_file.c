// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/read_file.h"

#define FILE_SIZE_MAX (16UL << 20)

static char *read_descriptor(int fd, size_t *len)
{
	size_t size = 0;
	char *text = NULL, *more;
	ssize_t n;

	*len = 0;
	do {
		if (size - *len < 2) {
			size = size ? size * 2 : 4096;
			more = size > FILE_SIZE_MAX ? NULL :
						      realloc(text, size);
			if (!more)
				goto fail;
			text = more;
		}
		n = read(fd, text + *len, size - *len - 1);
		if (n > 0)
			*len += n;
	} while (n > 0 || (n < 0 && errno == EINTR));
	if (!n)
		return text;
fail:
	free(text);
	return NULL;
}

static char *read_formatted_path(const char *fmt, va_list ap)
{
	char *path, *text = NULL;
	size_t len, i;
	int fd;

	if (vasprintf(&path, fmt, ap) < 0)
		return NULL;
	/* a FIFO must not block */
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	free(path);
	if (fd < 0)
		return NULL;
	text = read_descriptor(fd, &len);
	close(fd);
	if (!text)
		return NULL;
	text[len] = '\0';
	for (i = 0; i < len; i++)
		if (!text[i])
			text[i] = ' ';
	return text;
}

char *read_file(const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = read_formatted_path(fmt, ap);
	va_end(ap);
	return text;
}

char *read_line(const char *fmt, ...)
{
	va_list ap;
	char *line;

	va_start(ap, fmt);
	line = read_formatted_path(fmt, ap);
	va_end(ap);
	if (line && !*clean_line(line)) {
		free(line);
		line = NULL;
	}
	return line;
}

bool file_exists(const char *fmt, ...)
{
	va_list ap;
	char *path;
	bool found;
	int n;

	va_start(ap, fmt);
	n = vasprintf(&path, fmt, ap);
	va_end(ap);
	if (n < 0)
		return false;
	found = !access(path, F_OK);
	free(path);
	return found;
}

char *clean_line(char *s)
{
	size_t len, skip;
	char *c;

	for (c = s; *c; c++) {
		if (*c == '\t' || *c == '\n')
			*c = ' ';
		else if ((unsigned char)*c < ' ' || (unsigned char)*c > '~')
			*c = '?';
	}
	len = strlen(s);
	while (len && s[len - 1] == ' ')
		s[--len] = '\0';
	skip = strspn(s, " ");
	memmove(s, s + skip, len - skip + 1);
	return s;
}
