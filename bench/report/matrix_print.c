// SPDX-License-Identifier: GPL-2.0
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/matrix.h"
#include "lib/plot_data.h"
#include "report/format.h"

#define LABEL_WIDTH 18		/* the longest name of a generation */
#define GAP 2			/* between columns */
#define PART_MAX 64		/* characters of one population's figure: a
				   counter says at most 1e12, code 1000000 */
/* More marks of a kind than this are counted instead: "4b" */
#define MAX_MARKS 3

/* A table has instructions and what is on the way, or ns, or cycles. */
enum table { TABLE_COUNTS, TABLE_NS, TABLE_CYCLES, NR_TABLES };

static const enum matrix_metric marked[] = {
	MATRIX_BRANCHES, MATRIX_SELECTS, MATRIX_BARRIERS,
};

static char mark_of(enum matrix_metric metric)
{
	return metric == MATRIX_BRANCHES ? 'b' :
		metric == MATRIX_SELECTS ? 's' : 'm';
}

static bool is_asked(const struct matrix *m, enum matrix_metric metric)
{
	for (size_t i = 0; i < m->ask.nr_metrics; i++)
		if (m->ask.metric[i] == metric)
			return true;
	return false;
}

static enum table table_of(enum matrix_metric metric)
{
	return metric == MATRIX_NS ? TABLE_NS :
		metric == MATRIX_CYCLES ? TABLE_CYCLES : TABLE_COUNTS;
}

static bool has_table(const struct matrix *m, enum table table)
{
	for (size_t i = 0; i < m->ask.nr_metrics; i++)
		if (table_of(m->ask.metric[i]) == table)
			return true;
	return false;
}

static bool any_has(const struct matrix *m, enum matrix_metric metric)
{
	for (size_t i = 0; i < m->nr; i++)
		if (m->column[i].source[metric] != MATRIX_NOWHERE)
			return true;
	return false;
}

/* "6", "8.05": counts are exact, so noughts at the end say nothing. */
static void format_count(char *text, size_t size, double v)
{
	char *end;

	snprintf(text, size, "%.*f", fabs(v) >= 99.995 ? 0 : 2,
		 fabs(v) < 0.005 ? 0 : v);
	if (!strchr(text, '.'))
		return;
	for (end = text + strlen(text); end[-1] == '0'; end--)
		;
	end[end[-1] == '.' ? -1 : 0] = '\0';
}

/* Three digits, as format_median() has them. */
static void format_time(char *text, size_t size, double v)
{
	int decimals = fabs(v) >= 99.95 ? 0 : fabs(v) >= 9.995 ? 1 :
		fabs(v) >= 0.9995 ? 2 : 3;

	snprintf(text, size, "%.*f", decimals,
		 fabs(v) < 0.5 * pow(10, -decimals) ? 0 : v);
}

/* "b", "bb", "4b"; "1.37b" behind a comma if it is not whole */
static size_t put_marks(char *text, size_t size, double v, char mark)
{
	long whole = lround(v);
	size_t n = 0;

	if (fabs(v - whole) > 0.02)
		return snprintf(text, size, ",%.2f%c", v, mark);
	if (whole > MAX_MARKS)
		return snprintf(text, size, ",%ld%c", whole, mark);
	while (whole-- > 0 && n + 1 < size)
		text[n++] = mark;
	text[n] = '\0';
	return n;
}

/*
 * What lies on the way. Marks that no column knows of are left out;
 * what only others know is "?".
 */
static void put_way(const struct matrix *m, const struct matrix_column *c,
		    const struct matrix_row *row, enum pf_population pop,
		    char *text, size_t size)
{
	bool unknown = false;
	size_t n = 0;

	*text = '\0';
	for (size_t i = 0; i < sizeof(marked) / sizeof(*marked); i++) {
		double v = matrix_figure(m, c, row, pop, marked[i]).e.mid;

		if (!is_asked(m, marked[i]) || !any_has(m, marked[i]))
			continue;
		if (isnan(v))
			unknown = true;
		else
			n += put_marks(text + n, size - n, v,
				       mark_of(marked[i]));
	}
	if (unknown)
		strcpy(text + n, "?");
}

static void count_part(const struct matrix *m, const struct matrix_column *c,
		       const struct matrix_row *row, enum pf_population pop,
		       char *text)
{
	struct matrix_figure f = matrix_figure(m, c, row, pop,
					       MATRIX_INSTRUCTIONS);
	char number[16] = "", way[PART_MAX - sizeof(number)];

	put_way(m, c, row, pop, way, sizeof(way) - 1);
	if (!is_asked(m, MATRIX_INSTRUCTIONS)) {
		snprintf(text, PART_MAX, "%s", !*way ? "." :
			 !strcmp(way, "?") ? "-" : way + (*way == ','));
		return;
	}
	if (!isnan(f.e.mid))
		format_count(number, sizeof(number), f.e.mid);
	else if (!*way || !strcmp(way, "?"))
		strcpy(way, "");
	snprintf(text, PART_MAX, "%s%s%s", *number ? number : "-", way,
		 f.contended ? "!" : "");
}

/* What stands in a table for one population; "-": nothing is known */
static void part_of(const struct matrix *m, enum table table,
		    const struct matrix_column *c, const struct matrix_row *row,
		    enum pf_population pop, char *text)
{
	struct matrix_figure f;

	if (table == TABLE_COUNTS) {
		count_part(m, c, row, pop, text);
		return;
	}
	f = matrix_figure(m, c, row, pop, table == TABLE_NS ? MATRIX_NS :
			  MATRIX_CYCLES);
	strcpy(text, "-");
	if (!isnan(f.e.mid))
		format_time(text, PART_MAX - 1, f.e.mid);
	if (f.contended)
		strcat(text, "!");
}

/* The populations that one table shows: all, or one after the other. */
struct range {
	size_t from, to;
};

#define CELL_MAX (PF_MIXED * (PART_MAX + 1))

/* "6s/7b"; returns where to be in line with other cells */
static int format_cell(const struct matrix *m, enum table table,
		       const struct matrix_column *c,
		       const struct matrix_row *row, const struct range *pops,
		       char *text, size_t size)
{
	char part[PART_MAX];
	size_t n = 0;

	for (size_t i = pops->from; i < pops->to; i++) {
		part_of(m, table, c, row, m->ask.population[i], part);
		n += snprintf(text + n, size - n, "%s%s", n ? "/" : "", part);
	}
	if (pops->to - pops->from > 1)
		return strcspn(text, "/");
	return *text == '.' ? 0 : strspn(text, "-.0123456789");
}

/* rows */

/* The next row that there is of an accessor, from @row on; false: none */
static bool find_row(const struct matrix *m, struct matrix_row *row)
{
	for (; row->generation < PF_NR_GENERATIONS; row->generation++) {
		for (; row->lowering < PF_NR_LOWERINGS; row->lowering++)
			if (matrix_has_row(m, row))
				return true;
		row->lowering = 0;
	}
	return false;
}

#define for_each_row(m, row, acc) \
	for (struct matrix_row row = { .accessor = (acc) }; \
	     find_row(m, &row); row.lowering++)

/* Is the generation named by a row above this one? */
static bool is_named(const struct matrix *m, const struct matrix_row *row)
{
	struct matrix_row above = *row;

	for (above.lowering = 0; above.lowering < row->lowering;
	     above.lowering++)
		if (matrix_has_row(m, &above))
			return true;
	return false;
}

/* text */

/* Where the columns of an accessor's table stand. */
struct layout {
	int *first;		/* what of a cell is left of the line */
	int *width;		/* of the column, gap and all */
	size_t per_block;
	size_t per_table;	/* populations: all, or one */
	bool contended;		/* is anything that is shown? */
};

static void head_of(const struct matrix *m, size_t i, int line, char *text,
		    size_t size)
{
	const struct matrix_column *c = &m->column[i];

	if (line < MATRIX_HEADS - 1)
		snprintf(text, size, "%s", c->head[line]);
	else
		snprintf(text, size, "%s[%zu]", c->head[line], i + 1);
}

static void widen(int *width, int n)
{
	*width = n > *width ? n : *width;
}

static void measure_cells(const struct matrix *m, struct layout *l, size_t i,
			  enum table table, const struct matrix_row *row,
			  int *rest)
{
	char text[CELL_MAX];
	struct range pops;
	int first;

	for (size_t p = 0; p < m->ask.nr_populations; p += l->per_table) {
		pops = (struct range){ p, p + l->per_table };
		first = format_cell(m, table, &m->column[i], row, &pops, text,
				    sizeof(text));
		l->contended |= strchr(text, '!') != NULL;
		widen(&l->first[i], first);
		widen(rest, strlen(text) - first);
	}
}

static void measure_column(const struct matrix *m, struct layout *l, size_t i,
			   enum table table, enum pf_accessor acc)
{
	char text[CELL_MAX];
	int rest = 0;

	l->first[i] = 0;
	for_each_row(m, row, acc)
		measure_cells(m, l, i, table, &row, &rest);
	l->width[i] = l->first[i] + rest;
	for (int k = 0; k < MATRIX_HEADS; k++) {
		head_of(m, i, k, text, sizeof(text));
		widen(&l->width[i], strlen(text));
	}
	l->width[i] += GAP;
}

/* As many columns as fit, from @from on, but for @per at most. */
static size_t block_end(const struct matrix *m, const struct layout *l,
			size_t from, size_t per)
{
	int room = TEXT_COLUMNS - LABEL_WIDTH;
	size_t to;

	for (to = from; to < m->nr && to - from < per; to++) {
		room -= l->width[to];
		if (room < 0 && to > from)
			break;
	}
	return to;
}

static size_t count_blocks(const struct matrix *m, struct layout *l,
			   enum table table, enum pf_accessor acc)
{
	size_t blocks = 0;

	for (size_t i = 0; i < m->nr; i++)
		measure_column(m, l, i, table, acc);
	for (size_t from = 0; from < m->nr; blocks++)
		from = block_end(m, l, from, m->nr);
	return blocks;
}

/*
 * All populations of a page in one field where that leaves the architectures
 * side by side; else a table each. Blocks are as wide as each other.
 */
static void lay_out(const struct matrix *m, struct layout *l, enum table table,
		    enum pf_accessor acc)
{
	size_t blocks;

	l->per_table = m->ask.nr_populations;
	blocks = count_blocks(m, l, table, acc);
	if (blocks > 1) {
		l->per_table = 1;
		blocks = count_blocks(m, l, table, acc);
	}
	l->per_block = (m->nr + blocks - 1) / blocks;
}

static const char *table_unit(const struct matrix *m, enum table table)
{
	if (table == TABLE_COUNTS)
		return is_asked(m, MATRIX_INSTRUCTIONS) ? "instructions" :
			"on the way";
	return matrix_metric_name(table == TABLE_NS ? MATRIX_NS :
				  MATRIX_CYCLES);
}

/* A table: of an accessor, some columns and populations. */
struct block {
	enum table table;
	enum pf_accessor accessor;
	size_t from, to;
	struct range pops;
};

static void print_heads(FILE *f, const struct matrix *m, const struct layout *l,
			const struct block *b)
{
	char line[4 * TEXT_COLUMNS], text[48];
	size_t n;

	for (int k = 0; k < MATRIX_HEADS; k++) {
		n = snprintf(line, sizeof(line), "%-*s", LABEL_WIDTH,
			     k < MATRIX_HEADS - 1 ? "" :
			     table_unit(m, b->table));
		for (size_t i = b->from; i < b->to && n < sizeof(line); i++) {
			head_of(m, i, k, text, sizeof(text));
			n += snprintf(line + n, sizeof(line) - n, "%*s%-*s",
				      GAP, "", l->width[i] - GAP, text);
		}
		text_line(f, "%s", line);
	}
}

static void print_row(FILE *f, const struct matrix *m, const struct layout *l,
		      const struct block *b, const struct matrix_row *row)
{
	char line[4 * TEXT_COLUMNS], text[CELL_MAX], label[64];
	size_t n;
	int first;

	snprintf(label, sizeof(label), "%s%s", row->lowering ? "  " : "",
		 row->lowering ? lowering_name(row->lowering) :
		 pf_generations[row->generation].name);
	n = snprintf(line, sizeof(line), "%-*s", LABEL_WIDTH, label);
	for (size_t i = b->from; i < b->to && n < sizeof(line); i++) {
		first = format_cell(m, b->table, &m->column[i], row, &b->pops,
				    text, sizeof(text));
		first = l->first[i] - first;
		n += snprintf(line + n, sizeof(line) - n, "%*s%-*s",
			      GAP + first, "", l->width[i] - GAP - first, text);
	}
	text_line(f, "%s", line);
}

static bool table_has_row(const struct matrix *m, enum table table,
			  const struct matrix_row *row, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		for (size_t k = 0; k < m->ask.nr_metrics; k++)
			for (size_t p = 0; p < m->ask.nr_populations; p++)
				if (table_of(m->ask.metric[k]) == table &&
				    !isnan(matrix_figure(m, &m->column[i], row,
							 m->ask.population[p],
							 m->ask.metric[k])
					   .e.mid))
					return true;
	return false;
}

static bool is_empty(const struct matrix *m, const struct block *b)
{
	for_each_row(m, row, b->accessor)
		if (table_has_row(m, b->table, &row, b->from, b->to))
			return false;
	return true;
}

static void print_block(FILE *f, const struct matrix *m, const struct layout *l,
			const struct block *b)
{
	bool one = b->pops.to - b->pops.from < m->ask.nr_populations;

	fprintf(f, "\n");
	text_line(f, "%s%s%s%s", pf_accessors[b->accessor].name,
		  one ? ", " : "", one ? matrix_population_name(
		  m->ask.population[b->pops.from]) : "", one ? " pages" : "");
	print_heads(f, m, l, b);
	for_each_row(m, row, b->accessor) {
		if (!table_has_row(m, b->table, &row, 0, m->nr))
			continue;
		/* a lowering hangs below its generation */
		if (row.lowering && !is_named(m, &row))
			text_line(f, "%s", pf_generations[row.generation].name);
		print_row(f, m, l, b, &row);
	}
}

/* All of one accessor and kind. */
static void print_table(FILE *f, const struct matrix *m, const struct layout *l,
			struct block *b)
{
	size_t p;

	for (b->from = 0; b->from < m->nr; b->from = b->to) {
		b->to = block_end(m, l, b->from, l->per_block);
		if (is_empty(m, b))
			continue;
		for (p = 0; p < m->ask.nr_populations; p += l->per_table) {
			b->pops = (struct range){ p, p + l->per_table };
			print_block(f, m, l, b);
		}
	}
}

static void print_tables(FILE *f, const struct matrix *m, struct layout *l)
{
	struct block b;

	for (size_t a = 0; a < m->ask.nr_accessors; a++) {
		b.accessor = m->ask.accessor[a];
		for (b.table = 0; b.table < NR_TABLES; b.table++) {
			if (!has_table(m, b.table))
				continue;
			lay_out(m, l, b.table, b.accessor);
			print_table(f, m, l, &b);
		}
	}
}

static const char *form_name(enum pf_form form)
{
	static const char *const names[PF_NR_FORMS] = {
		[PF_THROUGHPUT] = "throughput", [PF_LATENCY] = "latency",
		[PF_THROUGHPUT_COND] = "throughput, cond",
	};

	return names[form];
}

/* "small/tail pages" */
static void pages_of(const struct matrix *m, char *text, size_t size)
{
	size_t n = 0;

	for (size_t i = 0; i < m->ask.nr_populations; i++)
		n += snprintf(text + n, size - n, "%s%s", i ? "/" : "",
			      matrix_population_name(m->ask.population[i]));
	snprintf(text + n, size - n, " pages");
}

/* "b conditional branch, s select, m barrier", as far as asked for */
static void marks_of(const struct matrix *m, char *text, size_t size)
{
	static const char *const names[MATRIX_NR_METRICS] = {
		[MATRIX_BRANCHES] = "b conditional branch",
		[MATRIX_SELECTS] = "s select",
		[MATRIX_BARRIERS] = "m barrier",
	};
	size_t n = 0;

	*text = '\0';
	for (size_t i = 0; i < sizeof(marked) / sizeof(*marked); i++)
		if (is_asked(m, marked[i]) && any_has(m, marked[i]))
			n += snprintf(text + n, size - n, "%s%s",
				      n ? ", " : "", names[marked[i]]);
}

static void print_legend(FILE *f, const struct matrix *m)
{
	char text[256], marks[160], pages[64];
	size_t n = 0;

	pages_of(m, pages, sizeof(pages));
	for (size_t i = 0; i < m->ask.nr_metrics; i++)
		n += snprintf(text + n, sizeof(text) - n, "%s%s",
			      i ? ", " : "",
			      matrix_metric_name(m->ask.metric[i]));
	snprintf(text + n, sizeof(text) - n, " per operation, %s, %s", pages,
		 form_name(m->ask.form));
	text_wrapped(f, text, 2);
	marks_of(m, marks, sizeof(marks));
	if (!*marks)
		return;
	snprintf(text, sizeof(text), "%s, %s? not known", marks,
		 is_asked(m, MATRIX_INSTRUCTIONS) ? "" : ". none, ");
	text_wrapped(f, text, 2);
}

/* the columns, one by one */

static const char *source_phrase(enum matrix_source source,
				 enum matrix_metric metric)
{
	switch (source) {
	case MATRIX_CLOCK:
		return metric == MATRIX_INSTRUCTIONS ?
			"by a clock that counts them" : "by the clock";
	case MATRIX_COUNTER:
		return metric == MATRIX_BRANCHES ?
			"by its counter, jumps included" : "by their counter";
	case MATRIX_ESTIMATE:
		return "estimated, by the length of an add";
	default:
		return "of one use, compiled alone:";
	}
}

/* How far the intervals of all that is shown reach; INFINITY: one has none */
static double reach_of(const struct matrix *m, const struct matrix_column *c,
		       enum matrix_metric metric)
{
	double most = 0;

	for (size_t a = 0; a < m->ask.nr_accessors; a++) {
		for_each_row(m, row, m->ask.accessor[a]) {
			for (size_t p = 0; p < m->ask.nr_populations; p++) {
				struct estimate e = matrix_figure(m, c, &row,
					m->ask.population[p], metric).e;

				if (!isnan(e.mid))
					most = fmax(most, fmax(e.hi - e.mid,
							       e.mid - e.lo));
			}
		}
	}
	return most;
}

/* Said of those of one kind together: are these two? */
static bool said_alike(const struct matrix_column *c, enum matrix_metric a,
		       enum matrix_metric b)
{
	if (c->source[a] != c->source[b])
		return false;
	if (c->source[a] == MATRIX_NOWHERE)
		return !strcmp(c->reason[a], c->reason[b]);
	return c->source[a] == MATRIX_CODE;
}

static bool said_before(const struct matrix *m, const struct matrix_column *c,
			size_t k)
{
	for (size_t i = 0; i < k; i++)
		if (said_alike(c, m->ask.metric[i], m->ask.metric[k]))
			return true;
	return false;
}

static void print_source(FILE *f, const struct matrix *m,
			 const struct matrix_column *c, size_t k)
{
	enum matrix_metric metric = m->ask.metric[k];
	char text[1024] = "    ";
	size_t n = strlen(text);
	double reach;

	for (size_t i = k; i < m->ask.nr_metrics; i++)
		if (i == k || said_alike(c, metric, m->ask.metric[i]))
			n += snprintf(text + n, sizeof(text) - n, "%s%s",
				      i == k ? "" : ", ",
				      matrix_metric_name(m->ask.metric[i]));
	if (c->source[metric] == MATRIX_NOWHERE) {
		snprintf(text + n, sizeof(text) - n, ": %s", c->reason[metric]);
	} else if (c->source[metric] == MATRIX_CODE) {
		snprintf(text + n, sizeof(text) - n, ": %s %.300s",
			 source_phrase(c->source[metric], metric),
			 c->code->path);
	} else {
		reach = reach_of(m, c, metric);
		n += snprintf(text + n, sizeof(text) - n, ": %s, ",
			      source_phrase(c->source[metric], metric));
		if (isfinite(reach))
			snprintf(text + n, sizeof(text) - n, "to +-%.2g", reach);
		else
			snprintf(text + n, sizeof(text) - n, "to +-?");
	}
	text_wrapped(f, text, 6);
}

/* Some models are a paragraph. */
static void short_model(const struct result *r, char *text, size_t size)
{
	const char *model = result_context(r, "cpu_model");

	snprintf(text, size, "%s", model);
	if (strlen(model) >= size)
		strcpy(text + size - 4, "...");
}

/* "[1] x86-64, AMD EPYC, Linux 6.18.44, user backend, gcc 12.2.0" */
static size_t describe(const struct matrix *m, size_t i, char *text,
		       size_t size)
{
	const struct matrix_column *c = &m->column[i];
	const struct result *r = &c->result;
	const char *kernel;
	char model[45];

	if (!c->measured)
		return snprintf(text, size, "[%zu] %s, code by %.200s", i + 1,
				c->arch, c->code->compiler);
	short_model(r, model, sizeof(model));
	kernel = result_context(r, "kernel");
	return snprintf(text, size,
			"[%zu] %s, %s, Linux %.*s, %.20s backend, %s%s",
			i + 1, c->arch, model, (int)strcspn(kernel, " "), kernel,
			result_context(r, "backend"), c->compiler,
			r->partial ? ", PARTIAL" : "");
}

static void print_column(FILE *f, const struct matrix *m, size_t i)
{
	const struct matrix_column *c = &m->column[i];
	const json_t *kmod = json_object_get(c->result.pfbench, "kmod");
	const char *is = json_string_value(json_object_get(kmod, "native_is"));
	char text[1024];
	size_t n;

	n = describe(m, i, text, sizeof(text));
	if (is)
		snprintf(text + n, sizeof(text) - n, ", native is %.40s", is);
	text_wrapped(f, text, 4);
	for (size_t k = 0; k < m->ask.nr_metrics; k++)
		if (!said_before(m, c, k))
			print_source(f, m, c, k);
}

int matrix_print(FILE *f, const struct matrix *m)
{
	struct layout l = {
		.first = calloc(m->nr, sizeof(*l.first)),
		.width = calloc(m->nr, sizeof(*l.width)),
	};
	int err = l.first && l.width ? 0 : -1;

	if (!err) {
		print_legend(f, m);
		print_tables(f, m, &l);
		fprintf(f, "\n");
		for (size_t i = 0; i < m->nr; i++)
			print_column(f, m, i);
		text_line(f, "-   no such point, or n/a as said of the column");
		if (l.contended)
			text_line(f, "!   contended: no round was quiet, the core was shared");
	}
	free(l.first);
	free(l.width);
	return err;
}

/* data */

static void put_number(FILE *f, double v)
{
	if (isfinite(v))
		fprintf(f, " %8.6g", v);
	else
		fprintf(f, " %8s", "?");
}

static size_t count_rows(const struct matrix *m, enum pf_accessor acc)
{
	size_t n = 0;

	for_each_row(m, row, acc)
		n++;
	return n;
}

static void write_range(FILE *f, const struct matrix *m)
{
	double least = 0, most = 0;
	size_t rows = 0, widest = 0;
	char text[PART_MAX];

	for (size_t a = 0; a < m->ask.nr_accessors; a++) {
		rows = fmax(rows, count_rows(m, m->ask.accessor[a]));
		for_each_row(m, row, m->ask.accessor[a]) {
			for (size_t i = 0; i < m->nr; i++) {
				for (size_t p = 0; p < m->ask.nr_populations;
				     p++) {
					double v = matrix_added(m,
						&m->column[i], &row,
						m->ask.population[p],
						m->ask.metric[0]);

					least = fmin(least, v);
					most = fmax(most, v);
					part_of(m, table_of(m->ask.metric[0]),
						&m->column[i], &row,
						m->ask.population[p], text);
					widest = fmax(widest, strlen(text));
				}
			}
		}
	}
	fprintf(f, "rows %zu\nleast %.6g\nmost %.6g\nwidest %zu\n", rows,
		least, most, widest);
}

static void write_head(FILE *f, const struct matrix *m)
{
	const char *metric = matrix_metric_name(m->ask.metric[0]);
	char pages[64], marks[160];
	bool on_way;

	pages_of(m, pages, sizeof(pages));
	marks_of(m, marks, sizeof(marks));
	on_way = *marks && table_of(m->ask.metric[0]) == TABLE_COUNTS;
	fprintf(f, "title \"Page-flag accessors by generation and architecture: %s per operation\"\n",
		metric);
	fprintf(f, "subtitle \"%s, side by side; %s\"\n", pages,
		form_name(m->ask.form));
	fprintf(f, "marks \"%s%s\"\n", on_way ? marks : "",
		on_way ? ", ? not known" : "");
	fprintf(f, "colour \"%s more than plain\"\n", metric);
	fprintf(f, "columns %zu\npopulations %zu\npanels %zu\n", m->nr,
		m->ask.nr_populations, m->ask.nr_accessors);
	write_range(f, m);
}

static void write_columns(FILE *f, const struct matrix *m)
{
	for (size_t i = 0; i < m->nr; i++) {
		const struct matrix_column *c = &m->column[i];
		char head[32], all[512], tame[512];

		fprintf(f, "%6zu", i + 1);
		for (int k = 0; k < MATRIX_HEADS; k++) {
			head_of(m, i, k, all, sizeof(all));
			plot_data_text(head, sizeof(head), all);
			fprintf(f, " \"%s\"", head);
		}
		plot_data_text(head, sizeof(head), c->compiler);
		describe(m, i, all, sizeof(all));
		plot_data_text(tame, sizeof(tame), all);
		fprintf(f, " \"%s\" \"%s\"\n", c->measured ? head : "",
			tame);
	}
}

static void write_rows(FILE *f, const struct matrix *m, enum pf_accessor acc)
{
	size_t n = 0;

	for_each_row(m, row, acc) {
		bool named = row.lowering && is_named(m, &row);

		fprintf(f, "%6zu \"%s%s%s\" %d\n", ++n,
			named ? "" : pf_generations[row.generation].name,
			named || !row.lowering ? "" : " ",
			row.lowering ? lowering_name(row.lowering) : "",
			row.lowering != PF_AUTO);
	}
}

static void write_cells(FILE *f, const struct matrix *m, enum pf_accessor acc)
{
	char text[PART_MAX];
	size_t n = 0;

	for_each_row(m, row, acc) {
		n++;
		for (size_t i = 0; i < m->nr; i++) {
			const struct matrix_column *c = &m->column[i];

			for (size_t p = 0; p < m->ask.nr_populations; p++) {
				enum pf_population pop = m->ask.population[p];

				part_of(m, table_of(m->ask.metric[0]), c, &row,
					pop, text);
				fprintf(f, "%4zu %4zu %4zu %-12s", i + 1, p + 1,
					n, text);
				put_number(f, matrix_added(m, c, &row, pop,
							   m->ask.metric[0]));
				for (size_t k = 0; k < m->ask.nr_metrics; k++)
					put_number(f, matrix_figure(m, c, &row,
						pop, m->ask.metric[k]).e.mid);
				fprintf(f, "\n");
			}
		}
	}
}

void matrix_write(FILE *f, const struct matrix *m)
{
	fprintf(f, "# Architectures across, generations down; read by matrix.gp.\n"
		"# First what the plot says and how much there is of what; then the\n"
		"# columns; the panels, with their rows and whether plain is below them.\n"
		"# Then two blocks a panel: its rows, forced to a lowering or not; and its\n"
		"# fields:\n"
		"# column, population, row, as shown, more than plain");
	for (size_t k = 0; k < m->ask.nr_metrics; k++)
		fprintf(f, ", %s", matrix_metric_name(m->ask.metric[k]));
	fprintf(f, "\n");
	write_head(f, m);
	fprintf(f, "\n\n");
	write_columns(f, m);
	fprintf(f, "\n\n");
	for (size_t a = 0; a < m->ask.nr_accessors; a++)
		fprintf(f, "\"%s\" %zu %d\n",
			pf_accessors[m->ask.accessor[a]].name,
			count_rows(m, m->ask.accessor[a]),
			pf_has(m->ask.accessor[a], PF_GEN_plain, PF_AUTO));
	for (size_t a = 0; a < m->ask.nr_accessors; a++) {
		fprintf(f, "\n\n");
		write_rows(f, m, m->ask.accessor[a]);
		fprintf(f, "\n\n");
		write_cells(f, m, m->ask.accessor[a]);
	}
}
