// SPDX-License-Identifier: GPL-2.0
/* What the race found, for a mail and for gnuplot. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "race/race.h"
#include "lib/stats.h"
#include "lib/text.h"

/* A count in at most six characters: 9999, 1.2e9. */
static const char *brief(double v, char *text, size_t size)
{
	char digits[32];
	int power;

	if (!isfinite(v) || (v < 9999.5 && v == floor(v))) {
		snprintf(text, size, "%.0f", v);
		return text;
	}
	if (v >= 0.1 && v < 9999.5) {
		snprintf(text, size, v < 99.5 ? "%.2g" : "%.0f", v);
		return text;
	}
	snprintf(digits, sizeof(digits), "%.1e", v);
	power = atoi(strchr(digits, 'e') + 1);
	snprintf(text, size, "%.3se%d", digits, power);
	return text;
}

/*
 * Bad ones per 10^9 look-ups: Poisson's interval of the rarer, bad or good, as
 * wide as the parts of the run scatter.
 */
static struct estimate rate(const struct race_result *r)
{
	double n = race_decided(r), bad = race_found_bad(r);
	bool mostly = bad > n / 2;
	double scatter = isnan(r->dispersion) ? 1 : r->dispersion;
	double per = scatter * 1e9 / n;
	struct estimate e = stats_poisson((mostly ? n - bad : bad) / scatter,
					  STATS_CONFIDENCE);

	e.mid *= per;
	e.lo *= per;
	e.hi = fmin(e.hi * per, 1e9);
	if (mostly)
		e = (struct estimate){ .mid = 1e9 - e.mid, .lo = 1e9 - e.hi,
				       .hi = 1e9 - e.lo };
	return e;
}

static void rate_text(const struct race_result *r, char *text, size_t size)
{
	struct estimate e = rate(r);
	char mid[32], lo[32], hi[32];

	if (!race_found_bad(r) && race_idle(r))
		snprintf(text, size, "n/a (see below)");
	else if (!race_found_bad(r))
		snprintf(text, size, "none: below %s",
			 brief(e.hi, hi, sizeof(hi)));
	else
		snprintf(text, size, "%s (%s..%s)",
			 brief(e.mid, mid, sizeof(mid)),
			 brief(e.lo, lo, sizeof(lo)),
			 brief(e.hi, hi, sizeof(hi)));
}

static bool has_flag(const struct race_result *r)
{
	return pf_accessors[r->of.accessor].kind != PF_HEAD;
}

static void print_row(FILE *f, const struct race_result *r)
{
	const unsigned long *verdict = r->counts.verdict;
	char n[32], one[32], two[32], text[64], first[32] = "-", delay[32];

	if (!isnan(r->first))
		snprintf(first, sizeof(first), "%.2g s", r->first);
	rate_text(r, text, sizeof(text));
	if (has_flag(r)) {
		brief(verdict[PF_RACE_STALE] + verdict[PF_RACE_GARBAGE], one,
		      sizeof(one));
		brief(r->counts.wrong_flags, two, sizeof(two));
	} else {
		brief(verdict[PF_RACE_STALE], one, sizeof(one));
		brief(verdict[PF_RACE_GARBAGE], two, sizeof(two));
	}
	if (r->of.windows && isnan(r->delay)) {
		snprintf(first, sizeof(first), "none was");
	} else if (r->of.windows) {
		snprintf(delay, sizeof(delay), "%6s ns",
			 brief(round(r->delay), first, sizeof(first)));
		snprintf(first, sizeof(first), "%s", delay);
	}
	text_line(f, "%-18s %7s %6s %6s %-21s %9s",
		  pf_generations[r->of.gen].name,
		  brief(r->counts.lookups, n, sizeof(n)), one, two, text,
		  first);
}

/* Where look-ups of a table were held up; before is for those who have no gap. */
static void print_gaps(FILE *f, const struct race_request *ask,
		       unsigned int windows)
{
	char line[256] = "", text[384];

	if (!windows)
		return;
	for (int window = 1; window < PF_NR_WINDOWS; window++)
		if (windows >> window & 1)
			snprintf(line + strlen(line),
				 sizeof(line) - strlen(line), "%s%s",
				 *line ? ", " : "", race_window_name(window));
	snprintf(text, sizeof(text), "held up at %s for %lu ns (%s)", line,
		 ask->ns, race_delay_name(ask->kind));
	text_wrapped(f, text, 2);
}

/* One table: same accessor, protocol and delay. */
static bool same_table(const struct race_request *a,
		       const struct race_request *b)
{
	return a->accessor == b->accessor && a->protocol == b->protocol &&
		!a->windows == !b->windows && a->ns == b->ns && a->kind == b->kind;
}

static const char *protocol_text(enum pf_race_protocol protocol)
{
	static const char *const texts[PF_RACE_NR_PROTOCOLS] = {
		[PF_RACE_NONE] = "nothing is held",
		[PF_RACE_REF] = "a reference on the head; a split goes on",
		[PF_RACE_PTL] = "the lock that a split takes",
		[PF_RACE_FROZEN] = "a reference, which forbids a split",
	};

	return texts[protocol];
}

static void print_head(FILE *f, const struct race_result *r, unsigned int windows)
{
	text_line(f, "%s, protocol %s: %s", pf_accessors[r->of.accessor].name,
		  race_protocol_name(r->of.protocol),
		  protocol_text(r->of.protocol));
	print_gaps(f, &r->of, windows);
	text_line(f, "%-18s %7s %6s %6s %-21s %9s", "generation", "looked",
		  has_flag(r) ? "bad" : "stale",
		  has_flag(r) ? "wrong" : "gar-", has_flag(r) ?
		  "wrong flags" : "bad heads",
		  r->of.windows ? "held up" : "first");
	text_line(f, "%-18s %7s %6s %6s %-21s %9s", "", "up",
		  has_flag(r) ? "heads" : "", has_flag(r) ? "flags" : "bage",
		  "per 10^9 (95 %)", r->of.windows ? "(mean)" : "after");
}

/* What does not fit into a row and is not as it should be. */
static void print_remarks(FILE *f, const struct race_result *r,
			  unsigned int windows)
{
	const char *name = pf_generations[r->of.gen].name;
	unsigned long unknown = r->counts.verdict[PF_RACE_UNDECIDED] +
		r->counts.unknown_flags;

	if (r->of.windows & ~windows)
		text_line(f, "%s: has no such gap: held up before it all", name);
	if (unknown)
		text_line(f, "%s: %lu of %lu could not be decided", name,
			  unknown, r->counts.lookups);
	if (race_idle(r))
		text_line(f, "%s: %s: %lu changes, %lu look-ups", name,
			  race_idle(r), r->changes, r->counts.lookups);
	if (r->of.gen == PF_GEN_v5_18_fakehead_hvo)
		text_line(f, "%s: no page becomes a fake head here: see make verify",
			  name);
	if (r->of.inject)
		text_line(f, "%s: %lu bad answers were planted", name,
			  r->injected);
	if (r->partial)
		text_line(f, "%s: interrupted after %.2g s", name, r->seconds);
}

static size_t print_table(FILE *f, const struct race_result *r, size_t nr)
{
	double moving = 0, changes = 0, seconds = 0, delay = 0;
	unsigned int windows = 0;
	char text[32];
	size_t n, i;

	for (n = 0; n < nr && same_table(&r[0].of, &r[n].of); n++)
		windows |= r[n].of.windows;
	if (windows != 1U << PF_WINDOW_BEFORE)
		windows &= ~(1U << PF_WINDOW_BEFORE);
	print_head(f, r, windows);
	for (i = 0; i < n; i++) {
		print_row(f, &r[i]);
		seconds = fmax(seconds, r[i].seconds);
		delay = fmax(delay, r[i].delay);
		changes += r[i].changes / r[i].seconds / 1e6;
		moving += r[i].counts.lookups ? 100.0 * r[i].counts.moving /
			r[i].counts.lookups : 0;
	}
	snprintf(text, sizeof(text), "%.2g", moving / n);
	text_line(f, "%.3g s each, %.2g million changes a second, seen by %s %% of look-ups",
		  seconds, changes / n, text);
	if (delay > 1.5 * r->of.ns)
		text_line(f, "held up for up to %.2g times as long as was asked for",
			  delay / r->of.ns);
	for (i = 0; i < n; i++)
		print_remarks(f, &r[i], windows);
	text_line(f, "%s", "");
	return n;
}

static const struct race_result *find(const struct race_result *r, size_t nr,
				      const struct race_request *like,
				      enum pf_generation gen,
				      enum pf_race_protocol protocol)
{
	for (size_t i = 0; i < nr; i++)
		if (r[i].of.gen == gen && r[i].of.protocol == protocol &&
		    r[i].of.ns == like->ns)
			return &r[i];
	return NULL;
}

static void safety_cell(const struct race_result *r, char *text, size_t size)
{
	char n[32], bad[32];

	if (!r)
		snprintf(text, size, "-");
	else if (!race_found_bad(r) && race_idle(r))
		snprintf(text, size, "n/a");
	else
		snprintf(text, size, "%s/%s",
			 brief(race_found_bad(r), bad, sizeof(bad)),
			 brief(race_decided(r), n, sizeof(n)));
}

/* Which generation is safe under which protocol: one delay. */
static void print_safety(FILE *f, const struct race_result *r, size_t nr,
			 const struct race_request *like)
{
	char cell[PF_RACE_NR_PROTOCOLS][64];
	bool seen[PF_NR_REPLICAS] = { false };

	text_line(f, "%s in look-ups, by what the reader holds; delay %lu ns",
		  has_flag(r) ? "Wrong flags" : "Bad heads", like->ns);
	text_line(f, "%-18s %12s %12s %12s %12s", "generation", "none", "ref",
		  "ptl", "frozen");
	for (size_t i = 0; i < nr; i++) {
		enum pf_generation gen = r[i].of.gen;

		if (seen[gen])
			continue;
		seen[gen] = true;
		for (int p = 0; p < PF_RACE_NR_PROTOCOLS; p++)
			safety_cell(find(r, nr, like, gen, p), cell[p],
				    sizeof(cell[p]));
		text_line(f, "%-18s %12s %12s %12s %12s",
			  pf_generations[gen].name, cell[0], cell[1], cell[2],
			  cell[3]);
	}
	text_line(f, "found/looked up; 0/N: fewer than 3 in N, at 95 %%; n/a: see above");
	text_line(f, "%s", "");
}

static void print_machine(FILE *f, const struct race_result *r,
			  const json_t *machine)
{
	const char *cpu = json_string_value(json_object_get(machine,
							    "cpu_model"));
	const char *kernel = json_string_value(json_object_get(machine,
							       "kernel"));
	char cpus[64] = "";

	for (size_t i = 0; i < r->of.nr_cpus; i++)
		if (strlen(cpus) < sizeof(cpus) - 12)
			snprintf(cpus + strlen(cpus), 12, "%s%d",
				 i ? "," : "", r->of.cpu[i]);
	text_line(f, "%s, CPU %s, Linux %s", cpu ? cpu : "n/a", cpus,
		  kernel ? kernel : "n/a");
	text_line(f, "%u reader%s, %u writer%s, in %s; %u timer interrupts a second",
		  r->of.readers, r->of.readers == 1 ? "" : "s",
		  r->of.writers, r->of.writers == 1 ? "" : "s",
		  r->of.kmod ? "the kernel" : "user space",
		  r->of.interrupts);
	text_line(f, "Intervals are of these runs alone: the next may differ by more.");
	text_line(f, "%s", "");
}

void race_print(FILE *f, const struct race_result *r, size_t nr,
		bool partial, const json_t *machine)
{
	bool several = false;
	size_t i;

	if (!nr)
		return;
	print_machine(f, r, machine);
	if (partial)
		text_line(f, "partial: not all that was asked for was run\n");
	for (i = 0; i < nr; i += print_table(f, &r[i], nr - i))
		;
	for (i = 1; i < nr; i++)
		several |= r[i].of.protocol != r[0].of.protocol;
	for (i = 0; several && i < nr; i++) {
		size_t j;

		/* each delay once */
		for (j = 0; j < i && r[j].of.ns != r[i].of.ns; j++)
			;
		if (j == i)
			print_safety(f, r, nr, &r[i].of);
	}
}

/* after Okabe and Ito, and two greys: told apart by the colour-blind too */
static const char *const colours[] = {
	"#D55E00", "#E69F00", "#CC79A7", "#0072B2", "#56B4E9", "#009E73",
	"#000000", "#777777", "#BBBBBB",
};

#define NR_COLOURS (sizeof(colours) / sizeof(*colours))

/* The same for a generation in every plot; plain, the first, is in none. */
static const char *colour_of(enum pf_generation gen)
{
	return colours[(gen + NR_COLOURS - 1) % NR_COLOURS];
}

static void write_series(FILE *f, const struct race_result *r, size_t nr,
			 size_t first, unsigned int series, bool delays)
{
	const struct race_request *of = &r[first].of;
	double x;

	fprintf(f, "\n\n# delay or column, per 10^9, from, to, none found\n");
	fprintf(f, "\"%s\" \"%s\"\n", pf_generations[of->gen].name,
		colour_of(of->gen));
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
		e = rate(&r[i]);
		x = delays ? r[i].delay : series + 1;
		fprintf(f, "%.6g %.6g %.6g %.6g %d\n", x,
			race_found_bad(&r[i]) ? e.mid : e.hi, e.lo, e.hi,
			!race_found_bad(&r[i]));
	}
}

/* The highest end of an interval: where the plot ends. */
static double most(const struct race_result *r, size_t nr)
{
	double most = 1;

	for (size_t i = 0; i < nr; i++)
		if (r[i].counts.lookups)
			most = fmax(most, rate(&r[i]).hi);
	return most;
}

void race_write_data(FILE *f, const struct race_result *r, size_t nr)
{
	const struct race_request *of = &r[0].of;
	bool first[nr], delays = false;
	char held[64] = "";
	unsigned int series = 0;
	size_t i, j;

	/* of the first protocol: the others are in the table */
	for (i = 0; i < nr; i++) {
		first[i] = r[i].of.protocol == of->protocol;
		for (j = 0; j < i; j++)
			if (r[j].of.gen == r[i].of.gen)
				first[i] = false;
		series += first[i];
		delays |= r[i].of.ns != of->ns;
	}
	if (of->windows && !delays)
		snprintf(held, sizeof(held), ", held up for %lu ns by %s",
			 of->ns, race_delay_name(of->kind));
	fprintf(f, "# pfbench race: for race.gp, and to be read\n");
	fprintf(f, "title \"%s of %s, protocol %s%s\"\n",
		has_flag(r) ? "Wrong flags" : "Bad heads",
		pf_accessors[of->accessor].name,
		race_protocol_name(of->protocol), held);
	fprintf(f, "xlabel \"%s%s\"\n",
		delays ? "mean delay, ns, by " : "generation",
		delays ? race_delay_name(of->kind) : "");
	fprintf(f, "delays %d\nseries %u\n", delays, series);
	fprintf(f, "most %.6g\n", most(r, nr));
	for (i = 0, series = 0; i < nr; i++)
		if (first[i])
			write_series(f, r, nr, i, series++, delays);
}
