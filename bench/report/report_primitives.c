// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>

#include "lib/table.h"
#include "report/report_table.h"

#define PRIMITIVE_LABEL 42

/* "branch_unpredictable, mixed:50": a row of the table of primitives */
static void primitive_label(const struct point *p, char *text, size_t size)
{
	char pages[POPULATION_NAME_MAX];
	size_t len;

	pages_name(p, pages);
	len = snprintf(text, size, "%s", pf_accessors[p->accessor].name);
	if (p->population != PF_SMALL)
		len += snprintf(text + len, size - len, ", %s", pages);
	if (p->ws != WS_HOT)
		len += snprintf(text + len, size - len, ", %s",
				working_set_name(p->ws));
	if (p->shuffled)
		len += snprintf(text + len, size - len, ", shuffled");
	if (p->order && p->order != PF_DEFAULT_ORDER)
		snprintf(text + len, size - len, ", order %u", p->order);
}

static void primitive_row(struct report *rep, struct point p,
			  struct table *text)
{
	static const enum pf_form forms[] = { PF_THROUGHPUT, PF_LATENCY };
	char label[100], figure[64];

	primitive_label(&p, label, sizeof(label));
	table_row(text);
	table_cell(text, 0, "%s", label);
	for (size_t i = 0; i < 2; i++) {
		struct report_cell c;

		p.form = forms[i];
		c = report_median_cell(rep, result_find(rep->r, &p));
		report_cell_text(rep, &c, false, figure, sizeof(figure));
		table_cell(text, i + 1, "%s", figure);
	}
}

/* A row has both modes: it is printed with the first that the file has. */
static bool begins_row(const struct result *r, struct point p)
{
	if (p.form != PF_LATENCY)
		return true;
	p.form = PF_THROUGHPUT;
	return !result_find(r, &p);
}

void report_primitives(struct report *rep, int only)
{
	static const char title[] = "Primitives, on the flags word of the page";
	struct table text;
	int err = 0;

	table_open(&text, 3);
	table_column(&text, 0, TABLE_LEFT, 0, PRIMITIVE_LABEL, true);
	table_column(&text, 1, TABLE_RIGHT, 0, REPORT_WIDE, true);
	table_column(&text, 2, TABLE_RIGHT, 0, REPORT_WIDE, true);
	table_row(&text);
	table_cell(&text, 0, "%s", report_median_unit(rep));
	table_cell_aligned(&text, 1, TABLE_LEFT, "  throughput");
	table_cell_aligned(&text, 2, TABLE_LEFT, "  latency");
	for (size_t i = 0; i < rep->r->nr_points; i++) {
		const struct point *p = &rep->r->point[i].point;

		if (pf_accessors[p->accessor].policy == PF_POLICY_PRIMITIVE &&
		    (only < 0 || (int)p->accessor == only) &&
		    begins_row(rep->r, *p))
			primitive_row(rep, *p, &text);
	}
	if (text.nr_rows > 1 || text.lost)
		err = report_text_table(rep, title, &text, 1, 3);
	table_close(&text);
	rep->err = err ? err : rep->err;
}
