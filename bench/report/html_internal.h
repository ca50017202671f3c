/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Shared by the html*.c files. JSON in the page is ASCII and has no '<', '>' or
 * '&', so that no text in it can end or begin an element.
 */
#ifndef PFBENCH_REPORT_HTML_INTERNAL_H
#define PFBENCH_REPORT_HTML_INTERNAL_H

#include "lib/strtab.h"
#include "report/html.h"

/* html_json.c */

/** html_json_string() - write a string as JSON; null if it is not UTF-8 */
void html_json_string(FILE *f, const char *text);

/**
 * html_json_estimate() - write a figure: three numbers, after a comma if @comma
 *
 * The median in units of 1e-5, and the bounds as distances from it. null stands
 * for a number that is not finite. A third of the bytes of decimals, and the
 * figures of a thousand machines are most of the file.
 */
void html_json_estimate(FILE *f, const struct estimate *e, bool comma);

/** html_json_begin() - begin an element that holds JSON */
void html_json_begin(FILE *f, const char *id, size_t number);
void html_json_end(FILE *f);

/* html_data.c */

/** html_write_data() - write machines, figures and conclusions */
void html_write_data(FILE *f, const struct machines *m);

/* html_reports.c */

/**
 * html_write_reports() - write the report of each machine, and what they share
 * Return: 0, or -ENOMEM.
 */
int html_write_reports(FILE *f, const struct machines *m);

/* html_code.c */

/** struct html_code - a listing and its code table, as JSON */
struct html_code {
	const struct code_arch *arch;
	char *json;
};

bool html_is_listing(const char *path);

/**
 * html_code_read() - read the listings among files and directories
 *
 * Only those of architectures that a machine has. A listing with a fault is
 * left out, as a result is.
 *
 * Return: 0, or -ENOMEM.
 */
int html_code_read(struct html *h, size_t nr, char *const *names);
void html_code_free(struct html *h);

/* html_library.c */

/**
 * html_library_read() - find and read the JavaScript libraries
 * Return: 0; -ENOENT with a line in @msg that states what to install; -ENOMEM.
 */
int html_library_read(struct html *h, struct errmsg *msg);
void html_library_free(struct html *h);

/* html_page.c: the files in html/, and COPYING, as strings */
extern const char html_page[], html_style[], html_script[], html_licences[],
	html_gpl[];

#endif
