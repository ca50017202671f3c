// SPDX-License-Identifier: GPL-2.0
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/table.h"
#include "lib/text.h"
#include "race/print.h"

/* A number in at most six characters: 9999, 1.2e9. */
static const char *short_number(double v, char *text, size_t size)
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

static bool is_no_evidence(const struct race_result *r)
{
	return !race_found_bad(r) && race_idle(r);
}

static void rate_cell(struct table *t, size_t column,
		      const struct race_result *r)
{
	struct estimate e = race_rate(r);
	char mid[32], lo[32], hi[32];

	short_number(e.hi, hi, sizeof(hi));
	if (is_no_evidence(r))
		table_cell(t, column, "n/a (see below)");
	else if (!race_found_bad(r))
		table_cell(t, column, "none: below %s", hi);
	else
		table_cell(t, column, "%s (%s..%s)",
			   short_number(e.mid, mid, sizeof(mid)),
			   short_number(e.lo, lo, sizeof(lo)), hi);
}

/* The mean delay, or the time until the first bad answer. */
static void last_cell(struct table *t, size_t column,
		      const struct race_result *r)
{
	char text[32];

	if (r->of.windows && isnan(r->delay))
		table_cell(t, column, "none");
	else if (r->of.windows)
		table_cell(t, column, "%6s ns",
			   short_number(round(r->delay), text, sizeof(text)));
	else if (isnan(r->first))
		table_cell(t, column, "-");
	else
		table_cell(t, column, "%.2g s", r->first);
}

enum { GENERATION, LOOKUPS, FIRST_COUNT, SECOND_COUNT, RATE, LAST,
	NR_COLUMNS };

static void result_row(struct table *t, const struct race_result *r)
{
	const unsigned long *verdict = r->counts.verdict;
	bool flag = race_has_flag(r);
	char text[32];

	table_row(t);
	table_cell(t, GENERATION, "%s", pf_generations[r->of.gen].name);
	table_cell(t, LOOKUPS, "%s",
		   short_number(r->counts.lookups, text, sizeof(text)));
	table_cell(t, FIRST_COUNT, "%s",
		   short_number(verdict[PF_RACE_STALE] +
				(flag ? verdict[PF_RACE_GARBAGE] : 0),
				text, sizeof(text)));
	table_cell(t, SECOND_COUNT, "%s",
		   short_number(flag ? r->counts.wrong_flags :
				verdict[PF_RACE_GARBAGE], text, sizeof(text)));
	rate_cell(t, RATE, r);
	last_cell(t, LAST, r);
}

static void header_row(struct table *t, const char *const *text)
{
	table_row(t);
	for (size_t i = 0; i < NR_COLUMNS; i++)
		table_cell(t, i, "%s", text[i]);
}

static void open_result_table(struct table *t, const struct race_result *r)
{
	bool flag = race_has_flag(r), delayed = r->of.windows;

	table_open(t, NR_COLUMNS);
	table_column(t, GENERATION, TABLE_LEFT, 0, 18, true);
	table_column(t, LOOKUPS, TABLE_RIGHT, 1, 7, true);
	table_column(t, FIRST_COUNT, TABLE_RIGHT, 1, 6, true);
	table_column(t, SECOND_COUNT, TABLE_RIGHT, 1, 6, true);
	table_column(t, RATE, TABLE_LEFT, 1, 21, true);
	table_column(t, LAST, TABLE_RIGHT, 1, 9, true);
	header_row(t, (const char *const []){ "generation", "looked",
		   flag ? "bad" : "stale", flag ? "wrong" : "gar-",
		   flag ? "wrong flags" : "bad heads",
		   delayed ? "delay" : "first" });
	header_row(t, (const char *const []){ "", "up", flag ? "heads" : "",
		   flag ? "flags" : "bage", "per 10^9 (95 %)",
		   delayed ? "(mean)" : "after" });
}

/* Windows in which look-ups of a table are delayed. */
static void print_windows(FILE *f, const struct race_request *of,
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
	snprintf(text, sizeof(text), "delayed at %s for %lu ns (%s)", line,
		 of->ns, race_delay_name(of->kind));
	text_wrapped(f, text, 2);
}

static void print_protocol(FILE *f, const struct race_request *of)
{
	static const char *const meanings[PF_RACE_NR_PROTOCOLS] = {
		[PF_RACE_NONE] = "nothing is held",
		[PF_RACE_REF] = "a reference on the head; splits go on",
		[PF_RACE_PTL] = "a lock that a split takes too",
		[PF_RACE_FROZEN] = "a reference, which prevents a split",
	};

	text_line(f, "%s, protocol %s: %s", pf_accessors[of->accessor].name,
		  race_protocol_name(of->protocol), meanings[of->protocol]);
}

static void print_race_remarks(FILE *f, const struct race_result *r,
			  unsigned int windows)
{
	const char *name = pf_generations[r->of.gen].name;
	unsigned long unknown = r->counts.verdict[PF_RACE_UNDECIDED] +
		r->counts.unknown_flags;

	if (r->of.windows & ~windows)
		text_line(f, "%s: has no such window: delayed before its first load",
			  name);
	if (unknown)
		text_line(f, "%s: %lu of %lu look-ups are undecided", name,
			  unknown, r->counts.lookups);
	if (race_idle(r))
		text_line(f, "%s: %s: %lu changes, %lu look-ups", name,
			  race_idle(r), r->changes, r->counts.lookups);
	if (r->of.gen == PF_GEN_v5_18_fakehead_hvo)
		text_line(f, "%s: no page becomes a fake head here: see make verify",
			  name);
	if (r->of.inject)
		text_line(f, "%s: %lu bad answers were injected", name,
			  r->injected);
	if (r->partial)
		text_line(f, "%s: interrupted after %.2g s", name, r->seconds);
}

static void print_race_totals(FILE *f, const struct race_result *r, size_t n)
{
	double moving = 0, changes = 0, seconds = 0, delay = 0;
	char text[32];

	for (size_t i = 0; i < n; i++) {
		seconds = fmax(seconds, r[i].seconds);
		delay = fmax(delay, r[i].delay);
		changes += r[i].changes / r[i].seconds / 1e6;
		moving += r[i].counts.lookups ? 100.0 * r[i].counts.moving /
			r[i].counts.lookups : 0;
	}
	snprintf(text, sizeof(text), "%.2g", moving / n);
	text_line(f, "%.3g s each, %.2g million changes per second, seen by %s %% of look-ups",
		  seconds, changes / n, text);
	if (r->of.ns && delay > 1.5 * r->of.ns)
		text_line(f, "delays lasted up to %.2g times the requested time",
			  delay / r->of.ns);
}

static bool same_result_table(const struct race_request *a,
			      const struct race_request *b)
{
	return a->accessor == b->accessor && a->protocol == b->protocol &&
		!a->windows == !b->windows && a->ns == b->ns &&
		a->kind == b->kind;
}

/* Return: how many of the @nr runs are in the table. */
static size_t print_result_table(FILE *f, const struct race_result *r,
				 size_t nr, int *err)
{
	unsigned int windows = 0;
	struct table t;
	size_t n, i;

	open_result_table(&t, r);
	for (n = 0; n < nr && same_result_table(&r[0].of, &r[n].of); n++) {
		windows |= r[n].of.windows;
		result_row(&t, &r[n]);
	}
	/* BEFORE is the substitute of generations without the other windows */
	if (windows != 1U << PF_WINDOW_BEFORE)
		windows &= ~(1U << PF_WINDOW_BEFORE);
	print_protocol(f, &r->of);
	print_windows(f, &r->of, windows);
	*err = table_print(&t, f, 1, NR_COLUMNS) ?: *err;
	table_close(&t);
	print_race_totals(f, r, n);
	for (i = 0; i < n; i++)
		print_race_remarks(f, &r[i], windows);
	text_line(f, "%s", "");
	return n;
}

static const struct race_result *find_run(const struct race_result *r,
					  size_t nr, enum pf_generation gen,
					  enum pf_race_protocol protocol,
					  unsigned long ns)
{
	for (size_t i = 0; i < nr; i++)
		if (r[i].of.gen == gen && r[i].of.protocol == protocol &&
		    r[i].of.ns == ns)
			return &r[i];
	return NULL;
}

static void safety_cell(struct table *t, size_t column,
			const struct race_result *r)
{
	char n[32], bad[32];

	if (!r)
		table_cell(t, column, "-");
	else if (is_no_evidence(r))
		table_cell(t, column, "n/a");
	else
		table_cell(t, column, "%s/%s",
			   short_number(race_found_bad(r), bad, sizeof(bad)),
			   short_number(race_decided(r), n, sizeof(n)));
}

/* Bad answers by generation and protocol, for one delay. */
static int print_safety_table(FILE *f, const struct race_result *r, size_t nr,
			      unsigned long ns)
{
	bool seen[PF_NR_SLOTS] = { false };
	struct table t;
	int err;

	table_open(&t, 1 + PF_RACE_NR_PROTOCOLS);
	table_column(&t, 0, TABLE_LEFT, 0, 18, true);
	table_row(&t);
	table_cell(&t, 0, "generation");
	for (int p = 0; p < PF_RACE_NR_PROTOCOLS; p++) {
		table_column(&t, 1 + p, TABLE_RIGHT, 1, 12, true);
		table_cell(&t, 1 + p, "%s", race_protocol_name(p));
	}
	for (size_t i = 0; i < nr; i++) {
		enum pf_generation gen = r[i].of.gen;

		if (seen[gen])
			continue;
		seen[gen] = true;
		table_row(&t);
		table_cell(&t, 0, "%s", pf_generations[gen].name);
		for (int p = 0; p < PF_RACE_NR_PROTOCOLS; p++)
			safety_cell(&t, 1 + p, find_run(r, nr, gen, p, ns));
	}
	text_line(f, "%s in look-ups, by what the reader holds; delay %lu ns",
		  race_has_flag(r) ? "Wrong flags" : "Bad heads", ns);
	err = table_print(&t, f, 1, 1 + PF_RACE_NR_PROTOCOLS);
	table_close(&t);
	text_line(f, "found/looked up; 0/N: fewer than 3 in N, at 95 %%; n/a: see above");
	text_line(f, "%s", "");
	return err;
}

static void print_machine(FILE *f, const struct race_request *of,
			  const json_t *machine)
{
	const char *cpu = json_string_value(json_object_get(machine,
							    "cpu_model"));
	const char *kernel = json_string_value(json_object_get(machine,
							       "kernel"));
	char cpus[64] = "", line[128];

	for (size_t i = 0; i < of->nr_cpus; i++)
		if (strlen(cpus) < sizeof(cpus) - 12)
			snprintf(cpus + strlen(cpus), 12, "%s%d",
				 i ? "," : "", of->cpu[i]);
	text_line(f, "%s, CPU %s, Linux %s", cpu ? cpu : "n/a", cpus,
		  kernel ? kernel : "n/a");
	snprintf(line, sizeof(line),
		 "%u reader%s, %u writer%s, in %s; %u timer interrupts per second",
		 of->readers, of->readers == 1 ? "" : "s", of->writers,
		 of->writers == 1 ? "" : "s",
		 of->kmod ? "the kernel" : "user space", of->interrupts);
	text_wrapped(f, line, 2);
	text_line(f, "Intervals cover these runs only: another run may differ by more.");
}

int race_print(FILE *f, const struct race_result *r, size_t nr, bool partial,
	       const json_t *machine)
{
	bool several = false;
	int err = 0;
	size_t i, j;

	if (!nr)
		return 0;
	print_machine(f, &r->of, machine);
	if (partial)
		text_line(f, "partial: not all requested runs are complete");
	text_line(f, "%s", "");
	for (i = 0; i < nr; i += print_result_table(f, &r[i], nr - i, &err))
		;
	for (i = 1; i < nr; i++)
		several |= r[i].of.protocol != r[0].of.protocol;
	for (i = 0; several && i < nr; i++) {
		/* each delay once */
		for (j = 0; j < i && r[j].of.ns != r[i].of.ns; j++)
			;
		if (j == i)
			err = print_safety_table(f, r, nr, r[i].of.ns) ?: err;
	}
	return err;
}
