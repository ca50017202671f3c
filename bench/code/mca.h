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

struct model_cpu {
	const char *name;	/* llvm-mca's */
	const char *head;	/* of a column: five characters at most */
	const char *others;	/* what LLVM has no model of its own for and
				   takes this one; blanks between */
	const char *told;	/* extended regular expression: the cpu_model
				   of a result that is surely of this CPU */
};

/* All of an architecture. */
const struct model_cpu *model_cpus(const struct code_arch *arch, size_t *nr);
/* The one that LLVM takes for the CPU of that name; NULL if there is none. */
const struct model_cpu *model_cpu_find(const struct code_arch *arch,
				       const char *name);
/* The one that a machine has which calls its CPU so; NULL if in doubt. */
const struct model_cpu *model_cpu_told(const struct code_arch *arch,
				       const char *cpu_model);

/* llvm-mca, found. */
struct model {
	char mca[32], mc[32];		/* programs */
	char version[32];		/* "19.1.7" */
};

/*
 * model_open() - look for llvm-mca 19 or later and the llvm-mc beside it
 * Return: 0; -ENOENT with a line in @why that says what to install.
 */
int model_open(struct model *m, struct why *why);

/*
 * model_version() - the version out of what llvm-mca --version prints
 * Return: the first number; 0 if there is none.
 */
int model_version(const char *text, char *version, size_t size);

/* A path, to be laid out straight. */
struct model_path {
	const struct code_insn **insn;	/* without the final return */
	size_t nr;
	char **text;			/* of each, as LLVM writes it */
	char lacks[64];			/* an instruction that LLVM does not
					   know; "": it knows all */
};

/* What a CPU model says of it: cycles a use, net like what is measured. */
struct model_figure {
	double throughput;		/* uses independent of each other */
	double latency;			/* each page depends on the last
					   value */
	char lacks[64];			/* NaN both: the instruction that this
					   CPU or its model lacks; else "" */
};

/*
 * model_paths_open() - have llvm-mc write the instructions of all paths
 *
 * Objdump's text is not always what LLVM's assembler takes, so what it gets
 * comes from the bytes.
 * @paths: insn and nr are filled in, without what is atomic (llvm-mc writes a
 *	prefix on a line of its own); to be closed whatever is returned
 * Return: 0; -EINVAL with a line in @why.
 */
int model_paths_open(const struct model *m, const struct code_arch *arch,
		     struct model_path *paths, size_t nr, struct why *why);
void model_paths_close(struct model_path *paths, size_t nr);

/*
 * model_run() - ask llvm-mca about all paths on one CPU model
 *
 * A figure is the steady state: two numbers of repetitions, the difference of
 * their cycles over the difference of the numbers, like the two run lengths of
 * a measurement; and net of the same without the path, like the empty loop.
 * @figure: of each path
 * Return: 0; -EINVAL with a line in @why.
 */
int model_run(const struct model *m, const struct code_arch *arch,
	      const struct model_cpu *cpu, const struct model_path *paths,
	      size_t nr, struct model_figure *figure, struct why *why);

/*
 * model_input() - the assembly text for llvm-mca: a region each for the
 * throughput ("t0") and the latency ("l0") of each path, and "t" and "l" for
 * what is around them
 * Return: to be freed; NULL: no memory.
 */
char *model_input(const struct code_arch *arch, const struct model_path *paths,
		  size_t nr);

/*
 * model_read() - figures out of llvm-mca's JSON
 * @few, @many: its output for fewer and for more repetitions of the same input
 * Return: 0; -EINVAL with a line in @why if it is none of @paths.
 */
int model_read(const json_t *few, const json_t *many,
	       const struct code_arch *arch, const struct model_path *paths,
	       size_t nr, struct model_figure *figure, struct why *why);

#endif
