/* SPDX-License-Identifier: GPL-2.0 */
/* Targets of the fuzzers: commands of pfbench that read a hostile file. */
#ifndef PFBENCH_TESTS_FUZZ_H
#define PFBENCH_TESTS_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FUZZ_MAX_COMMANDS 20
/* CPU time of a command; a busy machine needs more time than that */
#define FUZZ_SECONDS 10

/**
 * struct fuzz_target - commands that get the same file
 * @name: of the target, and of its corpus in tests/fuzz/corpus
 * @json: the file is JSON
 * @command: words, separated by spaces, with @ for the file. If the first
 *	command refuses the file, the others do not run.
 */
struct fuzz_target {
	const char *name;
	bool json, elf;
	const char *command[FUZZ_MAX_COMMANDS];
};

/* The last one has no name. */
extern const struct fuzz_target fuzz_targets[];

/** fuzz_target_find() - the target with that name, or NULL */
const struct fuzz_target *fuzz_target_find(const char *name);

/**
 * fuzz_run() - run the commands of a target on a file with these bytes
 *
 * A command must end with status 0, 1 or 4 and nothing on stderr, or with
 * status 2 and one line there; print nothing but lines of ASCII; and print no
 * "nan" or "inf" if the file has no such word; and use at most FUZZ_SECONDS.
 *
 * Return: NULL; else a description of the fault, valid until the next call.
 */
const char *fuzz_run(const struct fuzz_target *target, const uint8_t *data,
		     size_t size);

#endif
