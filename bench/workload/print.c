// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/table.h"
#include "lib/text.h"
#include "workload/figures.h"
#include "workload/print.h"
#include "workload/print_internal.h"
#include "workload/result.h"

static void print_partial(FILE *f, const json_t *result)
{
	if (json_is_true(json_object_get(result, "partial")))
		text_line(f, "PARTIAL: %s", text(result, "partial_reason"));
}

static void print_head(FILE *f, const json_t *result)
{
	char line[256];

	text_line(f, "Look-ups executed by %s",
		  command_text(result, line, sizeof(line)));
	text_line(f, "%s: Linux %s, %s", text(result, "kernel"),
		  text(result, "release"), text(result, "arch"));
	text_line(f, "counted by %s", text(result, "emulator"));
	print_partial(f, result);
	if (json_is_integer(json_object_get(result, "operations")))
		text_line(f, "%.0f operations: %s", figure(result, "operations"),
			  text(result, "operation"));
	fputc('\n', f);
}

enum { TOTAL_COUNT, TOTAL_EACH, TOTAL_SHARE, TOTAL_NAME, NR_TOTAL_COLUMNS };

/* @of: the whole that @n is a part of; 0: no share */
static void total_row(struct table *t, const json_t *result, double n,
		      double of, const char *name)
{
	double operations = figure(result, "operations");

	table_row(t);
	table_cell(t, TOTAL_COUNT, "%.0f", n);
	if (operations > 0)
		table_cell(t, TOTAL_EACH, "%.2f", n / operations);
	if (of > 0)
		table_cell(t, TOTAL_SHARE, "%.2f %%", percent(n, of));
	table_cell(t, TOTAL_NAME, "%s", name);
}

static int print_totals(FILE *f, const json_t *result)
{
	const json_t *total = json_object_get(result, "total");
	double kernel = figure(total, "kernel_instructions");
	double lookups = figure(total, "lookups");
	struct table t;
	int err;

	table_open(&t, NR_TOTAL_COLUMNS);
	for (int i = TOTAL_COUNT; i <= TOTAL_SHARE; i++)
		table_column(&t, i, TABLE_RIGHT, i ? 2 : 0, i ? 9 : 12, false);
	table_row(&t);
	table_cell(&t, TOTAL_COUNT, "in all");
	table_cell(&t, TOTAL_EACH, "%s", figure(result, "operations") > 0 ?
		   "each" : "");
	table_cell(&t, TOTAL_SHARE, "share");
	total_row(&t, result, kernel, 0, "kernel instructions");
	total_row(&t, result, figure(total, "accessor_instructions"), kernel,
		  "  of them in accessors");
	total_row(&t, result, figure(total, "lookup_instructions"), kernel,
		  "  of them in look-ups");
	total_row(&t, result, figure(total, "user_instructions"), 0,
		  "user instructions");
	total_row(&t, result, lookups, 0, "look-ups");
	total_row(&t, result, figure(total, "hidden"), lookups,
		  "  hidden in other accessors");
	total_row(&t, result, figure(total, "tail"), lookups, "  on tail pages");
	total_row(&t, result, figure(total, "head"), lookups, "  on head pages");
	total_row(&t, result, figure(total, "small"), lookups,
		  "  on small pages");
	total_row(&t, result, figure(total, "fake_tested"), lookups,
		  "  tested for a fake head");
	total_row(&t, result, figure(total, "fake"), lookups,
		  "  found to be fake heads");
	err = table_print(&t, f, 1, NR_TOTAL_COLUMNS);
	table_close(&t);
	return err;
}

#define NAME_COLUMNS 41	/* what is left of TEXT_COLUMNS */

enum { ROW_LOOKUPS, ROW_TAILS, ROW_SHARE, ROW_NAME, NR_ROW_COLUMNS };

struct view {
	const char *table, *title, *name, *around, *instructions;
};

static void view_header(struct table *t)
{
	static const char *const head[] = {
		"look-ups", "tails", "of kernel",
	};

	table_open(t, NR_ROW_COLUMNS);
	for (int i = ROW_LOOKUPS; i <= ROW_SHARE; i++)
		table_column(t, i, TABLE_RIGHT, i ? 2 : 0, i ? 7 : 10, false);
	table_row(t);
	for (int i = ROW_LOOKUPS; i <= ROW_SHARE; i++)
		table_cell(t, i, "%s", head[i]);
}

void workload_name_rows(struct table *t, size_t column, size_t width,
			const char *name)
{
	int len;

	while (strlen(name) > width) {
		for (len = width; len && strncmp(name + len, " < ", 3);
		     len--)
			;
		if (!len)
			break;
		table_cell(t, column, "%.*s", len, name);
		name += len + 1;
		table_row(t);
	}
	table_cell(t, column, "%s", name);
}

static int print_view(FILE *f, const json_t *result, const struct view *v,
		      size_t top)
{
	double kernel = figure(json_object_get(result, "total"),
			       "kernel_instructions");
	char name[1024];
	struct table t;
	json_t *row;
	size_t i;
	int err;

	view_header(&t);
	json_array_foreach(json_object_get(result, v->table), i, row) {
		if (top && i == top)
			break;
		table_row(&t);
		table_cell(&t, ROW_LOOKUPS, "%.0f", figure(row, "lookups"));
		table_cell(&t, ROW_TAILS, "%.1f %%",
			   percent(figure(row, "tail"), figure(row, "lookups")));
		table_cell(&t, ROW_SHARE, "%.2f %%",
			   percent(figure(row, v->instructions), kernel));
		snprintf(name, sizeof(name), "%s%s%s", text(row, v->name),
			 *text(row, v->around) ? " < " : "",
			 text(row, v->around));
		workload_name_rows(&t, ROW_NAME, NAME_COLUMNS, name);
	}
	fprintf(f, "\n%s\n", v->title);
	err = table_print(&t, f, 1, NR_ROW_COLUMNS);
	table_close(&t);
	return err;
}

int workload_print(FILE *f, const json_t *result, size_t top)
{
	static const struct view views[] = {
		{ "function", "functions by instructions in look-ups",
		  "function", "", "lookup_instructions" },
		{ "chain", "look-ups by what hides them, innermost first",
		  "lookup", "hidden_by", "lookup_instructions" },
		{ "accessor", "accessors, with what is inlined in them",
		  "accessor", "", "accessor_instructions" },
	};
	int err;

	if (workload_is_sampled(result))
		return sampled_print(f, result, top);
	print_head(f, result);
	err = print_totals(f, result);
	for (size_t i = 0; !err && i < sizeof(views) / sizeof(*views); i++)
		err = print_view(f, result, &views[i], top);
	if (err)
		return err;
	return ferror(f) ? -EIO : 0;
}

enum { SUM_WORKLOAD, SUM_KERNEL, SUM_LOOKUPS, SUM_SHARE, SUM_TAILS, SUM_HIDDEN,
	NR_SUM_COLUMNS };

static void summary_row(struct table *t, const json_t *result)
{
	const json_t *total = json_object_get(result, "total");
	double operations = figure(result, "operations");
	double lookups = figure(total, "lookups");
	char line[64];

	table_row(t);
	table_cell(t, SUM_WORKLOAD, "%s%s",
		   command_text(result, line, sizeof(line)),
		   json_is_true(json_object_get(result, "partial")) ?
		   " (partial)" : "");
	table_cell(t, SUM_KERNEL, "%s", text(result, "kernel"));
	table_cell(t, SUM_LOOKUPS, operations > 0 ? "%.1f" : "%.0f (all)",
		   operations > 0 ? lookups / operations : lookups);
	table_cell(t, SUM_SHARE, "%.2f %%",
		   percent(figure(total, "lookup_instructions"),
			   figure(total, "kernel_instructions")));
	table_cell(t, SUM_TAILS, "%.1f %%",
		   percent(figure(total, "tail"), lookups));
	table_cell(t, SUM_HIDDEN, "%.1f %%",
		   percent(figure(total, "hidden"), lookups));
}

/* The functions in which most instructions of look-ups were executed. */
static void print_functions(FILE *f, const json_t *result, size_t top)
{
	double all = figure(json_object_get(result, "total"),
			    "lookup_instructions"), share;
	char line[256], paragraph[2048];
	size_t i, len;
	json_t *row;

	len = snprintf(paragraph, sizeof(paragraph), "%s, %s:",
		       command_text(result, line, sizeof(line)),
		       text(result, "kernel"));
	json_array_foreach(json_object_get(result, "function"), i, row) {
		share = percent(figure(row, "lookup_instructions"), all);
		if (i == top || len >= sizeof(paragraph) || share < 0.5)
			break;
		len += snprintf(paragraph + len, sizeof(paragraph) - len,
				"%s %s %.0f%%", i ? "," : "",
				text(row, "function"), share);
	}
	if (!i)
		snprintf(paragraph + len, sizeof(paragraph) - len, " none");
	text_wrapped(f, paragraph, 4);
}

int workload_print_summary(FILE *f, json_t *const *result, size_t nr,
			   size_t top)
{
	static const char *const head[NR_SUM_COLUMNS] = {
		"workload", "kernel", "each", "of kernel", "tails", "hidden",
	};
	struct table t;
	size_t i;
	int err;

	table_open(&t, NR_SUM_COLUMNS);
	for (i = SUM_LOOKUPS; i < NR_SUM_COLUMNS; i++)
		table_column(&t, i, TABLE_RIGHT, 2, 0, false);
	table_row(&t);
	for (i = 0; i < NR_SUM_COLUMNS; i++)
		table_cell(&t, i, "%s", head[i]);
	for (i = 0; i < nr; i++)
		summary_row(&t, result[i]);
	fputs("Look-ups: executed per operation, their share of the kernel's\n"
	      "instructions, on tail pages, and hidden in other accessors\n\n",
	      f);
	err = table_print(&t, f, 1, NR_SUM_COLUMNS);
	table_close(&t);
	if (err)
		return err;
	fputs("\nFunctions that execute most instructions in look-ups\n\n", f);
	for (i = 0; i < nr; i++)
		print_functions(f, result[i], top);
	return ferror(f) ? -EIO : 0;
}
