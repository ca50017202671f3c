// SPDX-License-Identifier: GPL-2.0
/* Cost against the share of tail pages among those visited. */
#include <errno.h>
#include <math.h>
#include <string.h>

#include "report/plot.h"

#define MAX_CROSSINGS 256

/* A point where two series cost the same. */
struct crossing {
	double share, cost;
	const struct series *a, *b;
};

struct tails_page {
	struct plot_page page;
	struct crossing crossing[MAX_CROSSINGS];
	size_t nr_crossings;
};

static double share_of(const struct grid *g, size_t column)
{
	return g->column[column].tails;
}

static bool want_shares_of_form(const struct point *p, const void *arg)
{
	return point_is_default(p) && p->population == PF_MIXED &&
		p->form == *(const enum pf_form *)arg;
}

/* 1: @a costs more, by intervals and by SERIES_ALIKE; -1: less; 0: neither */
static int costs_more(const struct series *a, const struct series *b, size_t k)
{
	if (isnan(a->e[k].mid) || isnan(b->e[k].mid) || a->contended[k] ||
	    b->contended[k])
		return 0;
	if (fabs(a->e[k].mid - b->e[k].mid) < SERIES_ALIKE *
	    fabs(b->e[k].mid))
		return 0;
	return (a->e[k].lo > b->e[k].hi) - (b->e[k].lo > a->e[k].hi);
}

/* Where @a and @b, in another order at @to than at @from, cost the same. */
static struct crossing find_crossing(const struct grid *g,
				     const struct series *a,
				     const struct series *b, size_t from,
				     size_t to)
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

static void find_crossings_of_pair(struct tails_page *t,
				   const struct series *a,
				   const struct series *b)
{
	const struct grid *g = &t->page.grid;
	size_t last = 0;
	int sign = 0;

	for (size_t n = 0; n < g->nr_columns; n++) {
		int now = costs_more(a, b, n);

		if (now && sign && now != sign &&
		    t->nr_crossings < MAX_CROSSINGS)
			t->crossing[t->nr_crossings++] =
				find_crossing(g, a, b, last, n);
		if (now) {
			sign = now;
			last = n;
		}
	}
}

/*
 * Crossings of a branch with code that has none: the select of the same
 * generation, or v7.1-mask. Linear between the shares that were measured.
 */
static void find_crossings(struct tails_page *t)
{
	const struct grid *g = &t->page.grid;

	for (size_t i = 0; i < g->nr; i++) {
		const struct series *a = &g->series[i];

		if (a->lowering == PF_SELECT || a->gen == PF_GEN_v7_1_mask)
			continue;
		for (size_t k = 0; k < g->nr; k++) {
			const struct series *b = &g->series[k];

			if ((a->gen == b->gen && b->lowering == PF_SELECT) ||
			    b->gen == PF_GEN_v7_1_mask)
				find_crossings_of_pair(t, a, b);
		}
	}
}

static int write_tails_data(FILE *f, const void *arg)
{
	const struct tails_page *t = arg;
	const struct grid *g = &t->page.grid;

	fprintf(f, "# Cost against the share of tail pages; read by tails.gp.\n"
		"# First the titles, then a block per line (its name, colour,\n"
		"# point and dash), last the crossings of lines.\n"
		"# per cent of tails, median, 95 %% interval from, to, contended\n");
	plot_print_titles(f, &t->page);
	fprintf(f, "lines %zu\ncrossings %zu\ncontended %d\nrange %.6g %.6g\n",
		g->nr, t->nr_crossings, g->contended, g->least, g->most);
	plot_print_lines(f, g, share_of);
	fprintf(f, "\n\n");
	for (size_t i = 0; i < t->nr_crossings; i++) {
		const struct crossing *c = &t->crossing[i];

		fprintf(f, "%6.3g %10.6g \"%s\" \"%s\"\n", c->share, c->cost,
			c->a->name, c->b->name);
	}
	return 0;
}

#define CANVAS_LEFT 8
#define CANVAS_WIDTH (TEXT_COLUMNS - CANVAS_LEFT - 2)
#define CANVAS_HEIGHT 26

struct canvas {
	char at[CANVAS_HEIGHT][CANVAS_WIDTH + 1];
	double least, most;
	bool log;
};

static void canvas_open(struct canvas *c, const struct grid *g)
{
	c->least = fmin(g->least, g->least > 0 ? g->least : 0);
	c->most = g->most;
	c->log = g->least > 0 && g->most / g->least > 5;
	if (!c->log)
		c->least = fmin(g->least, 0);
	if (!(c->most > c->least))
		c->most = c->least + 1;
	for (size_t i = 0; i < CANVAS_HEIGHT; i++) {
		memset(c->at[i], ' ', CANVAS_WIDTH);
		c->at[i][CANVAS_WIDTH] = '\0';
	}
}

static double canvas_row(const struct canvas *c, double v)
{
	double least = c->log ? log(c->least) : c->least;
	double most = c->log ? log(c->most) : c->most;

	v = c->log ? log(v) : v;
	return (most - v) / (most - least) * (CANVAS_HEIGHT - 1);
}

static double canvas_value(const struct canvas *c, size_t row)
{
	double t = 1 - (double)row / (CANVAS_HEIGHT - 1);

	return c->log ? c->least * pow(c->most / c->least, t) :
		c->least + (c->most - c->least) * t;
}

static void canvas_put(struct canvas *c, double share, double v, char mark)
{
	double row = canvas_row(c, v);
	size_t x = lround(share / 100 * (CANVAS_WIDTH - 1)), y;

	if (!(row > -0.5 && row < CANVAS_HEIGHT - 0.5) || x >= CANVAS_WIDTH)
		return;
	y = lround(row);
	/* letters replace dots, never the other way round */
	if (mark != '.' || c->at[y][x] == ' ')
		c->at[y][x] = mark;
}

static void canvas_series(struct canvas *c, const struct grid *g,
			  const struct series *s)
{
	size_t k, last = 0, step;
	bool have = false;

	for (k = 0; k < g->nr_columns; k++) {
		if (isnan(s->e[k].mid))
			continue;
		for (step = 1; have && step < CANVAS_WIDTH; step++) {
			double t = (double)step / CANVAS_WIDTH;

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
				   s->contended[k] ? '!' : series_letter(s));
}

static void canvas_print(FILE *f, const struct canvas *c)
{
	char line[TEXT_COLUMNS + 1], scale[TEXT_COLUMNS + 1];
	size_t y, x;

	for (y = 0; y < CANVAS_HEIGHT; y++) {
		char value[16] = "";

		if (y % 5 == 0)
			snprintf(value, sizeof(value), "%.3g",
				 canvas_value(c, y));
		text_line(f, "%*s |%s", CANVAS_LEFT - 1, value, c->at[y]);
	}
	memset(line, ' ', sizeof(line));
	memset(scale, ' ', sizeof(scale));
	line[TEXT_COLUMNS] = '\0';
	scale[TEXT_COLUMNS] = '\0';
	line[CANVAS_LEFT] = '+';
	for (x = 0; x < CANVAS_WIDTH; x++)
		line[CANVAS_LEFT + 1 + x] = '-';
	for (x = 0; x <= 100; x += 25) {
		char text[8];
		size_t at = CANVAS_LEFT + 1 + x * (CANVAS_WIDTH - 1) / 100;
		int n = snprintf(text, sizeof(text), "%zu", x);

		line[at] = '+';
		at -= n > 1 ? n - 1 : 0;
		memcpy(scale + at, text, n);
	}
	text_line(f, "%s", line);
	text_line(f, "%s", scale);
	text_line(f, "%*sper cent of tail pages", CANVAS_LEFT + 1, "");
}

/* The letters of the series, and their cost at both ends and in the middle. */
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

		len = snprintf(line, sizeof(line), "%c %-31s", series_letter(s),
			       s->name);
		for (i = 0; i < 3; i++) {
			format_estimate(&s->e[at[i]], s->contended[at[i]],
					text, sizeof(text));
			len += snprintf(line + len, sizeof(line) - len, " %s",
					text);
		}
		text_line(f, "%s", line);
	}
	if (g->contended)
		text_line(f, "! contended: no round was quiet, the core was shared");
}

static int write_tails_text(FILE *f, const void *arg)
{
	const struct tails_page *t = arg;
	const struct grid *g = &t->page.grid;
	struct canvas canvas;
	size_t i;

	canvas_open(&canvas, g);
	for (i = 0; i < g->nr; i++)
		canvas_series(&canvas, g, &g->series[i]);
	plot_print_heading(f, &t->page);
	canvas_print(f, &canvas);
	fprintf(f, "\n");
	print_letters(f, g);
	if (t->nr_crossings)
		fprintf(f, "\nCrossings, in per cent of tails\n");
	for (i = 0; i < t->nr_crossings; i++)
		text_line(f, "%5.3g  %s and %s", t->crossing[i].share,
			  t->crossing[i].a->name, t->crossing[i].b->name);
	return 0;
}

int plot_tails(const struct plot *p, enum pf_form form, struct errmsg *msg)
{
	static const struct gnuplot_file files[] = {
		{ "dat", write_tails_data }, { "txt", write_tails_text }, { 0 }
	};
	const char *name = form == PF_LATENCY ? "tails-latency" : "tails";
	struct tails_page t = { .page.plot = p };
	struct grid *g = &t.page.grid;
	int err;

	if (grid_open(g, p->r, p->accessor, p->per_tick, want_shares_of_form,
		      &form)) {
		err = errmsg_set(msg, -ENOMEM, "out of memory");
	} else if (g->nr_columns < 2) {
		err = plot_lacks(p, name, "two shares of tails",
				 "mixed:[0-9]+/hot/throughput(/|$)", msg);
	} else {
		snprintf(t.page.title, sizeof(t.page.title),
			 "%s, %s, by the share of tail pages",
			 pf_accessors[p->accessor].name, format_mode(form));
		find_crossings(&t);
		err = plot_write(p, "tails", name, files, &t, msg);
	}
	grid_close(g);
	return err;
}
