/* SPDX-License-Identifier: GPL-2.0 */
/* The files of 'pfbench matrix -o'. */
#ifndef PFBENCH_CMD_MATRIX_FILES_H
#define PFBENCH_CMD_MATRIX_FILES_H

#include "lib/gnuplot.h"
#include "pageflags/loop.h"

/* The argument of the writers of data: one picture of a view. */
struct matrix_picture {
	const void *view;
	enum pf_accessor accessor;
};

/**
 * matrix_write_files() - write a text, and a picture per accessor
 * @name: of the text and the script; pictures are NAME-ACCESSOR
 * @text: writers that get @view; NULL: pictures alone
 * @data: writers that get a struct matrix_picture
 *
 * A picture of one accessor fits on a page.
 *
 * Return: EXIT_DONE; EXIT_BAD after a line on stderr.
 */
int matrix_write_files(const char *name, const char *directory,
		       const struct gnuplot_file *text,
		       const struct gnuplot_file *data, const void *view,
		       const enum pf_accessor *accessor, size_t nr);

#endif
