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
#include "data/point.h"

#define LINE_MAX_BYTES 512
/* More than any path has; a figure beyond is a mistake. */
#define MAX_COUNT 1000000

static const char *const page_names[CODE_NR_PAGES] = {
	[CODE_SMALL] = "small", [CODE_HEAD] = "head", [CODE_TAIL] = "tail",
};

/* Where we are, for the one line that says so. */
struct place {
	const char *path;
	unsigned long line;
	struct errmsg *msg;
};

static int refuse(const struct place *at, const char *what)
{
	return errmsg_set(at->msg, -EINVAL, "%s:%lu: %s", at->path, at->line,
		       what);
}

static int refuse_word(const struct place *at, const char *what,
		       const char *word)
{
	char text[160];

	snprintf(text, sizeof(text), "%s '%.80s'", what, word);
	return refuse(at, text);
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

/* Which of @names @word is; -1: none */
static int which(const char *word, const char *const *names, int nr)
{
	for (int i = 0; word && i < nr; i++)
		if (!strcmp(word, names[i]))
			return i;
	return -1;
}

static int parse_accessor(const char *word)
{
	for (int a = 0; word && a < PF_NR_ACCESSORS; a++)
		if (!strcmp(word, pf_accessors[a].name))
			return a;
	return -1;
}

static int parse_generation(const char *word)
{
	for (int g = 0; word && g < PF_NR_GENERATIONS; g++)
		if (!strcmp(word, pf_generations[g].name))
			return g;
	return -1;
}

/* ACCESSOR/GENERATION[/branch|/select]/value|condition */
static int parse_use(const struct place *at, char *name, struct code_use *use)
{
	static const char *const usages[CODE_NR_USAGES] = {
		[CODE_VALUE] = "value", [CODE_CONDITION] = "condition",
	};
	static const char *const lowerings[] = { "branch", "select" };
	char whole[CODE_USE_NAME_MAX], *save, *word;
	int accessor, generation, lowering, usage;

	snprintf(whole, sizeof(whole), "%s", name);
	accessor = parse_accessor(strtok_r(name, "/", &save));
	generation = parse_generation(strtok_r(NULL, "/", &save));
	word = strtok_r(NULL, "/", &save);
	lowering = which(word, lowerings, 2);
	if (lowering >= 0)
		word = strtok_r(NULL, "/", &save);
	usage = which(word, usages, CODE_NR_USAGES);
	if (accessor < 0 || generation < 0 || usage < 0 ||
	    strtok_r(NULL, "/", &save))
		return refuse_word(at, "no use of an accessor by the name of",
				   whole);
	use->accessor = accessor;
	use->generation = generation;
	use->lowering = lowering < 0 ? PF_AUTO :
		lowering ? PF_SELECT : PF_BRANCH;
	use->usage = usage;
	return code_use_exists(use) ? 0 :
		refuse_word(at, "the catalog has no", whole);
}

/* Whole numbers; of a path "n/a", and then all of them. */
static int parse_counts(const struct place *at, char **save,
			struct code_table_line *line)
{
	char *word, *end;
	int missing = 0;

	for (int i = 0; i < CODE_NR_COUNTS; i++) {
		word = strtok_r(NULL, " ", save);
		if (!word)
			return refuse(at, "figures are missing");
		if (i != CODE_BYTES && !strcmp(word, "n/a")) {
			line->count[i] = -1;
			missing++;
			continue;
		}
		errno = 0;
		line->count[i] = strtol(word, &end, 10);
		if (!isdigit((unsigned char)*word) || *end || errno ||
		    line->count[i] > MAX_COUNT)
			return refuse_word(at, "not a count:", word);
	}
	if (strtok_r(NULL, " ", save))
		return refuse(at, "more figures than there are columns");
	if (missing && missing != CODE_NR_COUNTS - CODE_INSTRUCTIONS)
		return refuse(at, "a path of which a part is n/a");
	return 0;
}

static int parse_line(const struct place *at, char *text,
		      struct code_table *table)
{
	struct code_table_line line, *grown;
	char *save, *use = strtok_r(text, " ", &save);
	char *page = strtok_r(NULL, " ", &save);
	int err, p = which(page, page_names, CODE_NR_PAGES);

	if (!table->arch)
		return refuse(at, "no '# arch: ' above this");
	if (!*table->compiler)
		return refuse(at, "no '# compiler: ' above this");
	if (use && strchr(use, ':'))
		return refuse(at, "a listing: the table is the file without .listing");
	err = parse_use(at, use ? use : "", &line.use);
	if (err)
		return err;
	if (p < 0)
		return refuse_word(at, "not small, head or tail:",
				   page ? page : "");
	line.page = p;
	err = parse_counts(at, &save, &line);
	if (err)
		return err;
	if (code_table_find(table, &line.use, line.page))
		return refuse(at, "there was a line of this use and page");
	grown = realloc(table->line, (table->nr + 1) * sizeof(*grown));
	if (!grown)
		return errmsg_set(at->msg, -ENOMEM, "%s: out of memory", at->path);
	table->line = grown;
	table->line[table->nr++] = line;
	table->walked |= line.count[CODE_INSTRUCTIONS] >= 0;
	return 0;
}

/* "# key: value"; other comments are passed over. */
static int parse_key(const struct place *at, const char *line,
		     struct code_table *table)
{
	static const char arch[] = "# arch: ", compiler[] = "# compiler: ";

	if (!strncmp(line, arch, strlen(arch))) {
		line += strlen(arch);
		if (table->arch)
			return refuse(at, "a second architecture");
		table->arch = code_arch_find(line);
		return table->arch ? 0 :
			refuse_word(at, "no architecture", line);
	}
	if (!strncmp(line, compiler, strlen(compiler))) {
		if (*table->compiler)
			return refuse(at, "a second compiler");
		snprintf(table->compiler, sizeof(table->compiler), "%s",
			 line + strlen(compiler));
	}
	return 0;
}

static int parse_file(struct place *at, FILE *f, struct code_table *table)
{
	char line[LINE_MAX_BYTES];
	int err = 0;
	size_t n;

	while (!err && fgets(line, sizeof(line), f)) {
		at->line++;
		n = strlen(line);
		if (!n || line[n - 1] != '\n')
			return refuse(at, "cut off, or longer than a line can be");
		line[--n] = '\0';
		while (n--)
			if (line[n] < ' ' || line[n] > '~')
				return refuse(at, "not ASCII");
		if (at->line == 1 && strncmp(line, CODE_TABLE_MAGIC,
					     strlen(CODE_TABLE_MAGIC)))
			return refuse(at, "no code table: pfbench codegen --out writes some");
		if (at->line == 1 && strcmp(line, CODE_TABLE_MAGIC "1"))
			return refuse(at, "of a later format than this pfbench reads");
		err = *line == '#' ? parse_key(at, line, table) :
			parse_line(at, line, table);
	}
	if (!err && ferror(f))
		return errmsg_set(at->msg, -EIO, "%s: %s", at->path,
			       strerror(EIO));
	return err || table->nr ? err :
		errmsg_set(at->msg, -EINVAL, "%s: no line of a use in it",
			at->path);
}

int code_table_load(const char *path, struct code_table *table,
		    struct errmsg *msg)
{
	struct place at = { .path = path, .msg = msg };
	FILE *f = fopen(path, "re");
	int err;

	memset(table, 0, sizeof(*table));
	if (!f)
		return errmsg_set(msg, -errno, "%s: %s", path, strerror(errno));
	table->path = strdup(path);
	err = table->path ? parse_file(&at, f, table) :
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
static const char *find_version(const char *said)
{
	int depth = 0;

	for (const char *c = said; *c; c++) {
		depth += (*c == '(') - (*c == ')');
		if (!depth && isdigit((unsigned char)*c) &&
		    (c == said || c[-1] == ' '))
			return c;
	}
	return NULL;
}

void code_compiler_name(const char *said, char *name, size_t size)
{
	const char *version = find_version(said);
	const char *family = strcasestr(said, "clang") ? "clang" :
		strcasestr(said, "gcc") ? "gcc" : NULL;

	if (family && version)
		snprintf(name, size, "%s %.*s", family,
			 (int)strspn(version, "0123456789."), version);
	else
		snprintf(name, size, "%s", said);
}
