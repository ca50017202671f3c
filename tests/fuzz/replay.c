// SPDX-License-Identifier: GPL-2.0
/*
 * Run every file of the corpora, and every earlier find, through the targets of
 * the fuzzers once, in TAP: one test per directory.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fuzz.h"

/* Seconds for a file on a busy machine; more is a hang. */
#define LIMIT 300

static uint8_t *read_input(const char *path, size_t *size)
{
	FILE *f = fopen(path, "re");
	uint8_t *data = NULL;
	struct stat st;

	if (f && !fstat(fileno(f), &st) && S_ISREG(st.st_mode)) {
		data = malloc(st.st_size + 1);
		*size = fread(data, 1, st.st_size, f);
	}
	if (f)
		fclose(f);
	return data;
}

/* Return: the number of files; adds those with a fault to @bad. */
static size_t replay(const struct fuzz_target *target, const char *dir,
		     size_t *bad)
{
	struct dirent **list;
	int nr = scandir(dir, &list, NULL, alphasort);
	size_t read = 0, size;

	for (int i = 0; i < nr; i++) {
		const char *fault = NULL;
		uint8_t *data;
		char *path;

		if (asprintf(&path, "%s/%s", dir, list[i]->d_name) < 0)
			abort();
		data = read_input(path, &size);
		if (data) {
			alarm(LIMIT);
			fault = fuzz_run(target, data, size);
			alarm(0);
			read++;
		}
		if (fault)
			printf("# %s: %s\n", path, fault);
		*bad += !!fault;
		free(data);
		free(path);
		free(list[i]);
	}
	if (nr >= 0)
		free(list);
	return read;
}

static void test(const struct fuzz_target *target, const char *dir)
{
	static int number;
	size_t bad = 0, nr = replay(target, dir, &bad);

	printf("%sok %d - %s: %s (%zu files)\n", bad || !nr ? "not " : "",
	       ++number, target->name, dir, nr);
	fflush(stdout);
}

int main(void)
{
	const struct fuzz_target *t;
	char dir[64];
	int nr = 0;

	for (t = fuzz_targets; t->name; t++)
		nr += !t->elf;
	printf("1..%d\n", nr + 5);
	for (t = fuzz_targets; t->name; t++) {
		if (t->elf)
			continue;	/* seeds are compiled */
		snprintf(dir, sizeof(dir), "tests/fuzz/corpus/%s", t->name);
		test(t, dir);
	}
	test(fuzz_target_find("result"), "tests/results");
	test(fuzz_target_find("result"), "tests/results/history");
	test(fuzz_target_find("counts"), "tests/results/matrix");
	test(fuzz_target_find("code-table"), "tests/results/matrix");
	test(fuzz_target_find("elf"), "tests/census/hostile");
	return 0;
}
