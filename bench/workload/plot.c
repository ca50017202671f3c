// SPDX-License-Identifier: GPL-2.0
/* Rows and kernels have the order in which the results name them first. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "lib/gnuplot.h"
#include "lib/plot_data.h"
#include "lib/text.h"
#include "workload/figures.h"
#include "workload/plot.h"

#define MAX_WORKLOAD_NAME 48
#define MAX_KERNEL_NAME 32

/* After Okabe and Ito, with shapes that differ too. */
static const struct {
	const char *colour;
	int point;
} looks[] = {
	{ "#0072B2", 7 }, { "#E69F00", 5 }, { "#009E73", 9 },
	{ "#CC79A7", 11 }, { "#56B4E9", 13 }, { "#D55E00", 15 },
	{ "#000000", 6 }, { "#888888", 4 },
};

#define NR_LOOKS (sizeof(looks) / sizeof(*looks))

struct mark {
	size_t row, kernel;
	double each, share, tails;	/* NaN: there is none */
};

struct page {
	char row[WORKLOAD_MAX_RESULTS][MAX_WORKLOAD_NAME];
	char kernel[WORKLOAD_MAX_RESULTS][MAX_KERNEL_NAME];
	struct mark mark[WORKLOAD_MAX_RESULTS];
	size_t nr_rows, nr_kernels, nr;
	char emulator[64];
};

static size_t row_number(struct page *p, const json_t *result)
{
	char line[MAX_WORKLOAD_NAME], name[MAX_WORKLOAD_NAME];
	size_t i;

	plot_data_text(name, sizeof(name),
		       command_text(result, line, sizeof(line)));
	for (i = 0; i < p->nr_rows && strcmp(p->row[i], name); i++)
		;
	if (i == p->nr_rows)
		strcpy(p->row[p->nr_rows++], name);
	return i;
}

static size_t kernel_number(struct page *p, const json_t *result)
{
	const char *kernel = text(result, "kernel"), *slash;
	char name[MAX_KERNEL_NAME];
	size_t i;

	slash = strrchr(kernel, '/');
	plot_data_text(name, sizeof(name), slash ? slash + 1 : kernel);
	for (i = 0; i < p->nr_kernels && strcmp(p->kernel[i], name); i++)
		;
	if (i == p->nr_kernels)
		strcpy(p->kernel[p->nr_kernels++], name);
	return i;
}

static void add_mark(struct page *p, const json_t *result)
{
	const json_t *total = json_object_get(result, "total");
	double operations = figure(result, "operations");
	double lookups = figure(total, "lookups");

	p->mark[p->nr++] = (struct mark){
		.row = row_number(p, result),
		.kernel = kernel_number(p, result),
		.each = operations > 0 ? lookups / operations : NAN,
		.share = percent(figure(total, "lookup_instructions"),
				 figure(total, "kernel_instructions")),
		.tails = lookups > 0 ? percent(figure(total, "tail"), lookups) :
			NAN,
	};
}

static void write_plot_figure(FILE *f, double v)
{
	if (isnan(v))
		fprintf(f, " ?");
	else
		fprintf(f, " %.6g", v);
}

static int write_workload_data(FILE *f, const void *arg)
{
	const struct page *p = arg;

	fprintf(f, "# Look-ups of workloads; read by workload.gp.\n"
		"# Block 0: texts and sizes of the plot; block 1: the workloads;\n"
		"# block 2: the kernels, their colours and points; block 3: row,\n"
		"# kernel, look-ups per operation, per cent of the kernel's\n"
		"# instructions, per cent of look-ups on tails\n"
		"title \"Look-ups of workloads\"\nsubtitle \"counted by %s\"\n"
		"rows %zu\nkernels %zu\n\n\n", p->emulator, p->nr_rows,
		p->nr_kernels);
	for (size_t i = 0; i < p->nr_rows; i++)
		fprintf(f, "\"%s\"\n", p->row[i]);
	fprintf(f, "\n\n");
	for (size_t i = 0; i < p->nr_kernels; i++)
		fprintf(f, "\"%s\" \"%s\" %d\n", p->kernel[i],
			looks[i % NR_LOOKS].colour, looks[i % NR_LOOKS].point);
	fprintf(f, "\n\n");
	for (size_t i = 0; i < p->nr; i++) {
		const struct mark *m = &p->mark[i];

		fprintf(f, "%zu %zu", m->row + 1, m->kernel + 1);
		write_plot_figure(f, m->each);
		write_plot_figure(f, m->share);
		write_plot_figure(f, m->tails);
		fprintf(f, "\n");
	}
	return 0;
}

static double most_share(const struct page *p)
{
	double most = 0;

	for (size_t i = 0; i < p->nr; i++)
		most = fmax(most, p->mark[i].share);
	return most;
}

#define BAR 27	/* what is left of TEXT_COLUMNS */

/* "  amd64-6.12     970.8   0.93 %   2.0 %  ###" */
static void print_plot_mark(FILE *f, const struct page *p,
			    const struct mark *m, double most)
{
	char each[16] = "-", tails[16] = "-", bar[BAR + 1] = "";
	size_t n = most > 0 ? lround(m->share / most * BAR) : 0;

	memset(bar, '#', n);
	if (!isnan(m->each))
		snprintf(each, sizeof(each), "%.1f", m->each);
	if (!isnan(m->tails))
		snprintf(tails, sizeof(tails), "%.1f %%", m->tails);
	text_line(f, "  %-14.14s%8s%8.2f %%%8s  %s", p->kernel[m->kernel], each,
		  m->share, tails, bar);
}

static int write_workload_text(FILE *f, const void *arg)
{
	const struct page *p = arg;
	double most = most_share(p);

	text_line(f, "Look-ups of workloads: per operation, share of the kernel's");
	text_line(f, "instructions (bars: up to %.2f %%), share of tails", most);
	text_line(f, "counted by %s", p->emulator);
	for (size_t row = 0; row < p->nr_rows; row++) {
		fprintf(f, "\n");
		text_line(f, "%s", p->row[row]);
		for (size_t i = 0; i < p->nr; i++)
			if (p->mark[i].row == row)
				print_plot_mark(f, p, &p->mark[i], most);
	}
	return 0;
}

int workload_plot(const char *dir, json_t *const *result, size_t nr,
		  struct errmsg *msg)
{
	static const struct gnuplot_file files[] = {
		{ "dat", write_workload_data }, { "txt", write_workload_text },
		{ 0 }
	};
	struct page *p = calloc(1, sizeof(*p));
	int err;

	if (!p)
		return errmsg_set(msg, -ENOMEM, "out of memory");
	for (size_t i = 0; i < nr; i++)
		add_mark(p, result[i]);
	plot_data_text(p->emulator, sizeof(p->emulator),
		       nr ? text(result[0], "emulator") : "");
	err = gnuplot_output("workload", dir, files, p, true, msg);
	free(p);
	return err;
}
