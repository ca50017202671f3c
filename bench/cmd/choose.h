/* SPDX-License-Identifier: GPL-2.0 */
/* Options that take a list of known names. */
#ifndef PFBENCH_CMD_CHOOSE_H
#define PFBENCH_CMD_CHOOSE_H

#include <stdbool.h>

#include "data/names.h"

/**
 * choose_names() - mark the names of a list as chosen
 * @command: for messages
 * @what: a name is one of these, for messages
 * @see: the command without pfbench that lists all names, for messages
 * @list: names separated by commas; is modified
 * @name: the name of number @i
 * @nr: how many names there are
 * @chosen: an element per name, set to true for each name of @list
 * Return: EXIT_DONE; EXIT_BAD after a line on stderr, with the nearest name.
 */
int choose_names(const char *command, const char *what, const char *see,
		 char *list, const char *(*name)(int i), int nr, bool *chosen);

/**
 * choose_accessor() - the accessor that an option or argument names
 * choose_generation() - the same of the generations with replicas
 * @command: for messages
 * Return: EXIT_DONE; EXIT_BAD after a line on stderr, with the nearest name.
 */
int choose_accessor(const char *command, const char *name,
		    enum pf_accessor *acc);
int choose_generation(const char *command, const char *name,
		      enum pf_generation *gen);

/** choose_form() - throughput, cond or latency; returns as choose_accessor() */
int choose_form(const char *command, const char *name, enum pf_form *form);

/**
 * choose_threshold() - a share, given in per cent
 * Return: EXIT_DONE; EXIT_BAD after a line on stderr.
 */
int choose_threshold(const char *command, const char *arg, double *threshold);

#endif
