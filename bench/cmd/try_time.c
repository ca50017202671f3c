// SPDX-License-Identifier: GPL-2.0
/* The time of a user's look-up or scheme, interleaved with generations. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/cmd.h"
#include "cmd/try.h"
#include "code/shared.h"
#include "lib/auto_free.h"
#include "lib/read_file.h"
#include "lib/table.h"
#include "lib/text.h"
#include "machine/cpu_model.h"
#include "measure/session.h"
#include "report/format.h"

#define MAX_ROWS (TRY_MAX_BESIDE + 1)	/* the last one is the user's */

/* The columns: throughput and latency, of small pages and of tails. */
static const struct {
	enum pf_form form;
	enum pf_population population;
} columns[] = {
	{ PF_THROUGHPUT, PF_SMALL }, { PF_THROUGHPUT, PF_TAILS },
	{ PF_LATENCY, PF_SMALL }, { PF_LATENCY, PF_TAILS },
};

#define NR_COLUMNS (sizeof(columns) / sizeof(*columns))
#define LATENCY_SMALL 2

/* A scheme has no tails. */
static bool has_column(const struct try *t, size_t column)
{
	return !t->subject->scheme || columns[column].population == PF_SMALL;
}

/* The user's row. */
static size_t last_row(const struct try *t)
{
	return t->subject->nr_beside;
}

static enum pf_generation row_generation(const struct try *t, size_t row)
{
	return row < last_row(t) ? t->subject->beside[row] : PF_GEN_try;
}

/* One column: costs by row, and differences to the rows beside. */
struct column {
	struct estimate cost[MAX_ROWS], difference[TRY_MAX_BESIDE];
	bool has[MAX_ROWS], contended[MAX_ROWS];
};

static struct estimate scaled(struct estimate e, double scale)
{
	e.mid *= scale;
	e.lo *= scale;
	e.hi *= scale;
	return e;
}

/* Cycles where their number in a dependent add is known. */
static double scale_of(const struct session *s)
{
	return s->cycles || isnan(s->sampler.add_cycles) ? 1 :
		s->sampler.add_cycles;
}

static int measure_column(const struct try *t, struct session *s,
			  enum pf_accessor acc, size_t column,
			  struct column *c, struct errmsg *msg)
{
	struct sampled sampled[MAX_ROWS], *of[MAX_ROWS] = { NULL };
	struct point points[MAX_ROWS];
	size_t n = 0, last = last_row(t);
	double scale = scale_of(s);
	int ret;

	for (size_t row = 0; row <= last; row++) {
		points[n] = (struct point){
			.accessor = acc, .generation = row_generation(t, row),
			.form = columns[column].form,
			.population = columns[column].population,
			.order = columns[column].population == PF_SMALL ? 0 :
				PF_DEFAULT_ORDER,
		};
		if (pf_has(acc, points[n].generation, PF_AUTO))
			of[row] = &sampled[n++];
	}
	session_clock(s);
	ret = sampler_group(&s->sampler, points, n, sampled, msg);
	if (ret)
		return ret;
	for (size_t row = 0; row <= last; row++) {
		if (!of[row] || of[row]->err)
			continue;
		c->has[row] = true;
		c->cost[row] = scaled(of[row]->cost, scale);
		c->contended[row] = of[row]->contended;
		if (row < last && of[last] && !of[last]->err)
			c->difference[row] = scaled(
				sampled_difference(of[last], of[row]), scale);
	}
	sampler_free(sampled, n);
	return 0;
}

static void estimate_cell(struct table *t, size_t column,
			  const struct estimate *e, bool has, bool contended)
{
	char text[32] = "-";

	if (has)
		format_estimate(e, contended, text, sizeof(text));
	table_cell(t, column, "%s", text);
}

static void time_row(const struct try *t, struct table *table,
		     const struct column *c, size_t row, bool difference)
{
	size_t last = last_row(t), n = 1;
	bool has = false;

	for (size_t i = 0; i < NR_COLUMNS; i++)
		has |= c[i].has[row];
	if (!has)
		return;
	table_row(table);
	table_cell(table, 0, "%s%s", difference ? "- " : "",
		   pf_generations[row_generation(t, row)].name);
	for (size_t i = 0; i < NR_COLUMNS; i++) {
		if (!has_column(t, i))
			continue;
		estimate_cell(table, n++, difference ? &c[i].difference[row] :
			      &c[i].cost[row],
			      c[i].has[row] &&
			      (!difference || c[i].has[last]),
			      c[i].contended[row] ||
			      (difference && c[i].contended[last]));
	}
}

static void time_heads(const struct try *t, struct table *table)
{
	static const char *const heads[2][NR_COLUMNS] = {
		{ "throughput", "", "latency", "" },
		{ "small", "tail", "small", "tail" },
	};

	for (int line = 0; line < 2; line++) {
		size_t n = 1;

		table_row(table);
		table_cell(table, 0, "%s", line ? t->unit : "");
		for (size_t i = 0; i < NR_COLUMNS; i++)
			if (has_column(t, i))
				table_cell(table, n++, "%s", heads[line][i]);
	}
}

static void time_table(const struct try *t, const struct column *c,
		       bool difference)
{
	size_t last = last_row(t), n = 1;
	struct table table;

	table_open(&table, NR_COLUMNS + 1);
	table_column(&table, 0, TABLE_LEFT, 0, 18, true);
	for (size_t i = 0; i < NR_COLUMNS; i++)
		if (has_column(t, i))
			table_column(&table, n++, TABLE_LEFT, 1, 12, true);
	if (!difference)
		time_heads(t, &table);
	for (size_t row = 0; row < last + !difference; row++)
		time_row(t, &table, c, row, difference);
	table_print(&table, t->out, 1, n);
	table_close(&table);
}

static void print_times(const struct try *t, enum pf_accessor acc,
			const struct column *c)
{
	fprintf(t->out, "\n");
	text_line(t->out, "%s", pf_accessors[acc].name);
	time_table(t, c, false);
	text_line(t->out, "%s minus each (paired, 95 %% intervals)",
		  pf_generations[PF_GEN_try].name);
	time_table(t, c, true);
}

/* For the summary: to the newest. */
static void keep_latency(struct try *t, enum pf_accessor acc,
			 const struct column *c)
{
	size_t last = last_row(t);

	for (size_t i = 0; i < t->subject->nr_shown; i++)
		if (t->subject->shown[i] == acc)
			t->latency[i] = (struct try_difference){
				.measured = c->has[last - 1] &&
					c->has[last] &&
					!c->contended[last - 1] &&
					!c->contended[last],
				.e = c->difference[last - 1],
			};
}

static int measure_all(struct try *t, struct session *s, struct errmsg *msg)
{
	struct column c[NR_COLUMNS];
	int ret;

	for (size_t a = 0; a < t->subject->nr_timed; a++) {
		enum pf_accessor acc = t->subject->timed[a];

		memset(c, 0, sizeof(c));
		for (size_t i = 0; i < NR_COLUMNS; i++) {
			if (!has_column(t, i))
				continue;
			ret = measure_column(t, s, acc, i, &c[i], msg);
			if (ret)
				return ret;
		}
		print_times(t, acc, c);
		keep_latency(t, acc, &c[LATENCY_SMALL]);
	}
	return 0;
}

/* Exact counts: the paths, walked one instruction at a time. */
static void print_paths(struct try *t)
{
	struct errmsg msg = { "" };
	struct code *code;

	if (code_open(&code, code_arch_here(), t->cc, NULL, &cmd_interrupted,
		      &msg)) {
		text_line(t->out, "instructions n/a: %s", msg.text);
		return;
	}
	code_set_header(code, t->path, t->subject->scheme);
	for (size_t a = 0; a < t->subject->nr_timed && !cmd_interrupted; a++) {
		struct code_view v = { .out = t->out,
				       .accessor = t->subject->timed[a],
				       .usage = CODE_VALUE };

		for (size_t row = 0; row <= last_row(t); row++)
			if (pf_has(v.accessor, row_generation(t, row), PF_AUTO))
				v.generation[v.nr++] = row_generation(t, row);
		fprintf(t->out, "\n");
		code_print_counts(&v, code);
		for (size_t i = 0; i < v.skipped.nr; i++)
			text_wrapped(t->out, v.skipped.reason[i].text, 2);
	}
	code_close(code);
}

static void name_cpu(struct try *t, const struct session *s)
{
	auto_free char *cpuinfo = read_file("/proc/cpuinfo");
	auto_free char *model = cpu_model("", cpuinfo, s->cpu.cpu);
	auto_free char *id = cpu_id("", s->cpu.cpu);

	snprintf(t->cpu, sizeof(t->cpu), "%.50s%s%.40s%s",
		 model ? model : "this CPU", id ? " (" : "", id ? id : "",
		 id ? ")" : "");
}

void try_time(struct try *t)
{
	struct session_options o = SESSION_DEFAULTS;
	struct errmsg *na = &t->na[TRY_TIME];
	struct session s;

	o.events = "none";
	o.max_seconds = 0.5;
	o.target_ci = 0.002;
	o.interrupted = &cmd_interrupted;
	if (try_load_loops(t, t->subject->beside, t->subject->nr_beside, na) ||
	    session_open(&s, &o, na))
		return;
	name_cpu(t, &s);
	t->unit = s.cycles || !isnan(s.sampler.add_cycles) ? "cycles" : "adds";
	fprintf(t->out, "\n");
	text_line(t->out, "Time on %s", t->cpu);
	if (measure_all(t, &s, na) && cmd_interrupted)
		errmsg_set(na, -EINTR, "interrupted");
	session_close(&s);
	print_paths(t);
}
