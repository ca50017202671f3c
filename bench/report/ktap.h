/* SPDX-License-Identifier: GPL-2.0 */
/*
 * KTAP version 1: Documentation/dev-tools/ktap.rst of the kernel. The reports
 * that test_report_write() writes.
 */
#ifndef PFBENCH_REPORT_KTAP_H
#define PFBENCH_REPORT_KTAP_H

#include <stdio.h>

#include "report/test_report.h"

/** ktap_write() - write all tests: a plan, then a test per result file */
void ktap_write(const struct test_report *report, FILE *f);

/** ktap_write_skip() - write a plan of no test, with the reason */
void ktap_write_skip(FILE *f, const char *reason);

/**
 * ktap_diagnostic() - write each line of a text behind "# "
 * @indent: blanks before "# "
 * @text: may be NULL
 */
void ktap_diagnostic(FILE *f, int indent, const char *text);

#endif
