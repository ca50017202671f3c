/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Predictions of llvm-mca for a path through compiled code: the executed
 * instructions in their order, on a CPU model of LLVM.
 */
#ifndef PFBENCH_CODE_MCA_H
#define PFBENCH_CODE_MCA_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "code/code.h"
#include "lib/errmsg.h"

struct mca_cpu {
	const char *name;	/* LLVM's */
	const char *head;	/* of a column: at most five characters */
	const char *others;	/* CPUs without a model of their own, for which
				   LLVM uses this model; blanks between */
	const char *cpu_model;	/* extended regular expression: results with
				   such a cpu_model are of this CPU; NULL: none
				   are */
};

/** mca_cpus() - all CPU models of an architecture */
const struct mca_cpu *mca_cpus(const struct code_arch *arch, size_t *nr);
/** mca_cpu_find() - the model that LLVM uses for the CPU @name, or NULL */
const struct mca_cpu *mca_cpu_find(const struct code_arch *arch,
				   const char *name);
/** mca_cpu_by_name() - the model for a result's cpu_model; NULL if unclear */
const struct mca_cpu *mca_cpu_by_name(const struct code_arch *arch,
				      const char *cpu_model);

struct mca {
	char mca[32], mc[32];		/* names of the programs */
	char version[32];		/* "19.1.7" */
};

/**
 * mca_open() - find llvm-mca 19 or later and the llvm-mc beside it
 * Return: 0; -ENOENT with a line in @msg that says what to install.
 */
int mca_open(struct mca *m, struct errmsg *msg);

/**
 * mca_version() - read the version out of the output of llvm-mca --version
 * Return: the first number; 0 if there is none.
 */
int mca_version(const char *text, char *version, size_t size);

struct mca_path {
	const struct code_insn **insn;	/* without the final return */
	size_t nr;
	char **text;			/* per instruction, in LLVM's syntax */
	char lacks[64];			/* an instruction that LLVM does not
					   know; "": LLVM knows all */
};

/* Cycles per use, net of the code around it as measurements are. */
struct mca_cycles {
	double throughput;		/* independent uses */
	double latency;			/* each page depends on the last
					   value */
	char lacks[64];			/* both are NaN: the instruction that
					   this CPU or its model lacks; else "" */
};

/**
 * mca_paths_open() - have llvm-mc write the instructions of all paths
 * @paths: insn and nr are filled in, without atomics (llvm-mc writes a prefix
 *	on a line of its own); mca_paths_close() must be called in any case
 *
 * The text comes from the bytes, since LLVM's assembler does not read all of
 * objdump's text.
 *
 * Return: 0; a negative errno with a line in @msg.
 */
int mca_paths_open(const struct mca *m, const struct code_arch *arch,
		   struct mca_path *paths, size_t nr, struct errmsg *msg);
void mca_paths_close(struct mca_path *paths, size_t nr);

/**
 * mca_run() - run llvm-mca for all paths on one CPU model
 * @figure: per path
 *
 * A figure is of the steady state: the difference of the cycles of two numbers
 * of repetitions over the difference of these numbers, like the two run lengths
 * of a measurement; net of the same without the path, like the empty loop.
 *
 * Return: 0; a negative errno with a line in @msg.
 */
int mca_run(const struct mca *m, const struct code_arch *arch,
	    const struct mca_cpu *cpu, const struct mca_path *paths,
	    size_t nr, struct mca_cycles *figure, struct errmsg *msg);

/**
 * mca_input() - the assembly text for llvm-mca
 *
 * The text has regions for the throughput ("t0") and the latency ("l0") of each
 * path, and "t" and "l" for the code around the paths.
 *
 * Return: the text, to be freed; NULL if there is no memory.
 */
char *mca_input(const struct code_arch *arch, const struct mca_path *paths,
		size_t nr);

/**
 * mca_read() - read figures out of llvm-mca's JSON
 * @few, @many: output for fewer and for more repetitions of the same input
 * Return: 0; -EINVAL with a line in @msg if the output is not of @paths.
 */
int mca_read(const json_t *few, const json_t *many,
	     const struct code_arch *arch, const struct mca_path *paths,
	     size_t nr, struct mca_cycles *figure, struct errmsg *msg);

#endif
