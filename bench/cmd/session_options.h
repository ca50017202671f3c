/* SPDX-License-Identifier: GPL-2.0 */
/* The options of every command that measures, as an argp child. */
#ifndef PFBENCH_CMD_SESSION_OPTIONS_H
#define PFBENCH_CMD_SESSION_OPTIONS_H

#include <argp.h>

#include "measure/session.h"

/* Its input is a struct session_options that starts as SESSION_DEFAULTS. */
extern const struct argp session_argp;

/**
 * session_set_backend() - --backend of a command
 * session_set_cpu() - --cpu of a command
 * Return: 0, or EXIT_BAD after a line.
 */
int session_set_backend(struct session_options *o, const char *command,
			const char *name);
int session_set_cpu(struct session_options *o, const char *command,
		    const char *text);

#endif
