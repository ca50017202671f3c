/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The compiled code of the accessors: one use of each accessor, compiled for an
 * architecture and disassembled by objdump, and the path of a page through a
 * use as QEMU's user-mode emulator executes it.
 */
#ifndef PFBENCH_CODE_CODE_H
#define PFBENCH_CODE_CODE_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/errmsg.h"
#include "pageflags/loop.h"

/* An architecture and its names. */
struct code_arch {
	const char *name;		/* this project's: x86-64, arm64,
					   riscv64, ppc64le, s390x */
	const char *machine;		/* uname -m: x86_64, aarch64, ... */
	const char *debian;		/* amd64, ..., ppc64el */
	const char *triplet;		/* x86_64-linux-gnu, ... */
	const char *qemu;		/* user mode: qemu-x86_64, ... */
	const char *bfd;		/* objdump's file format */
	const char *cflags;		/* of KERNEL_CFLAGS, this arch's own */
};

#define CODE_NR_ARCHS 5
extern const struct code_arch code_archs[CODE_NR_ARCHS];

/** code_arch_find() - the architecture with any of its names @name, or NULL */
const struct code_arch *code_arch_find(const char *name);
/** code_generation_id() - the generation as C has it: "v4_4_word", "try" */
const char *code_generation_id(enum pf_generation gen);

/** code_arch_here() - the architecture of this machine, or NULL */
const struct code_arch *code_arch_here(void);

/* The kinds of an instruction: bits; none for arithmetic on registers. */
enum code_class {
	CODE_LOAD	= 1 << 0,
	CODE_STORE	= 1 << 1,
	CODE_BRANCH	= 1 << 2,	/* conditional */
	CODE_JUMP	= 1 << 3,	/* unconditional */
	CODE_SELECT	= 1 << 4,	/* cmov, csel, isel, locgr, czero */
	CODE_BARRIER	= 1 << 5,
	CODE_ATOMIC	= 1 << 6,	/* read-modify-write; in an LL/SC loop,
					   the store */
	CODE_RETURN	= 1 << 7,
	CODE_NOP	= 1 << 8,
	CODE_UNKNOWN	= 1 << 9,	/* in no table of code_classify() */
};

/**
 * code_classify() - find out the kinds of an instruction
 * @text: as in struct code_insn
 * Return: bits of enum code_class.
 */
unsigned int code_classify(const struct code_arch *arch, const char *text);

struct code_insn {
	uint64_t address;		/* from the start of the function */
	unsigned int size;		/* in bytes */
	unsigned char bytes[16];
	unsigned int classes;
	long target;			/* of a branch or jump: index in the
					   listing; -1: none */
	char *text;			/* mnemonic, one blank, operands; a
					   target last, in hexadecimal, from the
					   start of the function */
};

struct code_listing {
	struct code_insn *insn;
	size_t nr;
};

/* One inlined use of an accessor. */
enum code_usage { CODE_VALUE, CODE_CONDITION, CODE_NR_USAGES };
struct code_use {
	enum pf_accessor accessor;
	enum pf_generation generation;
	enum pf_lowering lowering;
	enum code_usage usage;
};

/** code_usage_name() - "value" or "condition" */
const char *code_usage_name(enum code_usage usage);
/** code_usage_find() - the usage of that name; -EINVAL if there is none */
int code_usage_find(const char *name, enum code_usage *usage);
/**
 * code_use_exists() - does the catalog have this use?
 *
 * A condition exists for tests only. The answer is the same on every
 * architecture: an architecture without a select lacks it in its objects.
 */
bool code_use_exists(const struct code_use *use);
#define CODE_USE_NAME_MAX 128
/** code_use_name() - "PageLocked/v4.4-word/branch/condition" */
void code_use_name(const struct code_use *use, char *name);

/* The page that the use gets: no flag is set but PG_uptodate. */
enum code_page { CODE_SMALL, CODE_HEAD, CODE_TAIL, CODE_NR_PAGES };

/** code_page_name() - "small", "head" or "tail" */
const char *code_page_name(enum code_page page);

/* Instructions in the order in which they were executed. */
struct code_path {
	const struct code_insn **insn;	/* borrowed from the listing */
	size_t nr;			/* with the final return */
};

/* The opened code of one architecture and compiler. */
struct code;

/**
 * code_open() - find a compiler and objdump, or take compiled objects
 * @cc: a compiler's name ("gcc-14", "clang-19", the whole name of a cross
 *	compiler); NULL: the architecture's default gcc
 * @objects: a directory with uses-*.o to disassemble instead; NULL: none
 * @interrupted: all calls fail soon after it is set, so that code_close() can
 *	remove the temporary files; NULL: never
 * Return: 0; -ENOENT with a line in @msg that says what to install; -EINVAL.
 */
int code_open(struct code **code, const struct code_arch *arch, const char *cc,
	      const char *objects, const volatile sig_atomic_t *interrupted,
	      struct errmsg *msg);
void code_close(struct code *code);

/** code_compiler() - first line of --version, or the .comment of the objects */
const char *code_compiler(const struct code *code);
/** code_arch_of() - the architecture that was opened */
const struct code_arch *code_arch_of(const struct code *code);

/**
 * code_prepare() - compile and disassemble generations in parallel
 * @generations: a bit per generation
 *
 * code_listing() does so for one generation that was not prepared.
 *
 * Return: 0; the error of the first generation that failed, with a line in
 * @msg: -EINVAL if the compiler fails; -ENOENT if there is no object; -EINTR.
 */
int code_prepare(struct code *code, unsigned long generations,
		 struct errmsg *msg);

/**
 * code_listing() - the instructions of one use, with its return
 * Return: NULL with a line in @msg if it does not compile, or the objects lack
 * the function.
 */
const struct code_listing *code_listing(struct code *code,
					const struct code_use *use,
					struct errmsg *msg);

/**
 * code_takes() - does an accessor take such a page?
 *
 * Folio accessors take no tails. Primitives do not distinguish pages: they get
 * a small page.
 */
bool code_takes(enum pf_accessor accessor, enum code_page page);

/**
 * code_path() - the instructions that a use executes for a page
 * @path: borrowed
 *
 * The first call runs all uses of the generation under QEMU once.
 *
 * Return: 0; -ENOENT with a line in @msg that says what to install if there is
 * no emulator; -EIO if the run failed; -EINVAL if the accessor takes no such
 * page.
 */
int code_path(struct code *code, const struct code_use *use,
	      enum code_page page, const struct code_path **path,
	      struct errmsg *msg);

/* Instructions on a path without its return; an atomic loads and stores too. */
struct code_tally {
	unsigned int insns, loads, stores, branches, selects, barriers, atomics;
};

/**
 * code_tally() - count the instructions of a path by kind
 * Return: 0; -EINVAL with a line in @msg that names an unknown instruction.
 */
int code_tally(const struct code_path *path, struct code_tally *tally,
	       struct errmsg *msg);

/** code_bytes() - the size of a use without returns */
unsigned int code_bytes(const struct code_listing *listing);

/* Instructions that an iteration of a loop executes. */
struct code_iteration {
	bool exists;
	long insns;
	long wrap;			/* more, where it wraps around */
};

struct code_loops {
	struct code_iteration iteration[PF_NR_ACCESSORS][PF_NR_LOWERINGS]
				       [PF_NR_FORMS][CODE_NR_PAGES];
};

/**
 * code_loops() - run the loops of a generation for each kind of page
 *
 * For code that was opened with objects: loops-*.o lie beside uses-*.o. Each
 * instruction is looked up in the listing of its loop.
 *
 * Return: 0; -ENOENT with a line in @msg that says what to install; -EIO.
 */
int code_loops(struct code *code, enum pf_generation gen,
	       struct code_loops *loops, struct errmsg *msg);

#endif
