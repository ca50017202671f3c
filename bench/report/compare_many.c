// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/read_file.h"
#include "report/compare_internal.h"
#include "report/compare_many.h"

/* The files of a side. @copy is cut into them, and is to be freed. */
static int split_names(const char *names, char **copy, char **path, size_t *nr,
		       struct errmsg *msg)
{
	bool one = !strchr(names, ',') || file_exists("%s", names);
	char *save, *word;

	*nr = 0;
	*copy = strdup(names);
	if (!*copy)
		return errmsg_set(msg, -ENOMEM, "out of memory");
	word = one ? *copy : strtok_r(*copy, ",", &save);
	if (!word)
		return errmsg_set(msg, -EINVAL, "'%s' names no file", names);
	for (; word; word = one ? NULL : strtok_r(NULL, ",", &save)) {
		if (*nr == COMPARE_MAX_RUNS)
			return errmsg_set(msg, -E2BIG,
					  "more than %d runs on one side",
					  COMPARE_MAX_RUNS);
		path[(*nr)++] = word;
	}
	return 0;
}

static int load_runs(struct compare_side *s, struct collection *c,
		     struct errmsg *msg)
{
	int ret = 0;

	s->run = calloc(c->nr + 1, sizeof(*s->run));
	if (!s->run)
		ret = -ENOMEM;
	for (size_t i = 0; i < c->nr && ret >= 0; i++) {
		ret = collection_load(c, i, 0, &s->run[s->nr]);
		if (!ret)
			result_drop_samples(&s->run[s->nr++]);
	}
	return ret < 0 ? errmsg_set(msg, ret, "out of memory") : 0;
}

/* Files that are to be believed; @s has no run if there are none. */
static int load_checked(struct compare_side *s, const char *names,
			struct left_out *left_out, struct errmsg *msg)
{
	char *copy, *path[COMPARE_MAX_RUNS];
	struct collection c;
	size_t nr;
	int err = split_names(names, &copy, path, &nr, msg);

	s->names = names;
	if (!err) {
		err = collection_open(&c, nr, path, left_out, msg);
		if (!err && c.nr > COMPARE_MAX_RUNS)
			err = errmsg_set(msg, -E2BIG,
					 "%s: more than %d runs on one side",
					 names, COMPARE_MAX_RUNS);
		if (!err)
			err = load_runs(s, &c, msg);
		collection_close(&c);
	}
	free(copy);
	return err;
}

/* Load side @k and pair its points with those of the base. */
static int open_side(struct compare_many *m, size_t k, const char *names,
		     double threshold, enum unit unit, struct errmsg *msg)
{
	struct comparison *c = &m->of[m->nr];
	struct errmsg fault;
	int err;

	*c = (struct comparison){ .threshold = threshold, .a = m->base,
		.unit = UNIT_INSTRUCTIONS, .unit_name = "instructions" };
	err = load_checked(&c->b, names, &m->left_out, &fault);
	if (err && err != -ENOMEM) {
		left_out_add(&m->left_out, "%s", fault.text);
		err = 0;
	} else if (!err && c->b.nr) {
		if (compare_check_sides(c, unit, &fault))
			left_out_add(&m->left_out, "side %zu: %s", k,
				     fault.text);
		else
			err = compare_estimate(c) ?: 1;
	}
	if (err > 0) {
		m->number[m->nr++] = k;
		return 0;
	}
	compare_unload(&c->b);
	free(c->pair);
	return err ? errmsg_set(msg, err, "out of memory") : 0;
}

static int open_sides(struct compare_many *m, size_t nr, char *const *names,
		      double threshold, enum unit unit, struct errmsg *msg)
{
	int err = load_checked(&m->base, names[0], &m->left_out, msg);

	if (!err && !m->base.nr)
		return errmsg_set(msg, -EINVAL, "the base: %.400s",
				  m->left_out.nr ? m->left_out.text[0] :
				  "no file");
	for (size_t k = 1; k < nr && !err; k++)
		err = open_side(m, k, names[k], threshold, unit, msg);
	if (!err && !m->nr)
		return errmsg_set(msg, -EINVAL, "no side is left: %.400s",
				  m->left_out.nr ? m->left_out.text[0] : "");
	if (!err && compare_judge(m->of, m->nr))
		err = errmsg_set(msg, -ENOMEM, "out of memory");
	return err;
}

int compare_many_open(struct compare_many *m, size_t nr, char *const *names,
		      double threshold, enum unit unit, struct errmsg *msg)
{
	int err;

	*m = (struct compare_many){ .nr = 0 };
	m->of = calloc(nr, sizeof(*m->of));
	m->number = calloc(nr, sizeof(*m->number));
	err = m->of && m->number ?
		open_sides(m, nr, names, threshold, unit, msg) :
		errmsg_set(msg, -ENOMEM, "out of memory");
	if (err)
		compare_many_close(m);
	return err;
}

void compare_many_close(struct compare_many *m)
{
	for (size_t i = 0; i < m->nr; i++) {
		free(m->of[i].pair);
		compare_unload(&m->of[i].b);
	}
	compare_unload(&m->base);
	free(m->of);
	free(m->number);
	left_out_free(&m->left_out);
}

enum verdict compare_many_verdict(const struct compare_many *m)
{
	enum verdict verdict = SAME;

	for (size_t i = 0; i < m->nr; i++) {
		enum verdict v = comparison_verdict(&m->of[i]);

		if (v == CHANGED)
			return v;
		verdict = v == CANNOT_TELL ? v : verdict;
	}
	return verdict;
}

const char *compare_mark(const struct compare_pair *p)
{
	if (p->verdict != CHANGED)
		return "";
	return p->b_cost < p->a_cost ? "I" : "R";
}
