// SPDX-License-Identifier: GPL-2.0
#include <math.h>

#include "lib/csv.h"
#include "report/csv.h"
#include "report/format.h"

static const char header[] =
	"file,host,cpu_model,kernel,backend,point,accessor,generation,"
	"lowering,population,tails_percent,source,working_set,visit,order,mode,"
	"use,unit,median,lo,hi,p05,p25,p75,p95,rounds_quiet,contended,"
	"cycle_unit,cycle_median,cycle_lo,cycle_hi";

static void put_text(FILE *f, const char *text)
{
	fputc(',', f);
	csv_value(f, text);
}

/* A value that is unknown is empty. */
static void put_number(FILE *f, double v)
{
	if (isfinite(v))
		fprintf(f, ",%.7g", v);
	else
		fputc(',', f);
}

/* The parts of the name of a point. */
static void put_point(FILE *f, const struct point *p)
{
	put_text(f, pf_accessors[p->accessor].name);
	put_text(f, pf_generations[p->generation].name);
	put_text(f, p->lowering == PF_AUTO ? "" : lowering_name(p->lowering));
	put_text(f, population_kind_name(p->population));
	put_number(f, p->population == PF_MIXED && !p->replay ? p->tails : NAN);
	put_text(f, p->source == SOURCE_OWN ? "" : source_name(p->source));
	put_text(f, working_set_name(p->ws));
	put_text(f, p->shuffled ? "shuffled" :
		 p->cold_tail ? "cold tail" : "in order");
	put_number(f, p->order);
	put_text(f, point_is_latency(p) ? "latency" : "throughput");
	put_text(f, p->form == PF_THROUGHPUT_COND ? "cond" : "value");
}

static void put_figures(FILE *f, const struct result *r,
			const struct result_point *p)
{
	static const double share[] = { 0.05, 0.25, 0.75, 0.95 };
	enum { NR = sizeof(share) / sizeof(*share) };
	enum unit unit = unit_of_time(r);
	double scale = unit_scale(r, unit), quantile[NR];

	put_text(f, unit_name(r, unit));
	put_number(f, p->cost.mid * scale);
	put_number(f, p->cost.lo * scale);
	put_number(f, p->cost.hi * scale);
	stats_quantiles(p->sample, p->nr_samples, share, NR, quantile);
	for (size_t i = 0; i < NR; i++)
		put_number(f, quantile[i] * scale);
	fprintf(f, ",%zu,%d", p->cost.n, p->contended);
}

/* Empty where the file does not record the length of a cycle. */
static void put_cycles(FILE *f, const struct result *r,
		       const struct result_point *p)
{
	double scale = unit_of_time(r) == UNIT_INSTRUCTIONS ? NAN :
		unit_scale(r, UNIT_CYCLES);

	put_text(f, isnan(scale) ? "" : unit_name(r, UNIT_CYCLES));
	put_number(f, p->cost.mid * scale);
	put_number(f, p->cost.lo * scale);
	put_number(f, p->cost.hi * scale);
}

/* The names of all counters, in the order of the files; NULL: no memory. */
static json_t *counter_names(const struct csv *csv)
{
	json_t *names = json_object(), *v;
	const char *name;

	for (size_t i = 0; i < csv->nr; i++)
		for (size_t k = 0; k < csv->results[i].nr_points; k++)
			json_object_foreach(json_object_get(
					csv->results[i].point[k].json,
					"counters"), name, v)
				json_object_set_new(names, name, json_true());
	return names;
}

static void put_row(FILE *f, const struct result *r,
		    const struct result_point *p, json_t *counters)
{
	static const char *const keys[] = {
		"host_name", "cpu_model", "kernel", "backend",
	};
	const json_t *counted = json_object_get(p->json, "counters"), *value;
	const char *name;
	json_t *v;

	csv_value(f, r->path);
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		put_text(f, result_context(r, keys[i]));
	put_text(f, p->name);
	put_point(f, &p->point);
	put_figures(f, r, p);
	put_cycles(f, r, p);
	json_object_foreach(counters, name, v) {
		value = json_object_get(json_object_get(counted, name),
					"per_op");
		put_number(f, value ? json_number_value(value) : NAN);
	}
	fputs("\r\n", f);
}

int csv_write(FILE *f, const void *arg)
{
	const struct csv *csv = arg;
	json_t *counters = counter_names(csv), *v;
	const char *name;

	if (!counters)
		return -1;
	fputs(header, f);
	json_object_foreach(counters, name, v)
		put_text(f, name);
	fputs("\r\n", f);
	for (size_t i = 0; i < csv->nr; i++)
		for (size_t k = 0; k < csv->results[i].nr_points; k++)
			put_row(f, &csv->results[i], &csv->results[i].point[k],
				counters);
	json_decref(counters);
	return ferror(f) ? -1 : 0;
}
