/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A collection of results as one HTML file that needs no network: summary,
 * matrix, curves, the report of each machine, and listings.
 */
#ifndef PFBENCH_REPORT_HTML_H
#define PFBENCH_REPORT_HTML_H

#include "report/machines.h"

/**
 * struct html - what the page shows
 * @library: the texts of the JavaScript libraries, see html_library.c
 * @code: listings, see html_code.c
 */
struct html {
	struct machines machines;
	struct html_code *code;
	size_t nr_code;
	char *library[3];
};

/**
 * html_open() - read a collection, its listings and the libraries
 * @names: files and directories, as for collection_open(). Files
 *	*.listing.txt, and those in directories, are listings.
 *
 * html_close() must be called even after an error.
 *
 * Return: 0, or a negative errno with a line in @msg: no result is left, or a
 * library is not installed.
 */
int html_open(struct html *h, const struct machines_request *request,
	      size_t nr, char *const *names, struct errmsg *msg);
void html_close(struct html *h);

/**
 * html_write() - write the page; for write_file_atomic()
 * @html: a struct html
 * Return: 0; -1 if it could not be written, see errno.
 */
int html_write(FILE *f, const void *html);

#endif
