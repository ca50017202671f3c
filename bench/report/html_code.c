// SPDX-License-Identifier: GPL-2.0
/*
 * The listings behind the figures: COMPILER.listing.txt and the code table
 * COMPILER.txt beside it, as 'pfbench codegen --out' writes both.
 */
#include <errno.h>
#include <fts.h>
#include <stdlib.h>
#include <string.h>

#include "code/table.h"
#include "lib/array.h"
#include "lib/auto_free.h"
#include "lib/text.h"
#include "report/html_internal.h"

static const char suffix[] = ".listing.txt";

bool html_is_listing(const char *path)
{
	size_t n = strlen(path);

	return n > strlen(suffix) &&
		!strcmp(path + n - strlen(suffix), suffix);
}

/* The architecture and compiler of a listing, and its lines so far. */
struct listing_text {
	const struct code_arch *arch;
	char compiler[512];
	bool any;
	FILE *f;
};

/* "PageLocked/plain/value: mov (%rdi),%rax; ret" */
static bool take_listing_line(struct listing_text *l, char *line)
{
	static const char arch[] = "# arch: ", compiler[] = "# compiler: ";
	char *code = strstr(line, ": ");

	line[strcspn(line, "\n")] = '\0';
	if (!strncmp(line, arch, strlen(arch)))
		l->arch = code_arch_find(line + strlen(arch));
	else if (!strncmp(line, compiler, strlen(compiler)))
		code_compiler_name(line + strlen(compiler), l->compiler,
				   sizeof(l->compiler));
	if (*line == '#' || !*line)
		return true;
	if (!code || !l->arch)
		return false;
	*code = '\0';
	fputs(l->any ? ",\n" : "", l->f);
	html_json_string(l->f, line);
	fputs(":", l->f);
	html_json_string(l->f, code + 2);
	l->any = true;
	return true;
}

static int read_listing(struct listing_text *l, const char *path,
			struct errmsg *msg)
{
	auto_free char *line = NULL;
	struct input in;
	size_t size = 0, number = 0;
	int err = input_open(&in, path, msg);

	if (err)
		return err;
	if (!input_is(&in, CODE_TABLE_MAGIC))
		err = errmsg_set(msg, -EINVAL,
				 "%s: not a listing of pfbench codegen --out",
				 path);
	while (!err && getline(&line, &size, in.f) > 0) {
		number++;
		if (!take_listing_line(l, line))
			err = errmsg_set(msg, -EINVAL, "%s:%zu: not 'USE: INSTRUCTION; ...' of a known architecture",
					 path, number);
	}
	if (!err)
		err = input_error(&in, msg);
	input_close(&in);
	return err;
}

/* The counts of all uses and pages; none if there is no table. */
static void write_code_counts(FILE *f, const char *path)
{
	struct code_table table;
	struct errmsg msg;
	char name[CODE_USE_NAME_MAX];

	if (code_table_load(path, &table, &msg))
		return;
	for (size_t i = 0; i < table.nr; i++) {
		const struct code_table_line *line = &table.line[i];

		code_use_name(&line->use, name);
		fprintf(f, "%s\"%s %s\":[", i ? ",\n" : "", name,
			code_page_name(line->page));
		for (int k = 0; k < CODE_NR_COUNTS; k++)
			fprintf(f, "%s%ld", k ? "," : "", line->count[k]);
		fputs("]", f);
	}
	code_table_free(&table);
}

/* Is there a machine of that architecture? */
static bool is_machine_arch(const struct machines *m,
			    const struct code_arch *arch)
{
	for (size_t i = 0; i < m->nr; i++)
		if (code_arch_find(m->machine[i].arch) == arch)
			return true;
	return false;
}

static int add_code(struct html *h, const struct code_arch *arch, char *json)
{
	struct html_code *grown = array_grow(h->code, h->nr_code,
					     sizeof(*grown));

	if (!grown)
		return -ENOMEM;
	h->code = grown;
	h->code[h->nr_code++] = (struct html_code){ arch, json };
	return 0;
}

/* A listing with a fault is left out. */
static int add_listing(struct html *h, const char *path)
{
	struct errmsg msg = { "" };
	struct listing_text l = { .compiler = "" };
	auto_free char *uses = NULL, *json = NULL, *counts = NULL;
	size_t size, json_size;
	FILE *f;
	int err;

	counts = text_format("%.*s.txt", (int)(strlen(path) - strlen(suffix)),
			     path);
	l.f = open_memstream(&uses, &size);
	f = l.f ? open_memstream(&json, &json_size) : NULL;
	err = !f || !counts ? -ENOMEM : read_listing(&l, path, &msg);
	if (l.f)
		fclose(l.f);
	if (!err && is_machine_arch(&h->machines, l.arch)) {
		fputs("{\"file\":", f);
		html_json_string(f, path);
		fputs(",\"compiler\":", f);
		html_json_string(f, l.compiler);
		fprintf(f, ",\"uses\":{%s},\n\"counts\":{", uses);
		write_code_counts(f, counts);
		fputs("}}", f);
	}
	if (f)
		fclose(f);
	if (err && err != -ENOMEM) {
		left_out_add(&h->machines.left_out, "%s", msg.text);
		return 0;
	}
	if (!err && is_machine_arch(&h->machines, l.arch)) {
		err = add_code(h, l.arch, json);
		if (!err)
			json = NULL;
	}
	return err;
}

static int compare_listings(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

static int add_listings_below(struct html *h, char *name)
{
	char *const names[] = { name, NULL };
	FTS *fts = fts_open(names, FTS_PHYSICAL | FTS_NOCHDIR,
			    compare_listings);
	FTSENT *e;
	int err = 0;

	while (fts && !err && (e = fts_read(fts)))
		if (e->fts_info == FTS_F && html_is_listing(e->fts_path))
			err = add_listing(h, e->fts_path);
	if (fts)
		fts_close(fts);
	return err;
}

int html_code_read(struct html *h, size_t nr, char *const *names)
{
	int err = 0;

	for (size_t i = 0; i < nr && !err; i++)
		err = html_is_listing(names[i]) ? add_listing(h, names[i]) :
			add_listings_below(h, names[i]);
	return err;
}

void html_code_free(struct html *h)
{
	for (size_t i = 0; i < h->nr_code; i++)
		free(h->code[i].json);
	free(h->code);
}
