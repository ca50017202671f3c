/* SPDX-License-Identifier: GPL-2.0 */
/* 'pfbench run --resume': the options and the points of an earlier run. */
#ifndef PFBENCH_CMD_RUN_RESUME_H
#define PFBENCH_CMD_RUN_RESUME_H

#include "cmd/gbench_flags.h"
#include "data/result.h"
#include "measure/session.h"

/**
 * struct run_resume - an interrupted run to go on with
 * @path: NULL: none
 * @result: the file, loaded
 * @argv: the words of the command line behind the options of the file
 */
struct run_resume {
	const char *path;
	struct result result;
	char **argv;
	size_t nr_made;
};

/**
 * run_resume_open() - find --resume, and load its file
 * @argc, @argv: replaced by words that begin with the options of the file:
 *	those of the command line come later, so they count
 * Return: EXIT_DONE; EXIT_BAD after a line on stderr.
 */
int run_resume_open(struct run_resume *r, int *argc, char ***argv);
void run_resume_close(struct run_resume *r);

/** run_options_json() - what decides which points are measured, and how */
json_t *run_options_json(const struct session_options *o, bool all,
			 const struct gbench_flags *flags);

#endif
