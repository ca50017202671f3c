// SPDX-License-Identifier: GPL-2.0
/* The code of an architecture and compiler, compiled and disassembled. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "code/internal.h"
#include "code/shared.h"

const struct code_listing **code_uses_listing(struct code *code,
					      const struct code_use *use)
{
	return &code->uses[use->generation].listing[use->accessor]
		[use->lowering][use->usage];
}

static void find_listings(struct code *code, enum pf_generation gen)
{
	struct code_use use = { .generation = gen };
	const struct code_object *o = &code->uses[gen].object;
	const struct code_symbol *s;
	char name[CODE_SYMBOL_MAX];

	do {
		code_symbol_name(&use, name);
		s = code_object_symbol(o, name);
		if (s && o->listing[s - o->symbol].nr)
			*code_uses_listing(code, &use) =
				&o->listing[s - o->symbol];
	} while (code_use_next(&use));
}

static int disassemble(struct code *code, enum pf_generation gen,
		       struct errmsg *msg)
{
	struct code_uses *u = &code->uses[gen];
	char path[2 * PATH_MAX], *text = NULL;
	struct errmsg inner = { "" };
	int ret;

	code_object_path(code, "uses", gen, path, sizeof(path));
	if (access(path, R_OK))
		return errmsg_set(msg, -ENOENT, "%s: %s", path,
				  strerror(errno));
	ret = code_dump(code, "-tdw", path, &text, msg);
	if (ret)
		return ret;
	ret = code_object_parse(&u->object, code->arch, text, &inner);
	free(text);
	if (ret)
		return errmsg_set(msg, ret, "%s: %s", path, inner.text);
	find_listings(code, gen);
	return 0;
}

/* Compile the generations that are not yet compiled, one per CPU at a time. */
static void compile_uses(struct code *code, unsigned long generations)
{
	struct subprocess child[PF_NR_SLOTS];
	bool started[PF_NR_SLOTS] = { false };
	char path[PATH_MAX + 64];
	long at_once = sysconf(_SC_NPROCESSORS_ONLN);
	int gen, oldest = 0, running = 0;
	struct code_uses *u;

	for (gen = 0; gen < PF_NR_SLOTS || running; gen++) {
		while (running && (running >= at_once ||
				   gen >= PF_NR_SLOTS)) {
			u = &code->uses[oldest];
			if (started[oldest]) {
				u->err = code_compile_finish(code,
						&child[oldest], &u->msg);
				running--;
			}
			oldest++;
		}
		if (gen >= PF_NR_SLOTS)
			break;
		u = &code->uses[gen];
		if (!(generations >> gen & 1) || u->opened ||
		    code_interrupted(code))
			continue;
		u->opened = true;
		if (code->objects)
			continue;
		code_object_path(code, "uses", gen, path, sizeof(path));
		u->err = code_compile_start(code, gen, code->header ?
					    "try_uses.c" : "use_stubs.c", path,
					    &child[gen], &u->msg);
		started[gen] = !u->err;
		running += started[gen];
	}
}

int code_prepare(struct code *code, unsigned long generations,
		 struct errmsg *msg)
{
	struct code_uses *u;
	int gen, first = 0;

	compile_uses(code, generations);
	for (gen = 0; gen < PF_NR_SLOTS; gen++) {
		u = &code->uses[gen];
		if (!(generations >> gen & 1))
			continue;
		if (code_interrupted(code))
			return errmsg_set(msg, -EINTR, "interrupted");
		if (!u->err && !u->object.symbol)
			u->err = disassemble(code, gen, &u->msg);
		if (u->err && !first)
			first = errmsg_set(msg, u->err, "%s", u->msg.text);
	}
	return first;
}

static int make_directory(struct code *code, struct errmsg *msg)
{
	const char *tmp = getenv("TMPDIR");

	snprintf(code->dir, sizeof(code->dir), "%s/pfbench-XXXXXX",
		 tmp && *tmp ? tmp : "/tmp");
	if (mkdtemp(code->dir))
		return 0;
	errmsg_set(msg, -EINVAL, "%s: %s", code->dir, strerror(errno));
	*code->dir = '\0';
	return -EINVAL;
}

int code_open(struct code **codep, const struct code_arch *arch, const char *cc,
	      const char *objects, const volatile sig_atomic_t *interrupted,
	      struct errmsg *msg)
{
	struct code *code = calloc(1, sizeof(*code));
	int ret;

	*codep = code;
	if (!code)
		return errmsg_set(msg, -ENOMEM, "out of memory");
	code->arch = arch;
	code->objects = objects;
	code->interrupted = interrupted;
	ret = code_find_objdump(code, msg);
	if (!ret && !objects)
		ret = code_find_compiler(code, cc ? cc : "gcc", msg);
	else if (!ret && code_find_compiler(code, "gcc", NULL))
		/* only for the program that walks the objects */
		code_find_compiler(code, "clang", NULL);
	if (!ret && objects)
		ret = code_read_comment(code, msg);
	/* objects are disassembled without the source, but not walked */
	if (!ret && !objects)
		ret = code_find_source(code, msg);
	if (!ret)
		ret = make_directory(code, msg);
	if (ret) {
		code_close(code);
		*codep = NULL;
	}
	return ret;
}

/* Remove the files that this program made, and no others. */
static void remove_files(struct code *code)
{
	static const char *const names[] = {
		"uses-%s.o", "trace_stubs-%s.o", "trace_stubs-%s",
		"trace_loops-%s.o", "trace_loops-%s", "trace-%s",
		"loops-%s.o",
	};
	static const char *const copies[] = {
		"try-%d.o", "try-%d.so", "uses-%d.so", "loops-%d.so",
		"weight-%d.o",
	};
	char path[PATH_MAX + 64], name[64];
	size_t i;
	int gen;

	for (gen = 0; gen < PF_NR_SLOTS; gen++) {
		for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
			snprintf(name, sizeof(name), names[i],
				 code_generation_id(gen));
			snprintf(path, sizeof(path), "%s/%s", code->dir, name);
			unlink(path);
		}
	}
	for (gen = 0; gen < CODE_SHARED_MAX; gen++) {
		for (i = 0; i < sizeof(copies) / sizeof(*copies); i++) {
			snprintf(name, sizeof(name), copies[i], gen);
			snprintf(path, sizeof(path), "%s/%s", code->dir, name);
			unlink(path);
		}
	}
	rmdir(code->dir);
}

void code_close(struct code *code)
{
	int gen;

	if (!code)
		return;
	if (*code->dir)
		remove_files(code);
	for (gen = 0; gen < PF_NR_SLOTS; gen++) {
		code_object_free(&code->uses[gen].object);
		free(code->uses[gen].trace);
	}
	free(code->words);
	free(code);
}

const char *code_compiler(const struct code *code)
{
	return code->compiler;
}

const struct code_arch *code_arch_of(const struct code *code)
{
	return code->arch;
}

const struct code_listing *code_listing(struct code *code,
					const struct code_use *use,
					struct errmsg *msg)
{
	const struct code_listing *l;
	char name[CODE_USE_NAME_MAX];
	int ret;

	ret = code_prepare(code, 1UL << use->generation, msg);
	if (ret)
		return NULL;
	l = *code_uses_listing(code, use);
	if (!l && (use->lowering == PF_SELECT ||
		   pf_accessors[use->accessor].kind == PF_SELECTED)) {
		errmsg_set(msg, -ENOENT, "%s has no select", code->arch->name);
	} else if (!l) {
		code_use_name(use, name);
		errmsg_set(msg, -ENOENT, "%s: not in the objects for %s", name,
			   code->arch->name);
	}
	return l;
}
