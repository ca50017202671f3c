/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The names of the catalog: find one or report the nearest, and one line on
 * what each name stands for.
 */
#ifndef PFBENCH_DATA_NAMES_H
#define PFBENCH_DATA_NAMES_H

#include "data/point.h"

/**
 * names_accessor() - find an accessor
 * names_generation() - find one of the first @nr generations
 * names_population() - find a population; @tails, @replay: see struct point
 * Return: 0; -EINVAL with a line in @msg that has the nearest name and the
 * command that lists all names.
 */
int names_accessor(const char *name, enum pf_accessor *acc, struct errmsg *msg);
int names_generation(const char *name, int nr, enum pf_generation *gen,
		     struct errmsg *msg);
int names_population(const char *name, enum pf_population *population,
		     unsigned int *tails, unsigned int *replay,
		     struct errmsg *msg);

/**
 * names_in_filter() - explain a filter that matches nothing
 * @filter: an expression for names of points
 *
 * Looks for the first word of @filter that is in no part of any name and is
 * near to one.
 *
 * Return: true with "'WORD'; the nearest is NAME" in @text.
 */
bool names_in_filter(const char *filter, char *text, size_t size);

/**
 * names_check() - does an accessor exist in a generation, with this lowering?
 * Return: 0; -EINVAL with a line in @msg that says why not.
 */
int names_check(enum pf_accessor acc, enum pf_generation gen,
		enum pf_lowering lowering, struct errmsg *msg);

#define NAMES_TEXT_MAX 53	/* with the final NUL */

/**
 * names_accessor_text() - what an accessor does
 * @text: takes NAMES_TEXT_MAX bytes
 */
void names_accessor_text(enum pf_accessor acc, char *text);
const char *names_generation_text(enum pf_generation gen);

/**
 * names_generation_origin() - releases, commit and configuration
 * @text: takes NAMES_TEXT_MAX bytes; the parts that exist, "; " between them
 */
void names_generation_origin(enum pf_generation gen, char *text);
const char *names_population_text(enum pf_population population);

#endif
