// SPDX-License-Identifier: GPL-2.0
/* The time of a user's look-up, interleaved with plain and three generations. */
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

static const enum pf_generation beside[] = {
	PF_GEN_plain, PF_GEN_v4_4_word, PF_GEN_v5_18_fakehead, TRY_NEWEST,
};

#define NR_BESIDE (sizeof(beside) / sizeof(*beside))
#define NR_ROWS (NR_BESIDE + 1)		/* the last one is the user's */

static const enum pf_accessor timed[] = {
	PF_ACC_PageLocked, PF_ACC_SetPageDirty, PF_ACC_compound_head,
};

#define NR_TIMED (sizeof(timed) / sizeof(*timed))

/* The columns: throughput and latency, of small pages and of tails. */
static const struct {
	enum pf_form form;
	enum pf_population population;
} columns[] = {
	{ PF_THROUGHPUT, PF_SMALL }, { PF_THROUGHPUT, PF_TAILS },
	{ PF_LATENCY, PF_SMALL }, { PF_LATENCY, PF_TAILS },
};

#define NR_COLUMNS (sizeof(columns) / sizeof(*columns))

static enum pf_generation row_generation(size_t row)
{
	return row < NR_BESIDE ? beside[row] : PF_GEN_try;
}

/* One column: costs by row, and differences to the rows beside. */
struct column {
	struct estimate cost[NR_ROWS], difference[NR_BESIDE];
	bool has[NR_ROWS], contended[NR_ROWS];
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

static int measure_column(struct session *s, enum pf_accessor acc,
			  size_t column, struct column *c, struct errmsg *msg)
{
	struct sampled sampled[NR_ROWS], *of[NR_ROWS] = { NULL };
	struct point points[NR_ROWS];
	double scale = scale_of(s);
	size_t n = 0;
	int ret;

	memset(c, 0, sizeof(*c));
	for (size_t row = 0; row < NR_ROWS; row++) {
		points[n] = (struct point){
			.accessor = acc, .generation = row_generation(row),
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
	for (size_t row = 0; row < NR_ROWS; row++) {
		if (!of[row] || of[row]->err)
			continue;
		c->has[row] = true;
		c->cost[row] = scaled(of[row]->cost, scale);
		c->contended[row] = of[row]->contended;
		if (row < NR_BESIDE && of[NR_BESIDE] && !of[NR_BESIDE]->err)
			c->difference[row] = scaled(
				sampled_difference(of[NR_BESIDE], of[row]),
				scale);
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

static void time_row(struct table *t, const struct column *c, size_t row,
		     bool difference)
{
	bool has = false;

	for (size_t i = 0; i < NR_COLUMNS; i++)
		has |= c[i].has[row];
	if (!has)
		return;
	table_row(t);
	table_cell(t, 0, "%s%s", difference ? "- " : "",
		   pf_generations[row_generation(row)].name);
	for (size_t i = 0; i < NR_COLUMNS; i++)
		estimate_cell(t, i + 1, difference ? &c[i].difference[row] :
			      &c[i].cost[row],
			      c[i].has[row] &&
			      (!difference || c[i].has[NR_BESIDE]),
			      c[i].contended[row] || (difference &&
						c[i].contended[NR_BESIDE]));
}

static void print_times(const struct try *t, enum pf_accessor acc,
			const struct column *c)
{
	static const char *const heads[2][NR_COLUMNS] = {
		{ "throughput", "", "latency", "" },
		{ "small", "tail", "small", "tail" },
	};
	struct table table;

	table_open(&table, NR_COLUMNS + 1);
	for (int line = 0; line < 2; line++) {
		table_row(&table);
		table_column(&table, 0, TABLE_LEFT, 0, 18, true);
		table_cell(&table, 0, "%s", line ? t->unit : "");
		for (size_t i = 0; i < NR_COLUMNS; i++) {
			table_column(&table, i + 1, TABLE_LEFT, 1, 12, true);
			table_cell(&table, i + 1, "%s", heads[line][i]);
		}
	}
	for (size_t row = 0; row < NR_ROWS; row++)
		time_row(&table, c, row, false);
	fprintf(t->out, "\n");
	text_line(t->out, "%s", pf_accessors[acc].name);
	table_print(&table, t->out, 1, NR_COLUMNS + 1);
	table_close(&table);

	table_open(&table, NR_COLUMNS + 1);
	for (size_t i = 0; i <= NR_COLUMNS; i++)
		table_column(&table, i, TABLE_LEFT, !!i, i ? 12 : 18, true);
	for (size_t row = 0; row < NR_BESIDE; row++)
		time_row(&table, c, row, true);
	text_line(t->out, "%s minus each (paired, 95 %% intervals)",
		  pf_generations[PF_GEN_try].name);
	table_print(&table, t->out, 1, NR_COLUMNS + 1);
	table_close(&table);
}

static int measure_all(struct try *t, struct session *s, struct errmsg *msg)
{
	struct column c[NR_COLUMNS];
	int ret;

	for (size_t a = 0; a < NR_TIMED; a++) {
		for (size_t i = 0; i < NR_COLUMNS; i++) {
			ret = measure_column(s, timed[a], i, &c[i], msg);
			if (ret)
				return ret;
		}
		print_times(t, timed[a], c);
		if (timed[a] != PF_ACC_compound_head)
			continue;
		t->latency.measured = c[2].has[NR_BESIDE - 1] &&
			c[2].has[NR_BESIDE] &&
			!c[2].contended[NR_BESIDE - 1] &&
			!c[2].contended[NR_BESIDE];
		t->latency.e = c[2].difference[NR_BESIDE - 1];
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
	code_set_header(code, t->path);
	for (size_t a = 0; a < NR_TIMED && !cmd_interrupted; a++) {
		struct code_view v = { .out = t->out, .accessor = timed[a],
				       .usage = CODE_VALUE };

		for (size_t row = 0; row < NR_ROWS; row++)
			if (pf_has(timed[a], row_generation(row), PF_AUTO))
				v.generation[v.nr++] = row_generation(row);
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
	if (try_load_loops(t, beside, NR_BESIDE, na) ||
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
