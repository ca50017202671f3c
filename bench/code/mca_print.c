// SPDX-License-Identifier: GPL-2.0
/* Tables of the figures of llvm-mca. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "code/mca_rows.h"
#include "lib/table.h"
#include "lib/text.h"

#define PAGES 10			/* "small,head" */
#define LABEL_AND_PAGES (MCA_LABEL + 1 + PAGES)
#define CELL 6

/* "all", "small,head": the pages that take the path */
static void pages_label(const struct mca_row *row, char *label, size_t size)
{
	unsigned int all = 0;
	size_t n = 0;
	int page;

	for (page = 0; page < CODE_NR_PAGES; page++)
		if (code_takes(row->use.accessor, page))
			all |= 1U << page;
	if (row->pages == all) {
		snprintf(label, size, "all");
		return;
	}
	for (page = 0; page < CODE_NR_PAGES; page++)
		if (row->pages >> page & 1)
			n += snprintf(label + n, size - n, "%s%s",
				      n ? "," : "", code_page_name(page));
}

static void fill_mca_table(struct table *t, const struct mca_rows *m,
			   bool latency)
{
	char label[64], pages[32];
	size_t i, c;

	table_open(t, 1 + m->query.nr_cpus);
	table_column(t, 0, TABLE_LEFT, 0, LABEL_AND_PAGES, true);
	table_row(t);
	table_cell(t, 0, "cycles per use");
	for (c = 0; c < m->query.nr_cpus; c++) {
		table_column(t, 1 + c, TABLE_RIGHT, 0, CELL, true);
		table_cell(t, 1 + c, "%s", m->query.cpu[c]->head);
	}
	for (i = 0; i < m->nr; i++) {
		const struct mca_row *row = &m->row[i];

		mca_row_label(&row->use, i ? &row[-1].use : NULL, label,
			      sizeof(label));
		pages_label(row, pages, sizeof(pages));
		table_row(t);
		table_cell(t, 0, "%-*s %-*s%s%s", MCA_LABEL, label, PAGES,
			   pages, *row->excluded ? " " : "", row->excluded);
		for (c = 0; c < m->query.nr_cpus && !*row->excluded; c++)
			table_cell(t, 1 + c, "%s", row->cell[latency][c]);
	}
}

/* Print one table, in parts where the CPUs are too many for a line. */
static int print_mca_table(FILE *f, const struct mca_rows *m, bool latency)
{
	size_t from, to;
	struct table t;
	int ret = 0;

	fill_mca_table(&t, m, latency);
	for (from = 1; from <= m->query.nr_cpus && !ret; from = to) {
		to = table_fit(&t, from);
		fprintf(f, "\n");
		text_line(f, "%s, %s: model (llvm-mca %s), not measured",
			  code_arch_of(m->code)->name,
			  latency ? "latency" : "throughput", m->mca->version);
		ret = table_print(&t, f, from, to);
	}
	table_close(&t);
	return ret;
}

static void print_mca_heading(FILE *f, const struct mca_rows *m)
{
	char line[512];
	size_t i;

	text_line(f, "pageflags-bench model: %s, used as a %s, on %s",
		  pf_accessors[m->query.accessor].name,
		  code_usage_name(m->query.usage), code_arch_of(m->code)->name);
	text_line(f, "code of %s", code_compiler(m->code));
	for (i = 0; i < m->query.nr_cpus; i++) {
		const struct mca_cpu *cpu = m->query.cpu[i];

		if (!strcmp(cpu->head, cpu->name))
			continue;
		snprintf(line, sizeof(line), "%-5s %s%s%s%s", cpu->head,
			 cpu->name,
			 *cpu->others ? " (also for " : "", cpu->others,
			 *cpu->others ? ")" : "");
		text_wrapped(f, line, 6);
	}
}

int mca_print(FILE *f, const struct mca_rows *m)
{
	int latency, ret = 0;
	size_t i;

	print_mca_heading(f, m);
	for (latency = 0; latency <= mca_has_latency(&m->query) && !ret;
	     latency++)
		ret = print_mca_table(f, m, latency);
	if (!mca_has_latency(&m->query))
		fprintf(f, "\n%s, latency: n/a (%s)\n",
			code_arch_of(m->code)->name,
			m->query.usage == CODE_CONDITION ?
			"a condition returns no value" :
			"the accessor returns no value");
	if (m->nr_notes)
		fprintf(f, "\n");
	for (i = 0; i < m->nr_notes; i++)
		text_line(f, "%c  n/a: no model of %s", 'a' + (int)i,
			  m->note[i]);
	return ret;
}

void mca_print_limits(FILE *f)
{
	static const char *const limits[] = {
		"A model: LLVM's tables for a CPU, applied to the instructions that a page executes, in sequence and repeated, in the steady state. Net of the load of the page's address (throughput) or of the chain from a value to the next page (latency).",
		"No figure includes:",
		"- branches: each counts as predicted; the cost of a mispredicted branch is missing.",
		"- barriers and atomic operations: the cost of ordering depends on the other accesses in flight. LLVM's numbers for some of them do not model ordering: these paths read n/a.",
		"- memory: every load hits the L1 data cache, and waits for no store.",
		"- the front end: fetch, decode, alignment, taken branches.",
	};
	size_t i;

	for (i = 0; i < sizeof(limits) / sizeof(*limits); i++)
		text_wrapped(f, limits[i], *limits[i] == '-' ? 2 : 0);
}
