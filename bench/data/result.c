// SPDX-License-Identifier: GPL-2.0
/* Result files: reading, looking up and writing. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/counts_file.h"
#include "data/json.h"
#include "data/result_internal.h"
#include "lib/array.h"

static int check_benchmarks(struct result_place *at, struct result *r)
{
	json_t *list = json_object_get(r->root, "benchmarks"), *v;
	size_t nr = json_array_size(list), n = 0, i;
	struct result_entry *entry = NULL, *grown;
	int got = 0, err;

	*at->in = '\0';
	if (!json_is_array(list))
		return result_refuse(at, "benchmarks",
				     "missing, or not an array");
	json_array_foreach(list, i, v) {
		grown = array_grow(entry, n, sizeof(*entry));
		if (!grown) {
			got = errmsg_set(at->msg, -ENOMEM, "%s: out of memory",
					 at->path);
			break;
		}
		entry = grown;
		got = result_check_entry(at, v, i, nr, &entry[n]);
		if (got < 0)
			break;
		n += got;
	}
	err = got < 0 ? got : 0;
	if (!err)
		err = result_join(at, entry, n, nr, r);
	free(entry);
	return err;
}

static int read_root(struct input *in, json_t **root, struct errmsg *msg)
{
	if (input_is(in, COUNTS_MAGIC))
		return counts_parse(in, root, msg);
	if (input_is(in, "# pfbench code "))
		return errmsg_set(msg, -EINVAL,
				  "%s: a code table or listing, not a result (pfbench matrix reads code tables)",
				  in->name);
	return json_read(in, root, msg);
}

int result_take(json_t *root, const char *path, struct result *result,
		struct errmsg *msg)
{
	struct result_place at = { .path = path, .msg = msg };
	int err = 0;

	memset(result, 0, sizeof(*result));
	result->ticks_per_cycle = NAN;
	result->cycles_per_unit = NAN;
	result->quantum_ticks = NAN;
	result->root = root;
	result->path = strdup(path);
	if (!result->path)
		err = errmsg_set(msg, -ENOMEM, "%s: out of memory", path);
	else if (!json_is_object(result->root))
		err = errmsg_set(msg, -EINVAL,
				 "%s: not an object: not a result file", path);
	if (!err)
		err = result_check_context(&at, result);
	if (!err)
		err = check_benchmarks(&at, result);
	if (err)
		result_free(result);
	return err;
}

int result_read(struct input *in, struct result *result, struct errmsg *msg)
{
	json_t *root;
	int err;

	memset(result, 0, sizeof(*result));
	err = read_root(in, &root, msg);
	return err ? err : result_take(root, in->name, result, msg);
}

int result_load(const char *path, struct result *result, struct errmsg *msg)
{
	struct input in;
	int err;

	memset(result, 0, sizeof(*result));
	err = input_open(&in, path, msg);
	if (err)
		return err;
	err = result_read(&in, result, msg);
	input_close(&in);
	return err;
}

void result_free(struct result *result)
{
	size_t i;

	for (i = 0; i < result->nr_points; i++)
		free(result->point[i].sample);
	free(result->point);
	free(result->sorted);
	free(result->path);
	json_decref(result->root);
	memset(result, 0, sizeof(*result));
}

void result_drop_samples(struct result *result)
{
	json_t *list = json_object_get(result->root, "benchmarks"), *entry;
	size_t i;

	json_array_foreach(list, i, entry)
		json_object_del(entry, "samples");
}

static int compare_with_sorted(const void *key, const void *sorted)
{
	const struct result_point *const *p = sorted;

	return point_compare(key, &(*p)->point);
}

const struct result_point *result_find(const struct result *result,
				       const struct point *point)
{
	const struct result_point **found;

	if (!result->nr_points)
		return NULL;
	found = bsearch(point, result->sorted, result->nr_points,
			sizeof(*found), compare_with_sorted);
	return found ? *found : NULL;
}

const char *result_context(const struct result *result, const char *key)
{
	const char *text;

	text = json_string_value(json_object_get(result->pfbench, key));
	if (!text)
		text = json_string_value(json_object_get(result->context, key));
	return text && *text ? text : "n/a (not recorded)";
}

double result_number(const struct result *result, const char *key)
{
	const json_t *v = json_object_get(result->pfbench, key);

	return json_is_number(v) ? json_number_value(v) : NAN;
}

#define PRECISION JSON_REAL_PRECISION(12)

char *result_entry_text(const json_t *entry)
{
	return json_dumps(entry, JSON_COMPACT | PRECISION);
}

/*
 * The context indented for people, then one entry per line: a diff of two files
 * shows which points differ.
 */
int result_print(FILE *f, const void *arg)
{
	const struct result_text *text = arg;

	fputs("{\n\"context\": ", f);
	if (json_dumpf(text->context, f, JSON_INDENT(2) | PRECISION))
		return -1;
	fputs(",\n\"benchmarks\": [", f);
	for (size_t i = 0; i < text->nr; i++)
		fprintf(f, "%s%s", i ? ",\n" : "\n", text->entry[i]);
	return fputs("\n]\n}\n", f) == EOF || ferror(f) ? -1 : 0;
}

static int compare_columns(const void *a, const void *b)
{
	return point_compare_columns(a, b);
}

long result_columns(const struct result *result, enum pf_accessor accessor,
		    bool (*want)(const struct point *p, const void *arg),
		    const void *arg, struct point **columns)
{
	struct point *column = calloc(result->nr_points + 1, sizeof(*column));
	size_t i, k, nr = 0;

	*columns = column;
	if (!column)
		return -ENOMEM;
	for (i = 0; i < result->nr_points; i++) {
		const struct point *p = &result->point[i].point;

		if (p->accessor != accessor || !want(p, arg))
			continue;
		for (k = 0; k < nr && !point_same_column(&column[k], p); k++)
			;
		if (k == nr)
			column[nr++] = *p;
	}
	qsort(column, nr, sizeof(*column), compare_columns);
	return nr;
}
