/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The compiled code of the accessors: one use of each, compiled by a compiler
 * for an architecture, disassembled by objdump, and the path that a page takes
 * through it, as QEMU's user-mode emulator walked it.
 */
#ifndef PFBENCH_CODE_H
#define PFBENCH_CODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pageflags/loop.h"
#include "lib/errmsg.h"

/* An architecture, by all the names that it goes by. */
struct code_arch {
	const char *name;		/* ours: x86-64, arm64, riscv64, ppc64le,
					   s390x */
	const char *machine;		/* uname -m: x86_64, aarch64, ... */
	const char *debian;		/* amd64, arm64, riscv64, ppc64el, s390x */
	const char *triplet;		/* x86_64-linux-gnu, ... */
	const char *qemu;		/* qemu-x86_64, ...: user mode */
	const char *bfd;		/* as objdump calls its files */
	const char *cflags;		/* of KERNEL_CFLAGS, this one's own */
};

#define CODE_NR_ARCHS 5
extern const struct code_arch code_archs[CODE_NR_ARCHS];

/* By any of its names; NULL if there is none. */
const struct code_arch *code_arch_find(const char *name);
/* The one that this program runs on. */
const struct code_arch *code_arch_here(void);

/* What an instruction does; several bits, or none: arithmetic on registers. */
enum code_class {
	CODE_LOAD	= 1 << 0,
	CODE_STORE	= 1 << 1,
	CODE_BRANCH	= 1 << 2,	/* conditional */
	CODE_JUMP	= 1 << 3,	/* unconditional */
	CODE_SELECT	= 1 << 4,	/* cmov, csel, isel, locgr, czero */
	CODE_BARRIER	= 1 << 5,
	CODE_ATOMIC	= 1 << 6,	/* read-modify-write; of a ll/sc loop, the
					   store */
	CODE_RETURN	= 1 << 7,
	CODE_NOP	= 1 << 8,
	CODE_UNKNOWN	= 1 << 9,	/* code_classify() has to be taught it */
};

/*
 * code_classify() - what does this instruction do?
 * @text: as in struct code_insn
 */
unsigned int code_classify(const struct code_arch *arch, const char *text);

struct code_insn {
	uint64_t address;		/* in its function, from 0 */
	unsigned int size;		/* in bytes */
	unsigned char bytes[16];
	unsigned int classes;
	long target;			/* of a branch or jump: index of the
					   instruction in the listing; -1: none */
	char *text;			/* mnemonic, one blank, operands; a target
					   in hexadecimal, from the function's
					   start, at the end */
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

/* "value", "condition" */
const char *code_usage_name(enum code_usage usage);
/* The other way round. Return: 0, or -EINVAL if there is none of that name. */
int code_usage_find(const char *name, enum code_usage *usage);
/*
 * Is there such a use in the catalog? A condition only of what is a test; a
 * select may still be lacking in an architecture, and so in its objects.
 */
bool code_use_exists(const struct code_use *use);
/* "PageLocked/v4.4-word/branch/condition" */
#define CODE_USE_NAME_MAX 128
void code_use_name(const struct code_use *use, char *name);

/* The page that is handed in: no flag set but PG_uptodate. */
enum code_page { CODE_SMALL, CODE_HEAD, CODE_TAIL, CODE_NR_PAGES };

/* A path: instructions in the order in which they were executed. */
struct code_path {
	const struct code_insn **insn;	/* borrowed from the listing */
	size_t nr;			/* with the final return */
};

/* The opened code of one architecture and compiler. */
struct code;

/*
 * code_open() - compile, or take what is compiled, and disassemble
 * @cc: a compiler's name ("gcc-14", "clang-19", a cross compiler's whole name);
 *	NULL: the architecture's default gcc
 * @objects: a directory with uses-*.o that are to be taken instead; NULL: none
 * Return: 0; -ENOENT with a line in @msg that says what to install (compiler,
 * objdump); -EINVAL if the compiler fails or an object lacks its symbols.
 */
int code_open(struct code **code, const struct code_arch *arch, const char *cc,
	      const char *objects, struct errmsg *msg);
void code_close(struct code *code);

/*
 * Since the first code_open(): was there a SIGINT or SIGTERM? It does not kill,
 * since there are temporary files: all fails soon, and code_close() removes
 * them. A second one kills.
 */
bool code_interrupted(void);

/* The first line of the compiler's --version, or what the objects record. */
const char *code_compiler(const struct code *code);

/*
 * code_prepare() - compile and disassemble these generations side by side
 * @generations: a bit each
 *
 * Otherwise it is done when somebody asks, one after the other.
 * Return: 0; or as code_open(), of the first that failed.
 */
int code_prepare(struct code *code, unsigned long generations,
		 struct errmsg *msg);

/*
 * code_listing() - the instructions of one use, its return included
 * Return: NULL with a line in @msg if it does not compile, or the objects have
 * no such function.
 */
const struct code_listing *code_listing(struct code *code,
					const struct code_use *use,
					struct errmsg *msg);

/*
 * Does an accessor take such a page? Folio accessors take no tails, and the
 * primitives do not tell pages apart: they get a small one.
 */
bool code_takes(enum pf_accessor accessor, enum code_page page);

/*
 * code_path() - which of them are executed, in order, for such a page
 *
 * All uses of its generation are run once under QEMU at the first call.
 * Return: 0, @path is borrowed; -ENOENT with a line in @msg that says what to
 * install if there is no emulator; -EIO if it did not run; -EINVAL if it is an
 * accessor that takes no such page.
 */
int code_path(struct code *code, const struct code_use *use,
	      enum code_page page, const struct code_path **path,
	      struct errmsg *msg);

/* What is on a path, but for its return: an atomic loads and stores, too. */
struct code_tally {
	unsigned int insns, loads, stores, branches, selects, barriers, atomics;
};

/*
 * code_tally() - count a path
 * Return: 0; -EINVAL with a line in @msg that names the instruction of which
 * it is not known what it does.
 */
int code_tally(const struct code_path *path, struct code_tally *tally,
	       struct errmsg *msg);

/* The bytes of a use, whatever path is taken, but for returns. */
unsigned int code_bytes(const struct code_listing *listing);

/* Instructions that a turn of a loop executes. */
struct code_turn {
	bool there;
	long insns;
	long round;			/* more where it goes round the pages */
};

struct code_loops {
	struct code_turn iteration[PF_NR_ACCESSORS][PF_NR_LOWERINGS][PF_NR_FORMS][CODE_NR_PAGES];
};

/*
 * code_loops() - walk the loops of a generation, for pages of each kind
 *
 * Of code that was opened with objects, beside whose uses-*.o are the loops-*.o.
 * Each instruction is looked up in the listing of its loop.
 * Return: 0; -ENOENT with a line in @msg that says what to install; -EIO.
 */
int code_loops(struct code *code, enum pf_generation gen,
	       struct code_loops *loops, struct errmsg *msg);

#endif
