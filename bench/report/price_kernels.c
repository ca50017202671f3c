// SPDX-License-Identifier: GPL-2.0
/*
 * Two kernels: the look-ups that each executed times what each of its own
 * look-ups costs, beside the instructions that were counted.
 */
#include <errno.h>
#include <math.h>
#include <string.h>

#include "lib/table.h"
#include "lib/text.h"
#include "report/format.h"
#include "report/price.h"
#include "report/price_internal.h"

#define NR_KINDS 3

enum { KC_NAME, KC_OLD, KC_NEW, KC_DIFFERENCE, KC_NR };

/* Old and new per operation. */
struct sides {
	double old, new;
};

static struct point native_point(enum pf_accessor accessor, enum pf_form form,
				 int kind)
{
	static const enum pf_population populations[NR_KINDS] = {
		PF_SMALL, PF_HEADS, PF_TAILS,
	};

	return (struct point){
		.accessor = accessor, .generation = PF_GEN_native,
		.form = form, .population = populations[kind],
		.order = populations[kind] == PF_SMALL ? 0 : PF_DEFAULT_ORDER,
	};
}

/*
 * The cost of a kernel's own look-up: its accessor less the same without a
 * look-up; for compound_head(), which has none without, all of it.
 */
static int native_cost(const struct result *r, struct point p, double *cost,
		       struct errmsg *msg)
{
	const struct result_point *native = result_find(r, &p), *plain;
	char name[POINT_NAME_MAX];
	struct estimate e;
	size_t n;

	if (!native) {
		point_name(&p, name);
		return errmsg_set(msg, -ENOENT, "%s: no %s: measure it in that kernel",
				  r->path, name);
	}
	p.generation = PF_GEN_plain;
	plain = result_find(r, &p);
	if (plain) {
		n = plain->nr_samples < native->nr_samples ?
			plain->nr_samples : native->nr_samples;
		e = stats_paired_difference(native->sample, plain->sample, n,
					    STATS_CONFIDENCE);
	}
	*cost = plain ? e.mid : native->cost.mid;
	return 0;
}

/* Look-ups times costs, in the unit of the result. */
static int predict(const struct price_kernel *k, enum pf_accessor accessor,
		   enum pf_form form, double *sum, struct errmsg *msg)
{
	double scale = unit_scale(k->result, unit_resolve(k->result,
							  UNIT_DEFAULT));
	double n, cost = 0;
	int err;

	*sum = 0;
	for (int kind = 0; kind < NR_KINDS; kind++) {
		n = price_per_operation(k->workload, price_kind_names[kind]);
		if (!n)
			continue;
		err = native_cost(k->result, native_point(accessor, form, kind),
				  &cost, msg);
		if (err)
			return err;
		*sum += n * cost * scale;
	}
	return 0;
}

static const char *unit_of(const struct result *r)
{
	return unit_name(r, unit_resolve(r, UNIT_DEFAULT));
}

static int check_kernels(const struct price_kernel kernel[2],
			 struct errmsg *msg)
{
	if (!json_equal(json_object_get(kernel[0].workload, "command"),
			json_object_get(kernel[1].workload, "command")))
		return errmsg_set(msg, -EINVAL,
				  "the two workloads are different commands: count one command in both kernels");
	if (strcmp(unit_of(kernel[0].result), unit_of(kernel[1].result)))
		return errmsg_set(msg, -EINVAL, "%s is in %s, %s in %s: measure both alike",
				  kernel[0].result->path,
				  unit_of(kernel[0].result),
				  kernel[1].result->path,
				  unit_of(kernel[1].result));
	return 0;
}

static void kernels_row(struct table *t, const char *name, struct sides s)
{
	table_row(t);
	table_cell(t, KC_NAME, "%s", name);
	table_cell(t, KC_OLD, "%.1f", s.old);
	table_cell(t, KC_NEW, "%.1f", s.new);
	table_cell(t, KC_DIFFERENCE, "%+.1f", s.new - s.old);
}

static struct sides counted_sides(const struct price_kernel kernel[2],
				  const char *key)
{
	return (struct sides){
		price_per_operation(kernel[0].workload, key),
		price_per_operation(kernel[1].workload, key),
	};
}

static const char *kernel_name(const struct price_kernel *k)
{
	return json_string_value(json_object_get(k->workload, "kernel")) ?:
		"?";
}

static void kernels_header(struct table *t, const struct price_kernel kernel[2])
{
	const char *unit = json_string_value(json_object_get(
			kernel[0].workload, "operation"));

	table_open(t, KC_NR);
	for (int i = KC_OLD; i < KC_NR; i++)
		table_column(t, i, TABLE_RIGHT, 2, 10, false);
	table_row(t);
	table_cell(t, KC_NAME, "per %s", unit ?: "run");
	table_cell(t, KC_OLD, "%.12s", kernel_name(&kernel[0]));
	table_cell(t, KC_NEW, "%.12s", kernel_name(&kernel[1]));
	table_cell(t, KC_DIFFERENCE, "difference");
}

/* How much of the counted differences is predicted; of instructions only. */
static void print_kernels_share(FILE *out, const struct price_kernel kernel[2],
				struct sides predicted)
{
	struct sides lookups = counted_sides(kernel, "lookup_instructions");
	struct sides kernel_all = counted_sides(kernel, "kernel_instructions");
	double by = predicted.new - predicted.old;
	double of_kernel = kernel_all.new - kernel_all.old;
	char line[256];

	if (strcmp(unit_of(kernel[0].result), "instructions") ||
	    fabs(lookups.new - lookups.old) < 1 || !of_kernel)
		return;
	snprintf(line, sizeof(line),
		 "The difference that throughput predicts is %.1f %% of that counted in look-ups.",
		 100 * by / (lookups.new - lookups.old));
	text_wrapped(out, line, 0);
	if (by * of_kernel > 0)
		snprintf(line, sizeof(line), "It is %.1f %% of that counted in the kernel.",
			 100 * by / of_kernel);
	else
		snprintf(line, sizeof(line), "The kernel as a whole has a difference of the other sign.");
	text_wrapped(out, line, 0);
}

static void print_kernels_title(FILE *out, const struct price_kernel kernel[2],
				enum pf_accessor accessor)
{
	char line[512];

	price_command(kernel[0].workload, line, sizeof(line));
	text_wrapped(out, line, 2);
	snprintf(line, sizeof(line),
		 "An estimate: the look-ups that were counted, times what %s() costs in each kernel (native, %s).",
		 pf_accessors[accessor].name, unit_of(kernel[0].result));
	text_wrapped(out, line, 0);
	fputc('\n', out);
}

int price_kernels_print(FILE *out, const struct price_kernel kernel[2],
			enum pf_accessor accessor, struct errmsg *msg)
{
	static const enum pf_form forms[] = { PF_THROUGHPUT, PF_LATENCY };
	struct sides predicted[2];
	char name[64];
	struct table t;
	int err = check_kernels(kernel, msg);

	for (int i = 0; i < 2 && !err; i++) {
		err = predict(&kernel[0], accessor, forms[i],
			      &predicted[i].old, msg) ?:
			predict(&kernel[1], accessor, forms[i],
				&predicted[i].new, msg);
	}
	if (err)
		return err;
	print_kernels_title(out, kernel, accessor);
	kernels_header(&t, kernel);
	kernels_row(&t, "look-ups, counted", counted_sides(kernel, "lookups"));
	for (int i = 0; i < 2; i++) {
		snprintf(name, sizeof(name), "%s in them, %s",
			 unit_of(kernel[0].result), format_mode(forms[i]));
		kernels_row(&t, name, predicted[i]);
	}
	kernels_row(&t, "instructions in them, counted",
		    counted_sides(kernel, "lookup_instructions"));
	kernels_row(&t, "of the kernel, counted",
		    counted_sides(kernel, "kernel_instructions"));
	table_print(&t, out, 1, KC_NR);
	table_close(&t);
	print_kernels_share(out, kernel, predicted[0]);
	return 0;
}
