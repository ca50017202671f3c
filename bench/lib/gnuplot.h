/* SPDX-License-Identifier: GPL-2.0 */
/* Data and text of a plot, and the pictures by one of the scripts in plots/. */
#ifndef PFBENCH_LIB_GNUPLOT_H
#define PFBENCH_LIB_GNUPLOT_H

#include <stdbool.h>
#include <stdio.h>

#include "lib/errmsg.h"

/* A file beside the pictures; the last of an array has no suffix. */
struct gnuplot_file {
	const char *suffix;
	int (*write)(FILE *f, const void *arg);	/* see write_file_atomic() */
};

/**
 * gnuplot_output_as() - write DIR/NAME.SUFFIX for each of @files, and draw
 * @script: draws NAME.svg and NAME.png from NAME.dat; NULL: no pictures
 * @name: of all files; if there is a script, NAME.dat is among them
 * @dir: made if it is missing; may look like an option or a gnuplot command
 * @arg: passed to the writers of @files
 *
 * Prints one line on standard output with the names of the files. The script
 * is in $PFBENCH_DATADIR, where it is installed, or in ../plots beside the
 * program.
 *
 * Return: 0; -ENOENT with a line in @msg if gnuplot is not installed, after
 * all but the pictures was written; another negative errno with a line.
 */
int gnuplot_output_as(const char *script, const char *name, const char *dir,
		      const struct gnuplot_file *files, const void *arg,
		      struct errmsg *msg);

/**
 * gnuplot_output() - the same with the script that @name names
 * @picture: false if there is nothing to draw, which the line then says
 */
int gnuplot_output(const char *name, const char *dir,
		   const struct gnuplot_file *files, const void *arg,
		   bool picture, struct errmsg *msg);

#endif
