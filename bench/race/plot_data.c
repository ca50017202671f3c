// SPDX-License-Identifier: GPL-2.0
#include <math.h>

#include "data/palette.h"
#include "race/plot_data.h"

/* Limits of what is drawn. */
struct limits {
	double left, right;	/* delays */
	double least, most;	/* rates */
};

static bool delays_differ(const struct race_result *r, size_t nr)
{
	for (size_t i = 1; i < nr; i++)
		if (r[i].of.ns != r[0].of.ns)
			return true;
	return false;
}

/* A run that neither found anything nor ruled it out is not drawn. */
static bool is_drawn(const struct race_result *r, bool delays)
{
	return (race_found_bad(r) || !race_idle(r)) &&
		!(delays && isnan(r->delay));
}

static double drawn_rate(const struct race_result *r)
{
	struct estimate e = race_rate(r);

	return race_found_bad(r) ? e.mid : e.hi;
}

static bool has_protocol(const struct race_result *r, size_t nr,
			 enum pf_race_protocol protocol)
{
	for (size_t i = 0; i < nr; i++)
		if (r[i].of.protocol == protocol)
			return true;
	return false;
}

static bool has_generation(const struct race_result *r, size_t nr,
			   enum pf_generation gen)
{
	for (size_t i = 0; i < nr; i++)
		if (r[i].of.gen == gen)
			return true;
	return false;
}

static struct limits find_limits(const struct race_result *r, size_t nr,
				 bool delays)
{
	struct limits l = { INFINITY, 0, INFINITY, 0 };

	for (size_t i = 0; i < nr; i++) {
		if (!is_drawn(&r[i], delays))
			continue;
		l.least = fmin(l.least, drawn_rate(&r[i]));
		l.most = fmax(l.most, race_rate(&r[i]).hi);
		if (!delays)
			continue;
		l.left = fmin(l.left, r[i].delay);
		l.right = fmax(l.right, r[i].delay);
	}
	if (!(l.least > 0 && l.least <= l.most && isfinite(l.most)))
		l.least = l.most = 1;
	if (!(l.left > 0 && l.left <= l.right && isfinite(l.right)))
		l.left = l.right = 1;
	return l;
}

/* One panel and generation; a block without a row would be a warning. */
static void write_series(FILE *f, const struct race_result *r, size_t nr,
			 enum pf_race_protocol protocol, enum pf_generation gen,
			 unsigned int column, bool delays)
{
	bool any = false;

	fprintf(f, "\n\n# %s, %s\n", race_protocol_name(protocol),
		pf_generations[gen].name);
	for (size_t i = 0; i < nr; i++) {
		struct estimate e;

		if (r[i].of.gen != gen || r[i].of.protocol != protocol ||
		    !is_drawn(&r[i], delays))
			continue;
		e = race_rate(&r[i]);
		fprintf(f, "%.6g %.6g %.6g %.6g %d\n",
			delays ? r[i].delay : column, drawn_rate(&r[i]), e.lo,
			e.hi, !race_found_bad(&r[i]));
		any = true;
	}
	if (!any)
		fprintf(f, "1 ? ? ? 0\n");
}

static void write_texts(FILE *f, const struct race_result *r, size_t nr,
			bool delays)
{
	const struct race_request *of = &r[0].of;
	struct limits l = find_limits(r, nr, delays);
	unsigned int panels = 0, series = 0;
	char delayed[64] = "";

	if (of->windows && !delays)
		snprintf(delayed, sizeof(delayed), ", delayed for %lu ns by %s",
			 of->ns, race_delay_name(of->kind));
	for (int p = 0; p < PF_RACE_NR_PROTOCOLS; p++)
		panels += has_protocol(r, nr, p);
	for (int gen = 0; gen < PF_NR_GENERATIONS; gen++)
		series += has_generation(r, nr, gen);
	fprintf(f, "title \"%s of %s%s\"\n",
		race_has_flag(r) ? "Wrong flags" : "Bad heads",
		pf_accessors[of->accessor].name, delayed);
	fprintf(f, "xlabel \"%s%s\"\n",
		delays ? "mean delay, ns, by " : "generation",
		delays ? race_delay_name(of->kind) : "");
	fprintf(f, "delays %d\npanels %u\nseries %u\n", delays, panels, series);
	fprintf(f, "delay %.6g %.6g\nrange %.6g %.6g\n", l.left, l.right,
		l.least, l.most);
}

void race_write_data(FILE *f, const struct race_result *r, size_t nr)
{
	bool delays = delays_differ(r, nr);

	fprintf(f, "# Race: read by race.gp. Block 0: texts and sizes of the plot.\n"
		"# Block 1: panels. Block 2: generations, colour and shape. Then a block\n"
		"# per panel and generation:\n"
		"# delay or column, per 10^9, from, to, none found\n");
	write_texts(f, r, nr, delays);
	fprintf(f, "\n\n");
	for (int p = 0; p < PF_RACE_NR_PROTOCOLS; p++)
		if (has_protocol(r, nr, p))
			fprintf(f, "\"protocol %s\"\n", race_protocol_name(p));
	fprintf(f, "\n\n");
	for (int gen = 0; gen < PF_NR_GENERATIONS; gen++) {
		const struct generation_look *look = generation_look(gen);

		if (has_generation(r, nr, gen))
			fprintf(f, "\"%s\" \"%s\" %d\n",
				pf_generations[gen].name, look->colour,
				look->point);
	}
	for (int p = 0; p < PF_RACE_NR_PROTOCOLS; p++) {
		unsigned int column = 0;

		for (int gen = 0; has_protocol(r, nr, p) &&
		     gen < PF_NR_GENERATIONS; gen++)
			if (has_generation(r, nr, gen))
				write_series(f, r, nr, p, gen, ++column,
					     delays);
	}
}
