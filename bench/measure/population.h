/* SPDX-License-Identifier: GPL-2.0 */
/* The populations that a backend holds, shared by the points that can. */
#ifndef PFBENCH_MEASURE_POPULATION_H
#define PFBENCH_MEASURE_POPULATION_H

#include "measure/backend.h"
#include "measure/working_set.h"

/**
 * struct shared_population - the first member of a backend's struct population
 * @point: the first point that used it
 * @users: how many use it
 * @own: no other point may use it
 */
struct shared_population {
	struct point point;
	unsigned int users;
	bool own;
	struct shared_population *next;
};

/**
 * population_get() - use a population that exists, or begin a new one
 * @list: the backend's populations
 * @size: bytes of the backend's struct population
 * @span: set to the struct pages of a new population
 *
 * A new population is zeroed and not in @list: the backend makes the pages,
 * then calls population_add(), or frees it.
 *
 * Return: 0 for an existing population, 1 for a new one; -ENOTSUP or -ENOMEM
 * with a line in @msg.
 */
int population_get(struct shared_population *list, size_t size,
		   const struct cache_sizes *caches, const struct point *p,
		   bool exact, struct population **population,
		   unsigned long *span, struct errmsg *msg);

/**
 * population_new() - begin a new population, as population_get() does
 * Return: 0; -ENOTSUP or -ENOMEM with a line in @msg.
 */
int population_new(size_t size, const struct cache_sizes *caches,
		   const struct point *p, bool exact,
		   struct population **population, unsigned long *span,
		   struct errmsg *msg);

/** population_add() - add a population from population_get() to the list */
void population_add(struct shared_population **list,
		    struct population *population);

/**
 * population_put() - end one use
 * Return: true if that was the last use; the population is then not in @list,
 * and the backend frees it.
 */
bool population_put(struct shared_population **list,
		    struct population *population);

#endif
