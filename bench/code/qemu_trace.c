// SPDX-License-Identifier: GPL-2.0
/*
 * Link a program of bench/target/ with the objects of a generation, run it
 * under QEMU's user-mode emulator one instruction at a time, and read the
 * logged addresses.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "code/internal.h"
#include "lib/subprocess.h"

static void trace_path(const struct code_trace *t, const char *name,
		       const char *end, char *path, size_t size)
{
	snprintf(path, size, "%s/%s-%s%s", t->code->dir, name,
		 code_generation_id(t->gen), end);
}

static int link_program(struct code_trace *t, const char *program,
			struct errmsg *msg)
{
	char driver[PATH_MAX + 64], objects[PATH_MAX + 64], ld[64], source[32];
	const char *const argv[] = {
		ld, "-static", "-o", program, driver, objects, NULL
	};
	char *err = NULL, package[64];
	int ret;

	snprintf(source, sizeof(source), "%s.c", t->name);
	if (!*t->code->cc) {
		code_package(t->code->arch, "gcc", package, sizeof(package));
		return errmsg_set(msg, -ENOENT,
				  "no compiler for bench/target/%s on %s (Debian: apt install %s)",
				  source, t->code->arch->name, package);
	}
	trace_path(t, t->name, ".o", driver, sizeof(driver));
	ret = code_compile(t->code, t->gen, source, driver, msg);
	if (ret)
		return msg ? -EIO : ret;
	code_object_path(t->code, t->with, t->gen, objects, sizeof(objects));
	code_tool(t->code, "ld", ld, sizeof(ld));
	ret = subprocess_run(argv, NULL, &err);
	if (ret)
		ret = errmsg_set(msg, -EIO, "%s: %.*s", ld,
				 err ? (int)strcspn(err, "\n") : 0,
				 err ? err : "");
	free(err);
	return ret;
}

static int read_program_symbols(struct code_trace *t, const char *program,
				struct errmsg *msg)
{
	const struct code_symbol *mark;
	char *text = NULL;
	int ret = code_dump(t->code, t->listed ? "-tdw" : "-t", program, &text,
			    msg);

	if (!ret)
		ret = code_object_parse(&t->program, t->code->arch, text, msg);
	free(text);
	if (ret)
		return -EIO;
	mark = code_object_symbol(&t->program, "pf_mark");
	if (!mark)
		return errmsg_set(msg, -EIO, "%s: no pf_mark()", program);
	t->mark = mark->address;
	return 0;
}

/* The addresses of all traced functions. */
static void traced_range(const struct code_trace *t, uint64_t *from,
			 uint64_t *to)
{
	const struct code_symbol *s = t->program.symbol;
	size_t i;

	*from = UINT64_MAX;
	*to = 0;
	for (i = 0; i < t->program.nr; i++, s++) {
		if (strncmp(s->name, t->prefix[0], strlen(t->prefix[0])) &&
		    strncmp(s->name, t->prefix[1], strlen(t->prefix[1])))
			continue;
		if (s->address < *from)
			*from = s->address;
		if (s->address + s->size > *to)
			*to = s->address + s->size;
	}
}

/* The emulator's name, and its option to run one instruction at a time. */
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
	/* QEMU 8.1 renamed the option */
	*option = !ret && out && strstr(out, "-one-insn-per-tb") ?
		"-one-insn-per-tb" : "-singlestep";
	free(out);
	return ret ? errmsg_set(msg, -ENOENT,
				"no paths for %s without %s (Debian: apt install qemu-user)",
				arch->name, arch->qemu) : 0;
}

/* QEMU ignores that its log cannot be written: a full disk cuts it. */
static int check_space(const char *dir, struct errmsg *msg)
{
	static const char block[1 << 16];
	int fd = open(dir, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600), err = 0;
	ssize_t n;

	/* not every file system has O_TMPFILE */
	if (fd < 0)
		return 0;
	n = write(fd, block, sizeof(block));
	if (n < 0)
		err = errno;
	else if (n < (ssize_t)sizeof(block))
		err = ENOSPC;
	close(fd);
	return err ? errmsg_set(msg, -err,
				"%s: %s: free some, or set TMPDIR to another directory",
				dir, strerror(err)) : 0;
}

static int run_qemu(struct code_trace *t, const char *qemu, const char *option,
		    const char *program, struct errmsg *msg)
{
	char log[PATH_MAX + 64], filter[128], *err = NULL;
	const char *const argv[] = {
		qemu, option, "-d", "exec,nochain", "-dfilter", filter,
		"-D", log, program, NULL
	};
	uint64_t from, to;
	int ret;

	traced_range(t, &from, &to);
	snprintf(filter, sizeof(filter), "%#" PRIx64 "..%#" PRIx64
		 ",%#" PRIx64 "..%#" PRIx64, t->mark, t->mark, from, to);
	trace_path(t, "trace", "", log, sizeof(log));
	ret = subprocess_run(argv, NULL, &err);
	if (ret)
		ret = errmsg_set(msg, -EIO, "%s: exit status %d: %.*s", qemu,
				 ret, err ? (int)strcspn(err, "\n") : 0,
				 err ? err : "");
	free(err);
	if (!ret)
		ret = check_space(t->code->dir, msg);
	if (ret)
		return ret;
	t->log = fopen(log, "re");
	return t->log ? 0 :
		errmsg_set(msg, -EIO, "%s: %s", log, strerror(errno));
}

int code_trace_start(struct code_trace *t, struct errmsg *msg)
{
	char qemu[64], program[PATH_MAX + 64];
	const char *option = NULL;
	int ret;

	ret = find_qemu(t->code->arch, qemu, sizeof(qemu), &option, msg);
	if (ret)
		return ret;
	trace_path(t, t->name, "", program, sizeof(program));
	ret = link_program(t, program, msg);
	if (!ret)
		ret = read_program_symbols(t, program, msg);
	if (!ret)
		ret = run_qemu(t, qemu, option, program, msg);
	return ret;
}

/* "Trace 0: 0x7f... [cs_base/ADDRESS/flags/cflags] symbol" */
bool code_trace_next(struct code_trace *t, uint64_t *address)
{
	char line[512], *at;

	while (fgets(line, sizeof(line), t->log)) {
		at = strchr(line, '[');
		at = at ? strchr(at, '/') : NULL;
		if (strncmp(line, "Trace ", 6) || !at)
			continue;
		*address = strtoull(at + 1, NULL, 16);
		return true;
	}
	return false;
}

void code_trace_end(struct code_trace *t)
{
	if (t->log)
		fclose(t->log);
	code_object_free(&t->program);
}
