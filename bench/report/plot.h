/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Plots of one result file. Each is NAME.dat for gnuplot, NAME.txt for a mail,
 * and NAME.svg and NAME.png by one of the scripts in plots/.
 */
#ifndef PFBENCH_REPORT_PLOT_H
#define PFBENCH_REPORT_PLOT_H

#include <stdio.h>

#include "data/result.h"
#include "lib/errmsg.h"
#include "lib/gnuplot.h"
#include "report/format.h"
#include "report/series.h"

/**
 * struct plot - what the plots of a file show, and where they go
 * @accessor: its points are drawn
 * @unit: of the cost, resolved
 * @scale: that unit per unit of the file
 * @dir: directory, made if it is missing
 * @suffix: of every NAME: "-2" for the second of several files, else ""
 */
struct plot {
	const struct result *r;
	enum pf_accessor accessor;
	enum unit unit;
	double scale;
	const char *dir;
	const char *suffix;
};

/**
 * plot_tails() - cost against the share of tail pages
 * @form: PF_THROUGHPUT: tails; PF_LATENCY: tails-latency
 * plot_generations() - bars per generation, population and mode
 * plot_replay() - the same bars of a recorded sequence, and of random pages with
 *	as many tails
 * plot_workingset() - cost against the working set
 * plot_threads() - total throughput and cost against the number of threads:
 *	threads-shared and so on, by @threading. If the file lacks such points of
 *	the accessor, another accessor is drawn.
 *
 * Each prints the names of its files on standard output.
 *
 * Return: 0; -ENODATA with a line in @msg if the file lacks the points;
 * -ENOENT with a line if gnuplot is not installed, after the other files were
 * written; another negative errno with a line.
 */
int plot_tails(const struct plot *p, enum pf_form form, struct errmsg *msg);
int plot_generations(const struct plot *p, struct errmsg *msg);
int plot_replay(const struct plot *p, struct errmsg *msg);
int plot_workingset(const struct plot *p, struct errmsg *msg);
int plot_threads(const struct plot *p, enum point_threading threading,
		 struct errmsg *msg);

/* A plot as it is being written. */
struct plot_page {
	const struct plot *plot;
	struct grid grid;
	char title[160];
};

/** plot_lacks() - -ENODATA with a line that names the missing points */
int plot_lacks(const struct plot *p, const char *name, const char *points,
	       const char *regex, struct errmsg *msg);

/** plot_write() - write the files of a plot, and draw it by @script */
int plot_write(const struct plot *p, const char *script, const char *name,
	       const struct gnuplot_file *files, const void *arg,
	       struct errmsg *msg);

/** plot_print_titles() - print the first lines of NAME.dat */
void plot_print_titles(FILE *f, const struct plot_page *page);

/** plot_print_figure() - print the end of a row of NAME.dat */
void plot_print_figure(FILE *f, const struct series *s, size_t column);

/**
 * plot_print_lines() - print a block per series into NAME.dat
 * @x: where a column stands
 */
void plot_print_lines(FILE *f, const struct grid *g,
		      double (*x)(const struct grid *g, size_t column));

/** plot_print_heading() - print the first lines of NAME.txt */
void plot_print_heading(FILE *f, const struct plot_page *page);

/** plot_print_open() - print the legend of figures in brackets */
void plot_print_open(FILE *f);

#define PLOT_BAR_LABEL 11
/**
 * plot_print_bar() - print a bar as text: "tail     12.60 +-0.01  ######"
 * @width: of the label
 * @most: the cost that fills the line
 */
void plot_print_bar(FILE *f, const char *label, int width,
		    const struct estimate *e, bool contended, double most);

/**
 * series_letter() - a series in text: its generation's letter, small for a
 * select; the generation's other mark for the compiler's choice beside these
 */
char series_letter(const struct grid *g, const struct series *s);

#endif
