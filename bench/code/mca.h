/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What llvm-mca predicts for a path through compiled code: the instructions
 * that were executed, laid out straight, on a CPU model of LLVM's.
 */
#ifndef PFBENCH_MODEL_H
#define PFBENCH_MODEL_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "code/code.h"
#include "lib/errmsg.h"

struct mca_cpu {
	const char *name;	/* llvm-mca's */
	const char *head;	/* of a column: five characters at most */
	const char *others;	/* what LLVM has no model of its own for and
				   takes this one; blanks between */
	const char *told;	/* extended regular expression: the cpu_model
				   of a result that is surely of this CPU */
};

/* All of an architecture. */
const struct mca_cpu *mca_cpus(const struct code_arch *arch, size_t *nr);
/* The one that LLVM takes for the CPU of that name; NULL if there is none. */
const struct mca_cpu *mca_cpu_find(const struct code_arch *arch,
				       const char *name);
/* The one that a machine has which calls its CPU so; NULL if in doubt. */
const struct mca_cpu *mca_cpu_by_name(const struct code_arch *arch,
				       const char *cpu_model);

/* llvm-mca, found. */
struct mca {
	char mca[32], mc[32];		/* programs */
	char version[32];		/* "19.1.7" */
};

/*
 * mca_open() - look for llvm-mca 19 or later and the llvm-mc beside it
 * Return: 0; -ENOENT with a line in @msg that says what to install.
 */
int mca_open(struct mca *m, struct errmsg *msg);

/*
 * mca_version() - the version out of what llvm-mca --version prints
 * Return: the first number; 0 if there is none.
 */
int mca_version(const char *text, char *version, size_t size);

/* A path, to be laid out straight. */
struct mca_path {
	const struct code_insn **insn;	/* without the final return */
	size_t nr;
	char **text;			/* of each, as LLVM writes it */
	char lacks[64];			/* an instruction that LLVM does not
					   know; "": it knows all */
};

/* What a CPU model says of it: cycles a use, net like what is measured. */
struct mca_cycles {
	double throughput;		/* uses independent of each other */
	double latency;			/* each page depends on the last
					   value */
	char lacks[64];			/* NaN both: the instruction that this
					   CPU or its model lacks; else "" */
};

/*
 * mca_paths_open() - have llvm-mc write the instructions of all paths
 *
 * Objdump's text is not always what LLVM's assembler takes, so what it gets
 * comes from the bytes.
 * @paths: insn and nr are filled in, without what is atomic (llvm-mc writes a
 *	prefix on a line of its own); to be closed whatever is returned
 * Return: 0; -EINVAL with a line in @msg.
 */
int mca_paths_open(const struct mca *m, const struct code_arch *arch,
		     struct mca_path *paths, size_t nr, struct errmsg *msg);
void mca_paths_close(struct mca_path *paths, size_t nr);

/*
 * mca_run() - ask llvm-mca about all paths on one CPU model
 *
 * A figure is the steady state: two numbers of repetitions, the difference of
 * their cycles over the difference of the numbers, like the two run lengths of
 * a measurement; and net of the same without the path, like the empty loop.
 * @figure: of each path
 * Return: 0; -EINVAL with a line in @msg.
 */
int mca_run(const struct mca *m, const struct code_arch *arch,
	      const struct mca_cpu *cpu, const struct mca_path *paths,
	      size_t nr, struct mca_cycles *figure, struct errmsg *msg);

/*
 * mca_input() - the assembly text for llvm-mca: a region each for the
 * throughput ("t0") and the latency ("l0") of each path, and "t" and "l" for
 * what is around them
 * Return: to be freed; NULL: no memory.
 */
char *mca_input(const struct code_arch *arch, const struct mca_path *paths,
		  size_t nr);

/*
 * mca_read() - figures out of llvm-mca's JSON
 * @few, @many: its output for fewer and for more repetitions of the same input
 * Return: 0; -EINVAL with a line in @msg if it is none of @paths.
 */
int mca_read(const json_t *few, const json_t *many,
	       const struct code_arch *arch, const struct mca_path *paths,
	       size_t nr, struct mca_cycles *figure, struct errmsg *msg);

#endif
