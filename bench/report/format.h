/* SPDX-License-Identifier: GPL-2.0 */
/* Units and figures as every view of a result file prints them. */
#ifndef PFBENCH_REPORT_FORMAT_H
#define PFBENCH_REPORT_FORMAT_H

#include <stdbool.h>
#include <stdio.h>

#include "data/result.h"
#include "lib/text.h"

enum unit {
	UNIT_DEFAULT,		/* see unit_resolve() */
	UNIT_NS, UNIT_TICKS, UNIT_CYCLES, UNIT_INSTRUCTIONS,
};

/**
 * unit_parse() - find a unit by its name
 * @name: "ns", "ticks" or "cycles"
 * Return: 0; -EINVAL if no unit has that name.
 */
int unit_parse(const char *name, enum unit *unit);

/** unit_of_time() - ns, or instructions if that is what the clock counts */
enum unit unit_of_time(const struct result *r);

/**
 * unit_has_cycles() - does the file have trustworthy cycles?
 *
 * The figures of a file are trustworthy cycles if each sample was taken in
 * cycles, by the core's own counter, or by the reference loop on a CPU whose
 * cycles per dependent add are known. Ticks divided by the mean cycle of the
 * run (format 1) are an estimate: the clock rate varies from sample to sample.
 */
bool unit_has_cycles(const struct result *r);

/**
 * unit_resolve() - the unit that UNIT_DEFAULT is for @r; others stay
 * Return: for UNIT_DEFAULT trustworthy cycles, else unit_of_time().
 */
enum unit unit_resolve(const struct result *r, enum unit unit);

/**
 * unit_name() - the name of a unit of @r
 *
 * UNIT_CYCLES are "cycles", "adds" (dependent adds of unknown length), or
 * "estimated cycles" of format 1.
 */
const char *unit_name(const struct result *r, enum unit unit);

/**
 * unit_scale() - the unit of the figures of @r, in @unit
 * Return: NaN if @r does not record it.
 */
double unit_scale(const struct result *r, enum unit unit);

/**
 * unit_floor() - the resolution of the clock of @r: no figure is finer
 * Return: per operation, in @unit; 0 if @r does not record it.
 */
double unit_floor(const struct result *r, enum unit unit);

/**
 * format_estimate() - a median and its interval, 12 characters wide
 * @contended: puts a '!' behind the median
 *
 * " 1.67 +-0.01", "0.416 +-.001"; "(.030)" without an interval, "-"
 * for NaN.
 */
void format_estimate(const struct estimate *e, bool contended, char *text,
		     size_t size);

/** format_is_open() - there is a median, but no interval */
bool format_is_open(const struct estimate *e);

/** format_median() - the median alone, 6 characters wide */
void format_median(const struct estimate *e, bool contended, char *text,
		   size_t size);

/**
 * format_reach() - half the width of an interval, as printed
 * @decimals: of the printed median
 * Return: the distance from the printed median to the farther bound, rounded
 * up.
 */
double format_reach(const struct estimate *e, int decimals);

/** format_mode() - "throughput", "throughput, cond" or "latency" */
const char *format_mode(enum pf_form form);

/** format_generation() - "v4.4-word", "v4.4-word select" */
void format_generation(enum pf_generation gen, enum pf_lowering lowering,
		       char *text, size_t size);

/** format_context() - print machine, backend, clock and cycle of @r */
void format_context(FILE *f, const struct result *r);

#endif
