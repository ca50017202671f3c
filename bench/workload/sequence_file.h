/* SPDX-License-Identifier: GPL-2.0 */
/* The order of a workload's look-ups, as a sequence for other commands. */
#ifndef PFBENCH_WORKLOAD_SEQUENCE_FILE_H
#define PFBENCH_WORKLOAD_SEQUENCE_FILE_H

#include "workload/lookups.h"

/**
 * struct workload_sequence - what is written
 * @workload: has the names of the sites
 * @runs: path of the plugin's file: "SITE KIND COUNT" per line
 * @name: as sequence_read() takes it
 * @command, @kernel: comments
 * @partial: why the sequence is cut off, or NULL
 */
struct workload_sequence {
	struct workload *workload;
	const char *runs, *name, *command, *kernel, *partial;
};

/**
 * workload_write_sequence() - for write_file_atomic()
 *
 * A site of the file is a look-up: its parts, which are sites of the census, are
 * one. Sites have their numbers in the order in which they are first executed.
 *
 * @arg: a struct workload_sequence
 * Return: 0; nonzero if the plugin's file is cut off or the file cannot be
 * written, or if more than SEQUENCE_SITES look-ups were executed.
 */
int workload_write_sequence(FILE *f, const void *arg);

#endif
