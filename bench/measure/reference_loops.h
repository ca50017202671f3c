/* SPDX-License-Identifier: GPL-2.0 */
/* Loops whose time tells what happens to the core; see contention.h. */
#ifndef PFBENCH_MEASURE_REFERENCE_LOOPS_H
#define PFBENCH_MEASURE_REFERENCE_LOOPS_H

/* Instructions per iteration of a loop, look-ups for reference_walk(). */
#define REFERENCE_CHAINED 16
#define REFERENCE_NOPS 64
#define REFERENCE_WALKED 8
/* Loads in all; half of the smallest first-level cache. */
#define REFERENCE_LINES 256

/** reference_link() - prepare the lines that loads and look-ups visit */
void reference_link(void);

/**
 * reference_chain() - dependent adds
 * Return: ticks for all @iterations, with the reading of the clock; so do the
 * other loops.
 */
double reference_chain(unsigned long iterations);

/** reference_nops() - no-operations, which the front end alone limits */
double reference_nops(unsigned long iterations);

/** reference_loads() - dependent loads of REFERENCE_LINES lines, once */
double reference_loads(void);

/**
 * reference_walk() - the look-ups of a list of pages
 *
 * Return: ticks, NaN on architectures where states of the core were not looked
 * for. x86-64: the instructions of PageLocked() of v4.4-word, as gcc 12 orders
 * them, in assembler: another order has other states.
 */
double reference_walk(unsigned long iterations);

#endif
