// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "fuzz.h"

#define MAX_WORDS 8

/* kselftest's, of --ktap and --lava */
#define EXIT_ALL_SKIPPED 4

/* main() of bench/cmd/main.c */
int pfbench_main(int argc, char **argv);

const struct fuzz_target fuzz_targets[] = {
	{ "result", .json = true, .command = {
		"report @", "report --unit=ticks @", "report --unit=cycles @",
		"compare @ @", "compare --json @ tests/results/good.json",
		"compare --ktap tests/results/good.json @",
		"export --ktap @", "export --lava @", "export --kcidb @",
		"matrix --metric=ns,cycles,instructions @",
		"compare --json @ tests/results/good.json @",
		"compare tests/results/good.json @ tests/results/repetitions.json",
		"trend @ tests/results/good.json", "trend --json --by=kernel @",
		"matrix --machines --accessor=all @",
		"matrix --machines=across --json @ tests/golden/before.json",
	} },
	{ "counts", .command = {
		"matrix @", "report --unit=ticks @", "compare @ @",
		"compare --ktap @ tests/results/matrix/amd64-user.txt",
		"compare --json tests/results/matrix/amd64-user.txt @",
		"export --ktap @",
		"trend @ tests/results/matrix/amd64-user.txt",
		"matrix --machines --accessor=all @ tests/results/matrix",
	} },
	{ "race", .json = true, .command = { "race @" } },
	{ "code-table", .command = {
		"matrix @", "matrix @ tests/results/matrix/amd64-user.txt",
	} },
	{ "sequence", .command = { "sequence @", "sequence --top=1 @" } },
	{ "elf", .elf = true, .command = {
		"census --top=0 @", "census --csv @",
		"census --pfn-walkers --json @", "census --diff --json @ @",
	} },
	{ 0 }
};

const struct fuzz_target *fuzz_target_find(const char *name)
{
	for (const struct fuzz_target *t = fuzz_targets; t->name; t++)
		if (!strcmp(t->name, name))
			return t;
	return NULL;
}

/* The output of a command. */
struct output {
	char *text;
	size_t size;
};

/* @text has @word between characters that are no letters or digits. */
static bool has_word(const char *text, const char *word)
{
	size_t n = strlen(word);
	const char *at = text;

	for (; (at = strcasestr(at, word)); at += n)
		if ((at == text || !isalnum((unsigned char)at[-1])) &&
		    !isalnum((unsigned char)at[n]))
			return true;
	return false;
}

static const char *check_output(const struct output *o, bool names_no_nan)
{
	for (size_t i = 0; i < o->size; i++)
		if (o->text[i] != '\n' &&
		    (o->text[i] < ' ' || o->text[i] > '~'))
			return "a byte that is not printable ASCII";
	if (o->size && o->text[o->size - 1] != '\n')
		return "no newline at the end";
	if (names_no_nan && (has_word(o->text, "nan") ||
			     has_word(o->text, "inf")))
		return "a number that is not finite";
	return NULL;
}

static const char *check_run(int status, const struct output *out,
			     const struct output *err, bool names_no_nan)
{
	const char *end = memchr(err->text, '\n', err->size);
	const char *fault = check_output(out, names_no_nan);

	if (status != EXIT_DONE && status != EXIT_NO && status != EXIT_BAD &&
	    status != EXIT_ALL_SKIPPED)
		return "exit status";
	if (status == EXIT_BAD && (!end || end + 1 != err->text + err->size))
		return "not one line on stderr";
	if (status != EXIT_BAD && err->size)
		return "a message, and no error";
	return fault ? fault : check_output(err, false);
}

static int call(char *words, const char *path)
{
	char *argv[MAX_WORDS + 1] = { "pfbench" }, *save;
	int argc = 1;

	for (char *word = strtok_r(words, " ", &save); word;
	     word = strtok_r(NULL, " ", &save))
		argv[argc++] = *word == '@' ? (char *)path : word;
	return pfbench_main(argc, argv);
}

/* Run a command with stdout and stderr in memory. */
static const char *run_command(const char *command, const char *path,
			       bool names_no_nan, int *status)
{
	FILE *old_out = stdout, *old_err = stderr;
	struct output out = { NULL }, err = { NULL };
	char *words = strdup(command);
	const char *fault;

	stdout = open_memstream(&out.text, &out.size);
	stderr = open_memstream(&err.text, &err.size);
	*status = call(words, path);
	fclose(stdout);
	fclose(stderr);
	stdout = old_out;
	stderr = old_err;
	fault = check_run(*status, &out, &err, names_no_nan);
	if (fault)
		fprintf(stderr, "%.200s", err.text);
	free(out.text);
	free(err.text);
	free(words);
	return fault;
}

static double cpu_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return t.tv_sec + t.tv_nsec * 1e-9;
}

/* A file that spells neither word, and escapes no character in JSON. */
static bool has_no_nan(const uint8_t *data, size_t size)
{
	char *text = calloc(1, size + 1);
	bool none;

	memcpy(text, data, size);
	none = !memchr(data, '\\', size) && !memchr(data, '\0', size) &&
		!strcasestr(text, "nan") && !strcasestr(text, "inf");
	free(text);
	return none;
}

const char *fuzz_run(const struct fuzz_target *target, const uint8_t *data,
		     size_t size)
{
	bool names_no_nan = size && !target->elf && has_no_nan(data, size);
	int fd = memfd_create("fuzz", MFD_CLOEXEC), status = EXIT_DONE;
	static char text[200];
	const char *fault = NULL;
	double start;
	char path[64];

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	for (const char *const *c = target->command; *c && !fault; c++) {
		start = cpu_seconds();
		fault = run_command(*c, path, names_no_nan, &status);
		if (!fault && cpu_seconds() - start > FUZZ_SECONDS)
			fault = "too much CPU time";
		if (fault)
			snprintf(text, sizeof(text), "%s: %s", *c, fault);
		if (c == target->command && status == EXIT_BAD)
			break;
	}
	close(fd);
	return fault ? text : NULL;
}
