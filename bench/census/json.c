// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "census/json.h"

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

/* In a path that is not UTF-8, '?' replaces every byte that is not ASCII. */
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

/* Takes the reference. */
static int write_json(FILE *f, json_t *root)
{
	int err;

	if (!root)
		return -ENOMEM;
	err = json_dumpf(root, f, JSON_INDENT(1) | JSON_SORT_KEYS);
	fputc('\n', f);
	json_decref(root);
	return err || ferror(f) ? -EIO : 0;
}

int census_write_json(FILE *f, const struct census_view *v)
{
	const struct census *c = v->census;
	const struct census_sum s = census_total(c);
	json_t *root = json_pack("{si}", "format", 1), *files = json_array();

	for (size_t i = 0; i < c->nr_files; i++)
		json_array_append_new(files, json_file(c, i));
	json_object_set_new(root, "files", files);
	json_object_set_new(root, "total", json_sum(&s));
	for (int by = 0; by < CENSUS_NR_BY; by++)
		if (v->by[by])
			json_object_set_new(root, census_by_name[by],
					    json_table(c, by));
	return write_json(f, root);
}

/* null counts as zero. */
static json_t *json_delta(const json_t *old, json_t *new)
{
	json_t *delta = json_object(), *value;
	const char *figure;

	json_object_foreach(new, figure, value)
		json_object_set_new(delta, figure,
			json_integer(json_integer_value(value) -
			json_integer_value(json_object_get(old, figure))));
	return delta;
}

/* Takes the references. */
static json_t *json_change(json_t *old, json_t *new)
{
	json_t *delta = json_delta(old, new);

	return json_pack("{so so so}", "old", old, "new", new, "delta", delta);
}

json_t *census_json_sums(const struct census_sum sum[2])
{
	return json_change(json_sum(&sum[0]), json_sum(&sum[1]));
}

static json_t *json_changes(const struct census_changes *all, const char *name,
			    const char *unit)
{
	json_t *rows = json_array(), *row;

	for (size_t i = 0; i < all->nr; i++) {
		row = census_json_sums(all->c[i].sum);
		json_object_set_new(row, name, json_string(all->c[i].name));
		if (unit)
			json_object_set_new(row, unit,
					    json_string(all->c[i].unit));
		json_array_append_new(rows, row);
	}
	return rows;
}

static json_t *json_size(const int64_t figure[2])
{
	if (!figure[0])
		return json_pack("{sn}", "bytes");
	return json_pack("{sI}", "bytes", (json_int_t)figure[1]);
}

json_t *census_json_symbol(const struct census_change *c)
{
	json_t *row = json_change(json_size(c->old), json_size(c->new));

	json_object_set_new(row, "symbol", json_string(c->name));
	return row;
}

static json_t *json_symbols(const struct census_changes *all)
{
	json_t *rows = json_array();

	for (size_t i = 0; i < all->nr; i++)
		json_array_append_new(rows, census_json_symbol(&all->c[i]));
	return rows;
}

static json_t *json_text_of(const struct census_diff *d, int i)
{
	const int64_t text = d->of[i]->file[0].text;
	const struct census_bloat *b = &d->bloat;

	return json_pack("{sI sI sI sI}", "symbols", (json_int_t)b->nr[i],
			 "symbol_bytes", (json_int_t)b->bytes[i],
			 "other_bytes", (json_int_t)(text - b->bytes[i]),
			 "text_bytes", (json_int_t)text);
}

json_t *census_json_text(const struct census_diff *d)
{
	const struct census_bloat *b = &d->bloat;
	json_t *text = json_change(json_text_of(d, 0), json_text_of(d, 1));

	json_object_set_new(text, "added", json_integer(b->add));
	json_object_set_new(text, "removed", json_integer(b->remove));
	json_object_set_new(text, "grown", json_integer(b->grow));
	json_object_set_new(text, "shrunk", json_integer(b->shrink));
	json_object_set_new(text, "up_bytes", json_integer(b->up));
	json_object_set_new(text, "down_bytes", json_integer(b->down));
	return text;
}

static json_t *json_diff(const struct census_diff *d)
{
	const struct census_sum total[2] = {
		census_total(d->of[0]), census_total(d->of[1]),
	};

	return json_pack("{si s[oo] so so so so so so}", "format", 1,
			 "files", json_file(d->of[0], 0), json_file(d->of[1], 0),
			 "total", census_json_sums(total),
			 "accessor", json_changes(&d->table[CENSUS_BY_ACCESSOR],
						  "accessor", NULL),
			 "function", json_changes(&d->table[CENSUS_BY_FUNCTION],
						  "function", "unit"),
			 "file", json_changes(&d->table[CENSUS_BY_FILE], "unit",
					      NULL),
			 "text", census_json_text(d),
			 "symbol", json_symbols(&d->symbols));
}

int census_write_diff_json(FILE *f, const struct census_diff *d)
{
	return write_json(f, json_diff(d));
}

static json_t *json_tally(const struct census *c, const struct census_tally *t)
{
	json_t *names = json_array();

	for (size_t i = 0; i < t->nr; i++)
		json_array_append_new(names,
			json_pack("{ss sI}", "name",
				  census_text(c, t->t[i].name),
				  "count", (json_int_t)t->t[i].count));
	return names;
}

static json_t *json_walker(const struct census_walkers *all,
			   const struct census_walker *w)
{
	const struct census *c = all->census;
	const struct census_function *fn = &c->function[w->function];
	struct census_evidence e;
	json_t *row;

	if (census_evidence(&e, all, w))
		return NULL;
	row = json_pack("{so ss ss sb sI sI so so so}",
			"file", json_path(c->file[fn->file].path),
			"function", census_text(c, fn->name),
			"unit", census_text(c, fn->unit), "by_call", w->named,
			"hidden", (json_int_t)w->hidden,
			"guarded", (json_int_t)w->guarded,
			"pfn_by", json_tally(c, &e.pfn),
			"hidden_in", json_tally(c, &e.hidden),
			"reference_by", json_tally(c, &e.reference));
	census_evidence_free(&e);
	return row;
}

int census_write_walkers_json(FILE *f, const struct census_walkers *all)
{
	const struct census *c = all->census;
	json_t *files = json_array(), *rows = json_array(), *file, *row;
	json_int_t hidden = 0, guarded = 0;

	for (size_t i = 0; i < c->nr_files; i++) {
		file = json_file(c, i);
		json_object_set_new(file, "pfn_to_page_known",
				    json_boolean(!all->unread[i]));
		json_array_append_new(files, file);
	}
	for (size_t i = 0; i < all->nr; i++) {
		row = json_walker(all, &all->w[i]);
		if (!row) {
			json_decref(files);
			json_decref(rows);
			return -ENOMEM;
		}
		json_array_append_new(rows, row);
		hidden += all->w[i].hidden;
		guarded += all->w[i].guarded;
	}
	return write_json(f, json_pack("{si so so s{sI sI sI}}", "format", 1,
				       "files", files, "function", rows,
				       "total", "functions", (json_int_t)all->nr,
				       "hidden", hidden, "guarded", guarded));
}

