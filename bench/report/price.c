// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <math.h>
#include <string.h>

#include "lib/read_file.h"
#include "lib/table.h"
#include "lib/text.h"
#include "report/format.h"
#include "report/price.h"
#include "report/price_internal.h"

const char *const price_kind_names[3] = { "small", "head", "tail" };

double price_per_operation(const json_t *workload, const char *key)
{
	const json_t *n = json_object_get(json_object_get(workload, "total"),
					  key);
	const json_t *operations = json_object_get(workload, "operations");
	json_int_t ops = json_is_integer(operations) ?
		json_integer_value(operations) : 1;

	return (double)json_integer_value(n) / (ops > 0 ? ops : 1);
}

static struct point point_of(const struct price_query *q, enum pf_form form,
			     enum price_pages pages, unsigned int replay)
{
	static const enum pf_population populations[] = {
		PF_SMALL, PF_HEADS, PF_TAILS, PF_MIXED,
	};

	return (struct point){
		.accessor = q->accessor, .generation = q->old, .form = form,
		.population = populations[pages], .replay = replay,
		.order = pages == PRICE_SMALL ? 0 : PF_DEFAULT_ORDER,
	};
}

static struct estimate scale_estimate(struct estimate e, double by)
{
	e.mid *= by;
	e.lo *= by;
	e.hi *= by;
	return e;
}

/* False: the result lacks a point, whose name is in @msg. */
static bool find_row(const struct price_query *q, struct point p,
		     struct price_row *row, struct errmsg *msg)
{
	const struct result_point *old = result_find(q->result, &p), *new;
	char name[POINT_NAME_MAX];
	size_t n;

	p.generation = q->new;
	new = result_find(q->result, &p);
	if (!old || !new) {
		p.generation = old ? q->new : q->old;
		point_name(&p, name);
		errmsg_set(msg, -ENOENT, "%s: no %s: measure it on this machine",
			   q->result->path, name);
		return false;
	}
	n = old->nr_samples < new->nr_samples ? old->nr_samples :
		new->nr_samples;
	row->each = scale_estimate(stats_paired_difference(new->sample, old->sample, n,
						   STATS_CONFIDENCE),
			   unit_scale(q->result, UNIT_CYCLES));
	row->contended = old->contended || new->contended;
	row->has = true;
	return true;
}

static void add(struct estimate *sum, const struct estimate *e)
{
	sum->mid += e->mid;
	sum->lo += e->lo;
	sum->hi += e->hi;
}

/* The sequence of the result, whatever its name; 0: none. */
static unsigned int find_replay(const struct price_query *q)
{
	for (size_t i = 0; i < q->result->nr_points; i++)
		if (q->result->point[i].point.replay &&
		    q->result->point[i].point.accessor == q->accessor)
			return q->result->point[i].point.replay;
	return 0;
}

struct estimate price_op_cycles(const struct result *result, const double *ns,
				size_t nr)
{
	double ns_per_cycle = unit_scale(result, UNIT_NS) /
		unit_scale(result, UNIT_CYCLES);

	return scale_estimate(stats_estimate(ns, nr, STATS_CONFIDENCE),
			      1 / ns_per_cycle);
}

/* The widest quotient of both intervals, in per cent. */
static struct estimate share_of_op(struct estimate sum, struct estimate op)
{
	double lo = sum.lo / (sum.lo < 0 ? op.lo : op.hi);
	double hi = sum.hi / (sum.hi < 0 ? op.hi : op.lo);

	return (struct estimate){ .mid = 100 * sum.mid / op.mid,
				  .lo = 100 * lo, .hi = 100 * hi, .n = sum.n };
}

int price_of(const struct price_query *q, enum pf_form form,
	     struct price *price, struct errmsg *msg)
{
	unsigned int replay = find_replay(q);
	struct estimate sum = { 0 };
	struct errmsg why;

	memset(price, 0, sizeof(*price));
	if (isnan(unit_scale(q->result, UNIT_CYCLES)))
		return errmsg_set(msg, -EINVAL,
				  "%s: its figures cannot be cycles: the length of a cycle is not known",
				  q->result->path);
	for (int k = PRICE_SMALL; k <= PRICE_TAIL; k++) {
		struct price_row *row = &price->row[k];
		struct estimate e;

		row->per_op = price_per_operation(q->workload, price_kind_names[k]);
		if (!find_row(q, point_of(q, form, k, 0), row, &why)) {
			/* the sequence has all kinds */
			if (row->per_op > 0 && !replay)
				return errmsg_set(msg, -ENOENT, "%s",
						  why.text);
			continue;
		}
		e = scale_estimate(row->each, row->per_op);
		add(&sum, &e);
	}
	price->sum = sum;
	if (replay) {
		struct price_row *row = &price->row[PRICE_REPLAY];

		row->per_op = price_per_operation(q->workload, "lookups");
		if (find_row(q, point_of(q, form, PRICE_REPLAY, replay), row,
			     msg)) {
			price->sum = scale_estimate(row->each, row->per_op);
			price->by_replay = true;
		}
	}
	price->per_cent = share_of_op(price->sum, q->op);
	return 0;
}

enum { PAGES, PER_OP, EACH, CYCLES, NR };

void price_command(const json_t *w, char *line, size_t size)
{
	const json_t *word;
	size_t i, n = 0;

	*line = '\0';
	json_array_foreach(json_object_get(w, "command"), i, word)
		if (n < size)
			n += snprintf(line + n, size - n, "%s%s",
				      i ? " " : "",
				      json_string_value(word) ?: "?");
}

static void print_query(FILE *out, const struct price_query *q)
{
	const json_t *w = q->workload;
	const char *op = json_string_value(json_object_get(w, "operation"));
	char command[256], line[512], cycles[32];

	price_command(w, command, sizeof(command));
	snprintf(line, sizeof(line), "%s, %s", command,
		 json_string_value(json_object_get(w, "kernel")) ?:
		 "kernel not recorded");
	text_wrapped(out, line, 2);
	text_line(out, "per %s: %.1f look-ups, %.0f instructions of the kernel",
		  op ?: "run", price_per_operation(w, "lookups"),
		  price_per_operation(w, "kernel_instructions"));
	snprintf(line, sizeof(line), "%s(), %s instead of %s, on %s (%s)",
		 pf_accessors[q->accessor].name,
		 pf_generations[q->new].name, pf_generations[q->old].name,
		 result_context(q->result, "cpu_model"),
		 result_context(q->result, "cpu_id"));
	text_wrapped(out, line, 2);
	if (!isnan(q->op.mid)) {
		format_estimate(&q->op, false, cycles, sizeof(cycles));
		text_line(out, "an operation takes %s cycles there",
			  clean_line(cycles));
	}
	text_line(out, "An estimate: counts of a guest times costs of a loop.");
}

static void print_price_row(struct table *t, const char *name,
		      const struct price_row *row)
{
	struct estimate e = scale_estimate(row->each, row->per_op);
	char text[32];

	table_row(t);
	table_cell(t, PAGES, "%s", name);
	table_cell(t, PER_OP, "%.2f", row->per_op);
	if (!row->has) {
		table_cell(t, EACH, "n/a");
		return;
	}
	format_estimate(&row->each, row->contended, text, sizeof(text));
	table_cell(t, EACH, "%s", text);
	format_estimate(&e, row->contended, text, sizeof(text));
	table_cell(t, CYCLES, "%s", text);
}

static void print_costs(FILE *out, const struct price *p, enum pf_form form)
{
	char text[32];
	struct table t;

	table_open(&t, NR);
	table_column(&t, PAGES, TABLE_LEFT, 0, 15, false);
	for (int i = PER_OP; i < NR; i++)
		table_column(&t, i, TABLE_RIGHT, 2, 14, false);
	table_row(&t);
	table_cell(&t, PAGES, "%s", format_mode(form));
	table_cell(&t, PER_OP, "look-ups");
	table_cell(&t, EACH, "cycles each");
	table_cell(&t, CYCLES, "cycles");
	for (int k = PRICE_SMALL; k <= PRICE_TAIL; k++)
		if (p->row[k].per_op > 0)
			print_price_row(&t, price_kind_names[k], &p->row[k]);
	if (p->by_replay)
		print_price_row(&t, "in their order", &p->row[PRICE_REPLAY]);
	fprintf(out, "\n");
	table_print(&t, out, 1, NR);
	table_close(&t);
	format_estimate(&p->sum, false, text, sizeof(text));
	text_line(out, "per operation: %s cycles%s%s", clean_line(text),
		  p->by_replay ? ", in their order" : "",
		  isnan(p->per_cent.mid) ? "" : ", and");
	if (isnan(p->per_cent.mid))
		return;
	format_estimate(&p->per_cent, false, text, sizeof(text));
	text_line(out, "               %s %% of its cycles",
		  clean_line(text));
}

int price_print(FILE *out, const struct price_query *q, struct errmsg *msg)
{
	static const enum pf_form forms[] = { PF_THROUGHPUT, PF_LATENCY };
	struct price price[2];
	int ret;

	for (int i = 0; i < 2; i++) {
		ret = price_of(q, forms[i], &price[i], msg);
		if (ret)
			return ret;
	}
	print_query(out, q);
	for (int i = 0; i < 2; i++)
		print_costs(out, &price[i], forms[i]);
	return 0;
}
