/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A look-up or a scheme of reference counts of the user's, in a header: the
 * slot PF_GEN_try. Its code for any architecture, and shared objects of it for
 * this process.
 */
#ifndef PFBENCH_CODE_SHARED_H
#define PFBENCH_CODE_SHARED_H

#include "code/code.h"

/**
 * code_set_header() - the header of PF_GEN_try
 *
 * There are then uses of the accessors of bench/target/try_wanted.h only.
 *
 * @path: absolute, without '"' and '\'; not copied
 * @scheme: of reference counts, not a look-up
 */
void code_set_header(struct code *code, const char *path, bool scheme);

/**
 * code_shared_open() - find the compiler for shared objects of this process
 * @cc: as for code_open()
 * @header, @scheme: as for code_set_header()
 * Return: as code_open().
 */
int code_shared_open(struct code **code, const char *cc, const char *header,
		     bool scheme, const volatile sig_atomic_t *interrupted,
		     struct errmsg *msg);

/** code_source_dir() - the directory that holds include/ and bench/target/ */
const char *code_source_dir(const struct code *code);
/** code_words() - all that the compiler wrote when it failed last, or "" */
const char *code_words(const struct code *code);
/** code_source_find() - code_source_dir() without a compiler; PATH_MAX bytes */
int code_source_find(char *path, struct errmsg *msg);

#define CODE_SHARED_MAX 16

/**
 * code_shared_compile() - compile bench/target/SOURCE for some generations
 * @stem: of the objects, "uses" or "loops"
 * Return: 0; a negative errno with the first error in @msg, and code_words().
 */
int code_shared_compile(struct code *code, const char *source,
			const char *stem, const enum pf_generation *gen,
			size_t nr, struct errmsg *msg);

/**
 * code_shared_link() - link try.c and these objects
 * @copy: the code begins at an offset in its page that differs by copy
 * @path: set to the shared object, PATH_MAX + 64 bytes; code_close() removes it
 */
int code_shared_link(struct code *code, unsigned int copy, const char *stem,
		     const enum pf_generation *gen, size_t nr, char *path,
		     struct errmsg *msg);

/**
 * code_weight() - bytes of code that a look-up adds, of two generations
 *
 * The units of tests/code_size/ are compiled with and without the look-ups of
 * each generation, as scripts/code-size does.
 *
 * Return: 0; -ENOENT if the units are not there; -EINVAL; with a line in @msg.
 */
int code_weight(struct code *code, const enum pf_generation gen[2],
		double bytes[2], struct errmsg *msg);

#endif
