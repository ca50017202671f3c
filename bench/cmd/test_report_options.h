/* SPDX-License-Identifier: GPL-2.0 */
/* --ktap and --lava, as an argp child. */
#ifndef PFBENCH_CMD_TEST_REPORT_OPTIONS_H
#define PFBENCH_CMD_TEST_REPORT_OPTIONS_H

#include <argp.h>

struct test_report;

/* The input is a struct test_report. */
extern const struct argp test_report_argp;

/** test_report_name() - the option that was given; NULL: none */
const char *test_report_name(const struct test_report *report);

#endif
