/* SPDX-License-Identifier: GPL-2.0 */
/* --ktap and --lava, as an argp child. */
#ifndef PFBENCH_CMD_TEST_REPORT_OPTIONS_H
#define PFBENCH_CMD_TEST_REPORT_OPTIONS_H

#include <argp.h>

/* The input is a struct test_report. */
extern const struct argp test_report_argp;

#endif
