// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "data/json.h"
#include "report/report_table.h"

/* A figure and its interval, without one that is unknown. */
static json_t *cell_json(const struct report_cell *c)
{
	return json_pack("{s:o, s:o, s:o}", "median", json_finite(c->e.mid),
			 "lo", json_finite(c->e.lo),
			 "hi", json_finite(c->e.hi));
}

static json_t *point_counters_json(const struct result_point *p)
{
	json_t *from = json_object_get(p->json, "counters");
	json_t *events = json_object(), *v;
	const char *event;

	json_object_foreach(from, event, v) {
		struct report_cell c = report_event_cell(p, event);

		json_object_set_new(events, event, cell_json(&c));
	}
	return events;
}

static json_t *report_point_json(const struct report *rep,
				 const struct result_point *p)
{
	struct report_cell cell = report_median_cell(rep, p), added;
	struct point plain = p->point;
	json_t *point = json_pack("{s:s}", "name", p->name);

	json_object_update_new(point, cell_json(&cell));
	json_object_set_new(point, "contended", json_boolean(p->contended));
	plain.generation = PF_GEN_plain;
	plain.lowering = PF_AUTO;
	added = report_added_cell(rep, p, p->point.generation == PF_GEN_plain ?
				  NULL : result_find(rep->r, &plain));
	json_object_set_new(point, "added", isnan(added.e.mid) ? json_null() :
			    cell_json(&added));
	json_object_set_new(point, "counters", point_counters_json(p));
	if (json_object_get(p->json, "threaded"))
		json_object_set(point, "threaded",
				json_object_get(p->json, "threaded"));
	return point;
}

static json_t *not_counted_json(const struct result *r)
{
	json_t *counters = json_object_get(r->pfbench, "counters");
	json_t *reasons = json_object(), *v;
	const char *event;

	json_object_foreach(counters, event, v)
		if (strcmp(json_string_value(v), "ok"))
			json_object_set(reasons, event, v);
	return reasons;
}

static json_t *context_json(const struct result *r)
{
	static const char *const keys[] = {
		"host_name", "date", "cpu_model", "kernel", "backend",
		"compiler", "cflags", "commit", "tick_source", "cycle_source",
	};
	json_t *context = json_object();

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		json_object_set_new(context, keys[i],
				    json_text(result_context(r, keys[i])));
	json_object_set_new(context, "ns_per_tick", json_real(r->ns_per_tick));
	json_object_set_new(context, "ns_per_cycle", !unit_has_cycles(r) ?
			    json_null() :
			    json_real(unit_scale(r, UNIT_NS) /
				      unit_scale(r, UNIT_CYCLES)));
	return context;
}

json_t *report_json_of(const struct report *rep, int only)
{
	const struct result *r = rep->r;
	json_t *points = json_array();
	json_t *list = json_object_get(r->pfbench, "disturbances");
	json_t *report;

	for (size_t i = 0; i < r->nr_points; i++)
		if (only < 0 || (int)r->point[i].point.accessor == only)
			json_array_append_new(points, report_point_json(rep,
							&r->point[i]));
	report = json_pack("{s:o, s:o, s:s, s:s, s:b, s:o, s:o, s:o}",
			 "file", json_text(r->path), "context", context_json(r),
			 "unit", report_median_unit(rep),
			 "added_unit", unit_name(rep->r, rep->unit),
			 "partial", r->partial,
			 "not_counted", not_counted_json(r),
			 "disturbances", list ? json_incref(list) :
			 json_array(), "points", points);
	if (report)
		report_trust_json(report, r);
	return report;
}
