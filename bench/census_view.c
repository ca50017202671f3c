// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "census_view.h"
#include "view.h"

#define PLOTTED 20
#define BAR 36			/* columns of the longest */

const char *census_basename(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

const char *census_column(FILE *f, const char *name, int width)
{
	if (strlen(name) <= (size_t)width)
		return name;
	view_line(f, "%s", name);
	return "";
}

void census_print_file(FILE *f, const struct census *c,
		       const struct census_file *file)
{
	const char *compiler = census_text(c, file->compiler);

	view_line(f, "%s", census_basename(file->path));
	view_line(f, "  %s%s%s, %zu unit%s, %" PRIu64 " byte%s of code",
		  file->arch, *compiler ? ", " : "", compiler, file->units,
		  file->units == 1 ? "" : "s", file->text,
		  file->text == 1 ? "" : "s");
	if (file->left_out)
		view_line(f, "  %zu of %zu members left out: no debug information",
			  file->left_out, file->members);
	if (*file->build_id)
		view_line(f, "  build-id %s", file->build_id);
}

static void print_total(FILE *f, const struct census *c)
{
	const struct census_sum s = census_total(c);
	uint64_t text = 0;

	for (size_t i = 0; i < c->nr_files; i++)
		text += c->file[i].text;
	view_line(f, "%8s %9s", "", "bytes");
	view_line(f, "%8zu %9" PRIu64 "  look-ups, %.2f %% of the code",
		  s.lookups, s.lookup_bytes,
		  text ? 100.0 * s.lookup_bytes / text : 0);
	view_line(f, "%8zu %9" PRIu64 "  of them hidden in other accessors",
		  s.hidden, s.hidden_bytes);
	view_line(f, "%8zu %9s  accessors inlined, %zu of them leave no code",
		  s.inlined, "", s.empty);
	view_line(f, "%8zu %9" PRIu64 "  out of line", s.copies, s.copy_bytes);
	view_line(f, "%8s %9" PRIu64 "  all accessors' code, no byte twice", "",
		  s.own);
}

static const char *const headings[CENSUS_NR_BY][2] = {
	[CENSUS_BY_ACCESSOR] = {
		"by accessor: bytes own and whole (copies counted in), and of copies",
		" inlined      own    whole  copies    bytes",
	},
	[CENSUS_BY_CHAIN] = {
		"look-ups by what hides them, innermost first",
		"look-ups   bytes",
	},
	[CENSUS_BY_FUNCTION] = {
		"by containing function: look-ups, hidden ones, their bytes, and all",
		"look-ups hidden  bytes    all",
	},
	[CENSUS_BY_FILE] = {
		"by source file: look-ups, hidden ones, their bytes, and all",
		"look-ups hidden  bytes    all",
	},
	[CENSUS_BY_LINE] = {
		"by call line",
		" inlined      own    whole",
	},
};

static void print_row(FILE *f, const struct census *c, enum census_by by,
		      const struct census_row *r)
{
	const char *one = census_text(c, r->key[0]);
	const char *two = census_text(c, r->key[1]);
	const struct census_sum *s = &r->sum;

	switch (by) {
	case CENSUS_BY_ACCESSOR:
		view_line(f, "%8zu %8" PRIu64 " %8" PRIu64 " %7zu %8" PRIu64
			  "  %s", s->inlined, s->own, s->whole, s->copies,
			  s->copy_bytes, one);
		break;
	case CENSUS_BY_CHAIN:
		view_line(f, "%8zu %7" PRIu64 "  %s%s%s", s->lookups,
			  s->lookup_bytes, one, *two ? " < " : " (not in an inline)",
			  two);
		break;
	case CENSUS_BY_FUNCTION:
	case CENSUS_BY_FILE:
		view_line(f, "%8zu %6zu %6" PRIu64 " %6" PRIu64 "  %s%s%s",
			  s->lookups, s->hidden, s->lookup_bytes, s->own, one,
			  *two ? "  " : "", two);
		break;
	case CENSUS_BY_LINE:
		view_line(f, "%8zu %8" PRIu64 " %8" PRIu64 "  %s  %s:%u",
			  s->inlined, s->own, s->whole, one,
			  *two ? census_basename(two) : "?", r->key[2]);
		break;
	case CENSUS_NR_BY:
		break;
	}
}

static int print_table(FILE *f, const struct census_view *v, enum census_by by)
{
	struct census_table t;
	size_t i;

	if (census_table(v->census, by, &t))
		return -ENOMEM;
	fputc('\n', f);
	view_line(f, "%s", headings[by][0]);
	view_line(f, "%s", headings[by][1]);
	for (i = 0; i < t.nr && (!v->top || i < v->top); i++)
		print_row(f, v->census, by, &t.row[i]);
	if (i < t.nr)
		view_line(f, "%8s  and %zu more (--top=0 shows all)", "...",
			  t.nr - i);
	census_table_free(&t);
	return 0;
}

int census_print(FILE *f, const struct census_view *v)
{
	const struct census *c = v->census;

	view_line(f, "Census of the page-flag accessors in");
	for (size_t i = 0; i < c->nr_files; i++)
		census_print_file(f, c, &c->file[i]);
	fputc('\n', f);
	print_total(f, c);
	for (int by = 0; c->nr_sites && by < CENSUS_NR_BY; by++)
		if (v->by[by] && print_table(f, v, by))
			return -ENOMEM;
	return ferror(f) ? -EIO : 0;
}

int census_print_bars(FILE *f, const struct census_view *v)
{
	const struct census *c = v->census;
	struct census_table t;
	char bar[BAR + 1];
	size_t i;

	if (census_table(c, CENSUS_BY_FUNCTION, &t))
		return -ENOMEM;
	fputc('\n', f);
	view_line(f, "bytes of look-ups by function: # hidden, = called as such");
	for (i = 0; i < t.nr && i < PLOTTED; i++) {
		const struct census_sum *s = &t.row[i].sum;
		double per = (double)BAR / t.row[0].sum.lookup_bytes;
		int hidden = s->hidden_bytes * per + 0.5;
		int all = s->lookup_bytes * per + 0.5;

		if (!s->lookup_bytes)
			break;
		memset(bar, '=', BAR);
		memset(bar, '#', hidden);
		view_line(f, "%-28s %.*s %" PRIu64,
			  census_column(f, census_text(c, t.row[i].key[0]), 28),
			  all, bar, s->lookup_bytes);
	}
	census_table_free(&t);
	return ferror(f) ? -EIO : 0;
}

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

/* gnuplot knows escapes in quotes, but none of a quote. */
static void data_text(FILE *f, const char *text)
{
	for (; *text; text++)
		fputc(*text < ' ' || *text > '~' || *text == '"' ||
		      *text == '\\' ? '?' : *text, f);
}

int census_write_data(FILE *f, const struct census_view *v)
{
	const struct census *c = v->census;
	const struct census_sum sum = census_total(c);
	struct census_table t;
	size_t i;

	if (census_table(c, CENSUS_BY_FUNCTION, &t))
		return -ENOMEM;
	fputs("# pfbench census --output: the functions that carry most\n"
	      "# what        it is\n", f);
	fputs("title \"", f);
	data_text(f, census_basename(c->file[0].path));
	fprintf(f, "%s, %s\"\n", c->nr_files > 1 ? " and others" : "",
		c->file[0].arch);
	fprintf(f, "subtitle \"%zu look-ups in %" PRIu64
		" bytes, %zu of them hidden in other accessors\"\n",
		sum.lookups, sum.lookup_bytes, sum.hidden);
	fputs("\n\n# function  unit  bytes of hidden look-ups  of others  look-ups\n",
	      f);
	for (i = 0; i < t.nr && i < PLOTTED && t.row[i].sum.lookup_bytes; i++) {
		const struct census_sum *s = &t.row[i].sum;

		fputc('"', f);
		data_text(f, census_text(c, t.row[i].key[0]));
		fputs("\" \"", f);
		data_text(f, census_text(c, t.row[i].key[1]));
		fprintf(f, "\" %" PRIu64 " %" PRIu64 " %zu\n",
			s->hidden_bytes, s->lookup_bytes - s->hidden_bytes,
			s->lookups);
	}
	census_table_free(&t);
	return ferror(f) ? -EIO : 0;
}
