// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "census/csv.h"
#include "census/json.h"
#include "lib/csv.h"

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
		csv_value(f, text[i]);
		fputc(',', f);
	}
	if (s->call_line)
		fprintf(f, "%" PRIu32, s->call_line);
	fputc(',', f);
	if (s->address)
		fprintf(f, "0x%" PRIx64, s->address);
	fprintf(f, ",%" PRIu64 ",%" PRIu64, s->own, s->whole);
}

/* All ranges of a site; @next is the number of its first one. */
static void csv_ranges(FILE *f, const struct census *c, size_t site,
		       size_t *next)
{
	const char *separator = ",";

	if (*next == c->nr_ranges || c->range[*next].site != site)
		fputc(',', f);
	for (; *next < c->nr_ranges && c->range[*next].site == site; ++*next) {
		fprintf(f, "%s0x%" PRIx64 "-0x%" PRIx64, separator,
			c->range[*next].start, c->range[*next].end);
		separator = " ";
	}
}

int census_write_csv(FILE *f, const struct census_view *v)
{
	const struct census *c = v->census;
	size_t next = 0;

	fputs("file,function,unit,accessor,kind,lookup,hidden,chain,call_file,call_line,address,own,whole",
	      f);
	fputs(c->ranges ? ",ranges\n" : "\n", f);
	for (size_t i = 0; i < c->nr_sites; i++) {
		csv_site(f, c, &c->site[i]);
		if (c->ranges)
			csv_ranges(f, c, i, &next);
		fputc('\n', f);
	}
	return ferror(f) ? -EIO : 0;
}

static void csv_integer(FILE *f, const json_t *value)
{
	fputc(',', f);
	if (json_is_integer(value))
		fprintf(f, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
}

static void csv_key(FILE *f, const char *table, const char *name,
		    const char *unit, const char *figure)
{
	fprintf(f, "%s,", table);
	csv_value(f, name);
	fputc(',', f);
	csv_value(f, unit);
	fprintf(f, ",%s", figure);
}

/* The figures of a row, one per line, then the figures of the change only. */
static void csv_change(FILE *f, const char *table, const char *name,
		       const char *unit, json_t *row)
{
	json_t *old = json_object_get(row, "old"), *value;
	json_t *new = json_object_get(row, "new");
	json_t *delta = json_object_get(row, "delta");
	const char *figure;

	json_object_foreach(new, figure, value) {
		csv_key(f, table, name, unit, figure);
		csv_integer(f, json_object_get(old, figure));
		csv_integer(f, value);
		csv_integer(f, json_object_get(delta, figure));
		fputc('\n', f);
	}
	json_object_foreach(row, figure, value) {
		if (!json_is_integer(value))
			continue;
		csv_key(f, table, name, unit, figure);
		fputs(",,", f);
		csv_integer(f, value);
		fputc('\n', f);
	}
	json_decref(row);
}

int census_write_diff_csv(FILE *f, const struct census_diff *d)
{
	const struct census_sum total[2] = {
		census_total(d->of[0]), census_total(d->of[1]),
	};
	const struct census_changes *all;
	size_t i;

	fputs("table,name,unit,figure,old,new,delta\n", f);
	csv_change(f, "total", "", "", census_json_sums(total));
	for (int by = 0; by < CENSUS_NR_BY; by++) {
		all = &d->table[by];
		for (i = 0; i < all->nr; i++)
			csv_change(f, census_by_name[by], all->c[i].name,
				   all->c[i].unit,
				   census_json_sums(all->c[i].sum));
	}
	csv_change(f, "text", "", "", census_json_text(d));
	all = &d->symbols;
	for (i = 0; i < all->nr; i++)
		csv_change(f, "symbol", all->c[i].name, "",
			   census_json_symbol(&all->c[i]));
	return ferror(f) ? -EIO : 0;
}

static int csv_tally(FILE *f, const struct census *c,
		     const struct census_tally *t)
{
	char *text = census_tally_text(c, t);

	if (!text)
		return -ENOMEM;
	fputc(',', f);
	csv_value(f, text);
	free(text);
	return 0;
}

static int csv_walker(FILE *f, const struct census_walkers *all,
		      const struct census_walker *w)
{
	const struct census *c = all->census;
	const struct census_function *fn = &c->function[w->function];
	struct census_evidence e;
	int err;

	err = census_evidence(&e, all, w);
	if (err)
		return err;
	csv_value(f, c->file[fn->file].path);
	fputc(',', f);
	csv_value(f, census_text(c, fn->name));
	fputc(',', f);
	csv_value(f, census_text(c, fn->unit));
	fprintf(f, ",%d,%zu,%zu", w->named, w->hidden, w->guarded);
	err = csv_tally(f, c, &e.pfn);
	if (!err)
		err = csv_tally(f, c, &e.hidden);
	if (!err)
		err = csv_tally(f, c, &e.reference);
	fputc('\n', f);
	census_evidence_free(&e);
	return err;
}

int census_write_walkers_csv(FILE *f, const struct census_walkers *all)
{
	int err = 0;

	fputs("file,function,unit,by_call,hidden,guarded,pfn_by,hidden_in,reference_by\n",
	      f);
	for (size_t i = 0; !err && i < all->nr; i++)
		err = csv_walker(f, all, &all->w[i]);
	if (err)
		return err;
	return ferror(f) ? -EIO : 0;
}
