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

#define LINE_MAX_BYTES 512
/* More instructions than any path has. */
#define MAX_COUNT 1000000

/* The place in the file, for error messages. */
struct table_place {
	const char *path;
	unsigned long line;
	struct errmsg *msg;
};

static int bad_line(const struct table_place *at, const char *text)
{
	return errmsg_set(at->msg, -EINVAL, "%s:%lu: %s", at->path, at->line,
			  text);
}

static int bad_word(const struct table_place *at, const char *text,
		    const char *word)
{
	return errmsg_set(at->msg, -EINVAL, "%s:%lu: %s '%.80s'", at->path,
			  at->line, text, word ? word : "");
}

bool code_table_is(const char *path)
{
	char start[sizeof(CODE_TABLE_MAGIC)];
	FILE *f = fopen(path, "re");
	bool is;

	if (!f)
		return false;
	is = fgets(start, sizeof(start), f) && !strcmp(start, CODE_TABLE_MAGIC);
	fclose(f);
	return is;
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
static int parse_use(const struct table_place *at, char *name,
		     struct code_use *use)
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
		return bad_word(at, "not a use of an accessor:", whole);
	return code_use_exists(use) ? 0 :
		bad_word(at, "the catalog has no", whole);
}

static int parse_page(const struct table_place *at, const char *word,
		      enum code_page *page)
{
	for (*page = 0; word && *page < CODE_NR_PAGES; ++*page)
		if (!strcmp(word, code_page_name(*page)))
			return 0;
	return bad_word(at, "not small, head or tail:", word);
}

/* Integers; the counts of a path are all "n/a", or none is. */
static int parse_counts(const struct table_place *at, char **save,
			struct code_table_line *line)
{
	char *word, *end;
	int missing = 0;

	for (int i = 0; i < CODE_NR_COUNTS; i++) {
		word = strtok_r(NULL, " ", save);
		if (!word)
			return bad_line(at, "counts are missing");
		if (i != CODE_BYTES && !strcmp(word, "n/a")) {
			line->count[i] = -1;
			missing++;
			continue;
		}
		errno = 0;
		line->count[i] = strtol(word, &end, 10);
		if (!isdigit((unsigned char)*word) || *end || errno ||
		    line->count[i] > MAX_COUNT)
			return bad_word(at, "not a count:", word);
	}
	if (strtok_r(NULL, " ", save))
		return bad_line(at, "more counts than columns");
	if (missing && missing != CODE_NR_COUNTS - CODE_INSTRUCTIONS)
		return bad_line(at, "only some counts of the path are n/a");
	return 0;
}

static int parse_table_line(const struct table_place *at, char *text,
			    struct code_table *table)
{
	struct code_table_line line, *grown;
	char *save, *use = strtok_r(text, " ", &save), none[] = "";
	int err;

	if (!table->arch)
		return bad_line(at, "no '# arch: ' above this");
	if (!*table->compiler)
		return bad_line(at, "no '# compiler: ' above this");
	if (use && strchr(use, ':'))
		return bad_line(at, "a listing: the table is the file without .listing");
	err = parse_use(at, use ? use : none, &line.use);
	if (!err)
		err = parse_page(at, strtok_r(NULL, " ", &save), &line.page);
	if (!err)
		err = parse_counts(at, &save, &line);
	if (err)
		return err;
	if (code_table_find(table, &line.use, line.page))
		return bad_line(at, "a second line of this use and page");
	grown = array_grow(table->line, table->nr, sizeof(*grown));
	if (!grown)
		return errmsg_set(at->msg, -ENOMEM, "%s: out of memory",
				  at->path);
	table->line = grown;
	table->line[table->nr++] = line;
	table->walked |= line.count[CODE_INSTRUCTIONS] >= 0;
	return 0;
}

/* "# arch: " and "# compiler: "; other comments are ignored. */
static int parse_comment(const struct table_place *at, const char *line,
			 struct code_table *table)
{
	static const char arch[] = "# arch: ", compiler[] = "# compiler: ";

	if (!strncmp(line, arch, strlen(arch))) {
		line += strlen(arch);
		if (table->arch)
			return bad_line(at, "a second architecture");
		table->arch = code_arch_find(line);
		return table->arch ? 0 : bad_word(at, "no architecture", line);
	}
	if (!strncmp(line, compiler, strlen(compiler))) {
		if (*table->compiler)
			return bad_line(at, "a second compiler");
		snprintf(table->compiler, sizeof(table->compiler), "%s",
			 line + strlen(compiler));
	}
	return 0;
}

/* Check that a line is complete and ASCII, and cut off its newline. */
static int check_line(const struct table_place *at, char *line)
{
	size_t n = strlen(line);

	if (!n || line[n - 1] != '\n')
		return bad_line(at, "cut off, or too long for a line");
	line[--n] = '\0';
	while (n--)
		if (line[n] < ' ' || line[n] > '~')
			return bad_line(at, "not ASCII");
	if (at->line > 1)
		return 0;
	if (strncmp(line, CODE_TABLE_MAGIC, strlen(CODE_TABLE_MAGIC)))
		return bad_line(at, "not a code table: pfbench codegen --out writes them");
	if (strcmp(line, CODE_TABLE_MAGIC "1"))
		return bad_line(at, "a later format than this pfbench reads");
	return 0;
}

static int parse_table(struct table_place *at, FILE *f,
		       struct code_table *table)
{
	char line[LINE_MAX_BYTES];
	int err = 0;

	while (!err && fgets(line, sizeof(line), f)) {
		at->line++;
		err = check_line(at, line);
		if (!err)
			err = *line == '#' ? parse_comment(at, line, table) :
				parse_table_line(at, line, table);
	}
	if (!err && ferror(f))
		return errmsg_set(at->msg, -EIO, "%s: %s", at->path,
				  strerror(EIO));
	return err || table->nr ? err :
		errmsg_set(at->msg, -EINVAL, "%s: no line of a use", at->path);
}

int code_table_load(const char *path, struct code_table *table,
		    struct errmsg *msg)
{
	struct table_place at = { .path = path, .msg = msg };
	FILE *f = fopen(path, "re");
	int err;

	memset(table, 0, sizeof(*table));
	if (!f)
		return errmsg_set(msg, -errno, "%s: %s", path, strerror(errno));
	table->path = strdup(path);
	err = table->path ? parse_table(&at, f, table) :
		errmsg_set(msg, -ENOMEM, "%s: out of memory", path);
	fclose(f);
	if (err)
		code_table_free(table);
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
