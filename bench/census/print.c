// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "census/print.h"
#include "lib/text.h"

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
	text_line(f, "%s", name);
	return "";
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
	text_line(f, "%8zu %9" PRIu64 "  look-ups, %.2f %% of the code",
		  s.lookups, s.lookup_bytes,
		  text ? 100.0 * s.lookup_bytes / text : 0);
	text_line(f, "%8zu %9" PRIu64 "  of them hidden in other accessors",
		  s.hidden, s.hidden_bytes);
	text_line(f, "%8zu %9s  accessors inlined, %zu of them leave no code",
		  s.inlined, "", s.empty);
	text_line(f, "%8zu %9" PRIu64 "  out of line", s.copies, s.copy_bytes);
	text_line(f, "%8s %9" PRIu64 "  all accessors' code, no byte twice", "",
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
		text_line(f, "%8zu %8" PRIu64 " %8" PRIu64 " %7zu %8" PRIu64
			  "  %s", s->inlined, s->own, s->whole, s->copies,
			  s->copy_bytes, one);
		break;
	case CENSUS_BY_CHAIN:
		text_line(f, "%8zu %7" PRIu64 "  %s%s%s", s->lookups,
			  s->lookup_bytes, one, *two ? " < " : " (not in an inline)",
			  two);
		break;
	case CENSUS_BY_FUNCTION:
	case CENSUS_BY_FILE:
		text_line(f, "%8zu %6zu %6" PRIu64 " %6" PRIu64 "  %s%s%s",
			  s->lookups, s->hidden, s->lookup_bytes, s->own, one,
			  *two ? "  " : "", two);
		break;
	case CENSUS_BY_LINE:
		text_line(f, "%8zu %8" PRIu64 " %8" PRIu64 "  %s  %s:%u",
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
	text_line(f, "%s", headings[by][0]);
	text_line(f, "%s", headings[by][1]);
	for (i = 0; i < t.nr && (!v->top || i < v->top); i++)
		print_row(f, v->census, by, &t.row[i]);
	if (i < t.nr)
		text_line(f, "%8s  and %zu more (--top=0 shows all)", "...",
			  t.nr - i);
	census_table_free(&t);
	return 0;
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
	text_line(f, "bytes of look-ups by function: # hidden, = called as such");
	for (i = 0; i < t.nr && i < PLOTTED; i++) {
		const struct census_sum *s = &t.row[i].sum;
		double per = (double)BAR / t.row[0].sum.lookup_bytes;
		int hidden = s->hidden_bytes * per + 0.5;
		int all = s->lookup_bytes * per + 0.5;

		if (!s->lookup_bytes)
			break;
		memset(bar, '=', BAR);
		memset(bar, '#', hidden);
		text_line(f, "%-28s %.*s %" PRIu64,
			  census_column(f, census_text(c, t.row[i].key[0]), 28),
			  all, bar, s->lookup_bytes);
	}
	census_table_free(&t);
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
