// SPDX-License-Identifier: GPL-2.0
#include <stdarg.h>
#include <string.h>

#include "lib/text.h"

void text_line(FILE *f, const char *fmt, ...)
{
	char line[1024];
	size_t len, i;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	len = strlen(line);
	while (len && line[len - 1] == ' ')
		len--;
	if (len > TEXT_COLUMNS) {
		len = TEXT_COLUMNS;
		memcpy(line + len - 3, "...", 3);
	}
	for (i = 0; i < len; i++)
		if (line[i] < ' ' || line[i] > '~')
			line[i] = '?';
	fprintf(f, "%.*s\n", (int)len, line);
}

void text_wrapped(FILE *f, const char *text, int indent)
{
	int room = TEXT_COLUMNS, len = strlen(text), cut, blanks = 0;

	while (len > room) {
		for (cut = room; cut > 0 && text[cut] != ' '; cut--)
			;
		if (!cut)
			cut = room;
		text_line(f, "%*s%.*s", blanks, "", cut, text);
		text += cut;
		text += strspn(text, " ");
		len = strlen(text);
		blanks = indent;
		room = TEXT_COLUMNS - indent;
	}
	text_line(f, "%*s%s", blanks, "", text);
}

char *text_format(const char *fmt, ...)
{
	char *text;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vasprintf(&text, fmt, ap);
	va_end(ap);
	return n < 0 ? NULL : text;
}

bool text_has_word(const char *text, const char *word, char separator)
{
	size_t len = strlen(word);
	const char *p;

	for (p = text; (p = strstr(p, word)); p += len)
		if ((p == text || p[-1] == separator) &&
		    (!p[len] || p[len] == separator))
			return true;
	return false;
}
