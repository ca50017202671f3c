// SPDX-License-Identifier: GPL-2.0
/* The checks of a result file; pfbench-results(5) documents its fields. */
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/add_cycles.h"
#include "data/result_internal.h"

#define LEN(a) (sizeof(a) / sizeof(*(a)))

/* More than any run has, and few enough to sum over. */
#define MAX_TWINS 1000000

/* Above this a number is a mistake; its square is still a finite number. */
#define LIMIT 1e12

int result_refuse(const struct result_place *at, const char *key,
		  const char *fault)
{
	return errmsg_set(at->msg, -EINVAL, "%s: %s%s%s: %s", at->path, at->in,
			  *at->in && *key ? "." : "", key, fault);
}

/* A number in [min, max]. */
struct number_field {
	const char *key;
	bool required;
	double min, max;
	size_t to;		/* offset of a double, or NOT_KEPT */
};

#define NOT_KEPT SIZE_MAX

static const struct number_field context_numbers[] = {
	{ "ns_per_tick", true, 1e-6, 1e6,
	  offsetof(struct result, ns_per_tick) },
	{ "ticks_per_cycle", false, 1e-6, 1e6,
	  offsetof(struct result, ticks_per_cycle) },
	{ "quantum_ticks", false, 0, LIMIT,
	  offsetof(struct result, quantum_ticks) },
	{ "quiet_ticks", false, 0, LIMIT, NOT_KEPT },
	{ "floor_ticks", false, 0, LIMIT, NOT_KEPT },
};

static const struct number_field entry_numbers[] = {
	{ "ticks", true, -LIMIT, LIMIT,
	  offsetof(struct result_entry, cost.mid) },
	{ "ticks_lo", false, -LIMIT, LIMIT,
	  offsetof(struct result_entry, cost.lo) },
	{ "ticks_hi", false, -LIMIT, LIMIT,
	  offsetof(struct result_entry, cost.hi) },
};

static const struct number_field entry_cycles[] = {
	{ "cycles", true, -LIMIT, LIMIT,
	  offsetof(struct result_entry, cost.mid) },
	{ "cycles_lo", false, -LIMIT, LIMIT,
	  offsetof(struct result_entry, cost.lo) },
	{ "cycles_hi", false, -LIMIT, LIMIT,
	  offsetof(struct result_entry, cost.hi) },
};

static const struct number_field counter_numbers[] = {
	{ "per_op", true, -LIMIT, LIMIT, NOT_KEPT },
	{ "lo", false, -LIMIT, LIMIT, NOT_KEPT },
	{ "hi", false, -LIMIT, LIMIT, NOT_KEPT },
};

/* Numbers that are missing leave their members of @out as they are. */
static int get_numbers(const struct result_place *at, const json_t *object,
		       const struct number_field *field, size_t nr, void *out)
{
	char text[80];
	double d;

	for (; nr; nr--, field++) {
		const json_t *v = json_object_get(object, field->key);

		if (!v && field->required)
			return result_refuse(at, field->key, "missing");
		if (!v)
			continue;
		if (!json_is_number(v))
			return result_refuse(at, field->key, "not a number");
		d = json_number_value(v);
		if (!(d >= field->min && d <= field->max)) {
			snprintf(text, sizeof(text), "%g is not in %g to %g", d,
				 field->min, field->max);
			return result_refuse(at, field->key, text);
		}
		if (field->to != NOT_KEPT)
			*(double *)((char *)out + field->to) = d;
	}
	return 0;
}

/* An optional integer in [min, max]; @value is unchanged without one. */
static int get_integer(const struct result_place *at, const json_t *object,
		       const char *key, json_int_t min, json_int_t max,
		       json_int_t *value)
{
	const json_t *v = json_object_get(object, key);
	char text[80];
	json_int_t i;

	if (!v)
		return 0;
	if (!json_is_integer(v))
		return result_refuse(at, key, "not an integer");
	i = json_integer_value(v);
	if (i < min || i > max) {
		snprintf(text, sizeof(text), "%lld is not in %lld to %lld",
			 (long long)i, (long long)min, (long long)max);
		return result_refuse(at, key, text);
	}
	*value = i;
	return 0;
}

static int get_rounds(const struct result_place *at, const json_t *object,
		      json_int_t *quiet)
{
	json_int_t rounds = LLONG_MAX;
	int err = get_integer(at, object, "rounds", 0, LLONG_MAX, &rounds);

	return err ? err :
		get_integer(at, object, "rounds_quiet", 0, rounds, quiet);
}

static int get_bool(const struct result_place *at, const json_t *object,
		    const char *key, bool *value)
{
	const json_t *v = json_object_get(object, key);

	if (v && !json_is_boolean(v))
		return result_refuse(at, key, "not true or false");
	if (v)
		*value = json_is_true(v);
	return 0;
}

/* Names of events appear in tables: printable, and below 100 characters. */
static bool event_name_ok(const char *name)
{
	size_t i;

	for (i = 0; name[i]; i++)
		if (name[i] <= ' ' || name[i] > '~')
			return false;
	return i > 0 && i < 100;
}

/* Strings of a file are printed for people: one line of ASCII each. */
static void sanitise(json_t *string)
{
	char *copy = strdup(json_string_value(string)), *c;

	for (c = copy; c && *c; c++)
		if (*c < ' ' || *c > '~')
			*c = '?';
	if (!copy || json_string_set(string, copy))
		json_string_set(string, "");
	free(copy);
}

static int check_strings(const struct result_place *at, json_t *object)
{
	static const char *const keys[] = {
		"version", "commit", "compiler", "cflags", "backend", "arch",
		"cpu_model", "cpu_id", "microcode", "mitigations", "kernel",
		"command_line", "hvo", "governor", "turbo", "smt",
		"hypervisor", "transparent_hugepage", "cpu_kind",
		"tick_source", "cycle_source", "host_name",
	};
	const char *key;
	json_t *v;

	for (size_t i = 0; i < LEN(keys); i++) {
		v = json_object_get(object, keys[i]);
		if (v && !json_is_string(v))
			return result_refuse(at, keys[i], "not a string");
	}
	json_object_foreach(object, key, v)
		if (json_is_string(v))
			sanitise(v);
	return 0;
}

static int check_lists(const struct result_place *at, const json_t *pfbench)
{
	json_t *dropped = json_object_get(pfbench, "dropped");
	json_t *counters = json_object_get(pfbench, "counters");
	json_t *list = json_object_get(pfbench, "disturbances");
	const char *key;
	json_t *v;
	size_t i;

	if (dropped && !json_is_object(dropped))
		return result_refuse(at, "dropped", "not an object");
	json_object_foreach(dropped, key, v)
		if (!json_is_integer(v) || json_integer_value(v) < 0)
			return result_refuse(at, "dropped",
					     "has a value that is not a count");
	if (counters && !json_is_object(counters))
		return result_refuse(at, "counters", "not an object");
	json_object_foreach(counters, key, v) {
		if (!event_name_ok(key))
			return result_refuse(at, "counters",
					     "has a key that is not the name of an event");
		if (!json_is_string(v))
			return result_refuse(at, "counters",
					     "has a value that is not a string");
		sanitise(v);
	}
	if (list && !json_is_array(list))
		return result_refuse(at, "disturbances", "not an array");
	json_array_foreach(list, i, v) {
		if (!json_is_string(v))
			return result_refuse(at, "disturbances",
					     "has a value that is not a string");
		sanitise(v);
	}
	return 0;
}

static int check_format(struct result_place *at, const json_t *pfbench,
			struct result *r)
{
	json_int_t format = 0;
	char text[80];
	int err = get_integer(at, pfbench, "format", 1, INT_MAX, &format);

	if (err)
		return err;
	if (!format)
		return result_refuse(at, "format", "missing");
	r->in_cycles = at->cycles = format >= 2;
	if (format <= RESULT_FORMAT)
		return 0;
	snprintf(text, sizeof(text),
		 "%d, but this pfbench reads up to %d: use a later pfbench",
		 (int)format, RESULT_FORMAT);
	return result_refuse(at, "format", text);
}

/* Optional; null too if @nullable. */
static int get_object(const struct result_place *at, const json_t *object,
		      const char *key, bool nullable, const json_t **value)
{
	const json_t *v = json_object_get(object, key);

	*value = NULL;
	if (!v || (nullable && json_is_null(v)))
		return 0;
	if (!json_is_object(v))
		return result_refuse(at, key, nullable ?
				     "not an object or null" : "not an object");
	*value = v;
	return 0;
}

/* A required integer in [0, max]. */
static int get_count(const struct result_place *at, const json_t *object,
		     const char *key, json_int_t max, json_int_t *value)
{
	return json_object_get(object, key) ?
		get_integer(at, object, key, 0, max, value) :
		result_refuse(at, key, "missing");
}

/* The twins of a run, and the smallest difference that it resolves. */
static int check_trust(const struct result_place *at, const json_t *pfbench)
{
	static const char *const modes[] = { "throughput", "latency" };
	static const struct number_field fields[] = {
		{ "seconds", true, 1e-6, 1e6, NOT_KEPT },
		{ "cycles", true, 0, LIMIT, NOT_KEPT },
	};
	struct result_place here = *at;
	json_int_t measured = 0, equal;
	const json_t *twins, *resolution, *mode;
	int err = get_object(at, pfbench, "twins", false, &twins);

	snprintf(here.in, sizeof(here.in), "%.40s.twins", at->in);
	if (!err && twins)
		err = get_count(&here, twins, "measured", MAX_TWINS, &measured);
	if (!err && twins)
		err = get_count(&here, twins, "equal", measured, &equal);
	if (!err)
		err = get_object(at, pfbench, "resolution", false, &resolution);
	for (size_t i = 0; !err && i < LEN(modes); i++) {
		snprintf(here.in, sizeof(here.in), "%.40s.resolution", at->in);
		err = get_object(&here, resolution, modes[i], true, &mode);
		snprintf(here.in, sizeof(here.in), "%.40s.resolution.%s",
			 at->in, modes[i]);
		if (!err && mode)
			err = get_numbers(&here, mode, fields, LEN(fields),
					  NULL);
	}
	return err;
}

/*
 * The unit of figures in cycles. A counter has the cycle; the reference loop a
 * dependent add, whose length the run recorded, null if it is unknown. Runs
 * without that field are of a CPU that the table may know.
 */
static int get_cycle_length(const struct result_place *at,
			    const json_t *pfbench, struct result *r)
{
	static const struct number_field field[] = {
		{ "cycles_per_add", false, 1e-3, 1e3,
		  offsetof(struct result, cycles_per_unit) },
	};
	const char *source =
		json_string_value(json_object_get(pfbench, "cycle_source"));
	const json_t *add = json_object_get(pfbench, "cycles_per_add");
	int err = json_is_null(add) ? 0 :
		get_numbers(at, pfbench, field, LEN(field), r);

	if (!err && source && !strcmp(source, "counter"))
		r->cycles_per_unit = 1;
	else if (!err && !add)
		r->cycles_per_unit = add_cycles(&(struct add_cycles_cpu){
			.arch = result_context(r, "arch"),
			.model = result_context(r, "cpu_model"),
			.id = json_string_value(json_object_get(pfbench, "cpu_id")) });
	if (!r->in_cycles || !source ||
	    (strcmp(source, "counter") && strcmp(source, "reference loop")))
		r->cycles_per_unit = NAN;
	return err;
}

static int check_pfbench(struct result_place *at, json_t *pfbench,
			 struct result *r)
{
	static const struct { const char *key; json_int_t max; } integers[] = {
		{ "cpu", INT_MAX }, { "node", INT_MAX },
		{ "steal_ticks", LLONG_MAX },
		{ "cpu_moves", LLONG_MAX }, { "abi", INT_MAX },
	};
	json_int_t ignored;
	int err = check_format(at, pfbench, r);

	if (!err)
		err = get_numbers(at, pfbench, context_numbers,
				  LEN(context_numbers), r);
	if (!err && at->cycles && isnan(r->ticks_per_cycle))
		err = result_refuse(at, "ticks_per_cycle", "missing");
	if (!err)
		err = get_rounds(at, pfbench, &ignored);
	for (size_t i = 0; !err && i < LEN(integers); i++)
		err = get_integer(at, pfbench, integers[i].key, -1,
				  integers[i].max, &ignored);
	if (!err)
		err = get_bool(at, pfbench, "partial", &r->partial);
	if (!err)
		err = check_strings(at, pfbench);
	if (!err)
		err = get_cycle_length(at, pfbench, r);
	if (!err)
		err = check_trust(at, pfbench);
	return err ? err : check_lists(at, pfbench);
}

int result_check_context(struct result_place *at, struct result *r)
{
	json_t *context = json_object_get(r->root, "context");
	json_t *pfbench = json_object_get(context, "pfbench");
	int err;

	*at->in = '\0';
	if (json_object_get(r->root, "pfbench_race"))
		return errmsg_set(at->msg, -EINVAL,
				  "%s: a race file, which 'pfbench race FILE' shows",
				  at->path);
	if (!context)
		return result_refuse(at, "context",
				     "missing: not a result file");
	if (!json_is_object(context))
		return result_refuse(at, "context", "not an object");
	if (!pfbench)
		return result_refuse(at, "context.pfbench",
				     "missing: not written by pfbench run");
	if (!json_is_object(pfbench))
		return result_refuse(at, "context.pfbench", "not an object");
	r->context = context;
	r->pfbench = pfbench;
	strcpy(at->in, "context.pfbench");
	err = check_pfbench(at, pfbench, r);
	if (err)
		return err;
	strcpy(at->in, "context");
	return check_strings(at, context);
}

static int check_samples(const struct result_place *at, struct result_entry *e)
{
	char key[40];
	json_t *v;
	size_t i;

	e->samples = json_object_get(e->json, "samples");
	if (!e->samples)
		return 0;
	if (!json_is_array(e->samples))
		return result_refuse(at, "samples", "not an array");
	e->cost.n = 0;
	json_array_foreach(e->samples, i, v) {
		if (json_is_null(v))
			continue;
		e->cost.n++;
		snprintf(key, sizeof(key), "samples[%zu]", i);
		if (!json_is_number(v))
			return result_refuse(at, key, "not a number or null");
		if (!(fabs(json_number_value(v)) <= LIMIT))
			return result_refuse(at, key, "too large");
	}
	return 0;
}

static int check_counters(const struct result_place *at, json_t *counters)
{
	struct result_place here = *at;
	const char *key;
	json_t *v;
	int err = 0;

	if (counters && !json_is_object(counters))
		return result_refuse(at, "counters", "not an object");
	json_object_foreach(counters, key, v) {
		if (!event_name_ok(key))
			return result_refuse(at, "counters",
					     "has a key that is not the name of an event");
		snprintf(here.in, sizeof(here.in), "%.40s.counters.%s", at->in,
			 key);
		err = !json_is_object(v) ?
			result_refuse(&here, "", "not an object") :
			get_numbers(&here, v, counter_numbers,
				    LEN(counter_numbers), NULL);
		if (err)
			break;
	}
	return err;
}

static int check_figures(const struct result_place *at, struct result_entry *e,
			 size_t nr)
{
	json_int_t quiet = 0;
	int err;

	e->cost.lo = -INFINITY;
	e->cost.hi = INFINITY;
	err = at->cycles ?
		get_numbers(at, e->json, entry_cycles, LEN(entry_cycles), e) :
		get_numbers(at, e->json, entry_numbers, LEN(entry_numbers), e);
	if (!err && e->cost.lo > e->cost.hi)
		err = at->cycles ?
			result_refuse(at, "cycles_lo", "above cycles_hi") :
			result_refuse(at, "ticks_lo", "above ticks_hi");
	if (!err)
		err = get_rounds(at, e->json, &quiet);
	e->cost.n = quiet;
	/* each repetition has an entry of its own: none has a higher number */
	if (!err)
		err = get_integer(at, e->json, "repetition_index", 0, nr - 1,
				  &e->repetition);
	if (!err)
		err = get_bool(at, e->json, "contended", &e->contended);
	return err ? err : check_samples(at, e);
}

int result_check_entry(struct result_place *at, json_t *v, size_t index,
		       size_t nr, struct result_entry *e)
{
	const char *name, *type;
	struct errmsg msg;
	int err;

	memset(e, 0, sizeof(*e));
	e->json = v;
	e->index = index;
	snprintf(at->in, sizeof(at->in), "benchmarks[%zu]", index);
	if (!json_is_object(v))
		return result_refuse(at, "", "not an object");
	type = json_string_value(json_object_get(v, "run_type"));
	if ((type && strcmp(type, "iteration")) ||
	    json_is_true(json_object_get(v, "error_occurred")))
		return 0;
	name = json_string_value(json_object_get(v, "name"));
	if (!name)
		return result_refuse(at, "name", "missing, or not a string");
	if (point_parse(name, &e->point, &msg))
		return result_refuse(at, "name", msg.text);
	err = check_figures(at, e, nr);
	if (!err)
		err = check_counters(at, json_object_get(v, "counters"));
	if (!err)
		err = result_check_threads(at, v, &e->point);
	return err ? err : 1;
}
