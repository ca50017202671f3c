// SPDX-License-Identifier: GPL-2.0
/* The results of one machine. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "lib/text.h"
#include "report/trend_internal.h"

static void free_result(struct trend_result *r)
{
	free(r->path);
	free(r->host);
	free(r->machine);
	free(r->date);
	free(r->commit);
	free(r->kernel);
	free(r->version);
	free(r->point);
}

/* Contended figures are left out, and those without an interval. */
static void take_points(struct trend_result *t, const struct result *r,
			enum unit unit, bool (*want)(const char *name))
{
	double scale = unit_scale(r, unit);

	for (size_t i = 0; i < r->nr_points; i++) {
		const struct result_point *p = r->sorted[i];
		struct estimate e = p->cost;

		if (p->contended || (want && !want(p->name)))
			continue;
		e.mid *= scale;
		e.lo *= scale;
		e.hi *= scale;
		if (isfinite(e.hi - e.lo) || (t->counted && isfinite(e.mid)))
			t->point[t->nr++] = (struct trend_point){ p->point, e };
	}
}

static int take_result(struct trend *t, const struct result *r)
{
	struct trend_result *grown = array_grow(t->result, t->nr,
						sizeof(*t->result)), *n;
	const char *kernel = result_context(r, "kernel");
	enum unit unit = unit_resolve(r, t->request.unit);
	bool known = json_object_get(r->context, "host_name");

	if (!grown)
		return -ENOMEM;
	t->result = grown;
	n = &grown[t->nr++];
	n->counted = json_is_true(json_object_get(r->pfbench, "icount"));
	if (n->counted)
		unit = UNIT_INSTRUCTIONS;
	n->unit_name = unit_name(r, unit);
	n->floor = unit_floor(r, unit);
	if (n->counted && !(n->floor > 0))
		n->floor = fmax(r->quantum_ticks, 0);
	n->path = strdup(r->path);
	n->host = strdup(result_context(r, "host_name"));
	n->date = strdup(result_context(r, "date"));
	n->commit = strdup(result_context(r, "commit"));
	n->version = strdup(result_context(r, "version"));
	n->kernel = strndup(kernel, trend_short_kernel(kernel));
	n->machine = text_format("%s%s%.44s, %s, %s backend",
				 known ? n->host : "", known ? ", " : "",
				 result_context(r, "cpu_model"),
				 result_context(r, "arch"),
				 result_context(r, "backend"));
	n->point = calloc(r->nr_points + 1, sizeof(*n->point));
	if (!n->path || !n->host || !n->date || !n->commit || !n->version ||
	    !n->kernel || !n->machine || !n->point)
		return -ENOMEM;
	take_points(n, r, unit, t->request.want);
	return 0;
}

static int read_all(struct trend *t, struct collection *c)
{
	struct result r;
	int ret = 0;

	for (size_t i = 0; i < c->nr && ret >= 0; i++) {
		ret = collection_load(c, i, COLLECTION_FIGURES, &r);
		if (ret)
			continue;
		ret = take_result(t, &r);
		result_free(&r);
	}
	return ret < 0 ? ret : 0;
}

static size_t count_machine(const struct trend *t, const char *machine)
{
	size_t n = 0;

	for (size_t i = 0; i < t->nr; i++)
		n += !strcmp(t->result[i].machine, machine);
	return n;
}

/* The machine that was asked for, or that has the most results. */
static const struct trend_result *choose_machine(const struct trend *t)
{
	const struct trend_result *best = NULL;
	size_t most = 0;

	for (size_t i = 0; i < t->nr; i++) {
		const struct trend_result *r = &t->result[i];
		size_t n;

		if (t->request.host && strcmp(r->host, t->request.host))
			continue;
		/* of one machine, the newest result has its unit */
		if (best && !strcmp(best->machine, r->machine)) {
			if (strcmp(r->date, best->date) > 0)
				best = r;
			continue;
		}
		n = count_machine(t, r->machine);
		if (n > most) {
			most = n;
			best = r;
		}
	}
	return best;
}

/* A directory may be that of a lab: a line for all other machines. */
static void leave_out_others(struct trend *t, const char *machine)
{
	const struct trend_result *first = NULL;
	size_t more = 0;
	char text[64] = "";

	for (size_t i = 0; i < t->nr; i++) {
		if (!strcmp(t->result[i].machine, machine))
			continue;
		if (!first)
			first = &t->result[i];
		else
			more++;
	}
	if (more)
		snprintf(text, sizeof(text),
			 "; and %zu more of other machines", more);
	if (first)
		left_out_add(&t->left_out, "%s: another machine: %s%s",
			     first->path, first->machine, text);
}

/* Keep the results of one machine in one unit. */
static int keep_machine(struct trend *t, const struct trend_result *chosen)
{
	char *machine = strdup(chosen->machine);
	const char *unit = chosen->unit_name;
	size_t kept = 0;

	t->counted = chosen->counted;
	t->unit_name = unit;
	if (!machine)
		return -ENOMEM;
	leave_out_others(t, machine);
	for (size_t i = 0; i < t->nr; i++) {
		struct trend_result *r = &t->result[i];

		if (strcmp(r->machine, machine)) {
			free_result(r);
			continue;
		}
		if (strcmp(r->unit_name, unit))
			left_out_add(&t->left_out,
				     "%s: has %s, the newest result %s: compare times, with --unit=ns",
				     r->path, r->unit_name, unit);
		else if (!r->nr)
			left_out_add(&t->left_out,
				     "%s: has no quiet figure of these points",
				     r->path);
		else {
			t->result[kept++] = *r;
			continue;
		}
		free_result(r);
	}
	t->nr = kept;
	free(machine);
	return 0;
}

int trend_read(struct trend *t, size_t nr, char *const *names,
	       struct errmsg *msg)
{
	const struct trend_result *chosen;
	struct collection c;
	int err = collection_open(&c, nr, names, &t->left_out, msg);

	if (!err && read_all(t, &c))
		err = errmsg_set(msg, -ENOMEM, "out of memory");
	collection_close(&c);
	if (err)
		return err;
	chosen = choose_machine(t);
	if (!chosen && t->nr)
		return errmsg_set(msg, -EINVAL, "no result is of host %.80s, the first is of %.80s",
				  t->request.host, t->result[0].host);
	if (chosen && keep_machine(t, chosen))
		return errmsg_set(msg, -ENOMEM, "out of memory");
	if (!t->nr)
		return errmsg_set(msg, -EINVAL, "no result to be believed: %.400s",
				  t->left_out.nr ? t->left_out.text[0] :
				  "no file *.json or counts*.txt");
	trend_order(t);
	return 0;
}

void trend_close(struct trend *t)
{
	for (size_t i = 0; i < t->nr; i++)
		free_result(&t->result[i]);
	free(t->result);
	for (size_t i = 0; i < t->nr_series; i++) {
		free(t->series[i].result);
		free(t->series[i].cost);
		free(t->series[i].change);
	}
	free(t->series);
	left_out_free(&t->left_out);
}
