// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "data/json.h"
#include "workload/result.h"
#include "workload/result_internal.h"

/* A site is in at most this many accessors at once; gcc nests a dozen. */
#define MAX_AROUND 64

/* The names that identify a row: numbers of strings of the census. */
struct key {
	uint32_t name[4];
};

struct row {
	struct key key;
	struct workload_row sum;
};

struct rows {
	struct row *row;
	size_t nr;
	uint32_t *slot;		/* open addressing; number + 1, or 0 */
	size_t nr_slots;
};

static int open_rows(struct rows *rows, size_t most)
{
	rows->nr = 0;
	rows->nr_slots = 2 * most + 1;
	rows->row = calloc(most + 1, sizeof(*rows->row));
	rows->slot = calloc(rows->nr_slots, sizeof(*rows->slot));
	return rows->row && rows->slot ? 0 : -ENOMEM;
}

static void close_rows(struct rows *rows)
{
	free(rows->row);
	free(rows->slot);
}

/* The row of that key; there are never more than @most of open_rows(). */
static struct row *row_of(struct rows *rows, const struct key *key)
{
	uint64_t hash = 0;
	uint32_t *slot;

	for (int i = 0; i < 4; i++)
		hash = (hash ^ key->name[i]) * 0x9e3779b97f4a7c15;
	for (size_t at = hash % rows->nr_slots;;
	     at = (at + 1) % rows->nr_slots) {
		slot = &rows->slot[at];
		if (!*slot)
			break;
		if (!memcmp(&rows->row[*slot - 1].key, key, sizeof(*key)))
			return &rows->row[*slot - 1];
	}
	rows->row[rows->nr].key = *key;
	*slot = ++rows->nr;
	return &rows->row[rows->nr - 1];
}

/* @w: for is_lookup; adds the site to the row */
static void add_site_to_row(struct workload_row *row, struct workload *w,
			    size_t site)
{
	const struct workload_count *n = &w->count[site];

	row->accessors += n->own;
	if (workload_lookup_of(w, site) != (int)site)
		return;
	row->count.whole += n->whole;
	row->count.tail += n->tail;
	row->count.head += n->head;
	row->count.small += n->small;
	row->count.tested += n->tested;
	row->count.fake += n->fake;
	row->sites += n->whole || workload_executions(n);
	if (w->census.site[site].hidden)
		row->hidden += workload_executions(n);
}

static struct key site_key(const struct census *c, enum workload_table by,
			   size_t site)
{
	const struct census_site *s = &c->site[site];
	const struct census_function *f = &c->function[s->function];

	switch (by) {
	case BY_ACCESSOR:
		return (struct key){ { s->name } };
	case BY_FUNCTION:
		return (struct key){ { f->name, f->unit } };
	case BY_CHAIN:
		return (struct key){ { s->name, s->chain } };
	default:
		return (struct key){ { s->name, s->chain, f->name, f->unit } };
	}
}

/* Add a site to the rows of all accessors around it, to each of them once. */
static void add_to_accessors(struct rows *rows, struct workload *w, size_t site)
{
	const struct census *c = &w->census;
	uint32_t seen[MAX_AROUND];
	struct key key;
	int nr = 0, k;

	for (int i = site; i >= 0 && nr < MAX_AROUND; i = c->site[i].outer) {
		for (k = 0; k < nr && seen[k] != c->site[i].name; k++)
			;
		if (k < nr)
			continue;
		seen[nr++] = c->site[i].name;
		key = site_key(c, BY_ACCESSOR, i);
		add_site_to_row(&row_of(rows, &key)->sum, w, site);
	}
}

static void add_to_table(struct rows *rows, struct workload *w,
			 enum workload_table by, size_t site)
{
	int lookup = workload_lookup_of(w, site);
	struct key key;

	if (by == BY_ACCESSOR) {
		add_to_accessors(rows, w, site);
	} else if (by == BY_FUNCTION) {
		key = site_key(&w->census, by, site);
		add_site_to_row(&row_of(rows, &key)->sum, w, site);
	} else if (lookup >= 0) {
		key = site_key(&w->census, by, lookup);
		add_site_to_row(&row_of(rows, &key)->sum, w, site);
	}
}

static int compare_rows(const void *a, const void *b, void *arg)
{
	const struct row *row = a, *other = b;
	const struct workload_row *x = &row->sum, *y = &other->sum;
	uint64_t nx = workload_executions(&x->count);
	uint64_t ny = workload_executions(&y->count);
	int c = 0;

	if (x->count.whole != y->count.whole)
		return x->count.whole > y->count.whole ? -1 : 1;
	if (nx != ny)
		return nx > ny ? -1 : 1;
	if (x->accessors != y->accessors)
		return x->accessors > y->accessors ? -1 : 1;
	for (int i = 0; !c && i < 4; i++)
		c = strcmp(census_text(arg, row->key.name[i]),
			   census_text(arg, other->key.name[i]));
	return c;
}

static json_t *figures_json(const struct workload_row *r, const void *arg)
{
	const struct workload_count *n = &r->count;

	return json_pack("{sI sI sI sI sI sI sI sI sI sI}",
			 "lookups", (json_int_t)workload_executions(n),
			 "tail", (json_int_t)n->tail,
			 "head", (json_int_t)n->head,
			 "small", (json_int_t)n->small,
			 "hidden", (json_int_t)r->hidden,
			 "fake_tested", (json_int_t)n->tested,
			 "fake", (json_int_t)n->fake,
			 "sites", (json_int_t)r->sites,
			 "lookup_instructions", (json_int_t)n->whole,
			 "accessor_instructions", (json_int_t)r->accessors);
}

static json_t *table_json(struct workload *w, enum workload_table by,
			  json_t *(*figures)(const struct workload_row *row,
					     const void *arg),
			  const void *arg)
{
	struct rows rows = { 0 };
	json_t *list = json_array(), *row;

	/* a site is in the rows of those around it: one key per site exists */
	if (open_rows(&rows, w->census.nr_sites)) {
		close_rows(&rows);
		json_decref(list);
		return NULL;
	}
	for (size_t i = 0; i < w->census.nr_sites; i++)
		if (w->count[i].own || w->count[i].whole)
			add_to_table(&rows, w, by, i);
	qsort_r(rows.row, rows.nr, sizeof(*rows.row), compare_rows,
		&w->census);
	for (size_t i = 0; i < rows.nr; i++) {
		row = figures(&rows.row[i].sum, arg);
		for (int k = 0; k < 4 && workload_table_keys[by][k]; k++)
			json_object_set_new(row, workload_table_keys[by][k],
				json_string(census_text(&w->census,
					rows.row[i].key.name[k])));
		json_array_append_new(list, row);
	}
	close_rows(&rows);
	return list;
}

struct workload_row workload_total(struct workload *w)
{
	struct workload_row total = { 0 };

	for (size_t i = 0; i < w->census.nr_sites; i++)
		add_site_to_row(&total, w, i);
	return total;
}

int workload_add_tables(json_t *root, struct workload *w,
			json_t *(*figures)(const struct workload_row *row,
					   const void *arg),
			const void *arg)
{
	json_t *table;

	for (int by = 0; by < WORKLOAD_TABLES; by++) {
		table = table_json(w, by, figures, arg);
		if (!table || json_object_set_new(root, workload_table_names[by],
						  table))
			return -ENOMEM;
	}
	return 0;
}

static json_t *total_json(struct workload *w)
{
	struct workload_row total = workload_total(w);
	uint64_t unseen = 0, stray = 0;
	json_t *o;

	for (size_t i = 0; i < w->census.nr_sites; i++) {
		if (!w->count[i].whole || workload_executions(&w->count[i]))
			continue;
		unseen++;
		stray += w->count[i].whole;
	}
	o = figures_json(&total, NULL);
	json_object_set_new(o, "kernel_instructions", json_integer(w->kernel));
	json_object_set_new(o, "user_instructions", json_integer(w->user));
	json_object_set_new(o, "string_instructions",
			    json_integer(w->repeated));
	json_object_set_new(o, "string_iterations",
			    json_integer(w->iterations));
	json_object_set_new(o, "sites_without_load", json_integer(unseen));
	json_object_set_new(o, "instructions_without_load",
			    json_integer(stray));
	json_object_set_new(o, "unread", json_integer(w->unread));
	return o;
}

json_t *workload_result(struct workload *w, const struct workload_run *run)
{
	const struct census_file *file = w->census.file;
	json_t *root, *command = json_array();

	for (char *const *word = run->command; *word; word++)
		json_array_append_new(command, json_text(*word));
	root = json_pack("{si sb so si so ss ss ss ss ss ss so}",
			 "pfbench_workload", 1, "partial", !!run->partial,
			 "partial_reason", run->partial ?
			 json_text(run->partial) : json_null(),
			 "status", run->status, "command", command,
			 "kernel", run->kernel, "release", run->release,
			 "version", run->version, "arch", file->arch,
			 "build_id", file->build_id, "emulator", run->emulator,
			 "total", total_json(w));
	json_object_set_new(root, "operations", run->unit ?
			    json_integer(run->operations) : json_null());
	json_object_set_new(root, "operation", run->unit ?
			    json_text(run->unit) : json_null());
	if (root && workload_add_tables(root, w, figures_json, NULL)) {
		json_decref(root);
		return NULL;
	}
	return root;
}
