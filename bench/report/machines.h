/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The matrix of a collection: machines by microarchitecture, what each
 * generation costs on each, and which conclusions hold on all of them.
 */
#ifndef PFBENCH_REPORT_MACHINES_H
#define PFBENCH_REPORT_MACHINES_H

#include <stdio.h>

#include "data/collection.h"
#include "report/format.h"
#include "report/matrix.h"

/**
 * struct machines_request - what is shown
 * @accessor: @nr_accessors of them
 * @unit: UNIT_NS, UNIT_CYCLES or UNIT_DEFAULT: of each machine its own
 * @threshold: differences up to this share do not matter; 0.02 for 2 %
 * @arch: the shown architectures; all if @nr_archs is 0
 * @any_commit: also results of other commits than the most have
 * @across: machines are columns, not rows
 */
struct machines_request {
	enum pf_accessor accessor[PF_NR_ACCESSORS];
	size_t nr_accessors;
	enum pf_population population[PF_MIXED];
	size_t nr_populations;
	enum pf_form form;
	const struct code_arch *arch[CODE_NR_ARCHS];
	size_t nr_archs;
	enum unit unit;
	double threshold;
	bool any_commit, across;
};

/* A generation and lowering that some machine has: a column of the tables. */
struct machines_variant {
	enum pf_generation generation;
	enum pf_lowering lowering;
};

/* A figure of a machine, in its unit. @cell: see machines_cell() */
struct machine_figure {
	size_t cell;
	struct estimate e;
	bool contended;
};

/* A figure on mixed pages, @tails per cent of them tails. */
struct machine_share {
	enum pf_accessor accessor;
	enum pf_generation generation;
	unsigned int tails;
	struct estimate e;
};

/**
 * struct machine - a result that is to be believed, and the newest of its kind
 * @uarch: name of the microarchitecture
 * @figure: @nr figures, sorted by @cell
 * @share: @nr_shares quiet figures on mixed pages, as the compiler lowers them,
 *	sorted by accessor, generation and share
 * @abi: of the program and its module; 0 if it is not recorded
 * @floor: no figure is finer, in the unit
 * @counted: the clock counted instructions
 * @emulated: the CPU is QEMU's, so times say nothing of a real one
 */
struct machine {
	char *path, *host, *model, *arch, *kernel, *backend, *commit, *date;
	char uarch[64];
	const char *unit_name;
	int abi;
	double floor;
	bool counted, emulated;
	struct machine_figure *figure;
	size_t nr;
	struct machine_share *share;
	size_t nr_shares;
};

/* The machines from @first on that have one microarchitecture and unit. */
struct machines_group {
	size_t first, nr;
};

/* The answer of one machine about two variants. */
enum machines_answer {
	MACHINES_WINS,		/* the first variant costs less */
	MACHINES_LOSES,
	MACHINES_SAME,		/* within the threshold */
	MACHINES_UNDECIDED,	/* the interval is too wide */
	MACHINES_NOTHING,	/* a figure is missing, or contended */
	MACHINES_NR_ANSWERS
};

/**
 * struct machines_conclusion - two variants of one accessor and population
 * @a, @b: the one that wins on more machines is @a
 * @counted: of machines that count instructions; else of those with times
 * @count: machines by answer
 * @answer: by machine
 * @difference: by machine, @b minus @a, where there are both figures
 */
struct machines_conclusion {
	enum pf_accessor accessor;
	enum pf_population population;
	struct machines_variant a, b;
	bool counted;
	size_t count[MACHINES_NR_ANSWERS];
	unsigned char *answer;
	struct estimate *difference;
};

struct machines {
	struct machines_request request;
	struct machine *machine;
	size_t nr;
	struct machines_group *group;
	size_t nr_groups;
	struct machines_variant variant[PF_NR_GENERATIONS * PF_NR_LOWERINGS];
	size_t nr_variants;
	struct machines_conclusion *conclusion;
	size_t nr_conclusions;
	struct left_out left_out;
};

/**
 * machines_open() - read a collection
 * @names: files and directories, as for collection_open()
 *
 * A result is left out if it has a fault, is of another ABI or commit than the
 * most results, has no requested figure, or is an older run of a machine: a
 * host, a CPU model, a kernel and a backend.
 *
 * machines_close() must be called even after an error.
 *
 * Return: 0, or a negative errno with a line in @msg: no result is left.
 */
int machines_open(struct machines *m, const struct machines_request *request,
		  size_t nr, char *const *names, struct errmsg *msg);
void machines_close(struct machines *m);

/** machines_figure() - a figure of a machine, or NULL */
const struct machine_figure *
machines_figure(const struct machine *machine, enum pf_accessor accessor,
		enum pf_population population,
		const struct machines_variant *variant);

/** machines_have() - does any machine have a figure of an accessor? */
bool machines_have(const struct machines *m, enum pf_accessor accessor);

/**
 * machines_print() - print as text of at most TEXT_COLUMNS columns
 * Return: 0, or -ENOMEM.
 */
int machines_print(FILE *f, const struct machines *m);

/** machines_print_json() - print as JSON; see pfbench-matrix(1) */
int machines_print_json(FILE *f, const struct machines *m);

/** machines_write() - write the data of plots/machines.gp for one accessor */
void machines_write(FILE *f, const struct machines *m,
		    enum pf_accessor accessor);

/** machines_have_shares() - has any machine costs on mixed pages? */
bool machines_have_shares(const struct machines *m, enum pf_accessor accessor);

/** machines_write_tails() - write the data of plots/machines-tails.gp */
void machines_write_tails(FILE *f, const struct machines *m,
			  enum pf_accessor accessor);

#endif
