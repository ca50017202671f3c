/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How populations and generations look in all plots, pictures and text. The
 * colours are after Okabe and Ito, and Tol: colour-blind readers can
 * distinguish them too.
 */
#ifndef PFBENCH_DATA_PALETTE_H
#define PFBENCH_DATA_PALETTE_H

#include "pageflags/catalog.h"
#include "pageflags/memmap.h"

/**
 * struct generation_look - how a generation looks
 * @colour: "#RRGGBB"
 * @point: gnuplot's number of a point's shape
 * @letter: in a text plot; small for a forced select
 * @other: in a text plot, for the compiler's choice beside forced lowerings
 */
struct generation_look {
	const char *colour;
	int point;
	char letter, other;
};

/** population_colour() - the colour of a population, as "#RRGGBB" */
const char *population_colour(enum pf_population pop);

/** generation_look() - how a generation looks in every plot */
const struct generation_look *generation_look(enum pf_generation gen);

#endif
