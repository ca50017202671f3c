/* SPDX-License-Identifier: GPL-2.0 */
/* The JSON file of 'pfbench race --out'. */
#ifndef PFBENCH_RACE_RESULT_FILE_H
#define PFBENCH_RACE_RESULT_FILE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "lib/errmsg.h"
#include "race/race.h"

/**
 * race_json() - make the file's object
 * @partial: not all requested runs are complete; implied by a partial run
 * @machine: environment_context(); the reference is taken over
 * Return: a new reference; NULL if there is no memory.
 */
json_t *race_json(const struct race_result *r, size_t nr, bool partial,
		  json_t *machine);

/**
 * race_load() - read a file
 * @r: room for @max runs
 * @partial: as in race_json()
 * @machine: a new reference, or NULL
 * Return: 0, or -EINVAL with a line in @msg.
 */
int race_load(const char *path, struct race_result *r, size_t max, size_t *nr,
	      bool *partial, json_t **machine, struct errmsg *msg);

#endif
