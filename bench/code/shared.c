// SPDX-License-Identifier: GPL-2.0
/* Shared objects with the look-up or scheme of a user's header. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "code/internal.h"
#include "code/shared.h"

void code_set_header(struct code *code, const char *path, bool scheme)
{
	code->header = path;
	code->scheme = scheme;
}

int code_shared_open(struct code **code, const char *cc, const char *header,
		     bool scheme, const volatile sig_atomic_t *interrupted,
		     struct errmsg *msg)
{
	const struct code_arch *here = code_arch_here();
	int ret;

	if (!here)
		return errmsg_set(msg, -ENOENT,
				  "this machine's architecture is unknown");
	ret = code_open(code, here, cc, NULL, interrupted, msg);
	if (ret)
		return ret;
	code_set_header(*code, header, scheme);
	(*code)->shared = true;
	return 0;
}

const char *code_source_dir(const struct code *code)
{
	return code->source;
}

int code_source_find(char *path, struct errmsg *msg)
{
	struct code *code = calloc(1, sizeof(*code));
	int ret = code ? code_find_source(code, msg) :
		errmsg_set(msg, -ENOMEM, "out of memory");

	if (!ret)
		snprintf(path, PATH_MAX, "%s", code->source);
	free(code);
	return ret;
}

const char *code_words(const struct code *code)
{
	return code->words ? code->words : "";
}

struct objects {
	const char *source, *stem;
	const enum pf_generation *gen;
};

static int start_object(struct code *code, size_t i, const void *arg,
			struct subprocess *child, struct errmsg *msg)
{
	const struct objects *o = arg;
	char object[PATH_MAX + 64];

	code_object_path(code, o->stem, o->gen[i], object, sizeof(object));
	return code_compile_start(code, o->gen[i], o->source, object, child,
				  msg);
}

int code_shared_compile(struct code *code, const char *source,
			const char *stem, const enum pf_generation *gen,
			size_t nr, struct errmsg *msg)
{
	struct objects o = { source, stem, gen };

	return code_compile_all(code, nr, start_object, &o, msg);
}

/* try.c at the offset of this copy */
static int compile_start(struct code *code, unsigned int copy,
			 const char *object, struct errmsg *msg)
{
	code->copy = copy;
	return code_compile(code, PF_GEN_try, "try.c", object, msg);
}

int code_shared_link(struct code *code, unsigned int copy, const char *stem,
		     const enum pf_generation *gen, size_t nr, char *path,
		     struct errmsg *msg)
{
	char object[CODE_SHARED_MAX + 1][PATH_MAX + 64], *err = NULL;
	const char *argv[CODE_SHARED_MAX + 8] = {
		code->cc, "-shared", "-nostdlib", "-o", path,
	};
	size_t n = 5, i;
	int ret;

	snprintf(object[0], sizeof(object[0]), "%s/try-%u.o", code->dir, copy);
	ret = compile_start(code, copy, object[0], msg);
	if (ret)
		return ret;
	for (i = 0; i < nr; i++)
		code_object_path(code, stem, gen[i], object[i + 1],
				 sizeof(object[0]));
	for (i = 0; i <= nr; i++)
		argv[n++] = object[i];
	argv[n] = NULL;
	snprintf(path, PATH_MAX + 64, "%s/%s-%u.so", code->dir, stem, copy);
	ret = subprocess_run(argv, NULL, &err);
	if (ret)
		ret = errmsg_set(msg, -EINVAL, "%s -shared: %.*s", code->cc,
				 err ? (int)strcspn(err, "\n") : 0,
				 err ? err : "");
	free(err);
	return ret;
}
