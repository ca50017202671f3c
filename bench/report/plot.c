// SPDX-License-Identifier: GPL-2.0
/* Parts that all plots of a result file have in common. */
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <string.h>

#include "lib/plot_data.h"
#include "data/palette.h"
#include "report/plot.h"

int plot_lacks(const struct plot *p, const char *name, const char *points,
	       const char *regex, struct errmsg *msg)
{
	const char *accessor = pf_accessors[p->accessor].name;

	return errmsg_set(msg, -ENODATA,
			  "%s left out: %s has no %s of %s: pfbench run --benchmark_filter='^%s/.*/%s'",
			  name, p->r->path, points, accessor, accessor, regex);
}

int plot_write(const struct plot *p, const char *script, const char *name,
	       const struct gnuplot_file *files, const void *arg,
	       struct errmsg *msg)
{
	char file[64];

	snprintf(file, sizeof(file), "%s%s", name, p->suffix);
	return gnuplot_output_as(script, file, p->dir, files, arg, msg);
}

/* The machine, as the second line of a title. */
static void machine_title(const struct result *r, char *text, size_t size)
{
	char cpu[64], kernel[48], host[32], date[16];

	plot_data_text(cpu, sizeof(cpu), result_context(r, "cpu_model"));
	plot_data_text(kernel, sizeof(kernel), result_context(r, "kernel"));
	/* the release, without uname's version behind it */
	kernel[strcspn(kernel, " ")] = '\0';
	plot_data_text(host, sizeof(host), result_context(r, "host_name"));
	plot_data_text(date, 11, result_context(r, "date"));
	snprintf(text, size, "%s, Linux %s, %s backend, %s %s", cpu, kernel,
		 !strcmp(result_context(r, "backend"), "kmod") ? "kmod" :
		 "user", host, date);
}

void plot_print_titles(FILE *f, const struct plot_page *page)
{
	char machine[256];

	machine_title(page->plot->r, machine, sizeof(machine));
	fprintf(f, "title \"%s\"\nmachine \"%s\"\nunit \"%s per operation\"\n",
		page->title, machine, unit_name(page->plot->r, page->plot->unit));
}

void plot_print_heading(FILE *f, const struct plot_page *page)
{
	char machine[256];

	machine_title(page->plot->r, machine, sizeof(machine));
	text_line(f, "%s", page->title);
	text_wrapped(f, machine, 0);
	text_line(f, "%s per operation", unit_name(page->plot->r, page->plot->unit));
	fprintf(f, "\n");
}

void plot_print_figure(FILE *f, const struct series *s, size_t column)
{
	plot_data_cell(f, &s->e[column], s->contended[column]);
}

/* Is the series the compiler's choice, beside a forced lowering? */
static bool is_auto_beside(const struct grid *g, const struct series *s)
{
	if (s->lowering != PF_AUTO)
		return false;
	for (size_t i = 0; i < g->nr; i++)
		if (g->series[i].gen == s->gen && &g->series[i] != s)
			return true;
	return false;
}

/* gnuplot's dash: 2 for a select, 3 for the compiler's choice beside others */
static int series_dash(const struct grid *g, const struct series *s)
{
	return s->lowering == PF_SELECT ? 2 : is_auto_beside(g, s) ? 3 : 1;
}

void plot_print_lines(FILE *f, const struct grid *g,
		      double (*x)(const struct grid *g, size_t column))
{
	for (size_t i = 0; i < g->nr; i++) {
		const struct series *s = &g->series[i];
		const struct generation_look *look = generation_look(s->gen);

		fprintf(f, "\n\nline \"%s\" \"%s\" %d %d %zu\n", s->name,
			look->colour, look->point, series_dash(g, s),
			s->line + 1);
		for (size_t k = 0; k < g->nr_columns; k++) {
			if (isnan(s->e[k].mid))
				continue;
			fprintf(f, "%6g", x(g, k));
			plot_print_figure(f, s, k);
		}
	}
}

void plot_print_open(FILE *f)
{
	text_line(f, "( ) no interval: too few quiet rounds, not to be compared");
}

void plot_print_bar(FILE *f, const char *label, int width,
		    const struct estimate *e, bool contended, double most)
{
	char bar[TEXT_COLUMNS + 1], text[64];
	size_t room = TEXT_COLUMNS - 17 - width, n;

	format_estimate(e, contended, text, sizeof(text));
	n = e->mid > 0 && most > 0 ? lround(e->mid / most * room) : 0;
	n = n > room ? room : n;
	memset(bar, contended ? 'o' : '#', n);
	bar[n] = '\0';
	text_line(f, "  %-*s%s  %s", width, label, text, bar);
}

char series_letter(const struct grid *g, const struct series *s)
{
	const struct generation_look *look = generation_look(s->gen);

	return s->lowering == PF_SELECT ? tolower((unsigned char)look->letter) :
		is_auto_beside(g, s) ? look->other : look->letter;
}
