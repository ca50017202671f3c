// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "census/print.h"
#include "lib/text.h"

#define PLOTTED 20		/* functions in the bars and the plot */
#define BAR 36		/* columns of the longest bar */
#define NAME_WIDTH 28

const char *census_basename(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

void census_name_row(struct table *t, int width, const char *fmt, ...)
{
	char name[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(name, sizeof(name), fmt, ap);
	va_end(ap);
	table_row(t);
	table_cell(t, 0, "%s", name);
	if (strlen(name) > (size_t)width)
		table_row(t);
}

void census_print_file(FILE *f, const struct census *c,
		       const struct census_file *file)
{
	const char *compiler = census_text(c, file->compiler);

	text_line(f, "%s", census_basename(file->path));
	text_line(f, "  %s%s%s, %zu unit%s, %" PRIu64 " byte%s of code",
		  file->arch, *compiler ? ", " : "", compiler, file->units,
		  file->units == 1 ? "" : "s", file->text,
		  file->text == 1 ? "" : "s");
	if (file->left_out)
		text_line(f, "  %zu of %zu members left out: no debug information",
			  file->left_out, file->members);
	if (*file->build_id)
		text_line(f, "  build-id %s", file->build_id);
}

static void print_total(FILE *f, const struct census *c)
{
	const struct census_sum s = census_total(c);
	uint64_t text = 0;

	for (size_t i = 0; i < c->nr_files; i++)
		text += c->file[i].text;
	text_line(f, "%8s %9s", "", "bytes");
	text_line(f, "%8" PRIu64 " %9" PRIu64 "  look-ups, %.2f %% of the code",
		  s.lookups, s.lookup_bytes,
		  text ? 100.0 * s.lookup_bytes / text : 0);
	text_line(f, "%8" PRIu64 " %9" PRIu64 "  of them hidden in other accessors",
		  s.hidden, s.hidden_bytes);
	text_line(f, "%8" PRIu64 " %9s  accessors inlined, %" PRIu64
		  " of them leave no code",
		  s.inlined, "", s.empty);
	text_line(f, "%8" PRIu64 " %9" PRIu64 "  out of line", s.copies, s.copy_bytes);
	text_line(f, "%8s %9" PRIu64 "  all accessors' code, no byte twice", "",
		  s.own);
}

#define FIGURE(name) offsetof(struct census_sum, name)
#define MAX_FIGURES 5

/* A table has columns of figures, then one of names. */
static const struct layout {
	const char *title;
	struct figure {
		const char *heading;
		int width;
		size_t offset;	/* in struct census_sum */
	} figure[MAX_FIGURES];
} layouts[CENSUS_NR_BY] = {
	[CENSUS_BY_ACCESSOR] = {
		"by accessor: bytes own and whole (copies counted in), and of copies", {
			{ "inlined", 8, FIGURE(inlined) },
			{ "own", 8, FIGURE(own) },
			{ "whole", 8, FIGURE(whole) },
			{ "copies", 7, FIGURE(copies) },
			{ "bytes", 8, FIGURE(copy_bytes) },
		},
	},
	[CENSUS_BY_CHAIN] = {
		"look-ups by what hides them, innermost first", {
			{ "look-ups", 8, FIGURE(lookups) },
			{ "bytes", 7, FIGURE(lookup_bytes) },
		},
	},
	[CENSUS_BY_FUNCTION] = {
		"by containing function: look-ups, hidden ones, their bytes, and all", {
			{ "look-ups", 8, FIGURE(lookups) },
			{ "hidden", 6, FIGURE(hidden) },
			{ "bytes", 6, FIGURE(lookup_bytes) },
			{ "all", 6, FIGURE(own) },
		},
	},
	[CENSUS_BY_FILE] = {
		"by source file: look-ups, hidden ones, their bytes, and all", {
			{ "look-ups", 8, FIGURE(lookups) },
			{ "hidden", 6, FIGURE(hidden) },
			{ "bytes", 6, FIGURE(lookup_bytes) },
			{ "all", 6, FIGURE(own) },
		},
	},
	[CENSUS_BY_LINE] = {
		"by call line", {
			{ "inlined", 8, FIGURE(inlined) },
			{ "own", 8, FIGURE(own) },
			{ "whole", 8, FIGURE(whole) },
		},
	},
};

static void set_name(struct table *t, size_t column, const struct census *c,
		     enum census_by by, const uint32_t key[3])
{
	const char *one = census_text(c, key[0]);
	const char *two = census_text(c, key[1]);

	if (by == CENSUS_BY_CHAIN)
		table_cell(t, column, "%s%s%s", one,
			   *two ? " < " : " (not in an inline)", two);
	else if (by == CENSUS_BY_LINE)
		table_cell(t, column, "%s  %s:%u", one,
			   *two ? census_basename(two) : "?", key[2]);
	else
		table_cell(t, column, "%s%s%s", one, *two ? "  " : "", two);
}

static int print_aggregate(FILE *f, const struct census_view *v,
			   enum census_by by)
{
	const struct figure *figure = layouts[by].figure;
	size_t nr = 0, i, k;
	struct census_table rows;
	struct table t;
	int err;

	if (census_table(v->census, by, &rows))
		return -ENOMEM;
	while (nr < MAX_FIGURES && figure[nr].heading)
		nr++;
	table_open(&t, nr + 1);
	table_row(&t);
	for (k = 0; k < nr; k++) {
		table_column(&t, k, TABLE_RIGHT, !!k, figure[k].width, true);
		table_cell(&t, k, "%s", figure[k].heading);
	}
	for (i = 0; i < rows.nr && (!v->top || i < v->top); i++) {
		const char *sum = (const char *)&rows.row[i].sum;

		table_row(&t);
		for (k = 0; k < nr; k++)
			table_cell(&t, k, "%" PRIu64,
				   *(const uint64_t *)(sum + figure[k].offset));
		set_name(&t, nr, v->census, by, rows.row[i].key);
	}
	fputc('\n', f);
	text_line(f, "%s", layouts[by].title);
	err = table_print(&t, f, 1, nr + 1);
	if (i < rows.nr)
		text_line(f, "%8s  and %zu more (--top=0 shows all)", "...",
			  rows.nr - i);
	table_close(&t);
	census_table_free(&rows);
	return err;
}

int census_print(FILE *f, const struct census_view *v)
{
	const struct census *c = v->census;

	text_line(f, "Census of the page-flag accessors in");
	for (size_t i = 0; i < c->nr_files; i++)
		census_print_file(f, c, &c->file[i]);
	fputc('\n', f);
	print_total(f, c);
	for (int by = 0; c->nr_sites && by < CENSUS_NR_BY; by++)
		if (v->by[by] && print_aggregate(f, v, by))
			return -ENOMEM;
	return ferror(f) ? -EIO : 0;
}

int census_print_bars(FILE *f, const struct census_view *v)
{
	const struct census *c = v->census;
	struct census_table rows;
	struct table t;
	int err;

	if (census_table(c, CENSUS_BY_FUNCTION, &rows))
		return -ENOMEM;
	table_open(&t, 3);
	table_column(&t, 0, TABLE_LEFT, 0, NAME_WIDTH, true);
	table_column(&t, 1, TABLE_LEFT, 1, 0, true);
	table_column(&t, 2, TABLE_LEFT, 1, 0, true);
	for (size_t i = 0; i < rows.nr && i < PLOTTED; i++) {
		const struct census_sum *s = &rows.row[i].sum;
		double per_byte = (double)BAR / rows.row[0].sum.lookup_bytes;
		int hidden = s->hidden_bytes * per_byte + 0.5;
		int all = s->lookup_bytes * per_byte + 0.5;
		char bar[BAR + 1];

		if (!s->lookup_bytes)
			break;
		memset(bar, '=', BAR);
		memset(bar, '#', hidden);
		census_name_row(&t, NAME_WIDTH, "%s",
				census_text(c, rows.row[i].key[0]));
		table_cell(&t, 1, "%.*s", all, bar);
		table_cell(&t, 2, "%" PRIu64, s->lookup_bytes);
	}
	fputc('\n', f);
	text_line(f, "bytes of look-ups by function: # hidden, = called as such");
	err = table_print(&t, f, 1, 3);
	table_close(&t);
	census_table_free(&rows);
	return err ? err : ferror(f) ? -EIO : 0;
}

/* In gnuplot's quotes a backslash escapes, but not a quote. */
static void write_data_string(FILE *f, const char *text)
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
	write_data_string(f, census_basename(c->file[0].path));
	fprintf(f, "%s, %s\"\n", c->nr_files > 1 ? " and others" : "",
		c->file[0].arch);
	fprintf(f, "subtitle \"%" PRIu64 " look-ups in %" PRIu64
		" bytes, %" PRIu64 " of them hidden in other accessors\"\n",
		sum.lookups, sum.lookup_bytes, sum.hidden);
	fputs("\n\n# function  unit  bytes of hidden look-ups  of others  look-ups\n",
	      f);
	for (i = 0; i < t.nr && i < PLOTTED && t.row[i].sum.lookup_bytes; i++) {
		const struct census_sum *s = &t.row[i].sum;

		fputc('"', f);
		write_data_string(f, census_text(c, t.row[i].key[0]));
		fputs("\" \"", f);
		write_data_string(f, census_text(c, t.row[i].key[1]));
		fprintf(f, "\" %" PRIu64 " %" PRIu64 " %" PRIu64 "\n",
			s->hidden_bytes, s->lookup_bytes - s->hidden_bytes,
			s->lookups);
	}
	census_table_free(&t);
	return ferror(f) ? -EIO : 0;
}
