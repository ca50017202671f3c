/* SPDX-License-Identifier: GPL-2.0 */
/* Shared by the files that implement code/code.h. */
#ifndef PFBENCH_CODE_INTERNAL_H
#define PFBENCH_CODE_INTERNAL_H

#include <limits.h>
#include <stdio.h>

#include "code/code.h"
#include "lib/subprocess.h"

#define CODE_SYMBOL_MAX 96

/* A function of an object, by its symbol. */
struct code_symbol {
	uint64_t address, size;
	char name[CODE_SYMBOL_MAX];
};

/* An object as objdump prints it: its functions and their instructions. */
struct code_object {
	struct code_symbol *symbol;
	struct code_listing *listing;	/* per symbol; empty without
					   disassembly */
	size_t nr;
};

/**
 * code_object_parse() - read the output of objdump -tdw
 * @text: is written to
 * Return: 0; -EINVAL with a line in @msg if it is not of @arch; -ENOMEM.
 * code_object_free() must be called in any case.
 */
int code_object_parse(struct code_object *o, const struct code_arch *arch,
		      char *text, struct errmsg *msg);
/**
 * code_object_parse_kernel() - the same of objdump -tdrw, for an object that the
 * kernel's build compiled
 *
 * The text has the symbols of relocations. A target outside its function is -1.
 */
int code_object_parse_kernel(struct code_object *o,
			     const struct code_arch *arch, char *text,
			     struct errmsg *msg);
void code_object_free(struct code_object *o);
/** code_object_symbol() - the symbol of that name, or NULL */
const struct code_symbol *code_object_symbol(const struct code_object *o,
					     const char *name);
/** code_insn_at() - the instruction at an address, or NULL */
const struct code_insn *code_insn_at(const struct code_listing *l,
				     uint64_t address);

/* The uses of a generation, after the first call that asks for them. */
struct code_uses {
	bool opened, traced;
	const struct code_insn **trace;	/* the paths are slices of it */
	int err, trace_err;
	struct errmsg msg, trace_msg;
	struct code_object object;
	const struct code_listing *listing[PF_NR_ACCESSORS][PF_NR_LOWERINGS]
					  [CODE_NR_USAGES];
	struct code_path path[PF_NR_ACCESSORS][PF_NR_LOWERINGS]
			     [CODE_NR_USAGES][CODE_NR_PAGES];
};

struct code {
	const struct code_arch *arch;
	const volatile sig_atomic_t *interrupted;	/* may be NULL */
	const char *objects;		/* NULL: compile */
	const char *header;		/* of PF_GEN_try; NULL: none */
	bool scheme;			/* not a look-up */
	bool shared;			/* for a shared object of this process */
	const char *more_flags;		/* after those of the kernel; NULL: none */
	unsigned int copy;		/* of a shared object: its offset */
	char *words;			/* of the compiler that failed last */
	bool clang;
	char cc[PATH_MAX];		/* "": no compiler, only objects */
	char objdump[64];
	char compiler[256];
	char source[PATH_MAX];		/* holds include/ and bench/target/ */
	char dir[PATH_MAX];		/* temporary */
	struct code_uses uses[PF_NR_SLOTS];
};

static inline bool code_interrupted(const struct code *code)
{
	return code->interrupted && *code->interrupted;
}

/** code_lowering_id() - "SELECT" */
const char *code_lowering_id(enum pf_lowering lowering);
/** code_symbol_name() - "pf_use_PageLocked_v4_4_word_AUTO" */
void code_symbol_name(const struct code_use *use, char *name);
/** code_use_next() - the next use of the generation; false after the last */
bool code_use_next(struct code_use *use);
/** code_uses_listing() - the place of a use's listing */
const struct code_listing **code_uses_listing(struct code *code,
					      const struct code_use *use);

/**
 * code_find_compiler() - find a compiler for the architecture
 * code_find_objdump() - find an objdump that reads the architecture
 * code_find_source() - find include/ and bench/target/: in $PFBENCH_SRCDIR,
 *	around the build directory, or installed
 * code_read_comment() - read the name of the compiler out of the objects
 * Return: 0, or a negative errno with a line in @msg that says what to install
 * or set.
 */
int code_find_compiler(struct code *code, const char *cc, struct errmsg *msg);
int code_find_objdump(struct code *code, struct errmsg *msg);
int code_find_source(struct code *code, struct errmsg *msg);
int code_read_comment(struct code *code, struct errmsg *msg);

/** code_tool() - another program of the binutils that objdump is from */
void code_tool(const struct code *code, const char *tool, char *name,
	       size_t size);
/** code_package() - Debian's package of @tool: "gcc-aarch64-linux-gnu" */
void code_package(const struct code_arch *arch, const char *tool, char *name,
		  size_t size);

/** code_object_path() - "DIR/uses-v4_4_word.o"; @stem is "uses" or "loops" */
void code_object_path(const struct code *code, const char *stem,
		      enum pf_generation gen, char *path, size_t size);

/**
 * code_compile() - compile a file of bench/target/ for a generation
 *
 * code_compile_start() and code_compile_finish() do so in two steps, so that
 * several compilers run at once.
 *
 * Return: 0; a negative errno with the first error in @msg.
 */
int code_compile(struct code *code, enum pf_generation gen, const char *source,
		 const char *object, struct errmsg *msg);
int code_compile_start(struct code *code, enum pf_generation gen,
		       const char *source, const char *object,
		       struct subprocess *child, struct errmsg *msg);
int code_compile_finish(struct code *code, struct subprocess *child,
			struct errmsg *msg);

/**
 * code_compile_all() - compile @nr objects, as many at a time as there are CPUs
 * @start: calls code_compile_start() for the object with that index
 * Return: 0; the first error, with its line in @msg, after all have ended.
 */
int code_compile_all(struct code *code, size_t nr,
		     int (*start)(struct code *code, size_t i, const void *arg,
				  struct subprocess *child,
				  struct errmsg *msg),
		     const void *arg, struct errmsg *msg);

/**
 * code_dump() - have objdump print @path with the options @flags
 * @text: to be freed
 * Return: 0; -EINVAL with a line in @msg.
 */
int code_dump(const struct code *code, const char *flags, const char *path,
	      char **text, struct errmsg *msg);

/*
 * A program of bench/target/, linked with the objects of a generation and run
 * under QEMU one instruction at a time. QEMU logs the address of each
 * instruction.
 */
struct code_trace {
	struct code *code;
	enum pf_generation gen;
	const char *name;		/* "trace_stubs": trace_stubs.c */
	const char *with;		/* "uses": link with uses-*.o */
	const char *prefix[2];		/* symbols of the traced functions */
	bool listed;			/* disassemble the program, too */

	struct code_object program;
	uint64_t mark;			/* address of pf_mark() */
	FILE *log;
};

/**
 * code_trace_start() - compile, link and run the program
 *
 * code_trace_end() must be called in any case.
 *
 * Return: 0; -ENOENT with a line in @msg that says what to install; -EIO.
 */
int code_trace_start(struct code_trace *t, struct errmsg *msg);
/** code_trace_next() - read the next address; false after the last */
bool code_trace_next(struct code_trace *t, uint64_t *address);
void code_trace_end(struct code_trace *t);

#endif
