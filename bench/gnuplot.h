/* SPDX-License-Identifier: GPL-2.0 */
/* Pictures, by one of the scripts in plots/. */
#ifndef PFBENCH_GNUPLOT_H
#define PFBENCH_GNUPLOT_H

#include <stddef.h>

#include "why.h"

/*
 * gnuplot_draw() - BASE.svg and BASE.png from BASE.dat
 * @script: NAME of plots/NAME.gp
 * @base: from gnuplot_directory() on
 *
 * They are drawn under other names and renamed.
 * Return: 0; -ENOENT where there is no gnuplot, without a line in @why;
 * another negative errno with one.
 */
int gnuplot_draw(const char *script, const char *base, struct why *why);

/*
 * gnuplot_directory() - a directory that gnuplot takes as such, made if need be
 * @said: as somebody said it: gnuplot would take "<x" and "|x" for commands
 * @dir: starts with '.' or '/'
 * Return: 0, or a negative errno with a line in @why.
 */
int gnuplot_directory(const char *said, char *dir, size_t size,
		      struct why *why);

#endif
