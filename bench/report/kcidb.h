/* SPDX-License-Identifier: GPL-2.0 */
/*
 * JSON for KernelCI's database: I/O schema 5.3,
 * https://github.com/kernelci/kcidb-io
 */
#ifndef PFBENCH_REPORT_KCIDB_H
#define PFBENCH_REPORT_KCIDB_H

#include <stdbool.h>
#include <stdio.h>

#include "report/test_report.h"

/**
 * struct kcidb - what is submitted
 * @results: the result files
 * @report: the same files: test i is of result i, and has a case per point in
 *	the order of the file, then cases without a point
 * @origin: who submits; see kcidb_word_valid()
 */
struct kcidb {
	const struct result *results;
	const struct test_report *report;
	const char *origin;
};

/** kcidb_word_valid() - may this be an origin or an architecture: [a-z0-9_]+ */
bool kcidb_word_valid(const char *word);

/**
 * kcidb_write() - write all results; for write_file_atomic()
 * @arg: a struct kcidb
 *
 * A build of pageflags-bench is a build, a point a test. A measured point has
 * status DONE: a figure alone neither passes nor fails.
 *
 * Return: 0; -1 if writing failed or memory ran out.
 */
int kcidb_write(FILE *f, const void *arg);

#endif
