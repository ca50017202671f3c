// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/cmd.h"
#include "report/test_report.h"
#include "lib/atomic_file.h"
#include "report/format.h"

static const char help[] =
"Usage: pfbench export --ktap|--lava|--kcidb [OPTION...] RESULT...\n"
"\n"
"Result files as what the machinery of a kernel lab reads.\n"
"\n"
"      --ktap         KTAP version 1: a test a file, in it one an accessor, in\n"
"                     it one a point\n"
"      --lava         lines that LAVA takes results from: a test case a point,\n"
"                     a test set a file where there are several\n"
"      --kcidb        JSON for KernelCI's database, I/O schema 5.3: a test a\n"
"                     point\n"
"      --origin=NAME  with --kcidb: who submits, in a-z, 0-9 and _ (pfbench)\n"
"      --out=FILE     write FILE instead of standard output\n"
"  -h, --help         this text\n"
"\n"
"A point passes if it was measured. It is skipped, with the reason, if it was\n"
"contended, or has no interval though rounds were judged; and so is the rest of\n"
"a run that was cut short. Figures are nanoseconds, or instructions where they\n"
"were the clock; behind them stands the 95 % interval, of counts what the clock\n"
"can resolve.\n"
"\n"
"Exit status: 0 done; 2 bad input. With --ktap and --lava that of kselftest: 0\n"
"something was measured, 4 nothing was.\n"
"\n"
"Example: pfbench export --kcidb --origin=mylab results/*/*.json >kcidb.json\n";

/* The version of the schema, https://github.com/kernelci/kcidb-io */
#define KCIDB_MAJOR 5
#define KCIDB_MINOR 3
/* All that is ours in the database is below this, and called so. */
#define PROJECT "pageflags-bench"

struct export {
	struct test_report lab;
	struct result *results;		/* of each test of @lab */
	size_t nr;
	const char *origin;
};

/* A string of the context; NULL where it is not known. */
static const char *known(const struct result *r, const char *key)
{
	const char *text = result_context(r, key);

	return strncmp(text, "n/a", 3) ? text : NULL;
}

static void set_known(json_t *object, const char *name, const struct result *r,
		      const char *key)
{
	const char *text = known(r, key);

	if (text)
		json_object_set_new(object, name, json_string(text));
}

/* FNV-1a, 64 bits (Fowler, Noll, Vo): to tell apart, not to protect. */
static uint64_t hash(uint64_t h, const char *text)
{
	for (; *text; text++)
		h = (h ^ (unsigned char)*text) * 0x100000001b3;
	return h;
}

#define HASH_START 0xcbf29ce484222325

static json_t *id(const char *origin, const char *kind, uint64_t h,
		  const char *name)
{
	return json_sprintf("%s:" PROJECT "-%s-%016llx%s", origin, kind,
			    (unsigned long long)h, name);
}

/* The tree that was built is ours: the kernel is where it ran. */
static json_t *checkout_id(const struct export *e, const struct result *r)
{
	return id(e->origin, "checkout",
		  hash(HASH_START, result_context(r, "commit")), "");
}

static json_t *build_id(const struct export *e, const struct result *r)
{
	static const char *const keys[] = {
		"commit", "version", "arch", "backend", "compiler", "cflags",
	};
	uint64_t h = HASH_START;

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		h = hash(h, result_context(r, keys[i]));
	return id(e->origin, "build", h, "");
}

/* What is in the file makes a run, wherever the file is. */
static uint64_t run_hash(const struct result *r)
{
	char *text = json_dumps(r->root, JSON_COMPACT | JSON_SORT_KEYS);
	uint64_t h = text ? hash(HASH_START, text) : 0;

	free(text);
	return h;
}

/*
 * RFC 3339, as the schema wants it. Ours is that but for the colon in
 * "+0100"; what looks like neither is left out.
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

/* "PageLocked/v4.4-word/mixed:50/hot" as parts of [a-zA-Z0-9_-], with dots. */
static json_t *path(const char *name)
{
	char text[POINT_NAME_MAX], *c;

	snprintf(text, sizeof(text), "%s", name);
	for (c = text; *c; c++)
		*c = *c == '/' ? '.' : *c == ':' ? '-' :
			isalnum((unsigned char)*c) || *c == '-' ? *c : '_';
	return json_sprintf(PROJECT ".%s", text);
}

static json_t *environment(const struct result *r)
{
	static const char *const keys[] = {
		"host_name", "arch", "cpu_model", "cpu_kind", "microcode",
		"kernel", "hvo", "hypervisor", "mitigations", "governor",
		"turbo", "smt", "backend", "tick_source",
	};
	json_t *misc = json_object();
	json_t *e = json_pack("{s:o}", "misc", misc);

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		set_known(misc, keys[i], r, keys[i]);
	if (known(r, "cpu_model") && known(r, "kernel"))
		json_object_set_new(e, "comment",
				    json_sprintf("%s, Linux %s",
						 known(r, "cpu_model"),
						 known(r, "kernel")));
	return e;
}

/* @p: the point that @c is about, or NULL */
static json_t *kcidb_case(const struct export *e, const struct result *r,
			  const struct test_case *c,
			  const struct result_point *p, uint64_t run)
{
	char name[POINT_NAME_MAX + 1];
	double scale = unit_per_tick(r, unit_resolve(r, UNIT_DEFAULT));
	json_t *t = json_object(), *start = start_time(r);
	json_t *misc = json_pack("{s:s}", "point", c->name);

	snprintf(name, sizeof(name), "/%s", c->name);
	json_object_set_new(t, "id", id(e->origin, "run", run, name));
	json_object_set_new(t, "build_id", build_id(e, r));
	json_object_set_new(t, "origin", json_string(e->origin));
	json_object_set_new(t, "path", path(c->name));
	if (start)
		json_object_set_new(t, "start_time", start);
	json_object_set_new(t, "environment", environment(r));
	/* what was measured is no judgement: neither PASS nor FAIL */
	json_object_set_new(t, "status", json_string(c->status == TEST_SKIP ?
						     "SKIP" : "DONE"));
	json_object_set_new(t, "comment", json_string(c->reason ?: c->what));
	if (c->status != TEST_SKIP)
		json_object_set_new(t, "number", json_pack("{s:f, s:s}",
					"value", c->value, "unit", c->unit));
	if (p && isfinite(p->ticks.hi - p->ticks.lo)) {
		json_object_set_new(misc, "lo",
				    json_real(p->ticks.lo * scale));
		json_object_set_new(misc, "hi",
				    json_real(p->ticks.hi * scale));
	}
	json_object_set_new(t, "misc", misc);
	return t;
}

/* Add @object to @list, unless one of its id is there. */
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

/* Valid, and the build below passed, or there would be no result. */
static json_t *kcidb_checkout(const struct export *e, const struct result *r)
{
	json_t *c = json_pack("{s:o, s:s, s:s, s:b}", "id", checkout_id(e, r),
			      "origin", e->origin, "tree_name", PROJECT,
			      "valid", 1);

	set_known(c, "git_commit_name", r, "commit");
	return c;
}

/* As the schema wants architectures and origins. */
static bool word_ok(const char *word)
{
	return word && *word && word[strspn(word, "abcdefghijklmnopqrstuvwxyz"
					 "0123456789_")] == '\0';
}

static json_t *kcidb_build(const struct export *e, const struct result *r)
{
	json_t *misc = json_object();
	json_t *b = json_pack("{s:o, s:o, s:s, s:s, s:o}", "id",
			      build_id(e, r), "checkout_id", checkout_id(e, r),
			      "origin", e->origin, "status", "PASS", "misc",
			      misc);

	if (word_ok(known(r, "arch")))
		set_known(b, "architecture", r, "arch");
	set_known(b, "compiler", r, "compiler");
	set_known(misc, "cflags", r, "cflags");
	set_known(misc, "version", r, "version");
	set_known(misc, "backend", r, "backend");
	return b;
}

static int write_kcidb(FILE *f, const void *arg)
{
	const struct export *e = arg;
	json_t *checkouts = json_array(), *builds = json_array();
	json_t *tests = json_array(), *root;
	int err;

	for (size_t i = 0; i < e->nr; i++) {
		const struct result *r = &e->results[i];
		const struct test_group *t = &e->lab.tests[i];
		uint64_t run = run_hash(r);

		/* nobody could check out what has no name */
		if (known(r, "commit")) {
			add_once(checkouts, kcidb_checkout(e, r));
			add_once(builds, kcidb_build(e, r));
		}
		for (size_t k = 0; k < t->nr; k++)
			json_array_append_new(tests, kcidb_case(e, r,
				&t->cases[k], k < r->nr_points ?
				&r->point[k] : NULL, run));
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

static int write_lab(FILE *f, const void *arg)
{
	const struct export *e = arg;

	return test_report_write(&e->lab, f);
}

static int load(struct export *e, char **paths, size_t nr, struct errmsg *msg)
{
	struct result *r;
	int err;

	e->results = calloc(nr, sizeof(*e->results));
	if (!e->results)
		return errmsg_set(msg, -ENOMEM, "out of memory");
	for (size_t i = 0; i < nr; i++) {
		r = &e->results[i];
		err = result_load(paths[i], r, msg);
		if (err)
			return err;
		e->nr++;
		test_report_add_result(&e->lab, r);
		/* how many they are is in no file */
		if (r->partial)
			test_report_skip(&e->lab, "rest",
				 "partial: the run was cut short");
	}
	if (e->lab.lost)
		return errmsg_set(msg, -ENOMEM, "out of memory");
	return 0;
}

static int export(struct export *e, const char *out, struct errmsg *msg)
{
	int (*write)(FILE *f, const void *arg) =
		e->lab.format == TEST_REPORT_NONE ? write_kcidb : write_lab;

	if (out)
		return write_file_atomic(out, write, e, msg);
	if (write(stdout, e) || fflush(stdout))
		return errmsg_set(msg, -EIO, "writing failed");
	return 0;
}

static int export_main(int argc, char **argv)
{
	static const struct option options[] = {
		TEST_REPORT_OPTIONS,
		{ "kcidb", no_argument, NULL, 'k' },
		{ "origin", required_argument, NULL, 'O' },
		{ "out", required_argument, NULL, 'o' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 }
	};
	struct export e = { 0 };
	struct errmsg msg = { "" };
	const char *out = NULL;
	bool kcidb = false;
	int c, ret = EXIT_DONE;

	if (wants_help(argc, argv)) {
		fputs(help, stdout);
		return EXIT_DONE;
	}
	opterr = 0;
	while ((c = getopt_long(argc, argv, ":h", options, NULL)) != -1) {
		if (c == 'k')
			kcidb = true;
		else if (c == 'O')
			e.origin = optarg;
		else if (c == 'o')
			out = optarg;
		else if (c != 'K' && c != 'L')
			return complain_option(argc, argv, c);
		else if (test_report_option(&e.lab, c))
			return complain("export: --ktap or --lava, not both");
	}
	if (kcidb == (e.lab.format != TEST_REPORT_NONE))
		return complain("export: one of --ktap, --lava and --kcidb, please");
	if (e.origin && !kcidb)
		return complain("export: --origin goes with --kcidb");
	if (!e.origin)
		e.origin = "pfbench";
	if (!word_ok(e.origin))
		return complain("export: --origin=%.40s: of a-z, 0-9 and _, please",
				e.origin);
	if (optind == argc)
		return complain("export: which result file?");
	if (load(&e, argv + optind, argc - optind, &msg) ||
	    export(&e, out, &msg))
		ret = complain("export: %s", msg.text);
	else if (!kcidb)
		ret = test_report_exit(&e.lab);
	for (size_t i = 0; i < e.nr; i++)
		result_free(&e.results[i]);
	free(e.results);
	test_report_free(&e.lab);
	return ret;
}

const struct cmd cmd_export = {
	"export", "result files as kernel labs read them", &(const struct argp){ 0 },
	export_main,
};
