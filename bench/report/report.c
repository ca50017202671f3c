// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/report.h"
#include "report/report_table.h"

/* Is @event the first counter that was not counted for @reason? */
static bool first_of_reason(json_t *counters, const char *event,
			    const char *reason)
{
	const char *other;
	json_t *v;

	json_object_foreach(counters, other, v)
		if (!strcmp(json_string_value(v), reason))
			return !strcmp(other, event);
	return false;
}

/* "Not counted: cycles, branches: n/a (no PMU)": each reason once */
static void print_not_counted(const struct report *rep)
{
	json_t *counters = json_object_get(rep->r->pfbench, "counters");
	const char *event, *other, *reason;
	char line[1024];
	json_t *v, *w;
	size_t len;

	json_object_foreach(counters, event, v) {
		reason = json_string_value(v);
		if (!strcmp(reason, "ok") ||
		    !first_of_reason(counters, event, reason))
			continue;
		len = snprintf(line, sizeof(line), "Not counted");
		json_object_foreach(counters, other, w)
			if (!strcmp(json_string_value(w), reason) &&
			    len < sizeof(line) / 2)
				len += snprintf(line + len, sizeof(line) - len,
						"%s %s", strchr(line, ':') ?
						"," : ":", other);
		snprintf(line + len, sizeof(line) - len, ": %s", reason);
		text_wrapped(rep->f, line, 2);
	}
}

static void print_report_remarks(const struct report *rep)
{
	const json_t *list = json_object_get(rep->r->pfbench, "disturbances");
	double steal = result_number(rep->r, "steal_ticks");
	char line[1024];
	json_t *v;
	size_t i;

	fprintf(rep->f, "\n");
	if (rep->contended)
		text_line(rep->f, "!    contended: no round was quiet, the core was shared");
	if (rep->open)
		text_line(rep->f, "( )  too few quiet rounds for a 95 %% interval: not to be compared");
	if (rep->missing)
		text_line(rep->f, "-    not measured, or nothing to take it from");
	print_not_counted(rep);
	if (steal > 0)
		text_line(rep->f, "Stolen from this CPU during the run: %.0f USER_HZ ticks",
			  steal);
	json_array_foreach(list, i, v) {
		snprintf(line, sizeof(line), "Disturbance: %s",
			 json_string_value(v));
		text_wrapped(rep->f, line, 2);
	}
}

static void print_irq_off(const struct report *rep)
{
	const json_t *kmod = json_object_get(rep->r->pfbench, "kmod");
	json_t *longest = json_object_get(kmod, "longest_irq_off_ns");

	if (longest)
		text_line(rep->f, "Interrupts off for at most %.1f us at a time (stretch_us: %.0f)",
			  json_number_value(longest) / 1e3,
			  json_number_value(json_object_get(kmod,
							    "stretch_us")));
}

static void print_report_header(const struct report *rep)
{
	const struct result *r = rep->r;

	report_trust_warning(rep->f, r);
	text_line(rep->f, "pageflags-bench: %s, %.16s",
		  result_context(r, "host_name"), result_context(r, "date"));
	format_context(rep->f, r);
	print_irq_off(rep);
	report_trust(rep->f, r);
	text_line(rep->f, "Median and 95 %% interval, per operation, net of the empty loop");
	if (r->partial)
		text_line(rep->f, "PARTIAL: the run was interrupted, or is under way");
}

/* The points of @accessor, in the order of the file. */
static void select_accessor(struct report *rep, enum pf_accessor accessor)
{
	rep->accessor = accessor;
	rep->nr = 0;
	for (size_t i = 0; i < rep->r->nr_points; i++)
		if (rep->r->point[i].point.accessor == accessor &&
		    !rep->r->point[i].point.threading)
			rep->point[rep->nr++] = &rep->r->point[i];
	memset(rep->shown, 0, rep->r->nr_points * sizeof(*rep->shown));
}

static void print_accessors(struct report *rep, int only)
{
	bool done[PF_NR_ACCESSORS] = { false };

	for (size_t i = 0; i < rep->r->nr_points; i++) {
		enum pf_accessor a = rep->r->point[i].point.accessor;

		if (done[a] || (only >= 0 && (int)a != only) ||
		    pf_accessors[a].policy == PF_POLICY_PRIMITIVE)
			continue;
		done[a] = true;
		select_accessor(rep, a);
		report_accessor(rep);
	}
}

static bool result_counts_cycles(const struct result *r)
{
	for (size_t i = 0; i < r->nr_points; i++)
		if (json_object_get(json_object_get(r->point[i].json,
						    "counters"), "cycles"))
			return true;
	return false;
}

static bool result_has_accessor(const struct result *r, int accessor)
{
	for (size_t i = 0; i < r->nr_points; i++)
		if ((int)r->point[i].point.accessor == accessor)
			return true;
	return false;
}

/* The unit of a report, and whether there is anything to report. */
static int report_open(struct report *rep, const struct result *r,
		       const struct report_options *options,
		       struct errmsg *msg)
{
	enum unit unit = unit_resolve(r, options->unit);
	int only = options->accessor;

	*rep = (struct report){
		.r = r, .unit = unit, .scale = unit_scale(r, unit),
		.counted = unit == UNIT_CYCLES && !unit_has_cycles(r) &&
			result_counts_cycles(r),
	};
	if (only >= 0 && !result_has_accessor(r, only))
		return errmsg_set(msg, -EINVAL, "%s: no points of %s", r->path,
				  pf_accessors[only].name);
	if (isnan(rep->scale) && !rep->counted)
		return errmsg_set(msg, -EINVAL,
				  "%s: does not record the length of a cycle: use --unit=ns or --unit=ticks",
				  r->path);
	return 0;
}

int report_cells(FILE *f, const struct report_sink *sink,
		 const struct result *r, const struct report_options *options,
		 struct errmsg *msg)
{
	struct report rep;
	int err = report_open(&rep, r, options, msg);

	if (err)
		return err;
	rep.f = f;
	rep.sink = sink;
	rep.point = calloc(r->nr_points + 1, sizeof(*rep.point));
	rep.shown = calloc(r->nr_points + 1, sizeof(*rep.shown));
	if (rep.point && rep.shown) {
		if (options->separate)
			fprintf(f, "\n");
		print_report_header(&rep);
		print_accessors(&rep, options->accessor);
		report_primitives(&rep, options->accessor);
		report_threads(&rep, options->accessor);
		if (!r->nr_points)
			fprintf(f, "\nno points in this file\n");
		print_report_remarks(&rep);
	} else {
		rep.err = -ENOMEM;
	}
	free(rep.point);
	free(rep.shown);
	return rep.err ? errmsg_set(msg, rep.err, "out of memory") : 0;
}

int report_print(FILE *f, const struct result *r,
		 const struct report_options *options, struct errmsg *msg)
{
	return report_cells(f, NULL, r, options, msg);
}

int report_json(json_t *reports, const struct result *r,
		const struct report_options *options, struct errmsg *msg)
{
	struct report rep;
	int err = report_open(&rep, r, options, msg);

	if (err)
		return err;
	err = json_array_append_new(reports,
				    report_json_of(&rep, options->accessor));
	return err ? errmsg_set(msg, -ENOMEM, "out of memory") : 0;
}
