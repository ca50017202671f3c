// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/cmd.h"
#include "lib/gnuplot.h"
#include "report/history.h"
#include "lib/plot_data.h"
#include "report/format.h"
#include "report/palette.h"

static const char help[] =
"Usage: pfbench plot [OPTION...] FILE... -o DIR\n"
"       pfbench plot --history [OPTION...] FILE... -o DIR\n"
"\n"
"Plot result files into DIR: as NAME.svg, NAME.png (gnuplot) and NAME.txt (72\n"
"columns, for a mail), from NAME.dat, which a person can read too.\n"
"\n"
"  tails        cost against the share of tail pages among those visited, and\n"
"               where a branch and what has none cost the same\n"
"  generations  bars a generation and population, throughput and latency\n"
"  workingset   cost against the working set, from L1 to memory\n"
"  history      cost from generation to generation, with the functions that\n"
"               kernels themselves have: with --history, and that one only\n"
"\n"
"  -o, --output=DIR     where to; made if it is not there\n"
"      --unit=UNIT      ns (the default), ticks or cycles (estimated)\n"
"      --accessor=NAME  of this accessor (PageLocked)\n"
"      --history        one plot of all FILEs: each of another kernel, measured\n"
"                       with run --backend=kmod, all on one architecture\n"
"  -h, --help           this text\n"
"\n"
"Of several FILEs the plots are numbered: tails-1.svg, tails-2.svg, ... A plot\n"
"that the file lacks points for is left out, and it is said what to run. Where\n"
"the compiler's own choice costs what the forced branch or select does, it is\n"
"not drawn twice: 'branch =auto'.\n"
"\n"
"Exit status: 0 at least one plot was drawn; 2 none, or bad input.\n"
"\n"
"Environment: PFBENCH_DATADIR, a directory with the gnuplot scripts\n"
"\n"
"Example: pfbench plot results/*/*.json -o plots-of-today\n"
"         pfbench plot --history 5.10.json 6.12.json 7.3.json -o plots\n";

/* Closer than this, two lines are one to the eye. */
#define ALIKE 0.05

struct job {
	const struct result *r;
	const char *dir;
	char suffix[16];		/* "-2" for the second of several */
	enum unit asked, unit;
	double scale;
	enum pf_accessor accessor;
	bool history;			/* of all files, instead of each */
	bool no_gnuplot;
	unsigned int drawn;
};

/* A line or a row of bars: a generation and lowering. */
struct series {
	enum pf_generation gen;
	enum pf_lowering how;
	char name[64];
	struct estimate *e;		/* by column, in the unit; NaN: none */
	bool *contended;
};

/* Series over columns: points that differ in one thing, or a few. */
struct grid {
	struct point *column;
	size_t nr_columns;
	struct series *series;
	size_t nr;
	double least, most;		/* of all there is, intervals too */
	bool contended;
};

static void grid_free(struct grid *g)
{
	size_t i;

	for (i = 0; g->series && i < g->nr; i++) {
		free(g->series[i].e);
		free(g->series[i].contended);
	}
	free(g->series);
	free(g->column);
	memset(g, 0, sizeof(*g));
}

/* Measured of @s, over all columns; false if nothing. */
static bool fill_series(const struct job *job, struct grid *g,
			struct series *s)
{
	bool any = false;
	size_t i;

	for (i = 0; i < g->nr_columns; i++) {
		struct point p = g->column[i];
		const struct result_point *found;

		p.accessor = job->accessor;
		p.generation = s->gen;
		p.lowering = s->how;
		found = result_find(job->r, &p);
		s->e[i].mid = NAN;
		if (!found)
			continue;
		any = true;
		s->e[i] = found->ticks;
		s->e[i].mid *= job->scale;
		s->e[i].lo *= job->scale;
		s->e[i].hi *= job->scale;
		s->contended[i] = found->contended;
	}
	return any;
}

/* Do they cost the same wherever @a was measured? */
static bool coincide(const struct series *a, const struct series *b, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		const struct estimate *p = &a->e[i], *q = &b->e[i];

		if (isnan(p->mid) || a->contended[i] || b->contended[i])
			continue;
		if (isnan(q->mid))
			return false;
		if (fabs(p->mid - q->mid) > ALIKE * fabs(q->mid) &&
		    (p->lo > q->hi || q->lo > p->hi))
			return false;
	}
	return true;
}

/* The compiler's choice is not drawn beside what it chose. */
static void drop_auto(struct grid *g, size_t from)
{
	struct series *automatic = &g->series[from];
	size_t i;

	if (from >= g->nr || automatic->how != PF_AUTO)
		return;
	for (i = from + 1; i < g->nr; i++) {
		if (!coincide(automatic, &g->series[i], g->nr_columns))
			continue;
		strcat(g->series[i].name, " =auto");
		free(automatic->e);
		free(automatic->contended);
		g->nr--;
		memmove(automatic, automatic + 1,
			(g->nr - from) * sizeof(*automatic));
		return;
	}
}

static void note_range(struct grid *g)
{
	size_t i, k;

	g->least = INFINITY;
	g->most = -INFINITY;
	for (i = 0; i < g->nr; i++) {
		for (k = 0; k < g->nr_columns; k++) {
			const struct estimate *e = &g->series[i].e[k];

			if (isnan(e->mid))
				continue;
			g->least = fmin(g->least, isfinite(e->lo) ? e->lo :
					e->mid);
			g->most = fmax(g->most, isfinite(e->hi) ? e->hi :
				       e->mid);
			g->contended |= g->series[i].contended[k];
		}
	}
}

/* Every generation and lowering that has any of the columns. */
static int grid_fill(const struct job *job, struct grid *g)
{
	size_t first;
	int gen, how;

	g->series = calloc(PF_NR_GENERATIONS * PF_NR_LOWERINGS,
			   sizeof(*g->series));
	if (!g->series)
		return -ENOMEM;
	for (gen = 0; gen < PF_NR_GENERATIONS; gen++) {
		first = g->nr;
		for (how = 0; how < PF_NR_LOWERINGS; how++) {
			struct series *s = &g->series[g->nr];

			s->gen = gen;
			s->how = how;
			s->e = calloc(g->nr_columns, sizeof(*s->e));
			s->contended = calloc(g->nr_columns, sizeof(bool));
			snprintf(s->name, sizeof(s->name), "%s%s%s",
				 pf_generations[gen].name,
				 how == PF_AUTO ? "" : " ",
				 how == PF_AUTO ? "" : lowering_name(how));
			g->nr++;
			if (!s->e || !s->contended)
				return -ENOMEM;
			if (!fill_series(job, g, s)) {
				free(s->e);
				free(s->contended);
				g->nr--;
			}
		}
		drop_auto(g, first);
	}
	note_range(g);
	return 0;
}

static int compare_points(const void *a, const void *b)
{
	return point_compare_columns(a, b);
}

/* The columns of a grid: of the accessor's points, those that @want wants. */
static int grid_columns(const struct job *job, struct grid *g,
			bool (*want)(const struct point *p, const void *arg),
			const void *arg)
{
	size_t i, k;

	g->column = calloc(job->r->nr_points + 1, sizeof(*g->column));
	if (!g->column)
		return -ENOMEM;
	for (i = 0; i < job->r->nr_points; i++) {
		struct point p = job->r->point[i].point;

		if (p.accessor != job->accessor || !want(&p, arg))
			continue;
		p.generation = 0;
		p.lowering = 0;
		for (k = 0; k < g->nr_columns; k++)
			if (point_equal(&g->column[k], &p))
				break;
		if (k == g->nr_columns)
			g->column[g->nr_columns++] = p;
	}
	qsort(g->column, g->nr_columns, sizeof(*g->column), compare_points);
	return 0;
}

static const char *mode_name(enum pf_form form)
{
	return form == PF_LATENCY ? "latency" : form == PF_THROUGHPUT ?
		"throughput" : "throughput, cond";
}

/* The machine, as the second line of a title. */
static void subtitle(const struct job *job, char *text, size_t size)
{
	char cpu[64], kernel[48], host[32], date[16];

	plot_data_text(cpu, sizeof(cpu), result_context(job->r, "cpu_model"));
	plot_data_text(kernel, sizeof(kernel), result_context(job->r, "kernel"));
	/* the release, without uname's version behind it */
	kernel[strcspn(kernel, " ")] = '\0';
	plot_data_text(host, sizeof(host), result_context(job->r, "host_name"));
	plot_data_text(date, 11, result_context(job->r, "date"));
	snprintf(text, size, "%s, Linux %s, %s backend, %s %s", cpu, kernel,
		 !strcmp(result_context(job->r, "backend"), "kmod") ? "kmod" :
		 "user", host, date);
}

static FILE *open_output(const struct job *job, const char *name,
			 const char *end)
{
	char path[PATH_MAX];
	FILE *f;

	if (snprintf(path, sizeof(path), "%s/%s%s.%s", job->dir, name,
		     job->suffix, end) >= (int)sizeof(path)) {
		complain("plot: %s: name too long", job->dir);
		return NULL;
	}
	f = fopen(path, "we");
	if (!f)
		complain("plot: %s: %s", path, strerror(errno));
	return f;
}

static int close_output(FILE *f)
{
	int bad = ferror(f);

	if (fclose(f) || bad)
		return complain("plot: writing failed: %s", strerror(errno));
	return 0;
}

static int run_gnuplot(struct job *job, const char *name)
{
	struct errmsg msg = { "" };
	char base[PATH_MAX];
	int err;

	if (job->no_gnuplot)
		return -ENOENT;
	snprintf(base, sizeof(base), "%s/%s%s", job->dir, name, job->suffix);
	err = gnuplot_draw(name, base, &msg);
	job->no_gnuplot = err == -ENOENT;
	return !err || job->no_gnuplot ? err : complain("plot: %s", msg.text);
}

/* Say what there is now. */
static int finish(struct job *job, const char *name)
{
	int ret = run_gnuplot(job, name);

	if (ret > 0)
		return ret;
	job->drawn++;
	printf("%s/%s%s: %s\n", job->dir, name, job->suffix,
	       ret ? "dat txt" : "dat txt svg png");
	return 0;
}

static void lacking(const struct job *job, const char *plot, const char *what,
		    const char *regex)
{
	complain("plot: %s left out: %s has no %s of %s: pfbench run --benchmark_filter='^%s/.*/%s'",
		 plot, job->r->path, what, pf_accessors[job->accessor].name,
		 pf_accessors[job->accessor].name, regex);
}

static void put_cell(FILE *f, const struct series *s, size_t column)
{
	plot_data_cell(f, &s->e[column], s->contended[column]);
}

static void put_titles(FILE *f, const struct job *job, const char *title)
{
	char machine[256];

	subtitle(job, machine, sizeof(machine));
	fprintf(f, "title \"%s\"\nmachine \"%s\"\nunit \"%s per operation\"\n",
		title, machine, unit_name(job->unit));
}

/* gnuplot's: a select is dashed, what the compiler chose dotted beside it */
static int dash_of(const struct grid *g, const struct series *s)
{
	size_t i;

	if (s->how == PF_SELECT)
		return 2;
	for (i = 0; i < g->nr; i++)
		if (g->series[i].gen == s->gen && g->series[i].how != s->how)
			return s->how == PF_AUTO ? 3 : 1;
	return 1;
}

static void put_lines(FILE *f, const struct grid *g,
		      double (*x)(const struct grid *g, size_t column))
{
	size_t i, k;

	for (i = 0; i < g->nr; i++) {
		const struct series *s = &g->series[i];

		fprintf(f, "\n\nline \"%s\" \"%s\" %d %d\n", s->name,
			generation_look(s->gen)->colour,
			generation_look(s->gen)->point,
			dash_of(g, s));
		for (k = 0; k < g->nr_columns; k++) {
			if (isnan(s->e[k].mid))
				continue;
			fprintf(f, "%6g", x(g, k));
			put_cell(f, s, k);
		}
	}
}

/* tails */

struct crossing {
	double share, cost;
	const struct series *a, *b;
};

static double share_of(const struct grid *g, size_t column)
{
	return g->column[column].tails;
}

static bool want_shares(const struct point *p, const void *arg)
{
	return point_is_default(p) && p->population == PF_MIXED &&
		p->form == *(const enum pf_form *)arg;
}

/* 1: @a costs more, surely and by enough to matter; -1: @b does; 0: neither */
static int surely(const struct series *a, const struct series *b, size_t k)
{
	if (isnan(a->e[k].mid) || isnan(b->e[k].mid) || a->contended[k] ||
	    b->contended[k])
		return 0;
	if (fabs(a->e[k].mid - b->e[k].mid) < ALIKE * fabs(b->e[k].mid))
		return 0;
	return (a->e[k].lo > b->e[k].hi) - (b->e[k].lo > a->e[k].hi);
}

/* Between columns @from and @to @a and @b changed places: where? */
static struct crossing cross(const struct grid *g, const struct series *a,
			     const struct series *b, size_t from, size_t to)
{
	struct crossing c = { NAN, NAN, a, b };
	double d, next, t;
	size_t k, n;

	for (k = from; k < to; k = n) {
		for (n = k + 1; n < to && (isnan(a->e[n].mid) ||
					   isnan(b->e[n].mid)); n++)
			;
		d = a->e[k].mid - b->e[k].mid;
		next = a->e[n].mid - b->e[n].mid;
		if ((d < 0) == (next < 0) && n < to)
			continue;
		t = d / (d - next);
		c.share = share_of(g, k) + t * (share_of(g, n) -
						share_of(g, k));
		c.cost = a->e[k].mid + t * (a->e[n].mid - a->e[k].mid);
		break;
	}
	return c;
}

/*
 * Where a branch and what has none cost the same: the select of the same
 * generation, or v7.1-mask. Linear between the shares that were measured.
 */
static size_t find_crossings(const struct grid *g, struct crossing *c,
			     size_t max)
{
	size_t i, k, n, nr = 0, last;
	int sign, now;

	for (i = 0; i < g->nr; i++) {
		const struct series *a = &g->series[i];

		for (k = 0; k < g->nr; k++) {
			const struct series *b = &g->series[k];

			if (a->how == PF_SELECT || a->gen == PF_GEN_v7_1_mask ||
			    !((a->gen == b->gen && b->how == PF_SELECT) ||
			      b->gen == PF_GEN_v7_1_mask))
				continue;
			sign = 0;
			last = 0;
			for (n = 0; n < g->nr_columns; n++) {
				now = surely(a, b, n);
				if (now && sign && now != sign && nr < max)
					c[nr++] = cross(g, a, b, last, n);
				if (now) {
					sign = now;
					last = n;
				}
			}
		}
	}
	return nr;
}

static int write_tails(const struct job *job, const char *name,
		       const struct grid *g, const char *title,
		       const struct crossing *c, size_t crossings)
{
	FILE *f = open_output(job, name, "dat");
	size_t i;

	if (!f)
		return EXIT_BAD;
	fprintf(f, "# Cost against the share of tail pages; read by tails.gp.\n"
		"# First what the plot says, then a block a line (its name,\n"
		"# colour, point and dash), last where lines cross.\n"
		"# per cent of tails, median, 95 %% interval from, to, contended\n");
	put_titles(f, job, title);
	fprintf(f, "lines %zu\ncrossings %zu\ncontended %d\nrange %.6g %.6g\n",
		g->nr, crossings, g->contended, g->least, g->most);
	put_lines(f, g, share_of);
	fprintf(f, "\n\n");
	for (i = 0; i < crossings; i++)
		fprintf(f, "%6.3g %10.6g \"%s\" \"%s\"\n", c[i].share,
			c[i].cost, c[i].a->name, c[i].b->name);
	return close_output(f);
}

#define TEXT_LEFT 8
#define TEXT_WIDTH (TEXT_COLUMNS - TEXT_LEFT - 2)
#define TEXT_HEIGHT 26

struct canvas {
	char at[TEXT_HEIGHT][TEXT_WIDTH + 1];
	double least, most;
	bool log;
};

static double row_of(const struct canvas *c, double v)
{
	double least = c->log ? log(c->least) : c->least;
	double most = c->log ? log(c->most) : c->most;

	v = c->log ? log(v) : v;
	return (most - v) / (most - least) * (TEXT_HEIGHT - 1);
}

static double value_of(const struct canvas *c, size_t row)
{
	double t = 1 - (double)row / (TEXT_HEIGHT - 1);

	return c->log ? c->least * pow(c->most / c->least, t) :
		c->least + (c->most - c->least) * t;
}

static void canvas_put(struct canvas *c, double share, double v, char what)
{
	double row = row_of(c, v);
	size_t x = lround(share / 100 * (TEXT_WIDTH - 1)), y;

	if (!(row > -0.5 && row < TEXT_HEIGHT - 0.5) || x >= TEXT_WIDTH)
		return;
	y = lround(row);
	/* a letter stays, a dot gives way */
	if (what != '.' || c->at[y][x] == ' ')
		c->at[y][x] = what;
}

/* The letter of a line: its generation's, small for a select. */
static char letter_of(const struct series *s)
{
	char c = generation_look(s->gen)->letter;

	return s->how == PF_SELECT ? tolower((unsigned char)c) : c;
}

static void canvas_line(struct canvas *c, const struct grid *g,
			const struct series *s)
{
	size_t k, last = 0, step;
	bool have = false;

	for (k = 0; k < g->nr_columns; k++) {
		if (isnan(s->e[k].mid))
			continue;
		for (step = 1; have && step < TEXT_WIDTH; step++) {
			double t = (double)step / TEXT_WIDTH;

			canvas_put(c, share_of(g, last) + t *
				   (share_of(g, k) - share_of(g, last)),
				   s->e[last].mid + t * (s->e[k].mid -
							 s->e[last].mid), '.');
		}
		have = true;
		last = k;
	}
	for (k = 0; k < g->nr_columns; k++)
		if (!isnan(s->e[k].mid))
			canvas_put(c, share_of(g, k), s->e[k].mid,
				   s->contended[k] ? '!' : letter_of(s));
}

static void canvas_print(FILE *f, const struct canvas *c)
{
	char line[TEXT_COLUMNS + 1], scale[TEXT_COLUMNS + 1];
	size_t y, x;

	for (y = 0; y < TEXT_HEIGHT; y++) {
		char value[16] = "";

		if (y % 5 == 0)
			snprintf(value, sizeof(value), "%.3g", value_of(c, y));
		text_line(f, "%*s |%s", TEXT_LEFT - 1, value, c->at[y]);
	}
	memset(line, ' ', sizeof(line));
	memset(scale, ' ', sizeof(scale));
	line[TEXT_COLUMNS] = '\0';
	scale[TEXT_COLUMNS] = '\0';
	line[TEXT_LEFT] = '+';
	for (x = 0; x < TEXT_WIDTH; x++)
		line[TEXT_LEFT + 1 + x] = '-';
	for (x = 0; x <= 100; x += 25) {
		char text[8];
		size_t at = TEXT_LEFT + 1 + x * (TEXT_WIDTH - 1) / 100;
		int n = snprintf(text, sizeof(text), "%zu", x);

		line[at] = '+';
		at -= n > 1 ? n - 1 : 0;
		memcpy(scale + at, text, n);
	}
	text_line(f, "%s", line);
	text_line(f, "%s", scale);
	text_line(f, "%*sper cent of tail pages", TEXT_LEFT + 1, "");
}

static void text_header(FILE *f, const struct job *job, const char *title)
{
	char machine[256];

	subtitle(job, machine, sizeof(machine));
	text_line(f, "%s", title);
	text_wrapped(f, machine, 0);
	text_line(f, "%s per operation", unit_name(job->unit));
	fprintf(f, "\n");
}

/* The lines' letters, with what they cost at the ends and in the middle. */
static void print_letters(FILE *f, const struct grid *g)
{
	size_t at[] = { 0, g->nr_columns / 2, g->nr_columns - 1 }, i, k;
	char line[256], text[64];
	int len;

	len = snprintf(line, sizeof(line), "%34s", "% of tails:");
	for (i = 0; i < 3; i++)
		len += snprintf(line + len, sizeof(line) - len, "  %-11g",
				share_of(g, at[i]));
	text_line(f, "%s", line);
	for (k = 0; k < g->nr; k++) {
		const struct series *s = &g->series[k];

		len = snprintf(line, sizeof(line), "%c %-31s ", letter_of(s),
			       s->name);
		for (i = 0; i < 3; i++) {
			format_estimate(&s->e[at[i]], s->contended[at[i]], text,
				  sizeof(text));
			len += snprintf(line + len, sizeof(line) - len, "%s",
					text);
			if (i < 2)
				len += snprintf(line + len, sizeof(line) - len,
						" ");
		}
		text_line(f, "%s", line);
	}
	if (g->contended)
		text_line(f, "! contended: no round was quiet, the core was shared");
}

static int print_tails(const struct job *job, const char *name,
		       const struct grid *g, const char *title,
		       const struct crossing *c, size_t crossings)
{
	FILE *f = open_output(job, name, "txt");
	struct canvas canvas;
	size_t i;

	if (!f)
		return EXIT_BAD;
	canvas.least = fmin(g->least, g->least > 0 ? g->least : 0);
	canvas.most = g->most;
	canvas.log = g->least > 0 && g->most / g->least > 5;
	if (!canvas.log)
		canvas.least = fmin(g->least, 0);
	if (!(canvas.most > canvas.least))
		canvas.most = canvas.least + 1;
	for (i = 0; i < TEXT_HEIGHT; i++) {
		memset(canvas.at[i], ' ', TEXT_WIDTH);
		canvas.at[i][TEXT_WIDTH] = '\0';
	}
	for (i = 0; i < g->nr; i++)
		canvas_line(&canvas, g, &g->series[i]);
	text_header(f, job, title);
	canvas_print(f, &canvas);
	fprintf(f, "\n");
	print_letters(f, g);
	if (crossings)
		fprintf(f, "\nCrossings, in per cent of tails\n");
	for (i = 0; i < crossings; i++)
		text_line(f, "%5.3g  %s and %s", c[i].share, c[i].a->name,
			  c[i].b->name);
	return close_output(f);
}

#define MAX_CROSSINGS 256

static int plot_tails(struct job *job, enum pf_form form, const char *name,
		      bool say)
{
	struct crossing crossing[MAX_CROSSINGS];
	struct grid g = { 0 };
	char title[160];
	size_t crossings;
	int ret = EXIT_BAD;

	if (grid_columns(job, &g, want_shares, &form) || grid_fill(job, &g)) {
		complain("plot: out of memory");
	} else if (g.nr_columns < 2) {
		if (say)
			lacking(job, name, "two shares of tails",
				"mixed:[0-9]+/hot/throughput(/|$)");
		ret = 0;
	} else {
		crossings = find_crossings(&g, crossing, MAX_CROSSINGS);
		snprintf(title, sizeof(title),
			 "%s, %s, by the share of tail pages",
			 pf_accessors[job->accessor].name, mode_name(form));
		ret = write_tails(job, name, &g, title, crossing, crossings);
		if (!ret)
			ret = print_tails(job, name, &g, title, crossing,
					  crossings);
		if (!ret)
			ret = finish(job, name);
	}
	grid_free(&g);
	return ret;
}

/* generations */

static bool want_bars(const struct point *p, const void *arg)
{
	struct point own = *p;

	own.source = SOURCE_OWN;
	return point_is_default(&own) && p->form != PF_THROUGHPUT_COND &&
		(p->population != PF_MIXED || p->tails == 50);
}

/* The populations of a grid: its columns, whatever their mode. */
static size_t populations(const struct grid *g, struct point *pop, size_t max)
{
	size_t i, k, nr = 0;

	for (i = 0; i < g->nr_columns; i++) {
		for (k = 0; k < nr; k++)
			if (pop[k].population == g->column[i].population)
				break;
		if (k == nr && nr < max)
			pop[nr++] = g->column[i];
	}
	/* throughput may lack one that latency has */
	qsort(pop, nr, sizeof(*pop), compare_points);
	return nr;
}

static size_t modes(const struct grid *g, enum pf_form *mode)
{
	size_t i, nr = 0;

	for (i = 0; i < g->nr_columns; i++)
		if (!nr || mode[nr - 1] != g->column[i].form)
			mode[nr++] = g->column[i].form;
	return nr;
}

static size_t column_of(const struct grid *g, enum pf_form form,
			enum pf_population pop, enum page_source source)
{
	size_t i;

	for (i = 0; i < g->nr_columns; i++)
		if (g->column[i].form == form &&
		    g->column[i].population == pop &&
		    g->column[i].source == source)
			break;
	return i;
}

/* A row of bars: a series, on pages of one source. */
struct bar_row {
	const struct series *series;
	enum page_source source;
	double at;
};

#define MAX_BAR_ROWS (PF_NR_GENERATIONS * PF_NR_LOWERINGS * NR_SOURCES)

static bool has_source(const struct grid *g, const struct series *s,
		       enum page_source source)
{
	for (size_t i = 0; i < g->nr_columns; i++)
		if (g->column[i].source == source && !isnan(s->e[i].mid))
			return true;
	return false;
}

/* Rows stand a little apart from those of another generation. */
static size_t bar_rows(const struct grid *g, struct bar_row *row)
{
	size_t nr = 0;

	for (size_t i = 0; i < g->nr; i++) {
		const struct series *s = &g->series[i];

		for (int source = 0; source < NR_SOURCES; source++) {
			if (!has_source(g, s, source))
				continue;
			row[nr] = (struct bar_row){ s, source, 1 };
			if (nr)
				row[nr].at = row[nr - 1].at + (s->gen ==
					row[nr - 1].series->gen ? 1 : 1.3);
			nr++;
		}
	}
	return nr;
}

static int write_generations(const struct job *job, const char *name,
			     const struct grid *g, const char *title)
{
	enum pf_form mode[PF_NR_FORMS];
	struct point pop[PF_NR_POPULATIONS];
	size_t nr_pop = populations(g, pop, PF_NR_POPULATIONS);
	struct bar_row row[MAX_BAR_ROWS];
	size_t nr_rows = bar_rows(g, row);
	size_t nr_modes = modes(g, mode), m, p, i, k;
	FILE *f = open_output(job, name, "dat");
	char pop_name[POPULATION_NAME_MAX];

	if (!f)
		return EXIT_BAD;
	fprintf(f, "# Cost a generation and population; read by generations.gp.\n"
		"# First what the plot says, then the rows, then a block a panel\n"
		"# and population.\n"
		"# row, median, 95 %% interval from, to, contended\n");
	put_titles(f, job, title);
	fprintf(f, "rows %zu\npanels %zu\nseries %zu\ncontended %d\n\n\n",
		nr_rows, nr_modes, nr_pop, g->contended);
	for (i = 0; i < nr_rows; i++)
		fprintf(f, "%4.1f \"%s%s%s\"\n", row[i].at,
			row[i].series->name, row[i].source ? "/" : "",
			row[i].source ? source_name(row[i].source) : "");
	for (m = 0; m < nr_modes; m++) {
		for (p = 0; p < nr_pop; p++) {
			population_name(&pop[p], pop_name);
			fprintf(f, "\n\npanel \"%s\" \"%s\" \"%s\"\n",
				mode_name(mode[m]), pop_name,
				population_colour(pop[p].population));
			for (i = 0; i < nr_rows; i++) {
				k = column_of(g, mode[m], pop[p].population,
					      row[i].source);
				fprintf(f, "%4.1f", row[i].at);
				if (k < g->nr_columns)
					put_cell(f, row[i].series, k);
				else
					fprintf(f, " ? ? ? 0\n");
			}
		}
	}
	return close_output(f);
}

#define BAR_LABEL 11

static int label_width(const struct grid *g)
{
	char name[POPULATION_NAME_MAX];
	int width = BAR_LABEL;

	for (size_t i = 0; i < g->nr_columns; i++) {
		pages_name(&g->column[i], name);
		if ((int)strlen(name) >= width)
			width = strlen(name) + 1;
	}
	return width;
}

/* "tail        12.60 +-0.01  ##################" */
static void print_bar(FILE *f, const char *label, int width,
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

static double most_of_mode(const struct grid *g, enum pf_form form)
{
	double most = 0;
	size_t i, k;

	for (i = 0; i < g->nr; i++)
		for (k = 0; k < g->nr_columns; k++)
			if (g->column[k].form == form &&
			    !isnan(g->series[i].e[k].mid))
				most = fmax(most, g->series[i].e[k].mid);
	return most;
}

static int print_generations(const struct job *job, const char *name,
			     const struct grid *g, const char *title)
{
	FILE *f = open_output(job, name, "txt");
	enum pf_form mode[PF_NR_FORMS];
	char pop[POPULATION_NAME_MAX];
	size_t nr_modes = modes(g, mode), m, i, k;
	int width = label_width(g);

	if (!f)
		return EXIT_BAD;
	text_header(f, job, title);
	for (m = 0; m < nr_modes; m++) {
		fprintf(f, "%s%s\n", m ? "\n" : "", mode_name(mode[m]));
		for (i = 0; i < g->nr; i++) {
			text_line(f, "%s", g->series[i].name);
			for (k = 0; k < g->nr_columns; k++) {
				if (g->column[k].form != mode[m] ||
				    isnan(g->series[i].e[k].mid))
					continue;
				pages_name(&g->column[k], pop);
				print_bar(f, pop, width, &g->series[i].e[k],
					  g->series[i].contended[k],
					  most_of_mode(g, mode[m]));
			}
		}
	}
	if (g->contended)
		text_line(f, "! and o: contended, no round was quiet");
	return close_output(f);
}

static int plot_generations(struct job *job)
{
	static const char name[] = "generations";
	struct grid g = { 0 };
	char title[160];
	int ret = EXIT_BAD;

	if (grid_columns(job, &g, want_bars, NULL) || grid_fill(job, &g)) {
		complain("plot: out of memory");
	} else if (!g.nr_columns) {
		lacking(job, name, "hot points", "(small|head|tail)/hot/");
		ret = 0;
	} else {
		snprintf(title, sizeof(title), "%s, by generation",
			 pf_accessors[job->accessor].name);
		ret = write_generations(job, name, &g, title);
		if (!ret)
			ret = print_generations(job, name, &g, title);
		if (!ret)
			ret = finish(job, name);
	}
	grid_free(&g);
	return ret;
}

/* workingset */

static bool want_working_sets(const struct point *p, const void *arg)
{
	struct point like = *(const struct point *)arg;

	like.ws = p->ws;
	return point_same_group(p, &like);
}

/* Of all that was measured over several working sets, what has most points. */
static size_t richest(const struct job *job, struct point *like)
{
	size_t i, k, nr, best = 0;

	for (i = 0; i < job->r->nr_points; i++) {
		const struct point *p = &job->r->point[i].point;

		if (p->accessor != job->accessor || p->ws == WS_HOT)
			continue;
		for (nr = 0, k = 0; k < job->r->nr_points; k++)
			nr += want_working_sets(&job->r->point[k].point, p);
		if (nr > best) {
			best = nr;
			*like = *p;
		}
	}
	return best;
}

static double set_of(const struct grid *g, size_t column)
{
	return column + 1;
}

static int write_workingset(const struct job *job, const char *name,
			    const struct grid *g, const char *title)
{
	FILE *f = open_output(job, name, "dat");
	size_t i;

	if (!f)
		return EXIT_BAD;
	fprintf(f, "# Cost against the working set; read by workingset.gp.\n"
		"# First what the plot says, then the working sets, then a block\n"
		"# a line (its name, colour, point and dash).\n"
		"# working set, median, 95 %% interval from, to, contended\n");
	put_titles(f, job, title);
	fprintf(f, "sets %zu\nlines %zu\ncontended %d\nrange %.6g %.6g\n\n\n",
		g->nr_columns, g->nr, g->contended, g->least, g->most);
	for (i = 0; i < g->nr_columns; i++)
		fprintf(f, "%6zu \"%s\"\n", i + 1,
			working_set_name(g->column[i].ws));
	put_lines(f, g, set_of);
	return close_output(f);
}

static int print_workingset(const struct job *job, const char *name,
			    const struct grid *g, const char *title)
{
	FILE *f = open_output(job, name, "txt");
	size_t i, k;
	double most;

	if (!f)
		return EXIT_BAD;
	text_header(f, job, title);
	for (i = 0; i < g->nr; i++)
		text_line(f, "%c %s", letter_of(&g->series[i]),
			  g->series[i].name);
	for (k = 0; k < g->nr_columns; k++) {
		for (most = 0, i = 0; i < g->nr; i++)
			most = fmax(most, g->series[i].e[k].mid);
		fprintf(f, "\n");
		text_line(f, "%s (bars in a scale of their own)",
			  working_set_name(g->column[k].ws));
		for (i = 0; i < g->nr; i++) {
			char label[2] = { letter_of(&g->series[i]), '\0' };

			print_bar(f, label, BAR_LABEL, &g->series[i].e[k],
				  g->series[i].contended[k], most);
		}
	}
	if (g->contended)
		text_line(f, "! and o: contended, no round was quiet");
	return close_output(f);
}

static int plot_workingset(struct job *job)
{
	static const char name[] = "workingset";
	char title[160], pop[POPULATION_NAME_MAX];
	struct grid g = { 0 };
	struct point like;
	int ret = EXIT_BAD;

	if (richest(job, &like) &&
	    (grid_columns(job, &g, want_working_sets, &like) ||
	     grid_fill(job, &g))) {
		complain("plot: out of memory");
	} else if (g.nr_columns < 2) {
		lacking(job, name, "two working sets",
			"tail/[a-zA-Z0-9]+/latency/shuffled$");
		ret = 0;
	} else {
		pages_name(&like, pop);
		snprintf(title, sizeof(title), "%s, %s, %s%s, by working set",
			 pf_accessors[job->accessor].name, mode_name(like.form),
			 pop, like.shuffled ? ", shuffled" : "");
		ret = write_workingset(job, name, &g, title);
		if (!ret)
			ret = print_workingset(job, name, &g, title);
		if (!ret)
			ret = finish(job, name);
	}
	grid_free(&g);
	return ret;
}

static int plot_file(const char *path, struct job *job)
{
	struct result r;
	struct errmsg msg = { "" };
	int ret;

	if (result_load(path, &r, &msg))
		return complain("plot: %s", msg.text);
	job->r = &r;
	job->unit = unit_resolve(&r, job->asked);
	job->scale = unit_per_tick(&r, job->unit);
	if (isnan(job->scale)) {
		result_free(&r);
		return complain("plot: %s: does not know the length of a cycle: --unit=ns or ticks",
				path);
	}
	ret = plot_tails(job, PF_THROUGHPUT, "tails", true);
	if (!ret)
		ret = plot_tails(job, PF_LATENCY, "tails-latency", false);
	if (!ret)
		ret = plot_generations(job);
	if (!ret)
		ret = plot_workingset(job);
	result_free(&r);
	return ret;
}

/* history */

static int write_history(const struct job *job, const char *name,
			 const struct history *h, const char *end,
			 void (*write)(FILE *f, const struct history *h))
{
	FILE *f = open_output(job, name, end);

	if (!f)
		return EXIT_BAD;
	write(f, h);
	return close_output(f);
}

static int plot_history(struct job *job, size_t nr, char **paths)
{
	static const char name[] = "history";
	struct errmsg msg = { "" };
	struct history h;
	int ret;

	if (history_load(&h, job->accessor, job->asked, nr, paths, &msg))
		ret = complain("plot: --history: %s", msg.text);
	else
		ret = write_history(job, name, &h, "dat", history_write);
	if (!ret)
		ret = write_history(job, name, &h, "txt", history_print);
	if (!ret)
		ret = finish(job, name);
	history_free(&h);
	return ret;
}

static int plot_each(struct job *job, int nr, char **paths)
{
	int i, ret = 0;

	for (i = 0; i < nr && !ret; i++) {
		if (nr > 1)
			snprintf(job->suffix, sizeof(job->suffix), "-%d",
				 i + 1);
		ret = plot_file(paths[i], job);
	}
	return ret;
}

static int plot_all(struct job *job, int nr, char **paths)
{
	int ret = job->history ? plot_history(job, nr, paths) :
		plot_each(job, nr, paths);

	if (ret)
		return ret;
	if (fflush(stdout))
		return complain("plot: writing failed");
	if (job->no_gnuplot)
		return complain("plot: gnuplot is not there (Debian: apt install gnuplot-nox): only data and text were written");
	return job->drawn ? EXIT_DONE : EXIT_BAD;
}

static int plot_main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "output", required_argument, NULL, 'o' },
		{ "unit", required_argument, NULL, 'u' },
		{ "accessor", required_argument, NULL, 'a' },
		{ "history", no_argument, NULL, 'y' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 }
	};
	struct job job = { .accessor = PF_ACC_PageLocked };
	struct errmsg msg = { "" };
	const char *said = NULL;
	char dir[PATH_MAX];
	int c;

	if (wants_help(argc, argv)) {
		fputs(help, stdout);
		return EXIT_DONE;
	}
	opterr = 0;
	while ((c = getopt_long(argc, argv, ":ho:", options, NULL)) != -1) {
		switch (c) {
		case 'o':
			said = optarg;
			break;
		case 'u':
			if (unit_parse(optarg, &job.asked))
				return complain("plot: no unit '%s' (ns, ticks, cycles)",
						optarg);
			break;
		case 'a':
			if (point_parse_accessor(optarg, &job.accessor))
				return complain("plot: no accessor '%s' (see 'pfbench list --all')",
						optarg);
			break;
		case 'y':
			job.history = true;
			break;
		default:
			return complain_option(argc, argv, c);
		}
	}
	if (optind == argc || !said)
		return complain("plot: %s (see 'pfbench plot --help')",
				said ? "which result file?" :
				"-o DIR: where to?");
	if (gnuplot_directory(said, dir, sizeof(dir), &msg))
		return complain("plot: %s", msg.text);
	job.dir = dir;
	return plot_all(&job, argc - optind, argv + optind);
}

const struct cmd cmd_plot = {
	"plot", "result files as SVG, PNG and text plots", &(const struct argp){ 0 },
	plot_main,
};
