/* SPDX-License-Identifier: GPL-2.0 */
/* Pictures, by one of the scripts in plots/. */
#ifndef PFBENCH_GNUPLOT_H
#define PFBENCH_GNUPLOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "lib/errmsg.h"

/*
 * gnuplot_draw() - BASE.svg and BASE.png from BASE.dat
 * @script: NAME of plots/NAME.gp
 * @base: from gnuplot_directory() on
 *
 * They are drawn under other names and renamed.
 * Return: 0; -ENOENT where there is no gnuplot, without a line in @msg;
 * another negative errno with one.
 */
int gnuplot_draw(const char *script, const char *base, struct errmsg *msg);

/*
 * gnuplot_directory() - a directory that gnuplot takes as such, made if need be
 * @said: as somebody said it: gnuplot would take "<x" and "|x" for commands
 * @dir: starts with '.' or '/'
 * Return: 0, or a negative errno with a line in @msg.
 */
int gnuplot_directory(const char *said, char *dir, size_t size,
		      struct errmsg *msg);

/* What goes with a picture; a list of them ends with one without a suffix. */
struct gnuplot_file {
	const char *suffix;
	int (*write)(FILE *f, const void *arg);
};

/*
 * gnuplot_output() - DIR/NAME.SUFFIX for each of @files, and the picture of one
 * @name: of the script and of all files; NAME.dat is among them
 * @said: the directory, as somebody said it; made if need be
 * @picture: false where there is nothing to be drawn
 *
 * Says on standard output what it wrote.
 * Return: 0, or a negative errno with a line in @msg; -ENOENT where there is no
 * gnuplot, when all but the picture was written.
 */
int gnuplot_output(const char *name, const char *said,
		   const struct gnuplot_file *files, const void *arg,
		   bool picture, struct errmsg *msg);

#endif
