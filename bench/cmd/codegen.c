// SPDX-License-Identifier: GPL-2.0
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/cmd.h"
#include "cmd/codegen_diff.h"
#include "code/check_counts.h"
#include "code/print.h"
#include "data/names.h"
#include "lib/text.h"

#define MAX_COMPILERS 16

struct codegen {
	struct code_view view;
	const struct code_arch *arch;	/* NULL: all */
	bool arch_given, table, diff;
	const char *cc[MAX_COMPILERS];
	size_t nr_cc;
	const char *objects, *out, *check;
};

static int check_counts(const struct codegen *g, const struct result *r)
{
	struct code_check check = { 0 };
	struct errmsg msg = { "" };
	struct code *code;
	int ret;

	if (!code_arch_find(result_context(r, "arch")) ||
	    code_arch_find(result_context(r, "arch")) != g->arch)
		return complain("codegen: %s is of %s, not of %s", g->check,
				result_context(r, "arch"), g->arch->name);
	ret = code_open(&code, g->arch, NULL, g->objects, &cmd_interrupted,
			&msg);
	if (ret)
		return complain("codegen: %s", msg.text);
	ret = code_check_counts(code, r, &check,
				&msg);
	if (cmd_interrupted)
		ret = EXIT_INTERRUPTED;
	else if (ret)
		ret = complain("codegen: %s", msg.text);
	else
		code_check_print(stdout, &check);
	if (!ret && !check.checked)
		ret = complain("codegen: %s: no counts of a single path to check",
			       g->check);
	else if (!ret)
		ret = check.nr ? EXIT_NO : cmd_flush("codegen");
	code_check_close(&check);
	code_close(code);
	return ret;
}

static int load_and_check(const struct codegen *g)
{
	struct errmsg msg = { "" };
	struct result r;
	int ret;

	if (result_load(g->check, &r, &msg))
		return complain("codegen: %s", msg.text);
	ret = check_counts(g, &r);
	result_free(&r);
	return ret;
}

static int write_tables(struct codegen *g, struct code *code)
{
	struct errmsg msg = { "" };
	char path[PATH_MAX];

	if (code_prepare(code, (1UL << PF_NR_REPLICAS) - 1, &msg)) {
		code_skip(&g->view.skipped, &msg);
		return 0;
	}
	if (code_write_table(code, g->out, &g->view.skipped, path, &msg))
		return complain("codegen: %s", msg.text);
	puts(path);
	if (code_write_listings(code, g->out, path, &msg))
		return complain("codegen: %s", msg.text);
	puts(path);
	g->view.shown++;
	return 0;
}

/* Show the code of one architecture and compiler. */
static int show_code(struct codegen *g, const struct code_arch *arch,
		     const char *cc)
{
	struct errmsg msg = { "" };
	struct code *code;
	int ret;

	if (code_open(&code, arch, cc, g->objects, &cmd_interrupted, &msg)) {
		code_skip(&g->view.skipped, &msg);
		return 0;
	}
	if (g->out)
		ret = write_tables(g, code);
	else if (g->table ? code_print_counts(&g->view, code) :
		 code_print_listings(&g->view, code))
		ret = complain("codegen: out of memory");
	else
		ret = 0;
	code_close(code);
	return cmd_interrupted ? EXIT_INTERRUPTED : ret;
}

static int show_all_code(struct codegen *g)
{
	const struct code_skipped *skipped = &g->view.skipped;
	unsigned int total = 0, shown = 0, before;
	const struct code_arch *arch = g->arch ? g->arch : code_archs;
	const struct code_arch *end = g->arch ? g->arch + 1 :
		code_archs + CODE_NR_ARCHS;
	size_t i;
	int ret;

	for (; arch < end; arch++) {
		for (i = 0; i < g->nr_cc; i++) {
			before = g->view.shown;
			ret = show_code(g, arch, g->cc[i]);
			if (ret)
				return ret;
			total++;
			shown += g->view.shown > before;
		}
	}
	if (!shown)
		return complain("codegen: %s%s", skipped->reason[0].text,
				skipped->nr > 1 ? " (and more reasons)" : "");
	if (total > 1 || skipped->nr)
		printf("\n%u of %u shown (architectures x compilers)%s\n",
		       shown, total, skipped->nr ? "; n/a or skipped:" : "");
	for (i = 0; i < skipped->nr; i++)
		text_wrapped(stdout, skipped->reason[i].text, 2);
	ret = cmd_flush("codegen");
	return ret ? ret : skipped->nr ? EXIT_NO : EXIT_DONE;
}

/* "gcc,clang-19" */
static int parse_compilers(struct codegen *g, char *names)
{
	char *save, *name;

	for (name = strtok_r(names, ",", &save); name;
	     name = strtok_r(NULL, ",", &save)) {
		if (g->nr_cc == MAX_COMPILERS)
			return complain("codegen: --cc: more than %d compilers",
					MAX_COMPILERS);
		g->cc[g->nr_cc++] = name;
	}
	return g->nr_cc ? 0 : complain("codegen: --cc: which compiler?");
}

static int parse_code_generation(struct code_view *v, const char *name)
{
	struct errmsg msg;

	if (v->nr == PF_NR_REPLICAS)
		return complain("codegen: more than %d generations",
				PF_NR_REPLICAS);
	if (!strcmp(name, pf_generations[PF_GEN_native].name))
		return complain("codegen: native is the running kernel's own code: disassemble vmlinux to see it");
	if (names_generation(name, PF_NR_REPLICAS, &v->generation[v->nr], &msg))
		return complain("codegen: %s", msg.text);
	if (names_check(v->accessor, v->generation[v->nr], v->lowering, &msg))
		return complain("codegen: %s", msg.text);
	v->nr++;
	return 0;
}

static int parse_code_generations(struct code_view *v, int nr, char **names)
{
	struct code_use use;
	int i, ret = 0;

	if (v->usage == CODE_CONDITION &&
	    !PF_IS_TEST(pf_accessors[v->accessor].kind))
		return complain("codegen: %s is not a test and has no --usage=condition",
				pf_accessors[v->accessor].name);
	if (nr && strcmp(names[0], "all")) {
		for (i = 0; i < nr && !ret; i++)
			ret = parse_code_generation(v, names[i]);
		return ret;
	}
	if (nr > 1)
		return complain("codegen: either 'all' or '%s', not both",
				names[1]);
	for (i = 0; i < PF_NR_REPLICAS; i++) {
		if (pf_generations[i].era == PF_ERA_SELFTEST)
			continue;
		v->generation[v->nr] = i;
		use = code_view_use(v, v->nr);
		v->nr += code_use_exists(&use);
	}
	return v->nr ? 0 :
		complain("codegen: %s has no %s in any generation",
			 pf_accessors[v->accessor].name,
			 lowering_name(v->lowering));
}

static int parse_lowering(struct codegen *g, const char *name)
{
	for (int i = 0; i < PF_NR_LOWERINGS; i++) {
		if (!strcmp(name, lowering_name(i))) {
			g->view.lowering = i;
			return 0;
		}
	}
	return complain("codegen: no lowering '%s' (auto, branch, select)",
			name);
}

static int parse_code_arch(struct codegen *g, const char *name)
{
	bool all = !strcmp(name, "all");

	g->arch_given = true;
	g->arch = code_arch_find(name);
	g->table |= all;
	return g->arch || all ? 0 :
		complain("codegen: no architecture '%s' (x86-64, arm64, riscv64, ppc64le, s390x, all)",
			 name);
}

enum {
	KEY_ARCH = 1, KEY_CC, KEY_OBJECTS, KEY_USAGE, KEY_LOWERING, KEY_TABLE,
	KEY_OUT, KEY_CHECK, KEY_DIFF,
};

static const struct argp_option codegen_argp_options[] = {
	{ "arch", KEY_ARCH, "ARCH", 0,
	  "x86-64, arm64, riscv64, ppc64le or s390x: needs its compiler, not its CPU (default: this machine's); all: a table for each" },
	{ "cc", KEY_CC, "NAME[,NAME]", 0,
	  "compilers: gcc (the default), gcc-14, clang-19, or the whole name of a cross compiler" },
	{ "objects", KEY_OBJECTS, "DIR", 0,
	  "read DIR/uses-*.o, as compiled by make, instead of compiling" },
	{ "usage", KEY_USAGE, "USAGE", 0,
	  "value (the default), or condition: the result decides a branch past nothing" },
	{ "lowering", KEY_LOWERING, "LOWERING", 0,
	  "auto (the default), branch or select" },
	{ "table", KEY_TABLE, NULL, 0, "counts instead of instructions" },
	{ "out", KEY_OUT, "DIR", 0,
	  "write files for programs, of all accessors: counts into DIR/code-ARCH/COMPILER.txt and instructions into DIR/code-ARCH/COMPILER.listing.txt" },
	{ "check", KEY_CHECK, "COUNTS", 0,
	  "compare each count of the file COUNTS with the path through its loop, in DIR/loops-*.o of --objects" },
	{ "diff", KEY_DIFF, NULL, 0,
	  "compare the objects OLD and NEW that two kernels' builds compiled from kmod/native_uses.c: a table of what changed, then the instructions of each ACCESSOR, or of all that changed" },
	{ 0 }
};

static error_t parse_codegen_option(int key, char *arg,
				    struct argp_state *state)
{
	struct codegen *g = state->input;

	switch (key) {
	case KEY_ARCH:
		return parse_code_arch(g, arg);
	case KEY_CC:
		return parse_compilers(g, arg);
	case KEY_OBJECTS:
		g->objects = arg;
		return 0;
	case KEY_USAGE:
		return code_usage_find(arg, &g->view.usage) ?
			complain("codegen: no usage '%s' (value, condition)",
				 arg) : 0;
	case KEY_LOWERING:
		return parse_lowering(g, arg);
	case KEY_TABLE:
		g->table = true;
		return 0;
	case KEY_OUT:
		g->out = arg;
		return 0;
	case KEY_CHECK:
		g->check = arg;
		return 0;
	case KEY_DIFF:
		g->diff = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp codegen_argp = {
	codegen_argp_options, parse_codegen_option,
	"ACCESSOR [GENERATION...]\n--out=DIR\n--check=COUNTS --objects=DIR --arch=ARCH\n--diff OLD NEW [ACCESSOR...|all]",
	"Show the instructions of one inlined use of an accessor: compiled with the kernel's flags, disassembled by objdump, and executed by QEMU. One GENERATION is listed alone. Of several, or of all if none is named, each is listed beside the first."
	"\v"
	"The table has the bytes of the whole use. For the fast path (a small page) and the tail path (a tail), as fast/tail, it has the number of executed instructions, and how many of these are loads, stores, conditional branches, selects (cmov, csel, isel, locgr), barriers and atomics; an atomic is a load and a store too. The return is left out. Nothing is measured here.\n"
	"\n"
	"Exit status: 0 everything was shown; 1 something was skipped, for the reasons at the end, or a count or the code differs; 2 everything was skipped, or bad input; 130 interrupted.\n"
	"\n"
	"Environment: PFBENCH_SRCDIR, a directory with include/ and bench/target/use_stubs.c\n"
	"\n"
	"Example: pfbench codegen PageLocked plain v3.14-rmb --arch=x86-64\n"
	"         pfbench codegen PageLocked --arch=all --cc=gcc,clang-19",
	NULL, NULL, NULL
};

static int codegen_arguments(struct codegen *g, int nr, char **args)
{
	struct errmsg msg;

	if (g->objects && (g->nr_cc || (g->arch_given && !g->arch)))
		return complain("codegen: --objects are of one architecture and compiler: no --cc, no --arch=all");
	if (!g->arch_given)
		g->arch = code_arch_here();
	if (!g->arch_given && !g->arch)
		return complain("codegen: this machine's architecture is unknown: name one with --arch");
	if (g->diff)
		return g->arch && nr >= 2 && !g->objects && !g->nr_cc &&
			!g->out && !g->check ? 0 :
			complain("codegen: --diff takes two objects, OLD and NEW, of one architecture, and no --cc, --objects, --out or --check");
	if (g->check)
		return g->objects && !g->out && !nr && g->arch ? 0 :
			complain("codegen: --check takes no accessor and no --out: it checks all counts against --objects=DIR");
	if (g->out)
		return !nr ? 0 :
			complain("codegen: --out is of all accessors, not of '%s'",
				 args[0]);
	if (!nr)
		return complain("codegen: which accessor? (see 'pfbench codegen --help')");
	if (names_accessor(args[0], &g->view.accessor, &msg))
		return complain("codegen: %s", msg.text);
	return parse_code_generations(&g->view, nr - 1, args + 1);
}

static int codegen_main(int argc, char **argv)
{
	struct codegen g = { .view = { .out = stdout, .usage = CODE_VALUE } };
	int ret, first;

	ret = cmd_parse(&cmd_codegen, argc, argv, &g, &first);
	if (!ret)
		ret = codegen_arguments(&g, argc - first, argv + first);
	if (ret)
		return ret;
	if (g.diff)
		return codegen_diff(g.arch, argc - first, argv + first);
	if (!g.nr_cc)
		g.cc[g.nr_cc++] = NULL;
	cmd_catch_signals();
	return g.check ? load_and_check(&g) : show_all_code(&g);
}

const struct cmd cmd_codegen = {
	"codegen", "show what the accessors are compiled to", &codegen_argp,
	codegen_main,
};
