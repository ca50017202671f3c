// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "census_export.h"

static json_t *json_sum(const struct census_sum *s)
{
	return json_pack("{sI sI sI sI sI sI sI sI sI sI}",
			 "inlined", (json_int_t)s->inlined,
			 "empty", (json_int_t)s->empty,
			 "copies", (json_int_t)s->copies,
			 "lookups", (json_int_t)s->lookups,
			 "hidden", (json_int_t)s->hidden,
			 "own_bytes", (json_int_t)s->own,
			 "whole_bytes", (json_int_t)s->whole,
			 "copies_bytes", (json_int_t)s->copy_bytes,
			 "lookup_bytes", (json_int_t)s->lookup_bytes,
			 "hidden_bytes", (json_int_t)s->hidden_bytes);
}

static void json_names(json_t *row, const struct census *c, enum census_by by,
		       const uint32_t *key)
{
	static const char *const names[CENSUS_NR_BY][2] = {
		[CENSUS_BY_ACCESSOR] = { "accessor" },
		[CENSUS_BY_CHAIN] = { "lookup", "hidden_by" },
		[CENSUS_BY_FUNCTION] = { "function", "unit" },
		[CENSUS_BY_FILE] = { "unit" },
		[CENSUS_BY_LINE] = { "accessor", "file" },
	};

	for (int i = 0; i < 2 && names[by][i]; i++)
		json_object_set_new(row, names[by][i],
				    json_string(census_text(c, key[i])));
	if (by == CENSUS_BY_LINE)
		json_object_set_new(row, "line", json_integer(key[2]));
}

static json_t *json_table(const struct census *c, enum census_by by)
{
	json_t *rows = json_array(), *row;
	struct census_table t;

	if (census_table(c, by, &t)) {
		json_decref(rows);
		return NULL;
	}
	for (size_t i = 0; i < t.nr; i++) {
		row = json_sum(&t.row[i].sum);
		json_names(row, c, by, t.row[i].key);
		json_array_append_new(rows, row);
	}
	census_table_free(&t);
	return rows;
}

/* A path that is not UTF-8 has '?' for all of it that is not ASCII. */
static json_t *json_path(const char *path)
{
	json_t *string = json_string(path);
	char *ascii;

	if (string)
		return string;
	ascii = strdup(path);
	for (char *p = ascii; p && *p; p++)
		if (*p & 0x80)
			*p = '?';
	string = json_string(ascii);
	free(ascii);
	return string;
}

static json_t *json_file(const struct census *c, size_t i)
{
	const struct census_file *file = &c->file[i];
	const struct census_sum s = census_file_total(c, i);
	json_t *o = json_sum(&s);

	json_object_set_new(o, "path", json_path(file->path));
	json_object_set_new(o, "arch", json_string(file->arch));
	json_object_set_new(o, "build_id", json_string(file->build_id));
	json_object_set_new(o, "compiler",
			    json_string(census_text(c, file->compiler)));
	json_object_set_new(o, "units", json_integer(file->units));
	json_object_set_new(o, "members", file->members ?
			    json_integer(file->members) : json_null());
	json_object_set_new(o, "left_out", file->members ?
			    json_integer(file->left_out) : json_null());
	json_object_set_new(o, "text_bytes", json_integer(file->text));
	return o;
}

int census_write_json(FILE *f, const struct census_view *v)
{
	const struct census *c = v->census;
	const struct census_sum s = census_total(c);
	json_t *root = json_pack("{si}", "format", 1), *files = json_array();
	int err;

	for (size_t i = 0; i < c->nr_files; i++)
		json_array_append_new(files, json_file(c, i));
	json_object_set_new(root, "files", files);
	json_object_set_new(root, "total", json_sum(&s));
	for (int by = 0; by < CENSUS_NR_BY; by++)
		if (v->by[by])
			json_object_set_new(root, census_by_name[by],
					    json_table(c, by));
	err = json_dumpf(root, f, JSON_INDENT(1) | JSON_SORT_KEYS);
	fputc('\n', f);
	json_decref(root);
	return err || ferror(f) ? -EIO : 0;
}

/* RFC 4180, quoted where it has to be */
static void csv_text(FILE *f, const char *text)
{
	if (!strpbrk(text, ",\"\r\n")) {
		fputs(text, f);
		return;
	}
	fputc('"', f);
	for (; *text; text++) {
		if (*text == '"')
			fputc('"', f);
		fputc(*text, f);
	}
	fputc('"', f);
}

static void csv_site(FILE *f, const struct census *c,
		     const struct census_site *s)
{
	const struct census_function *fn = &c->function[s->function];
	const char *const text[] = {
		c->file[fn->file].path, census_text(c, fn->name),
		census_text(c, fn->unit), census_text(c, s->name),
		s->copy ? "copy" : "inlined", s->lookup ? "1" : "0",
		s->hidden ? "1" : "0", census_text(c, s->chain),
		census_text(c, s->call_file),
	};

	for (size_t i = 0; i < sizeof(text) / sizeof(*text); i++) {
		csv_text(f, text[i]);
		fputc(',', f);
	}
	if (s->call_line)
		fprintf(f, "%" PRIu32, s->call_line);
	fputc(',', f);
	if (s->address)
		fprintf(f, "0x%" PRIx64, s->address);
	fprintf(f, ",%" PRIu64 ",%" PRIu64 "\n", s->own, s->whole);
}

int census_write_csv(FILE *f, const struct census_view *v)
{
	const struct census *c = v->census;

	fputs("file,function,unit,accessor,kind,lookup,hidden,chain,call_file,call_line,address,own,whole\n",
	      f);
	for (size_t i = 0; i < c->nr_sites; i++)
		csv_site(f, c, &c->site[i]);
	return ferror(f) ? -EIO : 0;
}
