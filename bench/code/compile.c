// SPDX-License-Identifier: GPL-2.0
/* Compile a source of bench/target/ with the kernel's flags; run objdump. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "code/internal.h"

void code_object_path(const struct code *code, const char *stem,
		      enum pf_generation gen, char *path, size_t size)
{
	snprintf(path, size, "%s/%s-%s.o",
		 code->objects ? code->objects : code->dir, stem,
		 code_generation_id(gen));
}

/* Append the words of @flags at argv[n]; returns the new number of words. */
static size_t add_words(const char **argv, size_t n, size_t max, char *flags)
{
	char *save, *word;

	for (word = strtok_r(flags, " ", &save); word && n + 1 < max;
	     word = strtok_r(NULL, " ", &save))
		argv[n++] = word;
	return n;
}

int code_compile_start(struct code *code, enum pf_generation gen,
		       const char *source, const char *object,
		       struct subprocess *child, struct errmsg *msg)
{
	char common[] = PFBENCH_KERNEL_CFLAGS, own[1024], define[64];
	char header[PATH_MAX + 32], copy[32], more[128];
	char include[PATH_MAX + 16], path[PATH_MAX + 64], target[64];
	const char *argv[64] = { code->cc };
	size_t max = sizeof(argv) / sizeof(*argv), n = 1;
	int ret = *code->source ? 0 : code_find_source(code, msg);

	if (ret)
		return ret;
	/* code of this process gets the flags of its own loops */
	snprintf(own, sizeof(own), "%s", code->shared ? PFBENCH_CFLAGS :
		 code->arch->cflags);
	snprintf(target, sizeof(target), "--target=%s", code->arch->triplet);
	snprintf(define, sizeof(define), "-DPF_STAMP_GEN=%s",
		 code_generation_id(gen));
	snprintf(include, sizeof(include), "-I%s/include", code->source);
	snprintf(path, sizeof(path), "%s/bench/target/%s", code->source,
		 source);
	if (!code->shared)
		n = add_words(argv, n, max - 16, common);
	n = add_words(argv, n, max - 16, own);
	snprintf(more, sizeof(more), "%s",
		 code->more_flags ? code->more_flags : "");
	n = add_words(argv, n, max - 12, more);
	if (code->clang)
		argv[n++] = target;
	/* no cross C library is needed */
	argv[n++] = "-ffreestanding";
	if (code->shared) {
		argv[n++] = "-fPIC";
		argv[n++] = "-Werror=implicit-function-declaration";
		argv[n++] = "-Werror=incompatible-pointer-types";
		snprintf(copy, sizeof(copy), "-DPF_TRY_COPY=%u", code->copy);
		argv[n++] = copy;
	} else {
		argv[n++] = "-w";
	}
	if (code->header) {
		snprintf(header, sizeof(header), "-DPF_TRY_HEADER=\"%s\"",
			 code->header);
		argv[n++] = header;
		if (code->scheme)
			argv[n++] = "-DPF_TRY_REF";
	}
	argv[n++] = include;
	argv[n++] = define;
	argv[n++] = "-c";
	argv[n++] = "-o";
	argv[n++] = object;
	argv[n++] = path;
	argv[n] = NULL;
	ret = subprocess_start(child, argv, true);
	return ret ? errmsg_set(msg, ret, "%s: %s", code->cc, strerror(-ret)) :
		0;
}

/* The first line with an error, or the first line. */
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

int code_compile_finish(struct code *code, struct subprocess *child,
			struct errmsg *msg)
{
	char *err = NULL;
	int ret = subprocess_wait(child, NULL, &err);

	if (ret) {
		free(code->words);
		code->words = err ? strdup(err) : NULL;
		ret = errmsg_set(msg, -EINVAL, "%s failed: %s", code->cc,
				 err && *err ? first_error(err) :
				 "without a message");
	}
	free(err);
	return ret;
}

int code_compile_all(struct code *code, size_t nr,
		     int (*start)(struct code *code, size_t i, const void *arg,
				  struct subprocess *child,
				  struct errmsg *msg),
		     const void *arg, struct errmsg *msg)
{
	size_t at_once = sysconf(_SC_NPROCESSORS_ONLN), started = 0, ended = 0;
	struct subprocess child[nr];
	int ret = 0, err;

	while (ended < started || (started < nr && !ret)) {
		if (started < nr && !ret && started - ended < at_once) {
			ret = start(code, started, arg, &child[started], msg);
			started += !ret;
			continue;
		}
		err = code_compile_finish(code, &child[ended++],
					  ret ? NULL : msg);
		ret = ret ? ret : err;
		if (!ret && code_interrupted(code))
			ret = errmsg_set(msg, -EINTR, "interrupted");
	}
	return ret;
}

int code_compile(struct code *code, enum pf_generation gen, const char *source,
		 const char *object, struct errmsg *msg)
{
	struct subprocess child;
	int ret = code_compile_start(code, gen, source, object, &child, msg);

	return ret ? ret : code_compile_finish(code, &child, msg);
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
		*text = NULL;
		ret = errmsg_set(msg, -EINVAL,
				 "%s: not an object for %s, says %s", path,
				 code->arch->name,
				 err && *err ? first_error(err) :
				 code->objdump);
	}
	free(err);
	return ret;
}
