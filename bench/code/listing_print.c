// SPDX-License-Identifier: GPL-2.0
/* Listings of one generation, or of two side by side. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "code/listing_diff.h"
#include "code/print.h"
#include "data/point.h"
#include "lib/table.h"
#include "lib/text.h"

#define SIDE 35				/* width of one of two listings */
#define SIDE_TEXT (SIDE - 6)		/* without "   0: " */

void code_skip(struct code_skipped *skipped, const struct errmsg *msg)
{
	size_t i;

	for (i = 0; i < skipped->nr; i++)
		if (!strcmp(skipped->reason[i].text, msg->text))
			return;
	if (i < CODE_MAX_SKIPPED)
		skipped->reason[skipped->nr++] = *msg;
}

struct code_use code_view_use(const struct code_view *v, size_t i)
{
	return (struct code_use){
		.accessor = v->accessor, .generation = v->generation[i],
		.lowering = v->lowering, .usage = v->usage,
	};
}

static const char *view_generation(const struct code_view *v, size_t i)
{
	return pf_generations[v->generation[i]].name;
}

void code_print_heading(struct code_view *v, const struct code *code)
{
	if (v->headed)
		fprintf(v->out, "\n");
	v->headed = true;
	text_line(v->out, "%s, %s, lowering %s",
		  pf_accessors[v->accessor].name, code_usage_name(v->usage),
		  lowering_name(v->lowering));
	text_line(v->out, "%s, %s", code_arch_of(code)->name,
		  code_compiler(code));
}

/* "mov    (%rdi),%rax": operands aligned as objdump aligns them */
static void insn_text(char *to, size_t size, const struct code_insn *insn)
{
	int n = strcspn(insn->text, " ");

	if (!strncmp(insn->text, "lock ", 5))
		n += 1 + strcspn(insn->text + n + 1, " ");
	if (!insn->text[n])
		snprintf(to, size, "%s", insn->text);
	else
		snprintf(to, size, "%-6.*s %s", n, insn->text,
			 insn->text + n + 1);
}

/* As objdump prints them: bytes, or one number. */
static void insn_bytes(const struct code_arch *arch, char *to,
		       const struct code_insn *insn)
{
	bool number = !strcmp(arch->name, "arm64") ||
		!strcmp(arch->name, "riscv64");
	unsigned int i;

	*to = '\0';
	for (i = 0; i < insn->size; i++)
		to += sprintf(to, "%s%02x", i && !number ? " " : "",
			      insn->bytes[number ? insn->size - 1 - i : i]);
}

static int print_listing(FILE *f, const struct code_arch *arch,
			 const struct code_listing *l)
{
	char bytes[3 * sizeof(l->insn->bytes) + 1], text[256];
	struct table t;
	size_t i;
	int ret;

	table_open(&t, 3);
	table_column(&t, 1, TABLE_LEFT, 1, 0, false);
	for (i = 0; i < l->nr; i++) {
		insn_bytes(arch, bytes, &l->insn[i]);
		insn_text(text, sizeof(text), &l->insn[i]);
		table_row(&t);
		table_cell(&t, 0, "%4" PRIx64 ":", l->insn[i].address);
		table_cell(&t, 1, "%s", bytes);
		table_cell(&t, 2, "%s", text);
	}
	ret = table_print(&t, f, 1, 3);
	table_close(&t);
	return ret;
}

/* Print an instruction of each listing; long ones continue below. */
static void print_side_by_side(FILE *f, const struct code_insn *a,
			       const struct code_insn *b)
{
	const struct code_insn *insn[2] = { a, b };
	char text[2][256] = { "", "" }, cell[2][SIDE + 1];
	const char *at[2] = { text[0], text[1] };
	bool first = true;
	int i;

	for (i = 0; i < 2; i++)
		if (insn[i])
			insn_text(text[i], sizeof(text[i]), insn[i]);
	do {
		for (i = 0; i < 2; i++) {
			*cell[i] = '\0';
			if (!*at[i])
				continue;
			if (first)
				snprintf(cell[i], sizeof(cell[i]),
					 "%4" PRIx64 ": %.*s",
					 insn[i]->address, SIDE_TEXT, at[i]);
			else
				snprintf(cell[i], sizeof(cell[i]), "%6s%.*s",
					 "", SIDE_TEXT, at[i]);
			at[i] += strnlen(at[i], SIDE_TEXT);
		}
		text_line(f, "%-*s  %s", SIDE, cell[0], cell[1]);
		first = false;
	} while (*at[0] || *at[1]);
}

static void print_mark(FILE *f, const char *above, const char *below)
{
	char line[256];

	snprintf(line, sizeof(line), "[instructions %s%s%s%s%s]",
		 above ? "above " : "", above ? above : "",
		 above && below ? "; those " : "", below ? "below " : "",
		 below ? below : "");
	fprintf(f, "\n");
	text_wrapped(f, line, 1);
	if (below)
		fprintf(f, "\n");
}

/* How the rows between @head and @tail change the first listing. */
static const char *change_name(const struct code_diff *d)
{
	bool only_a = false, only_b = false;
	size_t i;

	for (i = d->head; i < d->nr - d->tail; i++) {
		only_a |= d->row[i].b < 0;
		only_b |= d->row[i].a < 0;
	}
	if (only_a && only_b)
		return "changed";
	return only_a ? "left out" : "added";
}

/* In the form of the mail of 5 August 2015 to linux-mm. */
int code_print_two(FILE *f, const char *a_name, const char *b_name,
		   const struct code_listing *a, const struct code_listing *b)
{
	char same[64], changed[64];
	struct code_diff d;
	size_t i, end;

	if (code_diff(&d, a, b))
		return -ENOMEM;
	end = d.nr - d.tail;
	snprintf(same, sizeof(same), "same as %s", a_name);
	snprintf(changed, sizeof(changed), "%s by %s", change_name(&d),
		 b_name);
	text_line(f, "%-*s  %s", SIDE, a_name, b_name);
	for (i = 0; i < d.nr; i++) {
		if (i == d.head && d.head < end)
			print_mark(f, i ? same : NULL, changed);
		else if (i == end && d.head < end)
			print_mark(f, changed, same);
		print_side_by_side(f,
			d.row[i].a < 0 ? NULL : &a->insn[d.row[i].a],
			d.row[i].b < 0 ? NULL : &b->insn[d.row[i].b]);
	}
	if (d.head == end)
		print_mark(f, same, NULL);
	else if (!d.tail)
		print_mark(f, changed, NULL);
	code_diff_free(&d);
	return 0;
}

int code_print_listings(struct code_view *v, struct code *code)
{
	const struct code_listing *first = NULL, *l;
	struct errmsg msg = { "" };
	struct code_use use;
	size_t i;
	int ret = 0;

	for (i = 0; i < v->nr && !ret; i++) {
		use = code_view_use(v, i);
		l = code_listing(code, &use, &msg);
		if (!l) {
			code_skip(&v->skipped, &msg);
			if (!i)
				break;
			continue;
		}
		v->shown++;
		if (!i)
			first = l;
		if (v->nr > 1 && !i)
			continue;
		code_print_heading(v, code);
		fprintf(v->out, "\n");
		if (v->nr == 1) {
			text_line(v->out, "%s", view_generation(v, 0));
			ret = print_listing(v->out, code_arch_of(code), l);
		} else {
			ret = code_print_two(v->out, view_generation(v, 0),
					     view_generation(v, i), first, l);
		}
	}
	return ret;
}
