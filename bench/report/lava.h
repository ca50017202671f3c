/* SPDX-License-Identifier: GPL-2.0 */
/* The signals on a console from which LAVA takes results. */
#ifndef PFBENCH_REPORT_LAVA_H
#define PFBENCH_REPORT_LAVA_H

#include <stdio.h>

#include "report/test_report.h"

/** lava_write() - write all cases, each test a set if there is more than one */
void lava_write(const struct test_report *report, FILE *f);

/** lava_write_skip() - write one case that is skipped */
void lava_write_skip(FILE *f, const char *name, const char *reason);

#endif
