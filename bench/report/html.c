// SPDX-License-Identifier: GPL-2.0
/* The page: html/page.html with its parts filled in. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "report/html_internal.h"
#include "report/machines_internal.h"

int html_open(struct html *h, const struct machines_request *request,
	      size_t nr, char *const *names, struct errmsg *msg)
{
	char **results = calloc(nr + 1, sizeof(*results));
	size_t nr_results = 0;
	int err;

	*h = (struct html){ .code = NULL };
	if (!results)
		return errmsg_set(msg, -ENOMEM, "out of memory");
	for (size_t i = 0; i < nr; i++)
		if (!html_is_listing(names[i]))
			results[nr_results++] = names[i];
	/* before the files are read, which may take long */
	err = html_library_read(h, msg);
	if (!err)
		err = machines_open(&h->machines, request, nr_results, results,
				    msg);
	free(results);
	if (!err && (html_code_read(h, nr, names) || h->machines.left_out.lost))
		err = errmsg_set(msg, -ENOMEM, "out of memory");
	return err;
}

void html_close(struct html *h)
{
	machines_close(&h->machines);
	html_code_free(h);
	html_library_free(h);
}

/*
 * A script ends at its end tag, wherever that stands, and "<!--" begins a
 * comment in it. A backslash in either changes nothing in a string.
 */
static void write_script(FILE *f, const char *text)
{
	fputs("<script>", f);
	for (; *text; text++) {
		/* a browser would look for the file beside the page */
		if (!strncmp(text, "//# sourceMappingURL=", 21))
			text += strcspn(text, "\n");
		if (!*text)
			break;
		fputc(*text, f);
		if (!strncasecmp(text, "</script", 8) ||
		    !strncmp(text, "<!--", 4))
			fputc('\\', f);
	}
	fputs("</script>\n", f);
}

static void write_escaped(FILE *f, const char *text)
{
	for (; *text; text++) {
		if (*text == '<')
			fputs("&lt;", f);
		else if (*text == '&')
			fputs("&amp;", f);
		else
			fputc(*text, f);
	}
}

/* For readers without JavaScript: the conclusions as text. */
static void write_conclusions_text(FILE *f, const struct html *h)
{
	char *text = NULL;
	size_t size;
	FILE *memory = open_memstream(&text, &size);

	if (!memory)
		return;
	machines_print_conclusions(memory, &h->machines);
	fclose(memory);
	write_escaped(f, text);
	free(text);
}

static void write_libraries(FILE *f, const struct html *h)
{
	for (size_t i = 0; i < sizeof(h->library) / sizeof(*h->library); i++)
		write_script(f, h->library[i]);
}

static int write_all_data(FILE *f, const struct html *h)
{
	html_write_data(f, &h->machines);
	for (size_t i = 0; i < h->nr_code; i++) {
		fprintf(f, "<script type=\"application/json\" class=\"code\" data-arch=\"%s\">",
			h->code[i].arch->name);
		fputs(h->code[i].json, f);
		html_json_end(f);
	}
	return html_write_reports(f, &h->machines);
}

/* Write what a line "@NAME@" of the page stands for. */
static int write_page_part(FILE *f, const struct html *h, const char *name,
			   size_t size)
{
	static const char *const names[] = {
		"style", "libraries", "data", "script", "conclusions",
		"licences", "gpl",
	};
	size_t i = 0;

	while (i < sizeof(names) / sizeof(*names) &&
	       (strlen(names[i]) != size || memcmp(names[i], name, size)))
		i++;
	switch (i) {
	case 0:
		fputs(html_style, f);
		return 0;
	case 1:
		write_libraries(f, h);
		return 0;
	case 2:
		return write_all_data(f, h);
	case 3:
		write_script(f, html_script);
		return 0;
	case 4:
		write_conclusions_text(f, h);
		return 0;
	case 5:
		write_escaped(f, html_licences);
		return 0;
	case 6:
		write_escaped(f, html_gpl);
		return 0;
	default:
		return -EINVAL;
	}
}

int html_write(FILE *f, const void *html)
{
	const char *line = html_page;
	int err = 0;

	while (*line && !err) {
		size_t n = strcspn(line, "\n");

		if (n > 2 && *line == '@' && line[n - 1] == '@')
			err = write_page_part(f, html, line + 1, n - 2);
		else
			fprintf(f, "%.*s\n", (int)n, line);
		line += n + (line[n] == '\n');
	}
	if (err)
		errno = -err;
	return err || ferror(f) ? -1 : 0;
}
