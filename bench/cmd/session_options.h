/* SPDX-License-Identifier: GPL-2.0 */
/* The options of all commands that measure, as an argp child. */
#ifndef PFBENCH_CMD_SESSION_OPTIONS_H
#define PFBENCH_CMD_SESSION_OPTIONS_H

#include <argp.h>

#include "measure/session.h"

/* The input is a struct session_options, initialized to SESSION_DEFAULTS. */
extern const struct argp session_argp;

/**
 * session_set_backend() - parse --backend
 * session_set_cpu() - parse --cpu: a number or a list
 * @command: for messages
 * Return: 0; EXIT_BAD after a line on stderr.
 */
int session_set_backend(struct session_options *o, const char *command,
			const char *name);
int session_set_cpu(struct session_options *o, const char *command,
		    const char *text);

#endif
