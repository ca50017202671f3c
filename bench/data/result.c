// SPDX-License-Identifier: GPL-2.0
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "data/counts_file.h"
#include "lib/atomic_file.h"
#include "data/result.h"

/* Beyond this a number is a mistake, and squares of it still are numbers. */
#define LIMIT 1e12
/* All samples of a file, padding included: half a gigabyte. */
#define MAX_SAMPLES (1UL << 26)

/* Where we are in a file, for the one line that says so. */
struct place {
	const char *path;
	struct errmsg *msg;
	char in[200];		/* "benchmarks[3]", "context.pfbench" */
};

static int refuse(const struct place *at, const char *key, const char *what)
{
	return errmsg_set(at->msg, -EINVAL, "%s: %s%s%s: %s", at->path, at->in,
		       *at->in && *key ? "." : "", key, what);
}

enum need { OPTIONAL, REQUIRED };

/* A number in [min, max]; @value stays as it is where there is none. */
static int get_number(const struct place *at, const json_t *object,
		      const char *key, enum need need, double min, double max,
		      double *value)
{
	const json_t *v = json_object_get(object, key);
	char text[80];
	double d;

	if (!v)
		return need == REQUIRED ? refuse(at, key, "missing") : 0;
	if (!json_is_number(v))
		return refuse(at, key, "not a number");
	d = json_number_value(v);
	if (!(d >= min && d <= max)) {
		snprintf(text, sizeof(text), "%g is not in %g to %g", d, min,
			 max);
		return refuse(at, key, text);
	}
	*value = d;
	return 0;
}

static int get_integer(const struct place *at, const json_t *object,
		       const char *key, enum need need, json_int_t min,
		       json_int_t max, json_int_t *value)
{
	const json_t *v = json_object_get(object, key);
	char text[80];
	json_int_t i;

	if (!v)
		return need == REQUIRED ? refuse(at, key, "missing") : 0;
	if (!json_is_integer(v))
		return refuse(at, key, "not an integer");
	i = json_integer_value(v);
	if (i < min || i > max) {
		snprintf(text, sizeof(text), "%lld is not in %lld to %lld",
			 (long long)i, (long long)min, (long long)max);
		return refuse(at, key, text);
	}
	*value = i;
	return 0;
}

static int get_bool(const struct place *at, const json_t *object,
		    const char *key, bool *value)
{
	const json_t *v = json_object_get(object, key);

	if (!v)
		return 0;
	if (!json_is_boolean(v))
		return refuse(at, key, "not true or false");
	*value = json_is_true(v);
	return 0;
}

/* Names of events end up in tables: printable, and not endless. */
static bool event_name_ok(const char *name)
{
	size_t i;

	for (i = 0; name[i]; i++)
		if (name[i] <= ' ' || name[i] > '~')
			return false;
	return i > 0 && i < 100;
}

/* Strings of a file are shown to people: one line of ASCII each. */
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

static int check_strings(const struct place *at, json_t *object)
{
	static const char *const keys[] = {
		"version", "commit", "compiler", "cflags", "backend", "arch",
		"cpu_model", "microcode", "mitigations", "kernel",
		"command_line", "hvo", "governor", "turbo", "smt",
		"hypervisor", "transparent_hugepage", "cpu_kind",
		"tick_source",
	};
	const char *key;
	json_t *v;
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		v = json_object_get(object, keys[i]);
		if (v && !json_is_string(v))
			return refuse(at, keys[i], "not a string");
	}
	json_object_foreach(object, key, v)
		if (json_is_string(v))
			sanitise(v);
	return 0;
}

static int check_lists(const struct place *at, const json_t *pfbench)
{
	const json_t *dropped = json_object_get(pfbench, "dropped");
	const json_t *counters = json_object_get(pfbench, "counters");
	const json_t *list = json_object_get(pfbench, "disturbances");
	const char *key;
	json_t *v;
	size_t i;

	if (dropped && !json_is_object(dropped))
		return refuse(at, "dropped", "not an object");
	json_object_foreach((json_t *)dropped, key, v)
		if (!json_is_integer(v) || json_integer_value(v) < 0)
			return refuse(at, "dropped", "holds what is no count");
	if (counters && !json_is_object(counters))
		return refuse(at, "counters", "not an object");
	json_object_foreach((json_t *)counters, key, v) {
		if (!event_name_ok(key))
			return refuse(at, "counters", "no name of an event");
		if (!json_is_string(v))
			return refuse(at, "counters", "holds what is no string");
		sanitise(v);
	}
	if (list && !json_is_array(list))
		return refuse(at, "disturbances", "not an array");
	json_array_foreach(list, i, v) {
		if (!json_is_string(v))
			return refuse(at, "disturbances",
				      "holds what is no string");
		sanitise(v);
	}
	return 0;
}

static int check_numbers(const struct place *at, const json_t *pfbench,
			 struct result *r)
{
	json_int_t rounds = LLONG_MAX, ignored;
	double floor_ticks;
	int err;

	err = get_number(at, pfbench, "ns_per_tick", REQUIRED, 1e-6, 1e6,
			 &r->ns_per_tick);
	if (!err)
		err = get_number(at, pfbench, "ticks_per_cycle", OPTIONAL,
				 1e-6, 1e6, &r->ticks_per_cycle);
	if (!err)
		err = get_number(at, pfbench, "quantum_ticks", OPTIONAL, 0,
				 LIMIT, &r->quantum_ticks);
	if (!err)
		err = get_number(at, pfbench, "quiet_ticks", OPTIONAL, 0, LIMIT,
				 &floor_ticks);
	if (!err)
		err = get_number(at, pfbench, "floor_ticks", OPTIONAL, 0, LIMIT,
				 &floor_ticks);
	if (!err)
		err = get_integer(at, pfbench, "rounds", OPTIONAL, 0, LLONG_MAX,
				  &rounds);
	if (!err)
		err = get_integer(at, pfbench, "rounds_quiet", OPTIONAL, 0,
				  rounds, &ignored);
	if (!err)
		err = get_integer(at, pfbench, "cpu", OPTIONAL, -1, INT_MAX,
				  &ignored);
	if (!err)
		err = get_integer(at, pfbench, "node", OPTIONAL, -1, INT_MAX,
				  &ignored);
	if (!err)
		err = get_integer(at, pfbench, "steal_ticks", OPTIONAL, -1,
				  LLONG_MAX, &ignored);
	if (!err)
		err = get_bool(at, pfbench, "partial", &r->partial);
	return err;
}

static int check_context(struct place *at, struct result *r)
{
	json_t *context = json_object_get(r->root, "context");
	json_t *pfbench = json_object_get(context, "pfbench");
	json_int_t format = 0;
	char text[80];
	int err;

	if (!context)
		return refuse(at, "context", "missing: no result file");
	if (!json_is_object(context))
		return refuse(at, "context", "not an object");
	if (!pfbench)
		return refuse(at, "context.pfbench",
			      "missing: not written by pfbench run");
	if (!json_is_object(pfbench))
		return refuse(at, "context.pfbench", "not an object");
	r->context = context;
	r->pfbench = pfbench;

	strcpy(at->in, "context.pfbench");
	err = get_integer(at, pfbench, "format", REQUIRED, 1, INT_MAX, &format);
	if (err)
		return err;
	if (format > RESULT_FORMAT) {
		snprintf(text, sizeof(text),
			 "%d, but this pfbench reads up to %d: take a later one",
			 (int)format, RESULT_FORMAT);
		return refuse(at, "format", text);
	}
	err = check_numbers(at, pfbench, r);
	if (!err)
		err = check_strings(at, pfbench);
	if (!err)
		err = check_lists(at, pfbench);
	if (err)
		return err;

	strcpy(at->in, "context");
	if (json_object_get(context, "host_name") &&
	    !json_is_string(json_object_get(context, "host_name")))
		return refuse(at, "host_name", "not a string");
	return check_strings(at, context);
}

/* One entry of benchmarks: a point in one repetition. */
struct entry {
	struct point point;
	size_t index;			/* in benchmarks */
	json_int_t repetition;
	struct estimate ticks;
	bool contended;
	const json_t *samples;		/* NULL: none */
	const json_t *json;
};

static int check_samples(const struct place *at, const json_t *samples)
{
	const char *what;
	char key[40];
	json_t *v;
	size_t i;

	if (!json_is_array(samples))
		return refuse(at, "samples", "not an array");
	json_array_foreach(samples, i, v) {
		if (json_is_null(v))
			continue;
		if (!json_is_number(v))
			what = "not a number or null";
		else if (!(fabs(json_number_value(v)) <= LIMIT))
			what = "too large";
		else
			continue;
		snprintf(key, sizeof(key), "samples[%zu]", i);
		return refuse(at, key, what);
	}
	return 0;
}

static int check_counters(const struct place *at, const json_t *counters)
{
	struct place here = *at;
	double ignored;
	const char *key;
	json_t *v;
	int err = 0;

	if (!counters)
		return 0;
	if (!json_is_object(counters))
		return refuse(at, "counters", "not an object");
	json_object_foreach((json_t *)counters, key, v) {
		if (!event_name_ok(key))
			return refuse(at, "counters", "no name of an event");
		snprintf(here.in, sizeof(here.in), "%s.counters.%s", at->in,
			 key);
		if (!json_is_object(v))
			return refuse(&here, "", "not an object");
		err = get_number(&here, v, "per_op", REQUIRED, -LIMIT, LIMIT,
				 &ignored);
		if (!err)
			err = get_number(&here, v, "lo", OPTIONAL, -LIMIT, LIMIT,
					 &ignored);
		if (!err)
			err = get_number(&here, v, "hi", OPTIONAL, -LIMIT, LIMIT,
					 &ignored);
		if (err)
			break;
	}
	return err;
}

static int check_figures(const struct place *at, struct entry *e, size_t nr)
{
	json_int_t rounds = LLONG_MAX, quiet = 0;
	json_t *v;
	size_t i;
	int err;

	e->ticks.lo = -INFINITY;
	e->ticks.hi = INFINITY;
	err = get_number(at, e->json, "ticks", REQUIRED, -LIMIT, LIMIT,
			 &e->ticks.mid);
	if (!err)
		err = get_number(at, e->json, "ticks_lo", OPTIONAL, -LIMIT,
				 LIMIT, &e->ticks.lo);
	if (!err)
		err = get_number(at, e->json, "ticks_hi", OPTIONAL, -LIMIT,
				 LIMIT, &e->ticks.hi);
	if (!err && e->ticks.lo > e->ticks.hi)
		err = refuse(at, "ticks_lo", "above ticks_hi");
	if (!err)
		err = get_integer(at, e->json, "rounds", OPTIONAL, 0,
				  LLONG_MAX, &rounds);
	if (!err)
		err = get_integer(at, e->json, "rounds_quiet", OPTIONAL, 0,
				  rounds, &quiet);
	/* each repetition has an entry of its own, so there is no higher */
	if (!err)
		err = get_integer(at, e->json, "repetition_index", OPTIONAL, 0,
				  nr - 1, &e->repetition);
	if (!err)
		err = get_bool(at, e->json, "contended", &e->contended);
	if (err)
		return err;
	e->ticks.n = quiet;
	e->samples = json_object_get(e->json, "samples");
	if (!e->samples)
		return 0;
	err = check_samples(at, e->samples);
	e->ticks.n = 0;
	json_array_foreach(e->samples, i, v)
		e->ticks.n += !json_is_null(v);
	return err;
}

/* Return: 1 an entry, 0 one to pass over, or a negative errno. */
static int check_entry(struct place *at, json_t *v, size_t index, size_t nr,
		       struct entry *e)
{
	const char *name, *type;
	struct errmsg msg;
	int err;

	memset(e, 0, sizeof(*e));
	e->json = v;
	e->index = index;
	snprintf(at->in, sizeof(at->in), "benchmarks[%zu]", index);
	if (!json_is_object(v))
		return refuse(at, "", "not an object");
	/* what Google Benchmark works out of others, or gave up */
	type = json_string_value(json_object_get(v, "run_type"));
	if ((type && strcmp(type, "iteration")) ||
	    json_is_true(json_object_get(v, "error_occurred")))
		return 0;
	name = json_string_value(json_object_get(v, "name"));
	if (!name)
		return refuse(at, "name", "missing, or not a string");
	err = point_parse(name, &e->point, &msg);
	if (err)
		return refuse(at, "name", msg.text);
	err = check_figures(at, e, nr);
	if (!err)
		err = check_counters(at, json_object_get(v, "counters"));
	return err ? err : 1;
}

static int compare_entries(const void *pa, const void *pb)
{
	const struct entry *a = pa, *b = pb;
	int d = point_compare(&a->point, &b->point);

	if (!d)
		d = (a->repetition > b->repetition) -
			(a->repetition < b->repetition);
	return d ? d : (a->index > b->index) - (a->index < b->index);
}

/*
 * Where in a joined array the samples of a repetition start: behind the
 * longest of each earlier one, so that one index is one round for all points,
 * even if some lack a repetition. @nr is above the highest repetition.
 */
static size_t *repetition_offsets(const struct entry *e, size_t n, size_t nr)
{
	size_t *offset = calloc(nr + 1, sizeof(*offset));
	size_t i, r, len;

	if (!offset)
		return NULL;
	for (i = 0; i < n; i++) {
		len = json_array_size(e[i].samples);
		r = e[i].repetition + 1;
		if (len > offset[r])
			offset[r] = len;
	}
	for (i = 1; i <= nr; i++)
		offset[i] += offset[i - 1];
	return offset;
}

/* Join the repetitions of one point, @n entries from @e on. */
static int join(const struct entry *e, size_t n, const size_t *offset,
		struct result_point *p, size_t *total)
{
	bool sampled = true, clean = false;
	double *tick;
	json_t *v;
	size_t i, k, size;

	p->point = e->point;
	point_name(&p->point, p->name);
	p->json = e->json;
	for (i = 0; i < n; i++) {
		sampled &= e[i].samples != NULL;
		clean |= !e[i].contended;
	}
	p->contended = !clean;
	size = n == 1 && !sampled ? 0 : offset[e[n - 1].repetition] +
		json_array_size(e[n - 1].samples);
	*total += size;
	if (*total > MAX_SAMPLES)
		return -EFBIG;
	p->sample = malloc((size + 1) * sizeof(*p->sample));
	tick = malloc(n * sizeof(*tick));
	if (!p->sample || !tick) {
		free(tick);
		return -ENOMEM;
	}
	p->nr_samples = size;
	for (i = 0; i < size; i++)
		p->sample[i] = NAN;
	for (i = 0; i < n; i++) {
		/* one clean repetition makes contended ones dispensable */
		bool keep = !e[i].contended || !clean;

		tick[i] = keep ? e[i].ticks.mid : NAN;
		json_array_foreach(e[i].samples, k, v)
			if (keep && !json_is_null(v))
				p->sample[offset[e[i].repetition] + k] =
					json_number_value(v);
	}
	if (n == 1)
		p->ticks = e->ticks;
	else if (sampled)
		p->ticks = stats_series(p->sample, size, 0.95);
	else
		p->ticks = stats_estimate(tick, n, 0.95);
	free(tick);
	return 0;
}

/* A point with its place in the file, which is the order they are left in. */
struct placed {
	size_t index;
	struct result_point point;
};

static int compare_placed(const void *pa, const void *pb)
{
	const struct placed *a = pa, *b = pb;

	return (a->index > b->index) - (a->index < b->index);
}

static int refuse_twice(struct place *at, const struct entry *e)
{
	char text[POINT_NAME_MAX + 80], name[POINT_NAME_MAX];

	point_name(&e->point, name);
	snprintf(at->in, sizeof(at->in), "benchmarks[%zu]", e->index);
	snprintf(text, sizeof(text), "repetition %lld of %s is there twice",
		 (long long)e->repetition, name);
	return refuse(at, "repetition_index", text);
}

/* @e sorted by point and repetition */
static int join_entries(struct place *at, const struct entry *e, size_t n,
			size_t nr, struct result *r)
{
	size_t *offset = repetition_offsets(e, n, nr);
	struct placed *placed = calloc(n + 1, sizeof(*placed));
	size_t i, k, points = 0, total = 0;
	int err = offset && placed ? 0 : -ENOMEM;

	for (i = 0; !err && i < n; i += k) {
		for (k = 1; i + k < n && !point_compare(&e[i].point, &e[i + k].point); k++)
			if (e[i + k].repetition == e[i + k - 1].repetition)
				err = refuse_twice(at, &e[i + k]);
		placed[points].index = e[i].index;
		if (!err)
			err = join(&e[i], k, offset, &placed[points++].point,
				   &total);
	}
	if (placed)
		qsort(placed, points, sizeof(*placed), compare_placed);
	r->point = calloc(points + 1, sizeof(*r->point));
	if (!r->point && !err)
		err = -ENOMEM;
	for (i = 0; i < points; i++) {
		if (r->point)
			r->point[r->nr_points++] = placed[i].point;
		else
			free(placed[i].point.sample);
	}
	free(placed);
	free(offset);
	if (err == -ENOMEM || err == -EFBIG)
		errmsg_set(at->msg, err, "%s: more samples than fit in memory",
			at->path);
	return err;
}

static int check_benchmarks(struct place *at, struct result *r)
{
	json_t *list = json_object_get(r->root, "benchmarks"), *v;
	size_t nr = json_array_size(list), n = 0, i;
	struct entry *entry;
	int got = 0, err;

	*at->in = '\0';
	if (!json_is_array(list))
		return refuse(at, "benchmarks", "missing, or not an array");
	entry = malloc((nr + 1) * sizeof(*entry));
	if (!entry)
		return errmsg_set(at->msg, -ENOMEM, "%s: out of memory", at->path);
	json_array_foreach(list, i, v) {
		got = check_entry(at, v, i, nr, &entry[n]);
		if (got < 0)
			break;
		n += got;
	}
	err = got < 0 ? got : 0;
	if (!err) {
		qsort(entry, n, sizeof(*entry), compare_entries);
		err = join_entries(at, entry, n, nr, r);
	}
	free(entry);
	return err;
}

static int parse(const char *path, json_t **root, struct errmsg *msg)
{
	struct stat st;
	json_error_t e;
	FILE *f;
	int first, err;

	f = fopen(path, "re");
	if (!f) {
		err = -errno;
		return errmsg_set(msg, err, "%s: %s", path, strerror(-err));
	}
	if (!fstat(fileno(f), &st) && S_ISDIR(st.st_mode)) {
		fclose(f);
		return errmsg_set(msg, -EISDIR, "%s: %s", path, strerror(EISDIR));
	}
	first = getc(f);
	ungetc(first, f);
	if (first == *COUNTS_MAGIC) {
		err = counts_parse(f, path, root, msg);
		fclose(f);
		return err;
	}
	*root = json_loadf(f, JSON_REJECT_DUPLICATES, &e);
	err = ferror(f) ? -EIO : -EINVAL;
	fclose(f);
	if (*root)
		return 0;
	if (err == -EIO)
		return errmsg_set(msg, err, "%s: %s", path, strerror(EIO));
	return errmsg_set(msg, err, "%s:%d:%d: %s: %s", path, e.line, e.column,
		       json_error_code(&e) == json_error_premature_end_of_input ?
		       "cut off" : "no JSON", e.text);
}

int result_take(json_t *root, const char *path, struct result *result,
		struct errmsg *msg)
{
	struct place at = { .path = path, .msg = msg };
	int err = 0;

	memset(result, 0, sizeof(*result));
	result->ticks_per_cycle = NAN;
	result->quantum_ticks = NAN;
	result->root = root;
	result->path = strdup(path);
	if (!result->path)
		err = errmsg_set(msg, -ENOMEM, "%s: out of memory", path);
	else if (!json_is_object(result->root))
		err = errmsg_set(msg, -EINVAL, "%s: not an object: no result file",
			      path);
	if (!err)
		err = check_context(&at, result);
	if (!err)
		err = check_benchmarks(&at, result);
	if (err)
		result_free(result);
	return err;
}

int result_load(const char *path, struct result *result, struct errmsg *msg)
{
	json_t *root;
	int err;

	memset(result, 0, sizeof(*result));
	err = parse(path, &root, msg);
	return err ? err : result_take(root, path, result, msg);
}

void result_free(struct result *result)
{
	size_t i;

	for (i = 0; i < result->nr_points; i++)
		free(result->point[i].sample);
	free(result->point);
	free(result->path);
	json_decref(result->root);
	memset(result, 0, sizeof(*result));
}

const struct result_point *result_find(const struct result *result,
				       const struct point *point)
{
	size_t i;

	for (i = 0; i < result->nr_points; i++)
		if (point_equal(&result->point[i].point, point))
			return &result->point[i];
	return NULL;
}

const char *result_context(const struct result *result, const char *key)
{
	const char *text;

	text = json_string_value(json_object_get(result->pfbench, key));
	if (!text)
		text = json_string_value(json_object_get(result->context, key));
	return text && *text ? text : "n/a (not recorded)";
}

/*
 * The context for a person to read, then an entry a line: a file of some
 * hundred points stays small, and a diff of two says which points differ.
 */
static int dump_text(FILE *f, const void *arg)
{
	const json_t *root = arg;
	const json_t *context = json_object_get(root, "context");
	const json_t *benchmarks = json_object_get(root, "benchmarks");
	const size_t precision = JSON_REAL_PRECISION(12);
	json_t *entry;
	size_t i;

	fputs("{\n\"context\": ", f);
	if (json_dumpf(context, f, JSON_INDENT(2) | precision))
		return -1;
	fputs(",\n\"benchmarks\": [", f);
	json_array_foreach(benchmarks, i, entry) {
		fputs(i ? ",\n" : "\n", f);
		if (json_dumpf(entry, f, JSON_COMPACT | precision))
			return -1;
	}
	return fputs("\n]\n}\n", f) == EOF || ferror(f) ? -1 : 0;
}

int result_write(const json_t *root, const char *path, struct errmsg *msg)
{
	return write_file_atomic(path, dump_text, root, msg);
}
