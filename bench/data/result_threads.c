// SPDX-License-Identifier: GPL-2.0
/* The field "threaded" of a result file: its check, and reading it. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "data/result_internal.h"
#include "data/result_threads.h"

#define MAX_RATE 1e15

/* Null, or a number from 0 to MAX_RATE. */
static bool number_ok(const json_t *v)
{
	return json_is_null(v) || (json_is_number(v) &&
		json_number_value(v) >= 0 && json_number_value(v) <= MAX_RATE);
}

static int check_interval(const struct result_place *at, const json_t *o,
			  const char *key)
{
	const json_t *v = json_object_get(o, key);

	if (json_is_object(v) && number_ok(json_object_get(v, "median")) &&
	    number_ok(json_object_get(v, "lo")) &&
	    number_ok(json_object_get(v, "hi")))
		return 0;
	return result_refuse(at, key,
			     "not an object of median, lo and hi, each null or a number that is not negative");
}

static int check_thread(const struct result_place *at, const json_t *v)
{
	const json_t *cpu = json_object_get(v, "cpu");
	int err;

	if (!json_is_object(v))
		return result_refuse(at, "thread", "has an element that is not an object");
	if (!json_is_integer(cpu) || json_integer_value(cpu) < 0 ||
	    json_integer_value(cpu) > 1 << 24)
		return result_refuse(at, "cpu", "not the number of a CPU");
	err = check_interval(at, v, "rate");
	return err ? err : check_interval(at, v, "cycles");
}

int result_check_threads(const struct result_place *at, const json_t *entry,
			 const struct point *p)
{
	const json_t *t = json_object_get(entry, "threaded"), *list, *v;
	struct result_place here = *at;
	size_t i;
	int err;

	if (!t)
		return p->threading ?
			result_refuse(at, "threaded", "missing") : 0;
	if (!json_is_object(t) || !p->threading)
		return result_refuse(at, "threaded", json_is_object(t) ?
				     "the point has no threads" :
				     "not an object");
	snprintf(here.in, sizeof(here.in), "%.40s.threaded", at->in);
	list = json_object_get(t, "thread");
	if (!json_is_array(list) || json_array_size(list) != p->threads)
		return result_refuse(&here, "thread",
				     "not an array of as many threads as the name has");
	err = check_interval(&here, t, "total");
	if (!err)
		err = check_interval(&here, t, "fairness");
	if (!err && json_object_get(t, "retries"))
		err = check_interval(&here, t, "retries");
	json_array_foreach(list, i, v)
		if (!err)
			err = check_thread(&here, v);
	return err;
}

static double number_or(const json_t *v, double none)
{
	return json_is_number(v) ? json_number_value(v) : none;
}

static struct estimate read_interval(const json_t *o, const char *key)
{
	const json_t *v = json_object_get(o, key);

	return (struct estimate){
		.mid = number_or(json_object_get(v, "median"), NAN),
		.lo = number_or(json_object_get(v, "lo"), -INFINITY),
		.hi = number_or(json_object_get(v, "hi"), INFINITY),
	};
}

bool result_threads(const struct result_point *p, struct result_threads *t)
{
	const json_t *o = json_object_get(p->json, "threaded"), *list, *v;
	size_t i;

	memset(t, 0, sizeof(*t));
	if (!o)
		return false;
	t->total = read_interval(o, "total");
	t->fairness = read_interval(o, "fairness");
	t->retries = read_interval(o, "retries");
	t->oversubscribed = json_is_true(json_object_get(o, "oversubscribed"));
	list = json_object_get(o, "thread");
	t->nr = json_array_size(list);
	json_array_foreach(list, i, v) {
		struct estimate rate = read_interval(v, "rate");

		if (!i || rate.mid < t->least.mid)
			t->least = rate;
		if (!i || rate.mid > t->most.mid)
			t->most = rate;
	}
	return true;
}
