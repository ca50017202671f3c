// SPDX-License-Identifier: GPL-2.0
/* A command in a guest, booted by scripts/workload. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "cmd/verbosity.h"
#include "cmd/workload.h"
#include "code/shared.h"
#include "data/sequence.h"
#include "lib/atomic_file.h"
#include "lib/auto_free.h"
#include "lib/read_file.h"
#include "lib/subprocess.h"
#include "workload/sequence_file.h"

/* The guest that is run. */
struct boot {
	const struct workload_options *options;
	char *const *command;
	char script[PATH_MAX + 32];
	char dir[PATH_MAX];	/* sites, counts, output */
	char vmlinux[PATH_MAX];
	struct workload workload;
};

/* The last line of what the script wrote, without its name. */
static const char *script_reason(char *text)
{
	size_t n = text ? strlen(text) : 0;
	char *line;

	while (n && text[n - 1] == '\n')
		text[--n] = '\0';
	if (!n)
		return "scripts/workload failed";
	line = strrchr(text, '\n');
	line = line ? line + 1 : text;
	line += strncmp(line, "workload: ", 10) ? 0 : 10;
	return line + (strncmp(line, "guest: ", 7) ? 0 : 7);
}

static int find_vmlinux(struct boot *b, struct errmsg *msg)
{
	const char *const argv[] = { "bash", b->script, "-k",
				     b->options->kernel, "-w", NULL };
	auto_free char *out = NULL, *err = NULL;
	int status;

	if (b->options->vmlinux) {
		snprintf(b->vmlinux, sizeof(b->vmlinux), "%s",
			 b->options->vmlinux);
		return 0;
	}
	status = subprocess_run(argv, &out, &err);
	if (status < 0)
		return errmsg_set(msg, status, "bash: %s", strerror(-status));
	if (status)
		return errmsg_set(msg, -ENOENT, "%s", script_reason(err));
	snprintf(b->vmlinux, sizeof(b->vmlinux), "%s", clean_line(out));
	return 0;
}

/* Boots; returns the status of the script, with its last line in @msg. */
static int boot(struct boot *b, struct errmsg *msg)
{
	const struct workload_options *o = b->options;
	const char **argv;
	auto_free char *out = NULL, *err = NULL;
	size_t nr = 0, n = 0;
	int status;

	while (b->command[nr])
		nr++;
	argv = calloc(16 + 2 * o->nr_files + nr, sizeof(*argv));
	if (!argv)
		return errmsg_set(msg, -ENOMEM, "out of memory");
	argv[n++] = "bash";
	argv[n++] = b->script;
	argv[n++] = "-k";
	argv[n++] = o->kernel;
	argv[n++] = "-b";
	argv[n++] = b->workload.census.file->build_id;
	argv[n++] = "-d";
	argv[n++] = b->dir;
	argv[n++] = "-t";
	argv[n++] = o->seconds;
	if (o->sequence)
		argv[n++] = "-s";
	for (size_t i = 0; i < o->nr_files; i++) {
		argv[n++] = "-i";
		argv[n++] = o->files[i];
	}
	argv[n++] = "--";
	memcpy(argv + n, b->command, nr * sizeof(*argv));
	status = subprocess_run(argv, &out, &err);
	free(argv);
	if (status)
		errmsg_set(msg, -EIO, "%s", script_reason(err));
	return status;
}

/* The value of the last line "KEY VALUE" of @output, cut out, or NULL. */
static char *last_value(const char *output, const char *key)
{
	const char *at = NULL, *line = output;
	size_t len = strlen(key);

	while (line) {
		if (!strncmp(line, key, len) && line[len] == ' ')
			at = line + len + 1;
		line = strchr(line, '\n');
		line += !!line;
	}
	return at ? clean_line(strndup(at, strcspn(at, "\n"))) : NULL;
}

/* Why the counts are those of a part of the command only, in @msg. */
static int check_end(struct boot *b, const char *status, int ended,
		     struct errmsg *msg)
{
	struct errmsg why = *msg;

	if (!status)
		return errmsg_set(msg, -ECANCELED, "%s", ended ? why.text :
				  "the guest stopped before COMMAND ended");
	if (strcmp(status, "0"))
		return errmsg_set(msg, -ECANCELED,
				  "%s ended with status %s in the guest",
				  b->command[0], status);
	if (b->workload.open)
		return errmsg_set(msg, -ECANCELED,
				  "%s started to count and did not stop",
				  b->command[0]);
	return 0;
}

/* The name of the program, as sequences have names. */
static void sequence_name(const char *command, char *name, size_t size)
{
	const char *base = strrchr(command, '/');
	size_t n = 0;

	for (base = base ? base + 1 : command; *base && n + 1 < size; base++)
		if (isalnum((unsigned char)*base) || *base == '-' ||
		    *base == '.')
			name[n++] = *base;
	snprintf(name + n, size - n, "%s", n ? "" : "command");
}

static int write_sequence(struct boot *b, const struct workload_run *run,
			  struct errmsg *msg)
{
	char runs[PATH_MAX + 16], command[160] = "", name[SEQUENCE_NAME_MAX + 1];
	struct workload_sequence s = {
		.workload = &b->workload, .runs = runs, .name = name,
		.command = command, .kernel = run->release,
		.partial = run->partial,
	};
	size_t n = 0;

	for (char *const *word = b->command; *word && n < 128; word++)
		n += snprintf(command + n, 128 - n, "%s%s", n ? " " : "",
			      *word);
	clean_line(command);
	sequence_name(b->command[0], name, sizeof(name));
	snprintf(runs, sizeof(runs), "%s/sequence", b->dir);
	return write_file_atomic(b->options->sequence, workload_write_sequence,
				 &s, msg);
}

static int make_result(struct boot *b, const char *output, int ended,
		       json_t **result, struct errmsg *msg)
{
	auto_free char *kernel = last_value(output, "window: kernel");
	auto_free char *status = last_value(output, "window: status");
	auto_free char *emulator = last_value(output, "window: emulator");
	auto_free char *operations = last_value(output, "operations:");
	struct workload_run run = {
		.kernel = b->options->kernel,
		.command = b->command,
		.emulator = emulator ?: "unknown",
		.status = status ? atoi(status) : -1,
	};
	char *blank = kernel ? strchr(kernel, ' ') : NULL;
	int err = check_end(b, status, ended, msg);

	if (blank)
		*blank = '\0';
	run.release = kernel ?: "unknown";
	run.version = blank ? blank + 1 : "unknown";
	run.partial = err ? msg->text : NULL;
	if (operations) {
		run.operations = strtoul(operations, &blank, 10);
		run.unit = *blank == ' ' && run.operations ? blank + 1 : NULL;
	}
	*result = workload_result(&b->workload, &run);
	if (!*result)
		return errmsg_set(msg, -ENOMEM, "out of memory");
	if (b->options->sequence && !err)
		err = write_sequence(b, &run, msg);
	else if (b->options->sequence)
		write_sequence(b, &run, NULL);
	return err;
}

/* The kernel that was booted is the one whose look-ups are known. */
static int check_build_id(struct boot *b, const char *output,
			  struct errmsg *msg)
{
	auto_free char *id = last_value(output, "window: build-id");

	if (!id || !strcmp(id, b->workload.census.file->build_id))
		return 0;
	return errmsg_set(msg, -EINVAL,
			  "%s is not the vmlinux of the booted kernel: its build-id is %s, that of the kernel %s",
			  b->vmlinux, b->workload.census.file->build_id,
			  *id ? id : "missing");
}

static int run_in_guest(struct boot *b, json_t **result, struct errmsg *msg)
{
	char path[PATH_MAX + 16];
	auto_free char *output = NULL;
	struct errmsg fault;
	int status, err;

	snprintf(path, sizeof(path), "%s/sites", b->dir);
	err = write_file_atomic(path, workload_write_sites, &b->workload, msg);
	if (err)
		return err;
	status = boot(b, msg);
	if (status < 0)
		return status;
	output = read_file("%s/output", b->dir);
	err = check_build_id(b, output ?: "", msg);
	if (err)
		return err;
	snprintf(path, sizeof(path), "%s/counts", b->dir);
	err = workload_read_counts(&b->workload, path, &fault);
	/* without counts, the script's own reason is the better one */
	if (err && !status)
		errmsg_set(msg, err, "%s", fault.text);
	if (err || (status && !b->workload.starts))
		return err ?: -EIO;
	if (!b->workload.starts)
		return errmsg_set(msg, -EINVAL, "nothing was counted");
	if (cmd_verbose && output)
		fputs(output, stderr);
	return make_result(b, output ?: "", status, result, msg);
}

static void remove_directory(const char *dir)
{
	static const char *const names[] = { "sites", "counts", "output", "sequence",
					     "" };
	char path[PATH_MAX + 16];

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, names[i]);
		remove(path);
	}
}

int workload_count(const struct workload_options *o, char *const *command,
		   json_t **result, struct errmsg *msg)
{
	struct boot b = { .options = o, .command = command };
	const char *tmp = getenv("TMPDIR");
	char top[PATH_MAX];
	int err = code_source_find(top, msg);

	if (err)
		return err;
	snprintf(b.script, sizeof(b.script), "%s/scripts/workload", top);
	if (access(b.script, R_OK))
		return errmsg_set(msg, -errno,
				  "%s: %s: set $PFBENCH_SRCDIR to a checkout",
				  b.script, strerror(errno));
	if (cmd_verbose)
		note("reading the look-ups of %s", o->kernel);
	err = find_vmlinux(&b, msg);
	if (!err)
		err = workload_open(&b.workload, b.vmlinux, msg);
	if (!err) {
		snprintf(b.dir, sizeof(b.dir), "%s/pfbench-XXXXXX",
			 tmp && *tmp ? tmp : "/tmp");
		if (!mkdtemp(b.dir))
			err = errmsg_set(msg, -errno, "%s: %s", b.dir,
					 strerror(errno));
	}
	if (!err) {
		if (cmd_verbose)
			note("booting %s", o->kernel);
		err = run_in_guest(&b, result, msg);
		remove_directory(b.dir);
	}
	workload_close(&b.workload);
	return err;
}
