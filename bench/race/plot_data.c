// SPDX-License-Identifier: GPL-2.0
#include <math.h>

#include "race/plot_data.h"

/* Okabe and Ito's colours, distinct for the colour-blind too, and two greys. */
static const char *const colours[] = {
	"#D55E00", "#E69F00", "#CC79A7", "#0072B2", "#56B4E9", "#009E73",
	"#000000", "#777777", "#BBBBBB",
};

#define NR_COLOURS (sizeof(colours) / sizeof(*colours))

/* A generation has one colour in every plot. plain, the first, is in none. */
static const char *generation_colour(enum pf_generation gen)
{
	return colours[(gen + NR_COLOURS - 1) % NR_COLOURS];
}

static void write_generation(FILE *f, const struct race_result *r, size_t nr,
			     const struct race_request *of, unsigned int column,
			     bool delays)
{
	fprintf(f, "\n\n# delay or column, per 10^9, from, to, none found\n");
	fprintf(f, "\"%s\" \"%s\"\n", pf_generations[of->gen].name,
		generation_colour(of->gen));
	for (size_t i = 0; i < nr; i++) {
		struct estimate e;

		if (r[i].of.gen != of->gen ||
		    r[i].of.protocol != of->protocol)
			continue;
		/* neither found nor ruled out: no point */
		if (!race_found_bad(&r[i]) && race_idle(&r[i]))
			continue;
		if (delays && isnan(r[i].delay))
			continue;
		e = race_rate(&r[i]);
		fprintf(f, "%.6g %.6g %.6g %.6g %d\n",
			delays ? r[i].delay : column,
			race_found_bad(&r[i]) ? e.mid : e.hi, e.lo, e.hi,
			!race_found_bad(&r[i]));
	}
}

/* The highest end of an interval: the plot ends there. */
static double highest_rate(const struct race_result *r, size_t nr)
{
	double most = 1;

	for (size_t i = 0; i < nr; i++)
		if (r[i].counts.lookups)
			most = fmax(most, race_rate(&r[i]).hi);
	return most;
}

/* True for the first run of its generation, if that has the first protocol. */
static bool starts_series(const struct race_result *r, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (r[j].of.gen == r[i].of.gen)
			return false;
	return r[i].of.protocol == r[0].of.protocol;
}

void race_write_data(FILE *f, const struct race_result *r, size_t nr)
{
	const struct race_request *of = &r[0].of;
	bool delays = false;
	char delayed[64] = "";
	unsigned int series = 0;

	for (size_t i = 0; i < nr; i++) {
		series += starts_series(r, i);
		delays |= r[i].of.ns != of->ns;
	}
	if (of->windows && !delays)
		snprintf(delayed, sizeof(delayed), ", delayed for %lu ns by %s",
			 of->ns, race_delay_name(of->kind));
	fprintf(f, "# pfbench race: for race.gp, and to be read\n");
	fprintf(f, "title \"%s of %s, protocol %s%s\"\n",
		race_has_flag(r) ? "Wrong flags" : "Bad heads",
		pf_accessors[of->accessor].name,
		race_protocol_name(of->protocol), delayed);
	fprintf(f, "xlabel \"%s%s\"\n",
		delays ? "mean delay, ns, by " : "generation",
		delays ? race_delay_name(of->kind) : "");
	fprintf(f, "delays %d\nseries %u\n", delays, series);
	fprintf(f, "most %.6g\n", highest_rate(r, nr));
	series = 0;
	for (size_t i = 0; i < nr; i++)
		if (starts_series(r, i))
			write_generation(f, r, nr, &r[i].of, ++series, delays);
}
