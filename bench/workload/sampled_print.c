// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <string.h>

#include "lib/stats.h"
#include "lib/text.h"
#include "workload/figures.h"
#include "workload/print_internal.h"

#define NAME_COLUMNS 38	/* what is left of TEXT_COLUMNS */

enum { COL_SAMPLES, COL_SHARE, COL_INTERVAL, COL_NAME, NR_COLUMNS };

/*
 * How far the address of a sample may be from the code that took the time. Some
 * PMUs accept any precise_ip and have no precise addresses (arm64 without SPE).
 */
static void print_skid(FILE *f, const json_t *result)
{
	const json_t *total = json_object_get(result, "total");
	double precise = figure(result, "precise_ip");
	double exact = figure(total, "exact");
	char line[256];

	if (exact > 0)
		snprintf(line, sizeof(line),
			 "precise_ip %.0f: %.1f %% of the samples have an exact address",
			 precise, percent(exact, figure(total, "samples")));
	else
		snprintf(line, sizeof(line),
			 "precise_ip %.0f, no exact address: samples have skid, they fall some instructions after the code that took the time",
			 precise);
	text_wrapped(f, line, 2);
}

static void print_sampling(FILE *f, const json_t *result)
{
	const json_t *total = json_object_get(result, "total");
	char line[512];

	snprintf(line, sizeof(line),
		 "sampled, an estimate: %.0f samples, one per %.0f cycles of the kernel; lost %.0f, throttled %.0f times",
		 figure(total, "samples"), figure(result, "period"),
		 figure(total, "lost"), figure(total, "throttled"));
	text_wrapped(f, line, 2);
	print_skid(f, result);
	if (figure(total, "elsewhere"))
		text_line(f, "left out: %.0f samples of user space or a hypervisor",
			  figure(total, "elsewhere"));
}

static void sampled_row(struct table *t, double n, double all,
			const char *name)
{
	struct estimate e = stats_binomial_share(n, all, STATS_CONFIDENCE);

	table_row(t);
	table_cell(t, COL_SAMPLES, "%.0f", n);
	if (all) {
		table_cell(t, COL_SHARE, "%.2f %%", 100 * e.mid);
		table_cell(t, COL_INTERVAL, "%.2f-%.2f", 100 * e.lo,
			   100 * e.hi);
	}
	workload_name_rows(t, COL_NAME, NAME_COLUMNS, name);
}

static void sampled_table(struct table *t)
{
	static const char *const head[] = { "samples", "share", "95 %" };

	table_open(t, NR_COLUMNS);
	for (int i = COL_SAMPLES; i <= COL_INTERVAL; i++)
		table_column(t, i, TABLE_RIGHT, i ? 2 : 0, i ? 8 : 9, false);
	table_row(t);
	for (int i = COL_SAMPLES; i <= COL_INTERVAL; i++)
		table_cell(t, i, "%s", head[i]);
}

static int print_sampled_total(FILE *f, const json_t *result)
{
	const json_t *total = json_object_get(result, "total");
	double all = figure(total, "samples");
	struct table t;
	int err;

	sampled_table(&t);
	sampled_row(&t, all, 0, "in the kernel");
	sampled_row(&t, figure(total, "accessor_samples"), all,
		    "  in accessors");
	sampled_row(&t, figure(total, "lookup_samples"), all,
		    "  in look-ups");
	sampled_row(&t, figure(total, "outside"), all,
		    "  outside of vmlinux (modules)");
	err = table_print(&t, f, 1, NR_COLUMNS);
	table_close(&t);
	return err;
}

struct sampled_view {
	const char *table, *title, *name, *around, *samples;
};

static int print_sampled_view(FILE *f, const json_t *result,
			      const struct sampled_view *v, size_t top)
{
	double all = figure(json_object_get(result, "total"), "samples");
	char name[1024];
	struct table t;
	size_t i, shown = 0;
	json_t *row;
	int err;

	sampled_table(&t);
	json_array_foreach(json_object_get(result, v->table), i, row) {
		if (!figure(row, v->samples))
			continue;
		if (top && shown++ == top)
			break;
		snprintf(name, sizeof(name), "%s%s%s", text(row, v->name),
			 *text(row, v->around) ? " < " : "",
			 text(row, v->around));
		sampled_row(&t, figure(row, v->samples), all, name);
	}
	fprintf(f, "\n%s\n", v->title);
	err = table_print(&t, f, 1, NR_COLUMNS);
	table_close(&t);
	return err;
}

int sampled_print(FILE *f, const json_t *result, size_t top)
{
	static const struct sampled_view views[] = {
		{ "function", "functions by samples in look-ups",
		  "function", "", "lookup_samples" },
		{ "chain", "look-ups by what hides them, innermost first",
		  "lookup", "hidden_by", "lookup_samples" },
		{ "accessor", "accessors, with what is inlined in them",
		  "accessor", "", "accessor_samples" },
	};
	char line[256];
	int err;

	text_line(f, "Cycles in look-ups of %s",
		  command_text(result, line, sizeof(line)));
	text_line(f, "Linux %s, %s", text(result, "release"),
		  text(result, "arch"));
	print_sampling(f, result);
	if (json_is_true(json_object_get(result, "partial")))
		text_line(f, "PARTIAL: %s", text(result, "partial_reason"));
	fputc('\n', f);
	err = print_sampled_total(f, result);
	for (size_t i = 0; !err && i < sizeof(views) / sizeof(*views); i++)
		err = print_sampled_view(f, result, &views[i], top);
	if (err)
		return err;
	return ferror(f) ? -EIO : 0;
}
