// SPDX-License-Identifier: GPL-2.0
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/cmd.h"
#include "cmd/verbosity.h"
#include "lib/text.h"

bool cmd_quiet, cmd_verbose;

static const struct argp_option verbosity_options[] = {
	{ "quiet", 'q', NULL, 0,
	  "print neither notes nor progress, only results and errors", 5 },
	{ "verbose", 'v', NULL, 0, "print more notes, on what was done", 5 },
	{ 0 }
};

static error_t parse_verbosity(int key, char *arg, struct argp_state *state)
{
	if (key == 'q')
		cmd_quiet = true;
	else if (key == 'v')
		cmd_verbose = true;
	else
		return ARGP_ERR_UNKNOWN;
	if (cmd_quiet && cmd_verbose)
		return complain("%s: --quiet and --verbose exclude each other: give one of them",
				state->argv[0]);
	return 0;
}

const struct argp verbosity_argp = { verbosity_options, parse_verbosity, NULL,
				     NULL, NULL, NULL, NULL };

/*
 * Print @text in lines of TEXT_COLUMNS. Second and later lines are indented. A
 * word that is longer, as a path is, has a line of its own and stays whole.
 */
static void print_wrapped(const char *text)
{
	size_t room = TEXT_COLUMNS, first = strspn(text, " "), cut;
	int indent = 0;

	while (strlen(text) > room) {
		for (cut = room; cut > first && text[cut] != ' '; cut--)
			;
		if (cut == first)
			cut = first + strcspn(text + first, " ");
		if (!text[cut])
			break;
		fprintf(stderr, "%*s%.*s\n", indent, "", (int)cut, text);
		text += cut + 1;
		if (!indent) {
			indent = first + 2;
			room -= indent;
			first = 0;
		}
	}
	fprintf(stderr, "%*s%s\n", indent, "", text);
}

void note(const char *fmt, ...)
{
	va_list ap;
	char *text;
	int n;

	if (cmd_quiet)
		return;
	va_start(ap, fmt);
	n = vasprintf(&text, fmt, ap);
	va_end(ap);
	if (n < 0)
		return;
	print_wrapped(text);
	free(text);
}
