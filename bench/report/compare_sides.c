// SPDX-License-Identifier: GPL-2.0
/* The runs of each side of a comparison. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/read_file.h"
#include "report/compare.h"

int compare_load(struct compare_side *s, const char *names, struct errmsg *msg)
{
	bool one = !strchr(names, ',') || file_exists("%s", names);
	char *copy = strdup(names), *save, *path;
	int err = 0;

	s->names = names;
	s->run = calloc(COMPARE_MAX_RUNS, sizeof(*s->run));
	path = !copy || one ? copy : strtok_r(copy, ",", &save);
	if (!copy || !s->run)
		err = errmsg_set(msg, -ENOMEM, "out of memory");
	else if (!path)
		err = errmsg_set(msg, -EINVAL, "'%s' names no file", names);
	while (!err && path) {
		if (s->nr == COMPARE_MAX_RUNS)
			err = errmsg_set(msg, -E2BIG,
					 "more than %d runs on one side",
					 COMPARE_MAX_RUNS);
		else
			err = result_load(path, &s->run[s->nr], msg);
		if (!err)
			result_drop_samples(&s->run[s->nr++]);
		path = one ? NULL : strtok_r(NULL, ",", &save);
	}
	free(copy);
	return err;
}

void compare_unload(struct compare_side *s)
{
	for (size_t i = 0; i < s->nr; i++)
		result_free(&s->run[i]);
	free(s->run);
}

const struct result_point *compare_find(const struct compare_side *s,
					const struct point *point)
{
	const struct result_point *p = NULL;

	for (size_t i = 0; i < s->nr && !p; i++)
		p = result_find(&s->run[i], point);
	return p;
}

const struct result_point *compare_next(const struct compare_side *s,
					size_t *run, size_t *i)
{
	for (; *run < s->nr; ++*run, *i = 0) {
		while (*i < s->run[*run].nr_points) {
			const struct result_point *p =
				&s->run[*run].point[(*i)++];

			if (!*run || compare_find(s, &p->point) == p)
				return p;
		}
	}
	return NULL;
}

bool compare_partial(const struct compare_side *s)
{
	for (size_t i = 0; i < s->nr; i++)
		if (s->run[i].partial)
			return true;
	return false;
}
