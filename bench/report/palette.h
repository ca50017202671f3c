/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How populations and generations look in plots. The colours are after Okabe
 * and Ito, and Tol: colour-blind readers can distinguish them too.
 */
#ifndef PFBENCH_REPORT_PALETTE_H
#define PFBENCH_REPORT_PALETTE_H

#include "pageflags/catalog.h"
#include "pageflags/memmap.h"

/**
 * struct generation_look - how a generation looks
 * @colour: "#RRGGBB"
 * @point: gnuplot's number of a point's shape
 * @letter: in a text plot
 */
struct generation_look {
	const char *colour;
	int point;
	char letter;
};

/** population_colour() - the colour of a population, as "#RRGGBB" */
const char *population_colour(enum pf_population pop);

/** generation_look() - how a generation looks in every plot */
const struct generation_look *generation_look(enum pf_generation gen);

#endif
