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

/* The machines from @first on whose medians a panel has. */
static struct machines_group panel_of(const struct machines *m, size_t panel)
{
	return m->nr > MOST_PANELS ? m->group[panel] :
		(struct machines_group){ panel, 1 };
}

static size_t nr_panels(const struct machines *m)
{
	size_t nr = m->nr > MOST_PANELS ? m->nr_groups : m->nr;

	return nr < MOST_PANELS ? nr : MOST_PANELS;
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
static struct estimate panel_cost(const struct machines *m, size_t panel,
				  enum pf_accessor accessor,
				  enum pf_generation gen, unsigned int tails)
{
	struct machines_group g = panel_of(m, panel);
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

/* Two costs make a line. */
static bool has_line(const struct machines *m, enum pf_accessor accessor,
		     enum pf_generation gen)
{
	for (size_t i = 0; i < m->nr; i++) {
		size_t n = 0;

		for (size_t k = 0; k < m->machine[i].nr_shares; k++)
			n += m->machine[i].share[k].accessor == accessor &&
				m->machine[i].share[k].generation == gen;
		if (n > 1)
			return true;
	}
	return false;
}

bool machines_have_shares(const struct machines *m, enum pf_accessor accessor)
{
	for (int gen = 0; gen < PF_NR_GENERATIONS; gen++)
		if (has_line(m, accessor, gen))
			return true;
	return false;
}

static void write_panel_name(FILE *f, const struct machines *m, size_t panel)
{
	struct machines_group g = panel_of(m, panel);
	const struct machine *n = &m->machine[g.first];
	char text[128], quoted[128];

	if (m->nr > MOST_PANELS)
		snprintf(text, sizeof(text), "%.24s (%zu)", n->uarch, g.nr);
	else
		snprintf(text, sizeof(text), "%.16s, %.14s", n->uarch,
			 *n->host ? n->host : n->kernel);
	plot_data_text(quoted, sizeof(quoted), text);
	fprintf(f, "\"%s\" \"%s%s\"\n", quoted, n->unit_name,
		n->emulated ? ", emulated" : "");
}

/* A block without any row would be no block. */
static void write_line(FILE *f, const struct machines *m, size_t panel,
		       enum pf_accessor accessor, enum pf_generation gen)
{
	bool any = false;

	fprintf(f, "\n\n");
	for (unsigned int tails = 0; tails < NR_SHARES; tails++) {
		struct estimate e = panel_cost(m, panel, accessor, gen, tails);

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
	size_t lines = 0;

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
		nr_panels(m), lines);
	fprintf(f, "\n\n");
	for (size_t i = 0; i < nr_panels(m); i++)
		write_panel_name(f, m, i);
	fprintf(f, "\n\n");
	for (int gen = 0; gen < PF_NR_GENERATIONS; gen++)
		if (has_line(m, accessor, gen))
			fprintf(f, "\"%s\" \"%s\" %d\n",
				pf_generations[gen].name,
				generation_look(gen)->colour,
				generation_look(gen)->point);
	for (size_t i = 0; i < nr_panels(m); i++)
		for (int gen = 0; gen < PF_NR_GENERATIONS; gen++)
			if (has_line(m, accessor, gen))
				write_line(f, m, i, accessor, gen);
}
