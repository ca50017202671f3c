// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>

#include "measure/population.h"

int population_get(struct shared_population *list, size_t size,
		   const struct cache_sizes *caches, const struct point *p,
		   bool exact, struct population **population,
		   unsigned long *span, struct errmsg *msg)
{
	struct shared_population *s;
	int ret;

	for (s = list; s; s = s->next) {
		if (!s->own && working_set_shared(&s->point, p)) {
			s->users++;
			*population = (struct population *)s;
			return 0;
		}
	}
	ret = population_new(size, caches, p, exact, population, span, msg);
	return ret ? ret : 1;
}

int population_new(size_t size, const struct cache_sizes *caches,
		   const struct point *p, bool exact,
		   struct population **population, unsigned long *span,
		   struct errmsg *msg)
{
	struct shared_population *s;
	int ret = working_set_span(caches, p, exact, span, msg);

	if (ret)
		return ret;
	s = calloc(1, size);
	if (!s)
		return errmsg_set(msg, -ENOMEM, "out of memory");
	s->point = *p;
	s->users = 1;
	*population = (struct population *)s;
	return 0;
}

void population_add(struct shared_population **list,
		    struct population *population)
{
	struct shared_population *s = (struct shared_population *)population;

	s->next = *list;
	*list = s;
}

bool population_put(struct shared_population **list,
		    struct population *population)
{
	struct shared_population *s = (struct shared_population *)population;

	if (--s->users)
		return false;
	while (*list != s)
		list = &(*list)->next;
	*list = s->next;
	return true;
}
