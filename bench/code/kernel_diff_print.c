// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "code/kernel_diff.h"
#include "code/print.h"
#include "lib/table.h"
#include "lib/text.h"

#define NR_KERNEL_COLUMNS 9

/* The instructions of a use, each once, without returns. */
static void tally_use(const struct code_arch *arch,
		      const struct code_listing *l,
		      unsigned int n[NR_KERNEL_COLUMNS])
{
	static const unsigned int kind[] = {
		CODE_LOAD, CODE_STORE, CODE_BRANCH, CODE_SELECT, CODE_BARRIER,
		CODE_ATOMIC,
	};
	const struct code_insn *insn;

	memset(n, 0, NR_KERNEL_COLUMNS * sizeof(*n));
	n[1] = code_bytes(l);
	for (insn = l->insn; insn < l->insn + l->nr; insn++) {
		if (insn->classes & CODE_RETURN &&
		    !(insn->classes & CODE_BRANCH))
			continue;
		n[2]++;
		for (size_t i = 0; i < sizeof(kind) / sizeof(*kind); i++)
			n[3 + i] += !!(insn->classes & kind[i]);
	}
}

static void kernel_columns(struct table *t)
{
	static const struct {
		const char *name;
		int width;
	} columns[NR_KERNEL_COLUMNS] = {
		{ "", 23 }, { "bytes", 7 }, { "insns", 5 }, { "load", 5 },
		{ "store", 5 }, { "branch", 6 }, { "select", 6 },
		{ "barr", 4 }, { "atom", 4 },
	};

	table_open(t, NR_KERNEL_COLUMNS);
	table_row(t);
	for (size_t i = 0; i < NR_KERNEL_COLUMNS; i++) {
		table_column(t, i, i ? TABLE_RIGHT : TABLE_LEFT, i > 1,
			     columns[i].width, true);
		table_cell(t, i, "%s", columns[i].name);
	}
}

/* "27>31", or "27" if both are 27 */
static void kernel_use_row(struct table *t, const struct code_kernel_diff *d,
		       const struct code_kernel_use *use)
{
	unsigned int n[2][NR_KERNEL_COLUMNS];

	table_row(t);
	table_cell(t, 0, "%s", pf_accessors[use->accessor].name);
	if (!use->of[CODE_OLD] || !use->of[CODE_NEW]) {
		table_cell(t, 1, use->of[CODE_OLD] ? "gone" : "new");
		return;
	}
	for (int i = 0; i < 2; i++)
		tally_use(d->arch, use->of[i], n[i]);
	for (size_t i = 1; i < NR_KERNEL_COLUMNS; i++)
		table_cell(t, i, n[CODE_OLD][i] == n[CODE_NEW][i] ? "%u" :
			   "%u>%u", n[CODE_OLD][i], n[CODE_NEW][i]);
}

/* "unchanged: PageDirty PageLRU ..." */
static int print_unchanged(FILE *f, const struct code_kernel_diff *d)
{
	size_t size = 32, i;
	char *line;

	for (i = 0; i < d->nr; i++)
		size += strlen(pf_accessors[d->use[i].accessor].name) + 1;
	line = malloc(size);
	if (!line)
		return -1;
	strcpy(line, "unchanged:");
	for (i = 0; i < d->nr; i++)
		if (!d->use[i].changed)
			strcat(strcat(line, " "),
			       pf_accessors[d->use[i].accessor].name);
	if (d->nr_changed == d->nr)
		strcat(line, " none");
	text_wrapped(f, line, 2);
	free(line);
	return 0;
}

int code_kernel_print_table(FILE *f, const struct code_kernel_diff *d)
{
	struct table t;
	int ret = 0;

	text_line(f, "%s: %zu of %zu accessors changed", d->arch->name,
		  d->nr_changed, d->nr);
	kernel_columns(&t);
	for (size_t i = 0; i < d->nr; i++)
		if (d->use[i].changed)
			kernel_use_row(&t, d, &d->use[i]);
	if (d->nr_changed)
		ret = table_print(&t, f, 1, NR_KERNEL_COLUMNS);
	table_close(&t);
	return ret ? ret : print_unchanged(f, d);
}

int code_kernel_print_use(FILE *f, const struct code_kernel_diff *d,
			  const struct code_kernel_use *use)
{
	const char *name = pf_accessors[use->accessor].name;

	text_line(f, "%s, %s", name, d->arch->name);
	if (!use->of[CODE_OLD] || !use->of[CODE_NEW]) {
		text_line(f, "only in %s",
			  use->of[CODE_OLD] ? "old" : "new");
		return 0;
	}
	return code_print_two(f, "old", "new", use->of[CODE_OLD],
			      use->of[CODE_NEW]);
}
