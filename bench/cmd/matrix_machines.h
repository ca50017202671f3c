/* SPDX-License-Identifier: GPL-2.0 */
/* 'pfbench matrix --machines': the matrix of a collection. */
#ifndef PFBENCH_CMD_MATRIX_MACHINES_H
#define PFBENCH_CMD_MATRIX_MACHINES_H

#include "report/machines.h"

/**
 * struct matrix_machines - the options of the matrix of a collection
 * @wanted: --machines was given
 * @metric: --metric was given
 */
struct matrix_machines {
	bool wanted, across, any_commit, metric;
	double threshold;
};

/** matrix_machines_order() - parse the value of --machines; NULL: down */
int matrix_machines_order(struct matrix_machines *o, const char *order);

/** matrix_machines_commits() - parse the value of --commits */
int matrix_machines_commits(struct matrix_machines *o, const char *which);

/** matrix_machines_threshold() - parse the value of --threshold */
int matrix_machines_threshold(struct matrix_machines *o, const char *arg);

/**
 * matrix_machines_run() - print, or write files into @directory
 * @request: accessors, populations, form, architectures and metrics
 * @directory: NULL: print
 * Return: the exit status.
 */
int matrix_machines_run(const struct matrix_machines *o,
			const struct matrix_request *request,
			const char *directory, bool json, int nr,
			char **names);

#endif
