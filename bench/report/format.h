/* SPDX-License-Identifier: GPL-2.0 */
/* What the views of a result file share: units, and lines fit for a mail. */
#ifndef PFBENCH_VIEW_H
#define PFBENCH_VIEW_H

#include <stdio.h>

#include "data/result.h"
#include "lib/text.h"

#define VIEW_CONFIDENCE 0.95

enum unit {
	UNIT_DEFAULT,		/* ns, or instructions where they are the clock */
	UNIT_NS, UNIT_TICKS, UNIT_CYCLES, UNIT_INSTRUCTIONS,
};

/* Return: 0, or -1 if there is no unit of that name. */
int view_parse_unit(const char *name, enum unit *unit);

/* What UNIT_DEFAULT is for this file; others stay. */
enum unit view_unit(const struct result *r, enum unit unit);
/* "ns", "ticks", "estimated cycles", "instructions" */
const char *view_unit_name(enum unit unit);
/* What a tick is in @unit; NaN if the file does not know. */
double view_scale(const struct result *r, enum unit unit);
/* A number of our context, or NaN. */
double view_number(const struct result *r, const char *key);

/*
 * A median with its interval: " 1.67 +-0.01", "0.416 +-.001"; a '!' in the
 * blank if contended, "+-?" where there is no interval, "-" for NaN. 12 wide.
 */
void view_cell(const struct estimate *e, bool contended, char *text,
	       size_t size);
/* The median alone, 6 wide. */
void view_narrow_cell(const struct estimate *e, bool contended, char *text,
		      size_t size);
/* How far the interval reaches from the median as printed, rounded up. */
double view_reach(const struct estimate *e, int decimals);

/* Who measured when, on what, how quietly and how finely: three lines. */
void view_context(FILE *f, const struct result *r);

#endif
