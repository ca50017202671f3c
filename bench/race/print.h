/* SPDX-License-Identifier: GPL-2.0 */
/* The text report of the race. */
#ifndef PFBENCH_RACE_PRINT_H
#define PFBENCH_RACE_PRINT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include "race/race.h"

/**
 * race_print() - print tables of all runs in 72 columns
 * @partial: not all requested runs are complete
 * @machine: what race_json() got, or NULL
 * Return: 0, or -ENOMEM.
 */
int race_print(FILE *f, const struct race_result *r, size_t nr, bool partial,
	       const json_t *machine);

#endif
