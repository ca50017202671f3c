/* SPDX-License-Identifier: GPL-2.0 */
/* Units and figures as every view of a result file prints them. */
#ifndef PFBENCH_REPORT_FORMAT_H
#define PFBENCH_REPORT_FORMAT_H

#include <stdio.h>

#include "data/result.h"
#include "lib/text.h"

enum unit {
	UNIT_DEFAULT,		/* ns, or what the clock counts */
	UNIT_NS, UNIT_TICKS, UNIT_CYCLES, UNIT_INSTRUCTIONS,
};

/**
 * unit_parse() - find a unit by its name
 * @name: "ns", "ticks" or "cycles"
 * Return: 0; -EINVAL if no unit has that name.
 */
int unit_parse(const char *name, enum unit *unit);

/** unit_resolve() - the unit that UNIT_DEFAULT is for @r; others stay */
enum unit unit_resolve(const struct result *r, enum unit unit);

/** unit_name() - "ns", "ticks", "estimated cycles" or "instructions" */
const char *unit_name(enum unit unit);

/**
 * unit_scale() - the unit of the figures of @r, in @unit
 * Return: NaN if @r does not record it.
 */
double unit_scale(const struct result *r, enum unit unit);

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

/** format_context() - print machine, backend and clock of @r: three lines */
void format_context(FILE *f, const struct result *r);

#endif
