// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "lib/table.h"
#include "lib/text.h"
#include "report/history_internal.h"

#define LABEL_WIDTH 26		/* "v5.18-fakehead-hvo   2022 " */
#define CELL_WIDTH 6		/* of format_median() */

/* A label, a cell per shown mode and population, and a verdict. */
static size_t verdict_column(const struct history *h)
{
	size_t modes = 0;

	for (int mode = 0; mode < HISTORY_MODES; mode++)
		modes += history_mode_shown(h, mode);
	return 1 + modes * PF_MIXED;
}

static void open_history_table(const struct history *h, struct table *t)
{
	size_t verdict = verdict_column(h);

	table_open(t, verdict + 1);
	table_column(t, 0, TABLE_LEFT, 0, LABEL_WIDTH, true);
	table_column(t, verdict, TABLE_LEFT, 1, 0, false);
	table_row(t);
	table_cell(t, 0, "generation          as of");
	for (size_t i = 0; i + 1 < verdict; i++) {
		table_column(t, i + 1, TABLE_LEFT,
			     i && i % PF_MIXED == 0 ? 2 : 0, CELL_WIDTH, true);
		table_cell(t, i + 1, "%5s", population_kind_name(i % PF_MIXED));
	}
}

/* @rows: the figures of each mode */
static void history_add_figures(const struct history *h, struct table *t,
			const struct history_row *rows)
{
	size_t column = 1;
	char cell[32];

	for (int mode = 0; mode < HISTORY_MODES; mode++) {
		if (!history_mode_shown(h, mode))
			continue;
		for (int pop = 0; pop < PF_MIXED; pop++) {
			const struct history_figure *v = &rows[mode].at[pop];

			format_median(&v->e, v->contended, cell, sizeof(cell));
			if (history_is_open(v))
				cell[strlen(cell) - 1] = '?';
			table_cell(t, column++, "%s", cell);
		}
	}
}

static int print_history_rows(FILE *f, const struct history *h, struct table *t,
			      size_t first, size_t last)
{
	return table_print_rows(t, f, first, last, 1, verdict_column(h) + 1);
}

static void print_mode_heads(FILE *f, const struct history *h)
{
	char line[2 * TEXT_COLUMNS];
	int n = snprintf(line, sizeof(line), "%*s", LABEL_WIDTH, "");

	for (int mode = 0; mode < HISTORY_MODES; mode++)
		if (history_mode_shown(h, mode))
			n += snprintf(line + n, sizeof(line) - n, " %-17s  ",
				      history_mode_name(mode));
	text_line(f, "%s", line);
}

static void print_replicas(FILE *f, const struct history *h, struct table *t)
{
	for (size_t s = 0; s < HISTORY_STEPS; s++) {
		if (!h->shown[s])
			continue;
		table_row(t);
		table_cell(t, 0, "%-20s %d", history_step_name(s),
			   history_steps[s].year);
		history_add_figures(h, t, h->replica[s]);
	}
	print_mode_heads(f, h);
	print_history_rows(f, h, t, 0, t->nr_rows);
}

static void print_disagreement(FILE *f, const struct history_kernel *low,
			       const struct history_kernel *high, size_t step,
			       enum history_mode mode, enum pf_population pop)
{
	const struct history_kernel *k[] = { low, high };
	char release[2][16], cell[2][32];

	for (int i = 0; i < 2; i++) {
		history_release(k[i], release[i], sizeof(release[i]));
		format_estimate(&k[i]->replica[step][mode].at[pop].e, false,
				cell[i], sizeof(cell[i]));
	}
	text_line(f, "  %s, %s, %s:", history_step_name(step),
		  population_kind_name(pop), history_mode_name(mode));
	text_line(f, "    %s with %s, %s with %s",
		  cell[0] + strspn(cell[0], " "), release[0],
		  cell[1] + strspn(cell[1], " "), release[1]);
}

static void print_disagreements(FILE *f, const struct history *h)
{
	const struct history_kernel *low, *high;
	size_t nr = 0;

	if (h->nr < 2)
		return;
	fprintf(f, "\n");
	for (size_t s = 0; s < HISTORY_STEPS; s++) {
		for (int m = 0; m < HISTORY_MODES; m++) {
			for (int pop = 0; pop < PF_MIXED; pop++) {
				if (!history_disagreement(h, s, m, pop, &low,
							  &high))
					continue;
				if (!nr++)
					text_line(f, "NOTE: files disagree on replicas by more than their intervals:");
				print_disagreement(f, low, high, s, m, pop);
			}
		}
	}
	if (!nr)
		text_line(f, "No two files disagree on a replica by more than their intervals.");
}

static void print_own_differences(FILE *f, const struct history *h,
				  const struct history_kernel *k)
{
	struct estimate d;
	char cell[32];

	for (int mode = 0; mode < HISTORY_MODES; mode++) {
		for (int pop = 0; pop < PF_MIXED; pop++) {
			if (history_judge(h, k, mode, pop, &d) !=
			    HISTORY_DIFFERS)
				continue;
			format_estimate(&d, false, cell, sizeof(cell));
			text_line(f, "        %s, %s: %s%s",
				  population_kind_name(pop),
				  history_mode_name(mode), d.mid > 0 ? "+" : "",
				  cell + strspn(cell, " "));
		}
	}
}

static void print_own_function(FILE *f, const struct history *h,
			       struct table *t, const struct history_kernel *k,
			       enum history_verdict verdict)
{
	static const char *const words[] = {
		[HISTORY_UNKNOWN] = "?", [HISTORY_EQUAL] = "equal",
		[HISTORY_DIFFERS] = "differs",
	};
	char release[16];

	history_release(k, release, sizeof(release));
	table_row(t);
	table_cell(t, 0, "%-5s = %s", release, history_step_name(k->step));
	history_add_figures(h, t, k->own);
	table_cell(t, verdict_column(h), "%s", words[verdict]);
	print_history_rows(f, h, t, t->nr_rows - 1, t->nr_rows);
	print_own_differences(f, h, k);
}

static void print_own_functions(FILE *f, const struct history *h,
				struct table *t)
{
	bool unknown = false;

	fprintf(f, "\n");
	text_line(f, "The kernels' own functions, and the replicas that they should equal");
	for (size_t i = 0; i < h->nr; i++) {
		const struct history_kernel *k = &h->kernel[i];
		enum history_verdict v = history_judge_kernel(h, k);

		print_own_function(f, h, t, k, v);
		unknown |= v == HISTORY_UNKNOWN;
	}
	if (unknown)
		text_line(f, "? unknown: no replica, or too few quiet rounds");
}

void history_print(FILE *f, const struct history *h)
{
	char title[160], machine[160];
	struct table t;

	history_title(h, title, sizeof(title));
	history_machine(h, machine, sizeof(machine));
	text_wrapped(f, title, 0);
	text_wrapped(f, machine, 0);
	text_line(f, "%s per operation; replicas: median over the files",
		  h->unit_name);
	fprintf(f, "\n");
	open_history_table(h, &t);
	print_replicas(f, h, &t);
	print_disagreements(f, h);
	print_own_functions(f, h, &t);
	if (h->contended)
		text_line(f, "! contended: no round was quiet, the core was shared");
	if (h->open)
		text_line(f, "? behind a figure: no interval, too few quiet rounds");
	if (t.lost)
		text_line(f, "INCOMPLETE: out of memory");
	table_close(&t);
}
