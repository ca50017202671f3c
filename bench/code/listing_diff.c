// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "code/listing_diff.h"

/* For each register the register of the other listing. */
#define NR_REGISTERS 128
struct register_map {
	unsigned char there[NR_REGISTERS], back[NR_REGISTERS];	/* 1 + number;
								   0: none */
};

/* Parse "x7" or "a0"; returns its length, 0 if there is no register. */
static size_t parse_numbered(const char *at, const char *letters,
			     unsigned int *number, unsigned int *width)
{
	const char *letter = *at ? strchr(letters, *at) : NULL;
	char *end;

	if (!letter || !isdigit((unsigned char)at[1]))
		return 0;
	*number = strtoul(at + 1, &end, 10) % 32;
	*width = *letter;
	return isalnum((unsigned char)*end) ? 0 : end - at;
}

/* %rax, %eax, %ax, %al, %ah; %r8, %r8d; s390x has %r8, too */
static size_t parse_percent(const char *at, unsigned int *number,
			    unsigned int *width)
{
	static const char *const names[] = {
		"ax", "bx", "cx", "dx", "si", "di", "bp", "sp",
	};
	size_t len = strspn(at + 1, "abcdefghijklmnopqrstuvwxyz0123456789");
	const char *name = at + 1, *found;
	size_t i;

	*width = len == 3 && name[2] != 'l' ? name[0] : name[len - 1];
	if (len == 3 && (name[0] == 'r' || name[0] == 'e') &&
	    !isdigit((unsigned char)name[1]))
		name++;
	for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
		found = names[i];
		/* "al" and "ah" by their letter, "sil" by two */
		if (!strncmp(name, found, 2) ||
		    (len == 2 && name[0] == found[0] && found[1] == 'x' &&
		     (name[1] == 'l' || name[1] == 'h'))) {
			*number = 32 + i;
			return len + 1;
		}
	}
	if (len < 2 || *name != 'r' || !isdigit((unsigned char)name[1]))
		return 0;
	*width = isdigit((unsigned char)name[len - 1]) ? 'r' : name[len - 1];
	*number = strtoul(name + 1, NULL, 10) % 32;
	return len + 1;
}

static size_t parse_register(const char *text, const char *at,
			     unsigned int *number, unsigned int *width)
{
	size_t n;

	*number = 0;
	*width = 0;
	if (*at == '%')
		return parse_percent(at, number, width);
	if (at > text && (isalnum((unsigned char)at[-1]) ||
			  strchr("#_.$%", at[-1])))
		return 0;
	/* arm64: two widths of one register */
	n = parse_numbered(at, "xw", number, width);
	/* riscv64, ppc64 */
	if (!n) {
		n = parse_numbered(at, "atsr", number, width);
		if (n)
			*number += *width == 'a' ? 32 : *width == 't' ? 64 :
				*width == 's' ? 96 : 0;
	}
	return n;
}

/* The length of the text without a target. */
static size_t text_length(const struct code_insn *insn)
{
	const char *end = insn->text + strlen(insn->text);

	if (insn->classes & (CODE_BRANCH | CODE_JUMP) &&
	    !(insn->classes & CODE_RETURN))
		while (end > insn->text && isalnum((unsigned char)end[-1]))
			end--;
	return end - insn->text;
}

/* Are they equal if registers are renamed by @r? Adds to @r. */
static bool same_renamed(const struct code_insn *a, const struct code_insn *b,
			 struct register_map *r)
{
	const char *p = a->text, *q = b->text;
	const char *p_end = p + text_length(a), *q_end = q + text_length(b);
	struct register_map now = *r;
	unsigned int pn, pw, qn, qw;
	size_t pl, ql;

	while (p < p_end && q < q_end) {
		pl = parse_register(a->text, p, &pn, &pw);
		ql = parse_register(b->text, q, &qn, &qw);
		if (!pl && !ql) {
			if (*p++ != *q++)
				return false;
			continue;
		}
		if (!pl || !ql || pw != qw)
			return false;
		if (!now.there[pn] && !now.back[qn]) {
			now.there[pn] = qn + 1;
			now.back[qn] = pn + 1;
		}
		if (now.there[pn] != qn + 1 || now.back[qn] != pn + 1)
			return false;
		p += pl;
		q += ql;
	}
	if (p != p_end || q != q_end)
		return false;
	*r = now;
	return true;
}

static bool same_alone(const struct code_insn *a, const struct code_insn *b)
{
	struct register_map r = { { 0 }, { 0 } };

	return same_renamed(a, b, &r);
}

static void add_row(struct code_diff *d, long a, long b)
{
	d->row[d->nr++] = (struct code_row){ a, b };
}

/* Align the rows between by their longest common subsequence. */
static int add_middle(struct code_diff *d, const struct code_listing *a,
		      const struct code_listing *b, size_t a_end, size_t b_end)
{
	size_t i = d->head, j = d->head, w = b->nr + 1;
	/* len[i * w + j]: length for the rests from i and from j on */
	unsigned short *len = calloc((a->nr + 1) * w, sizeof(*len));

	if (!len)
		return -ENOMEM;
	for (i = a_end; i-- > d->head;)
		for (j = b_end; j-- > d->head;)
			len[i * w + j] = same_alone(&a->insn[i], &b->insn[j]) ?
				len[(i + 1) * w + j + 1] + 1 :
				len[(i + 1) * w + j] > len[i * w + j + 1] ?
				len[(i + 1) * w + j] : len[i * w + j + 1];
	i = j = d->head;
	while (i < a_end || j < b_end) {
		if (i < a_end && j < b_end &&
		    same_alone(&a->insn[i], &b->insn[j]))
			add_row(d, i++, j++);
		else if (j == b_end || (i < a_end &&
			 len[(i + 1) * w + j] >= len[i * w + j + 1]))
			add_row(d, i++, -1);
		else
			add_row(d, -1, j++);
	}
	free(len);
	return 0;
}

int code_diff(struct code_diff *d, const struct code_listing *a,
	      const struct code_listing *b)
{
	size_t least = a->nr < b->nr ? a->nr : b->nr, i;
	struct register_map r = { { 0 }, { 0 } };
	int ret;

	memset(d, 0, sizeof(*d));
	d->row = calloc(a->nr + b->nr + 1, sizeof(*d->row));
	if (!d->row)
		return -ENOMEM;
	while (d->head < least &&
	       same_renamed(&a->insn[d->head], &b->insn[d->head], &r))
		d->head++;
	/* the end may use other registers */
	memset(&r, 0, sizeof(r));
	while (d->head + d->tail < least &&
	       same_renamed(&a->insn[a->nr - 1 - d->tail],
		    &b->insn[b->nr - 1 - d->tail], &r))
		d->tail++;
	for (i = 0; i < d->head; i++)
		add_row(d, i, i);
	ret = add_middle(d, a, b, a->nr - d->tail, b->nr - d->tail);
	for (i = 0; i < d->tail; i++)
		add_row(d, a->nr - d->tail + i, b->nr - d->tail + i);
	if (ret)
		code_diff_free(d);
	return ret;
}

void code_diff_free(struct code_diff *d)
{
	free(d->row);
	memset(d, 0, sizeof(*d));
}
