// SPDX-License-Identifier: GPL-2.0
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "code/table.h"
#include "lib/array.h"
#include "lib/lines.h"

/* More instructions than any path has. */
#define MAX_COUNT 1000000

static int bad_word(const struct lines *l, const char *text, const char *word)
{
	return lines_refuse(l, "%s '%.80s'", text, word ? word : "");
}

/* Find the accessor and the generation; false if there are none. */
static bool find_names(const char *accessor, const char *generation,
		       struct code_use *use)
{
	int a, g;

	for (a = 0; accessor && a < PF_NR_ACCESSORS; a++)
		if (!strcmp(accessor, pf_accessors[a].name))
			break;
	for (g = 0; generation && g < PF_NR_GENERATIONS; g++)
		if (!strcmp(generation, pf_generations[g].name))
			break;
	use->accessor = a;
	use->generation = g;
	return accessor && generation && a < PF_NR_ACCESSORS &&
		g < PF_NR_GENERATIONS;
}

/* ACCESSOR/GENERATION[/branch|/select]/value|condition */
static int parse_use(const struct lines *l, char *name, struct code_use *use)
{
	char whole[CODE_USE_NAME_MAX], *save, *accessor, *generation, *word;
	bool ok;

	snprintf(whole, sizeof(whole), "%s", name);
	accessor = strtok_r(name, "/", &save);
	generation = strtok_r(NULL, "/", &save);
	ok = find_names(accessor, generation, use);
	word = strtok_r(NULL, "/", &save);
	use->lowering = !word ? PF_AUTO : !strcmp(word, "branch") ? PF_BRANCH :
		!strcmp(word, "select") ? PF_SELECT : PF_AUTO;
	if (use->lowering != PF_AUTO)
		word = strtok_r(NULL, "/", &save);
	if (!ok || !word || code_usage_find(word, &use->usage) ||
	    strtok_r(NULL, "/", &save))
		return bad_word(l, "not a use of an accessor:", whole);
	return code_use_exists(use) ? 0 :
		bad_word(l, "the catalog has no", whole);
}

static int parse_page(const struct lines *l, const char *word,
		      enum code_page *page)
{
	for (*page = 0; word && *page < CODE_NR_PAGES; ++*page)
		if (!strcmp(word, code_page_name(*page)))
			return 0;
	return bad_word(l, "not small, head or tail:", word);
}

/* Integers; the counts of a path are all "n/a", or none is. */
static int parse_counts(const struct lines *l, char **save,
			struct code_table_line *line)
{
	char *word, *end;
	int missing = 0;

	for (int i = 0; i < CODE_NR_COUNTS; i++) {
		word = strtok_r(NULL, " ", save);
		if (!word)
			return lines_refuse(l, "counts are missing");
		if (i != CODE_BYTES && !strcmp(word, "n/a")) {
			line->count[i] = -1;
			missing++;
			continue;
		}
		errno = 0;
		line->count[i] = strtol(word, &end, 10);
		if (!isdigit((unsigned char)*word) || *end || errno ||
		    line->count[i] > MAX_COUNT)
			return bad_word(l, "not a count:", word);
	}
	if (strtok_r(NULL, " ", save))
		return lines_refuse(l, "more counts than columns");
	if (missing && missing != CODE_NR_COUNTS - CODE_INSTRUCTIONS)
		return lines_refuse(l, "only some counts of the path are n/a");
	return 0;
}

static int parse_table_line(struct lines *l, struct code_table *table)
{
	struct code_table_line line, *grown;
	char *save, *use = strtok_r(l->line, " ", &save), none[] = "";
	int err;

	if (!table->arch)
		return lines_refuse(l, "no '# arch: ' above this");
	if (!*table->compiler)
		return lines_refuse(l, "no '# compiler: ' above this");
	if (use && strchr(use, ':'))
		return lines_refuse(l, "a listing: the table is the file without .listing");
	err = parse_use(l, use ? use : none, &line.use);
	if (!err)
		err = parse_page(l, strtok_r(NULL, " ", &save), &line.page);
	if (!err)
		err = parse_counts(l, &save, &line);
	if (err)
		return err;
	if (code_table_find(table, &line.use, line.page))
		return lines_refuse(l, "a second line of this use and page");
	grown = array_grow(table->line, table->nr, sizeof(*grown));
	if (!grown)
		return errmsg_set(l->msg, -ENOMEM, "%s: out of memory",
				  l->in->name);
	table->line = grown;
	table->line[table->nr++] = line;
	table->walked |= line.count[CODE_INSTRUCTIONS] >= 0;
	return 0;
}

/* "# arch: " and "# compiler: "; other comments are ignored. */
static int parse_comment(const struct lines *l, struct code_table *table)
{
	static const char arch[] = "# arch: ", compiler[] = "# compiler: ";
	const char *line = l->line;

	if (!strncmp(line, arch, strlen(arch))) {
		line += strlen(arch);
		if (table->arch)
			return lines_refuse(l, "a second architecture");
		table->arch = code_arch_find(line);
		return table->arch ? 0 : bad_word(l, "no architecture", line);
	}
	if (!strncmp(line, compiler, strlen(compiler))) {
		if (*table->compiler)
			return lines_refuse(l, "a second compiler");
		snprintf(table->compiler, sizeof(table->compiler), "%s",
			 line + strlen(compiler));
	}
	return 0;
}

static int parse_table(struct lines *l, struct code_table *table)
{
	int ret = lines_first(l, CODE_TABLE_MAGIC, "code table",
			      CODE_TABLE_VERSION);

	if (ret)
		return ret;
	while ((ret = lines_next(l)) > 0) {
		ret = *l->line == '#' ? parse_comment(l, table) :
			parse_table_line(l, table);
		if (ret)
			return ret;
	}
	return ret || table->nr ? ret :
		errmsg_set(l->msg, -EINVAL, "%s: no line of a use",
			   l->in->name);
}

int code_table_parse(struct input *in, struct code_table *table,
		    struct errmsg *msg)
{
	struct lines l = { .in = in, .msg = msg };
	int err;

	memset(table, 0, sizeof(*table));
	table->path = strdup(in->name);
	err = table->path ? parse_table(&l, table) :
		errmsg_set(msg, -ENOMEM, "%s: out of memory", in->name);
	if (err)
		code_table_free(table);
	return err;
}

int code_table_load(const char *path, struct code_table *table,
		    struct errmsg *msg)
{
	struct input in;
	int err;

	memset(table, 0, sizeof(*table));
	err = input_open(&in, path, msg);
	if (err)
		return err;
	err = code_table_parse(&in, table, msg);
	input_close(&in);
	return err;
}

void code_table_free(struct code_table *table)
{
	free(table->path);
	free(table->line);
	memset(table, 0, sizeof(*table));
}

const struct code_table_line *code_table_find(const struct code_table *table,
					      const struct code_use *use,
					      enum code_page page)
{
	for (size_t i = 0; i < table->nr; i++) {
		const struct code_table_line *l = &table->line[i];

		if (l->use.accessor == use->accessor &&
		    l->use.generation == use->generation &&
		    l->use.lowering == use->lowering &&
		    l->use.usage == use->usage && l->page == page)
			return l;
	}
	return NULL;
}

/* The first word that begins with a digit, outside of parentheses. */
static const char *find_version(const char *text)
{
	int depth = 0;

	for (const char *c = text; *c; c++) {
		depth += (*c == '(') - (*c == ')');
		if (!depth && isdigit((unsigned char)*c) &&
		    (c == text || c[-1] == ' '))
			return c;
	}
	return NULL;
}

void code_compiler_name(const char *version, char *name, size_t size)
{
	const char *number = find_version(version);
	const char *family = strcasestr(version, "clang") ? "clang" :
		strcasestr(version, "gcc") ? "gcc" : NULL;

	if (family && number)
		snprintf(name, size, "%s %.*s", family,
			 (int)strspn(number, "0123456789."), number);
	else
		snprintf(name, size, "%s", version);
}
