// SPDX-License-Identifier: GPL-2.0
#include <stdarg.h>
#include <stdio.h>

#include "cmd/cmd.h"
#include "cmd/verbosity.h"

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

void note(const char *fmt, ...)
{
	va_list ap;

	if (cmd_quiet)
		return;
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
}
