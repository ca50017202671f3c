/* SPDX-License-Identifier: GPL-2.0 */
/* What the files behind code.h share. */
#ifndef PFBENCH_CODE_INTERNAL_H
#define PFBENCH_CODE_INTERNAL_H

#include <limits.h>
#include <stdio.h>

#include "code/code.h"

#define CODE_SYMBOL_MAX 96

/* A function of an object, by its symbol. */
struct code_symbol {
	uint64_t address, size;
	char name[CODE_SYMBOL_MAX];
};

/* An object as objdump has it: functions, and what is in each. */
struct code_object {
	struct code_symbol *symbol;
	struct code_listing *listing;	/* of each; empty without disassembly */
	size_t nr;
};

/*
 * code_object_parse() - read the output of objdump -tdw
 * @text: is written to
 * Return: 0; -EINVAL if it is not of @arch.
 */
int code_object_parse(struct code_object *o, const struct code_arch *arch,
		      char *text, struct errmsg *msg);
void code_object_free(struct code_object *o);
/* NULL if there is none of that name. */
const struct code_symbol *code_object_symbol(const struct code_object *o,
					     const char *name);

/* "pf_use_PageLocked_v4_4_word_AUTO", of CODE_SYMBOL_MAX bytes */
void code_symbol_name(const struct code_use *use, char *name);

/* A generation's uses, once somebody has asked for them. */
struct code_uses {
	bool opened, ran;
	const struct code_insn **trace;	/* what the paths are slices of */
	int err, ran_err;
	struct errmsg msg, ran_why;
	struct code_object object;
	const struct code_listing *listing[PF_NR_ACCESSORS][PF_NR_LOWERINGS]
					  [CODE_NR_USAGES];
	struct code_path path[PF_NR_ACCESSORS][PF_NR_LOWERINGS]
			     [CODE_NR_USAGES][CODE_NR_PAGES];
};

struct code {
	const struct code_arch *arch;
	const char *objects;		/* NULL: compile */
	bool clang;
	char cc[PATH_MAX];		/* "": none, there are only objects */
	char objdump[64];
	char compiler[256];
	char source[PATH_MAX];		/* has include/, bench/target/use_stubs.c */
	char dir[PATH_MAX];		/* temporary */
	struct code_uses uses[PF_NR_REPLICAS];
};

/* "v4_4_word" */
const char *code_generation_id(enum pf_generation gen);
/* "SELECT" */
const char *code_lowering_id(enum pf_lowering how);

/* From one use to the next of its generation; false after the last. */
bool code_uses_next(struct code_use *use);
/* Where its listing is kept. */
const struct code_listing **code_uses_listing(struct code *code,
					      const struct code_use *use);

/* "DIR/uses-v4_4_word.o", of @what "uses" */
void code_object_path(const struct code *code, const char *what,
		      enum pf_generation gen, char *path, size_t size);

/*
 * code_compile() - compile @source, of ours, for a generation into @object
 * Return: 0; -EINVAL with the first error in @msg.
 */
int code_compile(struct code *code, enum pf_generation gen, const char *source,
		 const char *object, struct errmsg *msg);

/*
 * code_dump() - have objdump print @path, as @flags say
 * Return: 0; -EINVAL with a line in @msg.
 */
int code_dump(const struct code *code, const char *flags, const char *path,
	      char **text, struct errmsg *msg);

/* "aarch64-linux-gnu-ld": another of binutils, where objdump is from. */
void code_tool(const struct code *code, const char *tool, char *name,
	       size_t size);

/* "gcc-aarch64-linux-gnu": what Debian calls @tool for the architecture. */
void code_package(const struct code_arch *arch, const char *tool, char *name,
		  size_t size);

/*
 * A program of ours, linked with a generation's objects and run one instruction
 * at a time; the addresses that it went through are read back.
 */
struct code_run {
	struct code *code;
	enum pf_generation gen;
	const char *name;		/* "trace_stubs": bench/target/trace_stubs.c */
	const char *with;		/* "uses": uses-*.o */
	const char *prefix[2];		/* of the functions that are walked */
	bool listed;			/* their listings are wanted, too */

	struct code_object program;
	uint64_t mark;			/* pf_mark() */
	FILE *log;
};

/*
 * code_run_start() - compile, link and run it
 * Return: 0; -ENOENT with a line in @msg that says what to install; -EIO.
 * code_run_end() is called for in any case.
 */
int code_run_start(struct code_run *r, struct errmsg *msg);
/* The next address; false after the last. */
bool code_run_next(struct code_run *r, uint64_t *address);
void code_run_end(struct code_run *r);

/* The instruction there, or NULL. */
const struct code_insn *code_insn_at(const struct code_listing *l,
				     uint64_t address);

#endif
