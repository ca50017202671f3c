// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/subprocess.h"
#include "code/internal.h"
#include "data/point.h"

static volatile sig_atomic_t interrupted;

static void on_signal(int sig)
{
	interrupted = sig;
}

/* Once: a second signal kills, and leaves the temporary files. */
static void catch_signals(void)
{
	struct sigaction sa = { .sa_handler = on_signal,
				.sa_flags = SA_RESETHAND };

	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
}

bool code_interrupted(void)
{
	return interrupted;
}

const char *code_usage_name(enum code_usage usage)
{
	return usage == CODE_CONDITION ? "condition" : "value";
}

int code_usage_find(const char *name, enum code_usage *usage)
{
	for (*usage = 0; *usage < CODE_NR_USAGES; ++*usage)
		if (!strcmp(name, code_usage_name(*usage)))
			return 0;
	return -EINVAL;
}

bool code_uses_next(struct code_use *use)
{
	if (++use->usage < CODE_NR_USAGES)
		return true;
	use->usage = 0;
	if (++use->lowering < PF_NR_LOWERINGS)
		return true;
	use->lowering = 0;
	return ++use->accessor < PF_NR_ACCESSORS;
}

/* pf_has() but for PF_HAVE_SELECT, which is this program's architecture's. */
bool code_use_exists(const struct code_use *use)
{
	const struct pf_accessor_info *a = &pf_accessors[use->accessor];
	const struct pf_generation_info *g = &pf_generations[use->generation];

	if (use->generation >= PF_NR_REPLICAS ||
	    (use->usage == CODE_CONDITION && !PF_IS_TEST(a->kind)))
		return false;
	if (a->kind == PF_SELECTED)
		return g->era == PF_ERA_PRIMITIVE && use->lowering == PF_AUTO;
	return pf_has(use->accessor, use->generation, PF_AUTO) &&
		(use->lowering == PF_AUTO ||
		 (g->lookup == PF_LOOKUP_CHOICE &&
		  PF_LOOKS_UP(a->policy, g->era)));
}

const char *code_generation_id(enum pf_generation gen)
{
	static const char *const ids[PF_NR_REPLICAS] = {
#define PF_G(id, ...) [PF_GEN_##id] = #id,
		PF_REPLICAS(PF_G)
#undef PF_G
	};

	return ids[gen];
}

void code_package(const struct code_arch *arch, const char *tool, char *name,
		  size_t size)
{
	char *c;

	if (arch == code_arch_here())
		snprintf(name, size, "%s", tool);
	else
		snprintf(name, size, "%s-%s", tool, arch->triplet);
	/* x86_64-linux-gnu: no package has a '_' in its name */
	for (c = name; *c; c++)
		if (*c == '_')
			*c = '-';
}

/* The first line of what a program prints; false if it fails. */
static bool first_line(const char *program, const char *option, char *line,
		       size_t size)
{
	const char *const argv[] = { program, option, NULL };
	char *out = NULL;
	bool ok = !subprocess_run(argv, &out, NULL) && out && *out;

	if (ok)
		snprintf(line, size, "%.*s", (int)strcspn(out, "\n"), out);
	free(out);
	return ok;
}

/* Is there such a compiler, and does it compile for the architecture? */
static bool try_cc(struct code *code, const char *cc)
{
	char machine[128];

	if (!first_line(cc, "--version", code->compiler,
			sizeof(code->compiler)))
		return false;
	code->clang = strstr(code->compiler, "clang");
	if (!code->clang &&
	    (!first_line(cc, "-dumpmachine", machine, sizeof(machine)) ||
	     strncmp(machine, code->arch->triplet,
		     strcspn(code->arch->triplet, "-") + 1)))
		return false;
	snprintf(code->cc, sizeof(code->cc), "%s", cc);
	return true;
}

static int find_cc(struct code *code, const char *cc, struct errmsg *msg)
{
	const char *triplet = code->arch->triplet, *tool = cc;
	char cross[PATH_MAX], package[128];
	size_t n = strlen(triplet);

	snprintf(cross, sizeof(cross), "%s-%s", triplet, cc);
	if (try_cc(code, cross) || try_cc(code, cc))
		return 0;
	*code->cc = '\0';
	if (strrchr(tool, '/'))
		tool = strrchr(tool, '/') + 1;
	if (!strncmp(tool, triplet, n) && tool[n] == '-')
		tool += n + 1;
	if (!strncmp(tool, "clang", 5))
		snprintf(package, sizeof(package), "%s", tool);
	else if (!strncmp(tool, "gcc", 3))
		code_package(code->arch, tool, package, sizeof(package));
	else
		return errmsg_set(msg, -ENOENT, "%s: no compiler for %s", cc,
			       code->arch->name);
	return errmsg_set(msg, -ENOENT,
		       "no %s for %s (Debian: apt install %s)", tool,
		       code->arch->name, package);
}

/* Does this one, of no architecture by name, know ours? */
static bool knows(const char *objdump, const struct code_arch *arch)
{
	const char *const argv[] = { objdump, "-i", NULL };
	char *out = NULL;
	bool ok = !subprocess_run(argv, &out, NULL) && out &&
		strstr(out, arch->bfd);

	free(out);
	return ok;
}

static int find_objdump(struct code *code, struct errmsg *msg)
{
	char package[64], line[256];

	snprintf(code->objdump, sizeof(code->objdump), "%s-objdump",
		 code->arch->triplet);
	if (first_line(code->objdump, "--version", line, sizeof(line)))
		return 0;
	strcpy(code->objdump, "objdump");
	if (knows(code->objdump, code->arch))
		return 0;
	code_package(code->arch, "binutils", package, sizeof(package));
	return errmsg_set(msg, -ENOENT,
		       "no objdump for %s (Debian: apt install %s)",
		       code->arch->name, package);
}

static bool try_source(struct code *code, const char *dir, const char *below)
{
	char path[2 * PATH_MAX];
	int n;

	n = snprintf(code->source, sizeof(code->source), "%s%s", dir, below);
	snprintf(path, sizeof(path), "%s/bench/target/use_stubs.c", code->source);
	if (n < (int)sizeof(code->source) && !access(path, R_OK))
		return true;
	*code->source = '\0';
	return false;
}

/* Where the source is: said, around the build directory, or installed. */
static int find_source(struct code *code, struct errmsg *msg)
{
	const char *said = getenv("PFBENCH_SRCDIR");
	char exe[PATH_MAX], *slash;
	ssize_t n;

	if (said && *said)
		return try_source(code, said, "") ? 0 :
			errmsg_set(msg, -ENOENT,
				"no bench/target/use_stubs.c in $PFBENCH_SRCDIR, %s", said);
	n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
	if (n > 0) {
		exe[n] = '\0';
		slash = strrchr(exe, '/');
		if (slash)
			*slash = '\0';
		if (try_source(code, exe, "/.."))
			return 0;
	}
	return try_source(code, PFBENCH_SRCDIR, "") ? 0 :
		errmsg_set(msg, -ENOENT,
			"no bench/target/use_stubs.c around the program or in " PFBENCH_SRCDIR ": say where with $PFBENCH_SRCDIR");
}

void code_object_path(const struct code *code, const char *what,
		      enum pf_generation gen, char *path, size_t size)
{
	snprintf(path, size, "%s/%s-%s.o",
		 code->objects ? code->objects : code->dir, what,
		 code_generation_id(gen));
}

void code_tool(const struct code *code, const char *tool, char *name,
	       size_t size)
{
	snprintf(name, size, "%.*s%s",
		 (int)(strlen(code->objdump) - strlen("objdump")),
		 code->objdump, tool);
}

/* Who made the objects, by the .comment of the first one that is there. */
static int read_comment(struct code *code, struct errmsg *msg)
{
	char path[2 * PATH_MAX], readelf[64], *out = NULL, *at;
	const char *const argv[] = { readelf, "-p", ".comment", path, NULL };
	int gen;

	for (gen = 0; gen < PF_NR_REPLICAS; gen++) {
		code_object_path(code, "uses", gen, path, sizeof(path));
		if (!access(path, R_OK))
			break;
	}
	if (gen == PF_NR_REPLICAS)
		return errmsg_set(msg, -ENOENT,
			       "%s: no uses-*.o there ('make check' and 'make guests' build some)",
			       code->objects);
	code_tool(code, "readelf", readelf, sizeof(readelf));
	if (subprocess_run(argv, &out, NULL) || !out || !(at = strstr(out, "]  "))) {
		free(out);
		return errmsg_set(msg, -EINVAL,
			       "%s: it does not say what compiled it", path);
	}
	snprintf(code->compiler, sizeof(code->compiler), "%.*s",
		 (int)strcspn(at + 3, "\n"), at + 3);
	code->clang = strstr(code->compiler, "clang");
	free(out);
	return 0;
}

/* The words of a string of flags, from argv[n] on; returns how many are in. */
static size_t add_words(const char **argv, size_t n, size_t max, char *flags)
{
	char *save, *word;

	for (word = strtok_r(flags, " ", &save); word && n + 1 < max;
	     word = strtok_r(NULL, " ", &save))
		argv[n++] = word;
	return n;
}

static int compile_start(const struct code *code, enum pf_generation gen,
			 const char *source, const char *object,
			 struct subprocess *child, struct errmsg *msg)
{
	char common[] = PFBENCH_KERNEL_CFLAGS, own[512], define[64];
	char include[PATH_MAX + 16], path[PATH_MAX + 64], target[64];
	const char *argv[64] = { code->cc };
	size_t max = sizeof(argv) / sizeof(*argv), n = 1;
	int ret;

	snprintf(own, sizeof(own), "%s", code->arch->cflags);
	snprintf(target, sizeof(target), "--target=%s", code->arch->triplet);
	snprintf(define, sizeof(define), "-DPF_STAMP_GEN=%s",
		 code_generation_id(gen));
	snprintf(include, sizeof(include), "-I%s/include", code->source);
	snprintf(path, sizeof(path), "%s/bench/target/%s", code->source, source);
	n = add_words(argv, n, max - 10, common);
	n = add_words(argv, n, max - 10, own);
	if (code->clang)
		argv[n++] = target;
	/* what needs no C library needs no cross one either */
	argv[n++] = "-ffreestanding";
	argv[n++] = "-w";
	argv[n++] = include;
	argv[n++] = define;
	argv[n++] = "-c";
	argv[n++] = "-o";
	argv[n++] = object;
	argv[n++] = path;
	argv[n] = NULL;
	ret = subprocess_start(child, argv, true);
	return ret ? errmsg_set(msg, ret, "%s: %s", code->cc, strerror(-ret)) : 0;
}

/* The first line that speaks of an error, or the first of all. */
static const char *first_error(char *err)
{
	char *line = strstr(err, "error");

	if (!line)
		line = err;
	while (line > err && line[-1] != '\n')
		line--;
	line[strcspn(line, "\n")] = '\0';
	return line;
}

static int compile_finish(const struct code *code, struct subprocess *child,
			  struct errmsg *msg)
{
	char *err = NULL;
	int ret = subprocess_wait(child, NULL, &err);

	if (ret)
		ret = errmsg_set(msg, -EINVAL, "%s failed: %s", code->cc,
			      err && *err ? first_error(err) : "no word why");
	free(err);
	return ret;
}

int code_compile(struct code *code, enum pf_generation gen, const char *source,
		 const char *object, struct errmsg *msg)
{
	struct subprocess child;
	int ret = *code->source ? 0 : find_source(code, msg);

	if (!ret)
		ret = compile_start(code, gen, source, object, &child, msg);
	return ret ? ret : compile_finish(code, &child, msg);
}

int code_dump(const struct code *code, const char *flags, const char *path,
	      char **text, struct errmsg *msg)
{
	const char *const argv[] = { code->objdump, flags, path, NULL };
	char *err = NULL;
	int ret;

	ret = subprocess_run(argv, text, &err);
	if (ret) {
		free(*text);
		ret = errmsg_set(msg, -EINVAL, "%s: not an object for %s, says %s",
			      path, code->arch->name,
			      err && *err ? first_error(err) : code->objdump);
	}
	free(err);
	return ret;
}

const char *code_lowering_id(enum pf_lowering how)
{
	static const char *const ids[PF_NR_LOWERINGS] = {
		"AUTO", "BRANCH", "SELECT",
	};

	return ids[how];
}

void code_symbol_name(const struct code_use *use, char *name)
{
	snprintf(name, CODE_SYMBOL_MAX, "pf_%s_%s_%s_%s",
		 use->usage == CODE_VALUE ? "use" : "cond",
		 pf_accessors[use->accessor].name,
		 code_generation_id(use->generation),
		 code_lowering_id(use->lowering));
}

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
	} while (code_uses_next(&use));
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
		return errmsg_set(msg, -ENOENT, "%s: %s", path, strerror(errno));
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

int code_prepare(struct code *code, unsigned long generations, struct errmsg *msg)
{
	struct subprocess child[PF_NR_REPLICAS];
	bool started[PF_NR_REPLICAS] = { false };
	char path[PF_NR_REPLICAS][PATH_MAX + 64];
	long at_once = sysconf(_SC_NPROCESSORS_ONLN);
	int gen, done = 0, first = 0, running = 0;
	struct code_uses *u;

	if (interrupted)
		return errmsg_set(msg, -EINTR, "interrupted");
	for (gen = 0; gen < PF_NR_REPLICAS || running; gen++) {
		/* a window that moves on: wait for the oldest */
		while (running && (running >= at_once ||
				   gen >= PF_NR_REPLICAS)) {
			if (started[done]) {
				u = &code->uses[done];
				u->err = compile_finish(code, &child[done],
							&u->msg);
				running--;
			}
			done++;
		}
		if (gen >= PF_NR_REPLICAS)
			break;
		u = &code->uses[gen];
		if (!(generations >> gen & 1) || u->opened || interrupted)
			continue;
		u->opened = true;
		if (code->objects)
			continue;
		code_object_path(code, "uses", gen, path[gen], sizeof(path[gen]));
		u->err = compile_start(code, gen, "use_stubs.c", path[gen],
				       &child[gen], &u->msg);
		started[gen] = !u->err;
		running += started[gen];
	}
	for (gen = 0; gen < PF_NR_REPLICAS; gen++) {
		u = &code->uses[gen];
		if (!(generations >> gen & 1))
			continue;
		if (interrupted)
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
	      const char *objects, struct errmsg *msg)
{
	struct code *code = calloc(1, sizeof(*code));
	int ret;

	*codep = code;
	if (!code)
		return errmsg_set(msg, -ENOMEM, "out of memory");
	code->arch = arch;
	code->objects = objects;
	catch_signals();
	ret = find_objdump(code, msg);
	if (!ret && !objects)
		ret = find_cc(code, cc ? cc : "gcc", msg);
	else if (!ret && find_cc(code, "gcc", NULL))
		/* wanted for what runs them only */
		find_cc(code, "clang", NULL);
	if (!ret && objects)
		ret = read_comment(code, msg);
	/* objects are looked at without any, but not walked through */
	if (!ret && !objects)
		ret = find_source(code, msg);
	if (!ret)
		ret = make_directory(code, msg);
	if (ret) {
		code_close(code);
		*codep = NULL;
	}
	return ret;
}

/* What we have put there, and nothing else. */
static void remove_files(struct code *code)
{
	static const char *const names[] = {
		"uses-%s.o", "trace_stubs-%s.o", "trace_stubs-%s", "trace_loops-%s.o",
		"trace_loops-%s", "trace-%s",
	};
	char path[PATH_MAX + 64], name[64];
	size_t i;
	int gen;

	for (gen = 0; gen < PF_NR_REPLICAS; gen++) {
		for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
			snprintf(name, sizeof(name), names[i],
				 code_generation_id(gen));
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
	for (gen = 0; gen < PF_NR_REPLICAS; gen++) {
		code_object_free(&code->uses[gen].object);
		free(code->uses[gen].trace);
	}
	free(code);
}

const char *code_compiler(const struct code *code)
{
	return code->compiler;
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

void code_use_name(const struct code_use *use, char *name)
{
	snprintf(name, CODE_USE_NAME_MAX, "%s/%s%s%s/%s",
		 pf_accessors[use->accessor].name,
		 pf_generations[use->generation].name,
		 use->lowering == PF_AUTO ? "" : "/",
		 use->lowering == PF_AUTO ? "" : lowering_name(use->lowering),
		 code_usage_name(use->usage));
}
