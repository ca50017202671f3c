/* SPDX-License-Identifier: GPL-2.0 */
/* A table of a recorded sequence: shares of tails, and models of predictors. */
#ifndef PFBENCH_REPORT_SEQUENCE_H
#define PFBENCH_REPORT_SEQUENCE_H

#include <stdio.h>

#include "lib/errmsg.h"

/**
 * sequence_report() - print the table of a file
 * @most: sites that are shown, those with most look-ups; the others are summed
 * Return: 0; a negative errno with a line in @msg.
 */
int sequence_report(FILE *out, const char *path, unsigned int most,
		    struct errmsg *msg);

#endif
