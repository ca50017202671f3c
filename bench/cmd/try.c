// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/cmd.h"
#include "cmd/try.h"
#include "cmd/verbosity.h"
#include "code/shared.h"
#include "lib/auto_free.h"
#include "lib/progress.h"
#include "lib/read_file.h"
#include "lib/text.h"

struct try_options {
	struct try try;
	bool some_parts, summary, replace, template;
	const char *kind;		/* of the template; NULL: a look-up */
};

enum {
	KEY_RIGHT = 1, KEY_RACE, KEY_PROOF, KEY_CODE, KEY_TIME, KEY_SUMMARY,
	KEY_REPLACE, KEY_TEMPLATE, KEY_TRY_CC, KEY_TRY_ARCH,
	KEY_RACE_TIME,
};

static const struct argp_option try_argp_options[] = {
	{ "right", KEY_RIGHT, NULL, 0,
	  "is each answer right, without other tasks?" },
	{ "race", KEY_RACE, NULL, 0,
	  "race with the writers of the layout, or of takers and an owner" },
	{ "proof", KEY_PROOF, NULL, 0,
	  "let cbmc prove or refute it, as make verify does" },
	{ "code", KEY_CODE, NULL, 0,
	  "instructions and counts on every architecture that has a compiler here" },
	{ "time", KEY_TIME, NULL, 0,
	  "time beside generations of the catalog, and counts of instructions" },
	{ "summary", KEY_SUMMARY, NULL, 0,
	  "print only the summary of the parts, one line per claim" },
	{ NULL, 0, NULL, 0, "Without any of these: all of them. More options:", 1 },
	{ "cc", KEY_TRY_CC, "NAME", 0,
	  "compiler: gcc (the default), gcc-14, clang-19" },
	{ "arch", KEY_TRY_ARCH, "ARCH", 0,
	  "the code for ARCH only: x86-64, arm64, riscv64, ppc64le or s390x" },
	{ "race-time", KEY_RACE_TIME, "SECONDS", 0,
	  "duration of the race (default 12)" },
	{ "replace", KEY_REPLACE, NULL, 0,
	  "also print the lines that add it to the catalog" },
	{ "template", KEY_TEMPLATE, "ref", OPTION_ARG_OPTIONAL,
	  "print a file to start from: a look-up, or a scheme of references" },
	{ 0 }
};

static error_t set_race_time(struct try *t, const char *text)
{
	char *end;

	t->race_seconds = strtod(text, &end);
	return end != text && !*end && t->race_seconds >= 0.1 &&
		t->race_seconds <= 3600 ? 0 :
		complain("try: --race-time=%.40s: not a number of seconds from 0.1 to 3600",
			 text);
}

static error_t parse_try_option(int key, char *arg, struct argp_state *state)
{
	struct try_options *o = state->input;

	switch (key) {
	case KEY_RIGHT:
	case KEY_RACE:
	case KEY_PROOF:
	case KEY_CODE:
	case KEY_TIME:
		o->some_parts = true;
		o->try.part[key - KEY_RIGHT + TRY_RIGHT] = true;
		return 0;
	case KEY_SUMMARY:
		o->summary = true;
		return 0;
	case KEY_REPLACE:
		o->replace = true;
		return 0;
	case KEY_TEMPLATE:
		o->template = true;
		o->kind = arg;
		return 0;
	case KEY_TRY_CC:
		o->try.cc = arg;
		return 0;
	case KEY_TRY_ARCH:
		o->try.only = code_arch_find(arg);
		return o->try.only ? 0 :
			complain("try: no architecture '%.40s' (x86-64, arm64, riscv64, ppc64le, s390x)",
				 arg);
	case KEY_RACE_TIME:
		return set_race_time(&o->try, arg);
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_child try_argp_children[] = {
	{ &verbosity_argp, 0, NULL, 0 }, { 0 }
};

static const struct argp try_argp = {
	try_argp_options, parse_try_option, "FILE.h\n--template[=ref]",
	"Try a look-up or a scheme of reference counts of your own: is it right, what is it compiled to, how long does it take? FILE.h defines pf_head_try() as include/pageflags/head.h defines the look-ups of the generations, or pf_ref_try_get() and pf_ref_put(), or all of them. It is compiled and run as your own code."
	"\v"
	"A wrong answer is the first line. A part that cannot run is n/a, with the reason, and is no pass.\n"
	"\n"
	"Exit status: 0 nothing wrong was found; 1 something is wrong; 2 bad input; 4 nothing wrong was found, but a part that was to run is n/a; 130 interrupted.\n"
	"\n"
	"Environment: PFBENCH_SRCDIR, a directory with include/ and bench/target/; TMPDIR\n"
	"\n"
	"Example: pfbench try --template > mine.h && pfbench try mine.h",
	try_argp_children, NULL, NULL
};

static int print_template(const char *kind)
{
	const char *name = kind ? "try_template_ref.h" : "try_template.h";
	struct errmsg msg = { "" };
	char path[PATH_MAX];
	auto_free char *text = NULL;

	if (kind && strcmp(kind, "ref"))
		return complain("try: --template=%.40s: not ref", kind);
	if (code_source_find(path, &msg))
		return complain("try: %s", msg.text);
	text = read_file("%s/bench/target/%s", path, name);
	if (!text)
		return complain("try: %s/bench/target/%s: cannot be read",
				path, name);
	fputs(text, stdout);
	return cmd_flush("try");
}

static void run_part(struct try *t, enum try_part part,
		     void (*run)(struct try *t), struct progress *progress)
{
	static const char *const what[TRY_NR_PARTS] = {
		"each answer", "the race", "the proof", "the code",
		"the time",
	};

	if (!t->part[part] || cmd_interrupted)
		return;
	progress_show(progress, part, TRY_NR_PARTS, what[part]);
	run(t);
	progress_clear(progress);
}

/* A look-up or scheme that is wrong at rest neither races nor is timed. */
static void try_parts(struct try *t)
{
	struct progress progress;

	progress_open(&progress, cmd_quiet);
	run_part(t, TRY_RIGHT, t->subject->right, &progress);
	for (int part = TRY_RACE; part < TRY_NR_PARTS; part++)
		if (t->part[part] && *t->wrong.text)
			errmsg_set(&t->na[part], -EINVAL,
				   "the %s is wrong", t->subject->what);
	if (!*t->wrong.text) {
		run_part(t, TRY_RACE, t->subject->race, &progress);
		run_part(t, TRY_PROOF, try_proof, &progress);
	}
	try_print_checks(t);
	if (!*t->na[TRY_CODE].text)
		run_part(t, TRY_CODE, try_code, &progress);
	if (!*t->na[TRY_TIME].text)
		run_part(t, TRY_TIME, try_time, &progress);
}

static int try_status(const struct try *t)
{
	if (cmd_interrupted)
		return EXIT_INTERRUPTED;
	if (*t->wrong.text)
		return EXIT_NO;
	for (int part = 0; part < TRY_NR_PARTS; part++)
		if (*t->na[part].text)
			return EXIT_UNKNOWN;
	return EXIT_DONE;
}

/* The worse of two: bad input before wrong before n/a. */
static int worse(int a, int b)
{
	static const int order[] = {
		EXIT_INTERRUPTED, EXIT_BAD, EXIT_NO, EXIT_UNKNOWN,
	};

	for (size_t i = 0; i < sizeof(order) / sizeof(*order); i++)
		if (a == order[i] || b == order[i])
			return order[i];
	return EXIT_DONE;
}

static int try_one(struct try *t, const struct try_options *o)
{
	int ret;

	t->out = o->summary ? fopen("/dev/null", "w") : stdout;
	if (!t->out)
		return complain("try: /dev/null: %s", strerror(errno));
	try_use(t);
	try_parts(t);
	try_summary(t, stdout);
	if (o->replace)
		try_print_replace(t, stdout);
	if (t->out != stdout)
		fclose(t->out);
	ret = cmd_flush("try");
	return ret ? ret : try_status(t);
}

/* A file with a look-up and a scheme: load both before one is tried. */
static int try_file(const struct try_options *o)
{
	static struct try pass[2];
	bool has[2];
	int ret = try_find_subjects(&o->try, &has[0], &has[1]);

	for (int i = 0; i < 2 && !ret; i++) {
		if (!has[i])
			continue;
		pass[i] = o->try;
		pass[i].subject = i ? &try_scheme : &try_look_up;
		ret = try_load(&pass[i]);
		if (ret && cmd_interrupted)
			ret = EXIT_INTERRUPTED;
	}
	for (int i = 0, loaded = !ret; i < 2 && loaded; i++) {
		if (!has[i] || cmd_interrupted)
			continue;
		if (i && has[0] && !o->summary)
			printf("\n");
		ret = worse(ret, try_one(&pass[i], o));
	}
	for (int i = 0; i < 2; i++)
		try_unload(&pass[i]);
	return ret;
}

static int try_main(int argc, char **argv)
{
	static struct try_options o = { .try = { .race_seconds = 12 } };
	int first, ret = cmd_parse(&cmd_try, argc, argv, &o, &first);

	if (ret)
		return ret;
	if (o.template)
		return first == argc ? print_template(o.kind) :
			complain("try: --template takes no file");
	if (argc - first != 1)
		return complain("try: %s give one FILE.h (see 'pfbench try --help')",
				first == argc ? "which file?" :
				"more than one file:");
	for (int part = 0; part < TRY_NR_PARTS && !o.some_parts; part++)
		o.try.part[part] = true;
	o.try.file = argv[first];
	cmd_catch_signals();
	ret = try_find_file(&o.try);
	return ret ? ret : try_file(&o);
}

const struct cmd cmd_try = {
	"try", "try a look-up or scheme of your own: right, code, time", &try_argp,
	try_main,
};
