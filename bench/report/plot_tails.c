// SPDX-License-Identifier: GPL-2.0
/* Cost against the share of tail pages among those visited. */
#include <errno.h>
#include <math.h>
#include <string.h>

#include "report/canvas.h"
#include "report/plot.h"

#define MAX_CROSSINGS 256

/* A point where two series cost the same. */
struct crossing {
	double share, cost;
	const struct series *a, *b;
};

struct crossings {
	struct crossing at[MAX_CROSSINGS];
	size_t nr;
};

/* @drawn: the same, of the lines that are drawn for the series */
struct tails_page {
	struct plot_page page;
	struct crossings all, drawn;
};

static double share_of(const struct grid *g, size_t column)
{
	return g->column[column].tails;
}

static bool want_shares_of_form(const struct point *p, const void *arg)
{
	return point_is_default(p) && p->population == PF_MIXED &&
		!p->replay && p->form == *(const enum pf_form *)arg;
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

static void find_crossings_of_pair(struct crossings *to, const struct grid *g,
				   const struct series *a,
				   const struct series *b)
{
	size_t last = 0;
	int sign = 0;

	for (size_t n = 0; n < g->nr_columns; n++) {
		int now = costs_more(a, b, n);

		if (now && sign && now != sign && to->nr < MAX_CROSSINGS)
			to->at[to->nr++] = find_crossing(g, a, b, last, n);
		if (now) {
			sign = now;
			last = n;
		}
	}
}

static bool has_pair(const struct crossings *list, const struct series *a,
		     const struct series *b)
{
	for (size_t i = 0; i < list->nr; i++)
		if ((list->at[i].a == a && list->at[i].b == b) ||
		    (list->at[i].a == b && list->at[i].b == a))
			return true;
	return false;
}

static void add_crossings(struct tails_page *t, const struct series *a,
			  const struct series *b)
{
	const struct grid *g = &t->page.grid;

	find_crossings_of_pair(&t->all, g, a, b);
	a = &g->series[a->line];
	b = &g->series[b->line];
	if (a != b && !has_pair(&t->drawn, a, b))
		find_crossings_of_pair(&t->drawn, g, a, b);
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
				add_crossings(t, a, b);
		}
	}
}

#define ZOOM_SHARE 10

/*
 * The second panel shows shares up to ZOOM_SHARE, where most crossings are, on
 * a linear scale that ends above them.
 *
 * Return: the end of that scale; 0 if too few shares were measured there.
 */
static double zoom_top(const struct tails_page *t)
{
	const struct grid *g = &t->page.grid;
	double crossed = 0, most = 0;
	size_t nr = 0;

	for (size_t k = 0; k < g->nr_columns; k++) {
		if (share_of(g, k) > ZOOM_SHARE)
			continue;
		nr++;
		for (size_t i = 0; i < g->nr; i++)
			if (!isnan(g->series[i].e[k].mid))
				most = fmax(most, g->series[i].e[k].mid);
	}
	for (size_t i = 0; i < t->drawn.nr; i++)
		if (t->drawn.at[i].share <= ZOOM_SHARE)
			crossed = fmax(crossed, t->drawn.at[i].cost);
	if (nr < 2 || g->least < 0)
		return 0;
	return crossed > 0 ? fmin(most, 1.5 * crossed) : most;
}

/* Two digits: "0.66", "98", "100". */
static void share_text(char *text, size_t size, double share)
{
	snprintf(text, size, share < 10 ? "%.2g" : "%.0f", share);
}

/* "0.66 to 2.2" of the crossings between two shares; "" if none is there */
static int crossings_between(const struct crossings *list, double from,
			     double to, char *text, size_t size)
{
	char first[16], last[16];
	double least = INFINITY, most = -INFINITY;

	for (size_t i = 0; i < list->nr; i++) {
		double share = list->at[i].share;

		if (share < from || share >= to)
			continue;
		least = fmin(least, share);
		most = fmax(most, share);
	}
	*text = '\0';
	if (least > most)
		return 0;
	share_text(first, sizeof(first), least);
	share_text(last, sizeof(last), most);
	if (!strcmp(first, last))
		return snprintf(text, size, "%s", first);
	return snprintf(text, size, "%s to %s", first, last);
}

/* "crossing: 0.66 to 2.2, 98 to 99 %" */
static void crossings_text(const struct tails_page *t, char *text, size_t size)
{
	char low[32], high[32];
	int n = crossings_between(&t->drawn, 0, 50, low, sizeof(low)) *
		crossings_between(&t->drawn, 50, 101, high, sizeof(high));

	snprintf(text, size, "crossing: %s%s%s %%", low, n ? ", " : "",
		 high);
}

static void write_crossings(FILE *f, const struct crossings *list)
{
	fprintf(f, "\n\n");
	for (size_t i = 0; i < list->nr; i++) {
		const struct crossing *c = &list->at[i];

		fprintf(f, "%6.3g %10.6g \"%s\" \"%s\"\n", c->share, c->cost,
			c->a->name, c->b->name);
	}
}

static int write_tails_data(FILE *f, const void *arg)
{
	const struct tails_page *t = arg;
	const struct grid *g = &t->page.grid;
	char crossings[96];

	crossings_text(t, crossings, sizeof(crossings));
	fprintf(f, "# Cost against the share of tail pages; read by tails.gp.\n"
		"# First the titles, then a block per line (its name, colour, point and\n"
		"# dash, and the number of the line that is drawn for it), last the\n"
		"# crossings of drawn lines and of all.\n"
		"# per cent of tails, median, 95 %% interval from, to, contended\n");
	plot_print_titles(f, &t->page);
	fprintf(f, "lines %zu\ncrossings %zu \"%s\"\ncontended %d\n"
		"range %.6g %.6g\nzoom %.6g %d\n", g->nr, t->drawn.nr,
		crossings, g->contended, g->least, g->most, zoom_top(t),
		ZOOM_SHARE);
	plot_print_lines(f, g, share_of);
	write_crossings(f, &t->drawn);
	write_crossings(f, &t->all);
	return 0;
}

static void canvas_series(struct canvas *c, const struct grid *g,
			  const struct series *s)
{
	size_t k, last = 0;
	bool have = false;

	for (k = 0; k < g->nr_columns; k++) {
		if (isnan(s->e[k].mid))
			continue;
		if (have)
			canvas_line(c, share_of(g, last), s->e[last].mid,
				    share_of(g, k), s->e[k].mid);
		have = true;
		last = k;
	}
	for (k = 0; k < g->nr_columns; k++)
		if (!isnan(s->e[k].mid))
			canvas_mark(c, share_of(g, k), s->e[k].mid,
				    s->contended[k] ? '!' :
				    series_letter(g, s));
}

static bool print_canvas(FILE *f, const struct grid *g, struct canvas *c)
{
	canvas_open(c);
	for (size_t i = 0; i < g->nr; i++)
		if (g->series[i].line == i)
			canvas_series(c, g, &g->series[i]);
	canvas_print(f, c, "per cent of tail pages");
	fprintf(f, "\n");
	return c->several;
}

static bool print_canvases(FILE *f, const struct tails_page *t)
{
	const struct grid *g = &t->page.grid;
	struct canvas all = {
		.height = CANVAS_MAX_HEIGHT, .right = 100,
		.least = g->least, .most = g->most,
		.log = g->least > 0 && g->most / g->least > 5,
	};
	struct canvas zoom = {
		.height = 18, .right = ZOOM_SHARE, .most = zoom_top(t),
	};
	bool several;

	if (!all.log)
		all.least = fmin(all.least, 0);
	several = print_canvas(f, g, &all);
	if (zoom.most > 0)
		several |= print_canvas(f, g, &zoom);
	return several;
}

/*
 * The letters of the series, and their cost at both ends and in the middle.
 * Returns true if a figure has no interval.
 */
static bool print_letters(FILE *f, const struct grid *g)
{
	size_t at[] = { 0, g->nr_columns / 2, g->nr_columns - 1 }, i, k;
	char line[256], text[64];
	bool joined = false, open = false;
	int len;

	len = snprintf(line, sizeof(line), "%34s", "% of tails:");
	for (i = 0; i < 3; i++)
		len += snprintf(line + len, sizeof(line) - len, "  %-11g",
				share_of(g, at[i]));
	text_line(f, "%s", line);
	for (k = 0; k < g->nr; k++) {
		const struct series *s = &g->series[k];

		joined |= s->line != k;
		len = snprintf(line, sizeof(line), "%c%c%-31s",
			       series_letter(g, &g->series[s->line]),
			       s->line == k ? ' ' : '=', s->name);
		for (i = 0; i < 3; i++) {
			format_estimate(&s->e[at[i]], s->contended[at[i]],
					text, sizeof(text));
			len += snprintf(line + len, sizeof(line) - len, " %s",
					text);
			open |= format_is_open(&s->e[at[i]]);
		}
		text_line(f, "%s", line);
	}
	if (joined)
		text_line(f, "= within %g %% of the line with this letter, not drawn itself",
			  100 * SERIES_ONE_LINE);
	return open;
}

static int write_tails_text(FILE *f, const void *arg)
{
	const struct tails_page *t = arg;
	const struct grid *g = &t->page.grid;
	bool several, open;

	plot_print_heading(f, &t->page);
	several = print_canvases(f, t);
	open = print_letters(f, g);
	if (several)
		text_line(f, "%c several lines", CANVAS_SEVERAL);
	if (g->contended)
		text_line(f, "! contended: no round was quiet, the core was shared");
	if (open)
		plot_print_open(f);
	if (t->all.nr)
		fprintf(f, "\nCrossings, in per cent of tails\n");
	for (size_t i = 0; i < t->all.nr; i++)
		text_line(f, "%5.3g  %s and %s", t->all.at[i].share,
			  t->all.at[i].a->name, t->all.at[i].b->name);
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

	if (grid_open(g, p->r, p->accessor, p->scale, want_shares_of_form,
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
