// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/names.h"
#include "data/point_filter.h"
#include "lib/array.h"

/* A point while the selection is sorted. */
struct keyed {
	struct point point;
	uint64_t key;
	size_t place;		/* of the first point of the group */
	size_t own;		/* of the point itself */
};

static int compare_keys(const void *a, const void *b)
{
	const struct keyed *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return x->own < y->own ? -1 : x->own > y->own;
}

static int compare_places(const void *a, const void *b)
{
	const struct keyed *x = a, *y = b;

	if (x->place != y->place)
		return x->place < y->place ? -1 : 1;
	return x->own < y->own ? -1 : x->own > y->own;
}

/* Group by group; groups, and points in a group, in their first order. */
static int sort_by_group(struct point_filter *s)
{
	struct keyed *k = calloc(s->nr, sizeof(*k));
	size_t i;

	if (!k)
		return -ENOMEM;
	for (i = 0; i < s->nr; i++)
		k[i] = (struct keyed){ .point = s->point[i], .own = i,
				       .key = point_group_key(&s->point[i]) };
	qsort(k, s->nr, sizeof(*k), compare_keys);
	for (i = 0; i < s->nr; i++)
		k[i].place = i && k[i].key == k[i - 1].key ?
			k[i - 1].place : k[i].own;
	qsort(k, s->nr, sizeof(*k), compare_places);
	for (i = 0; i < s->nr; i++)
		s->point[i] = k[i].point;
	free(k);
	return 0;
}

static bool is_selected(const struct point_filter *s, const struct point *p)
{
	for (size_t i = 0; i < s->nr; i++)
		if (point_equal(&s->point[i], p))
			return true;
	return false;
}

/*
 * Add the points that the filter names in full and no set has. @msg gets the
 * error of the first word that is no name, for when nothing matches at all.
 */
static int add_named(struct point_filter *s, const char *filter,
		     struct errmsg *msg)
{
	char *copy = strdup(filter), *rest = copy, *name;
	struct point *grown, p;
	int ret = copy ? 0 : -ENOMEM;

	while (!ret && (name = strsep(&rest, "|"))) {
		size_t n = strlen(name);

		if (n && name[n - 1] == '$')
			name[n - 1] = '\0';
		if (name[0] == '^')
			name++;
		if (point_parse(name, &p, msg->text[0] ? NULL : msg) ||
		    is_selected(s, &p))
			continue;
		grown = array_grow(s->point, s->nr, sizeof(*grown));
		if (grown) {
			s->point = grown;
			s->point[s->nr++] = p;
		} else {
			ret = -ENOMEM;
		}
	}
	free(copy);
	return ret;
}

/* Keep the points whose names match; returns a negative errno. */
static int keep_matching(struct point_filter *s, const char *filter,
			 int (*matches)(const char *name), struct errmsg *msg)
{
	char name[POINT_NAME_MAX];
	size_t kept = 0;
	int match;

	for (size_t i = 0; i < s->nr; i++) {
		point_name(&s->point[i], name);
		match = matches(name);
		if (match < 0)
			return errmsg_set(msg, match,
					  "--benchmark_filter=%.200s: not a regular expression",
					  filter);
		if (match)
			s->point[kept++] = s->point[i];
	}
	s->nr = kept;
	return 0;
}

static bool looks_like_name(const char *filter)
{
	return strchr(filter, '/') && !strpbrk(filter, "*+?([{\\|");
}

static int explain_no_match(const char *filter, struct errmsg *msg)
{
	char word[192];

	if (names_in_filter(filter, word, sizeof(word)))
		return errmsg_set(msg, -ENOENT,
				  "--benchmark_filter: no point matches: no name has %s",
				  word);
	return errmsg_set(msg, -ENOENT,
			  "--benchmark_filter=%.200s: no point matches (see pfbench-points(7), or 'pfbench list --all')",
			  filter);
}

/* Filter and sort the @n points in @s. */
static int filter_points(struct point_filter *s, long n, const char *filter,
			 int (*matches)(const char *name), struct errmsg *msg)
{
	struct errmsg no_name = { "" };
	int ret = 0;

	if (n < 0)
		return errmsg_set(msg, n, "out of memory");
	s->nr = n;
	if (filter)
		ret = keep_matching(s, filter, matches, msg);
	if (filter && !ret && add_named(s, filter, &no_name))
		ret = errmsg_set(msg, -ENOMEM, "out of memory");
	if (!ret && !s->nr && looks_like_name(filter) && no_name.text[0])
		ret = errmsg_set(msg, -ENOENT,
				 "--benchmark_filter: no point matches: %s",
				 no_name.text);
	else if (!ret && !s->nr)
		ret = explain_no_match(filter, msg);
	if (!ret && sort_by_group(s))
		ret = errmsg_set(msg, -ENOMEM, "out of memory");
	if (ret)
		point_filter_close(s);
	return ret;
}

int point_filter_open(struct point_filter *s, enum point_set set, bool native,
		      const char *filter, int (*matches)(const char *name),
		      struct errmsg *msg)
{
	s->point = NULL;
	if (set == POINTS_DEFAULT && filter)
		set = POINTS_ALL;
	return filter_points(s, points_of(set, &s->point, native), filter,
			     matches, msg);
}

int point_filter_open_threads(struct point_filter *s,
			      const struct thread_list *list, bool all,
			      bool native, const char *filter,
			      int (*matches)(const char *name),
			      struct errmsg *msg)
{
	s->point = NULL;
	return filter_points(s, points_of_threads(list, all || filter,
						  &s->point, native),
			     filter, matches, msg);
}

int point_filter_open_replay(struct point_filter *s, unsigned int nr,
			     const char *filter,
			     int (*matches)(const char *name),
			     struct errmsg *msg)
{
	s->point = NULL;
	return filter_points(s, points_of_replay(nr, &s->point), filter,
			     matches, msg);
}

size_t point_filter_keep(struct point_filter *s,
			 bool (*keep)(void *arg, const struct point *p),
			 void *arg, struct point *left_out)
{
	size_t kept = 0, out;

	for (size_t i = 0; i < s->nr; i++) {
		if (keep(arg, &s->point[i]))
			s->point[kept++] = s->point[i];
		else if (kept == i)
			*left_out = s->point[i];
	}
	out = s->nr - kept;
	s->nr = kept;
	return out;
}

void point_filter_close(struct point_filter *s)
{
	free(s->point);
	s->point = NULL;
	s->nr = 0;
}

void point_filter_print(const struct point_filter *s)
{
	char name[POINT_NAME_MAX];

	for (size_t i = 0; i < s->nr; i++) {
		point_name(&s->point[i], name);
		puts(name);
	}
}
