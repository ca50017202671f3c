// SPDX-License-Identifier: GPL-2.0
/* How far the figures of a run can be trusted, by its own measure. */
#include <math.h>
#include <string.h>

#include "data/json.h"
#include "data/result_check.h"
#include "lib/text.h"
#include "report/report_table.h"

/* A member of resolution.MODE; NaN: the run has none. */
static double resolution(const struct result *r, const char *mode,
			 const char *member)
{
	const json_t *all = json_object_get(r->pfbench, "resolution");
	const json_t *v = json_object_get(json_object_get(all, mode), member);

	return v && r->in_cycles ? json_number_value(v) : NAN;
}

static double resolved(const struct result *r, const char *mode)
{
	return resolution(r, mode, "cycles") * unit_scale(r, UNIT_CYCLES);
}

void report_trust_warning(FILE *f, const struct result *r)
{
	char line[256];
	struct result_twins t;

	if (!result_twins(r, &t) || result_twins_hold(&t))
		return;
	snprintf(line, sizeof(line),
		 "DO NOT TRUST: only %zu of %zu points that were measured twice were equal; the intervals are too narrow: measure again on a quieter machine, or for longer (--max-time)",
		 t.equal, t.measured);
	text_wrapped(f, line, 2);
}

void report_trust(FILE *f, const struct result *r)
{
	const char *unit = unit_name(r, UNIT_CYCLES);
	double a = resolved(r, "throughput"), b = resolved(r, "latency");
	double a_s = resolution(r, "throughput", "seconds");
	double b_s = resolution(r, "latency", "seconds");
	struct result_twins t;

	if (result_twins(r, &t) && t.measured)
		text_line(f, "twins: %zu of %zu equal", t.equal, t.measured);
	if (!isnan(a) && !isnan(b) && a_s == b_s) {
		text_line(f, "resolves in %g s: %.2g %s (throughput), %.2g (latency)",
			  a_s, a, unit, b);
		return;
	}
	if (!isnan(a))
		text_line(f, "resolves in %g s: %.2g %s (throughput)", a_s, a,
			  unit);
	if (!isnan(b))
		text_line(f, "resolves in %g s: %.2g %s (latency)", b_s, b,
			  unit);
}

static json_t *mode_json(const struct result *r, const char *mode)
{
	double v = resolved(r, mode);

	return isnan(v) ? json_null() :
		json_pack("{s:f, s:f}", "seconds",
			  resolution(r, mode, "seconds"), "difference", v);
}

void report_trust_json(json_t *report, const struct result *r)
{
	bool any = r->in_cycles && json_object_get(r->pfbench, "resolution");
	struct result_twins t;

	json_object_set_new(report, "twins", !result_twins(r, &t) ? json_null() :
		json_pack("{s:I, s:I, s:b}", "measured", (json_int_t)t.measured,
			  "equal", (json_int_t)t.equal,
			  "too_few", !result_twins_hold(&t)));
	json_object_set_new(report, "resolution", !any ? json_null() :
		json_pack("{s:s, s:o, s:o}", "unit", unit_name(r, UNIT_CYCLES),
			  "throughput", mode_json(r, "throughput"),
			  "latency", mode_json(r, "latency")));
}
