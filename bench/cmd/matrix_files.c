// SPDX-License-Identifier: GPL-2.0
#include <errno.h>

#include "cmd/cmd.h"
#include "cmd/matrix_files.h"

int matrix_write_files(const char *name, const char *directory,
		       const struct gnuplot_file *text,
		       const struct gnuplot_file *data, const void *view,
		       const enum pf_accessor *accessor, size_t nr)
{
	struct errmsg msg, no_gnuplot = { "" };
	char picture[80];
	int err = text ? gnuplot_output_as(NULL, name, directory, text, view,
					   &msg) : 0;

	for (size_t i = 0; i < nr && !err; i++) {
		struct matrix_picture p = { view, accessor[i] };

		snprintf(picture, sizeof(picture), "%s-%s", name,
			 pf_accessors[p.accessor].name);
		err = gnuplot_output_as(name, picture, directory, data, &p,
					&msg);
		if (err == -ENOENT) {
			no_gnuplot = msg;
			err = 0;
		}
	}
	if (err)
		return complain("matrix: %s", msg.text);
	return *no_gnuplot.text ? complain("matrix: %s", no_gnuplot.text) :
		EXIT_DONE;
}
