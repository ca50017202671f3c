/* SPDX-License-Identifier: GPL-2.0 */
/* -q and -v of all commands that take long, as an argp child. */
#ifndef PFBENCH_CMD_VERBOSITY_H
#define PFBENCH_CMD_VERBOSITY_H

#include <argp.h>
#include <stdbool.h>

/* Set by the options. Errors are printed in any case. */
extern bool cmd_quiet, cmd_verbose;

/* Needs no input. */
extern const struct argp verbosity_argp;

/** note() - print a line on stderr, unless quiet, broken at TEXT_COLUMNS */
void note(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
