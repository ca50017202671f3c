// SPDX-License-Identifier: GPL-2.0
/*
 * Paths through the uses: bench/target/trace_stubs.c, linked with their object, run by
 * QEMU's user-mode emulator one instruction at a time, and the addresses that
 * it logs read back.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/subprocess.h"
#include "code/internal.h"

/* A run over the uses, and where it is being read. */
struct run {
	struct code_run of;
	struct code *code;
	enum pf_generation gen;
	size_t nr;			/* instructions so far */
};

bool code_takes(enum pf_accessor accessor, enum code_page page)
{
	enum pf_policy policy = pf_accessors[accessor].policy;

	if (policy == PF_POLICY_PRIMITIVE)
		return page == CODE_SMALL;
	return policy != PF_POLICY_FOLIO || page != CODE_TAIL;
}

static void file_of(const struct code_run *r, const char *name, const char *end,
		    char *path, size_t size)
{
	snprintf(path, size, "%s/%s-%s%s", r->code->dir, name,
		 code_generation_id(r->gen), end);
}

/* Compile, link, and see where everything is. */
static int build(struct code_run *r, const char *program, struct errmsg *msg)
{
	char driver[PATH_MAX + 64], uses[PATH_MAX + 64], ld[64], source[32];
	const char *const argv[] = {
		ld, "-static", "-o", program, driver, uses, NULL
	};
	char *text = NULL, *err = NULL, package[64];
	const struct code_symbol *mark;
	int ret;

	if (!*r->code->cc) {
		code_package(r->code->arch, "gcc", package, sizeof(package));
		return errmsg_set(msg, -ENOENT,
			       "nothing to compile bench/target/%s.c with for %s (Debian: apt install %s)",
			       r->name, r->code->arch->name, package);
	}
	file_of(r, r->name, ".o", driver, sizeof(driver));
	snprintf(source, sizeof(source), "%s.c", r->name);
	ret = code_compile(r->code, r->gen, source, driver, msg);
	if (ret)
		return msg ? -EIO : ret;
	code_object_path(r->code, r->with, r->gen, uses, sizeof(uses));
	code_tool(r->code, "ld", ld, sizeof(ld));
	ret = subprocess_run(argv, NULL, &err);
	if (ret)
		ret = errmsg_set(msg, -EIO, "%s: %.*s", ld,
			      err ? (int)strcspn(err, "\n") : 0,
			      err ? err : "");
	free(err);
	if (!ret)
		ret = code_dump(r->code, r->listed ? "-tdw" : "-t", program,
				&text, msg);
	if (!ret)
		ret = code_object_parse(&r->program, r->code->arch, text, msg);
	free(text);
	if (ret)
		return -EIO;
	mark = code_object_symbol(&r->program, "pf_mark");
	if (!mark)
		return errmsg_set(msg, -EIO, "%s: no pf_mark()", program);
	r->mark = mark->address;
	return 0;
}

/* The range that what is walked is in. */
static void range_of(const struct code_run *r, uint64_t *from, uint64_t *to)
{
	const struct code_symbol *s = r->program.symbol;
	size_t i;

	*from = UINT64_MAX;
	*to = 0;
	for (i = 0; i < r->program.nr; i++, s++) {
		if (strncmp(s->name, r->prefix[0], strlen(r->prefix[0])) &&
		    strncmp(s->name, r->prefix[1], strlen(r->prefix[1])))
			continue;
		if (s->address < *from)
			*from = s->address;
		if (s->address + s->size > *to)
			*to = s->address + s->size;
	}
}

/* The emulator's name, and its option for one instruction at a time. */
static int find_qemu(const struct code_arch *arch, char *qemu, size_t size,
		     const char **option, struct errmsg *msg)
{
	static const char *const ends[] = { "", "-static" };
	const char *const argv[] = { qemu, "-help", NULL };
	char *out = NULL;
	size_t i;
	int ret = -ENOENT;

	for (i = 0; i < sizeof(ends) / sizeof(*ends) && ret; i++) {
		snprintf(qemu, size, "%s%s", arch->qemu, ends[i]);
		free(out);
		ret = subprocess_run(argv, &out, NULL);
	}
	if (ret) {
		free(out);
		return errmsg_set(msg, -ENOENT,
			       "no paths for %s without %s (Debian: apt install qemu-user)",
			       arch->name, arch->qemu);
	}
	/* the name since 8.1 */
	*option = out && strstr(out, "-one-insn-per-tb") ? "-one-insn-per-tb" :
		"-singlestep";
	free(out);
	return 0;
}

static int emulate(struct code_run *r, const char *qemu, const char *option,
		   const char *program, struct errmsg *msg)
{
	char log[PATH_MAX + 64], filter[128], *err = NULL;
	const char *const argv[] = {
		qemu, option, "-d", "exec,nochain", "-dfilter", filter,
		"-D", log, program, NULL
	};
	uint64_t from, to;
	int ret;

	range_of(r, &from, &to);
	snprintf(filter, sizeof(filter), "%#" PRIx64 "..%#" PRIx64
		 ",%#" PRIx64 "..%#" PRIx64, r->mark, r->mark, from, to);
	file_of(r, "trace", "", log, sizeof(log));
	ret = subprocess_run(argv, NULL, &err);
	if (ret)
		errmsg_set(msg, -EIO, "%s: exit status %d: %.*s", qemu, ret,
			err ? (int)strcspn(err, "\n") : 0, err ? err : "");
	free(err);
	if (ret)
		return -EIO;
	r->log = fopen(log, "re");
	return r->log ? 0 : errmsg_set(msg, -EIO, "%s: %s", log, strerror(errno));
}

/* "Trace 0: 0x7f... [cs_base/ADDRESS/flags/cflags] symbol" */
bool code_run_next(struct code_run *r, uint64_t *address)
{
	char line[512], *at;

	while (fgets(line, sizeof(line), r->log)) {
		at = strchr(line, '[');
		at = at ? strchr(at, '/') : NULL;
		if (strncmp(line, "Trace ", 6) || !at)
			continue;
		*address = strtoull(at + 1, NULL, 16);
		return true;
	}
	return false;
}

const struct code_insn *code_insn_at(const struct code_listing *l,
				     uint64_t address)
{
	size_t lo = 0, hi = l->nr, mid;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (l->insn[mid].address == address)
			return &l->insn[mid];
		if (l->insn[mid].address < address)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}

/* From one mark to the next: the path of @use, which may not exist. */
static int read_path(struct run *r, const struct code_use *use,
		     struct code_path *path, uint64_t *address, bool *more,
		     struct errmsg *msg)
{
	struct code_uses *u = &r->code->uses[r->gen];
	const struct code_listing *l = *code_uses_listing(r->code, use);
	const struct code_symbol *s;
	const struct code_insn *insn;
	char name[CODE_SYMBOL_MAX];

	code_symbol_name(use, name);
	s = code_object_symbol(&r->of.program, name);
	if (!*more || *address != r->of.mark)
		return errmsg_set(msg, -EIO, "%s: trace ends early", name);
	path->nr = r->nr;
	while ((*more = code_run_next(&r->of, address)) &&
	       *address != r->of.mark) {
		insn = s && l ? code_insn_at(l, *address - s->address) : NULL;
		if (!insn || (r->nr == path->nr && insn != l->insn))
			return errmsg_set(msg, -EIO,
				       "%s: trace is of something else", name);
		/* room doubles at each power of two */
		if (!(r->nr & (r->nr - 1))) {
			void *room = realloc(u->trace, (r->nr ? 2 * r->nr : 1) *
					     sizeof(*u->trace));

			if (!room)
				return errmsg_set(msg, -ENOMEM, "out of memory");
			u->trace = room;
		}
		u->trace[r->nr++] = insn;
	}
	/* how many; and where they start is known when u->trace is whole */
	path->nr = r->nr - path->nr;
	if (l && (!path->nr || !(u->trace[r->nr - 1]->classes & CODE_RETURN)))
		return errmsg_set(msg, -EIO, "%s: trace does not end in a return",
			       name);
	return 0;
}

static int read_paths(struct run *r, struct errmsg *msg)
{
	struct code_use use = { .generation = r->gen };
	struct code_uses *u = &r->code->uses[r->gen];
	uint64_t address = 0;
	bool more = code_run_next(&r->of, &address);
	size_t at = 0;
	int page, ret;

	do {
		for (page = 0; page < CODE_NR_PAGES; page++) {
			ret = read_path(r, &use, &u->path[use.accessor]
					[use.lowering][use.usage][page],
					&address, &more, msg);
			if (ret)
				return ret;
		}
	} while (code_uses_next(&use));

	use = (struct code_use){ .generation = r->gen };
	do {
		for (page = 0; page < CODE_NR_PAGES; page++) {
			struct code_path *p = &u->path[use.accessor]
				[use.lowering][use.usage][page];

			p->insn = u->trace + at;
			at += p->nr;
		}
	} while (code_uses_next(&use));
	return 0;
}

int code_run_start(struct code_run *r, struct errmsg *msg)
{
	char qemu[64], program[PATH_MAX + 64];
	const char *option = NULL;
	int ret;

	ret = find_qemu(r->code->arch, qemu, sizeof(qemu), &option, msg);
	if (ret)
		return ret;
	file_of(r, r->name, "", program, sizeof(program));
	ret = build(r, program, msg);
	if (!ret)
		ret = emulate(r, qemu, option, program, msg);
	return ret;
}

void code_run_end(struct code_run *r)
{
	if (r->log)
		fclose(r->log);
	code_object_free(&r->program);
}

static int run_uses(struct code *code, enum pf_generation gen, struct errmsg *msg)
{
	struct run r = { .code = code, .gen = gen, .of = {
		.code = code, .gen = gen, .name = "trace_stubs", .with = "uses",
		.prefix = { "pf_use_", "pf_cond_" },
	} };
	int ret = code_run_start(&r.of, msg);

	if (!ret)
		ret = read_paths(&r, msg);
	code_run_end(&r.of);
	return ret;
}

int code_path(struct code *code, const struct code_use *use,
	      enum code_page page, const struct code_path **path,
	      struct errmsg *msg)
{
	struct code_uses *u = &code->uses[use->generation];
	char name[CODE_USE_NAME_MAX];

	code_use_name(use, name);
	if (!code_takes(use->accessor, page))
		return errmsg_set(msg, -EINVAL, "%s takes no such page", name);
	if (!code_listing(code, use, msg))
		return -EIO;
	if (!u->ran)
		u->ran_err = run_uses(code, use->generation, &u->ran_why);
	u->ran = true;
	if (u->ran_err)
		return errmsg_set(msg, u->ran_err, "%s", u->ran_why.text);
	*path = &u->path[use->accessor][use->lowering][use->usage][page];
	return 0;
}

/* A return that is conditional stays: it is the branch of what is inlined. */
static bool is_return(const struct code_insn *insn)
{
	return insn->classes & CODE_RETURN && !(insn->classes & CODE_BRANCH);
}

int code_tally(const struct code_path *path, struct code_tally *tally,
	       struct errmsg *msg)
{
	size_t i;

	memset(tally, 0, sizeof(*tally));
	for (i = 0; i < path->nr; i++) {
		const struct code_insn *insn = path->insn[i];

		if (insn->classes & CODE_UNKNOWN)
			return errmsg_set(msg, -EINVAL,
				       "'%s': not known what it does",
				       insn->text);
		if (is_return(insn))
			continue;
		tally->insns++;
		tally->loads += !!(insn->classes & CODE_LOAD);
		tally->stores += !!(insn->classes & CODE_STORE);
		tally->branches += !!(insn->classes & CODE_BRANCH);
		tally->selects += !!(insn->classes & CODE_SELECT);
		tally->barriers += !!(insn->classes & CODE_BARRIER);
		tally->atomics += !!(insn->classes & CODE_ATOMIC);
	}
	return 0;
}

unsigned int code_bytes(const struct code_listing *listing)
{
	unsigned int bytes = 0;
	size_t i;

	for (i = 0; i < listing->nr; i++)
		if (!is_return(&listing->insn[i]))
			bytes += listing->insn[i].size;
	return bytes;
}
