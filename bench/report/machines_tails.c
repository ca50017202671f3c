// SPDX-License-Identifier: GPL-2.0
/* The data of plots/machines-tails.gp: cost by the share of tails. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/palette.h"
#include "lib/plot_data.h"
#include "report/format.h"
#include "report/machines_internal.h"

/* With more machines, a panel has the medians of a microarchitecture. */
#define MOST_PANELS 12

#define NR_SHARES 101		/* 0 to 100 per cent */

/* Two costs make a line. */
static bool machine_has_line(const struct machine *n, enum pf_accessor accessor,
			     enum pf_generation gen)
{
	size_t nr = 0;

	for (size_t i = 0; i < n->nr_shares; i++)
		nr += n->share[i].accessor == accessor &&
			n->share[i].generation == gen;
	return nr > 1;
}

static bool has_line(const struct machines *m, enum pf_accessor accessor,
		     enum pf_generation gen)
{
	for (size_t i = 0; i < m->nr; i++)
		if (machine_has_line(&m->machine[i], accessor, gen))
			return true;
	return false;
}

static bool group_has_line(const struct machines *m, struct machines_group g,
			   enum pf_accessor accessor)
{
	for (size_t i = g.first; i < g.first + g.nr; i++)
		for (int gen = 0; gen < PF_NR_GENERATIONS; gen++)
			if (machine_has_line(&m->machine[i], accessor, gen))
				return true;
	return false;
}

/*
 * The machines or microarchitectures that have a line; returns how many, at
 * most MOST_PANELS.
 */
static size_t find_panels(const struct machines *m, enum pf_accessor accessor,
			  struct machines_group *panel)
{
	bool groups = m->nr > MOST_PANELS;
	size_t nr = 0;

	for (size_t i = 0; i < (groups ? m->nr_groups : m->nr); i++) {
		struct machines_group g = groups ? m->group[i] :
			(struct machines_group){ i, 1 };

		if (nr < MOST_PANELS && group_has_line(m, g, accessor))
			panel[nr++] = g;
	}
	return nr;
}

static const struct machine_share *find_share(const struct machine *n,
					      enum pf_accessor accessor,
					      enum pf_generation gen,
					      unsigned int tails)
{
	for (size_t i = 0; i < n->nr_shares; i++) {
		const struct machine_share *s = &n->share[i];

		if (s->accessor == accessor && s->generation == gen &&
		    s->tails == tails)
			return s;
	}
	return NULL;
}

/* A median of several machines has no interval. */
static struct estimate panel_cost(const struct machines *m,
				  struct machines_group g,
				  enum pf_accessor accessor,
				  enum pf_generation gen, unsigned int tails)
{
	struct estimate e = { NAN, NAN, NAN, 0 };
	double *v = calloc(g.nr + 1, sizeof(*v));

	for (size_t i = g.first; v && i < g.first + g.nr; i++) {
		const struct machine_share *s = find_share(&m->machine[i],
							   accessor, gen,
							   tails);

		if (!s)
			continue;
		v[e.n++] = s->e.mid;
		e = (struct estimate){ s->e.mid, s->e.lo, s->e.hi, e.n };
	}
	if (e.n > 1)
		e = (struct estimate){ stats_median(v, e.n), NAN, NAN, e.n };
	free(v);
	return e;
}

bool machines_have_shares(const struct machines *m, enum pf_accessor accessor)
{
	for (int gen = 0; gen < PF_NR_GENERATIONS; gen++)
		if (has_line(m, accessor, gen))
			return true;
	return false;
}

static void write_panel_name(FILE *f, const struct machines *m,
			     struct machines_group g)
{
	const struct machine *n = &m->machine[g.first];
	char text[128], quoted[128];

	if (m->nr > MOST_PANELS)
		snprintf(text, sizeof(text), "%.24s (%zu)", n->uarch, g.nr);
	else
		snprintf(text, sizeof(text), "%.16s, %.14s", n->uarch,
			 machines_name(n));
	plot_data_text(quoted, sizeof(quoted), text);
	fprintf(f, "\"%s\" \"%s%s\"\n", quoted, n->unit_name,
		n->emulated ? ", emulated" : "");
}

/* A block without any row would be no block. */
static void write_line(FILE *f, const struct machines *m,
		       struct machines_group g, enum pf_accessor accessor,
		       enum pf_generation gen)
{
	bool any = false;

	fprintf(f, "\n\n");
	for (unsigned int tails = 0; tails < NR_SHARES; tails++) {
		struct estimate e = panel_cost(m, g, accessor, gen, tails);

		if (isnan(e.mid))
			continue;
		fprintf(f, "%3u", tails);
		plot_data_cell(f, &e, false);
		any = true;
	}
	if (!any)
		fprintf(f, "? ? ? ? 0\n");
}

void machines_write_tails(FILE *f, const struct machines *m,
			  enum pf_accessor accessor)
{
	struct machines_group panel[MOST_PANELS];
	size_t panels = find_panels(m, accessor, panel), lines = 0;

	for (int gen = 0; gen < PF_NR_GENERATIONS; gen++)
		lines += has_line(m, accessor, gen);
	fprintf(f, "# Cost by the share of tail pages, a panel per machine; read by\n"
		"# machines-tails.gp. Block 0: texts and sizes of the plot. Block 1: the panels\n"
		"# and their units. Block 2: the generations and their colours and shapes. Then\n"
		"# a block per panel and generation: per cent of tails, median, 95 %% interval\n"
		"# from, to, contended\n");
	fprintf(f, "title \"%s by the share of tail pages, %s\"\n"
		"subtitle \"%zu machine%s of %zu microarchitecture%s%s\"\n"
		"panels %zu\nlines %zu\n", pf_accessors[accessor].name,
		format_mode(m->request.form), m->nr, m->nr == 1 ? "" : "s",
		m->nr_groups, m->nr_groups == 1 ? "" : "s", m->nr > MOST_PANELS ? "; a panel has the medians of one" : "",
		panels, lines);
	fprintf(f, "\n\n");
	for (size_t i = 0; i < panels; i++)
		write_panel_name(f, m, panel[i]);
	fprintf(f, "\n\n");
	for (int gen = 0; gen < PF_NR_GENERATIONS; gen++)
		if (has_line(m, accessor, gen))
			fprintf(f, "\"%s\" \"%s\" %d\n",
				pf_generations[gen].name,
				generation_look(gen)->colour,
				generation_look(gen)->point);
	for (size_t i = 0; i < panels; i++)
		for (int gen = 0; gen < PF_NR_GENERATIONS; gen++)
			if (has_line(m, accessor, gen))
				write_line(f, m, panel[i], accessor, gen);
}
