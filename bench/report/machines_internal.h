/* SPDX-License-Identifier: GPL-2.0 */
/* Shared by the machines*.c files. */
#ifndef PFBENCH_REPORT_MACHINES_INTERNAL_H
#define PFBENCH_REPORT_MACHINES_INTERNAL_H

#include "report/machines.h"

/** machines_cell() - a number that one accessor, population and variant has */
size_t machines_cell(enum pf_accessor accessor, enum pf_population population,
		     enum pf_generation generation, enum pf_lowering lowering);

/* machines_read.c */

/**
 * machines_read() - read the results that are to be believed
 * Return: 0, or a negative errno with a line in @msg.
 */
int machines_read(struct machines *m, size_t nr, char *const *names,
		  struct errmsg *msg);
void machines_free_one(struct machine *machine);

/* machines_conclude.c */

/**
 * machines_conclude() - compare the variants on each machine
 * Return: 0, or -ENOMEM.
 */
int machines_conclude(struct machines *m);

/** machines_has_lookup() - does a generation look up the head of a page? */
bool machines_has_lookup(enum pf_generation gen);

/**
 * machines_saved() - how much @c->a saves where it wins, from @least to @most
 *
 * In per cent of the cost of @c->b.
 *
 * Return: false if it wins nowhere, or that is not known.
 */
bool machines_saved(const struct machines *m,
		    const struct machines_conclusion *c, double *least,
		    double *most);

/** machines_print_conclusions() - what holds everywhere, and what does not */
void machines_print_conclusions(FILE *f, const struct machines *m);

/* machines_print.c */

/** machines_name() - the host; the kernel of a guest: all have one host name */
const char *machines_name(const struct machine *machine);

/** machines_variant_name() - "v4.4-word", "v4.4-word select" */
void machines_variant_name(const struct machines_variant *v, char *text,
			   size_t size);

#endif
