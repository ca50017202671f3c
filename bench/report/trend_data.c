// SPDX-License-Identifier: GPL-2.0
/* The data of plots/trend.gp. */
#include <math.h>
#include <string.h>

#include "lib/plot_data.h"
#include "report/trend_internal.h"

/* Panels of one picture: more would not fit on a page. */
#define MOST_PANELS 8

/* More labels than this would overlap on the axis. */
#define MOST_LABELS 16

/* Changes since the release first, then others, then points without any. */
static int panel_rank(const struct trend_series *s)
{
	for (size_t i = 0; i < s->nr_changes; i++)
		if (s->change[i].since)
			return 0;
	return s->nr_changes ? 1 : 2;
}

bool trend_drawn(const struct trend *t, size_t series)
{
	int rank = panel_rank(&t->series[series]);
	size_t before = 0;

	if (t->series[series].nr < 2)
		return false;
	for (size_t i = 0; i < t->nr_series; i++) {
		int r = panel_rank(&t->series[i]);

		before += t->series[i].nr > 1 &&
			(r < rank || (r == rank && i < series));
	}
	return before < MOST_PANELS;
}

bool trend_has_picture(const struct trend *t)
{
	for (size_t i = 0; i < t->nr_series; i++)
		if (t->series[i].nr > 1)
			return true;
	return false;
}

static void write_trend_number(FILE *f, double v)
{
	if (isfinite(v))
		fprintf(f, " %.6g", v);
	else
		fprintf(f, " ?");
}

/* The mean of the costs between two changes. */
static double segment_mean(const struct trend_series *s, size_t from,
			     size_t to)
{
	double sum = 0;

	for (size_t i = from; i < to; i++)
		sum += s->cost[i].mid / (to - from);
	return sum;
}

static void write_levels(FILE *f, const struct trend_series *s)
{
	size_t from = 0, to;

	for (size_t i = 0; i <= s->nr_changes; i++, from = to) {
		to = i < s->nr_changes ? s->change[i].at : s->nr;
		fprintf(f, "%zu %zu", s->result[from] + 1,
			s->result[to - 1] + 1);
		write_trend_number(f, segment_mean(s, from, to));
		fprintf(f, "\n");
	}
}

/* A block without any row would be no block. */
static void write_changes(FILE *f, const struct trend_series *s)
{
	if (!s->nr_changes)
		fprintf(f, "? ? ? 0\n");
	for (size_t i = 0; i < s->nr_changes; i++) {
		const struct trend_change *c = &s->change[i];

		fprintf(f, "%.1f %.1f %.1f %d\n", s->result[c->at] + 0.5,
			s->result[c->from] + 0.5, s->result[c->to] + 0.5,
			c->since);
	}
}

static void write_trend_panel(FILE *f, const struct trend_series *s)
{
	for (size_t i = 0; i < s->nr; i++) {
		fprintf(f, "%zu", s->result[i] + 1);
		plot_data_cell(f, &s->cost[i], false);
	}
	fprintf(f, "\n\n");
	write_levels(f, s);
	fprintf(f, "\n\n");
	write_changes(f, s);
}

static void write_trend_settings(FILE *f, const struct trend *t, size_t panels)
{
	char machine[256], unit[64];

	plot_data_text(machine, sizeof(machine), t->result[0].machine);
	plot_data_text(unit, sizeof(unit), t->unit_name);
	fprintf(f, "title \"%zu results by %s\"\nmachine \"%s\"\n"
		"unit \"%s per operation\"\nresults %zu\npanels %zu\n"
		"release %zd\nlabels %zu\n", t->nr,
		t->request.by == TREND_BY_KERNEL ? "kernel" :
		"date, with their commits", machine, unit, t->nr, panels,
		t->last_release + 1, (t->nr + MOST_LABELS - 1) / MOST_LABELS);
}

void trend_write(FILE *f, const struct trend *t)
{
	char text[POINT_NAME_MAX];
	size_t panels = 0;

	for (size_t i = 0; i < t->nr_series; i++)
		panels += trend_drawn(t, i);
	fprintf(f, "# Costs of one machine from result to result; read by trend.gp.\n"
		"# Block 0: texts and sizes of the plot; release: the last result of the last\n"
		"# release, 0 without any; labels: every how many results one is. Block 1: the\n"
		"# results and their commits or kernels. Block 2: the points. Then three blocks\n"
		"# per point: result, median, 95 %% interval from, to, contended; first and last\n"
		"# result of a level, its mean; place of a change, 95 %% interval from, to, 1 if\n"
		"# since the release.\n");
	write_trend_settings(f, t, panels);
	fprintf(f, "\n\n");
	for (size_t i = 0; i < t->nr; i++) {
		plot_data_text(text, sizeof(text), t->result[i].label);
		fprintf(f, "%zu \"%.24s\"\n", i + 1, text);
	}
	fprintf(f, "\n\n");
	for (size_t i = 0; i < t->nr_series; i++) {
		point_name(&t->series[i].point, text);
		if (trend_drawn(t, i))
			fprintf(f, "\"%s\"\n", text);
	}
	for (size_t i = 0; i < t->nr_series; i++) {
		if (!trend_drawn(t, i))
			continue;
		fprintf(f, "\n\n");
		write_trend_panel(f, &t->series[i]);
	}
}
