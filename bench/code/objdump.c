// SPDX-License-Identifier: GPL-2.0
/* Read the output of objdump -tdw or -tdrw: functions and instructions. */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "code/internal.h"
#include "lib/array.h"
#include "lib/text.h"

/* "0000000000000040 l     F .text<tab>000000000000000b [other] name" */
static int parse_symbol_line(struct code_object *o, const char *line)
{
	const char *tab = strchr(line, '\t'), *name = strrchr(line, ' ');
	struct code_symbol *s, *room;

	if (!tab || name < tab || strlen(line) < 25 || line[23] != 'F' ||
	    strncmp(line + 25, ".text\t", 6))
		return 0;
	if (strlen(name + 1) >= sizeof(s->name))
		return -EINVAL;
	room = array_grow(o->symbol, o->nr, sizeof(*s));
	if (!room)
		return -ENOMEM;
	o->symbol = room;
	s = &o->symbol[o->nr++];
	s->address = strtoull(line, NULL, 16);
	s->size = strtoull(tab, NULL, 16);
	strcpy(s->name, name + 1);
	return 0;
}

/*
 * "48 8b 07", "f9401001", "8082": bytes in the order of memory, or a number per
 * instruction on little-endian architectures with instructions of fixed size
 */
static bool parse_insn_bytes(struct code_insn *insn, const char *at,
			     const char *end)
{
	size_t digits, i;

	while (at < end) {
		digits = strspn(at, "0123456789abcdef");
		if (!digits || digits % 2 ||
		    insn->size + digits / 2 > sizeof(insn->bytes))
			return false;
		for (i = 0; i < digits / 2; i++) {
			char hex[3] = { at[2 * i], at[2 * i + 1], '\0' };

			insn->bytes[insn->size + digits / 2 - 1 - i] =
				strtoul(hex, NULL, 16);
		}
		insn->size += digits / 2;
		at += digits;
		at += strspn(at, " ");
	}
	return insn->size > 0;
}

/*
 * Copy mnemonic, one blank and operands, without comments and without the
 * symbol after a target. @target is as objdump prints it.
 */
static char *clean_text(const char *text, uint64_t base, bool *has_target,
			uint64_t *target)
{
	char *copy = malloc(strlen(text) + 32), *to = copy, *cut, *at;

	if (!copy)
		return NULL;
	for (; *text; text++)
		if (!isspace((unsigned char)*text))
			*to++ = *text;
		else if (to > copy && to[-1] != ' ')
			*to++ = ' ';
	*to = '\0';
	cut = strstr(copy, " # ");
	if (!cut)
		cut = strstr(copy, " // ");
	if (cut)
		*cut = '\0';
	*has_target = false;
	cut = strstr(copy, " <");
	if (cut) {
		*cut = '\0';
		at = copy + strcspn(copy, " ");
		while (strpbrk(at + 1, " ,"))
			at = strpbrk(at + 1, " ,");
		if (*at) {
			*target = strtoull(at + 1, &cut, 16);
			*has_target = !*cut;
		}
		if (*has_target)
			sprintf(at + 1, "%" PRIx64, *target - base);
	}
	for (to = copy + strlen(copy); to > copy && to[-1] == ' ';)
		*--to = '\0';
	return copy;
}

/* The function that contains an address; symbols are sorted. */
static struct code_symbol *symbol_at(const struct code_object *o,
				     uint64_t address)
{
	size_t lo = 0, hi = o->nr, mid;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (o->symbol[mid].address > address)
			hi = mid;
		else
			lo = mid + 1;
	}
	if (!lo)
		return NULL;
	lo--;
	if (address - o->symbol[lo].address >= o->symbol[lo].size)
		return NULL;
	return &o->symbol[lo];
}

/*
 * Cut "<tab>1: R_X86_64_PLT32<tab>__folio_put-0x4" off the text. Copies the
 * symbol without an offset: one in another section moves with other functions.
 */
static bool cut_relocation(char *text, char *symbol)
{
	char *at = strstr(text, ": R_"), *name;

	if (!at)
		return false;
	name = strchr(at, '\t');
	while (at > text && *at != '\t')
		at--;
	*at = '\0';
	if (!name)
		return false;
	snprintf(symbol, CODE_SYMBOL_MAX, "%.*s", (int)strcspn(name + 1, "+\t"),
		 name + 1);
	at = strstr(symbol, "-0x");
	if (at)
		*at = '\0';
	return *symbol && strcmp(symbol, "*ABS*");
}

/* Put the symbol in the place of a target, the last operand, or after it. */
static char *with_symbol(char *text, const char *symbol, bool has_target)
{
	char *with, *last = strrchr(text, ',') ? strrchr(text, ',') :
		strrchr(text, ' ');

	with = has_target && last ?
		text_format("%.*s%s", (int)(last + 1 - text), text, symbol) :
		text_format("%s <%s>", text, symbol);
	free(text);
	return with;
}

/* "     1c0:<tab>48 8b 07             <tab>mov    (%rdi),%rax" */
static int parse_insn_line(struct code_object *o, const struct code_arch *arch,
			   char *line, struct errmsg *msg)
{
	struct code_insn insn = { .target = -1 }, *room;
	char symbol[CODE_SYMBOL_MAX];
	const struct code_symbol *s;
	struct code_listing *l;
	uint64_t address, target = 0;
	const char *tab;
	bool has_target, relocated;
	char *end;

	address = strtoull(line, &end, 16);
	if (end == line || end[0] != ':' || end[1] != '\t')
		return 0;
	tab = strchr(end + 2, '\t');
	s = symbol_at(o, address);
	if (!tab || !s)
		return 0;
	if (!parse_insn_bytes(&insn, end + 2, tab))
		return errmsg_set(msg, -EINVAL, "objdump: unknown line: %s",
			       line);
	l = &o->listing[s - o->symbol];
	insn.address = address - s->address;
	relocated = cut_relocation(strchr(end + 2, '\t'), symbol);
	insn.text = clean_text(tab + 1, s->address, &has_target, &target);
	if (insn.text && relocated)
		insn.text = with_symbol(insn.text, symbol, has_target);
	if (!insn.text)
		return errmsg_set(msg, -ENOMEM, "out of memory");
	insn.classes = code_classify(arch, insn.text);
	/* an address until resolve_listing() */
	if (has_target && !relocated &&
	    insn.classes & (CODE_BRANCH | CODE_JUMP))
		insn.target = target - s->address;
	room = array_grow(l->insn, l->nr, sizeof(insn));
	if (!room) {
		free(insn.text);
		return errmsg_set(msg, -ENOMEM, "out of memory");
	}
	l->insn = room;
	l->insn[l->nr++] = insn;
	return 0;
}

/* Is it reached only by falling through from the end of a path? */
static bool is_nop_padding(const struct code_listing *l, size_t i, bool ended)
{
	const struct code_insn *insn = &l->insn[i];
	size_t k;

	if (!ended || !(insn->classes & (CODE_NOP | CODE_UNKNOWN)))
		return false;
	for (k = 0; k < l->nr; k++)
		if (l->insn[k].target == (long)insn->address)
			return false;
	return true;
}

/*
 * Remove padding, and turn target addresses into indices. @outside: a target may
 * be in another function, as those of an alternative are
 */
static int resolve_listing(struct code_listing *l, const char *name,
			   bool outside, struct errmsg *msg)
{
	bool ended = false, *drop = calloc(l->nr + 1, sizeof(*drop));
	size_t i, k, n = 0;

	if (!drop)
		return errmsg_set(msg, -ENOMEM, "out of memory");
	for (i = 0; i < l->nr; i++) {
		drop[i] = is_nop_padding(l, i, ended);
		ended = drop[i] ||
			((l->insn[i].classes & (CODE_JUMP | CODE_RETURN)) &&
			 !(l->insn[i].classes & CODE_BRANCH));
	}
	for (i = 0; i < l->nr; i++) {
		if (drop[i])
			free(l->insn[i].text);
		else
			l->insn[n++] = l->insn[i];
	}
	free(drop);
	l->nr = n;
	for (i = 0; i < l->nr; i++) {
		struct code_insn *insn = &l->insn[i];

		if (insn->classes & CODE_RETURN ||
		    !(insn->classes & (CODE_BRANCH | CODE_JUMP)))
			continue;
		for (k = 0; k < l->nr; k++)
			if ((long)l->insn[k].address == insn->target)
				break;
		if (k == l->nr && !outside)
			return errmsg_set(msg, -EINVAL, "%s: the target of %s is outside",
				       name, insn->text);
		insn->target = k < l->nr ? (long)k : -1;
	}
	return 0;
}

static int compare_symbols(const void *pa, const void *pb)
{
	const struct code_symbol *a = pa, *b = pb;

	return a->address < b->address ? -1 : a->address > b->address;
}

static int parse_objdump(struct code_object *o, const struct code_arch *arch,
			 char *text, bool outside, struct errmsg *msg)
{
	bool symbols = false, code = false;
	char *line, *next;
	int ret = 0;
	size_t i;

	for (line = text; line && !ret; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		if (!strcmp(line, "SYMBOL TABLE:")) {
			symbols = true;
		} else if (!strncmp(line, "Disassembly of section ", 23)) {
			code = !strcmp(line + 23, ".text:");
			symbols = false;
			if (o->listing)
				continue;
			qsort(o->symbol, o->nr, sizeof(*o->symbol),
			      compare_symbols);
			o->listing = calloc(o->nr + 1, sizeof(*o->listing));
			if (!o->listing)
				return errmsg_set(msg, -ENOMEM, "out of memory");
		} else if (symbols) {
			ret = parse_symbol_line(o, line);
		} else if (code) {
			ret = parse_insn_line(o, arch, line, msg);
		}
	}
	for (i = 0; o->listing && i < o->nr && !ret; i++)
		ret = resolve_listing(&o->listing[i], o->symbol[i].name,
				      outside, msg);
	return ret;
}

static int parse_checked(struct code_object *o, const struct code_arch *arch,
			 char *text, bool outside, struct errmsg *msg)
{
	const char *format = strstr(text, "file format ");
	size_t n = strlen(arch->bfd);

	memset(o, 0, sizeof(*o));
	if (!format || strncmp(format + 12, arch->bfd, n) ||
	    !isspace((unsigned char)format[12 + n]))
		return errmsg_set(msg, -EINVAL, "not an object for %s",
			       arch->name);
	return parse_objdump(o, arch, text, outside, msg);
}

int code_object_parse(struct code_object *o, const struct code_arch *arch,
		      char *text, struct errmsg *msg)
{
	return parse_checked(o, arch, text, false, msg);
}

int code_object_parse_kernel(struct code_object *o,
			     const struct code_arch *arch, char *text,
			     struct errmsg *msg)
{
	return parse_checked(o, arch, text, true, msg);
}

void code_object_free(struct code_object *o)
{
	size_t i, k;

	for (i = 0; o->listing && i < o->nr; i++) {
		for (k = 0; k < o->listing[i].nr; k++)
			free(o->listing[i].insn[k].text);
		free(o->listing[i].insn);
	}
	free(o->listing);
	free(o->symbol);
	memset(o, 0, sizeof(*o));
}

const struct code_symbol *code_object_symbol(const struct code_object *o,
					     const char *name)
{
	size_t i;

	for (i = 0; i < o->nr; i++)
		if (!strcmp(o->symbol[i].name, name))
			return &o->symbol[i];
	return NULL;
}

const struct code_insn *code_insn_at(const struct code_listing *l,
				     uint64_t address)
{
	size_t lo = 0, hi = l->nr, mid;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (l->insn[mid].address == address)
			return &l->insn[mid];
		if (l->insn[mid].address < address)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}
