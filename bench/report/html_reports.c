// SPDX-License-Identifier: GPL-2.0
/*
 * The report of each machine: its context, the texts and the tables of
 * 'pfbench report', with samples, so that differences are paired. Files are
 * read in threads, a batch at a time, and written in their order. Machines of a
 * lab have most texts and tables in common: these are kept once.
 */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/param.h>

#include "data/json.h"
#include "lib/array.h"
#include "lib/table.h"
#include "report/html_internal.h"
#include "report/report.h"
#include "report/report_table.h"

#define MAX_THREADS 16
#define BATCH 64

/* All of a table but its figures, and the figures. */
struct report_part {
	char *shape, *cells;
};

struct report_context {
	char *key, *value;
};

/* A report that is read; @fault replaces the rest. */
struct machine_report {
	char *text, *fault;
	struct report_context *context;
	size_t nr_context;
	struct report_part *part;
	size_t nr_parts;
};

static void free_report(struct machine_report *r)
{
	for (size_t i = 0; i < r->nr_context; i++) {
		free(r->context[i].key);
		free(r->context[i].value);
	}
	for (size_t i = 0; i < r->nr_parts; i++) {
		free(r->part[i].shape);
		free(r->part[i].cells);
	}
	free(r->context);
	free(r->part);
	free(r->text);
	free(r->fault);
	*r = (struct machine_report){ 0 };
}

/* Takes what was written to both streams. */
struct part_streams {
	FILE *shape, *cells;
	char *shape_text, *cells_text;
	size_t shape_size, cells_size;
};

static int open_part(struct part_streams *s)
{
	*s = (struct part_streams){ 0 };
	s->shape = open_memstream(&s->shape_text, &s->shape_size);
	s->cells = open_memstream(&s->cells_text, &s->cells_size);
	if (s->shape && s->cells)
		return 0;
	if (s->shape)
		fclose(s->shape);
	if (s->cells)
		fclose(s->cells);
	free(s->shape_text);
	free(s->cells_text);
	return -ENOMEM;
}

static int add_report_part(struct machine_report *r, struct part_streams *s)
{
	struct report_part *grown;
	int err = fclose(s->shape);

	err |= fclose(s->cells);
	grown = err ? NULL : array_grow(r->part, r->nr_parts, sizeof(*grown));
	if (!grown) {
		free(s->shape_text);
		free(s->cells_text);
		return -ENOMEM;
	}
	r->part = grown;
	r->part[r->nr_parts++] = (struct report_part){ s->shape_text,
						       s->cells_text };
	return 0;
}

static void write_grid_columns(FILE *f, const struct report_table *t)
{
	fputs("\"columns\":[", f);
	for (size_t i = 0; i < t->nr; i++) {
		fprintf(f, "%s[", i ? "," : "");
		html_json_string(f, t->column[i].head);
		fprintf(f, ",\"%s\",\"%s\"]",
			format_mode(t->column[i].key.form),
			population_kind_name(t->column[i].key.population));
	}
	fputs("]", f);
}

static void write_grid_rows(FILE *f, const struct report_grid *grid)
{
	fputs("\"rows\":[", f);
	for (size_t i = 0; i < grid->nr_rows; i++) {
		const struct report_row *row = &grid->row[i];

		fprintf(f, "%s[\"%s\",\"%s\"]", i ? "," : "",
			pf_generations[row->generation].name,
			row->lowering ? lowering_name(row->lowering) : "");
	}
	fputs("]", f);
}

static void write_grid_cells(FILE *f, const struct report_grid *grid)
{
	size_t nr = grid->nr_rows * grid->table->nr;
	bool any = false;

	fputs("[[", f);
	for (size_t i = 0; i < nr; i++)
		html_json_estimate(f, &grid->cell[i].e, i);
	fputs("],[", f);
	for (size_t i = 0; i < nr; i++) {
		if (!grid->cell[i].contended)
			continue;
		fprintf(f, "%s%zu", any ? "," : "", i);
		any = true;
	}
	fputs("]]", f);
}

static int take_figures_table(void *arg, const struct report_grid *grid)
{
	static const char *const kinds[] = {
		[REPORT_MEDIAN] = "median", [REPORT_ADDED] = "added",
		[REPORT_EVENT] = "event",
	};
	struct part_streams s;

	if (open_part(&s))
		return -ENOMEM;
	fprintf(s.shape, "{\"kind\":\"%s\",\"accessor\":\"%s\",\"title\":",
		kinds[grid->table->figure], pf_accessors[grid->accessor].name);
	html_json_string(s.shape, grid->table->title);
	fputs(",\"unit\":", s.shape);
	html_json_string(s.shape, grid->unit);
	fputs(",", s.shape);
	write_grid_columns(s.shape, grid->table);
	fputs(",", s.shape);
	write_grid_rows(s.shape, grid);
	fputs("}", s.shape);
	write_grid_cells(s.cells, grid);
	return add_report_part(arg, &s);
}

static int take_text_table(void *arg, const char *title, const struct table *t)
{
	struct part_streams s;

	if (t->lost || open_part(&s))
		return -ENOMEM;
	fputs("{\"kind\":\"text\",\"title\":", s.shape);
	html_json_string(s.shape, title);
	fprintf(s.shape, ",\"columns\":%zu}", t->nr_columns);
	fputs("[", s.cells);
	for (size_t i = 0; i < t->nr_rows * t->nr_columns; i++) {
		fputs(i ? "," : "", s.cells);
		html_json_string(s.cells, t->cell[i].text ?: "");
	}
	fputs("]", s.cells);
	return add_report_part(arg, &s);
}

static int add_context(struct machine_report *r, const char *key,
		       const json_t *value)
{
	struct report_context *grown = array_grow(r->context, r->nr_context,
						  sizeof(*grown));
	char *k = strdup(key), *v;

	v = json_is_string(value) ? strdup(json_string_value(value)) :
		json_dumps(value, JSON_ENCODE_ANY | JSON_ENSURE_ASCII |
			   JSON_REAL_PRECISION(9));
	if (grown)
		r->context = grown;
	if (!grown || !k || !v) {
		free(k);
		free(v);
		return -ENOMEM;
	}
	r->context[r->nr_context++] = (struct report_context){ k, v };
	return 0;
}

/* All fields of a context but the program's own object. */
static int take_context(struct machine_report *r, const json_t *context)
{
	const char *key;
	json_t *value;
	int err = 0;

	json_object_foreach((json_t *)context, key, value)
		if (!err && strcmp(key, "pfbench"))
			err = add_context(r, key, value);
	return err;
}

static int take_tables(struct machine_report *r, const struct result *result,
		       enum unit unit)
{
	struct report_options options = { .unit = unit, .accessor = -1 };
	struct report_sink sink = { r, take_figures_table, take_text_table };
	struct errmsg msg = { "" };
	size_t size;
	FILE *f = open_memstream(&r->text, &size);
	int err;

	if (!f)
		return -ENOMEM;
	err = report_cells(f, &sink, result, &options, &msg);
	if (fclose(f) || err == -ENOMEM)
		return -ENOMEM;
	r->fault = err ? strdup(msg.text) : NULL;
	return err && !r->fault ? -ENOMEM : 0;
}

static int read_report(struct machine_report *r, const char *path,
		       enum unit unit)
{
	struct errmsg msg = { "" };
	struct result result;
	int err = result_load(path, &result, &msg);

	if (err) {
		r->fault = strdup(msg.text);
		return err == -ENOMEM || !r->fault ? -ENOMEM : 0;
	}
	err = take_context(r, result.pfbench);
	if (!err)
		err = take_context(r, result.context);
	if (!err)
		err = take_tables(r, &result, unit);
	result_free(&result);
	return err;
}

/* Threads share this; @next and @err are atomic. */
struct report_batch {
	const struct machines *m;
	size_t first, nr, next;
	struct machine_report report[BATCH];
	int err;
};

static void *read_reports(void *arg)
{
	struct report_batch *b = arg;
	size_t i;
	int err;

	while ((i = __atomic_fetch_add(&b->next, 1, __ATOMIC_RELAXED)) <
	       b->nr) {
		err = read_report(&b->report[i],
				  b->m->machine[b->first + i].path,
				  b->m->request.unit);
		if (err)
			__atomic_store_n(&b->err, err, __ATOMIC_RELAXED);
	}
	return NULL;
}

static void read_batch(struct report_batch *b)
{
	pthread_t thread[MAX_THREADS];
	size_t nr = 0, want;
	cpu_set_t cpus;

	want = sched_getaffinity(0, sizeof(cpus), &cpus) ? 1 :
		CPU_COUNT(&cpus);
	want = MIN(MIN(want, b->nr), MAX_THREADS);
	/* the first use sets the seed of all hash tables */
	json_object_seed(0);
	while (nr + 1 < want &&
	       !pthread_create(&thread[nr], NULL, read_reports, b))
		nr++;
	read_reports(b);
	while (nr)
		pthread_join(thread[--nr], NULL);
}

/* Texts and shapes of tables that reports refer to by number. */
struct report_shared {
	struct strtab text, shape;
	bool lost;
};

static int shared_number(struct report_shared *s, struct strtab *tab,
			 const char *text)
{
	int n = strtab_add(tab, text);

	s->lost |= n < 0;
	return n;
}

static void write_machine_report(FILE *f, size_t number,
				 const struct machine_report *r,
				 struct report_shared *s)
{
	html_json_begin(f, "machine-", number);
	fprintf(f, "{\"text\":%d,\"fault\":",
		shared_number(s, &s->text, r->text ?: ""));
	html_json_string(f, r->fault ?: "");
	fputs(",\"context\":[", f);
	for (size_t i = 0; i < r->nr_context; i++)
		fprintf(f, "%s%d,%d", i ? "," : "",
			shared_number(s, &s->text, r->context[i].key),
			shared_number(s, &s->text, r->context[i].value));
	fputs("],\"tables\":[", f);
	for (size_t i = 0; i < r->nr_parts; i++)
		fprintf(f, "%s[%d,%s]", i ? "," : "",
			shared_number(s, &s->shape, r->part[i].shape),
			r->part[i].cells);
	fputs("]}", f);
	html_json_end(f);
}

static void write_shared(FILE *f, const struct report_shared *s)
{
	html_json_begin(f, "shared", 0);
	fputs("{\"texts\":[", f);
	for (size_t i = 0; i < s->text.nr; i++) {
		fputs(i ? "," : "", f);
		html_json_string(f, s->text.text[i]);
	}
	fputs("],\n\"shapes\":[", f);
	/* 0 is the empty string, and no shape */
	for (size_t i = 0; i < s->shape.nr; i++)
		fprintf(f, "%s%s", i ? ",\n" : "",
			*s->shape.text[i] ? s->shape.text[i] : "null");
	fputs("]}", f);
	html_json_end(f);
}

int html_write_reports(FILE *f, const struct machines *m)
{
	struct report_batch *b = calloc(1, sizeof(*b));
	struct report_shared shared = { 0 };
	int err = b ? 0 : -ENOMEM;

	for (size_t first = 0; first < m->nr && !err; first += BATCH) {
		*b = (struct report_batch){ .m = m, .first = first,
					    .nr = MIN(m->nr - first, BATCH) };
		read_batch(b);
		err = b->err;
		for (size_t i = 0; i < b->nr; i++) {
			if (!err)
				write_machine_report(f, first + i,
						     &b->report[i], &shared);
			free_report(&b->report[i]);
		}
	}
	if (!err)
		write_shared(f, &shared);
	if (shared.lost)
		err = -ENOMEM;
	strtab_free(&shared.text);
	strtab_free(&shared.shape);
	free(b);
	return err;
}
