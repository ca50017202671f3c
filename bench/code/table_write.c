// SPDX-License-Identifier: GPL-2.0
/* Files for programs: counts and instructions of all uses. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "code/internal.h"
#include "code/print.h"
#include "code/table.h"
#include "lib/atomic_file.h"

struct code_file {
	struct code *code;
	struct code_skipped *skipped;
	void (*write_use)(FILE *f, const struct code_file *o,
			  const struct code_use *use,
			  const struct code_listing *l);
	const char *columns;
};

static void write_use_counts(FILE *f, const struct code_file *o,
			     const struct code_use *use,
			     const struct code_listing *l)
{
	const struct code_path *path;
	struct errmsg msg = { "" };
	struct code_tally n;
	char name[CODE_USE_NAME_MAX];
	int page;

	code_use_name(use, name);
	for (page = 0; page < CODE_NR_PAGES; page++) {
		if (!code_takes(use->accessor, page))
			continue;
		fprintf(f, "%s %s %u", name, code_page_name(page),
			code_bytes(l));
		if (!code_path(o->code, use, page, &path, &msg) &&
		    !code_tally(path, &n, &msg)) {
			fprintf(f, " %u %u %u %u %u %u %u\n", n.insns, n.loads,
				n.stores, n.branches, n.selects, n.barriers,
				n.atomics);
			continue;
		}
		code_skip(o->skipped, &msg);
		fprintf(f, " n/a n/a n/a n/a n/a n/a n/a\n");
	}
}

static void write_use_listing(FILE *f, const struct code_file *o,
			      const struct code_use *use,
			      const struct code_listing *l)
{
	char name[CODE_USE_NAME_MAX];
	size_t i;

	code_use_name(use, name);
	fprintf(f, "%s:", name);
	for (i = 0; i < l->nr; i++)
		fprintf(f, "%s %s", i ? ";" : "", l->insn[i].text);
	fprintf(f, "\n");
}

static void write_uses(FILE *f, const struct code_file *o, enum pf_accessor acc,
		       enum pf_generation gen)
{
	const struct code_listing *l;
	struct code_use use;
	int lowering, usage;

	for (lowering = 0; lowering < PF_NR_LOWERINGS; lowering++) {
		for (usage = 0; usage < CODE_NR_USAGES; usage++) {
			use = (struct code_use){ acc, gen, lowering, usage };
			l = code_use_exists(&use) ?
				code_listing(o->code, &use, NULL) : NULL;
			if (l)
				o->write_use(f, o, &use, l);
		}
	}
}

static int write_code_file(FILE *f, const void *arg)
{
	const struct code_file *o = arg;
	int acc, gen;

	fprintf(f, CODE_TABLE_MAGIC "1\n# arch: %s\n# compiler: %s\n# %s\n",
		o->code->arch->name, o->code->compiler, o->columns);
	for (acc = 0; acc < PF_NR_ACCESSORS; acc++)
		for (gen = 0; gen < PF_NR_REPLICAS; gen++)
			if (pf_generations[gen].era != PF_ERA_SELFTEST)
				write_uses(f, o, acc, gen);
	return ferror(f) || code_interrupted(o->code);
}

/* "gcc-12", "clang-19": from the first line of --version */
static void compiler_id(const char *version, char *id, size_t size)
{
	const char *clang = strstr(version, "clang version ");
	const char *number = clang ? clang + strlen("clang version ") :
		strrchr(version, ' ');

	snprintf(id, size, "%s-%d", clang ? "clang" : "gcc",
		 number ? atoi(number + !clang) : 0);
}

static int write_one_file(const struct code_file *o, const char *dir,
			  const char *suffix, char *path, struct errmsg *msg)
{
	char id[32];
	int ret;

	compiler_id(o->code->compiler, id, sizeof(id));
	if (snprintf(path, PATH_MAX, "%s/code-%s/%s%s", dir,
		     o->code->arch->debian, id, suffix) >= PATH_MAX)
		return errmsg_set(msg, -ENAMETOOLONG, "%s: %s", dir,
				  strerror(ENAMETOOLONG));
	ret = make_parents(path, msg);
	if (!ret)
		ret = write_file_atomic(path, write_code_file, o, msg);
	return ret && code_interrupted(o->code) ? -EINTR : ret;
}

int code_write_table(struct code *code, const char *dir,
		     struct code_skipped *skipped, char *path,
		     struct errmsg *msg)
{
	const struct code_file o = {
		.code = code, .skipped = skipped, .write_use = write_use_counts,
		.columns = "use path bytes instructions loads stores branches selects barriers atomics",
	};

	return write_one_file(&o, dir, ".txt", path, msg);
}

int code_write_listings(struct code *code, const char *dir, char *path,
			struct errmsg *msg)
{
	const struct code_file o = {
		.code = code, .write_use = write_use_listing,
		.columns = "use: instruction; instruction; ...",
	};

	return write_one_file(&o, dir, ".listing.txt", path, msg);
}
