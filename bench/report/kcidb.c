// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <jansson.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "report/format.h"
#include "report/kcidb.h"

#define KCIDB_MAJOR 5
#define KCIDB_MINOR 3
/* the database has the tests of many projects: all names begin with ours */
#define PROJECT "pageflags-bench"

bool kcidb_word_valid(const char *word)
{
	return word && *word && word[strspn(word, "abcdefghijklmnopqrstuvwxyz"
					    "0123456789_")] == '\0';
}

/* A string of the context; NULL where it is not known. */
static const char *known_context(const struct result *r, const char *key)
{
	const char *text = result_context(r, key);

	return strncmp(text, "n/a", 3) ? text : NULL;
}

static void set_known_context(json_t *object, const char *name,
			      const struct result *r, const char *key)
{
	const char *text = known_context(r, key);

	if (text)
		json_object_set_new(object, name, json_string(text));
}

/* FNV-1a, 64 bits (Fowler, Noll, Vo): an identifier, not a protection. */
static uint64_t fnv_hash(uint64_t h, const char *text)
{
	for (; *text; text++)
		h = (h ^ (unsigned char)*text) * 0x100000001b3;
	return h;
}

#define FNV_START 0xcbf29ce484222325

static json_t *kcidb_id(const char *origin, const char *kind, uint64_t h,
			const char *name)
{
	return json_sprintf("%s:" PROJECT "-%s-%016llx%s", origin, kind,
			    (unsigned long long)h, name);
}

/* The checkout is of this project: the kernel is part of the environment. */
static json_t *checkout_id(const struct kcidb *k, const struct result *r)
{
	return kcidb_id(k->origin, "checkout",
			fnv_hash(FNV_START, result_context(r, "commit")), "");
}

static json_t *build_id(const struct kcidb *k, const struct result *r)
{
	static const char *const keys[] = {
		"commit", "version", "arch", "backend", "compiler", "cflags",
	};
	uint64_t h = FNV_START;

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		h = fnv_hash(h, result_context(r, keys[i]));
	return kcidb_id(k->origin, "build", h, "");
}

/* The content identifies a run, wherever the file is stored. */
static uint64_t run_hash(const struct result *r)
{
	char *text = json_dumps(r->root, JSON_COMPACT | JSON_SORT_KEYS);
	uint64_t h = text ? fnv_hash(FNV_START, text) : 0;

	free(text);
	return h;
}

/*
 * The schema wants RFC 3339. Result files have the same without the colon in
 * "+0100". NULL for any other date, which is then left out.
 */
static json_t *start_time(const struct result *r)
{
	static const char form[] = "dddd-dd-ddTdd:dd:ddsdd:dd";
	const char *date = result_context(r, "date");
	char text[sizeof(form)];
	size_t n = strlen(date);

	if (n == sizeof(form) - 2 && date[n - 3] != ':')
		snprintf(text, sizeof(text), "%.*s:%s", (int)n - 2, date,
			 date + n - 2);
	else
		snprintf(text, sizeof(text), "%s", date);
	if (n > sizeof(form) - 1)
		return NULL;
	for (size_t i = 0; i < sizeof(form); i++)
		if (form[i] == 'd' ? !isdigit((unsigned char)text[i]) :
		    form[i] == 's' ? text[i] != '+' && text[i] != '-' :
		    form[i] != text[i])
			return NULL;
	return json_string(text);
}

/*
 * A path has parts of [a-zA-Z0-9_-] with dots between them:
 * "PageLocked/v4.4-word/mixed:50" becomes "PageLocked.v4_4-word.mixed-50".
 */
static json_t *test_path(const char *name)
{
	char text[POINT_NAME_MAX], *c;

	snprintf(text, sizeof(text), "%s", name);
	for (c = text; *c; c++)
		*c = *c == '/' ? '.' : *c == ':' ? '-' :
			isalnum((unsigned char)*c) || *c == '-' ? *c : '_';
	return json_sprintf(PROJECT ".%s", text);
}

static json_t *kcidb_environment(const struct result *r)
{
	static const char *const keys[] = {
		"host_name", "arch", "cpu_model", "cpu_kind", "microcode",
		"kernel", "hvo", "hypervisor", "mitigations", "governor",
		"turbo", "smt", "backend", "tick_source",
	};
	const char *model = known_context(r, "cpu_model");
	const char *kernel = known_context(r, "kernel");
	json_t *misc = json_object();
	json_t *e = json_pack("{s:o}", "misc", misc);

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		set_known_context(misc, keys[i], r, keys[i]);
	if (model && kernel)
		json_object_set_new(e, "comment",
				    json_sprintf("%s, Linux %s", model,
						 kernel));
	return e;
}

/* Values that the schema has no field for. @p: NULL if the case has no point */
static json_t *case_misc(const struct result *r, const struct test_case *c,
			 const struct result_point *p)
{
	double scale = unit_scale(r, unit_of_time(r));
	json_t *misc = json_pack("{s:s}", "point", c->name);

	if (p && isfinite(p->cost.hi - p->cost.lo)) {
		json_object_set_new(misc, "lo",
				    json_real(p->cost.lo * scale));
		json_object_set_new(misc, "hi",
				    json_real(p->cost.hi * scale));
	}
	return misc;
}

static json_t *kcidb_test(const struct kcidb *k, const struct result *r,
			  const struct test_case *c,
			  const struct result_point *p, uint64_t run)
{
	bool skipped = c->status == TEST_SKIP;
	char name[POINT_NAME_MAX + 1];
	json_t *t, *start = start_time(r);

	snprintf(name, sizeof(name), "/%s", c->name);
	t = json_pack("{s:o, s:o, s:s, s:o, s:o*, s:o, s:s, s:s}",
		      "id", kcidb_id(k->origin, "run", run, name),
		      "build_id", build_id(k, r), "origin", k->origin,
		      "path", test_path(c->name), "start_time", start,
		      "environment", kcidb_environment(r),
		      "status", skipped ? "SKIP" : "DONE",
		      "comment", c->reason ?: c->what);
	if (!skipped)
		json_object_set_new(t, "number", json_pack("{s:f, s:s}",
					"value", c->value, "unit", c->unit));
	json_object_set_new(t, "misc", case_misc(r, c, p));
	return t;
}

/* Add @object to @list, unless the list has an object with the same id. */
static void add_once(json_t *list, json_t *object)
{
	json_t *other;
	size_t i;

	json_array_foreach(list, i, other) {
		if (json_equal(json_object_get(other, "id"),
			       json_object_get(object, "id"))) {
			json_decref(object);
			return;
		}
	}
	json_array_append_new(list, object);
}

/* A result exists, so its checkout is valid and its build passed. */
static json_t *kcidb_checkout(const struct kcidb *k, const struct result *r)
{
	json_t *c = json_pack("{s:o, s:s, s:s, s:b}", "id", checkout_id(k, r),
			      "origin", k->origin, "tree_name", PROJECT,
			      "valid", 1);

	set_known_context(c, "git_commit_name", r, "commit");
	return c;
}

static json_t *kcidb_build(const struct kcidb *k, const struct result *r)
{
	json_t *misc = json_object();
	json_t *b = json_pack("{s:o, s:o, s:s, s:s, s:o}", "id",
			      build_id(k, r), "checkout_id", checkout_id(k, r),
			      "origin", k->origin, "status", "PASS", "misc",
			      misc);

	if (kcidb_word_valid(known_context(r, "arch")))
		set_known_context(b, "architecture", r, "arch");
	set_known_context(b, "compiler", r, "compiler");
	set_known_context(misc, "cflags", r, "cflags");
	set_known_context(misc, "version", r, "version");
	set_known_context(misc, "backend", r, "backend");
	return b;
}

int kcidb_write(FILE *f, const void *arg)
{
	const struct kcidb *k = arg;
	json_t *checkouts = json_array(), *builds = json_array();
	json_t *tests = json_array(), *root;
	int err;

	for (size_t i = 0; i < k->report->nr; i++) {
		const struct result *r = &k->results[i];
		const struct test_group *t = &k->report->tests[i];
		uint64_t run = run_hash(r);

		/* without a commit there is nothing to check out */
		if (known_context(r, "commit")) {
			add_once(checkouts, kcidb_checkout(k, r));
			add_once(builds, kcidb_build(k, r));
		}
		for (size_t n = 0; n < t->nr; n++)
			json_array_append_new(tests, kcidb_test(k, r,
				&t->cases[n], n < r->nr_points ?
				&r->point[n] : NULL, run));
	}
	root = json_pack("{s:{s:i, s:i}, s:o, s:o, s:o}", "version",
			 "major", KCIDB_MAJOR, "minor", KCIDB_MINOR,
			 "checkouts", checkouts, "builds", builds, "tests",
			 tests);
	err = root ? json_dumpf(root, f, JSON_INDENT(1) |
				JSON_REAL_PRECISION(7)) : -1;
	json_decref(root);
	return err || fputc('\n', f) == EOF ? -1 : 0;
}
